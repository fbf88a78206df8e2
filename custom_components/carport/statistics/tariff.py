"""What a kWh costs, as the owner says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from ..const import CONF_PRICE, CONF_PRICE_AWAY, CONF_PRICE_ENTITY

_SMALL: Final = ("ct", "cent", "c/", "p/", "ø", "øre", "öre", "gr/", "grosz", "¢")
"""How the units begin that are a hundredth of the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What the owner says that charging costs, in the currency of the home."""

    entity_id: str | None = None
    price: float | None = None
    price_away: float | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self | None:
        """Return the tariff in the options of a car; None without any."""
        tariff = cls(
            entity_id=options.get(CONF_PRICE_ENTITY),
            price=options.get(CONF_PRICE),
            price_away=options.get(CONF_PRICE_AWAY),
        )
        return None if tariff == cls() else tariff


def per_kwh(unit: str | None) -> float:
    """Return by what a price in this unit is multiplied to be one of a kWh."""
    text = (unit or "").strip().casefold()
    small = text.startswith(_SMALL)
    factor = 0.01 if small else 1.0
    if text.endswith("mwh"):
        return factor / 1000
    if text.endswith("/wh"):
        return factor * 1000
    return factor
