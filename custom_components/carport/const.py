"""Names that several modules of Home Assistant's face share."""

from enum import StrEnum
import logging
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "carport"
LOGGER: Final = logging.getLogger(__package__)

HELP_PAGE: Final = (
    "https://github.com/carport-ha/carport/blob/main/docs/troubleshooting.md"
)
"""Where every repair leads that has no page of its maker's."""

CONF_SERVICE: Final = "service"
CONF_REGION: Final = "region"
CONF_PIN: Final = "pin"
CONF_SERVER: Final = "server"

CONF_POLL_PROFILE: Final = "poll_profile"
CONF_PIN_MODE: Final = "pin_mode"
CONF_HIDDEN_CARS: Final = "hidden_cars"
CONF_SHARE_POSITION: Final = "share_position"
CONF_FUEL_HEATERS: Final = "fuel_heaters"
CONF_LANGUAGE_MODELS: Final = "language_models"
CONF_ENERGY: Final = "energy"
CONF_BATTERY_CAPACITY: Final = "battery_capacity"
CONF_PRICE_ENTITY: Final = "price_entity"
CONF_PRICE: Final = "price"
CONF_PRICE_AWAY: Final = "price_away"
CONF_MQTT: Final = "mqtt"
CONF_MQTT_LAYOUTS: Final = "layouts"
CONF_MQTT_CARS: Final = "commanded_cars"
CONF_MQTT_COMMANDS: Final = "commands"
CONF_MQTT_PUBLISH: Final = "publish"
CONF_HINTED_CARS: Final = "hinted_cars"
CONF_HINTS: Final = "hints"
CONF_DRIVERS: Final = "drivers"
CONF_ZONES: Final = "zones"
CONF_CHARGERS: Final = "chargers"

PIN_STORED: Final = "stored"
PIN_ASKED: Final = "ask"

EVENT_COMMAND_ENDED: Final = f"{DOMAIN}_command_ended"
"""What Activity tells of a command, beside the event entity with the whole receipt."""

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


class Scope(StrEnum):
    """What the owner lets language models have of the cars of an account."""

    STATE = "state"
    POSITION = "position"
    ADDRESSES = "addresses"
    TRIPS = "trips"
    PLATE = "plate"
    VIN = "vin"
