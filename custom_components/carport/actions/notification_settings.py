"""The action that sets by which way a maker tells the owner of what."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

import probatio

from homeassistant.const import ATTR_CODE
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv

from ..car.commands import CommandKind, SetNotifications
from ..car.schedule import Window
from ..const import DOMAIN
from .commands import MODE, async_send, mode_of
from .exceptions import wrong_value
from .queries import async_history
from .targets import CODE, TARGET, Target, controls, for_each_car

NAME: Final = "set_notification_settings"
SETTINGS: Final = "notification_settings"
MEANS: Final = ("email", "text", "none")

SCHEMA: Final = probatio.Schema(
    {
        **TARGET,
        **CODE,
        probatio.Optional("events", default=dict): object,
        probatio.Optional("quiet"): cv.boolean,
        probatio.Optional("quiet_start"): object,
        probatio.Optional("quiet_end"): object,
        probatio.Optional(MODE): object,
    }
)


@callback
def async_setup_notification_settings(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        NAME,
        for_each_car(hass, _set, controls),
        SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _set(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Send what is to change; quiet hours that are not mentioned stay."""
    hass, data = target.coordinator.hass, call.data
    events = _events(hass, data["events"])
    quiet = _quiet(hass, data)
    if (
        quiet is None
        and data.get("quiet") is not False
        and CommandKind.SET_NOTIFICATIONS in target.car.commands
    ):
        kept = await async_history(hass, target.car, SETTINGS) or {}
        quiet = _window(kept.get("quiet"))
    command = SetNotifications(events=events, quiet=quiet)
    busy = mode_of(hass, data)
    receipt = await async_send(
        target.coordinator, target.vin, command, data.get(ATTR_CODE), busy
    )
    return receipt.as_dict()


def _events(hass: HomeAssistant, said: Any) -> dict[str, tuple[str, ...]]:
    """Read the ways by event; "none" and an empty list both mean none."""
    if not isinstance(said, Mapping):
        raise wrong_value(hass, "events", "battery_low: email …")
    events = {}
    for event, ways in said.items():
        listed = ways if isinstance(ways, (list, tuple)) else [ways]
        if not all(way in MEANS for way in listed):
            raise wrong_value(hass, str(event), ", ".join(MEANS))
        events[str(event)] = tuple(way for way in listed if way != "none")
    return events


def _quiet(hass: HomeAssistant, data: Mapping[str, Any]) -> Window | None:
    """Read the quiet hours; both ends or none."""
    ends = {end: data.get(end) for end in ("quiet_start", "quiet_end")}
    if not any(ends.values()):
        return None
    read: dict[str, time] = {}
    for end, value in ends.items():
        try:
            read[end] = cv.time(value).replace(second=0, microsecond=0)
        except TypeError, probatio.Invalid:
            raise wrong_value(hass, end, "HH:MM") from None
    return Window(start=read["quiet_start"], end=read["quiet_end"])


def _window(said: Any) -> Window | None:
    return Window.from_json(said) if isinstance(said, Mapping) else None
