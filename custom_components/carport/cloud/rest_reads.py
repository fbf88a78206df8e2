"""Reading of a service that is declared: the parts that are due, and lists on demand."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final, override

from ..car import signals as s
from ..car.history import ALWAYS, Period
from .answer import Answer
from .bodies import PICTURE_TYPES
from .contract import Car, Context, Picture, ReadResult
from .errors import (
    BadAnswer,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    SwitchedOff,
)
from .field_map import ReadingBuilder
from .history_map import HistoryMapping
from .ledger import Purpose
from .parts import OF_THE_ACCOUNT, Part, PartSchedule, put_together
from .requests import Request
from .rest_calls import RestCalls
from .zones import zone


class RestReads(RestCalls):
    """One account at a cloud whose cars are read by a table of parts."""

    parts: tuple[Part, ...]
    """What is read of a car; those named in `info.parts` only when the owner asks."""
    history_map: ClassVar[tuple[HistoryMapping, ...]] = ()
    picture_request: ClassVar[Request | None] = None
    """The call for a car's picture, where the cloud draws one."""
    schedule_part: ClassVar[str | None] = None
    """The part that holds the timers, where it does not come with every reading."""

    def __init__(self, context: Context) -> None:
        """Begin a run; nothing was read in it yet."""
        super().__init__(context)
        self.schedule: Final = PartSchedule()
        self._driven: dict[str, float] = {}

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read every part that is due; then what changed because the car was driven."""
        wanted = [
            part
            for part in self.parts
            if part.key not in self.info.parts and part.wanted(car)
        ]
        now = self.now()
        due = [part for part in wanted if self.schedule.is_due(car, part, now)]
        found = await self._read_parts(car, due)
        moved = [part for part in wanted if part.moves and part not in due]
        # The odometer is noted in any case, for the next reading to compare with.
        if self._arrived(car, found.values()) and moved:
            found |= await self._read_parts(car, moved)
        missing, off = set(), set()
        nothing_came = not any(isinstance(one, ReadResult) for one in found.values())
        for part, result in found.items():
            if (
                part.required
                or isinstance(result, OF_THE_ACCOUNT)
                or (nothing_came and isinstance(result, (Outage, BadAnswer)))
            ):
                # The reading fails, or it says nothing of the part: it stays due.
                continue
            if isinstance(result, CloudError):
                if self.schedule.note_failure(car, part, now, result):
                    missing.add(part.key)
                if isinstance(result, SwitchedOff):
                    off.add(part.key)
        in_order = [(part, found[part]) for part in wanted if part in found]
        return put_together(in_order, missing, off)

    async def read_one(
        self, car: Car, key: str, purpose: Purpose, request: Request | None = None
    ) -> ReadResult:
        """Read one part now, whenever it is due; `request` replaces its call."""
        part = self.part(key)
        await zone(car.handle.get("zone"))
        answer = await self.call(request or part.request_for(car), purpose, car)
        builder = self.builder()
        part.take(builder, answer, car)
        # What confirms a command may be older than what the command has begun.
        running = purpose is Purpose.CONFIRM or any(
            builder.value(signal) is True for signal in part.watched
        )
        self.schedule.note_read(car, part, builder.received_at, running=running)
        return builder.result()

    def calls_a_day(self, car: Car) -> float:
        """Return the calls of a day on which a car stands and its habits are unknown."""
        pause = timedelta(seconds=self.info.cadence.unknown)
        return sum(
            timedelta(days=1) / max(part.every or pause, pause)
            for part in self.parts
            if part.key not in self.info.parts and part.wanted(car)
        )

    def builder(self) -> ReadingBuilder:
        """Return a builder for what is read now, without a time of the car's own."""
        return ReadingBuilder(
            captured_at=None, received_at=self.now(), channel=self.context.account
        )

    def part(self, key: str) -> Part:
        """Return a part by its key; `NotSupported` where there is none."""
        for part in self.parts:
            if part.key == key:
                return part
        raise NotSupported(key)

    async def _read_parts(
        self, car: Car, parts: Sequence[Part]
    ) -> dict[Part, ReadResult | CloudError]:
        """Read parts side by side; an error that is no cloud's is raised."""
        results = await asyncio.gather(
            *(self.read_one(car, part.key, Purpose.READ) for part in parts),
            return_exceptions=True,
        )
        found: dict[Part, ReadResult | CloudError] = {}
        for part, result in zip(parts, results, strict=True):
            if isinstance(result, BaseException) and not isinstance(result, CloudError):
                raise result
            found[part] = result
        return found

    def _arrived(self, car: Car, results: Any) -> bool:
        """Return whether the car was driven since the last reading, and stands."""
        seen = {
            reading.signal.key: reading.value
            for result in results
            if isinstance(result, ReadResult)
            for reading in result.readings
        }
        odometer = s.ODOMETER.accept(seen.get(s.ODOMETER.key))
        if odometer is None or seen.get(s.MOVING.key) is True:
            return False
        before, self._driven[car.vin] = self._driven.get(car.vin), odometer
        return before is not None and before != odometer

    @override
    async def read_schedule(self, car: Car) -> ReadResult | None:
        if self.schedule_part is None:
            return None
        return await self.read_one(car, self.schedule_part, Purpose.HISTORY)

    @override
    async def picture(self, car: Car) -> Picture | None:
        if self.picture_request is None:
            return None
        try:
            answer = await self.call(self.picture_request, Purpose.HISTORY, car)
        except NotSupported:
            return None
        return picture_in(answer)

    @override
    async def history(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        rows = [row for row in self.history_map if row.key == what and row.wanted(car)]
        if not rows:
            raise NotSupported(what)
        found: dict[str, Any] = {}
        for row in rows:
            body = await self._history_body(car, row, period)
            found |= row.parse(body, period, self.now())
        return found

    async def _history_body(self, car: Car, row: HistoryMapping, period: Period) -> Any:
        await zone(car.handle.get("zone"))
        request = row.request
        if not isinstance(request, Request):
            request = request(car, period, self.now())
        try:
            return row.decode(await self.call(request, Purpose.HISTORY, car))
        except NotPermitted, NotSupported, BadAnswer:
            if row.optional:
                return {}
            raise


def picture_in(answer: Answer) -> Picture:
    """Return the picture that an answer is; raise where it is none."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in PICTURE_TYPES or not answer.content:
        raise BadAnswer(answer.what, status=answer.status)
    return Picture(content=answer.content, content_type=kind)
