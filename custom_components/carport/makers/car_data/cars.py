"""The account's cars: who is their main user, and the facts that never change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...car.bounds import is_vin
from ...cloud.account_state import AccountState
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import text_at
from ..bmw_group.words import drive_of, make_of
from .endpoints import MAPPINGS

MAIN_USER: Final = "main_user"
"""The key of a car's handle that says whether the account may read it."""
STEERING: Final = "steering"
_KEPT: Final = (
    "brand",
    "modelName",
    "driveTrain",
    "steering",
    "constructionDate",
    "colourDescription",
)
_RIGHT_HAND: Final = frozenset({"RL", "RH", "RR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A car of the account; only its main user may read it."""

    vin: str
    primary: bool


def mapped_of(body: Any) -> tuple[Mapped, ...]:
    """Read the list: an array, one that is wrapped, or a single car."""
    rows = body
    if isinstance(body, Mapping):
        wrapped = body.get("mappings", body.get("vehicles"))
        rows = [body] if wrapped is None and body else wrapped or []
    if not isinstance(rows, list):
        raise BadAnswer(MAPPINGS.path)
    return tuple(_mapped(rows))


def _mapped(rows: list[Any]) -> Iterator[Mapped]:
    for row in rows:
        vin = (text_at(row, "vin") or "").upper()
        if is_vin(vin):
            # Cars that know no main user count as the owner's.
            secondary = text_at(row, "mappingType") == "SECONDARY"
            yield Mapped(vin=vin, primary=not secondary)


class FactStore:
    """The facts of each car, asked for once and kept for good."""

    def __init__(self, account_state: AccountState) -> None:
        """Take up what the last run kept."""
        self._account_state = account_state

    def get(self, vin: str) -> Mapping[str, Any] | None:
        """Return what is known of a car; None where nobody asked yet."""
        return self._account_state.document(_key(vin))

    async def keep(self, vin: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep what is needed of an answer."""
        facts = {
            name: value for name in _KEPT if (value := text_at(body, name)) is not None
        }
        await self._account_state.keep_document(_key(vin), facts)
        return facts


def _key(vin: str) -> str:
    return f"facts_{vin.lower()}"


def car_of(mapped: Mapped, facts: Mapping[str, Any] | None) -> Car:
    """Describe a car by what is known of it."""
    known = facts or {}
    built = text_at(known, "constructionDate") or ""
    return Car(
        vin=mapped.vin,
        manufacturer=make_of(known.get("brand")),
        model=text_at(known, "modelName"),
        model_year=built[:4] or None,
        # `propulsionType` says BE of petrol cars too: it is not looked at.
        drive=drive_of(known.get("driveTrain")),
        handle={
            MAIN_USER: str(mapped.primary).lower(),
            STEERING: text_at(known, "steering") or "",
        },
    )


def is_readable(car: Car) -> bool:
    """Return whether the account is the car's main user."""
    return car.handle.get(MAIN_USER) != "false"


def is_right_hand(car: Car) -> bool:
    """Return whether the driver sits on the right."""
    return car.handle.get(STEERING) in _RIGHT_HAND


def is_electric_only(car: Car) -> bool:
    """Return whether nothing but a battery drives the car."""
    return car.drive == "electric"
