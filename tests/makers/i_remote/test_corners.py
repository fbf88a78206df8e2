"""Readings of i Remote that public reports showed to be wrong."""

from dataclasses import replace
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.schedule import Schedule, ScheduleProblem, Weekday
from carport.makers.i_remote import schedule as profile

from .samples import STATUS, read_part, status


def planner(**changes: Any) -> dict[str, Any]:
    """Return a weekly planner."""
    return {
        "climatizationEnabled": True,
        "chargingMode": "DELAYED_CHARGING",
        "chargingPreferences": "NO_PRESELECTION",
        "timer1": {
            "departureTime": "06:45",
            "timerEnabled": True,
            "weekdays": ["MONDAY"],
        },
        "timer2": {"weekdays": []},
        "timer3": {"weekdays": []},
        "overrideTimer": {"weekdays": []},
        "preferredChargingWindow": {
            "enabled": False,
            "startTime": "00:00",
            "endTime": "00:00",
        },
        **changes,
    }


@pytest.mark.parametrize("plug", [None, "UNKNOWN", "CHARGING_INTERRUPED"])
def test_8_1_not_charging_says_nothing_of_the_plug(plug: str | None) -> None:
    """A car that does not charge may have no plug."""
    builder = status(connectionStatus=plug, chargingStatus="NOT_CHARGING")
    assert builder.value(s.PLUGGED_IN) is None
    assert builder.value(s.CHARGING_STATE) is None
    assert builder.value(s.CHARGING) is False
    builder = status(connectionStatus="CONNECTED", chargingStatus="NOT_CHARGING")
    assert builder.value(s.CHARGING_STATE) == "connected"


@pytest.mark.parametrize(("percent", "level"), [(None, 50), ("", 50), (48, 48)])
def test_8_1_the_level_by_the_litres(percent: Any, level: float) -> None:
    """Where the cloud has no per cent, or an empty one."""
    builder = status(fuelPercent=percent, remainingFuel=30, maxFuel=60)
    assert builder.value(s.FUEL_LEVEL) == level


def test_8_1_the_level_by_the_litres_beside_null() -> None:
    """The key is there, and holds nothing."""
    body = {"fuelPercent": None, "remainingFuel": 30, "maxFuel": 60}
    builder = read_part("status", {"vehicleStatus": {**STATUS, **body}})
    assert builder.value(s.FUEL_LEVEL) == 50


OVERRIDE = {"departureTime": "08:00", "timerEnabled": True, "weekdays": ["MONDAY"]}


def test_8_1_the_override_timer_fires_once() -> None:
    """Whatever day is named beside it."""
    body = {"weeklyPlanner": planner(overrideTimer=OVERRIDE)}
    known = profile.schedule_of(body["weeklyPlanner"], profile.WEEKLY)
    assert known is not None
    (slot,) = [one for one in known.slots if one.number == 4]
    assert (slot.days, slot.once_on, slot.enabled) == (frozenset(), None, True)
    limits = profile.LIMITS[profile.WEEKLY]
    assert known.problems(limits) == ()
    weekly = replace(slot, days=frozenset({Weekday.MONDAY}))
    moved = Schedule(slots=(weekly,))
    assert ScheduleProblem(rule="once_only", slot=4) in moved.problems(limits)


@pytest.mark.parametrize("hour", ["7:30", "07:30 PM", "half past seven"])
def test_8_1_a_timer_that_was_not_read_stays(hour: str) -> None:
    """Another one is changed, and this one goes back as it came."""
    odd = {"departureTime": hour, "timerEnabled": True, "weekdays": ["FRIDAY"]}
    body = {"weeklyPlanner": planner(timer2=odd, overrideTimer=OVERRIDE)}
    known = profile.schedule_of(body["weeklyPlanner"], profile.WEEKLY)
    assert known is not None
    assert {slot.number for slot in known.slots} == {1, 4}
    sent = profile.document_of(known, profile.WEEKLY, body)["weeklyPlanner"]
    assert sent["timer2"] == odd
    assert sent["overrideTimer"] == OVERRIDE
    # One that was read, and is gone, is cleared.
    sent = profile.document_of(Schedule(), profile.WEEKLY, body)["weeklyPlanner"]
    assert sent["timer1"] == {"weekdays": []}
    assert sent["timer2"] == odd
