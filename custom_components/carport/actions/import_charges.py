"""The action that puts a maker's past charges into the log, at their own hours."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv

from ..car.history import ChargeSession
from ..const import DOMAIN
from .history import period_of
from .queries import async_history
from .targets import TARGET, Target, controls, for_each_car, not_capable

NAME: Final = "import_charges"
_LIST: Final = "charge_sessions"
SCHEMA: Final = probatio.Schema(
    {**TARGET, **{probatio.Optional(end): cv.date for end in ("start", "end")}}
)


@callback
def async_setup_import(hass: HomeAssistant) -> None:
    """Register the action; it says how many charges the maker told."""
    hass.services.async_register(
        DOMAIN,
        NAME,
        for_each_car(hass, _import, controls),
        SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _import(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Ask the maker for the charges of the period, and log those that are whole."""
    coordinator, car = target.coordinator, target.car
    period = period_of(target, call)
    answer = await async_history(coordinator.hass, car, _LIST, period)
    if answer is None or answer.get("derived"):
        raise not_capable()
    lines = answer.get(_LIST)
    told = [
        session
        for line in (lines if isinstance(lines, list) else ())
        if (session := ChargeSession.from_json(line)) is not None
    ]
    return {"told": len(told), "new": coordinator.garage.add_charges(car.vin, told)}
