"""The cars of an account and what their owner subscribed to: the sign-in tells."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...cloud.account_state import AccountState
from ...cloud.contract import Car
from ...cloud.field_map import rows_at, text_at

CHARGE_SCOPE: Final = "BATTERY_CHARGE_REMOTE_ACTIVATION"
CALENDAR_SCOPE: Final = "BATTERY_CHARGE_SCHEDULING"
CLIMATE_SCOPE: Final = "AC_REMOTE_CONTROL"
STATUS_SCOPE: Final = "BATTERY_CHARGE_STATUS"


def subscribed(scope: str) -> Callable[[Car], bool]:
    """Return what says whether a car has a service; unlisted means all of them."""

    def has(car: Car) -> bool:
        scopes = car.handle.get("scopes")
        return not scopes or scope in scopes.split(",")

    return has


def described(user: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what is kept of a user: nothing tells the cars but the sign-in."""
    active = user.get("vehicle_details")
    listed = [active, *rows_at(user, "associated_vehicles")]
    vins = dict.fromkeys(vin for car in listed if (vin := text_at(car, "VIN")))
    scopes = user.get("scopes")
    return {
        "cars": ",".join(vins),
        "scopes": ",".join(scope for scope in scopes if isinstance(scope, str))
        if isinstance(scopes, list)
        else None,
        "zone": text_at(active, "timezone") or text_at(user, "timezone"),
    }


def vins_of(account_state: AccountState) -> list[str]:
    """Return the VINs that the last sign-in told of."""
    return [vin for vin in (account_state.text("cars") or "").split(",") if vin]


def cars_of(account_state: AccountState) -> tuple[Car, ...]:
    """Return the cars that the last sign-in told of."""
    handle = {
        key: value for key in ("scopes", "zone") if (value := account_state.text(key))
    }
    return tuple(
        # Nothing says the model, and the VIN alone does not prove it.
        Car(vin=vin, manufacturer="Renault", drive="electric", handle=handle)
        for vin in vins_of(account_state)
    )
