"""Which cars an account has, with doubt about cars that vanish."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from .service.contract import Car

LIST_AGAIN: Final = timedelta(hours=12)
GONE_AFTER: Final = timedelta(days=3)
_LISTS_NEEDED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Since when a car is missing, and in how many lists."""

    since: datetime
    lists: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCars:
    """The cars of an account as last listed, those missing for a while included."""

    cars: Mapping[str, Car] = field(default_factory=dict)
    missing: Mapping[str, Missing] = field(default_factory=dict)
    listed_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Return whether the list should be fetched again."""
        return self.listed_at is None or now - self.listed_at >= LIST_AGAIN

    def after(self, listed: Iterable[Car], now: datetime) -> ListedCars:
        """Take a new list in: a car is gone only after days and several lists."""
        fresh = {car.vin: car for car in listed}
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
        return ListedCars(cars=cars, missing=missing, listed_at=now)

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
        """Bring a list back."""
        if not data:
            return cls()
        listed_at = data["listed_at"]
        return cls(
            cars={row["vin"]: Car(**row) for row in data["cars"]},
            missing={
                vin: Missing(
                    since=datetime.fromisoformat(lack["since"]), lists=lack["lists"]
                )
                for vin, lack in data["missing"].items()
            },
            listed_at=None if listed_at is None else datetime.fromisoformat(listed_at),
        )
