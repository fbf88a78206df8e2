"""What a twin's timers do: condition the cabin in time, let it charge, and wear off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Final, NamedTuple

from ..car.schedule import Schedule, Slot, Weekday, Window
from .weather import DAY

_LEAD: Final = 15 * 60.0
"""How long before the departure the cabin is begun with."""
_MARGIN: Final = 15 * 60.0
_SLACK: Final = 1.1
"""Charging for a departure begins so much earlier than it has to."""
_WEEK: Final = 7 * DAY
_EPOCH: Final = date(1970, 1, 1)
_EVERY_DAY: Final = frozenset(Weekday)


class Ring(NamedTuple):
    """A moment of a timer: it has the cabin conditioned, or is over for good."""

    at: float
    number: int
    warms: bool


def next_rings(schedule: Schedule, now: float, offset: float) -> tuple[Ring, ...]:
    """Return what the timers do next, strictly after now; `offset` makes it local."""
    if not schedule.active or not schedule.slots:
        return ()
    rings = sorted(_rings(schedule, now, offset))
    return tuple(ring for ring in rings if ring.at == rings[0].at)


def worn_off(schedule: Schedule, number: int) -> Schedule:
    """Return the timers after one that fires once has fired."""
    return replace(
        schedule,
        slots=tuple(
            replace(slot, enabled=False) if slot.number == number else slot
            for slot in schedule.slots
        ),
    )


def lets_charge(schedule: Schedule, local: float, needed: float) -> bool:
    """Return whether a window is open, or a departure as near as charging takes long.

    `local` and `needed` are seconds.
    """
    windows = [
        (slot.charge_window, slot.days)
        for slot in schedule.slots
        if slot.enabled and slot.charge_window is not None
    ]
    if schedule.preferred_window is not None:
        windows.append((schedule.preferred_window, _EVERY_DAY))
    if any(_is_open(window, days, local) for window, days in windows):
        return True
    return any(
        wait <= needed * _SLACK + _MARGIN
        for slot in schedule.slots
        if charges_for_departure(slot) and (wait := _wait(slot, local, 0)) is not None
    )


def charges_for_departure(slot: Slot) -> bool:
    """Return whether a timer has the battery ready rather than a window open."""
    return (
        slot.enabled
        and slot.charge
        and slot.departure is not None
        and slot.charge_window is None
    )


def _rings(schedule: Schedule, now: float, offset: float) -> Iterator[Ring]:
    for slot in schedule.slots:
        if not slot.enabled:
            continue
        for ahead, wanted in ((_LEAD, slot.climate), (0.0, not slot.days)):
            wait = _wait(slot, now + offset, ahead) if wanted else None
            if wait is not None:
                # Whole seconds: a moment that is missed by a hair would come twice.
                at = float(round(now + wait))
                yield Ring(at=at, number=slot.number, warms=ahead > 0)


def _wait(slot: Slot, local: float, ahead: float) -> float | None:
    """Return the seconds until a slot's next departure less a span; never 0."""
    if slot.departure is None:
        return None
    departs = _seconds(slot.departure) - ahead
    if slot.days:
        passed = _since_monday(local)
        return min((day * DAY + departs - passed) % _WEEK or _WEEK for day in slot.days)
    if slot.once_on is None:
        return (departs - local) % DAY or DAY
    at = (slot.once_on - _EPOCH).days * DAY + departs
    return at - local if at > local else None


def _is_open(window: Window, days: frozenset[Weekday], local: float) -> bool:
    """Return whether a weekly window is open, Sunday night's included."""
    passed, start = _since_monday(local), _seconds(window.start)
    length = window.minutes * 60
    return any((passed - day * DAY - start) % _WEEK < length for day in days)


def _since_monday(local: float) -> float:
    # The epoch began on a Thursday.
    return (local + Weekday.THURSDAY * DAY) % _WEEK


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60
