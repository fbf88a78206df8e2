"""The account and its cars, as the enrollment describes them."""

from collections.abc import Mapping
from typing import Any

from ...car.bounds import is_vin
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import get_path, rows_at, text_at, unwrap
from ..volkswagen_group.cars import drive_of
from .endpoints import ENROLLMENT


def cars_of(body: Mapping[str, Any]) -> tuple[Car, ...]:
    """Read the list of cars; one that cannot be told apart is left out."""
    data = unwrap(body, ENROLLMENT.path, "data")
    listed = get_path(data, ("vehicleEnrollmentStatus",))
    if not isinstance(listed, list):
        raise BadAnswer(ENROLLMENT.path)
    cars = (_car(data, row) for row in listed)
    return tuple(car for car in cars if car is not None)


def takes_commands(car: Car) -> bool:
    """Return whether everything is known that commands to a car have to say."""
    return {"account", "user_id", "tsp"} <= car.handle.keys()


def user_of(body: Mapping[str, Any]) -> str | None:
    """Return the account's own id."""
    return text_at(unwrap(body, ENROLLMENT.path, "data"), "customer", "userId")


def _email(data: Any) -> str | None:
    """Return the account's address as the maker spells it, the primary one first."""
    rows = rows_at(data, "customer", "emails")
    primary = [row for row in rows if text_at(row, "type") == "PRIMARY"]
    found = (text_at(row, "address") for row in primary or rows)
    return next((address for address in found if address), None)


def _car(data: Any, row: Any) -> Car | None:
    vin = text_at(row, "vehicle", "vin")
    vehicle_id = text_at(row, "vehicleId") or text_at(row, "vehicle", "vehicleId")
    if vin is None or not is_vin(vin) or vehicle_id is None:
        return None
    handle = {
        "vehicle_id": vehicle_id,
        "user_id": text_at(data, "customer", "userId"),
        "vw_id": text_at(data, "customer", "vwId"),
        "email": _email(data),
        "account": text_at(row, "rolesAndRights", "tspAccountNum"),
        "tsp": text_at(row, "vehicle", "tspProvider"),
    }
    model = text_at(row, "vehicle", "modelName")
    return Car(
        vin=vin,
        manufacturer="Volkswagen",
        model=model,
        model_year=text_at(row, "vehicle", "modelYear"),
        # Seen as an empty object only; a plain text is what others would send.
        nickname=text_at(row, "carName"),
        drive=drive_of(model),
        handle={key: value for key, value in handle.items() if value is not None},
    )
