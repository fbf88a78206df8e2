"""Names that several modules of Home Assistant's face share."""

import logging
from typing import Final

from homeassistant.const import Platform
from homeassistant.util.hass_dict import HassKey

from .service.clock import Clock

DOMAIN: Final = "carport"
LOGGER: Final = logging.getLogger(__package__)

CONF_SERVICE: Final = "service"
CONF_REGION: Final = "region"
CONF_PIN: Final = "pin"
CONF_SERVER: Final = "server"

CONF_POLL_PROFILE: Final = "poll_profile"
CONF_PIN_MODE: Final = "pin_mode"
CONF_HIDDEN_CARS: Final = "hidden_cars"
CONF_SHARE_POSITION: Final = "share_position"

PIN_STORED: Final = "stored"
PIN_ASKED: Final = "ask"

CLOCK: Final[HassKey[Clock]] = HassKey(f"{DOMAIN}_clock")
"""A clock that takes the place of all others; tests put one here."""

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CLIMATE,
    Platform.DEVICE_TRACKER,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LOCK,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
]
