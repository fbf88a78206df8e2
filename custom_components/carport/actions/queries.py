"""What is asked only when somebody wants it, of whichever account can answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from homeassistant.core import HomeAssistant, callback

from ..accounts.data import async_get_store
from ..accounts.exceptions import failed_action
from ..car.history import ALWAYS, Period
from ..cloud.contract import Picture
from ..cloud.errors import CloudError
from ..coordinator import AccountCoordinator, CarportConfigEntry
from ..engine import SHUT, GarageCar


@callback
def async_account_for(hass: HomeAssistant, car: GarageCar) -> AccountCoordinator | None:
    """Return the account to ask: an open one first, then that which has the car."""
    if not (able := car.channels_by_choice):
        return None
    channel = min(able, key=lambda one: one.state in SHUT)
    entry = hass.config_entries.async_get_known_entry(channel.account)
    return cast(CarportConfigEntry, entry).runtime_data


async def async_history(
    hass: HomeAssistant,
    car: GarageCar,
    what: str,
    period: Period = ALWAYS,
) -> Mapping[str, Any] | None:
    """Fetch one of the lists a maker has of a car, or else our own of the same kind.

    None where no account has it, and nothing is derived in its place.
    """
    with _told():
        return await (await async_get_store(hass)).history(car.vin, what, period)


async def async_picture(hass: HomeAssistant, car: GarageCar) -> Picture | None:
    """Fetch a picture of a car; None where there is none."""
    with _told():
        return await (await async_get_store(hass)).picture(car.vin)


async def async_read_schedule(hass: HomeAssistant, car: GarageCar) -> None:
    """Read the timers anew before one is changed: others may be set by an app."""
    with _told():
        await (await async_get_store(hass)).read_schedule(car.vin)


async def async_read_rationed(
    hass: HomeAssistant, car: GarageCar, pin: str | None = None
) -> None:
    """Read what routine reading leaves out because the maker rations it."""
    with _told():
        await (await async_get_store(hass)).read_rationed(car.vin, pin)


@contextmanager
def _told() -> Iterator[None]:
    """Tell the caller in words why there is no answer."""
    try:
        yield
    except CloudError as error:
        raise failed_action(error) from error


def known_history(car: GarageCar) -> frozenset[str]:
    """Return the names of all lists that some account has of a car."""
    return frozenset().union(
        *(channel.service.info.history for channel in car.channels.values())
    )
