"""One automation, as its owner wrote it, for a car of any maker: only the device differs."""

from typing import Final

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.carport.makers.registry import SERVICES
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from ..world import World
from .owner import READERS, Owner, async_own

DEVICE: Final = "the_device_of_the_car"
WARM_WHILE_CHARGING: Final = """
alias: Warm the car at the mains
triggers:
  - trigger: battery.started_charging
    target:
      device_id: the_device_of_the_car
conditions:
  - condition: battery.is_level
    target:
      device_id: the_device_of_the_car
    options:
      threshold:
        type: above
        value:
          number: 20
actions:
  - action: carport.start_climate
    data:
      device_id: the_device_of_the_car
    response_variable: receipts
  - variables:
      receipt: "{{ receipts['the_device_of_the_car'] }}"
  - if: "{{ receipt.outcome == 'confirmed' }}"
    then:
      - action: notify.phone
        data:
          message: "Warming up: {{ receipt.command }}"
"""
TELL_WHAT_BECAME: Final = """
alias: Tell what became of a command
triggers:
  - trigger: event.received
    target:
      device_id: the_device_of_the_car
    options:
      event_type: [confirmed, failed, timed_out]
actions:
  - action: notify.phone
    data:
      message: "The car answered"
"""


@pytest.mark.parametrize("service", [key for key in SERVICES if key not in READERS])
async def test_one_automation_for_every_car(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Plugged in, it charges; that starts the climate, and the receipt is told."""
    owner = await async_own(hass, hass_world, service)
    await _unplug(owner)
    told = async_mock_service(hass, "notify", "phone")
    written = [
        parse_yaml(text.replace(DEVICE, owner.device_id))
        for text in (WARM_WHILE_CHARGING, TELL_WHAT_BECAME)
    ]
    assert await async_setup_component(hass, "automation", {"automation": written})
    await hass.async_block_till_done()
    assert {one.state for one in hass.states.async_all("automation")} == {"on"}
    assert not _is_warm(owner)
    assert told == []
    await _plug_in(owner)
    assert _is_warm(owner)
    assert sorted(call.data["message"] for call in told) == [
        "The car answered",
        "Warming up: start_climate",
    ]


def _is_warm(owner: Owner) -> bool:
    return owner.twin.state.climate_active


async def _unplug(owner: Owner) -> None:
    """Leave the car at home without its cable, which will be charged when it has one."""
    if owner.find("select", "charge_mode") is not None:
        mode = owner.state("select", "charge_mode").state
        if mode != "immediate":
            await owner.do("select", "select_option", "charge_mode", option="immediate")
    owner.twin.state.plugged_in = False
    await _tell(owner)
    assert owner.state("binary_sensor", "charging").state == "off"


async def _plug_in(owner: Owner) -> None:
    owner.twin.state.plugged_in = True
    await _tell(owner)
    assert owner.state("binary_sensor", "charging").state == "on"
    await owner.world.advance(150)


async def _tell(owner: Owner) -> None:
    """Let the car report, and somebody look."""
    owner.twin.wake(owner.world.clock.now(), latency=0)
    await owner.world.advance(60)
    await owner.do("button", "press", "refresh")
