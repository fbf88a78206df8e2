"""Which cars an account has, with doubt about cars that vanish."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from ..car.bounds import is_vin, moment_from
from ..cloud.contract import Car

LIST_AGAIN: Final = timedelta(hours=12)
GONE_AFTER: Final = timedelta(days=3)
_LISTS_NEEDED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Since when a car is missing, and in how many lists."""

    since: datetime
    lists: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVehicles:
    """The cars of an account as last listed, those missing for a while included."""

    cars: Mapping[str, Car] = field(default_factory=dict)
    missing: Mapping[str, Missing] = field(default_factory=dict)
    listed_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Return whether the list should be fetched again."""
        # A list of the future was made by a clock that was set back since.
        return self.listed_at is None or not (
            timedelta() <= now - self.listed_at < LIST_AGAIN
        )

    def after(self, listed: Iterable[Car], now: datetime) -> KnownVehicles:
        """Take a new list in: a car is gone only after days and several lists.

        What has no VIN of the standard's form is no car. What a car is stays known
        where a list does not say it; a name that the owner took away is gone.
        """
        fresh = {
            car.vin: car.completed_by(self.cars.get(car.vin))
            for car in listed
            if is_vin(car.vin)
        }
        cars = dict(fresh)
        missing: dict[str, Missing] = {}
        for vin, car in self.cars.items():
            if vin in fresh:
                continue
            known = self.missing.get(vin)
            lack = (
                Missing(since=now)
                if known is None
                else replace(known, lists=known.lists + 1)
            )
            if lack.lists >= _LISTS_NEEDED and now - lack.since >= GONE_AFTER:
                continue
            cars[vin] = car
            missing[vin] = lack
        return KnownVehicles(cars=cars, missing=missing, listed_at=now)

    def to_json(self) -> dict[str, Any]:
        """Turn the list into JSON."""
        return {
            "listed_at": None if self.listed_at is None else self.listed_at.isoformat(),
            "cars": [
                {
                    "vin": car.vin,
                    "manufacturer": car.manufacturer,
                    "model": car.model,
                    "model_year": car.model_year,
                    "nickname": car.nickname,
                    "drive": car.drive,
                    "software": car.software,
                    "handle": dict(car.handle),
                }
                for car in self.cars.values()
            ],
            "missing": {
                vin: {"since": lack.since.isoformat(), "lists": lack.lists}
                for vin, lack in self.missing.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self:
        """Bring a list back: damage costs what is damaged, no more."""
        data = data if isinstance(data, Mapping) else {}
        rows, missing = data.get("cars"), data.get("missing")
        cars = map(Car.from_json, rows if isinstance(rows, list) else ())
        return cls(
            cars={car.vin: car for car in cars if car is not None},
            missing={
                vin: lack
                for vin, kept in (
                    missing.items() if isinstance(missing, Mapping) else ()
                )
                if (lack := _missing(kept)) is not None
            },
            listed_at=moment_from(data.get("listed_at")),
        )


def _missing(data: object) -> Missing | None:
    """Bring back since when a car is missing; None where that is damaged."""
    if not isinstance(data, Mapping):
        return None
    since, lists = moment_from(data.get("since")), data.get("lists")
    if since is None or not isinstance(lists, int):
        return None
    return Missing(since=since, lists=lists)
