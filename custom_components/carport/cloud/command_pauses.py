"""What a car must not be asked again too soon; a pause is kept over restarts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus

from ..car.commands import CommandKind
from .account_state import AccountState
from .clock import Clock
from .command_map import CommandMapping
from .contract import Car
from .errors import CloudError, Outage, Throttled


class CommandPauses:
    """When each car takes each command again, for what the cloud rations.

    A pause is one car's and one command's: everything else may be asked meanwhile.
    """

    def __init__(self, account_state: AccountState, clock: Clock) -> None:
        """Take up what the last run kept."""
        self._account_state = account_state
        self._clock = clock
        self._sent: dict[tuple[str, CommandKind], datetime] = {}

    def until(self, car: Car, kind: CommandKind) -> datetime | None:
        """Return when a car may be asked again; None if now."""
        return self._account_state.ahead(_key(car, kind), self._clock.now())

    @asynccontextmanager
    async def around(self, car: Car, mapping: CommandMapping) -> AsyncIterator[None]:
        """Watch a command being sent: it may begin a pause, or come too soon."""
        try:
            yield
        except CloudError as error:
            if self._is_too_soon(error, car, mapping):
                raise Throttled(
                    str(mapping.kind),
                    until=await self._begin(car, mapping),
                    status=error.status,
                    scope="command",
                ) from None
            if isinstance(error, Outage) and error.arrived:
                await self._note_sent(car, mapping)
            raise
        await self._note_sent(car, mapping)

    def _is_too_soon(
        self, error: CloudError, car: Car, mapping: CommandMapping
    ) -> bool:
        """Return whether a command was refused because it came too soon.

        Shortly after the same command a 503 without any explanation means that too.
        """
        if isinstance(error, Throttled):
            return error.scope == "command"
        sent = self._sent.get((car.vin, mapping.kind))
        return (
            error.status == HTTPStatus.SERVICE_UNAVAILABLE
            and sent is not None
            and self._clock.now() - sent < mapping.pause
        )

    async def _note_sent(self, car: Car, mapping: CommandMapping) -> None:
        self._sent[car.vin, mapping.kind] = self._clock.now()
        if mapping.rationed:
            await self._begin(car, mapping)

    async def _begin(self, car: Car, mapping: CommandMapping) -> datetime:
        until = self._clock.now() + mapping.pause
        key = _key(car, mapping.kind)
        await self._account_state.keep(**{key: until.timestamp()})
        return until


def _key(car: Car, kind: CommandKind) -> str:
    return f"pause_{kind}_{car.vin}"
