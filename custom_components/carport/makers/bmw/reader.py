"""Reads one car after another: its status, and the slow parts when they are due."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from ...car import signals as s
from ...car.snapshot import Reading
from ...service.contract import Car, Context, ReadResult
from ...service.errors import CloudError, NotPermitted, NotSupported
from ...service.ledger import Purpose
from ...service.rows import Harvest
from .calls import Calls
from .parts import PARTS, PROFILE, Part
from .status import WHAT as STATUS, read_status

_AGAIN: Final = timedelta(minutes=30)


class Reader:
    """One account's reading, which knows of each car what was read when."""

    def __init__(self, context: Context, calls: Calls) -> None:
        """Read by these calls; everything is due at first."""
        self._clock = context.clock
        self._channel = context.account
        self._calls = calls
        self._due: dict[tuple[str, str], datetime] = {}
        self._driven: dict[str, float] = {}

    async def read(self, car: Car) -> ReadResult:
        """Read the status, and of the slow parts those that are due."""
        harvest = await self.status(car, Purpose.READ)
        odometer = harvest.value(s.ODOMETER)
        drove = odometer is not None and odometer != self._driven.get(car.vin)
        due = [
            part
            for part in PARTS
            if part.wanted(car) and self._is_due(car, part, drove)
        ]
        done = await asyncio.gather(*(self._part(car, part) for part in due))
        if odometer is not None:
            self._driven[car.vin] = odometer
        result = harvest.result()
        # By signal: where two parts know the same, the later in the table is surer.
        slow: dict[str, Reading] = {}
        for one in done:
            if one is not None:
                slow |= one.readings
                result.placeholders.update(one.placeholders)
        return ReadResult(
            readings=(*result.readings, *slow.values()),
            placeholders=result.placeholders,
            gaps=frozenset(
                part.key for part, one in zip(due, done, strict=True) if one is None
            ),
        )

    async def status(self, car: Car, purpose: Purpose) -> Harvest:
        """Read the car's last report."""
        answer = await self._calls.get(car, STATUS, purpose)
        return read_status(
            answer.json(),
            car.drive,
            car.handle.get("steering"),
            self._clock.now(),
            self._channel,
        )

    async def profile(self, car: Car, purpose: Purpose) -> Harvest:
        """Read the charging profile."""
        return await self._harvest(car, PROFILE, purpose)

    def empty(self) -> Harvest:
        """Return a harvest of now that has nothing in it yet, and no time of the car."""
        return Harvest(
            captured_at=None, received_at=self._clock.now(), channel=self._channel
        )

    def _is_due(self, car: Car, part: Part, drove: bool) -> bool:
        due = self._due.get((car.vin, part.key))
        return due is None or due <= self._clock.now() or (drove and part.moves)

    async def _part(self, car: Car, part: Part) -> Harvest | None:
        """Read a slow part; None where it failed, which is tried again soon."""
        pause = part.every
        try:
            return await self._harvest(car, part, Purpose.READ)
        except NotSupported, NotPermitted:
            # The list was wrong about this car; that is no gap.
            return self.empty()
        except CloudError:
            pause = _AGAIN
            return None
        finally:
            self._due[car.vin, part.key] = self._clock.now() + pause

    async def _harvest(self, car: Car, part: Part, purpose: Purpose) -> Harvest:
        body = (await self._calls.get(car, part.what, purpose)).json()
        harvest = self.empty()
        part.read(harvest, body, car.drive)
        return harvest
