"""The one object that Carport has in `hass.data`: what is of no single account."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..car.commands import CommandKind
from ..cloud.clock import Clock
from ..const import DOMAIN
from .account_store import AccountStore
from .due_memory import DueMemory, async_load_due_memory
from .login_conversation import Conversations
from .mqtt_announced import HomeRecord, async_load_record
from .store import CarportStore, async_load_store


@dataclass(kw_only=True)
class CarportData:
    """What there is once in a Home Assistant, from when it is first asked for."""

    clock: Clock | None = None
    """A clock that takes the place of all others; tests put one here."""
    session: aiohttp.ClientSession | None = None
    """The session of all accounts."""
    account_stores: dict[str, AccountStore] = field(default_factory=dict)
    """The private memory of each account, by its unique id."""
    conversations: Conversations = field(default_factory=dict)
    """The sign-ins that are open, by what two requests for the same have in common."""
    store: CarportStore | None = None
    """The engine; `async_get_store` restores it."""
    due_memory: DueMemory | None = None
    """What was seen of services that are due; `async_get_due_memory` restores it."""
    durations: dict[tuple[str, CommandKind], float] = field(default_factory=dict)
    """How many minutes the next start is for, by VIN and command."""
    record: HomeRecord | None = None
    """What is announced by MQTT, and who publishes; `async_get_record` restores it."""
    restoring: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while something comes from disk: who asks meanwhile gets the same object."""


_DATA: Final[HassKey[CarportData]] = HassKey(DOMAIN)


@callback
def carport_data(hass: HomeAssistant) -> CarportData:
    """Return the one object."""
    if (data := hass.data.get(_DATA)) is None:
        data = hass.data[_DATA] = CarportData()
    return data


async def async_get_store(hass: HomeAssistant) -> CarportStore:
    """Return the one store."""
    data = carport_data(hass)
    async with data.restoring:
        if data.store is None:
            data.store = await async_load_store(hass, data.clock)
        return data.store


async def async_get_due_memory(hass: HomeAssistant) -> DueMemory:
    """Return the one memory."""
    data = carport_data(hass)
    async with data.restoring:
        if data.due_memory is None:
            data.due_memory = await async_load_due_memory(hass)
        return data.due_memory


async def async_get_record(hass: HomeAssistant) -> HomeRecord:
    """Return the one record of what is announced."""
    data = carport_data(hass)
    async with data.restoring:
        if data.record is None:
            data.record = await async_load_record(hass)
        return data.record
