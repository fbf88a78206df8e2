"""What is known of each car, in a private file of its own."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback

from .private_store import PrivateStore, Unsaved

_DIGITS: Final = 32
"""How much of a digest names a file: no two will ever be the same."""


class CarFiles:
    """A file for each car, so that one car's news does not write all others anew."""

    def __init__(
        self, hass: HomeAssistant, unsaved: Callable[[], Unsaved], failing: set[str]
    ) -> None:
        """Share a repair with the other files of the garage."""
        self._hass = hass
        self._unsaved = unsaved
        self._failing = failing
        self._files: dict[str, PrivateStore] = {}

    async def load(self, vin: str) -> object:
        """Return what was kept of a car."""
        return await self._file(vin).load()

    @callback
    def save_soon(
        self, vin: str, data: Callable[[], dict[str, Any]], delay: float
    ) -> None:
        """Write what there is once the delay is over."""
        self._file(vin).save_soon(data, delay)

    async def save_now(self, vin: str, data: dict[str, Any]) -> None:
        """Write, and return when that is done."""
        await self._file(vin).save_now(data)

    def failed(self) -> list[str]:
        """Return the cars whose last save came to nothing."""
        return [vin for vin, file in self._files.items() if file.failed]

    @callback
    def forget(self, vin: str) -> None:
        """Remove the file of a car."""
        self._hass.async_create_task(self._file(vin).remove(), "carport forgets a car")

    def _file(self, vin: str) -> PrivateStore:
        if vin not in self._files:
            self._files[vin] = PrivateStore(
                self._hass, car_file(vin), self._unsaved, self._failing
            )
        return self._files[vin]


def car_file(vin: str) -> str:
    """Return a name that no two cars share, and that does not tell which it is.

    Repairs have it in their ids too, which diagnostics list.
    """
    return f"car.{sha256(vin.encode()).hexdigest()[:_DIGITS]}"
