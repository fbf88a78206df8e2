"""Answers of clouds with something else in some places: readings, or a typed error."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
import json
import logging
from random import Random
from typing import Any, Final

from carport.car.commands import Command
from carport.car.signals import SIGNALS
from carport.cloud.contract import Car, Service
from carport.cloud.errors import CloudError, LoginExpired
from carport.cloud.ledger import Ledger
from carport.cloud.login import LoginAborted
from simulator.faults import FaultKind
from tests.makers.account import ServiceAccount
from tests.service_contract import examples

from .accounts import account_of, attacked
from .complaints import noted
from .findings import Findings
from .owners import Owner, owner_of
from .possible import broken_in
from .spoiling import Spoiler

_NAME: Final = "attack"
_HANGS_AFTER: Final = 20.0
_PAUSE: Final = 5.0
_GARBLED_EVERY: Final = 4
"""How often not JSON is another, but any bytes: of ZIPs, pages and pictures too."""
_SIGN_IN_EVERY: Final = 20
_UNLIMITED: Final[dict[str, dict[str, Any]]] = {
    "my_renault": {"quota": None},
    "car_data": {"calls_a_day": None},
    "skoda": {"limit": 1_000_000},
}
_OWNERS_BROWSER: Final = "/oneid/"
"""How the paths begin that no service calls."""
_SOME: Final = 0.3
"""How many answers are spoilt in every other trial, so that the next ones are met, too."""


async def run(count: int = 200, seed: int = 1, only: str | None = None) -> Findings:
    """Let every service do all that it can with so many spoilt answers each."""
    found = Findings(
        title="Mutated answers",
        what=(
            "Each trial reads a car anew and does one thing more: a list, a command, a picture, "
            "the list of cars, a part that is read on demand. One to four places of every JSON "
            "answer hold something else (odd numbers, texts, times and shapes, keys dropped or "
            "doubled), JSON in ZIPs included, or of some answers only; in every fourth trial a few "
            "bytes of every answer are others, whatever it is. As many trials are sign-ins of "
            "which the answers to one call are spoilt, and as many where the owner is asked on for "
            "a code, an approval or a decision. It has to end in "
            "readings that are possible and can be saved, or in an error with a name, and soon. "
            "What is kept afterwards has to do for a reading once the answers are good again."
        ),
    )
    logging.getLogger("carport").setLevel(logging.CRITICAL)
    with noted(found):
        for profile in attacked(only):
            name, rng = profile.service, Random(f"{seed}{profile.service}")
            async with account_of(profile) as account:
                trials = _Trials(account, rng, found)
                await trials.run(count)
                found.figures[name] = trials.summary()
            async with account_of(profile) as account:
                trials = _Trials(account, rng, found)
                typed = account.credentials
                await trials.sign_in(count, partial(_with, typed))
                found.figures[f"{name}, sign-ins"] = trials.summary()
            async with account_of(profile) as account:
                trials = _Trials(account, rng, found)
                if (owner := owner_of(account)) is not None:
                    await trials.sign_in(count, partial(_talk, owner))
                    found.figures[f"{name}, conversations"] = trials.summary()
    return found


async def _with(typed: Mapping[str, str], service: Service) -> None:
    await service.sign_in(typed)


async def _talk(owner: Owner, service: Service) -> None:
    await service.login(owner())


class _Trials:
    """The trials of one account."""

    def __init__(
        self, account: ServiceAccount[Any], rng: Random, found: Findings
    ) -> None:
        """Know the account."""
        self._account = account
        self._rng = rng
        self._found = found
        self._ends: Counter[str] = Counter()
        self._spoiler = Spoiler(rng)
        self._orders: list[Command] = []
        control, name = account.world.control, account.kind.info.key
        control.service(name, **_UNLIMITED.get(name, {}))
        control.damages[_NAME] = self._spoiler.spoil

    async def run(self, count: int) -> None:
        """Read so many times, and do something else each time."""
        account = self._account
        await account.enter()
        car = await account.car()
        for kind, limits in account.service.commands(car, SIGNALS.keys()).items():
            self._orders += examples(kind, limits, account.world.clock.now())
        good = account.stored
        for number in range(count):
            if number % _SIGN_IN_EVERY == 0:
                # Tokens end, and what came in their place may have been spoilt.
                self._renew()
                await account.enter()
                good = account.stored
            account.stored = good
            self._renew()
            others = self._others(car)
            what, other = others[number % len(others)]
            self._spoiler.share = _SOME if number % 2 else 1.0
            await self._spoilt(number, "read", lambda: self._read(car))
            await self._spoilt(number, what, other)
            await self._well_again(car)
            await account.service.close()

    async def sign_in(
        self, count: int, way: Callable[[Service], Coroutine[Any, Any, None]]
    ) -> None:
        """Sign in so many times, and go on with what came of it."""
        account = self._account

        async def enter() -> None:
            await account.run(way(account.service))
            # Tokens that were taken may be none: that has a name, too.
            await account.run(account.service.cars())

        self._renew()
        await enter()
        called = account.world.control.calls()
        paths = sorted(
            {one.path for one in called if not one.path.startswith(_OWNERS_BROWSER)}
        )
        for number in range(count):
            account.stored = None
            self._renew()
            path = self._rng.choice(paths)
            await self._spoilt(number, f"sign_in by {path}", enter, path)
            await account.service.close()

    def summary(self) -> str:
        """Say how the trials ended."""
        return ", ".join(f"{count} {end}" for end, count in self._ends.most_common())

    def _others(self, car: Car) -> list[tuple[str, Callable[[], Awaitable[Any]]]]:
        """Return what there is to do besides reading."""
        account, info = self._account, self._account.kind.info
        service = account.service

        async def command() -> None:
            order = self._rng.choice(self._orders)
            ticket = await account.send(car, order)
            look = await account.run(service.confirm(car, ticket))
            self._check(look.result.readings)

        async def part(name: str) -> None:
            call = service.read_part(car, name, account.pin)
            self._check((await account.run(call)).readings)

        async def listed(name: str) -> None:
            json.dumps(await account.run(service.history(car, name)), allow_nan=False)

        async def picture() -> None:
            await account.run(service.picture(car))

        async def cars() -> None:
            await account.run(service.cars())

        found: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
            ("cars", cars),
            *((name, partial(listed, name)) for name in sorted(info.history)),
            *((name, partial(part, name)) for name in sorted(info.parts)),
        ]
        if info.pictures:
            found.append(("picture", picture))
        if self._orders:
            found += [("command", command)] * 3
        return found

    def _renew(self) -> None:
        """Build the service anew; limits are attacked elsewhere, and would end every trial."""
        account = self._account
        account.ledger = Ledger(account.world.clock)
        account.rebuild()
        account.world.clock.step(_PAUSE)
        account.world.control.forget_calls()

    async def _read(self, car: Car) -> None:
        result = await self._account.run(self._account.service.read(car))
        self._check(result.readings)

    async def _spoilt(
        self,
        number: int,
        what: str,
        call: Callable[[], Awaitable[Any]],
        path: str = "*",
    ) -> None:
        """Do something while answers of a path are spoilt; note how it ends."""
        control = self._account.world.control
        garbled = number % _GARBLED_EVERY == _GARBLED_EVERY - 1
        self._spoiler.hurt = "some bytes" if garbled else ""
        fault = (
            control.fault(FaultKind.GARBLED, path=path)
            if garbled
            else control.fault(FaultKind.DAMAGE, path=path, damage=_NAME)
        )
        try:
            async with asyncio.timeout(_HANGS_AFTER):
                await call()
            self._ends["taken"] += 1
        except CloudError as error:
            self._ends[type(error).__name__] += 1
        except LoginAborted:
            self._ends["a person is needed"] += 1
        except TimeoutError:
            self._break(f"{what} hangs")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._break(f"{what}: {type(error).__name__}: {str(error)[:80]}")
        finally:
            control.clear_faults(fault.number)

    async def _well_again(self, car: Car) -> None:
        """Expect that what was kept of spoilt answers does for a good reading."""
        account = self._account
        await account.service.close()
        self._renew()
        try:
            async with asyncio.timeout(_HANGS_AFTER):
                await self._read(car)
        except LoginExpired:
            self._ends["LoginExpired afterwards"] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._break(f"afterwards: {type(error).__name__}: {str(error)[:80]}")

    def _check(self, readings: Any) -> None:
        """Expect possible values that can be saved."""
        for line in broken_in(readings, self._account.world.clock.now()):
            self._break(line)

    def _break(self, what: str) -> None:
        line = f"{self._account.kind.info.key}: {what} ({self._spoiler.hurt})"
        if line not in self._found.broken:
            self._found.broken.append(line)
