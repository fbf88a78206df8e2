"""Which services were due when they were last looked at, over restarts."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .private_store import PrivateStore

_DIGITS: Final = 32
"""How much of a digest names a service: no two will ever be the same."""
_SAVE_DELAY: Final = 1.0
_MOST: Final = 100
"""How many kinds of notice are kept, and how many services of each."""

type Notices = dict[str, dict[str, bool]]


class DueMemory:
    """What was seen of services, for each notice that somebody wants of them.

    Automations with the same notice share what is kept, and each begins with it.
    """

    def __init__(self, hass: HomeAssistant, store: PrivateStore, kept: object) -> None:
        """Begin with what was kept; damage counts as nothing."""
        self._hass = hass
        self._store = store
        self._notices: Notices = {
            notice: {name: due for name, due in seen.items() if isinstance(due, bool)}
            for notice, seen in (kept if isinstance(kept, Mapping) else {}).items()
            if isinstance(seen, Mapping)
        }

    def seen(self, notice: Mapping[str, Any]) -> dict[str, bool]:
        """Return what was seen by this notice, by the names of services."""
        return dict(self._notices.get(_key(notice), {}))

    @callback
    def note(self, notice: Mapping[str, Any], name: str, due: bool) -> None:
        """Keep what was seen of a service."""
        key = _key(notice)
        seen = self._notices.pop(key, {})
        # What was noted last stands last, so that what is forgotten is what is old.
        self._notices[key] = seen
        seen.pop(name, None)
        seen[name] = due
        for known in (self._notices, seen):
            while len(known) > _MOST:
                del known[next(iter(known))]
        self._store.save_soon(self._to_json, _SAVE_DELAY)

    def name(self, entity_id: str) -> str:
        """Return what a service is kept under: entities may be renamed, and cars leave."""
        entry = er.async_get(self._hass).async_get(entity_id)
        unique_id = entity_id if entry is None else entry.unique_id
        return sha256(unique_id.encode()).hexdigest()[:_DIGITS]

    def _to_json(self) -> dict[str, Any]:
        return {key: dict(seen) for key, seen in tuple(self._notices.items())}


async def async_load_due_memory(hass: HomeAssistant) -> DueMemory:
    """Bring it back from disk; see `async_get_due_memory`."""
    store = PrivateStore(hass, "services_due", lambda: None)
    return DueMemory(hass, store, await store.load())


def _key(notice: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(notice.items()))
