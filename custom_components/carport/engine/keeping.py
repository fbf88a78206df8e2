"""Keeping the garage between runs: in one file, or each car in a file of its own."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from .garage import Garage
from .kept_cars import car_to_json
from .storage import CarStorage, Storage
from .yielding import Yielding

_SAVE_DELAY: Final = 10.0
_GARAGE: Final = "garage"
_CARS: Final = "cars"
_VINS: Final = "vins"


async def load_kept(storage: Storage, cars: CarStorage | None) -> Mapping[str, Any]:
    """Return what was kept, with the rows of all cars in one garage.

    Cars that an earlier version kept all in one file get files of their own.
    """
    kept = await storage.load()
    if not isinstance(kept, Mapping):
        return {}
    if cars is None:
        return kept
    garage = kept.get(_GARAGE)
    garage = garage if isinstance(garage, Mapping) else {}
    rows: list[object] = []
    vins: list[str] = []
    for row in _listed(garage, _CARS):
        if isinstance(row, Mapping) and isinstance(vin := row.get("vin"), str):
            await cars.save_now(vin, dict(row))
            rows.append(row)
            vins.append(vin)
    for vin in _listed(garage, _VINS):
        if isinstance(vin, str) and vin not in vins:
            rows.append(await cars.load(vin))
            vins.append(vin)
    if _CARS in garage:
        # Last: torn off before, all of it is done once more.
        await storage.save_now({**kept, _GARAGE: {_VINS: vins}})
    return {**kept, _GARAGE: {_CARS: rows}}


class Keeping:
    """Writes what has changed in the garage and in the guard of sign-ins."""

    def __init__(
        self,
        storage: Storage,
        cars: CarStorage | None,
        garage: Garage,
        guard: Callable[[], dict[str, Any]],
        yielding: Yielding,
    ) -> None:
        """Ask for what is to be kept whenever something is written."""
        self._storage = storage
        self._cars = cars
        self._garage = garage
        self._guard = guard
        self._yielding = yielding
        self._listed = frozenset(garage.cars)
        """The cars that the common file knows of."""
        self._unsaved: set[str] = set()
        self._changed = False

    def save_soon(self) -> None:
        """Write what all cars share after a while; many changes make one write."""
        self._changed = True
        self._storage.save_soon(self._to_json, _SAVE_DELAY)

    def save_cars_soon(self) -> None:
        """Write after a while what has changed in the garage."""
        if self._cars is None:
            self._garage.news.clear()
            self.save_soon()
            return
        while self._garage.news:
            vin, _ = self._garage.news.popitem()
            known = vin in self._garage.cars
            if known:
                self._unsaved.add(vin)
                self._cars.save_soon(vin, partial(self._encoded, vin), _SAVE_DELAY)
            else:
                self._unsaved.discard(vin)
                self._cars.forget(vin)
            if known != (vin in self._listed):
                self.save_soon()

    async def save(self) -> None:
        """Write now what has changed."""
        if self._cars is None:
            await self._storage.save_now(self._to_json())
            return
        for vin in self._unsaved | set(self._cars.failed()):
            await self._yielding.give_way()
            if vin in self._garage.cars:
                await self._cars.save_now(vin, self._encoded(vin))
        if self._changed:
            await self._storage.save_now(self._to_json())

    def _encoded(self, vin: str) -> dict[str, Any]:
        """Turn a car into JSON; it may have left since that was wanted."""
        self._unsaved.discard(vin)
        car = self._garage.cars.get(vin)
        return {} if car is None else car_to_json(car)

    def _to_json(self) -> dict[str, Any]:
        self._changed = False
        guard = self._guard()
        if self._cars is None:
            return {_GARAGE: self._garage.to_json(), "guard": guard}
        self._listed = frozenset(self._garage.cars)
        return {_GARAGE: {_VINS: sorted(self._listed)}, "guard": guard}


def _listed(garage: Mapping[str, Any], name: str) -> Iterable[object]:
    found = garage.get(name)
    return found if isinstance(found, list) else ()
