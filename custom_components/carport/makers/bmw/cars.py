"""The account's cars as i Remote lists them; their flags say what each one can do."""

from collections.abc import Mapping
from typing import Any, Final

from ...service.contract import Car
from ...service.errors import BadAnswer
from ...service.rows import text_at
from .words import drive_of, make_of

WHAT: Final = "/webapi/v1/user/vehicles/"

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
        raise BadAnswer(WHAT)
    cars = (_car(row) for row in listed if isinstance(row, Mapping))
    return tuple(car for car in cars if car is not None)


def has(car: Car, flag: str) -> bool:
    """Return whether the list says that the car has something."""
    return car.handle.get(flag, "NOT_SUPPORTED") not in {"NOT_SUPPORTED", "False"}


def is_active(car: Car, flag: str) -> bool:
    """Return whether a remote service is activated for the car."""
    return car.handle.get(flag) == "ACTIVATED"


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
