"""Programmes and the owner's clock: there and back again, at any time of the year."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.makers.my_renault import schedule
from carport.makers.my_renault.programmes import Programmes

PARIS = ZoneInfo("Europe/Paris")
ZONES = st.sampled_from(
    [
        *map(ZoneInfo, ("Europe/Paris", "Europe/London", "Australia/Sydney")),
        ZoneInfo("America/Mexico_City"),
        None,
    ]
)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DAYS = st.frozensets(st.sampled_from(list(Weekday)), min_size=1)
QUARTERS = st.integers(0, 95).map(lambda quarter: time(*divmod(quarter * 15, 60)))


def window_slot(number: int, days: frozenset[Weekday], start: time, end: time) -> Slot:
    """Return a charging window."""
    return Slot(
        number=number,
        enabled=True,
        days=days,
        charge=True,
        charge_window=Window(start=start, end=end),
    )


def climate_slot(number: int, days: frozenset[Weekday], at: time) -> Slot:
    """Return a departure with a warm cabin."""
    return Slot(number=number, enabled=True, days=days, departure=at, climate=True)


def changes_soon(zone: ZoneInfo | None, now: datetime) -> bool:
    """Return whether the clocks are changed within the coming ten days."""
    if zone is None:
        return False
    offsets = {
        (now + timedelta(days=day)).astimezone(zone).utcoffset()
        for day in range(-1, 10)
    }
    return len(offsets) > 1


@given(days=DAYS, start=QUARTERS, end=QUARTERS, at=QUARTERS, zone=ZONES, now=MOMENTS)
def test_there_and_back(
    days: frozenset[Weekday],
    start: time,
    end: time,
    at: time,
    zone: ZoneInfo | None,
    now: datetime,
) -> None:
    """What was written is read as it was, in every zone and on every day."""
    wanted = Schedule(
        slots=(window_slot(1, days, start, end), climate_slot(6, days, at))
    )
    told = Programmes()
    told.take_charging(
        {"schedules": schedule.charging_programmes(wanted.slots, zone, now, one=False)}
    )
    told.take_climate(
        {"schedules": schedule.climate_programmes(wanted.slots, zone, now)}
    )
    timers = told.timers(zone, now)
    assert timers is not None
    if not changes_soon(zone, now):
        assert timers.agrees(wanted)
        assert [slot.number for slot in timers.slots] == [1, 6]


@pytest.mark.parametrize(
    ("now", "local", "utc"),
    [
        # Winter, summer, and the Friday before the clocks are changed.
        ("2026-01-14", "monday 00:30", "sunday T23:30Z"),
        ("2026-07-14", "monday 01:30", "sunday T23:30Z"),
        ("2026-07-14", "monday 02:00", "monday T00:00Z"),
        ("2026-10-23", "saturday 01:30", "friday T23:30Z"),
        ("2026-10-23", "monday 00:30", "sunday T23:30Z"),
    ],
)
def test_hours_of_paris(now: str, local: str, utc: str) -> None:
    """The hour by the rules of the day on which it is next; the weekday moves along."""
    day, clock = local.split()
    slot = window_slot(
        1, frozenset({Weekday[day.upper()]}), time.fromisoformat(clock), time(6)
    )
    at = datetime.fromisoformat(now).replace(tzinfo=UTC, hour=8)
    programme, *_ = schedule.charging_programmes((slot,), PARIS, at, one=False)
    other_day, start = utc.split()
    assert programme[other_day]["startTime"] == start
    assert sum(name in programme for name in schedule.DAYS) == 1


def test_days_that_differ_are_slots_of_their_own() -> None:
    """And become one programme again on a car that has only one."""
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    slots = (
        window_slot(1, frozenset({Weekday.MONDAY}), time(1), time(5)),
        window_slot(2, frozenset({Weekday.TUESDAY}), time(2), time(6)),
    )
    one, *others = schedule.charging_programmes(slots, PARIS, now, one=True)
    assert one["activated"] is True
    assert not any(other["activated"] for other in others)
    read = list(schedule.charging_slots([one], PARIS, now))
    assert len(read) == 2
    assert Schedule(slots=tuple(read)).agrees(Schedule(slots=slots))
    assert len({slot.number for slot in read}) == 2


def test_all_five_are_sent() -> None:
    """What was there before and is not wanted any more is empty, not left as it was."""
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    slot = window_slot(3, frozenset(Weekday), time(22), time(6))
    sent = schedule.charging_programmes((slot,), None, now, one=False)
    assert [one["id"] for one in sent] == [1, 2, 3, 4, 5]
    assert [one["activated"] for one in sent] == [False, False, True, False, False]
    assert sent[2]["sunday"] == {"startTime": "T22:00Z", "duration": 480}


def test_too_many_of_a_kind() -> None:
    """Five windows and five departures; a sixth of a kind finds no room."""
    days = frozenset({Weekday.MONDAY})
    windows = tuple(window_slot(n, days, time(n), time(n + 1)) for n in range(1, 7))
    assert schedule.problems(Schedule(slots=windows[:5]), one=False) == ()
    problem, *_ = schedule.problems(Schedule(slots=windows), one=False)
    assert problem.rule == "too_many_slots"


SETTINGS: dict[str, Any] = {
    "lastSettingsUpdateTimestamp": "2026-11-01T17:03:18.644879Z",
    "chargeModeRq": "SCHEDULED",
    "chargeTimeStart": "22:30",
    "chargeDuration": 480,
    "preconditioningTemperature": 20.0,
    "programs": [
        {
            "programActivationStatus": True,
            "programType": "CHARGE_AND_PRECONDITIONING",
            "programDepartureTime": "07:30",
            "programActivationMonday": True,
            "programActivationSunday": False,
            "seatHeating": "as the car has it",
        }
    ],
}


def test_a_newer_car() -> None:
    """Departures by its own clock; what Carport does not know is sent back as it came."""
    told = Programmes()
    told.take_settings(SETTINGS)
    timers = told.timers(PARIS, datetime(2026, 7, 1, tzinfo=UTC))
    assert timers is not None
    (slot,) = timers.slots
    assert (slot.departure, slot.charge, slot.climate) == (time(7, 30), True, True)
    assert slot.days == {Weekday.MONDAY}
    assert timers.preferred_window == Window(start=time(22, 30), end=time(6, 30))
    changed = schedule.changed_settings(SETTINGS, Schedule(slots=timers.slots))
    assert changed["chargeModeRq"] == "ALWAYS"
    assert changed["preconditioningTemperature"] == 20.0
    assert changed["programs"][0]["seatHeating"] == "as the car has it"
    off = schedule.without_programmes(SETTINGS)
    assert off["programs"][0]["programActivationStatus"] is False
    assert SETTINGS["programs"][0]["programActivationStatus"] is True
