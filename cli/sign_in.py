"""Accounts: added by the same conversation as everywhere, signed in again, taken away."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, override

import aiohttp

from carport.cloud.clock import Clock
from carport.cloud.contract import LeftBehind
from carport.cloud.credentials import CredentialField, FieldKind
from carport.cloud.errors import CloudError
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.identity import normalised
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.server import same_server
from carport.cloud.service_info import ServiceInfo
from carport.engine import Engine
from carport.engine.login import SERVER_CHANGED, LoginFailed, LoginResult, try_login
from carport.engine.opening import MakeTransport, open_kept, open_service

from .exits import Exit, Failure
from .home import AccountRecord, Home
from .output import Output
from .sessions import http_session
from .terminal_dialog import Keyboard, Prompter, TerminalDialog, agrees, ask_fields
from .words import say, say_guide, say_login

_SIGN_OUT_TIME: Final = 10.0

ONE_CARPORT: Final = (
    "One Carport per account: two share its calls and put each other's sign-in out. "
    "Where Home Assistant has the account already, leave it there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given with the command, besides what is asked for."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)


class NotingTransport(Transport):
    """Notes every call, of an account that nobody can count them for yet."""

    def __init__(
        self,
        made: list[tuple[Purpose, float]],
        session: aiohttp.ClientSession,
        clock: Clock,
        hosts: HostMap,
        ledger: Ledger,
    ) -> None:
        """Know where to note them."""
        super().__init__(session, clock, hosts, ledger)
        self._made = made

    @override
    async def departing(self, purpose: Purpose) -> None:
        """Note what goes out, and when."""
        self._made.append((purpose, self._clock.now().timestamp()))


def read_secret(path: Path | None) -> str | None:
    """Return the first line of a file that holds a secret."""
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise Failure(
            Exit.USAGE, "not_utf8", "The file with the secret is no text in UTF-8."
        ) from None
    if not lines or not lines[0]:
        raise Failure(Exit.USAGE, "empty_file", "The file with the secret is empty.")
    return lines[0]


def parse_values(texts: list[str], info: ServiceInfo) -> dict[str, str]:
    """Return KEY=VALUE texts by key; a secret is not taken, others see the command."""
    open_fields = {one.key for one in info.sign_in_fields if not one.secret}
    values = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or key not in open_fields:
            keys = ", ".join(sorted(open_fields)) or "none"
            raise Failure(
                Exit.USAGE, "unknown_field", f"--set takes KEY=VALUE; keys: {keys}."
            )
        values[key] = value
    return values


async def add(
    home: Home,
    info: ServiceInfo,
    region: str,
    server: str | None,
    given: Given,
    out: Output,
    keyboard: Prompter | None = None,
) -> AccountRecord:
    """Sign in to an account for the first time, and keep it."""
    keyboard = keyboard or Keyboard()
    out.note(ONE_CARPORT)
    if info.guide is not None:
        out.note(say_guide(info))
    fields = _asked(info)
    typed = _credentials(fields, given, keyboard)
    identity = {one.key: typed[one.key] for one in info.identifying if one.key in typed}
    with home.signing_in():
        record = AccountRecord(
            name=home.free_name(info.key),
            service=info.key,
            region=region,
            server=server,
            identity=identity,
            settings={
                one.key: typed[one.key] for one in info.settings if one.key in typed
            },
            pin=_pin(info, given, keyboard),
        )
        if any(_same(record, known) for known in home.accounts()):
            raise _known()
        made: list[tuple[Purpose, float]] = []
        result = await _converse(
            home,
            record,
            fields,
            typed,
            out,
            keyboard,
            transport=partial(NotingTransport, made),
        )
        record = replace(record, account_id=result.account_id)
        if not info.random_id and any(
            (known.service, known.account_id) == (record.service, record.account_id)
            and same_server(known.server, record.server)
            for known in home.accounts()
        ):
            raise _known()
        home.keep(record)
        with home.held([record.name]):
            store = home.store(record.name)
            await store.load()
            await store.keep_sign_in(**result.kept)
            home.count_calls(record.name, made)
    return record


async def sign_in_again(
    home: Home,
    record: AccountRecord,
    given: Given,
    out: Output,
    keyboard: Prompter | None = None,
) -> None:
    """Sign in to a known account; everything known of its cars stays."""
    keyboard = keyboard or Keyboard()
    info = record.info
    fields = _asked(info)
    known = {**record.identity, **record.settings}
    given = replace(given, values={**known, **given.values})
    with home.held([record.name]), home.signing_in():
        typed = _credentials(fields, given, keyboard)
        result = await _converse(
            home,
            record,
            fields,
            typed,
            out,
            keyboard,
            home.kept(record.name),
            # Its calls count even if it fails.
            home.transport(record.name),
        )
        if not info.random_id and result.account_id != record.account_id:
            raise Failure(
                Exit.SIGN_IN, "wrong_account", say("config", "abort", "wrong_account")
            )
        pin = _pin(info, given, keyboard)
        settings = {
            one.key: typed[one.key] for one in info.settings if one.key in typed
        }
        home.keep(replace(record, settings=settings, pin=pin or record.pin))
        store = home.store(record.name)
        await store.load()
        await store.keep_sign_in(**result.kept)
        if pin:
            await store.forget_refused_pins()


async def remove(home: Home, record: AccountRecord) -> LeftBehind | None:
    """Give an account's tokens back, and forget it with the cars that only it had."""
    with home.held([record.name]):
        left = await _give_back(home, record)
        await _forget(home, record.name)
    return left


async def remove_damaged(home: Home, name: str) -> None:
    """Forget an account that cannot be opened, with the cars that only it had."""
    with home.held([name]):
        await _forget(home, name)


async def _give_back(home: Home, record: AccountRecord) -> LeftBehind | None:
    """Sign out; return what goes on at the maker all the same."""
    left: LeftBehind | None = None
    # A cloud that does not answer keeps nobody from leaving.
    with suppress(CloudError, TimeoutError):
        async with http_session() as http, asyncio.timeout(_SIGN_OUT_TIME):
            opened = await open_kept(
                http,
                record.login,
                home.store(record.name),
                account=record.name,
                transport=home.transport(record.name),
            )
            left = opened.service.left_behind()
            try:
                await opened.service.sign_out()
            finally:
                await opened.service.close()
    return left


async def _forget(home: Home, name: str) -> None:
    others = {
        vin
        for other in home.accounts()
        if other.name != name
        for vin in home.vehicles(other.name).cars
    }
    gone = set(home.vehicles(name).cars)
    engine = await Engine.load(home.garage_storage(lambda: gone, signs_in=False))
    # The list of its cars may be lost too.
    gone |= {vin for vin, car in engine.cars.items() if car.owner == name}
    gone -= others
    for vin in gone:
        engine.garage.forget(vin)
    await engine.close()
    home.remove(name)


async def _converse(
    home: Home,
    record: AccountRecord,
    fields: tuple[CredentialField, ...],
    typed: Mapping[str, str],
    out: Output,
    keyboard: Prompter,
    kept: Mapping[str, object] | None = None,
    transport: MakeTransport = Transport,
) -> LoginResult:
    """Talk until the sign-in has ended; ask before anything goes to a strange address."""
    engine = await Engine.load(home.garage_storage(frozenset, signs_in=True))
    refusals = partial(engine.guard.refusals, record.info, record.identity)
    agreed: frozenset[str] = frozenset()
    anew = False
    async with http_session() as http:
        while True:
            talk = TerminalDialog(fields, typed, keyboard, out, refusals)
            save: Callable[[], Awaitable[None]] = engine.save
            try:
                return await try_login(
                    partial(open_service, http, record.login, transport=transport),
                    record.server,
                    talk,
                    engine.guard,
                    save,
                    kept,
                    agreed=agreed,
                    anew=anew,
                    hear_clock=partial(setattr, talk, "clock"),
                )
            except LoginFailed as failed:
                failed.refusals = refusals()
                changed = failed.key == SERVER_CHANGED
                if not (failed.asks or changed) or not keyboard.there:
                    raise
                out.note(say_login(failed), "yellow")
                if not agrees(keyboard, "Send it there"):
                    raise
                agreed |= frozenset(failed.hosts)
                anew = anew or changed


def _asked(info: ServiceInfo) -> tuple[CredentialField, ...]:
    """Return what is asked for; what few owners need is only given by --set."""
    return tuple(one for one in info.sign_in_fields if not one.advanced)


def _credentials(
    fields: tuple[CredentialField, ...], given: Given, keyboard: Prompter
) -> dict[str, str]:
    """Return the credentials: what was given, and what the owner types."""
    typed = dict(given.values)
    secrets = [one for one in fields if one.secret]
    if given.secret is not None:
        if not secrets:
            raise Failure(
                Exit.USAGE, "no_secret_wanted", "This service takes no password."
            )
        typed[secrets[0].key] = given.secret
    if keyboard.there:
        return ask_fields(fields, typed, keyboard)
    typed = {**{one.key: one.suggested for one in fields if one.suggested}, **typed}
    missing = [one for one in fields if one.required and one.key not in typed]
    if missing:
        ways = ", ".join(
            "--password-file" if one.secret else f"--set {one.key}=…" for one in missing
        )
        raise Failure(
            Exit.USAGE,
            "not_given",
            f"Nobody is at the terminal to ask. Give what is missing: {ways}.",
        )
    return typed


def _pin(info: ServiceInfo, given: Given, keyboard: Prompter) -> str | None:
    """Return the PIN for commands, where the service takes one."""
    if not info.pin or given.pin or not keyboard.there:
        return given.pin
    field = next((one for one in info.credentials if one.kind is FieldKind.PIN), None)
    return None if field is None else ask_fields([field], {}, keyboard).get(field.key)


def _same(one: AccountRecord, other: AccountRecord) -> bool:
    """Return whether two records name the same account, however it is spelt."""
    return (
        (one.service, one.region) == (other.service, other.region)
        and same_server(one.server, other.server)
        and normalised(one.info, one.identity) == normalised(other.info, other.identity)
    )


def _known() -> Failure:
    text = say("config", "abort", "already_configured")
    return Failure(Exit.REFUSED, "already_configured", text)
