"""Each platform as a picture of all its entities, and which car has which of them."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion

from carport.twin.fleet import GARAGE
from carport.twin.spec import TwinSpec
from custom_components.carport.const import (
    CONF_FUEL_HEATERS,
    CONF_HIDDEN_CARS,
    DOMAIN,
    PLATFORMS,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity

from .demo_garage import ELECTRIC, DemoHome


@pytest.fixture
def everything_enabled() -> Iterator[None]:
    """Enable what is disabled by default too."""
    with (
        patch.object(Entity, "entity_registry_enabled_default", True),
        # The token of a picture's address is another one each time.
        patch("random.SystemRandom.getrandbits", return_value=0xCA4),
    ):
        yield


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_every_entity(
    hass: HomeAssistant,
    home: DemoHome,
    snapshot: SnapshotAssertion,
    entity_registry: er.EntityRegistry,
    platform: Platform,
) -> None:
    """Nothing about an entity of the best equipped car changes by accident."""
    others = [spec.vin for spec in GARAGE if spec.vin != ELECTRIC]
    with patch("custom_components.carport.PLATFORMS", [platform]):
        await home.start(**{CONF_HIDDEN_CARS: others})
    await snapshot_platform(hass, entity_registry, snapshot, home.entry.entry_id)


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize("spec", GARAGE, ids=lambda spec: spec.model)
async def test_what_a_car_has(
    hass: HomeAssistant, home: DemoHome, snapshot: SnapshotAssertion, spec: TwinSpec
) -> None:
    """A car has what it can do and ever said, and nothing else."""
    await home.start(**{CONF_FUEL_HEATERS: [spec.vin for spec in GARAGE]})
    registry = er.async_get(hass)
    prefix = f"{spec.vin}_".lower()
    states = {
        f"{entity.domain}.{entity.unique_id.removeprefix(prefix)}": state.state
        for entity in registry.entities.values()
        if entity.unique_id.startswith(prefix)
        and (state := hass.states.get(entity.entity_id))
    }
    assert dict(sorted(states.items())) == snapshot


async def test_devices(
    home: DemoHome, snapshot: SnapshotAssertion, device_registry: dr.DeviceRegistry
) -> None:
    """A device for every car, with what makes it known, and one for the account."""
    await home.start(**{CONF_FUEL_HEATERS: [spec.vin for spec in GARAGE]})
    devices = dr.async_entries_for_config_entry(device_registry, home.entry.entry_id)
    assert len(devices) == len(GARAGE) + 1
    for spec in GARAGE:
        device = device_registry.async_get_device_by_identifier(
            (DOMAIN, spec.vin), home.entry.entry_id
        )
        assert device == snapshot(name=spec.vin)
