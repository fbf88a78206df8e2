"""What Home Assistant knows of Carport's devices, in the words of Carport's keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_DOMAIN: Final = "carport"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A car or an account: its name, its account, and its entities by key.

    Keys that live on two platforms (a number and a select) are told apart by
    `platform.key`; every entity is found under that name, and the first of a key
    under the key alone. Disabled entities are left out.
    """

    name: str
    entry_id: str
    identifier: str
    model: str | None
    entities: Mapping[str, str]


def devices(
    device_rows: list[dict[str, Any]], entity_rows: list[dict[str, Any]]
) -> tuple[list[Device], list[Device]]:
    """Return the cars and the accounts, from the lists of the two registries."""
    cars: list[Device] = []
    accounts: list[Device] = []
    for row in device_rows:
        identifier = _identifier(row)
        if identifier is None:
            continue
        device = Device(
            name=row["name_by_user"] or row["name"],
            entry_id=row["config_entry_id"],
            identifier=identifier,
            model=row["model"],
            entities=dict(_keys(identifier, row["id"], entity_rows)),
        )
        (accounts if identifier == device.entry_id else cars).append(device)
    cars.sort(key=lambda car: (car.entry_id, _order(car)))
    return cars, accounts


def _order(car: Device) -> tuple[bool, bool, str]:
    """Put what drives electrically first, then by the end of the VIN."""
    has = car.entities.keys()
    return "battery_level" not in has, "fuel_level" in has, car.identifier[-6:]


def _identifier(row: Mapping[str, Any]) -> str | None:
    for domain, identifier in row["identifiers"]:
        if domain == _DOMAIN:
            return str(identifier)
    return None


def _keys(
    identifier: str, device_id: str, rows: list[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Yield every name of every entity of a device; earlier ones come last and win."""
    prefix = f"{identifier}_".lower()
    for row in sorted(rows, key=lambda row: row["entity_id"], reverse=True):
        if row["device_id"] != device_id or row["disabled_by"] is not None:
            continue
        key = row["unique_id"].removeprefix(prefix)
        platform = row["entity_id"].partition(".")[0]
        yield key, row["entity_id"]
        yield f"{platform}.{key}", row["entity_id"]
