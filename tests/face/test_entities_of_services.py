"""The entities that one car of every service has, as a picture to compare with.

Write it anew with --snapshot-update after a change that is meant, and look at the difference.
"""

from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.carport.makers.registry import SERVICES
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..world import World
from .owner import Owner, async_own

_CHANGING: Final = frozenset({"access_token", "entity_picture"})
"""Attributes with something random in them."""
_TOLD_OTHERWISE: Final = frozenset(
    {
        ATTR_DEVICE_CLASS,
        ATTR_UNIT_OF_MEASUREMENT,
        "attribution",
        "friendly_name",
        "state_class",
        "supported_features",
    }
)


@pytest.mark.parametrize("service", SERVICES)
async def test_the_entities_of_a_car(
    hass: HomeAssistant,
    hass_world: World,
    snapshot: SnapshotAssertion,
    service: str,
) -> None:
    """What there is, what it is, what it shows, and which attributes it has."""
    owner = await async_own(hass, hass_world, service)
    await hass_world.advance(60)
    await hass.async_block_till_done()
    shown = {key: _line(hass, found) for key, found in _of_the_car(hass, owner)}
    assert shown
    assert dict(sorted(shown.items())) == snapshot


def _of_the_car(
    hass: HomeAssistant, owner: Owner
) -> list[tuple[str, er.RegistryEntry]]:
    prefix = f"{owner.vin}_".lower()
    entries = er.async_entries_for_config_entry(
        er.async_get(hass), owner.entry.entry_id
    )
    return [
        (f"{entry.domain}.{entry.unique_id.removeprefix(prefix)}", entry)
        for entry in entries
        if entry.unique_id.startswith(prefix)
    ]


def _line(hass: HomeAssistant, entry: er.RegistryEntry) -> str:
    """Return an entity in one line: state and unit, what it is, and its attributes."""
    classes = [
        entry.entity_category,
        entry.original_device_class,
        (entry.capabilities or {}).get("state_class"),
    ]
    about = ", ".join(str(one) for one in classes if one)
    if entry.disabled:
        return f"disabled [{about}]"
    state = hass.states.get(entry.entity_id)
    if state is None:
        return f"without a state [{about}]"
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "")
    told = sorted(state.attributes.keys() - _CHANGING - _TOLD_OTHERWISE)
    value = f"{state.state} {unit}".strip()
    return f"{value} [{about}] {' '.join(told)}".strip()
