"""Entities that owners named in the options, followed when they get another id."""

from typing import Any, cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN


@callback
def async_follow_renames(hass: HomeAssistant) -> None:
    """Keep the options of every account true to what its owner named there.

    Of accounts that are not loaded too: nobody else would tell them later.
    """

    @callback
    def is_rename(data: er.EventEntityRegistryUpdatedData) -> bool:
        return "old_entity_id" in data

    @callback
    def renamed(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = cast(dict[str, str], event.data)
        old, new = data["old_entity_id"], data["entity_id"]
        for entry in hass.config_entries.async_entries(DOMAIN):
            options = _replaced(dict(entry.options), old, new)
            if options == entry.options:
                continue
            hass.config_entries.async_update_entry(entry, options=options)
            if entry.state is ConfigEntryState.LOADED:
                # What listens to the entity knows it by its id.
                hass.config_entries.async_schedule_reload(entry.entry_id)

    hass.bus.async_listen(
        er.EVENT_ENTITY_REGISTRY_UPDATED, renamed, event_filter=is_rename
    )


def _replaced(chosen: Any, old: str, new: str) -> Any:
    """Return options with one entity id in the place of another, wherever it stands."""
    if isinstance(chosen, dict):
        return {key: _replaced(value, old, new) for key, value in chosen.items()}
    if isinstance(chosen, list):
        return [_replaced(one, old, new) for one in chosen]
    return new if chosen == old else chosen
