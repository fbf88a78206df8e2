"""Accounts opened for one run of the command, held against every other process."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from carport.cloud.clock import Clock, SystemClock
from carport.cloud.errors import CloudError
from carport.cloud.server import fetch_index
from carport.engine import Account, AccountOptions, Engine, GarageCar

from .exits import Exit, Failure
from .home import AccountRecord, Home


@dataclass(slots=True, kw_only=True)
class Session:
    """An engine with accounts that are open, and why others are not."""

    engine: Engine
    home: Home
    http: aiohttp.ClientSession
    fuel_heaters: frozenset[str] = frozenset()
    """The cars whose heater may burn fuel, as their owner has confirmed."""
    failed: dict[str, CloudError] = field(default_factory=dict)

    def account(self, name: str) -> Account:
        """Return an open account; raise what kept it from opening."""
        if (error := self.failed.get(name)) is not None:
            raise error
        return self.engine.accounts[name]

    def car(self, vin: str) -> GarageCar:
        """Return a car that some open account has; raise what is in the way."""
        car = self.engine.cars.get(vin)
        if car is not None and car.channels:
            return car
        for error in self.failed.values():
            raise error
        raise Failure(
            Exit.REFUSED, "not_listed", "The account does not list this car any more."
        )

    async def open(self, record: AccountRecord) -> Account | None:
        """Open an account, or note what keeps it from opening."""
        self.failed.pop(record.name, None)
        try:
            return await self.engine.open(
                self.http,
                record.name,
                record.login,
                store=self.home.store(record.name),
                transport=self.home.transport(record.name),
                options=AccountOptions(
                    pin=record.pin,
                    fuel_heaters=self.fuel_heaters.union(record.fuel_heaters),
                ),
            )
        except CloudError as error:
            self.failed[record.name] = error
            return None


def http_session() -> aiohttp.ClientSession:
    """Return a session without cookies, which belong to a sign-in."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


@asynccontextmanager
async def open_accounts(
    home: Home,
    records: Collection[AccountRecord],
    *,
    fuel_heaters: frozenset[str] = frozenset(),
) -> AsyncIterator[Session]:
    """Open accounts with what is kept of them, and keep what became of them."""
    cars = {vin for one in records for vin in home.vehicles(one.name).cars}

    def mine() -> Collection[str]:
        shown = (one.shown_cars for one in session.engine.accounts.values())
        cars.update(*shown)
        return cars

    with home.held([record.name for record in records]):
        zone = datetime.now().astimezone().tzinfo
        assert zone is not None
        storage = home.garage_storage(mine, signs_in=False)
        async with http_session() as http:
            session = Session(
                engine=await Engine.load(storage, zone=zone),
                home=home,
                http=http,
                fuel_heaters=fuel_heaters,
            )
            try:
                for record in records:
                    await session.open(record)
                yield session
            finally:
                mine()
                await session.engine.close()


async def clock_of_account(record: AccountRecord) -> Clock:
    """Return the clock by which an account's times are told where it is not opened.

    That of a server may be another than this machine's; one that does not answer has
    nothing to say on it.
    """
    if record.server:
        async with http_session() as http:
            with suppress(CloudError):
                return (await fetch_index(http, record.server)).clock
    return SystemClock()
