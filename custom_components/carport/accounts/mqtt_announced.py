"""What accounts have announced at Home Assistant's broker: it outlives each of them."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import LOGGER
from ..mqtt.announced import GONE, Row
from ..mqtt.bridge import Bridge
from ..mqtt.settings import Layout
from .private_store import PrivateStore

_FILE: Final = "mqtt_announced"


class HomeRecord:
    """A row for each account, all in one file; accounts that were removed included."""

    def __init__(self, store: PrivateStore, rows: dict[str, Row]) -> None:
        """Take up what was kept."""
        self._store = store
        self._rows = rows
        self._saved = True
        self._lock = asyncio.Lock()
        self.bridges: dict[str, Bridge] = {}
        """Those of the entries that publish."""
        self.taking_back: dict[str, asyncio.Task[None]] = {}
        """What removes what was told of entries that do not."""

    def rows(self) -> Iterable[tuple[str, object]]:
        """Return the rows of all accounts."""
        return [(name, row) for name, row in self._rows.items() if name != GONE]

    def read(self, name: str) -> object:
        """Return a row."""
        return self._rows.get(name)

    def write(self, name: str, row: Row | None) -> bool:
        """Keep or forget a row; `save` puts it on disk."""
        if row is None:
            self._rows.pop(name, None)
        else:
            self._rows[name] = row
        self._saved = False
        return True

    async def save(self) -> None:
        """Have on disk what is announced, before it is."""
        async with self._lock:
            if self._saved:
                return
            self._saved = True
            try:
                await self._store.save_now(dict(self._rows))
            except HomeAssistantError:
                # A full disk keeps no car from being told.
                LOGGER.debug("What is announced by MQTT could not be kept")


class EntryRecord:
    """The record, as an account uses it that publishes, or one that was removed."""

    def __init__(self, record: HomeRecord, entry_id: str) -> None:
        """Know whose it is."""
        self._record = record
        self._entry_id = entry_id
        self.rows = record.rows
        self.read = record.read
        self.write = record.write

    def answers(self, layout: Layout) -> bool:
        """Return whether this account is the one that answers: all hear the same topics."""
        able = (
            entry_id
            for entry_id, bridge in self._record.bridges.items()
            if layout in bridge.core.settings.layouts
        )
        return self._entry_id == min(able, default=None)


async def async_load_record(hass: HomeAssistant) -> HomeRecord:
    """Return the record of this Home Assistant, as it was kept."""
    store = PrivateStore(hass, _FILE, lambda: None)
    kept = await store.load()
    rows: Mapping[str, Any] = kept if isinstance(kept, Mapping) else {}
    return HomeRecord(store, dict(rows))
