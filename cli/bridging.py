"""The bridge as a process: accounts that are read, and a broker that hears of it."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
import errno
import logging
from pathlib import Path
from typing import Any, Final, Self, cast
from uuid import uuid4

from carport.car.commands import Command
from carport.car.receipts import Outcome, Receipt
from carport.cloud.cadence import Profile
from carport.cloud.clock import SystemClock
from carport.cloud.contract import Picture
from carport.cloud.errors import CloudError, LoginExpired, SignInFailed
from carport.engine import Garage
from carport.engine.storage import LeaseLost, StorageUnreachable
from carport.mqtt.bridge import Bridge
from carport.mqtt.connection import Broker, BrokerUnreachable, Connection
from carport.mqtt.settings import Settings

from .announced import KeptRecord, digest_of_broker
from .bridge_setup import fuel_heaters
from .exits import Exit, Failure
from .home import AccountRecord, Home
from .journal import cut_off, journalled
from .service_manager import note_alive, notify
from .serving import Served, Serving, SharedHome
from .sessions import Session, open_accounts
from .words import entity_names, say_error

_LOGGER: Final = logging.getLogger("carport.bridge")

ALIVE: Final = "bridge.json"
_BEAT: Final = 15.0
_TRY_AGAIN: Final = (60.0, 300.0, 900.0)
_LOOK_FOR_REMOVED: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGateway:
    """The accounts of this process, as the bridge uses them."""

    session: Session
    home: Home
    accounts: Mapping[str, str]
    """The account that journals the commands of a car, by its VIN; else its owner does."""
    known: Mapping[str, Collection[str]]
    """The cars of each account as listed before, for one that does not open."""

    @classmethod
    def of(
        cls, session: Session, home: Home, records: Collection[AccountRecord]
    ) -> Self:
        """Know which account journals which car: the first that lists it."""
        accounts: dict[str, str] = {}
        known: dict[str, Collection[str]] = {}
        for record in records:
            vehicles = home.vehicles(record.name)
            if vehicles.cars or vehicles.listed_at is not None:
                known[record.name] = frozenset(vehicles.cars)
            for vin in vehicles.cars:
                accounts.setdefault(vin, record.name)
        return cls(session=session, home=home, accounts=accounts, known=known)

    @property
    def garage(self) -> Garage:
        """The cars."""
        return self.session.engine.garage

    @property
    def listed(self) -> Mapping[str, Collection[str]]:
        """The cars of each account: as listed since, or as known from before."""
        opened = self.session.engine.accounts
        return {**self.known, **{name: one.shown_cars for name, one in opened.items()}}

    async def send(self, vin: str, command: Command, id_: str | None) -> Receipt:
        """Send a command that is on disk before it goes out."""
        engine = self.session.engine
        now = engine.garage.clock_of(engine.cars[vin]).now()
        name = self.accounts.get(vin) or str(engine.cars[vin].owner)
        try:
            with journalled(self.home.journal(name), vin, command, now, id_):
                return await engine.send(vin, command)
        except (LeaseLost, StorageUnreachable) as error:
            # It is not written down as under way, so it does not go out.
            return Receipt(
                id=id_ or uuid4().hex,
                command=command.kind,
                parameters=command.parameters,
                outcome=Outcome.REFUSED,
                reason=error.reason,
                requested_at=now,
                finished_at=now,
            )

    async def read(self, vin: str) -> None:
        """Read the maker's copy now."""
        await self.session.engine.read(vin)

    async def read_schedule(self, vin: str) -> None:
        """Read the timers alone."""
        await self.session.engine.read_schedule(vin)

    async def picture(self, vin: str) -> Picture | None:
        """Fetch a picture."""
        return await self.session.engine.picture(vin)

    def profile(self, vin: str) -> Profile:
        """Return how often a car is read."""
        engine = self.session.engine
        car = engine.cars[vin]
        account = engine.accounts.get(str(car.owner))
        otherwise = Profile.NORMAL if account is None else account.options.profile
        return car.profile or otherwise


async def run_bridge(
    home: Home,
    records: Collection[AccountRecord],
    settings: Settings,
    broker: Broker,
    *,
    stop: asyncio.Event,
    broker_must_be: bool = False,
) -> Exit:
    """Run until somebody ends it, or until the broker is not even there at the start.

    Where other machines share the accounts, those that nobody serves are served: only
    the given ones, or all without any.
    """
    serving: Serving | None = None
    served = records
    if home.shared:
        shared = cast(SharedHome, home)
        shared.whole = False
        served = ()
        # Else the broker would end the connection of one for the other.
        broker = replace(broker, client_id=f"{broker.client_id}-{uuid4().hex[:8]}")
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(note_error)
    heaters = fuel_heaters(settings)
    async with open_accounts(home, served, fuel_heaters=heaters) as session:
        gateway = AccountGateway.of(session, home, served)
        record = home.announced(digest_of_broker(broker.host, broker.port))
        await asyncio.to_thread(record.refresh)
        bridge = Bridge(gateway, settings, names=entity_names(), record=record)
        if bridge.classic is not None:
            bridge.classic.stop_wanted = stop.set
        tell_cut_off(bridge, home, served)
        connection = Connection(bridge, broker, first_must_work=broker_must_be)
        for account in session.engine.accounts.values():
            account.start()
        tasks = {
            loop.create_task(connection.run(), name="carport broker"),
            loop.create_task(
                _keep_alive(home.path / ALIVE, connection, bridge, shared=home.shared)
            ),
            loop.create_task(_try_again(session, served)),
            loop.create_task(_take_back(bridge, record)),
        }
        if home.shared:
            serving = _serving(bridge, home, session, records)
            tasks.add(loop.create_task(serving.run(), name="carport leases"))
        notify("READY=1")
        ending = loop.create_task(stop.wait())
        await asyncio.wait({ending, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        notify("STOPPING=1")
        bridge.stop()
        if serving is not None:
            await serving.close()
        for account in tuple(session.engine.accounts.values()):
            await session.engine.close_account(account)
        await bridge.close()
        await connection.end()
        for task in tasks:
            if not task.done():
                task.cancel()
        await asyncio.wait(tasks)
        with suppress(OSError):
            (home.path / ALIVE).unlink()
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise _ending_of(error) from error
    return Exit.DONE


async def clear_away(home: Home, settings: Settings, broker: Broker) -> None:
    """Take back what is left at the broker of accounts that were the last ones.

    Without an account no bridge would run that does it.
    """
    record = home.announced(digest_of_broker(broker.host, broker.port))
    await asyncio.to_thread(record.refresh)
    if not (removed := await asyncio.to_thread(record.removed)):
        return
    async with open_accounts(home, ()) as session:
        gateway = AccountGateway.of(session, home, ())
        bridge = Bridge(gateway, settings, record=record)
        bridge.take_back_accounts(removed)
        connection = Connection(bridge, broker, first_must_work=True)
        visit = asyncio.get_running_loop().create_task(connection.run())
        emptied = asyncio.get_running_loop().create_task(bridge.outbox.emptied())
        await asyncio.wait({visit, emptied}, return_when=asyncio.FIRST_COMPLETED)
        emptied.cancel()
        bridge.stop()
        await bridge.close()
        await connection.end()
        try:
            await visit
        except BrokerUnreachable:
            _LOGGER.warning("The broker is not there: what is left there stays for now")


def _ending_of(error: BaseException) -> BaseException:
    if isinstance(error, BrokerUnreachable):
        return Failure(Exit.REFUSED, "no_broker", f"The broker is not there: {error}")
    return error


def note_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody waited for; not that a lost connection's socket was closed."""
    error = context.get("exception")
    if not isinstance(error, OSError) or error.errno != errno.EBADF:
        loop.default_exception_handler(context)


def _serving(
    bridge: Bridge, home: Home, session: Session, records: Collection[AccountRecord]
) -> Serving:
    """Return what leases accounts, and tells the broker of their cars."""

    def opened(served: Served) -> None:
        bridge.look_for_cars()
        tell_cut_off(bridge, home, [served.record])

    def closed(served: Served) -> None:
        for vin, car in tuple(bridge.cars.items()):
            if car.car.owner == served.record.name:
                bridge.forget(vin)
        bridge.forget_account(served.record.name)

    return Serving(
        session=session,
        home=cast(SharedHome, home),
        wanted=[record.name for record in records] or None,
        opened=opened,
        closed=closed,
    )


def tell_cut_off(
    bridge: Bridge, home: Home, records: Collection[AccountRecord]
) -> None:
    """Tell of commands that a crash cut off: unknown, and never sent again."""
    for record in records:
        for one in cut_off(home.journal(record.name)):
            _LOGGER.warning("An earlier run was cut off at %s", one.command)
            bridge.tell_cut_off(one.vin, one.id, one.command)


async def _keep_alive(
    path: Path, connection: Connection, bridge: Bridge, *, shared: bool
) -> None:
    clock = SystemClock()
    while True:
        connection.changed.clear()
        try:
            note_alive(path, clock, connected=connection.connected)
        except OSError as error:
            # A health check notices.
            _LOGGER.debug("No sign of life can be left: %s", type(error).__name__)
        notify("WATCHDOG=1")
        if shared:
            bridge.say_online()
        with suppress(TimeoutError):
            async with asyncio.timeout(_BEAT):
                await connection.changed.wait()


async def _take_back(bridge: Bridge, record: KeptRecord) -> None:
    """Take back what was announced of accounts that somebody removed, now or meanwhile."""
    clock = SystemClock()
    while True:
        try:
            bridge.take_back_accounts(await asyncio.to_thread(record.removed))
        except StorageUnreachable:
            _LOGGER.debug("The database does not answer; what is gone stays for now")
        await clock.sleep(_LOOK_FOR_REMOVED)


async def _try_again(session: Session, records: Collection[AccountRecord]) -> None:
    """Open accounts that did not open, unless it is their owner's turn."""
    clock = SystemClock()
    for name, error in session.failed.items():
        _LOGGER.warning("The account %s does not open: %s", name, say_error(error))
    number = 0
    while waiting := [
        one for one in records if _can_wait(session.failed.get(one.name))
    ]:
        await clock.sleep(_TRY_AGAIN[min(number, len(_TRY_AGAIN) - 1)])
        number += 1
        for record in waiting:
            if (account := await session.open(record)) is not None:
                _LOGGER.info("The account %s is open", record.name)
                account.start()
    await asyncio.Event().wait()


def _can_wait(error: CloudError | None) -> bool:
    """Return whether trying again may help: a refused sign-in is never sent twice."""
    return error is not None and not isinstance(error, (LoginExpired, SignInFailed))
