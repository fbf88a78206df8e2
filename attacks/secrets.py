"""Whether anything secret gets into logs, errors or names of files."""

from collections.abc import Iterator
import json
import logging
from random import Random
from typing import Any, Final, override

from carport.cloud.errors import CloudError
from simulator.faults import FaultKind

from .accounts import account_of, attacked
from .findings import Findings

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
            "Every service signs in with the right and a wrong password, lists, reads and is "
            "asked for its lists, while calls fail in all ways, with everything logged. Neither "
            "a log line, a traceback nor the text of an error may hold a password, a PIN, a "
            "token, an address or a VIN."
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
                secrets = {*account.credentials.values(), *account.spec.vins}
                secrets |= {account.spec.username, account.spec.pin or ""}
                errors = await _live(account, Random(f"{seed}{profile.service}"), count)
                if account.stored is not None:
                    secrets |= set(_texts(json.loads(account.stored)))
            told = "\n".join((*heard.lines, *errors))
            leaked = sorted(
                secret for secret in secrets if _is_secret(secret) and secret in told
            )
            found.figures[profile.service] = (
                f"{len(heard.lines)} lines, {len(errors)} errors, {len(secrets)} secrets"
            )
            found.broken += [
                f"{profile.service}: {_where(secret, told)}" for secret in leaked
            ]
    finally:
        logger.removeHandler(heard)
        logger.setLevel(before)
    return found


async def _live(account: Any, rng: Random, count: int) -> list[str]:
    """Use the account while everything goes wrong; return the texts of all errors."""
    errors: list[str] = []

    async def attempt(call: Any) -> Any:
        try:
            return await account.run(call)
        except CloudError as error:
            errors.append(f"{error!s} {error!r}")
            return None

    wrong = {key: f"wrong {value}" for key, value in account.credentials.items()}
    await attempt(account.service.sign_in(wrong))
    account.rebuild()
    await attempt(account.service.sign_in(account.credentials))
    cars = await attempt(account.service.cars()) or ()
    control = account.world.control
    for _ in range(count):
        fault = control.fault(
            rng.choice(_KINDS), path="*", status=rng.choice((400, 401, 403, 500))
        )
        account.rebuild()
        await attempt(account.service.cars())
        for car in cars:
            await attempt(account.service.read(car))
            for what in sorted(account.kind.info.history)[:3]:
                await attempt(account.service.history(car, what))
        control.clear_faults(fault.number)
        await account.world.advance(rng.uniform(0, 900))
    return errors


def _texts(kept: Any) -> Iterator[str]:
    """Yield all texts of what is kept, which are tokens for the most part."""
    if isinstance(kept, dict):
        for key, value in kept.items():
            if not str(key).startswith("away_"):
                yield from _texts(value)
    elif isinstance(kept, list):
        for value in kept:
            yield from _texts(value)
    elif isinstance(kept, str):
        yield kept


def _is_secret(text: str) -> bool:
    """Return whether finding a text says anything: words of protocols are no secret."""
    return len(text) >= _SHORTEST and any(
        letter.isdigit() or letter in "@ " for letter in text
    )


def _where(secret: str, told: str) -> str:
    """Say where a secret was found, without it."""
    at = told.index(secret)
    return repr(told[max(at - 60, 0) : at].replace(secret, "…")) + " …"
