"""What is kept of one car between runs, as JSON, and back."""

from collections.abc import Mapping
from typing import Any

from ..car.bounds import moment_from
from ..car.logbook import Logbook
from ..car.signals import SIGNALS
from ..car.snapshot import Snapshot
from ..cloud.cadence import Profile
from ..cloud.contract import Car
from .cars import GarageCar


def car_to_json(car: GarageCar) -> dict[str, Any]:
    """Turn what is known of a car into JSON; it may be asked for by another thread."""
    described = car.description
    return {
        "vin": car.vin,
        "known_since": None if car.known_since is None else car.known_since.isoformat(),
        "owner": car.owner,
        "profile": car.profile,
        "assumed": {
            key: SIGNALS[key].encode(value) for key, value in tuple(car.assumed.items())
        },
        "description": {
            "manufacturer": described.manufacturer,
            "model": described.model,
            "model_year": described.model_year,
            "nickname": described.nickname,
            "drive": described.drive,
            "software": described.software,
        },
        "snapshot": car.snapshot.to_json(),
        "logbook": car.logbook.to_json(),
    }


def car_from_json(row: object) -> GarageCar | None:
    """Bring one car back: damage costs what is damaged, without a VIN the car."""
    if not isinstance(row, Mapping):
        return None
    described, vin = row.get("description"), row.get("vin")
    description = Car.from_json(
        {**(described if isinstance(described, Mapping) else {}), "vin": vin}
    )
    if description is None:
        return None
    owner, profile = row.get("owner"), row.get("profile")
    assumed, snapshot = row.get("assumed"), row.get("snapshot")
    return GarageCar(
        vin=description.vin,
        known_since=moment_from(row.get("known_since")),
        owner=owner if isinstance(owner, str) else None,
        profile=Profile(profile) if profile in tuple(Profile) else None,
        assumed={
            key: value
            for key, data in (assumed.items() if isinstance(assumed, Mapping) else ())
            if key in SIGNALS and (value := SIGNALS[key].decode(data)) is not None
        },
        description=description,
        snapshot=Snapshot.from_json(snapshot if isinstance(snapshot, list) else ()),
        logbook=Logbook.from_json(row.get("logbook")),
    )
