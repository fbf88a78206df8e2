"""Which car is meant: by its VIN, the end of it, or its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from carport.cloud.contract import Car

from .exits import Exit, Failure
from .home import AccountRecord, Home

_PLATE: Final = "plate"
_SHORTEST_PART: Final = 3
"""How many letters mean a car by a part of its name; fewer may be a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCar:
    """A car, and the accounts that list it."""

    description: Car
    accounts: tuple[AccountRecord, ...]

    @property
    def vin(self) -> str:
        """Its identification number."""
        return self.description.vin

    @property
    def plate(self) -> str | None:
        """Its number plate, where the maker tells it."""
        return self.description.handle.get(_PLATE)

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called by its owner and its maker."""
        car = self.description
        full = f"{car.manufacturer} {car.model or ''}"
        return tuple(name for name in (car.nickname, car.model, full) if name)

    @property
    def label(self) -> str:
        """What it is called, with the end of its VIN."""
        car = self.description
        name = car.nickname or " ".join(
            part for part in (car.manufacturer, car.model) if part
        )
        return f"{name} (…{car.vin[-4:]})"


def known_cars(home: Home) -> list[KnownCar]:
    """Return the cars of all accounts, as they were listed last."""
    found: dict[str, tuple[Car, list[AccountRecord]]] = {}
    for record in home.accounts():
        for vin, car in home.vehicles(record.name).cars.items():
            found.setdefault(vin, (car, []))[1].append(record)
    cars = [
        KnownCar(description=car, accounts=tuple(accounts))
        for car, accounts in found.values()
    ]
    return sorted(cars, key=lambda car: (car.label.casefold(), car.vin))


def choose_car(
    home: Home, wanted: str, known: Sequence[KnownCar] | None = None
) -> KnownCar:
    """Return the one car that is meant; raise `Failure` with candidates otherwise.

    Who chooses many gives the known ones, so that they are not looked up for each.
    """
    cars = known_cars(home) if known is None else known
    if not cars:
        raise Failure(
            Exit.USAGE, "no_cars", "There is no car yet. Add an account: carport add"
        )
    word = plain(wanted)
    for matches in (_is_vin, _is_name, _ends, _has):
        found = [car for car in cars if word and matches(car, word)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(car.label for car in found)
            raise Failure(
                Exit.USAGE, "ambiguous_car", f"Several cars are called that: {listed}."
            )
    listed = ", ".join(car.label for car in cars)
    raise Failure(Exit.USAGE, "unknown_car", f"No car is called that. Cars: {listed}.")


def plain(text: str) -> str:
    """Return a text without what people write differently: case, spaces, hyphens."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _names(car: KnownCar) -> set[str]:
    """Return what a car is called: by its owner, its model, its number plate."""
    given = (*car.names, car.plate)
    return {word for name in given if name and (word := plain(name))}


def _is_vin(car: KnownCar, word: str) -> bool:
    return car.vin.casefold() == word


def _is_name(car: KnownCar, word: str) -> bool:
    return word in _names(car)


def _ends(car: KnownCar, word: str) -> bool:
    return len(word) >= _SHORTEST_PART and car.vin.casefold().endswith(word)


def _has(car: KnownCar, word: str) -> bool:
    names = _names(car)
    return len(word) >= _SHORTEST_PART and any(word in name for name in names)
