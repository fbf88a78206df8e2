"""Limits are checked before anything is sent, and wrong values are named."""

from datetime import time

import pytest

from carport.car import commands as c
from carport.car.commands import SendDestination
from carport.car.limits import Limits
from carport.car.refusals import Refusal, out_of_limits
from carport.car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from carport.car.signals import ChargeMode

CURRENTS = Limits(numbers=(5, 10, 13), words=("max",))
PERCENT = Limits(low=50, high=100, step=10)
MODES = Limits(words=("immediate", "timer"))
TIMERS = Limits(schedule=ScheduleLimits(slots=1))
HORN = Limits(words=("flash", "honk_and_flash"), low=1, high=30)


@pytest.mark.parametrize(
    ("command", "limits"),
    [
        (c.SetChargeCurrent(current=13), CURRENTS),
        (c.SetChargeCurrent(current="max"), CURRENTS),
        (c.SetChargeLimit(percent=80), PERCENT),
        (c.StartClimate(), Limits(low=16, high=30, step=0.5)),
        (c.StartClimate(temperature=21.5), Limits(low=16, high=30, step=0.5)),
        (c.HonkAndFlash(mode=c.HornMode.FLASH), HORN),
        (c.HonkAndFlash(mode=c.HornMode.FLASH, duration=10), HORN),
        (c.SetChargeMode(mode=ChargeMode.TIMER), MODES),
        (c.SetSchedule(schedule=Schedule()), TIMERS),
        (c.Lock(), Limits()),
    ],
)
def test_what_the_car_takes_is_let_through(command: c.Command, limits: Limits) -> None:
    """No violation, nothing to say."""
    assert command.violation(limits) is None


@pytest.mark.parametrize(
    ("command", "limits", "violation"),
    [
        (
            c.SetChargeCurrent(current=7),
            CURRENTS,
            out_of_limits(field="current", allowed="5, 10, 13, max"),
        ),
        (
            c.SetChargeCurrent(current="min"),
            CURRENTS,
            out_of_limits(field="current", allowed="5, 10, 13, max"),
        ),
        (
            c.SetChargeCurrent(current=16),
            Limits(words=("max", "reduced")),
            out_of_limits(field="current", allowed="max, reduced"),
        ),
        (
            c.SetChargeMode(mode=ChargeMode.SOLAR),
            MODES,
            out_of_limits(field="mode", allowed="immediate, timer"),
        ),
        (
            c.SetChargeLimit(percent=85),
            PERCENT,
            out_of_limits(field="percent", allowed="50, 60 … 100"),
        ),
        (
            c.SetChargeLimit(percent=40),
            PERCENT,
            out_of_limits(field="percent", allowed="50, 60 … 100"),
        ),
        (
            c.SetTemperature(temperature=35),
            Limits(low=16, high=30),
            out_of_limits(field="temperature", allowed="16–30"),
        ),
        (
            c.HonkAndFlash(mode=c.HornMode.HONK),
            HORN,
            out_of_limits(field="mode", allowed="flash, honk_and_flash"),
        ),
        (
            c.HonkAndFlash(mode=c.HornMode.FLASH, duration=60),
            HORN,
            out_of_limits(field="duration", allowed="1–30, flash, honk_and_flash"),
        ),
        (
            c.HonkAndFlash(mode=c.HornMode.FLASH, count=3),
            Limits(words=("flash",)),
            out_of_limits(field="count", allowed="–"),
        ),
    ],
)
def test_what_it_does_not_take_is_named(
    command: c.Command, limits: Limits, violation: Refusal
) -> None:
    """The violation names the field and what would be allowed."""
    assert command.violation(limits) == violation


def test_where_somebody_drives_is_not_in_the_receipt() -> None:
    """A destination never reaches receipts, and so neither logs nor diagnostics."""
    command = SendDestination(name="Doctor", latitude=38.9, longitude=-77.3)
    assert command.parameters == {}


def test_equal_wishes_are_equal() -> None:
    """A second press is the same command, another parameter is not."""
    assert c.SetChargeLimit(percent=80) == c.SetChargeLimit(percent=80)
    assert c.SetChargeLimit(percent=80) != c.SetChargeLimit(percent=90)


def _slot(number: int, **values: object) -> Slot:
    return Slot(number=number, enabled=True, **values)  # type: ignore[arg-type]  # test data


QUARTERS = ScheduleLimits(
    slots=7, step_minutes=15, one_slot_a_day=True, every_day_needed=True
)


def test_a_schedule_within_the_limits_has_no_problems() -> None:
    """One slot for every day on the quarter hour is fine."""
    slots = tuple(
        _slot(day + 1, departure=time(7, 45), days=frozenset({day})) for day in Weekday
    )
    assert Schedule(slots=slots).problems(QUARTERS) == ()


def test_every_problem_of_a_schedule_is_named_at_once() -> None:
    """The owner reads all that is wrong, not the first thing only."""
    monday = frozenset({Weekday.MONDAY})
    schedule = Schedule(
        slots=(
            _slot(1, departure=time(7, 50), days=monday),
            _slot(1, departure=time(8, 0), days=monday),
            _slot(2, days=monday),
            _slot(
                3,
                days=monday,
                charge_window=Window(start=time(23, 0), end=time(5, 0)),
            ),
        )
    )
    rules = [problem.rule for problem in schedule.problems(QUARTERS)]
    assert rules == [
        "number_twice",
        "off_step",
        "time_missing",
        "no_windows",
        "one_slot_a_day",
        "every_day_needed",
    ]


def test_timers_are_checked_before_they_are_sent() -> None:
    """Each rule that they break is in the refusal."""
    slots = (_slot(1, departure=time(7)), _slot(1, departure=time(8)))
    refusal = c.SetSchedule(schedule=Schedule(slots=slots)).violation(TIMERS)
    assert refusal is not None
    assert [one.rule for one in refusal.problems] == ["too_many_slots", "number_twice"]


def test_a_window_over_midnight_ends_tomorrow() -> None:
    """23:00 to 05:00 is six hours."""
    assert Window(start=time(23, 0), end=time(5, 0)).minutes == 360
    assert Window(start=time(9, 0), end=time(9, 0)).minutes == 24 * 60
