"""The keeper: one garage for all accounts, brought back from disk and kept there."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .car.receipts import Receipt
from .const import CLOCK, DOMAIN
from .garage import Dispatcher, Garage
from .restore import restored
from .service.clock import SystemClock
from .service.guard import SignInGuard

_VERSION: Final = 1
_SAVE_DELAY: Final = 10


class Keeper:
    """What outlives single accounts: the garage, its dispatcher, the sign-in guard."""

    def __init__(self, hass: HomeAssistant, stored: dict[str, Any] | None) -> None:
        """Bring everything back as it was stored."""
        stored = stored or {}
        self._hass = hass
        self._store = _store(hass)
        self.clock = hass.data.get(CLOCK) or SystemClock()
        self.garage = restored(
            "garage",
            lambda: Garage(self.clock, self.save_soon, stored.get("garage")),
            lambda: Garage(self.clock, self.save_soon),
        )
        self.dispatcher = Dispatcher(self.garage, self._spawn)
        self.guard = restored(
            "guard of sign-ins",
            lambda: SignInGuard(self.clock, stored.get("guard"), self.save_soon),
            lambda: SignInGuard(self.clock, changed=self.save_soon),
        )

    def save_soon(self) -> None:
        """Write to disk after a while; many changes make one write."""
        self._store.async_delay_save(self._to_json, _SAVE_DELAY)

    async def async_save(self) -> None:
        """Write to disk now."""
        await self._store.async_save(self._to_json())

    def _to_json(self) -> dict[str, Any]:
        return {"garage": self.garage.to_json(), "guard": self.guard.to_json()}

    def _spawn(
        self, work: Coroutine[Any, Any, Receipt], name: str
    ) -> asyncio.Task[Receipt]:
        return self._hass.async_create_background_task(work, name, eager_start=False)


_KEEPER: Final[HassKey[Keeper]] = HassKey(f"{DOMAIN}_keeper")


@singleton(_KEEPER, async_=True)
async def async_get_keeper(hass: HomeAssistant) -> Keeper:
    """Return the one keeper."""
    return Keeper(hass, await _store(hass).async_load())


def _store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    # Serialised outside the event loop: with many cars it takes its time.
    return Store(
        hass,
        _VERSION,
        f"{DOMAIN}.garage",
        private=True,
        atomic_writes=True,
        serialize_in_event_loop=False,
    )
