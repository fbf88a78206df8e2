"""The account's cars as the enrollment lists them."""

from collections.abc import Mapping
from typing import Any, Final

from ...service.contract import Car
from ...service.errors import BadAnswer
from ...service.rows import dig, opened, text_at

WHAT: Final = "/account/v1/enrollment/status"

_VIN_LENGTH: Final = 17
_ELECTRIC: Final = ("e-", "id.")
_HYBRID: Final = ("gte", "hybrid")


def cars_of(body: Mapping[str, Any]) -> tuple[Car, ...]:
    """Read the list of cars; one that cannot be told apart is left out."""
    data = opened(body, WHAT, "data")
    listed = dig(data, ("vehicleEnrollmentStatus",))
    if not isinstance(listed, list):
        raise BadAnswer(WHAT)
    cars = (_car(data, row) for row in listed if isinstance(row, Mapping))
    return tuple(car for car in cars if car is not None)


def user_of(body: Mapping[str, Any]) -> str | None:
    """Return the account's own id."""
    return text_at(opened(body, WHAT, "data"), "customer", "userId")


def _car(data: Any, row: Mapping[str, Any]) -> Car | None:
    vin = text_at(row, "vehicle", "vin")
    vehicle_id = text_at(row, "vehicleId") or text_at(row, "vehicle", "vehicleId")
    if vin is None or len(vin) != _VIN_LENGTH or vehicle_id is None:
        return None
    handle = {
        "vehicle_id": vehicle_id,
        "user_id": text_at(data, "customer", "userId"),
        "vw_id": text_at(data, "customer", "vwId"),
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


def drive_of(model: str | None) -> str | None:
    """Tell the drive by the model's name, where the name tells it."""
    name = (model or "").casefold()
    if name.startswith(_ELECTRIC):
        return "electric"
    return "hybrid" if any(mark in name for mark in _HYBRID) else None
