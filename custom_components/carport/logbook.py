"""Activity: what became of a command, and of which one."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .const import DOMAIN, EVENT_COMMAND_ENDED


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[Event[dict[str, Any]]], dict[str, str]]], None
    ],
) -> None:
    """Describe the end of a command: the event entity's own row names none."""

    @callback
    def describe(event: Event[dict[str, Any]]) -> dict[str, str]:
        data = event.data
        entity_id = str(data.get(ATTR_ENTITY_ID))
        state = hass.states.get(entity_id)
        command, outcome, reason = (
            _word(hass, name, data.get(name))
            for name in ("command", "outcome", "reason")
        )
        message = f"{command}: {outcome}"
        return {
            LOGBOOK_ENTRY_NAME: entity_id if state is None else state.name,
            LOGBOOK_ENTRY_MESSAGE: f"{message} ({reason})" if reason else message,
            LOGBOOK_ENTRY_ENTITY_ID: entity_id,
        }

    async_describe_event(DOMAIN, EVENT_COMMAND_ENDED, describe)


def _word(hass: HomeAssistant, attribute: str, value: object) -> str:
    """Translate an attribute of the last command, as its page shows it."""
    if not isinstance(value, str):
        return ""
    words = async_get_cached_translations(hass, hass.config.language, "entity", DOMAIN)
    path = f"component.{DOMAIN}.entity.event.last_command.state_attributes"
    return words.get(f"{path}.{attribute}.state.{value}", value)
