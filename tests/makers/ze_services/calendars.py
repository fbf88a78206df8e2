"""A charging calendar."""

from datetime import time

from carport.car.schedule import Schedule, Slot, Weekday, Window


def week(*, fri: Window | None = None, active: bool = True) -> Schedule:
    """Return a calendar like the one of the maker's own page."""
    night = Window(start=time(1), end=time(6, 45))
    friday = fri or Window(start=time(23), end=time(6))
    others = frozenset(Weekday) - {Weekday.FRIDAY, Weekday.SATURDAY}
    saturday = Window(start=time(14), end=time(14, 15))
    return Schedule(
        active=active,
        slots=tuple(
            Slot(number=number, enabled=True, days=days, charge_window=window)
            for number, (days, window) in enumerate(
                (
                    (others, night),
                    (frozenset({Weekday.FRIDAY}), friday),
                    (frozenset({Weekday.SATURDAY}), saturday),
                ),
                1,
            )
        ),
    )
