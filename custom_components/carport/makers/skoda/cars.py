"""What the interface says a car is, kept for the runs to come: it has no list of cars."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import chain
import json
import re
from typing import Any, Final, Self

from ...car.bounds import clean_text
from ...cloud.contract import Car
from ...cloud.field_map import get_path, text_at
from .commands import MODES
from .readings import PARTS, missing_parts

MANUFACTURER: Final = "Škoda"

_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_MOST_CARS: Final = 10
_LONGEST_NAME: Final = 80
_MOST_WORDS: Final = 40
_WORD: Final = re.compile(r"\w{1,60}", re.ASCII)
_OPERATIONS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "charging": ("startCharging", "stopCharging", "setChargingLimit", "setChargeMode"),
    "airConditioning": ("startAirConditioning", "stopAirConditioning"),
    "auxiliaryHeating": ("startAuxiliaryHeating", "stopAuxiliaryHeating"),
    "activeVentilation": ("startActiveVentilation", "stopActiveVentilation"),
}
"""What a car can be asked if it has a part, where nothing lists its operations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One car of the owner's; without an answer yet, nothing but its VIN."""

    vin: str
    name: str | None = None
    drive: str | None = None
    operations: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()

    @property
    def car(self) -> Car:
        """The car as everybody else knows cars."""
        return Car(
            vin=self.vin,
            manufacturer=MANUFACTURER,
            nickname=self.name,
            drive=self.drive,
            handle={
                "operations": ",".join(self.operations),
                "modes": ",".join(self.modes),
            },
        )

    def after(self, body: Mapping[str, Any]) -> Self:
        """Return the description after an answer; what is missing in it stays."""
        vehicle = get_path(body, ("vehicle",))
        missed = dict(missing_parts(body))
        has = {
            name
            for name in PARTS
            if isinstance(get_path(vehicle, (name,)), Mapping)
            or missed.get(name) in {"DISABLED", "UNAVAILABLE"}
        }
        listed = get_path(vehicle, ("operations",))
        if isinstance(listed, list):
            operations = _words([text_at(one, "name") for one in listed])
            if listed and not operations:
                operations = self.operations
        else:
            parts = [part for part in _OPERATIONS_OF if part in has]
            operations = tuple(chain.from_iterable(_OPERATIONS_OF[p] for p in parts))
        modes = get_path(vehicle, ("charging", "settings", "availableChargeModes"))
        offered = _words(modes) if isinstance(modes, list) else ()
        name = text_at(vehicle, "name")
        return type(self)(
            vin=self.vin,
            name=clean_text(name)[:_LONGEST_NAME] if name else self.name,
            drive=self._drive_by(has, get_path(vehicle, ("fuelStatus",))),
            operations=operations,
            # A list without a word that is known says nothing.
            modes=offered if any(word in MODES for word in offered) else self.modes,
        )

    def _drive_by(self, has: set[str], fuel: Any) -> str | None:
        """Return what drives a car: the battery it charges, its tank, or both.

        A fuel status that is missing for the moment may be of either kind of battery.
        """
        if "charging" not in has:
            return "combustion" if "fuelStatus" in has else self.drive
        if "fuelStatus" not in has or text_at(fuel, "carType") == "ELECTRIC":
            return "electric"
        if isinstance(fuel, Mapping) or self.drive != "electric":
            return "hybrid"
        return self.drive


def descriptions_from(kept: str | None) -> dict[str, Description]:
    """Bring the kept cars back; what is none of them is left out."""
    try:
        found = [Description(**row) for row in json.loads(kept or "[]")]
        # JSON has no tuples, and what compares two descriptions minds that.
        return {
            one.vin: replace(
                one, operations=tuple(one.operations), modes=tuple(one.modes)
            )
            for one in found
        }
    except TypeError, ValueError:
        return {}


def descriptions_to(cars: Mapping[str, Description]) -> str:
    """Turn cars into a text that can be kept."""
    return json.dumps([asdict(one) for one in cars.values()])


def vins_in(text: str) -> tuple[str, ...] | None:
    """Return the VINs that were typed, each once; None where one cannot be a VIN."""
    found = tuple(dict.fromkeys(re.split(r"[\s,;]+", text.strip().upper())))
    if len(found) > _MOST_CARS or not all(_VIN.fullmatch(vin) for vin in found):
        return None
    return found


def _words(values: list[Any]) -> tuple[str, ...]:
    """Return the words of a list, as many as are plausible."""
    words = [one for one in values if isinstance(one, str) and _WORD.fullmatch(one)]
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]
