"""The account's cars, and what each may be asked by its list of operations."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from ...service.contract import Car
from ...service.errors import BadAnswer
from ...service.rows import dig, moment, number, opened, text_at

REAL_CARS: Final = "/{user}/realCarData"
VEHICLES: Final = "/usermanagement/users/v1/VW/{country}/vehicles"
DETAILS: Final = "/vehicleMgmt/vehicledata/v2/VW/{country}/vehicles/{vin}"
HOME: Final = "/cs/vds/v1/vehicles/{vin}/homeRegion"
HORN: Final = "/bs/rhf/v1/VW/{country}/configuration"
OPERATIONS: Final = "/rolesrights/operationlist/v3/vehicles/{vin}"

_VIN_LENGTH: Final = 17
_HYBRID: Final = ("gte", "hybrid")
_ELECTRIC: Final = ("e-", "id.")
_CHARGER: Final = "rbatterycharge_v1"
_REPORT: Final = "statusreport_v1"


def vins_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the list of VINs, which is all that this cloud lists."""
    listed = dig(body, ("userVehicles", "vehicle"))
    if not isinstance(listed, list):
        raise BadAnswer(VEHICLES)
    vins = (vin for vin in listed if isinstance(vin, str))
    return tuple(vin for vin in vins if len(vin) == _VIN_LENGTH)


def nicknames_of(body: Mapping[str, Any]) -> dict[str, str]:
    """Read what the owner calls the cars; a VIN is no nickname."""
    names = {}
    for row in _rows(body, "realCars"):
        vin = text_at(row, "vehicleIdentificationNumber")
        name = text_at(row, "nickname")
        if vin is not None and name not in {None, vin}:
            names[vin] = str(name)
    return names


def horn_seconds_of(body: Mapping[str, Any]) -> float | None:
    """Read how long a car may be made to honk."""
    most = number(dig(body, ("rhfConfiguration", "serviceDurationMax")))
    return None if most is None or most < 1 else most


def home_of(body: Mapping[str, Any]) -> str | None:
    """Read where a car's data has its home."""
    found = dig(body, ("homeRegion", "baseUri", "content"))
    return found if isinstance(found, str) else None


def services_of(body: Mapping[str, Any], now: datetime) -> dict[str, tuple[str, ...]]:
    """Read which services are on for a car, and the operations granted in each."""
    data = opened(body, OPERATIONS, "operationList")
    if not isinstance(data.get("serviceInfo"), list):
        raise BadAnswer(OPERATIONS)
    return {
        str(row["serviceId"]): tuple(
            str(operation["id"])
            for operation in _rows(row, "operation")
            if operation.get("permission") == "granted" and "id" in operation
        )
        for row in _rows(data, "serviceInfo")
        if isinstance(row.get("serviceId"), str) and _usable(row, now)
    }


def car_of(
    vin: str,
    base: str,
    services: Mapping[str, tuple[str, ...]],
    details: Mapping[str, Any] | None,
    nickname: str | None,
    horn_seconds: float | None,
) -> Car:
    """Describe one car."""
    known = dig(details, ("vehicleDataDetail", "carportData"))
    model = text_at(known, "modelName")
    return Car(
        vin=vin,
        manufacturer="Volkswagen",
        model=model,
        model_year=text_at(known, "modelYear"),
        nickname=nickname,
        drive=_drive(model, services),
        handle={
            **({} if horn_seconds is None else {"horn_seconds": f"{horn_seconds:g}"}),
            "base": base,
            "services": " ".join(
                f"{service}/{operation}"
                for service, operations in sorted(services.items())
                for operation in ("", *operations)
            ),
        },
    )


def granted(car: Car) -> frozenset[str]:
    """Return what a car may be asked: `rlu_v1/` for a service, `rlu_v1/LOCK` in it."""
    return frozenset(car.handle.get("services", "").split())


def rights_of(body: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Return the list of operations for people: what is on, until when, why not."""
    data = opened(body, OPERATIONS, "operationList")
    return [
        {
            "service": row.get("serviceId"),
            "usable": _usable(row, now),
            "status": text_at(row, "serviceStatus", "status"),
            "reasons": dig(row, ("serviceStatus", "reason"))
            if isinstance(dig(row, ("serviceStatus", "reason")), list)
            else [],
            "expires_at": text_at(row, "cumulatedLicense", "expirationDate", "content"),
            "operations": [
                operation.get("id") for operation in _rows(row, "operation")
            ],
        }
        for row in _rows(data, "serviceInfo")
    ]


def _usable(row: Mapping[str, Any], now: datetime) -> bool:
    """Return whether a service is on and its licence has not run out."""
    if text_at(row, "serviceStatus", "status") != "Enabled":
        return False
    end = moment(text_at(row, "cumulatedLicense", "expirationDate", "content"))
    return end is None or end > now


def _drive(model: str | None, services: Mapping[str, Any]) -> str | None:
    """Tell the drive by the name, and by whether there is anything to charge."""
    name = (model or "").casefold()
    if any(mark in name for mark in _HYBRID):
        return "hybrid"
    if name.startswith(_ELECTRIC):
        return "electric"
    if _CHARGER not in services and _REPORT in services:
        return "combustion"
    return None


def _rows(data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    rows = data.get(key)
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, Mapping))
