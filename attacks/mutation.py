"""Answers of clouds with something else in some places: readings, or a typed error."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
import json
import logging
from random import Random
from typing import Any, Final

from carport.car.bounds import is_possible_capture
from carport.car.signals import SIGNALS
from carport.cloud.contract import ReadResult
from carport.cloud.errors import CloudError
from carport.cloud.ledger import Ledger
from tests.makers.account import ServiceAccount

from .accounts import account_of, attacked
from .findings import Findings

_NAME: Final = "attack"
_HANGS_AFTER: Final = 20.0
_PAUSE: Final = 5.0
_PAUSES: Final = {"skoda": 190.0}
"""Seconds between two trials, so that clouds which count calls take them."""
_SIGN_IN_EVERY: Final = 20
_UNLIMITED: Final[dict[str, dict[str, Any]]] = {
    "my_renault": {"quota": None},
    "car_data": {"calls_a_day": None},
}
_AHEAD: Final = timedelta(days=1)
_DEEP: Final[Any] = json.loads("[" * 40 + "]" * 40)
UGLY: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    -1e308,
    2**63,
    2**64 + 1,
    0.1 + 0.2,
    "",
    " ",
    "null",
    "NaN",
    "-0",
    "1e400",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2026-02-30T25:61:61Z",
    "1970-01-01",
    "\ud83d",
    "\x00\x1b[31m",
    "\u202e" * 50,
    "A" * 100_000,
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "{{ states }}",
    "http://127.0.0.1:1/",
    [],
    {},
    [[]],
    [None] * 500,
    {"": {"": None}},
    _DEEP,
)
"""What stands in a place of an answer instead."""


async def run(count: int = 200, seed: int = 1, only: str | None = None) -> Findings:
    """Read every service's car with so many spoilt answers each."""
    found = Findings(
        title="Mutated answers",
        what=(
            "Each trial reads a car anew, and one to four places of every JSON answer hold "
            "something else: odd numbers, texts, times and shapes, keys dropped or doubled. "
            "Every tenth lists the cars anew, too. It has to end in readings that are "
            "possible and can be saved, or in an error with a name, and soon."
        ),
    )
    logging.getLogger("carport").setLevel(logging.CRITICAL)
    for profile in attacked(only):
        async with account_of(profile) as account:
            account.world.control.service(
                profile.service, **_UNLIMITED.get(profile.service, {})
            )
            await account.enter()
            trial = _Trial(account, Random(f"{seed}{profile.service}"), found)
            await trial.run(count)
            found.figures[profile.service] = trial.summary()
    return found


class _Trial:
    """The trials of one account."""

    def __init__(
        self, account: ServiceAccount[Any], rng: Random, found: Findings
    ) -> None:
        """Know the account, signed in."""
        self._account = account
        self._rng = rng
        self._found = found
        self._ends: Counter[str] = Counter()
        self._hurt = ""

    async def run(self, count: int) -> None:
        """Read so many times."""
        account, control = self._account, self._account.world.control
        car, good = await account.car(), account.stored
        control.damages[_NAME] = self._spoil
        for number in range(count):
            # The limits are attacked elsewhere: here they would end every trial.
            account.ledger = Ledger(account.world.clock)
            if number % _SIGN_IN_EVERY == 0:
                # Tokens end, and what came in their place may have been spoilt.
                account.rebuild()
                await account.enter()
                good = account.stored
            account.stored = good
            account.rebuild()
            account.world.clock.step(_PAUSES.get(account.kind.info.key, _PAUSE))
            control.forget_calls()
            fault = control.fault("damage", path="*", damage=_NAME)
            self._hurt = ""
            try:
                async with asyncio.timeout(_HANGS_AFTER):
                    if number % 10 == 9:
                        await account.run(account.service.cars())
                    result = await account.run(account.service.read(car))
                self._ends["readings"] += 1
                self._check(result)
            except CloudError as error:
                self._ends[type(error).__name__] += 1
            except TimeoutError:
                self._break("hangs")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                self._break(f"{type(error).__name__}: {str(error)[:80]}")
            control.clear_faults(fault.number)
            await account.service.close()

    def summary(self) -> str:
        """Say how the trials ended."""
        return ", ".join(f"{count} {end}" for end, count in self._ends.most_common())

    def _spoil(self, content: Any) -> Any:
        """Put something else in some places of an answer."""
        places = list(_places(content, ()))
        for place in self._rng.sample(
            places, min(self._rng.randint(1, 4), len(places))
        ):
            ugly = self._rng.choice(UGLY)
            self._hurt = f"{'.'.join(map(str, place))} = {str(ugly)[:30]!r}"
            content = _replaced(content, place, ugly)
        return content

    def _check(self, result: ReadResult) -> None:
        """Expect possible values that can be saved."""
        now = self._account.world.clock.now()
        for reading in result.readings:
            signal, value = reading.signal, reading.value
            if SIGNALS.get(signal.key) is not signal:
                self._break(f"unknown signal {signal.key}")
            if value is not None:
                if signal.accept(value) is None:
                    # The garage refuses it: it never becomes a value.
                    continue
                try:
                    json.dumps(
                        signal.encode(signal.accept(value)), allow_nan=False
                    ).encode()
                except ValueError:
                    self._break(f"{signal.key} cannot be saved")
            if reading.captured_at is not None and not is_possible_capture(
                reading.captured_at, now + _AHEAD
            ):
                self._break(f"{signal.key} captured at {reading.captured_at}")

    def _break(self, what: str) -> None:
        line = f"{self._account.kind.info.key}: {what} ({self._hurt})"
        if line not in self._found.broken:
            self._found.broken.append(line)


def _places(content: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value."""
    if isinstance(content, dict):
        children: Any = content.items()
    elif isinstance(content, list):
        children = enumerate(content)
    else:
        children = ()
    for key, value in children:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _replaced(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with another value at the end of a way; gone if that is gone."""
    if not path:
        return value
    key, *rest = path
    if isinstance(content, dict) and key in content:
        return {**content, key: _replaced(content[key], tuple(rest), value)}
    if isinstance(content, list) and isinstance(key, int) and key < len(content):
        return [
            _replaced(one, tuple(rest), value) if number == key else one
            for number, one in enumerate(content)
        ]
    return content
