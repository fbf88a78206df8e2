"""The pause of a car that was sent too many commands: it takes none until it is driven.

The cloud counts commands for each car, to spare its small battery.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, override

from ...car.commands import CommandKind
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.clock import Clock
from ...cloud.command_map import CommandMapping
from ...cloud.command_pauses import CommandPauses
from ...cloud.contract import Car
from ...cloud.errors import Throttled
from ...cloud.field_map import to_float
from .endpoints import COMMAND_PAUSE

_LEFT: Final = "X-RateLimit-Remaining"


class RateLimitPause(CommandPauses):
    """Until when each car is left alone, whatever the command; kept over restarts."""

    def __init__(self, account_state: AccountState, clock: Clock) -> None:
        """Take up what the last run kept."""
        super().__init__(account_state, clock)
        self._odometers: dict[str, float | None] = {}
        self._used_up: set[str] = set()

    async def note_odometer(self, car: Car, odometer: float | None) -> None:
        """Remember how far a car has been driven, which ends its rest."""
        self._odometers[car.vin] = odometer
        before = self._account_state.number(f"rest_odometer_{car.vin}")
        if before is not None and odometer is not None and odometer > before:
            await self._keep(car, None, None)

    def heard(self, answer: Answer, car: Car) -> None:
        """Note when a command was the last that the car is granted."""
        if to_float(answer.headers.get(_LEFT)) == 0:
            self._used_up.add(car.vin)

    @override
    def until(self, car: Car, kind: CommandKind) -> datetime | None:
        return self._account_state.ahead(f"rest_{car.vin}", self._clock.now())

    @override
    @asynccontextmanager
    async def around(self, car: Car, mapping: CommandMapping) -> AsyncIterator[None]:
        """Watch a command being sent; a refusal concerns this car and no other."""
        self._used_up.discard(car.vin)
        try:
            yield
        except Throttled as error:
            await self._rest(car, error.until)
            raise Throttled(
                str(mapping.kind),
                until=error.until,
                status=error.status,
                scope="command",
            ) from None
        if car.vin in self._used_up:
            await self._rest(car, self._clock.now() + COMMAND_PAUSE)

    async def _rest(self, car: Car, until: datetime) -> None:
        await self._keep(car, until.timestamp(), self._odometers.get(car.vin))

    async def _keep(
        self, car: Car, until: float | None, odometer: float | None
    ) -> None:
        kept = {f"rest_{car.vin}": until, f"rest_odometer_{car.vin}": odometer}
        await self._account_state.keep(**kept)
