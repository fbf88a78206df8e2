"""A charging calendar with a timer for each weekday, from before there is one."""

from datetime import time
from typing import Final

import pytest

from carport.car.signals import ChargeMode
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ..world import World
from .owner import Owner, async_own

_WEEK: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


def _times(owner: Owner) -> list[str]:
    return [owner.state("time", f"timer_{number}_time").state for number in range(1, 8)]


def _mode(owner: Owner) -> ChargeMode:
    return owner.twin.state.charge_mode


async def test_a_calendar_is_begun_by_a_time(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Seven timers from the first day on; the first time is for the whole week."""
    owner = await async_own(hass, hass_world, "ze_services")
    assert _times(owner) == ["unknown"] * 7
    assert "start_time" not in owner.state("calendar", "schedule").attributes
    await owner.do("time", "set_value", "timer_3_time", time="01:30")
    assert _times(owner) == ["01:30:00"] * 7
    # It rests until the owner charges by it.
    assert _mode(owner) is ChargeMode.IMMEDIATE
    await owner.do("time", "set_value", "timer_3_time", time="04:00")
    assert _times(owner) == ["01:30:00"] * 2 + ["04:00:00"] + ["01:30:00"] * 4
    for number, day in enumerate(_WEEK, 1):
        state = owner.state("time", f"timer_{number}_time")
        assert state.attributes["days"] == [day]
    await owner.do("select", "select_option", "charge_mode", option="scheduled")
    assert _mode(owner) is ChargeMode.SCHEDULED
    begins = [
        slot.charge_window and slot.charge_window.start
        for slot in owner.twin.state.schedule.slots
    ]
    assert begins == [time(1, 30)] * 2 + [time(4)] + [time(1, 30)] * 4
    assert owner.state("calendar", "schedule").attributes["start_time"]


async def test_there_is_nothing_to_charge_by_at_first(
    hass: HomeAssistant, hass_world: World
) -> None:
    """It is said before anything is sent."""
    owner = await async_own(hass, hass_world, "ze_services")
    owner.control.forget_calls()
    with pytest.raises(ServiceValidationError) as refusal:
        await owner.do("select", "select_option", "charge_mode", option="scheduled")
    assert "every day of the week needs a timer" in str(refusal.value)
    assert not owner.control.calls()
