"""The cars of a person: every account of a brand is asked, and each car has one home."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer, CloudError, NotPermitted, NotSupported, Outage
from ...cloud.field_map import get_path, text_at
from ...cloud.ledger import Purpose
from ...cloud.requests import Request
from .endpoints import DETAILS, PERSON, VEHICLES
from .refusals import GarageEmpty

type Call = Callable[[Request, Purpose, Mapping[str, str]], Awaitable[Answer]]
"""Makes a call with a path filled in from these values."""

_BRANDS: Final = "MY"
"""How the types of accounts begin that hold cars."""
_DRIVES: Final[Mapping[str, str]] = {
    "ELEC": "electric",
    "ELECX": "electric",
    "PHEV": "hybrid",
    "HEV": "combustion",
    "OTHER": "combustion",
    "ESS": "combustion",
    "GASLN": "combustion",
    "DIESL": "combustion",
}
_NAMES: Final[Mapping[str, str]] = {
    "RENAULT": "Renault",
    "DACIA": "Dacia",
    "ALPINE": "Alpine",
}
_LARGE: Final = "ONE_MYRENAULT_LARGE"


async def find_cars(call: Call, person: str) -> tuple[Car, ...]:
    """List the cars of a person; one that cannot be described is left out.

    An account that refuses, or says that it has none, costs its own cars only, as long
    as another answers.
    """
    body = (await call(PERSON, Purpose.LIST, {"person": person})).json()
    found: dict[str, tuple[bool, Car]] = {}
    refused: CloudError | None = None
    answered = False
    for account in _accounts(body):
        values = {"account": account}
        try:
            listed = (await call(VEHICLES, Purpose.LIST, values)).json()
        except (NotPermitted, NotSupported, GarageEmpty) as error:
            refused = error
            continue
        answered = True
        for link in _links(listed):
            drives = isinstance(get_path(link, ("connectedDriver",)), Mapping)
            car = await _car(call, account, link)
            if car is not None and (car.vin not in found or drives > found[car.vin][0]):
                found[car.vin] = drives, car
    if refused is not None and not answered:
        raise refused
    return tuple(car for _, car in found.values())


def _accounts(body: Mapping[str, Any]) -> Iterator[str]:
    accounts = body.get("accounts")
    if not isinstance(accounts, list):
        raise BadAnswer(PERSON.path)
    for one in accounts:
        kind, number = text_at(one, "accountType"), text_at(one, "accountId")
        if kind is not None and kind.startswith(_BRANDS) and number is not None:
            yield number


def _links(body: Mapping[str, Any]) -> Iterator[Any]:
    links = body.get("vehicleLinks")
    for link in links if isinstance(links, list) else ():
        if text_at(link, "status") in {"ACTIVE", None}:
            yield link


async def _car(call: Call, account: str, link: Any) -> Car | None:
    """Describe a car; without details in the list they are asked for."""
    vin = text_at(link, "vin")
    if vin is None:
        return None
    details = get_path(link, ("vehicleDetails",))
    if not isinstance(details, Mapping):
        values = {"account": account, "vin": vin}
        try:
            details = (await call(DETAILS, Purpose.LIST, values)).json()
        except NotPermitted, NotSupported, Outage, BadAnswer:
            return None
    brand = text_at(details, "brand", "label") or text_at(link, "brand") or "Renault"
    return Car(
        vin=vin,
        manufacturer=_NAMES.get(brand.upper(), brand),
        model=_title(text_at(details, "model", "label")),
        model_year=_year(details),
        drive=_drive(details),
        handle={
            "account": account,
            **_known(
                {
                    "model": text_at(details, "model", "code"),
                    "picture": _picture(details),
                    "plate": text_at(details, "registrationNumber"),
                }
            ),
        },
    )


def _known(values: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value is not None}


def _drive(details: Mapping[str, Any]) -> str | None:
    """Return what turns the wheels; the plainer code counts where there is no better."""
    code = text_at(details, "engineEnergyType") or text_at(details, "energy", "code")
    return None if code is None else _DRIVES.get(code.upper())


def _title(label: str | None) -> str | None:
    """Write a model as its badge does: the cloud has it in capitals."""
    if label is None or not label.isupper():
        return label
    return " ".join(
        word if any(map(str.isdigit, word)) else word.title() for word in label.split()
    )


def _year(details: Mapping[str, Any]) -> str | None:
    date = text_at(details, "firstRegistrationDate") or ""
    return date[:4] if date[:4].isdecimal() else None


def _picture(details: Mapping[str, Any]) -> str | None:
    assets = details.get("assets")
    for asset in assets if isinstance(assets, list) else ():
        if text_at(asset, "assetType") != "PICTURE":
            continue
        for rendition in _listed(get_path(asset, ("renditions",))):
            if text_at(rendition, "resolutionType") == _LARGE:
                return text_at(rendition, "url")
    return None


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
