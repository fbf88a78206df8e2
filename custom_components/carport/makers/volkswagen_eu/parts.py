"""The parts of a car that are read one by one: a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ...service.rows import Harvest
from . import histories, readings, status_report, timers
from .orders import CHARGER, CLIMATER, DOORS, HEATER, HORN, REPORT, TIMERS

POSITION: Final = "position"
TRIPS: Final = "trips"

type Read = Callable[[Mapping[str, Any], datetime, str], Harvest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call: the service it belongs to, and how its answer is read.

    `every` is for what changes seldom: it is left out of readings in between.
    """

    key: str
    service: str
    path: str
    read: Read
    params: Mapping[str, str] | None = None
    kind: str = ""
    every: timedelta | None = None


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
