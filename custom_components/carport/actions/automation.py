"""What triggers and conditions of cars ask for, and whether a state answers to it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, cast

import probatio

from homeassistant.const import CONF_STATE
from homeassistant.core import HomeAssistant, State

from ..car.commands import CommandKind
from ..car.receipts import Outcome
from ..car.signals import (
    BATTERY_LEVEL,
    CHARGE_LIMIT,
    CHARGING_DETAIL,
    ChargingDetail,
    ChargingState,
)
from ..const import DOMAIN
from ..coordinator import CarportConfigEntry
from ..engine import ChannelState, GarageCar
from .car_entities import vin_of

INTERRUPTED: Final = frozenset(
    {
        ChargingState.PAUSED.value,
        ChargingState.STOPPED.value,
        ChargingState.CONNECTED.value,
    }
)
"""How a car that no longer charges says it, cable in; unplugging is no interruption."""
CUT_OFF: Final = (ChannelState.NEEDS_OWNER.value, ChannelState.CLOSED_BY_MAKER.value)
DUE_KEYS: Final = frozenset(
    f"{what}_due_{how}"
    for what in ("service", "inspection", "oil_service")
    for how in ("on", "at", "distance")
)

COMMAND: Final = "command"
OUTCOME: Final = "outcome"
_ASKED_WITHIN: Final = timedelta(minutes=15)
"""How long after the order the end of a charge is taken for its effect."""
_STOPPING: Final = frozenset(
    {
        CommandKind.STOP_CHARGING,
        CommandKind.SET_CHARGE_MODE,
        CommandKind.SET_SCHEDULE,
    }
)
"""Orders that may end a charge."""


def _any_of(words: tuple[str, ...]) -> probatio.All[Any]:
    """Take some of these words, or one."""
    return probatio.All(
        probatio.EnsureList(), probatio.NonEmpty(), [probatio.In(words)]
    )


STATE_OPTIONS: Final[Mapping[Any, Any]] = {
    probatio.Optional(CONF_STATE): _any_of(CUT_OFF)
}
COMMAND_OPTIONS: Final[Mapping[Any, Any]] = {
    probatio.Optional(COMMAND): _any_of(tuple(CommandKind)),
    probatio.Optional(OUTCOME): _any_of(tuple(Outcome)),
}
DUE_OPTIONS: Final[Mapping[Any, Any]] = {
    probatio.Required("days", default=30): probatio.All(
        probatio.Coerce(float), probatio.Range(min=0, max=730)
    ),
    probatio.Required("distance", default=1000): probatio.All(
        probatio.Coerce(float), probatio.Range(min=0, max=50_000)
    ),
}


def command_matches(state: State, options: Mapping[str, Any]) -> bool:
    """Return whether a car's last command is over, and of this kind and outcome."""
    receipt = state.attributes
    if receipt.get("finished_at") is None:
        # The cloud took it; what became of it is told by another event.
        return False
    return all(
        wanted is None or receipt.get(name) in wanted
        for name, wanted in ((key, options.get(key)) for key in (COMMAND, OUTCOME))
    )


def was_meant_to_end(hass: HomeAssistant, charging: State) -> bool:
    """Return whether a charge ended as it should: by order, by a timer, or at its goal."""
    car = _car_of(hass, charging.entity_id)
    if car is None:
        return False
    if car.reported(CHARGING_DETAIL) == ChargingDetail.WAITING_FOR_TIMER:
        return True
    level, limit = car.reported(BATTERY_LEVEL), car.reported(CHARGE_LIMIT)
    if level is not None and limit is not None and level >= limit:
        return True
    if car.running is not None and car.running.command.kind in _STOPPING:
        return True
    channel = car.best_channel
    since = None if channel is None else channel.clock.now() - _ASKED_WITHIN
    return since is not None and any(
        receipt.command in _STOPPING
        and receipt.outcome is not Outcome.REFUSED
        and receipt.requested_at >= since
        for receipt in car.receipts
    )


def _car_of(hass: HomeAssistant, entity_id: str) -> GarageCar | None:
    """Return the car of an entity, as all accounts know it."""
    vin = vin_of(hass, entity_id)
    entries = hass.config_entries.async_loaded_entries(DOMAIN)
    if vin is None or not entries:
        return None
    garage = cast(CarportConfigEntry, entries[0]).runtime_data.garage
    return garage.cars.get(vin)
