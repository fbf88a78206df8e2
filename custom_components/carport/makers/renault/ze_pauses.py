"""What a car must not be asked again too soon; a pause is kept over restarts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from ...car.commands import CommandKind
from ...service.contract import Car, Context
from ...service.errors import CloudError, Outage, Throttled
from ...service.vault import Vault

WAKE_EVERY: Final = timedelta(minutes=20)
"""A car is asked for a report by text message, no more often than this."""

# How long the cloud finds it too soon, nobody knows; a run of the climate lasts this.
_TOO_SOON: Final = timedelta(minutes=5)
_LENGTHS: Final[Mapping[CommandKind, timedelta]] = {
    CommandKind.WAKE: WAKE_EVERY,
    CommandKind.START_CLIMATE: _TOO_SOON,
    CommandKind.START_CHARGING: _TOO_SOON,
}


class Pauses:
    """When each car may be asked again for what the cloud rations.

    A pause is one car's and one command's: everything else may be asked meanwhile.
    """

    def __init__(self, context: Context, vault: Vault) -> None:
        """Take up what the last run kept."""
        self._clock = context.clock
        self._vault = vault
        self._taken: dict[tuple[str, CommandKind], datetime] = {}

    def until(self, car: Car, kind: CommandKind) -> datetime | None:
        """Return when a car may be asked again; None if now."""
        return self._vault.ahead(_key(car, kind), self._clock.now())

    @asynccontextmanager
    async def around(self, car: Car, kind: CommandKind) -> AsyncIterator[None]:
        """Watch a command being sent: it may begin a pause, or meet one."""
        try:
            yield
        except CloudError as error:
            if self._met(error, car, kind):
                until = await self._begin(car, kind)
                raise Throttled(
                    str(kind), until=until, status=error.status, alone=True
                ) from None
            if isinstance(error, Outage) and error.arrived:
                await self._note(car, kind)
            raise
        await self._note(car, kind)

    def _met(self, error: CloudError, car: Car, kind: CommandKind) -> bool:
        """Return whether it came too soon: in the cloud's words, or by all signs.

        What stands in that refusal was never recorded, so just after the same command
        a bare one counts as well.
        """
        if isinstance(error, Throttled):
            return error.alone
        if error.status != HTTPStatus.SERVICE_UNAVAILABLE:
            return False
        taken = self._taken.get((car.vin, kind))
        return taken is not None and self._clock.now() - taken < _length(kind)

    async def _note(self, car: Car, kind: CommandKind) -> None:
        self._taken[car.vin, kind] = self._clock.now()
        if kind is CommandKind.WAKE:
            # This is the only pause that is known before it is met.
            await self._begin(car, kind)

    async def _begin(self, car: Car, kind: CommandKind) -> datetime:
        until = self._clock.now() + _length(kind)
        await self._vault.keep(**{_key(car, kind): until.timestamp()})
        return until


def _length(kind: CommandKind) -> timedelta:
    return _LENGTHS.get(kind, _TOO_SOON)


def _key(car: Car, kind: CommandKind) -> str:
    return f"pause_{kind}_{car.vin}"
