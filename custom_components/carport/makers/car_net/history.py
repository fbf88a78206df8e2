"""The vehicle health report: readings for entities, and the whole as a list."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from ...car import signals as s
from ...car.history import (
    HealthCategory,
    HealthMessage,
    HealthReport,
    Maintenance,
    Period,
)
from ...car.signals import Health, Record
from ...cloud.contract import Car
from ...cloud.field_map import (
    ReadingBuilder,
    capture_time,
    field_at,
    kilometres,
    rows_at,
    to_float,
    unwrap,
)
from ...cloud.history_map import HistoryMapping
from ..volkswagen_group.cars import day_after
from . import endpoints as e

# The legend: A red, stop; B yellow, see a dealer for repair; C blue, see a dealer for
# regular service; D green. E is white, and nobody says what that means.
_VERDICTS: Final = {
    "A": Health.STOP,
    "B": Health.SERVICE,
    "C": Health.NOTICE,
    "D": Health.OK,
}
_CATEGORIES: Final = {
    "DRVR_ASSIST_SYS": "driver_assistance",
    "ELECTRIC_SYS": "electric",
    "ENG_TRANS_PWTR": "powertrain",
    "TIRES_BRAKES": "tyres_brakes",
    "COMFORT_SYS": "comfort",
}
# Only the inspection was seen; the other is what its name ought to be.
_DUE: Final = {
    "inspection": (s.INSPECTION_DUE_DISTANCE, s.INSPECTION_DUE_ON),
    "oil_service": (s.OIL_SERVICE_DUE_DISTANCE, s.OIL_SERVICE_DUE_ON),
}
# The text of a message was never published: the first of these that is there.
_MESSAGE_TEXTS: Final = (
    "messageDesc",
    "description",
    "diagnosticMessage",
    "message",
    "text",
    "title",
)


def _verdict(code: Any) -> str | None:
    verdict = _VERDICTS.get(code) if isinstance(code, str) else None
    return None if verdict is None else str(verdict)


HEALTH_FIELDS: Final = (field_at(s.HEALTH, "overallPriorityCode", _verdict),)


def read_health(builder: ReadingBuilder, data: Any, _car: Car) -> None:
    """Read the report's problems, messages and next dates."""
    messages: list[Record] = []
    for category in _categories(data):
        severity = category.severity
        if (signal := s.HEALTH_PROBLEMS.get(category.category)) is not None:
            builder.add(signal, None if severity is None else severity != Health.OK)
        messages.extend(
            {"category": category.category, "severity": severity, "text": message.text}
            for message in category.messages
        )
    if "applicableCategories" in data:
        builder.add(s.HEALTH_MESSAGES, tuple(messages))
    for row in rows_at(data, "vhrMaintEvents"):
        event = _event(row, builder.captured_at)
        if event.kind in _DUE:
            distance, due_on = _DUE[event.kind]
            if "distance" in row:
                builder.add(distance, event.distance)
            if "daysCount" in row and builder.captured_at is not None:
                builder.add(due_on, event.due_on)


def report_of(body: Mapping[str, Any], received_at: datetime) -> HealthReport:
    """Return the whole report."""
    data = unwrap(body, e.HEALTH.path, "data")
    captured_at = capture_time(data.get("vhrTimeStamp"), received_at)
    return HealthReport(
        captured_at=captured_at,
        health=_verdict(data.get("overallPriorityCode")),
        odometer=kilometres(data.get("odoReadCount"), data.get("odoUOM")),
        categories=tuple(_categories(data)),
        maintenance=tuple(
            _event(row, captured_at) for row in rows_at(data, "vhrMaintEvents")
        ),
    )


def _categories(data: Mapping[str, Any]) -> Iterator[HealthCategory]:
    """Yield the categories, by our word or by the maker's where we have none."""
    for row in rows_at(data, "applicableCategories"):
        code, severity = row.get("categoryCode"), row.get("categoryPriorityCode")
        if isinstance(code, str):
            yield HealthCategory(
                category=_CATEGORIES.get(code, code.lower()),
                severity=_verdict(severity),
                messages=tuple(
                    HealthMessage(severity=_verdict(severity), text=text)
                    for text in _messages(row)
                ),
            )


def _messages(row: Mapping[str, Any]) -> Iterator[str]:
    messages = row.get("diagnosticMessages")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, str):
            yield message
        elif isinstance(message, Mapping):
            texts = (message.get(key) for key in _MESSAGE_TEXTS)
            if text := next((text for text in texts if isinstance(text, str)), None):
                yield text


def _event(row: Mapping[str, Any], captured_at: datetime | None) -> Maintenance:
    return Maintenance(
        kind=str(row.get("eventType")).lower(),
        distance=kilometres(row.get("distance"), row.get("uom")),
        due_on=day_after(captured_at, to_float(row.get("daysCount"))),
    )


def _report(body: Any, _period: Period, now: datetime) -> Mapping[str, Any]:
    return report_of(body, now).to_json()


HEALTH_REPORT: Final = HistoryMapping(
    key="health_report", request=e.HEALTH, parse=_report
)
