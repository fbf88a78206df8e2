"""The store: the one engine of this Home Assistant, restored from disk and saved there."""

import asyncio
from functools import partial
from typing import Any, override

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..cloud.clock import Clock
from ..engine import Engine
from ..statistics.home import async_is_home
from .car_files import CarFiles
from .private_store import PrivateStore, Unsaved


class CarportStore(Engine):
    """The engine, by Home Assistant's clock and zone, kept in its storage."""

    @override
    def __init__(self, *args: Any, **details: Any) -> None:
        super().__init__(*args, **details)
        self.adding_entities = asyncio.Lock()
        """Held by the account that creates its entities.

        Home Assistant gives each platform of an account a minute for that. If all
        accounts did it side by side at a start, each would take as long as all.
        """

    async def async_save(self) -> None:
        """Write to disk now."""
        await self.save()

    async def async_stop(self, event: Event) -> None:
        """End what is under way, commands with a receipt, before sessions close."""
        for account in tuple(self.accounts.values()):
            await account.end_work()


async def async_load_store(hass: HomeAssistant, clock: Clock | None) -> CarportStore:
    """Restore it from disk, and let it follow Home Assistant; see `async_get_store`."""
    unsaved = Unsaved(ident="garage_not_saved", key="garage_not_saved")
    failing: set[str] = set()
    store = await CarportStore.load(
        PrivateStore(hass, "garage", lambda: unsaved, failing),
        cars=CarFiles(hass, lambda: unsaved, failing),
        clock=clock,
        zone=dt_util.get_default_time_zone(),
    )
    store.garage.is_home = partial(async_is_home, hass)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, store.async_stop)

    @callback
    def follow_zone(_: Event) -> None:
        """Take up the zone that Home Assistant may have been given just now."""
        if store.zone != (now := dt_util.get_default_time_zone()):
            store.live_by(now)

    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, follow_zone)
    return store
