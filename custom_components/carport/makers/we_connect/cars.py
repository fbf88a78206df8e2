"""The account's cars, and what each may be asked by its list of operations."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from ...car.bounds import is_vin
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import get_path, rows_at, text_at, to_datetime, to_float, unwrap
from ..volkswagen_group.cars import drive_of
from . import endpoints as e

MOST_EXPECTED: Final = 20
"""As many cars of a profile are asked for before the list has confirmed them."""
_CHARGER: Final = "rbatterycharge_v1"
_REPORT: Final = "statusreport_v1"

type Nicknames = dict[str, str | None]
"""The cars of a profile by their VINs, each with what the owner calls it."""


def vins_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the list of VINs, which is all that this cloud lists."""
    listed = get_path(body, ("userVehicles", "vehicle"))
    if not isinstance(listed, list):
        raise BadAnswer(e.VEHICLES.path)
    return tuple(vin for vin in listed if is_vin(vin))


def nicknames_of(profile: Mapping[str, Any]) -> Nicknames:
    """Read which cars the owner's profile has; a VIN is no name."""
    names: Nicknames = {}
    for row in rows_at(profile, "realCars"):
        vin = text_at(row, "vehicleIdentificationNumber")
        if vin is not None and is_vin(vin):
            name = text_at(row, "nickname")
            names[vin] = None if name == vin else name
    return names


def horn_seconds_of(body: Mapping[str, Any]) -> float | None:
    """Read how long a car may be made to honk."""
    most = to_float(get_path(body, ("rhfConfiguration", "serviceDurationMax")))
    return None if most is None or most < 1 else most


def services_of(body: Mapping[str, Any], now: datetime) -> dict[str, tuple[str, ...]]:
    """Read which services are on for a car, and the operations granted in each."""
    data = unwrap(body, e.OPERATIONS.path, "operationList")
    if not isinstance(data.get("serviceInfo"), list):
        raise BadAnswer(e.OPERATIONS.path)
    return {
        str(row["serviceId"]): tuple(
            str(operation["id"])
            for operation in rows_at(row, "operation")
            if operation.get("permission") == "granted" and "id" in operation
        )
        for row in rows_at(data, "serviceInfo")
        if isinstance(row.get("serviceId"), str) and _usable(row, now)
    }


def car_of(
    vin: str,
    base: str,
    services: Mapping[str, tuple[str, ...]],
    details: Mapping[str, Any],
    nickname: str | None,
    horn_seconds: float | None,
) -> Car:
    """Describe one car."""
    known = get_path(details, ("vehicleDataDetail", "carportData"))
    model = text_at(known, "modelName")
    granted = (
        f"{service}/{operation}"
        for service, operations in sorted(services.items())
        for operation in ("", *operations)
    )
    handle = {"base": base, "services": " ".join(granted)}
    if horn_seconds is not None:
        handle["horn_seconds"] = f"{horn_seconds:g}"
    return Car(
        vin=vin,
        manufacturer="Volkswagen",
        model=model,
        model_year=text_at(known, "modelYear"),
        nickname=nickname,
        drive=_drive(model, services),
        handle=handle,
    )


def granted(car: Car) -> frozenset[str]:
    """Return what a car may be asked: `rlu_v1/` for a service, `rlu_v1/LOCK` in it."""
    return frozenset(car.handle.get("services", "").split())


def may(*operations: str) -> Callable[[Car], bool]:
    """Return what tells whether a car may be asked any of these."""
    return lambda car: not granted(car).isdisjoint(operations)


def rights_of(body: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Return the list of operations for people: what is on, until when, why not."""
    data = unwrap(body, e.OPERATIONS.path, "operationList")
    return [
        {
            "service": row.get("serviceId"),
            "usable": _usable(row, now),
            "status": text_at(row, "serviceStatus", "status"),
            "reasons": _list_at(row, "serviceStatus", "reason"),
            "expires_at": text_at(row, "cumulatedLicense", "expirationDate", "content"),
            "operations": [
                operation.get("id") for operation in rows_at(row, "operation")
            ],
        }
        for row in rows_at(data, "serviceInfo")
    ]


def _list_at(data: Any, *path: str) -> list[Any]:
    found = get_path(data, path)
    return found if isinstance(found, list) else []


def _usable(row: Mapping[str, Any], now: datetime) -> bool:
    """Return whether a service is on and its licence has not run out."""
    if text_at(row, "serviceStatus", "status") != "Enabled":
        return False
    end = to_datetime(text_at(row, "cumulatedLicense", "expirationDate", "content"))
    return end is None or end > now


def _drive(model: str | None, services: Mapping[str, Any]) -> str | None:
    """Tell the drive by the name, or by whether there is anything to charge."""
    burns = _CHARGER not in services and _REPORT in services
    return drive_of(model) or ("combustion" if burns else None)
