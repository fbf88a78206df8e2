"""The vehicle health report: readings for entities, and the whole as a list."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.histories import HealthCategory, HealthMessage, HealthReport, Maintenance
from ...car.signals import Health, Record
from ...service.rows import Harvest, capture_time, kilometres, number, opened

WHAT: Final = "/vhs/v2/vehicle/{vehicleId}"

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
_EVENTS: Final = {
    "INSPECTION": ("inspection", s.INSPECTION_DUE_DISTANCE, s.INSPECTION_DUE_AT),
    "OIL_SERVICE": ("oil_service", s.OIL_SERVICE_DUE_DISTANCE, s.OIL_SERVICE_DUE_AT),
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
_LONGEST_WAIT: Final = 10_000


def read_health(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the report's verdicts, messages and next dates."""
    data = opened(body, WHAT, "data")
    captured_at = capture_time(data.get("vhrTimeStamp"), received_at)
    harvest = Harvest(captured_at=captured_at, received_at=received_at, channel=channel)
    if "overallPriorityCode" in data:
        harvest.add(s.HEALTH, _verdict(data, "overallPriorityCode"))
    messages: list[Record] = []
    for category, row in _categories(data):
        verdict = _verdict(row, "categoryPriorityCode")
        if (signal := s.HEALTH_PROBLEMS.get(category)) is not None:
            harvest.add(signal, None if verdict is None else verdict != Health.OK)
        messages.extend(
            {"category": category, "severity": verdict, "text": text}
            for text in _messages(row)
        )
    if "applicableCategories" in data:
        harvest.add(s.HEALTH_MESSAGES, tuple(messages))
    for event in _events(data):
        _add_event(harvest, event)
    return harvest


def report_of(body: Mapping[str, Any], received_at: datetime) -> HealthReport:
    """Return the whole report."""
    data = opened(body, WHAT, "data")
    captured_at = capture_time(data.get("vhrTimeStamp"), received_at)
    return HealthReport(
        captured_at=captured_at,
        health=_verdict(data, "overallPriorityCode"),
        odometer=kilometres(data.get("odoReadCount"), data.get("odoUOM")),
        categories=tuple(_category(*row) for row in _categories(data)),
        maintenance=tuple(_event(row, captured_at) for row in _events(data)),
    )


def _category(category: str, row: Mapping[str, Any]) -> HealthCategory:
    verdict = _verdict(row, "categoryPriorityCode")
    return HealthCategory(
        category=category,
        severity=verdict,
        messages=tuple(
            HealthMessage(severity=verdict, text=text) for text in _messages(row)
        ),
    )


def _verdict(row: Mapping[str, Any], key: str) -> str | None:
    code = row.get(key)
    verdict = _VERDICTS.get(code) if isinstance(code, str) else None
    return None if verdict is None else str(verdict)


def _rows(data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    rows = data.get(key)
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, Mapping))


def _categories(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield our word for each category, or the maker's where we have none."""
    for row in _rows(data, "applicableCategories"):
        code = row.get("categoryCode")
        if isinstance(code, str):
            yield _CATEGORIES.get(code, code.lower()), row


def _messages(row: Mapping[str, Any]) -> Iterator[str]:
    messages = row.get("diagnosticMessages")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, str):
            yield message
        elif isinstance(message, Mapping):
            texts = (message.get(key) for key in _MESSAGE_TEXTS)
            if text := next((text for text in texts if isinstance(text, str)), None):
                yield text


def _events(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return _rows(data, "vhrMaintEvents")


def _event(row: Mapping[str, Any], captured_at: datetime | None) -> Maintenance:
    kind = row.get("eventType")
    known = _EVENTS.get(kind) if isinstance(kind, str) else None
    return Maintenance(
        kind=known[0] if known else str(kind).lower(),
        distance=kilometres(row.get("distance"), row.get("uom")),
        due_at=_due_at(row, captured_at),
    )


def _add_event(harvest: Harvest, row: Mapping[str, Any]) -> None:
    kind = row.get("eventType")
    known = _EVENTS.get(kind) if isinstance(kind, str) else None
    if known is None:
        return
    _, distance, due_at = known
    if "distance" in row:
        harvest.add(distance, kilometres(row["distance"], row.get("uom")))
    if harvest.captured_at is not None and "daysCount" in row:
        harvest.add(due_at, _due_at(row, harvest.captured_at))


def _due_at(row: Mapping[str, Any], captured_at: datetime | None) -> datetime | None:
    """Return the day some days after the report; the hour would be invented."""
    days = number(row.get("daysCount"))
    if captured_at is None or days is None or abs(days) > _LONGEST_WAIT:
        return None
    day = captured_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days)
