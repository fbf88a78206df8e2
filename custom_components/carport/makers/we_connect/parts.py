"""The parts of a car that are read one by one: a table."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from ...car import signals as s
from ...cloud.answer import Answer
from ...cloud.field_map import unwrap
from ...cloud.parts import Part
from . import endpoints as e, readings, status_report
from .cars import may
from .history import read_last_trip
from .schedule import read_timers

REPORT: Final = "report"
CHARGER: Final = "charger"
CLIMATER: Final = "climater"
POSITION: Final = "position"
HEATER: Final = "heater"
TIMERS: Final = "timers"
TRIPS: Final = "trips"


def _inside(*envelopes: str) -> Callable[[Answer], Mapping[str, Any]]:
    """Take what is in an answer's envelope, or the whole where there is none."""
    return lambda answer: unwrap(answer.json(), answer.what, *envelopes)


def _position_in(answer: Answer) -> Mapping[str, Any] | None:
    """Return a position; None for the empty answer of a car that is driven."""
    if answer.status == HTTPStatus.NO_CONTENT:
        return None
    return unwrap(
        answer.json(), answer.what, "storedPositionResponse", "findCarResponse"
    )


PARTS: Final = (
    Part(
        key=REPORT,
        request=e.REPORT,
        decode=status_report.report_in,
        read=status_report.read_report,
        wanted=may("statusreport_v1/"),
    ),
    Part(
        key=CHARGER,
        request=e.CHARGER,
        decode=_inside("charger"),
        fields=readings.CHARGER_FIELDS,
        read=readings.read_charger,
        wanted=may("rbatterycharge_v1/"),
    ),
    Part(
        key=CLIMATER,
        request=e.CLIMATER,
        decode=_inside("climater"),
        fields=readings.CLIMATER_FIELDS,
        read=readings.read_climater,
        every=timedelta(minutes=30),
        watched=(s.CLIMATE_ACTIVE, s.WINDOW_HEATING),
        wanted=may("rclima_v1/"),
    ),
    Part(
        key=POSITION,
        request=e.POSITION,
        decode=_position_in,
        read=readings.read_position,
        wanted=may("carfinder_v1/"),
    ),
    Part(
        key=HEATER,
        request=e.HEATER,
        decode=_inside("statusResponse"),
        fields=readings.HEATER_FIELDS,
        every=timedelta(minutes=30),
        watched=(s.AUXILIARY_HEATING, s.VENTILATION),
        wanted=may("rheating_v1/"),
    ),
    Part(
        key=TIMERS,
        request=e.TIMERS,
        decode=_inside("timer"),
        read=read_timers,
        every=timedelta(hours=6),
        wanted=may("timerprogramming_v1/"),
    ),
    Part(
        key=TRIPS,
        request=e.TRIPS.with_values(kind="shortTerm"),
        read=read_last_trip,
        every=timedelta(hours=1),
        wanted=may("trip_statistic_v1/"),
    ),
)
