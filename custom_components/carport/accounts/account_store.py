"""An account's private memory, in a file of Home Assistant's own."""

from hashlib import sha256
from typing import Any, Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_PIN, DOMAIN
from ..engine import AccountStore as EngineStore
from .private_store import PrivateStore, Unsaved

_DIGITS: Final = 32
"""How much of a digest names a file: no two will ever be the same."""


class AccountStore(EngineStore):
    """An account's private memory, in a private file of Home Assistant's.

    Got by `async_account_store`, so that a flow and a running account share one.
    """

    def __init__(self, hass: HomeAssistant, unique_id: str) -> None:
        """Name the file by a digest of the account."""
        self._file = PrivateStore(hass, account_file(unique_id), self._unsaved)
        super().__init__(self._file)
        self._hass = hass
        self._unique_id = unique_id

    @property
    def pin(self) -> str | None:
        """The owner's PIN for commands, where it is stored."""
        pin = self.data.get(CONF_PIN)
        return pin if isinstance(pin, str) else None

    @property
    @override
    def unsaved(self) -> bool:
        """Whether there is more to keep, or the last save came to nothing."""
        return super().unsaved or self._file.failed

    async def async_load(self) -> None:
        """Read what was kept, once; an unreadable file counts as none."""
        await self.load()

    async def async_keep(self, **values: Any) -> None:
        """Keep values and return when they are on disk."""
        await self.keep(**values)

    async def async_keep_sign_in(self, **values: Any) -> None:
        """Keep what a new sign-in brought, in place of the one before."""
        await self.keep_sign_in(**values)

    async def async_forget_refused_pins(self) -> None:
        """Forget refusals, counts and locks of PINs: the owner answers for the next."""
        await self.forget_refused_pins()

    async def async_remove(self) -> None:
        """Forget everything."""
        if (unsaved := self._unsaved()) is not None:
            ir.async_delete_issue(self._hass, DOMAIN, unsaved.ident)
        await self.remove()

    def _unsaved(self) -> Unsaved | None:
        """Name the repair by the account's entry, which a first sign-in lacks yet."""
        entries = self._hass.config_entries
        entry = entries.async_entry_for_domain_unique_id(DOMAIN, self._unique_id)
        entry = entry or entries.async_get_entry(self._unique_id)
        if entry is None:
            return None
        return Unsaved(
            ident=f"account_not_saved_{entry.entry_id}",
            key="account_not_saved",
            placeholders={"account": entry.title},
        )


def account_file(unique_id: str) -> str:
    """Return a name that no two accounts share, and that does not tell whose it is."""
    return f"account.{sha256(unique_id.encode()).hexdigest()[:_DIGITS]}"
