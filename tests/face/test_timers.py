"""Timers of every service in Home Assistant: action, switch, time and calendar."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any, Final

import pytest

from carport.car.commands import SetSchedule
from carport.car.schedule import Schedule, Slot
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.makers.registry import SERVICES
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ..world import World
from .owner import Owner, async_own

_WORKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday"]
_DEPARTURE: Final[Mapping[str, Any]] = {
    "number": 1,
    "departure": "07:00",
    "days": _WORKDAYS,
    "charge": True,
    "climate": True,
}
TIMERS: Final[Mapping[str, tuple[Mapping[str, Any], ...]]] = {
    "demo": (_DEPARTURE,),
    "i_remote": (_DEPARTURE,),
    "we_connect": (_DEPARTURE,),
    # Charging and climate are programmes of their own.
    "my_renault": (
        {
            "number": 1,
            "window_start": "22:00",
            "window_end": "06:00",
            "days": _WORKDAYS,
            "charge": True,
        },
        {"number": 6, "departure": "07:30", "days": _WORKDAYS, "climate": True},
    ),
    # It wants a window for every day, each with its own.
    "ze_services": (
        {
            "number": 1,
            "window_start": "22:00",
            "window_end": "05:30",
            "days": _WORKDAYS,
        },
        {
            "number": 2,
            "window_start": "23:00",
            "window_end": "02:00",
            "days": ["saturday", "sunday"],
        },
    ),
}
_BROKEN: Final[Mapping[str, Any]] = {"number": 99, "days": ["monday"]}


async def _own(hass: HomeAssistant, world: World, service: str) -> Owner:
    owner = await async_own(hass, world, service)
    assert CommandKind.SET_SCHEDULE in owner.car.commands
    return owner


@pytest.mark.parametrize("service", TIMERS)
async def test_timers_of_each_service(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The same action and entities for all, and changes that the car confirms."""
    owner = await _own(hass, hass_world, service)
    receipt = await owner.ask("set_schedule", slots=list(TIMERS[service]))
    assert receipt["outcome"] == "confirmed"
    before = owner.state("time", "timer_1_time")
    # Some cars have a timer for each day.
    assert before.attributes["days"] in (_WORKDAYS, ["monday"])
    assert before.attributes["charge"] is True
    await owner.do("time", "set_value", "timer_1_time", time="21:15:00")
    after = owner.state("time", "timer_1_time")
    assert after.state == "21:15:00"
    assert after.attributes["days"] == before.attributes["days"]
    assert owner.car.receipts[-1].outcome == "confirmed"


@pytest.mark.parametrize("service", TIMERS)
async def test_a_calendar_of_each_service(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Timers are laid out on their days; one that rests is not."""
    owner = await _own(hass, hass_world, service)
    await owner.ask("set_schedule", slots=list(TIMERS[service]))
    begin = time.fromisoformat(owner.state("time", "timer_1_time").state)
    assert await _days(owner, begin) == {0, 1, 2, 3, 4}
    # Where single timers cannot rest there is no switch that would promise it.
    rests = owner.find("switch", "timer_1") is not None
    assert rests is (service != "ze_services")
    if rests:
        await owner.do("switch", "turn_off", "timer_1")
        assert await _days(owner, begin) == set()


@pytest.mark.parametrize("service", ["i_remote", "we_connect"])
async def test_what_an_app_changed_stays(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """One timer is changed here; the others are sent as they are by now."""
    owner = await _own(hass, hass_world, service)
    await owner.ask("set_schedule", slots=list(TIMERS[service]))
    known = owner.twin.state.schedule
    later = replace(slot_of(known, 1), number=2, departure=time(17, 45))
    others = [slot for slot in known.slots if slot.number != later.number]
    slots = sorted((*others, later), key=lambda slot: slot.number)
    by_app = SetSchedule(schedule=replace(known, slots=tuple(slots)))
    owner.twin.accept(by_app, hass_world.clock.now(), latency=1)
    # A report takes its time to get from the car to its cloud.
    await hass_world.advance(30)
    shown = owner.state("time", "timer_2_time").state
    assert shown != "17:45:00"
    await owner.do("switch", "turn_off", "timer_1")
    schedule = owner.twin.state.schedule
    assert not slot_of(schedule, 1).enabled
    assert slot_of(schedule, 2).departure == time(17, 45)
    assert owner.state("time", "timer_2_time").state == "17:45:00"


@pytest.mark.parametrize("service", TIMERS)
async def test_a_schedule_that_does_not_fit_is_not_sent(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """What is wrong is named with its timer, and neither cloud nor car hears of it."""
    owner = await _own(hass, hass_world, service)
    before = owner.twin.state.schedule
    owner.control.forget_calls()
    with pytest.raises(ServiceValidationError) as refusal:
        await owner.ask("set_schedule", slots=[_BROKEN])
    assert refusal.value.translation_key == "schedule_wrong"
    assert "timer 99" in str(refusal.value)
    assert owner.control.calls() == []
    assert owner.twin.state.schedule == before


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_with_timers_is_here(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """A new service with timers cannot be forgotten in these tests."""
    owner = await async_own(hass, hass_world, service)
    offered = owner.entry.runtime_data.garage.cars.values()
    has_timers = any(CommandKind.SET_SCHEDULE in car.commands for car in offered)
    assert has_timers is (service in TIMERS)


def slot_of(schedule: Schedule, number: int) -> Slot:
    """Return a timer as the car itself has it."""
    return next(slot for slot in schedule.slots if slot.number == number)


async def _days(owner: Owner, begin: time) -> set[int]:
    """Return the days of the coming week on which something begins at that hour."""
    entity_id = owner.entity_id("calendar", "schedule")
    now = owner.world.clock.now()
    answer = await owner.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": entity_id,
            "start_date_time": now.isoformat(),
            "duration": {"days": 7},
        },
        blocking=True,
        return_response=True,
    )
    found: Any = (answer or {})[entity_id]
    starts = [datetime.fromisoformat(event["start"]) for event in found["events"]]
    return {start.weekday() for start in starts if start.time() == begin}
