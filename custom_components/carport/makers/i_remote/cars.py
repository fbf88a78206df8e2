"""The account's cars as i Remote lists them; their flags say what each one can do."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import text_at
from ..bmw_group.words import drive_of, make_of
from .endpoints import LIST

_VIN_LENGTH: Final = 17
_FLAGS: Final = (
    "hub",
    "steering",
    "doorLock",
    "doorUnlock",
    "lightFlash",
    "hornBlow",
    "climateNow",
    "climateFunction",
    "chargingControl",
    "vehicleFinder",
    "sendPoi",
    "lastDestinations",
    "rangeMap",
    "statisticsAvailable",
    "lscType",
)


def cars_of(body: Any) -> tuple[Car, ...]:
    """Read the list, which is an array or stands in an object.

    A car that cannot be told apart is left out.
    """
    listed = body.get("vehicles") if isinstance(body, Mapping) else body
    if not isinstance(listed, list):
        raise BadAnswer(LIST.path)
    cars = (_car(row) for row in listed if isinstance(row, Mapping))
    return tuple(car for car in cars if car is not None)


def has(flag: str) -> Callable[[Car], bool]:
    """Return what says whether the list has something of a car."""
    return lambda car: car.handle.get(flag) not in {None, "NOT_SUPPORTED", "False"}


def activated(service: str) -> Callable[[Car], bool]:
    """Return what says whether a remote service is activated for a car."""
    return lambda car: car.handle.get(service) == "ACTIVATED"


def is_electrified(car: Car) -> bool:
    """Return whether a car has a battery that drives it."""
    return car.drive in {"electric", "hybrid"}


def _car(row: Mapping[str, Any]) -> Car | None:
    vin = row.get("vin")
    if not isinstance(vin, str) or len(vin) != _VIN_LENGTH:
        return None
    year = row.get("yearOfConstruction")
    return Car(
        vin=vin.upper(),
        manufacturer=make_of(row.get("brand")),
        model=text_at(row, "model"),
        model_year=str(year) if isinstance(year, (int, str)) and year else None,
        nickname=text_at(row, "licensePlate"),
        drive=drive_of(row.get("driveTrain")),
        handle={
            flag: str(value)
            for flag in _FLAGS
            if isinstance(value := row.get(flag), (str, bool))
        },
    )
