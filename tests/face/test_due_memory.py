"""What is remembered of services that are due: bounded, and whatever the file is like."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import flush_store

from custom_components.carport.accounts.data import async_get_due_memory
from custom_components.carport.accounts.due_memory import DueMemory
from custom_components.carport.accounts.private_store import PrivateStore
from homeassistant.core import HomeAssistant

KEY = "carport.services_due"
NOTICE = {"days": 10.0, "distance": 800.0}


@pytest.mark.parametrize(
    "kept",
    [[1], {"days=10.0 distance=800.0": 5}, {"days=10.0 distance=800.0": {"a": 1}}],
)
async def test_damage_counts_as_nothing(
    hass: HomeAssistant, hass_storage: dict[str, Any], kept: object
) -> None:
    """At worst a service is told once more."""
    hass_storage[KEY] = {"version": 1, "key": KEY, "data": kept}
    memory = await async_get_due_memory(hass)
    assert memory.seen(NOTICE) == {}
    memory.note(NOTICE, "a", True)
    assert memory.seen(NOTICE) == {"a": True}


async def test_it_does_not_grow_for_ever(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """What was noted longest ago is forgotten first, of notices and of services."""
    store = PrivateStore(hass, "services_due", lambda: None)
    memory = DueMemory(hass, store, None)
    for number in range(150):
        memory.note({"days": number}, "a", True)
        memory.note(NOTICE, f"service {number}", True)
    assert memory.seen({"days": 149}) == {"a": True}
    assert memory.seen({"days": 0}) == {}
    assert len(memory.seen(NOTICE)) == 100
    assert "service 149" in memory.seen(NOTICE)
    await flush_store(store)
    assert len(hass_storage[KEY]["data"]) == 100
