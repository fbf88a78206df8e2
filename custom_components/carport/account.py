"""Opening an account: its service over HTTP, and its private memory on disk."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from aiohttp import DummyCookieJar

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.storage import Store
from homeassistant.util import slugify
from homeassistant.util.hass_dict import HassKey

from .const import CLOCK, DOMAIN
from .makers.registry import SERVICES
from .restore import restored
from .service.clock import Clock, SystemClock
from .service.contract import Context, Service, Tokens
from .service.hosts import HostMap
from .service.http import Transport
from .service.ledger import Ledger
from .service.server import fetch_index

_VERSION: Final = 1
_SAVE_DELAY: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """An account that can be called."""

    service: Service
    transport: Transport
    ledger: Ledger
    clock: Clock


async def async_open_account(
    hass: HomeAssistant,
    *,
    service_key: str,
    region: str,
    username: str,
    server: str | None,
    account: str,
    tokens: Tokens | None,
    save_tokens: Callable[[Tokens | None], Awaitable[None]],
    ledger_data: Mapping[str, Any] | None = None,
) -> OpenAccount:
    """Build an account's service; nothing but a given server's index is called.

    Raises `CloudError` when the server's index cannot be read.
    """
    # Cookies belong to a sign-in, which keeps its own jar.
    session = async_create_clientsession(hass, cookie_jar=DummyCookieJar())
    hosts, clock = HostMap(), hass.data.get(CLOCK)
    if server:
        index = await fetch_index(session, server)
        hosts, clock = index.hosts, clock or index.clock
    clock = clock or SystemClock()
    kind = SERVICES[service_key]
    cadence = kind.info.cadence
    new_ledger = partial(Ledger, clock, a_day=cadence.a_day, reserve=cadence.reserve)
    ledger = restored("ledger", lambda: new_ledger(data=ledger_data), new_ledger)
    transport = Transport(session, clock, hosts, ledger)
    service = kind(
        Context(
            transport=transport,
            clock=clock,
            account=account,
            region=region,
            username=username,
            tokens=tokens,
            save_tokens=save_tokens,
        )
    )
    return OpenAccount(service=service, transport=transport, ledger=ledger, clock=clock)


class AccountStore:
    """An account's private memory: tokens, ledger, list of cars.

    Got by `async_account_store`, so that a flow and a running account share one.
    """

    def __init__(self, hass: HomeAssistant, unique_id: str) -> None:
        """Name the file by the account."""
        self._store: Store[dict[str, Any]] = Store(
            hass,
            _VERSION,
            f"{DOMAIN}.account.{slugify(unique_id)}",
            private=True,
            atomic_writes=True,
            # With many cars that takes its time; the loop has others to serve.
            serialize_in_event_loop=False,
        )
        self.data: dict[str, Any] = {}
        self._loaded = False

    async def async_load(self) -> None:
        """Read what was kept, once; an unreadable file counts as none."""
        if not self._loaded:
            self.data = await self._store.async_load() or {}
            self._loaded = True

    async def async_keep(self, **values: Any) -> None:
        """Keep values and return when they are on disk."""
        self.data.update(values)
        await self._store.async_save(dict(self.data))

    def keep_soon(self, **values: Any) -> None:
        """Keep values; they reach the disk a little later."""
        self.data.update(values)
        self._store.async_delay_save(lambda: dict(self.data), _SAVE_DELAY)

    async def async_remove(self) -> None:
        """Forget everything."""
        self.data = {}
        await self._store.async_remove()


_STORES: Final[HassKey[dict[str, AccountStore]]] = HassKey(f"{DOMAIN}_account_stores")


@callback
def async_account_store(hass: HomeAssistant, unique_id: str) -> AccountStore:
    """Return an account's only memory: two would overwrite each other's tokens."""
    stores = hass.data.setdefault(_STORES, {})
    if unique_id not in stores:
        stores[unique_id] = AccountStore(hass, unique_id)
    return stores[unique_id]
