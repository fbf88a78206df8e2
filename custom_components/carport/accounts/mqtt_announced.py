"""What accounts have announced at Home Assistant's broker: it outlives each of them."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.core import HomeAssistant

from ..mqtt.announced import MemoryRecord, Row
from ..mqtt.bridge import Bridge
from ..mqtt.settings import Layout
from .private_store import PrivateStore

_FILE: Final = "mqtt_announced"


class HomeRecord(MemoryRecord):
    """A row for each account, all in one file; accounts that were removed included."""

    def __init__(self, store: PrivateStore, rows: Mapping[str, Row]) -> None:
        """Take up what was kept."""
        super().__init__(rows)
        self._store = store
        self._saved = True
        self._lock = asyncio.Lock()
        self.bridges: dict[str, Bridge] = {}
        """Those of the entries that publish."""

    @override
    def write(self, name: str, row: Row | None) -> bool:
        """Keep or forget a row; `save` puts it on disk."""
        self._saved = False
        return super().write(name, row)

    async def save(self) -> None:
        """Have on disk what is announced, before it is."""
        async with self._lock:
            if self._saved:
                return
            self._saved = True
            # A full disk keeps no car from being told: the file is tried again later.
            await self._store.save_now(dict(self._rows))


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
    return HomeRecord(store, rows)
