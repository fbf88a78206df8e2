"""Opening an account in Home Assistant: sessions, clocks, and files of its own."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from hashlib import sha256
from typing import Any, Final, override

import aiohttp
from aiohttp import DummyCookieJar

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from ..cloud.contract import Service, Tokens
from ..cloud.http import Transport
from ..cloud.server import ServerPin
from ..const import CLOCK, CONF_PIN, CONF_REGION, CONF_SERVER, CONF_SERVICE, DOMAIN
from ..engine import AccountStore as EngineStore, Login, OpenAccount
from ..engine.opening import open_kept, open_service
from ..engine.storage import belongs_to, kept_pin, pinned
from ..makers.registry import SERVICES
from .private_store import PrivateStore, Unsaved

_DIGITS: Final = 32
"""How much of a digest names a file: no two will ever be the same."""

__all__ = [
    "AccountStore",
    "OpenAccount",
    "account_file",
    "async_account_store",
    "async_hosts_of",
    "async_open_account",
    "async_open_kept",
    "async_service",
    "async_store_of",
    "belongs_to",
    "kept_pin",
    "pinned",
]


async def async_open_account(
    hass: HomeAssistant,
    *,
    service_key: str,
    region: str,
    username: str,
    server: str | None,
    pin: ServerPin | None,
    account: str,
    tokens: Tokens | None,
    save_tokens: Callable[[Tokens | None], Awaitable[None]],
    ledger_data: Mapping[str, Any] | None = None,
    agreed: Collection[str] = (),
) -> OpenAccount:
    """Build the service of an account that is not kept yet, or is changed."""
    return await open_service(
        _session(hass),
        Login(service=service_key, region=region, username=username, server=server),
        account=account,
        pin=pin,
        tokens=tokens,
        save_tokens=save_tokens,
        ledger_data=ledger_data,
        agreed=agreed,
        clock=hass.data.get(CLOCK),
        transport=Transport,
    )


async def async_open_kept(
    hass: HomeAssistant, login: Login, store: AccountStore, account: str
) -> OpenAccount:
    """Build a known account's service from what is kept of it."""
    return await open_kept(
        _session(hass),
        login,
        store,
        account=account,
        clock=hass.data.get(CLOCK),
        transport=Transport,
    )


async def async_service(hass: HomeAssistant, key: str) -> type[Service]:
    """Return a service, imported where that keeps nothing else waiting."""
    if not SERVICES.is_imported(key):
        await hass.async_add_import_executor_job(SERVICES.__getitem__, key)
    return SERVICES[key]


async def async_hosts_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> list[str]:
    """Return where everything of an account goes now, as it was agreed to."""
    server = entry.data.get(CONF_SERVER)
    if not server:
        info = (await async_service(hass, entry.data[CONF_SERVICE])).info
        return sorted(info.hosts[entry.data[CONF_REGION]])
    store = async_store_of(hass, entry)
    await store.async_load()
    pin = kept_pin(store.data) if belongs_to(store.data, server) else None
    return [server] if pin is None else pin.lines()


_SESSION: Final[HassKey[aiohttp.ClientSession]] = HassKey(f"{DOMAIN}_session")


@callback
def _session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return the session of all accounts, which lasts as long as Home Assistant.

    Cookies belong to a sign-in, which keeps its own jar. A session for each account
    would stay after every sign-in that no entry comes of.
    """
    if (session := hass.data.get(_SESSION)) is None:
        session = async_create_clientsession(
            hass, auto_cleanup=False, cookie_jar=DummyCookieJar()
        )
        hass.data[_SESSION] = session

        @callback
        def close(_: Event) -> None:
            # Its connections are Home Assistant's own, and are not this one's to close.
            hass.data.pop(_SESSION).detach()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return session


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


_STORES: Final[HassKey[dict[str, AccountStore]]] = HassKey(f"{DOMAIN}_account_stores")


@callback
def async_account_store(hass: HomeAssistant, unique_id: str) -> AccountStore:
    """Return an account's only memory: two would overwrite each other's tokens."""
    stores = hass.data.setdefault(_STORES, {})
    if unique_id not in stores:
        stores[unique_id] = AccountStore(hass, unique_id)
    return stores[unique_id]


@callback
def async_store_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> AccountStore:
    """Return the private memory of an entry's account."""
    return async_account_store(hass, entry.unique_id or entry.entry_id)
