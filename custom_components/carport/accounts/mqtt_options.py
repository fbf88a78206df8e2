"""The options about MQTT: which topics, what they may command, and what they tell."""

from collections.abc import Iterable, Mapping
from typing import Any

import probatio

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..cloud.contract import Car
from ..const import (
    CONF_MQTT,
    CONF_MQTT_CARS,
    CONF_MQTT_COMMANDS,
    CONF_MQTT_LAYOUTS,
    CONF_MQTT_PUBLISH,
)
from ..mqtt.permissions import GROUPS
from ..mqtt.settings import Layout, Private
from .names import car_label


def mqtt_section(cars: Iterable[Car], options: Mapping[str, Any]) -> dict[Any, Any]:
    """Ask what goes to the broker; nothing does until a layout is chosen.

    Discovery is not offered: Home Assistant would have every car twice.
    """
    chosen = options.get(CONF_MQTT, {})
    listed = {car.vin: car_label(car) for car in cars}
    fields = {
        CONF_MQTT_LAYOUTS: _several("mqtt_layout", (Layout.OWN, Layout.CLASSIC)),
        CONF_MQTT_CARS: _cars(listed),
        CONF_MQTT_COMMANDS: _several("mqtt_command", GROUPS),
        CONF_MQTT_PUBLISH: _several("mqtt_private", Private),
    }
    known = {
        key: [
            one for one in chosen.get(key, ()) if key != CONF_MQTT_CARS or one in listed
        ]
        for key in fields
    }
    schema = probatio.Schema(
        {
            probatio.Required(key, default=known[key]): selector
            for key, selector in fields.items()
        }
    )
    return {probatio.Required(CONF_MQTT): section(schema, {"collapsed": True})}


def _several(key: str, words: Iterable[str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(word) for word in words],
            translation_key=key,
            multiple=True,
            mode=SelectSelectorMode.LIST,
        )
    )


def _cars(listed: Mapping[str, str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=vin, label=label)
                for vin, label in listed.items()
            ],
            multiple=True,
            mode=SelectSelectorMode.LIST,
        )
    )
