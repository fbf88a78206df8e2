"""Private files of which the owner is told when they cannot be saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
from homeassistant.util.json import SerializationError

from ..const import DOMAIN, HELP_PAGE

_VERSION: Final = 1
_AGAIN: Final = 300.0
"""Seconds after which a disk that took nothing is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """The repair that tells of a file that could not be saved."""

    ident: str
    key: str
    placeholders: Mapping[str, str] = field(default_factory=dict)


class PrivateStore(Store[dict[str, Any]]):
    """A file only for us, written at once or not at all, with a repair when not.

    Home Assistant only logs a failed save, and names in the log what could not be
    saved, which here may be a secret.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        unsaved: Callable[[], Unsaved | None],
        failing: set[str] | None = None,
    ) -> None:
        """Name the file, and the repair; None while there is nobody to tell.

        Files that share a repair share which of them fail: it stays while any does.
        """
        super().__init__(
            hass,
            _VERSION,
            f"{DOMAIN}.{name}",
            private=True,
            atomic_writes=True,
            # With many cars that takes its time; the loop has others to serve.
            serialize_in_event_loop=False,
        )
        self._unsaved = unsaved
        self._failing = set[str]() if failing is None else failing
        self._waiting = False

    @property
    def failed(self) -> bool:
        """Whether the last save came to nothing."""
        return self.key in self._failing

    async def load(self) -> object:
        """Return what was kept."""
        return await self.async_load()

    async def save_now(self, data: dict[str, Any]) -> None:
        """Write, and return when that is done."""
        await self.async_save(data)

    async def remove(self) -> None:
        """Forget the file."""
        self._waiting = False
        await self.async_remove()
        self._saved(self._unsaved())

    @callback
    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Write what there is once the delay is over.

        Home Assistant begins the delay anew with every change, so that a car which
        never rests would never be saved. Here it begins with the first.
        """
        if not self._waiting:
            self._waiting = True
            self.async_delay_save(data, delay)

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        self._waiting = False
        unsaved = self._unsaved()
        try:
            await super()._async_write_data(data)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing was saved
            self._failing.add(self.key)
            if unsaved is not None:
                ir.async_create_issue(
                    self.hass,
                    DOMAIN,
                    unsaved.ident,
                    is_fixable=False,
                    severity=ir.IssueSeverity.ERROR,
                    translation_key=unsaved.key,
                    translation_placeholders=dict(unsaved.placeholders),
                    learn_more_url=HELP_PAGE,
                )
            if isinstance(error, (OSError, WriteError)):
                self._try_again(data["data"])
            raise SerializationError(type(error).__name__) from None
        self._saved(unsaved)

    @callback
    def _try_again(self, data: dict[str, Any]) -> None:
        """Write it later, unless something newer waits for that, or does by then.

        What never changes again would be lost at the next start, with space or without.
        """
        if self._data is None and not self.hass.is_stopping:
            self.async_delay_save(lambda: data, _AGAIN)

    def _saved(self, unsaved: Unsaved | None) -> None:
        """Take the repair back if no file is left that could not be saved."""
        self._failing.discard(self.key)
        if unsaved is not None and not self._failing:
            ir.async_delete_issue(self.hass, DOMAIN, unsaved.ident)
