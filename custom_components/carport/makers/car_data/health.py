"""What a car says of its health: services due and warnings, as JSON in a text."""

from collections.abc import Mapping
import json
from typing import Any, Final

from ...car import signals as s
from ...car.signals import Health, Record
from ...cloud.field_map import ReadingBuilder, text_at, to_float
from .entries import Entries
from .words import day_and_time

_SERVICES: Final = "vehicle.status.conditionBasedServices"
_MESSAGES: Final = "vehicle.status.checkControlMessages"
_TYRE_WARNING: Final = 955
_MOST: Final = 100

_KINDS: Final = {
    1: ("oil_service", s.OIL_SERVICE_DUE_DISTANCE, s.OIL_SERVICE_DUE_ON),
    32: ("inspection", s.INSPECTION_DUE_DISTANCE, s.INSPECTION_DUE_ON),
    100: ("service", s.SERVICE_DUE_DISTANCE, s.SERVICE_DUE_ON),
}
_VERDICTS: Final = {
    "OK": Health.OK,
    "PENDING": Health.NOTICE,
    "OVERDUE": Health.SERVICE,
}
_SEVERITY: Final = tuple(Health)


def read_health(builder: ReadingBuilder, entries: Entries) -> None:
    """Read warnings and services, and the worst verdict of them all."""
    warnings = _read_warnings(builder, entries)
    entry = entries.get(_SERVICES)
    rows = None if entry is None else _rows(entry.value)
    if entry is None or rows is None:
        return
    at = entry.captured_at
    verdicts = [_VERDICTS.get(str(row.get("status"))) for row in rows]
    known = [verdict for verdict in verdicts if verdict is not None]
    worst = max(known, key=_SEVERITY.index, default=Health.OK)
    if warnings:
        worst = max(worst, Health.NOTICE, key=_SEVERITY.index)
    # All is well only if every line says so in a word that is known.
    if len(known) == len(rows) or worst is not Health.OK:
        builder.add(s.HEALTH, str(worst), at)
    builder.add(s.HEALTH_MESSAGES, tuple(_message(row) for row in rows), at)
    for row in rows:
        kind = _KINDS.get(_code(row) or 0)
        if kind is None:
            continue
        _, distance, due_on = kind
        if (left := to_float(row.get("unitOfLengthRemaining"))) is not None:
            builder.add(distance, left, at)
        if (day := day_and_time(row.get("date"))) is not None:
            builder.add(due_on, day.date(), at)


def _read_warnings(builder: ReadingBuilder, entries: Entries) -> tuple[Record, ...]:
    entry = entries.get(_MESSAGES)
    rows = None if entry is None else _rows(entry.value)
    if entry is None or rows is None:
        return ()
    records: tuple[Record, ...] = tuple(
        {
            "code": _code(row),
            "text": text_at(row, "title"),
            "description": text_at(row, "description"),
            "odometer": to_float(row.get("unitOfLengthRemaining")),
        }
        for row in rows
    )
    builder.add(s.WARNING_LIGHTS, records, entry.captured_at)
    codes = [record["code"] for record in records]
    if _TYRE_WARNING in codes or None not in codes:
        # A warning without a code that is understood may be the tyres'.
        builder.add(s.TYRE_PROBLEM, _TYRE_WARNING in codes, entry.captured_at)
    return records


def _message(row: Mapping[str, Any]) -> Record:
    kind = _KINDS.get(_code(row) or 0)
    severity = _VERDICTS.get(str(row.get("status")))
    return {
        "category": kind[0] if kind else text_at(row, "title"),
        "severity": None if severity is None else str(severity),
        "text": text_at(row, "description"),
    }


def _code(row: Mapping[str, Any]) -> int | None:
    code = to_float(row.get("id"))
    return None if code is None else int(code)


def _rows(text: Any) -> list[Mapping[str, Any]] | None:
    """Return the lines of a list that is written as JSON in a text."""
    if not isinstance(text, str):
        return None
    try:
        found = json.loads(text)
    except ValueError, RecursionError:
        return None
    if not isinstance(found, list):
        return None
    return [row for row in found[:_MOST] if isinstance(row, Mapping)]
