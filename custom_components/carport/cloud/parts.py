"""The parts of a car that a cloud is asked for, as a table; and when each is due."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ..car.signals import Signal
from .answer import Answer
from .contract import Car, ReadResult
from .errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    SignInFailed,
    SwitchedOff,
    Throttled,
)
from .field_map import (
    MISSING,
    FieldMapping,
    ReadingBuilder,
    capture_time,
    get_path,
    to_float,
)
from .requests import Request

type ReadPart = Callable[[ReadingBuilder, Any, Car], None]
"""Reads what a table cannot say, after the table."""

_NEVER: Final = (NotPermitted, NotSupported)
OF_THE_ACCOUNT: Final = (Throttled, LoginExpired, SignInFailed, ClosedByMaker)
"""Failures that concern every part: the reading ends with them."""

RETRY: Final = timedelta(minutes=30)
ASK_AGAIN: Final = timedelta(days=1)
_KEPT_FOR: Final = timedelta(days=8).total_seconds()
"""What is kept to be due later than that was kept by a clock that was wrong."""


def always(car: Car) -> bool:
    """Return that every car has it."""
    return True


def json_object(answer: Answer) -> Mapping[str, Any]:
    """Return a JSON object; empty where the cloud says that there is nothing."""
    return {} if answer.status == 204 else answer.json()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One call that tells something of a car, and how its answer is read.

    `request` is the call, or makes it of a car. `envelope` is the path to the object that
    the fields are read from; where the answer has none of it, from the whole.
    `time_paths` say where the car's own time stands, best first. Then come `fields`,
    then `read` for what no table can say.

    `every` is the time between two reads of what changes seldom; None reads it with
    every reading. While one of `watched` is on it is read every time, and after the
    car was driven if it `moves`. `retry` is when a failed part is asked for again.
    A `required` part that fails ends the reading; any other is a gap. What the cloud
    refuses for good (403, 404) is no gap, and is asked for again after `every`, a day
    at least; but what was read before and is refused now is a gap.
    """

    key: str
    request: Request | Callable[[Car], Request]
    fields: tuple[FieldMapping[Any], ...] = ()
    read: ReadPart | None = None
    decode: Callable[[Answer], Any] = json_object
    envelope: tuple[str, ...] = ()
    time_paths: tuple[tuple[str, ...], ...] = ()
    every: timedelta | None = None
    retry: timedelta = RETRY
    watched: tuple[Signal[bool], ...] = ()
    moves: bool = False
    required: bool = False
    wanted: Callable[[Car], bool] = always

    def request_for(self, car: Car) -> Request:
        """Return the call for one car."""
        return self.request(car) if callable(self.request) else self.request

    def take(self, builder: ReadingBuilder, answer: Answer, car: Car) -> None:
        """Read an answer into readings."""
        body = self.decode(answer)
        inside = get_path(body, self.envelope)
        data = body if inside is MISSING else inside
        if builder.captured_at is None:
            builder.captured_at = self._captured_at(data, builder.received_at)
        if isinstance(data, Mapping):
            builder.take(self.fields, data)
        elif self.fields or self.envelope:
            raise BadAnswer(answer.what, status=answer.status)
        if self.read is not None:
            self.read(builder, data, car)

    def _captured_at(self, data: Any, received_at: datetime) -> datetime | None:
        for path in self.time_paths:
            if (stamp := capture_time(get_path(data, path), received_at)) is not None:
                return stamp
        return None


class PartSchedule:
    """When each part of each car is asked for next; everything is due at first."""

    def __init__(self) -> None:
        """Begin a run in which nothing was read yet."""
        self._due: dict[tuple[str, str], datetime] = {}
        self._read: set[tuple[str, str]] = set()

    def reset(self) -> None:
        """Forget everything, as after a sign-in: cars may have other parts now."""
        self._due.clear()
        self._read.clear()

    def is_due(self, car: Car, part: Part, now: datetime) -> bool:
        """Return whether a part belongs into a reading now."""
        due = self._due.get((car.vin, part.key))
        return due is None or due <= now

    def note_read(self, car: Car, part: Part, now: datetime, *, running: bool) -> None:
        """Leave a part out for as long as it may be, unless something runs in it."""
        self._read.add((car.vin, part.key))
        if part.every is None or running:
            self._due.pop((car.vin, part.key), None)
        else:
            self._due[car.vin, part.key] = now + part.every

    def note_failure(
        self, car: Car, part: Part, now: datetime, error: CloudError
    ) -> bool:
        """Say when to ask again; return whether the part is missing for the moment.

        A part that was never read and is refused is one that the car does not have.
        """
        refused = isinstance(error, _NEVER)
        known = (car.vin, part.key) in self._read
        if refused and not known:
            wait = max(part.every or ASK_AGAIN, ASK_AGAIN)
        elif refused or isinstance(error, SwitchedOff):
            wait = max(part.every or part.retry, part.retry)
        else:
            wait = part.retry
        self._due[car.vin, part.key] = now + wait
        return not isinstance(error, SwitchedOff) and (not refused or known)

    def was_read(self, car: Car, part: Part) -> bool:
        """Return whether a part was ever read in this run: then the car has it."""
        return (car.vin, part.key) in self._read

    def to_json(self, car: Car) -> dict[str, float]:
        """Return when the parts that a car has are due again, in epoch seconds."""
        return {
            key: due.timestamp()
            for (vin, key), due in self._due.items()
            if vin == car.vin and (vin, key) in self._read
        }

    def restore(self, car: Car, kept: Mapping[str, Any], now: datetime) -> None:
        """Go on from what an earlier run kept, so that a restart asks nothing anew."""
        for key, value in kept.items():
            seconds = to_float(value)
            if seconds is None or not 0 < seconds - now.timestamp() <= _KEPT_FOR:
                continue
            self._read.add((car.vin, key))
            self._due[car.vin, key] = datetime.fromtimestamp(seconds, UTC)

    def bring_forward(self, car: Car, *keys: str) -> None:
        """Have parts read by the next reading."""
        for key in keys:
            self._due.pop((car.vin, key), None)

    def put_off(self, car: Car, key: str, until: datetime) -> None:
        """Leave a part out of all readings until then."""
        self._due[car.vin, key] = until


def put_together(
    results: Iterable[tuple[Part, ReadResult | CloudError]],
    missing: Iterable[str],
    switched_off: Iterable[str],
) -> ReadResult:
    """Put the parts of one reading together, in the table's order.

    The failure of the account, or of a required part, is the reading's own; so is the
    first of all when nothing else came.
    """
    found: list[ReadResult] = []
    failures: list[CloudError] = []
    for part, result in results:
        if isinstance(result, ReadResult):
            found.append(result)
        elif part.required or isinstance(result, OF_THE_ACCOUNT):
            raise result
        else:
            failures.append(result)
    if failures and not found:
        raise failures[0]
    return ReadResult.of_parts(found, missing, switched_off)
