"""The engine: all accounts of one face, the garage of their cars, and the commands.

A face gives it a clock, storage and HTTP sessions, and hears of changes by subscribing
to the garage. Nothing in here knows Home Assistant.
"""

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from datetime import UTC, tzinfo
from typing import Any, Self, cast

import aiohttp

from ..car.bounds import clean_json
from ..car.commands import Command, CommandKind
from ..car.history import ALWAYS, Period
from ..car.places import PLACE_HISTORY, without_places
from ..car.receipts import Receipt
from ..cloud.clock import Clock, SystemClock
from ..cloud.contract import Picture, ReadResult
from ..cloud.errors import BadAnswer, NotSupported, SwitchedOff
from ..cloud.guard import SignInGuard, guarded_sign_in
from ..cloud.http import Transport
from .account import Account
from .cars import GarageCar
from .channel import SHUT, Channel
from .dispatch import Dispatcher
from .face import AccountFace, AccountOptions, PlainFace
from .garage import Garage
from .keeping import Keeping, load_kept
from .lane import WhenBusy
from .opening import Login, MakeTransport, OpenAccount, open_kept
from .storage import AccountStore, CarStorage, MemoryStorage, Storage, restored
from .yielding import Yielding


class Engine:
    """What outlives single accounts, and the accounts that are open."""

    def __init__(
        self,
        storage: Storage,
        stored: object = None,
        *,
        cars: CarStorage | None = None,
        clock: Clock | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        """Bring everything back as it was stored; `load` reads it first.

        Where there is a storage of cars, each is kept by itself there. The zone is
        that of the owner, by whose local time habits are learnt.
        """
        kept = stored if isinstance(stored, Mapping) else {}
        self.clock = clock or SystemClock()
        self.zone = zone
        self.accounts: dict[str, Account] = {}
        self.yielding = Yielding()
        self.garage = restored(
            "garage",
            lambda: Garage(self.clock, self._save_cars, kept.get("garage")),
            lambda: Garage(self.clock, self._save_cars),
        )
        self.dispatcher = Dispatcher(self.garage, _spawn)
        self.guard = restored(
            "guard of sign-ins",
            lambda: SignInGuard(self.clock, kept.get("guard"), self.save_soon),
            lambda: SignInGuard(self.clock, changed=self.save_soon),
        )
        self._keeping = Keeping(
            storage, cars, self.garage, self.guard.to_json, self.yielding
        )

    @classmethod
    async def load(
        cls,
        storage: Storage | None = None,
        *,
        cars: CarStorage | None = None,
        clock: Clock | None = None,
        zone: tzinfo = UTC,
    ) -> Self:
        """Build an engine from what was kept; without storage nothing outlives it."""
        storage = storage or MemoryStorage()
        kept = await load_kept(storage, cars)
        return cls(storage, kept, cars=cars, clock=clock, zone=zone)

    # Accounts

    async def open(
        self,
        session: aiohttp.ClientSession,
        name: str,
        login: Login,
        *,
        store: AccountStore | None = None,
        options: AccountOptions | None = None,
        credentials: Mapping[str, str] | None = None,
        agreed: Collection[str] = (),
        clock: Clock | None = None,
        transport: MakeTransport = Transport,
    ) -> Account:
        """Open an account by a short private name, with its cars connected.

        With `credentials` it signs in first; without them it goes on with the tokens
        in its `store`. The session must keep no cookies. Raises `CloudError` as
        `open_service`, the sign-in and the list of cars do.
        """
        store = store or AccountStore(MemoryStorage())
        opened = await open_kept(
            session,
            login,
            store,
            account=name,
            agreed=agreed,
            clock=clock,
            transport=transport,
        )
        try:
            if credentials is not None:
                await guarded_sign_in(opened.service, credentials, self.guard)
        except BaseException:
            await opened.service.close()
            raise
        finally:
            # A refused password must not be tried again after a crash either.
            await self.save()
        face = PlainFace(self.garage, name, options or AccountOptions())
        account = self.add(name, opened, store, face)
        face.watch = account.watch
        try:
            await account.begin()
        except BaseException:
            await self.close_account(account)
            raise
        return account

    def add(
        self, name: str, opened: OpenAccount, store: AccountStore, face: AccountFace
    ) -> Account:
        """Take an opened account in; its face begins, starts and closes it."""
        account = Account(
            name,
            opened,
            store,
            self.garage,
            self.dispatcher,
            face,
            self.zone,
            self.yielding,
        )
        self.accounts[name] = account
        return account

    def live_by(self, zone: tzinfo) -> None:
        """Go by another zone from now on: the owner has moved, or has corrected it."""
        self.zone = zone
        for account in self.accounts.values():
            account.live_by(zone)

    async def close_account(self, account: Account) -> None:
        """End an account's work, each command with a receipt, and let go of its cars."""
        if self.accounts.get(account.name) is account:
            del self.accounts[account.name]
        await account.close()

    async def close(self) -> None:
        """Close every account, and keep everything."""
        for account in tuple(self.accounts.values()):
            await self.close_account(account)
        self.garage.close()
        await self.save()

    # Cars

    @property
    def cars(self) -> Mapping[str, GarageCar]:
        """All cars by VIN, with what is known of them."""
        return self.garage.cars

    async def read(self, vin: str) -> GarageCar:
        """Read a car now through its best account; raise `CloudError` if that fails."""
        car = self.garage.cars[vin]
        channel = car.best_channel
        if channel is not None:
            await self.accounts[channel.account].read(vin)
        return car

    async def history(
        self, vin: str, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any] | None:
        """Ask for one of the lists that makers keep; None where nobody has it.

        An open account is asked first. What no maker keeps is made of the logbook, as
        far as it can be. Where the owner shares no places there are none.
        """
        car = self.garage.cars[vin]
        able = [
            channel
            for channel in car.channels_by_choice
            if what in channel.service.info.history
        ]
        if not able:
            return car.derived(what, period)
        chosen = min(able, key=lambda one: one.state in SHUT)
        if what in PLACE_HISTORY and not chosen.share_position:
            raise SwitchedOff(what)

        async def ask(channel: Channel) -> Mapping[str, Any]:
            try:
                found = await channel.service.history(channel.car, what, period)
            except NotSupported:
                if (own := car.derived(what, period)) is not None:
                    return own
                raise
            try:
                return cast(Mapping[str, Any], clean_json(dict(found)))
            except ValueError:
                raise BadAnswer(what) from None

        answer = await self.accounts[chosen.account].ask(vin, ask)
        if chosen.share_position:
            return answer
        return cast(Mapping[str, Any], without_places(answer))

    async def read_schedule(self, vin: str) -> None:
        """Read the timers anew before one is changed: an app may have set others."""
        car = self.garage.cars[vin]
        for channel, _ in car.routes(CommandKind.SET_SCHEDULE):
            if channel.shut is None:
                result = await self.accounts[channel.account].ask(
                    vin, lambda route: route.service.read_schedule(route.car)
                )
                if result is not None:
                    self.garage.take(vin, channel.account, result)
                return

    async def picture(self, vin: str) -> Picture | None:
        """Fetch a picture of a car; None where no account has one."""
        car = self.garage.cars[vin]
        able = [one for one in car.channels_by_choice if one.service.info.pictures]
        if not able:
            return None
        chosen = min(able, key=lambda one: one.state in SHUT)
        return await self.accounts[chosen.account].ask(
            vin, lambda channel: channel.service.picture(channel.car)
        )

    async def read_rationed(self, vin: str, pin: str | None = None) -> None:
        """Read what routine reading leaves out because the maker rations it."""
        car = self.garage.cars[vin]
        able = [one for one in car.channels_by_choice if one.service.info.parts]
        if not able:
            return
        chosen = min(able, key=lambda one: one.state in SHUT)
        for part in sorted(chosen.service.info.parts):

            async def ask(channel: Channel, part: str = part) -> ReadResult:
                return await channel.service.read_part(
                    channel.car, part, pin or channel.pin
                )

            result = await self.accounts[chosen.account].ask(vin, ask)
            self.garage.take(vin, chosen.account, result)

    async def send(
        self,
        vin: str,
        command: Command,
        *,
        pin: str | None = None,
        busy: WhenBusy = WhenBusy.REFUSE,
    ) -> Receipt:
        """Carry a command to a car, and return what became of it."""
        return await self.dispatcher.send(vin, command, pin=pin, busy=busy)

    # What is kept

    def save_soon(self) -> None:
        """Write to disk after a while; many changes make one write."""
        self._keeping.save_soon()

    def _save_cars(self) -> None:
        self._keeping.save_cars_soon()

    async def save(self) -> None:
        """Write to disk now what has changed."""
        await self._keeping.save()


def _spawn(work: Coroutine[Any, Any, Receipt], name: str) -> asyncio.Task[Receipt]:
    return asyncio.get_running_loop().create_task(work, name=name, eager_start=False)
