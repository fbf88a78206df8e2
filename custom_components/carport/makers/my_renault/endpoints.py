"""Where the cars' cloud has what: paths below the account, and who has them."""

from collections.abc import Callable, Set as AbstractSet
from typing import Any, Final

from ...car.signals import Signal
from ...cloud.contract import Car
from ...cloud.requests import Request, get
from .models import EndpointMode, endpoint_mode, is_known

PERSON: Final = get("/commerce/v1/persons/{person}")
VEHICLES: Final = get("/commerce/v1/accounts/{account}/vehicles")
ACCOUNT: Final = "/commerce/v1/accounts/{account}"
DETAILS: Final = get(f"{ACCOUNT}/vehicles/{{vin}}/details")
ALERTS: Final = get(f"{ACCOUNT}/kamereon/vehicles/{{vin}}/alerts")
GATEWAY: Final = get(f"{ACCOUNT}/kamereon/kca/car-adapter/v2/cars/{{vin}}")

_JSON_API: Final = "application/vnd.api+json"
_SECOND: Final = frozenset(
    {"battery-status", "actions/charge-schedule", "actions/hvac-schedule"}
)


def kca(resource: str) -> str:
    """Return the path of a resource of the older adapter."""
    version = 2 if resource in _SECOND else 1
    return f"{ACCOUNT}/kamereon/kca/car-adapter/v{version}/cars/{{vin}}/{resource}"


def kcm(resource: str) -> str:
    """Return the path of a resource of the newer adapter."""
    return f"{ACCOUNT}/kamereon/kcm/v1/vehicles/{{vin}}/{resource}"


def contracts(locale: str) -> Request:
    """Return the call for a car's contracts; it wants to know the language."""
    return get(
        f"{ACCOUNT}/vehicles/{{vin}}/contracts",
        params={
            "locale": locale,
            "brand": "RENAULT",
            "connectedServicesContracts": "true",
            "warranty": "true",
            "warrantyMaintenanceContracts": "true",
        },
    )


def send(path: str, kind: str, attributes: object = None) -> Request:
    """Return a command in the cloud's envelope."""
    data: dict[str, object] = {"type": kind}
    if attributes is not None:
        data["attributes"] = attributes
    return bare(path, {"data": data})


def bare(path: str, body: object) -> Request:
    """Return a command without an envelope."""
    return Request(
        method="POST", path=path, json=body, headers={"Content-Type": _JSON_API}
    )


def model(car: Car) -> str:
    """Return the code of a car's model; empty where the cloud did not say it."""
    return car.handle.get("model", "")


def mode_of(car: Car, resource: str) -> EndpointMode:
    """Return how a car reaches a resource."""
    return endpoint_mode(model(car), resource)


def has(resource: str) -> Callable[[Car], bool]:
    """Return which cars are asked for a resource of the table."""

    def wanted(car: Car) -> bool:
        found = mode_of(car, resource)
        if found is EndpointMode.UNTRIED and resource in _ELECTRIC:
            return car.drive != "combustion"
        return found not in {EndpointMode.NONE, EndpointMode.SETTINGS}

    return wanted


def has_settings(car: Car) -> bool:
    """Return whether a car has the settings object of the newer models."""
    return mode_of(car, "charge-schedule") is EndpointMode.SETTINGS


def is_new(car: Car) -> bool:
    """Return whether nobody has tried this model yet."""
    return not is_known(model(car))


_ELECTRIC: Final = frozenset(
    {
        "battery-status",
        "hvac-settings",
        "charge-mode",
        "charge-schedule",
        "charging-settings",
        "soc-levels",
        "charges",
    }
)

_OFFERED: Final = frozenset(
    {
        EndpointMode.USUAL,
        EndpointMode.SETTINGS,
        EndpointMode.NEWER,
        EndpointMode.PAUSE,
        EndpointMode.STOP_WORD,
    }
)


def offers(
    car: Car, action: str, observed: AbstractSet[str], *signals: Signal[Any]
) -> bool:
    """Return whether a car is offered an action.

    What nobody has tried is offered where the car shows what it is about; then the
    cloud's answer decides.
    """
    found = mode_of(car, action)
    if found is EndpointMode.UNTRIED:
        return bool(signals) and all(signal.key in observed for signal in signals)
    return found in _OFFERED
