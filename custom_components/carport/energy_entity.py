"""What a car has charged and what that has cost, as sensors."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)

from .engine import Topic
from .entity import CarEntity
from .sensor_descriptions import CarSensorDescription

CHARGE_COST: Final = CarSensorDescription(
    key="charge_cost",
    other_topics=(Topic.LOGBOOK,),
    device_class=SensorDeviceClass.MONETARY,
    # A price below nothing makes it less.
    state_class=SensorStateClass.TOTAL,
    suggested_display_precision=2,
)


class ChargeCostSensor(CarEntity, SensorEntity):
    """What all charges have cost since they are counted, by the owner's tariff."""

    @property
    @override
    def native_value(self) -> float | None:
        """The sum; unknown while nothing can be counted."""
        return self.car.logbook.figures().get("cost")

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The currency of the home, in which the tariff is."""
        return self.hass.config.currency


def energy_source(entity: CarEntity) -> Mapping[str, Any] | None:
    """Return the attribute that says where an energy is known from."""
    source = entity.car.logbook.source
    return None if source is None else {"source": source}
