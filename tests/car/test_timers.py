"""A timer that is begun where there was none."""

import pytest

from carport.car.schedule import Schedule, ScheduleLimits, Slot, Weekday
from carport.car.timers import new_slot

WEEK = frozenset(Weekday)
MONDAY = frozenset({Weekday.MONDAY})
OTHER = Slot(number=1, enabled=True, days=MONDAY, charge=True, climate=True)


@pytest.mark.parametrize(
    ("limits", "days"),
    [
        (ScheduleLimits(slots=3), frozenset()),
        (ScheduleLimits(slots=3, single=frozenset({2})), frozenset()),
        (ScheduleLimits(slots=3, single=frozenset({3})), WEEK),
        (ScheduleLimits(slots=3, whole_week=True), WEEK),
        (ScheduleLimits(slots=3, every_day_needed=True), WEEK - MONDAY),
    ],
)
def test_a_new_timer_comes_round_on_the_days_that_it_has_to(
    limits: ScheduleLimits, days: frozenset[Weekday]
) -> None:
    """On none where it may be for once; on those that are free where all are needed."""
    assert new_slot(Schedule(slots=(OTHER,)), limits, 2).days == days


@pytest.mark.parametrize("alike", [True, False])
def test_a_new_timer_does_as_the_others_where_it_has_to(alike: bool) -> None:
    """Else it warms nothing that nobody asked for."""
    slot = new_slot(Schedule(slots=(OTHER,)), ScheduleLimits(slots=3, alike=alike), 2)
    assert slot.climate is alike


@pytest.mark.parametrize("switch", [True, False])
def test_a_new_timer_rests_where_it_can(switch: bool) -> None:
    """One without a switch of its own cannot."""
    slot = new_slot(Schedule(), ScheduleLimits(slots=3, slot_switch=switch), 1)
    assert slot.enabled is not switch
