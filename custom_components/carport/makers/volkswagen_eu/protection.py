"""The rest a car is granted: asked too often, it hears nothing until it is driven.

The cloud counts requests for each car, to spare its small battery.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from ...car.signals import ODOMETER
from ...car.snapshot import Snapshot
from ...service.clock import Clock
from ...service.contract import Car
from ...service.errors import Throttled
from ...service.http import Answer
from ...service.rows import number
from ...service.vault import Vault

PAUSE: Final = 6 * 3600.0
"""How long nothing is tried where the cloud says no time: only driving ends it."""

_WHAT: Final = "an order"
_LEFT: Final = "X-RateLimit-Remaining"


class Protection:
    """Until when each car is left alone; kept over restarts."""

    def __init__(self, clock: Clock, vault: Vault) -> None:
        """Take up what the last run kept."""
        self._clock = clock
        self._vault = vault
        self._odometers: dict[str, float] = {}

    def note_odometer(self, car: Car, odometer: float) -> None:
        """Remember how far a car has been driven."""
        self._odometers[car.vin] = odometer

    def until(self, car: Car, snapshot: Snapshot) -> datetime | None:
        """Return until when a car is left alone; None if it may be asked."""
        until = self._vault.ahead(f"rest_{car.vin}", self._clock.now())
        before = self._vault.number(f"rest_odometer_{car.vin}")
        now = snapshot.value(ODOMETER)
        driven = before is not None and now is not None and now > before
        return None if driven else until

    @asynccontextmanager
    async def around(self, car: Car) -> AsyncIterator[None]:
        """Watch an order being sent; a refusal concerns this car and no other."""
        try:
            yield
        except Throttled as error:
            await self._begin(car, error.until)
            raise Throttled(
                _WHAT, until=error.until, status=error.status, alone=True
            ) from None

    async def count(self, car: Car, answer: Answer) -> None:
        """Read how many orders are left; the last one begins the rest."""
        if number(answer.headers.get(_LEFT)) == 0:
            await self._begin(car, self._clock.now() + timedelta(seconds=PAUSE))

    async def _begin(self, car: Car, until: datetime) -> None:
        await self._vault.keep(
            **{
                f"rest_{car.vin}": until.timestamp(),
                f"rest_odometer_{car.vin}": self._odometers.get(car.vin),
            }
        )
