"""Opening an account in Home Assistant: sessions, clocks, and files of its own."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import aiohttp
from aiohttp import DummyCookieJar

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession

from ..cloud.contract import Service, Tokens
from ..cloud.http import Transport
from ..cloud.server import ServerPin
from ..const import CONF_REGION, CONF_SERVER, CONF_SERVICE
from ..engine import Login, OpenAccount
from ..engine.opening import open_kept, open_service
from ..engine.storage import belongs_to, kept_pin, pinned
from ..makers.registry import SERVICES
from .account_store import AccountStore
from .data import carport_data

__all__ = [
    "OpenAccount",
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
        clock=carport_data(hass).clock,
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
        clock=carport_data(hass).clock,
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


@callback
def _session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return the session of all accounts, which lasts as long as Home Assistant.

    Cookies belong to a sign-in, which keeps its own jar. A session for each account
    would stay after every sign-in that no entry comes of.
    """
    data = carport_data(hass)
    if (session := data.session) is None:
        session = data.session = async_create_clientsession(
            hass, auto_cleanup=False, cookie_jar=DummyCookieJar()
        )

        @callback
        def close(_: Event) -> None:
            # Its connections are Home Assistant's own, and are not this one's to close.
            data.session = None
            session.detach()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return session


@callback
def async_account_store(hass: HomeAssistant, unique_id: str) -> AccountStore:
    """Return an account's only memory: two would overwrite each other's tokens."""
    stores = carport_data(hass).account_stores
    if unique_id not in stores:
        stores[unique_id] = AccountStore(hass, unique_id)
    return stores[unique_id]


@callback
def async_store_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> AccountStore:
    """Return the private memory of an entry's account."""
    return async_account_store(hass, entry.unique_id or entry.entry_id)
