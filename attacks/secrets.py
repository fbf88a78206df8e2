"""Whether anything secret gets into logs, errors or names of files."""

from collections.abc import Iterable
import json
import logging
from random import Random
from typing import Any, Final, override

from carport.car.signals import SIGNALS, Position
from carport.cloud.contract import Car
from carport.cloud.errors import CloudError
from simulator.faults import FaultKind, garbled
from tests.makers.account import ServiceAccount
from tests.service_contract import examples

from .accounts import account_of, attacked, texts
from .findings import Findings
from .streams import STREAMS, Stream, messages_of

_SHORTEST: Final = 6
"""Shorter texts are found anywhere."""
_KINDS: Final = (
    FaultKind.STATUS,
    FaultKind.HTML,
    FaultKind.EMPTY,
    FaultKind.TRUNCATED,
    FaultKind.DROP,
)


class _Heard(logging.Handler):
    """Keeps every line that is logged, with its traceback."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


async def run(count: int = 20, seed: int = 1, only: str | None = None) -> Findings:
    """Sign in, list, read and command with faults, and look for secrets in what is said."""
    found = Findings(
        title="Secrets",
        what=(
            "Every service signs in with the right and a wrong password, lists, reads, commands "
            "with the PIN and is asked for its lists, while calls fail in all ways; streams break "
            "and bring nonsense; with everything logged. Neither a log line, a traceback nor the "
            "text of an error may hold a password, a PIN, any of the tokens, an address, a VIN or "
            "where a car is."
        ),
    )
    heard = _Heard()
    logger = logging.getLogger("carport")
    before = logger.level
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    try:
        for profile in attacked(only):
            heard.lines.clear()
            async with account_of(profile) as account:
                life = _Life(account, Random(f"{seed}{profile.service}"))
                await life.live(count)
            told = [*heard.lines, *life.errors]
            found.figures[profile.service] = (
                f"{len(heard.lines)} lines, {len(life.errors)} errors, "
                f"{len(life.secrets)} secrets"
            )
            found.broken += _leaks(profile.service, told, life.secrets)
        for name, opened in STREAMS.items():
            if only not in {None, name}:
                continue
            heard.lines.clear()
            async with opened() as stream:
                await _follow(stream, Random(f"{seed}{name}"), count)
            found.figures[f"{name}, streamed"] = (
                f"{len(heard.lines)} lines, {len(stream.secrets)} secrets"
            )
            found.broken += _leaks(name, heard.lines, stream.secrets)
    finally:
        logger.removeHandler(heard)
        logger.setLevel(before)
    return found


class _Life:
    """An account that is used while everything goes wrong."""

    def __init__(self, account: ServiceAccount[Any], rng: Random) -> None:
        """Know what nobody may say, as far as it is known before."""
        self._account = account
        self._rng = rng
        self.errors: list[str] = []
        spec = account.spec
        self.secrets = {*account.credentials.values(), *spec.vins, spec.username}
        self.secrets.add(spec.pin or "")

    async def live(self, count: int) -> None:
        """Sign in, list, read and command, with so many bad days."""
        account, control = self._account, self._account.world.control
        wrong = {key: f"wrong {value}" for key, value in account.credentials.items()}
        await self._attempt(account.service.sign_in(wrong))
        account.rebuild()
        await self._attempt(account.service.sign_in(account.credentials))
        cars = await self._attempt(account.service.cars()) or ()
        for _ in range(count):
            fault = control.fault(
                self._rng.choice(_KINDS),
                path="*",
                status=self._rng.choice((400, 401, 403, 500)),
            )
            account.rebuild()
            await self._attempt(account.service.cars())
            for car in cars:
                await self._use(car)
            control.clear_faults(fault.number)
            for car in cars[:1]:
                await self._use(car)
            await account.world.advance(self._rng.uniform(0, 900))

    async def _use(self, car: Car) -> None:
        account = self._account
        result = await self._attempt(account.service.read(car))
        for reading in result.readings if result is not None else ():
            if isinstance(reading.value, Position):
                self.secrets |= {
                    _cut(reading.value.latitude),
                    _cut(reading.value.longitude),
                }
        for what in sorted(account.kind.info.history)[:3]:
            await self._attempt(account.service.history(car, what))
        orders = [
            order
            for kind, limits in account.service.commands(car, SIGNALS.keys()).items()
            for order in examples(kind, limits, account.world.clock.now())
        ]
        if orders:
            order = self._rng.choice(orders)
            ticket = await self._attempt(
                account.service.execute(car, order, account.pin)
            )
            if ticket is not None:
                await self._attempt(account.service.confirm(car, ticket))

    async def _attempt(self, call: Any) -> Any:
        """Do something; keep the text of an error, and every token that was kept."""
        try:
            return await self._account.run(call)
        except CloudError as error:
            self.errors.append(f"{error!s} {error!r}")
            return None
        finally:
            if self._account.stored is not None:
                self.secrets |= set(texts(json.loads(self._account.stored)))


async def _follow(stream: Stream, rng: Random, count: int) -> None:
    """Let a stream bring nonsense, and break."""
    good = list(messages_of(stream))
    for _ in range(count):
        for message in good:
            stream.publish(garbled(message, rng))
        await stream.world.settle()
        stream.drop()
        await stream.world.advance(rng.uniform(0, 900))


def _leaks(service: str, told: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """Return where something secret was told, without it."""
    text = "\n".join(told)
    leaked = sorted(one for one in secrets if _is_secret(one) and one in text)
    return [f"{service}: {_where(secret, text)}" for secret in leaked]


def _cut(degrees: float) -> str:
    """Return a coordinate to a hundred metres, as it begins however it is written."""
    whole, _, rest = f"{degrees}".partition(".")
    return f"{whole}.{rest[:3]}"


def _is_secret(text: str) -> bool:
    """Return whether finding a text says anything: words of protocols are no secret."""
    return len(text) >= _SHORTEST and any(
        letter.isdigit() or letter in "@ " for letter in text
    )


def _where(secret: str, told: str) -> str:
    """Say where a secret was found, without it."""
    at = told.index(secret)
    return repr(told[max(at - 60, 0) : at].replace(secret, "…")) + " …"
