"""Reads one car after another: its status, and the slow parts when they are due."""

import asyncio
from collections.abc import Sequence
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
        """Read the status and beside it the slow parts that are due; then what moved."""
        wanted = [part for part in PARTS if part.wanted(car)]
        due = [part for part in wanted if self._is_due(car, part)]
        harvest, done = await asyncio.gather(
            self.status(car, Purpose.READ),
            self._parts(car, due),
            return_exceptions=True,
        )
        if isinstance(harvest, BaseException):
            raise harvest
        if isinstance(done, BaseException):
            raise done
        if self._arrived(car, harvest):
            moved = [part for part in wanted if part.moves and part not in done]
            done |= await self._parts(car, moved)
        result = harvest.result()
        # By signal: where two parts know the same, the later in the table is surer.
        slow: dict[str, Reading] = {}
        for part in wanted:
            if (one := done.get(part)) is not None:
                slow |= one.readings
                result.placeholders.update(one.placeholders)
        return ReadResult(
            readings=(*result.readings, *slow.values()),
            placeholders=result.placeholders,
            gaps=frozenset(part.key for part, one in done.items() if one is None),
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

    def _is_due(self, car: Car, part: Part) -> bool:
        due = self._due.get((car.vin, part.key))
        return due is None or due <= self._clock.now()

    def _arrived(self, car: Car, harvest: Harvest) -> bool:
        """Return whether the car was driven since; a trip is told at its end."""
        odometer = harvest.value(s.ODOMETER)
        if odometer is None or harvest.value(s.MOVING):
            return False
        before, self._driven[car.vin] = self._driven.get(car.vin), odometer
        return before is not None and before != odometer

    async def _parts(
        self, car: Car, parts: Sequence[Part]
    ) -> dict[Part, Harvest | None]:
        found = await asyncio.gather(*(self._part(car, part) for part in parts))
        return dict(zip(parts, found, strict=True))

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
