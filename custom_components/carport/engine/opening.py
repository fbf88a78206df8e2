"""Opening an account: its service, over HTTP as a face gives it."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from ..cloud.clock import Clock, SystemClock
from ..cloud.contract import Context, Service, Tokens
from ..cloud.errors import PlainServer
from ..cloud.hosts import HostMap
from ..cloud.http import Transport
from ..cloud.ledger import Ledger
from ..cloud.server import ServerPin, fetch_index, plain_doubts, server_url
from ..makers.registry import SERVICES
from .storage import AccountStore, belongs_to, kept_pin, pinned, restored

type MakeTransport = Callable[
    [aiohttp.ClientSession, Clock, HostMap, Ledger], Transport
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What an account is: a service, a user there, and who answers for the maker."""

    service: str
    region: str
    username: str
    server: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """An account that can be called."""

    service: Service
    transport: Transport
    ledger: Ledger
    clock: Clock
    pin: ServerPin | None
    """The server's map as it is now; None for the maker itself."""


async def open_service(
    session: aiohttp.ClientSession,
    login: Login,
    *,
    account: str,
    pin: ServerPin | None,
    tokens: Tokens | None,
    save_tokens: Callable[[Tokens | None], Awaitable[None]],
    ledger_data: Mapping[str, Any] | None = None,
    agreed: Collection[str] = (),
    clock: Clock | None = None,
    transport: MakeTransport = Transport,
) -> OpenAccount:
    """Build an account's service; nothing but a given server's index is called.

    The session must keep no cookies: they belong to a sign-in. A `clock` takes the
    place of the server's. Raises `CloudError` when the server's index cannot be read,
    and `ServerRefused` if it is not the pinned one, or without a `pin` if it holds
    what was not `agreed` to.
    """
    hosts = HostMap()
    now_pin: ServerPin | None = None
    if login.server:
        if pin is None:
            _check_address(login.server, agreed)
        index = await fetch_index(session, login.server)
        hosts, clock, now_pin = index.hosts, clock or index.clock, index.pin
        if pin is None:
            now_pin.check(agreed)
        else:
            pin.follow(now_pin)
    clock = clock or SystemClock()
    kind = SERVICES[login.service]
    new_ledger = partial(Ledger, clock, limits=kind.info.call_limits)
    ledger = restored("ledger", lambda: new_ledger(data=ledger_data), new_ledger)
    calls = transport(session, clock, hosts, ledger)
    service = kind(
        Context(
            transport=calls,
            clock=clock,
            account=account,
            region=login.region,
            username=login.username,
            tokens=tokens,
            save_tokens=save_tokens,
        )
    )
    return OpenAccount(
        service=service, transport=calls, ledger=ledger, clock=clock, pin=now_pin
    )


async def open_kept(
    session: aiohttp.ClientSession,
    login: Login,
    store: AccountStore,
    *,
    account: str,
    agreed: Collection[str] = (),
    clock: Clock | None = None,
    transport: MakeTransport = Transport,
) -> OpenAccount:
    """Build a known account's service from what is kept of it, and got from its server.

    What another server gave stays out of it, and is given up. The server's map is kept
    as it is now: at first, and when ports have changed on the server's own machine.
    """
    await store.load()
    server = login.server
    known = belongs_to(store.data, server)
    if not known:
        await store.keep(tokens=None)

    sign_in = store.sign_ins

    async def save_tokens(tokens: Tokens | None) -> None:
        # A new sign-in elsewhere may be kept already, while this one still runs.
        if belongs_to(store.data, server):
            await store.keep_tokens(tokens, sign_in)

    opened = await open_service(
        session,
        login,
        account=account,
        pin=kept_pin(store.data) if known else None,
        tokens=store.tokens,
        save_tokens=save_tokens,
        ledger_data=store.data.get("ledger"),
        agreed=agreed,
        clock=clock,
        transport=transport,
    )
    now = pinned(opened.pin)
    try:
        if any(store.data.get(key, ...) != value for key, value in now.items()):
            await store.keep(**now)
    except BaseException:
        await opened.service.close()
        raise
    return opened


def _check_address(server: str, agreed: Collection[str]) -> None:
    """Raise `PlainServer` before a server is called in clear without leave."""
    doubts = plain_doubts(server_url(server))
    if not set(doubts) <= set(agreed):
        raise PlainServer(doubts)
