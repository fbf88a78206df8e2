"""The parts of a car that are read one by one: a table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.signals import Signal
from ...service.contract import Car, ReadResult
from ...service.errors import (
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    Throttled,
)
from ...service.rows import Harvest
from . import histories, readings, status_report, timers
from .orders import CHARGER, CLIMATER, DOORS, HEATER, HORN, REPORT, TIMERS

POSITION: Final = "position"
TRIPS: Final = "trips"

type Read = Callable[[Mapping[str, Any], datetime, str], Harvest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call: the service it belongs to, and how its answer is read.

    `every` is for what changes seldom: it is left out of readings in between, unless
    one of `watched` was on: that is looked at until its end.
    """

    key: str
    service: str
    path: str
    read: Read
    params: Mapping[str, str] | None = None
    kind: str = ""
    every: timedelta | None = None
    watched: tuple[Signal[bool], ...] = ()

    def runs(self, harvest: Harvest) -> bool:
        """Return whether an answer says that something of it is on."""
        return any(harvest.value(signal) for signal in self.watched)


class Rota:
    """Which parts of which car are left out of readings, and until when."""

    def __init__(self) -> None:
        """Leave nothing out."""
        self._due: dict[tuple[str, str], datetime] = {}

    def is_due(self, car: Car, part: Part, now: datetime) -> bool:
        """Return whether a part belongs to a reading now."""
        return self._due.get((car.vin, part.key), now) <= now

    def put_off(self, car: Car, part: Part, now: datetime) -> None:
        """Leave a part out for as long as it may be."""
        if part.every is not None:
            self._due[car.vin, part.key] = now + part.every

    def bring_forward(self, car: Car, key: str | None) -> None:
        """Have a part read by the next reading."""
        if key is not None:
            self._due.pop((car.vin, key), None)


PARTS: Final[Mapping[str, Part]] = {
    part.key: part
    for part in (
        Part(
            key=REPORT,
            service="statusreport_v1/",
            path=status_report.WHAT,
            read=status_report.read_report,
        ),
        Part(
            key=CHARGER,
            service="rbatterycharge_v1/",
            path=readings.CHARGER,
            read=readings.read_charger,
        ),
        Part(
            key=CLIMATER,
            service="rclima_v1/",
            path=readings.CLIMATER,
            read=readings.read_climater,
            every=timedelta(minutes=30),
            watched=(s.CLIMATE_ACTIVE, s.WINDOW_HEATING),
        ),
        Part(
            key=POSITION,
            service="carfinder_v1/",
            path=readings.POSITION,
            read=readings.read_position,
        ),
        Part(
            key=HEATER,
            service="rheating_v1/",
            path=readings.HEATER,
            read=readings.read_heater,
            every=timedelta(minutes=30),
            watched=(s.AUXILIARY_HEATING, s.VENTILATION),
        ),
        Part(
            key=TIMERS,
            service="timerprogramming_v1/",
            path=timers.WHAT,
            read=timers.read_timers,
            every=timedelta(hours=6),
        ),
        Part(
            key=TRIPS,
            service="trip_statistic_v1/",
            path=histories.TRIPS,
            read=histories.read_last_trip,
            params={"type": "list"},
            kind="shortTerm",
            every=timedelta(hours=1),
        ),
    )
}

SHOWN_BY: Final = {
    CHARGER: CHARGER,
    CLIMATER: CLIMATER,
    TIMERS: TIMERS,
    DOORS: REPORT,
    HEATER: HEATER,
    HORN: None,
    REPORT: None,
}
"""The part that shows what a family of requests has done."""

_DONE: Final = frozenset({"succeeded", "request_successful"})
_FAILED: Final = frozenset({"failed", "request_fail"})
_UNFETCHED: Final = "unfetched"


def put_together(
    results: Iterable[tuple[Part, ReadResult | BaseException]],
) -> ReadResult:
    """Put the parts of a reading together; what failed alone is a gap.

    A part that the car turns out not to have is none. If nothing came at all, the
    first failure is the reading's own, and so is one that concerns every part.
    """
    found: list[ReadResult] = []
    gaps, failures = set(), []
    for part, result in results:
        if isinstance(result, ReadResult):
            found.append(result)
        elif isinstance(result, (Throttled, LoginExpired)):
            raise result
        elif isinstance(result, CloudError):
            failures.append(result)
            if not isinstance(result, (NotPermitted, NotSupported)):
                gaps.add(part.key)
        else:
            raise result
    whole = ReadResult.of_parts(found, gaps)
    if failures and not whole.readings:
        raise failures[0]
    return whole


def state_of(body: Mapping[str, Any]) -> tuple[bool, bool, bool]:
    """Return whether a request is done, has failed, or was never fetched."""
    word = ""
    for envelope, key in (
        ("action", "actionState"),
        ("requestStatusResponse", "status"),
        ("status", "statusCode"),
    ):
        inside = body.get(envelope)
        said = inside.get(key) if isinstance(inside, Mapping) else None
        word = said.casefold() if isinstance(said, str) else word
    return word in _DONE, word in _FAILED, word == _UNFETCHED


def number_of(body: Mapping[str, Any]) -> str | None:
    """Return the number that the cloud gave a request."""
    for envelope, key in (
        ("action", "actionId"),
        ("honkAndFlashRequest", "id"),
        ("rluActionResponse", "requestId"),
        ("performActionResponse", "requestId"),
        ("CurrentVehicleDataResponse", "requestId"),
    ):
        inside = body.get(envelope)
        said = inside.get(key) if isinstance(inside, Mapping) else None
        if isinstance(said, (int, str)) and not isinstance(said, bool) and said:
            return str(said)
    return None
