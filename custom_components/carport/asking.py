"""What is asked only when somebody wants it, of whichever account can answer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from homeassistant.core import HomeAssistant, callback

from .car.commands import CommandKind
from .car.histories import ALWAYS, Period
from .coordinator import AccountCoordinator, CarportConfigEntry
from .garage import SHUT, Channel, GarageCar
from .service.contract import Picture, ReadResult, ServiceInfo


@callback
def async_account_for(
    hass: HomeAssistant,
    car: GarageCar,
    offers: Callable[[ServiceInfo], bool] = lambda info: True,
) -> AccountCoordinator | None:
    """Return the account to ask: an open one first, then that which has the car."""
    able = [
        channel for channel in car.channels_by_choice if offers(channel.service.info)
    ]
    if not able:
        return None
    return _account_of(hass, min(able, key=lambda one: one.state in SHUT))


def _account_of(hass: HomeAssistant, channel: Channel) -> AccountCoordinator:
    entry = hass.config_entries.async_get_known_entry(channel.account)
    return cast(CarportConfigEntry, entry).runtime_data


async def async_look_up(
    hass: HomeAssistant,
    car: GarageCar,
    what: str,
    period: Period = ALWAYS,
) -> Mapping[str, Any] | None:
    """Fetch one of the lists a maker has of a car; None where no account has it."""
    account = async_account_for(hass, car, lambda info: what in info.lookups)
    if account is None:
        return None
    return await account.async_ask(
        car.vin,
        lambda channel: channel.service.look_up(channel.car, what, period),
    )


async def async_picture(hass: HomeAssistant, car: GarageCar) -> Picture | None:
    """Fetch a picture of a car; None where there is none."""
    account = async_account_for(hass, car, lambda info: info.pictures)
    if account is None:
        return None
    return await account.async_ask(
        car.vin, lambda channel: channel.service.picture(channel.car)
    )


async def async_read_schedule(hass: HomeAssistant, car: GarageCar) -> None:
    """Read the timers anew before one is changed: others may be set by an app."""
    for channel, _ in car.ways(CommandKind.SET_SCHEDULE):
        if channel.shut is None:
            account = _account_of(hass, channel)
            result = await account.async_ask(
                car.vin, lambda way: way.service.read_schedule(way.car)
            )
            if result is not None:
                account.garage.take(car.vin, account.account, result)
            return


async def async_read_rationed(
    hass: HomeAssistant, car: GarageCar, pin: str | None = None
) -> None:
    """Read what routine reading leaves out because the maker rations it."""
    account = async_account_for(hass, car, lambda info: bool(info.parts))
    if account is None:
        return
    for part in sorted(account.service.info.parts):
        result = await account.async_ask(car.vin, partial(_read_part, part, pin))
        account.garage.take(car.vin, account.account, result)


async def _read_part(part: str, pin: str | None, channel: Channel) -> ReadResult:
    return await channel.service.read_part(channel.car, part, pin or channel.pin)


def lists_of(car: GarageCar) -> frozenset[str]:
    """Return the names of all lists that some account has of a car."""
    return frozenset().union(
        *(channel.service.info.lookups for channel in car.channels.values())
    )
