"""What an owner says of a car's energy: what it costs, and what its battery holds."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import probatio

from homeassistant.const import UnitOfEnergy
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..car.signals import BATTERY_CAPACITY
from ..cloud.contract import Car
from ..const import (
    CONF_BATTERY_CAPACITY,
    CONF_PRICE,
    CONF_PRICE_AWAY,
    CONF_PRICE_ENTITY,
)
from .names import car_label

CONF_ENERGY_CAR: Final = "energy_car"
"""The car whose page comes next; not kept."""

_DEAREST: Final = 1000


def car_choice(cars: Iterable[Car]) -> dict[probatio.Marker, Any]:
    """Let one of the cars be chosen that may have a battery to charge."""
    return {
        probatio.Optional(CONF_ENERGY_CAR): SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(value=car.vin, label=car_label(car))
                    for car in cars
                ],
                mode=SelectSelectorMode.DROPDOWN,
            )
        )
    }


def energy_schema(said: Mapping[str, Any], currency: str) -> probatio.Schema:
    """Ask for tariff and battery of one car; what was said before stands there."""
    price = _number(0, _DEAREST, f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}")
    fields = {
        CONF_PRICE_ENTITY: EntitySelector(
            EntitySelectorConfig(domain=["sensor", "number", "input_number"])
        ),
        CONF_PRICE: price,
        CONF_PRICE_AWAY: price,
        CONF_BATTERY_CAPACITY: _number(
            BATTERY_CAPACITY.low,
            BATTERY_CAPACITY.high,
            UnitOfEnergy.KILO_WATT_HOUR,
        ),
    }
    return probatio.Schema(
        {
            probatio.Optional(
                key,
                description={"suggested_value": said[key]} if key in said else None,
            ): selector
            for key, selector in fields.items()
        }
    )


def _number(low: float, high: float, unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=low,
            max=high,
            step="any",
            unit_of_measurement=unit,
            mode=NumberSelectorMode.BOX,
        )
    )
