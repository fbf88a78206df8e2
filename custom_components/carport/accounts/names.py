"""What accounts and cars are called where only their owner reads it."""

from collections.abc import Mapping
from typing import Any

from ..cloud.contract import Car
from ..cloud.credentials import FieldKind
from ..cloud.service_info import ServiceInfo
from .identity import identity_of


def address_of(info: ServiceInfo, data: Mapping[str, Any]) -> str | None:
    """Return the whole address of an account; None where it is known by something else.

    It stands in the device's page alone: titles come into logs, and names into states,
    which every user, the recorder and assistants see.
    """
    identity = identity_of(info, data)
    kinds = {field.key: field.kind for field in info.identifying}
    return next(
        (value for key, value in identity.items() if kinds.get(key) is FieldKind.EMAIL),
        None,
    )


def car_label(car: Car) -> str:
    """Return a car's name with the end of its VIN, to tell two of a kind apart."""
    name = car.nickname or " ".join(
        part for part in (car.model_year, car.manufacturer, car.model) if part
    )
    return f"{name} (…{car.vin[-4:]})"
