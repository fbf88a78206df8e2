"""What i Remote's status says of the car's health: warnings, and services due."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from ...car import signals as s
from ...car.history import HealthCategory, HealthMessage, HealthReport, Maintenance
from ...car.signals import Health, Record
from ...cloud.field_map import ReadingBuilder, text_at, to_float

_TYRE_WARNING: Final = 955
_WARNINGS: Final = "check_control"
"""The maker's own name for the messages behind a warning light."""

_SERVICES: Final = {
    "OIL": ("oil_service", s.OIL_SERVICE_DUE_DISTANCE, s.OIL_SERVICE_DUE_ON),
    "VEHICLE_TUV": ("inspection", s.INSPECTION_DUE_DISTANCE, s.INSPECTION_DUE_ON),
    "VEHICLE_CHECK": ("service", s.SERVICE_DUE_DISTANCE, s.SERVICE_DUE_ON),
}
_STATES: Final = {
    "OK": Health.OK,
    "PENDING": Health.NOTICE,
    "OVERDUE": Health.SERVICE,
}
_SEVERITY: Final = tuple(Health)


def read_health(builder: ReadingBuilder, data: Mapping[str, Any]) -> None:
    """Read warnings and services, and the worst verdict of them all."""
    warnings = _rows(data, "checkControlMessages")
    if warnings is not None:
        _add_warnings(builder, warnings)
    services = _rows(data, "cbsData")
    if services is None:
        return
    if (verdict := _verdict(warnings or [], services)) is not None:
        builder.add(s.HEALTH, str(verdict))
    builder.add(
        s.HEALTH_MESSAGES,
        tuple(
            {
                "category": kind.lower(),
                "severity": _severity(row),
                "text": text_at(row, "cbsDescription"),
            }
            for row, kind in _known(services)
        ),
    )
    for row, kind in _known(services):
        if kind in _SERVICES:
            _, distance, due_on = _SERVICES[kind]
            if "cbsRemainingMileage" in row:
                builder.add(distance, to_float(row["cbsRemainingMileage"]))
            if "cbsDueDate" in row:
                builder.add(due_on, month(row["cbsDueDate"]))


def report_of(data: Mapping[str, Any], captured_at: datetime | None) -> HealthReport:
    """Return warnings and services as one report, which BMW itself has not."""
    warnings, services = _rows(data, "checkControlMessages"), _rows(data, "cbsData")
    known = _known(services or [])
    verdict = None if services is None else _verdict(warnings or [], services)
    return HealthReport(
        captured_at=captured_at,
        health=None if verdict is None else str(verdict),
        odometer=to_float(data.get("mileage")),
        categories=(
            *(() if warnings is None else (_warned(warnings),)),
            *(_category(row, kind) for row, kind in known),
        ),
        maintenance=tuple(
            Maintenance(
                kind=_SERVICES[kind][0] if kind in _SERVICES else kind.lower(),
                distance=to_float(row.get("cbsRemainingMileage")),
                due_on=month(row.get("cbsDueDate")),
            )
            for row, kind in known
        ),
    )


def month(value: Any) -> date | None:
    """Return the first day of a month such as 2020-05 or 05.2020."""
    if not isinstance(value, str):
        return None
    for form in ("%Y-%m", "%m.%Y"):
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _add_warnings(builder: ReadingBuilder, rows: list[Any]) -> None:
    records = tuple(_warning(row) for row in rows)
    builder.add(s.WARNING_LIGHTS, records)
    codes = [record["code"] for record in records]
    if _TYRE_WARNING in codes or None not in codes:
        # A warning without a code that is understood may be the tyres'.
        builder.add(s.TYRE_PROBLEM, _TYRE_WARNING in codes)


def _warning(row: Any) -> Record:
    """Return one warning; one that cannot be read is one all the same."""
    said = row if isinstance(row, Mapping) else {}
    code = to_float(said.get("ccmId"))
    return {
        "code": None if code is None else int(code),
        "text": text_at(said, "ccmDescriptionShort"),
        "description": text_at(said, "ccmDescriptionLong"),
        "odometer": to_float(said.get("ccmMileage")),
    }


def _verdict(warnings: list[Any], services: list[Any]) -> Health | None:
    """Return the worst verdict.

    All is well only if every line says so in a word that is known.
    """
    known = [_STATES.get(str(row.get("cbsState"))) for row, _ in _known(services)]
    worst = max(
        [verdict for verdict in known if verdict is not None],
        key=_SEVERITY.index,
        default=Health.OK,
    )
    if warnings:
        worst = max(worst, Health.NOTICE, key=_SEVERITY.index)
    understood = len(services) == len(known) and None not in known
    return worst if understood or worst is not Health.OK else None


def _warned(rows: list[Any]) -> HealthCategory:
    texts = (
        record["description"] or record["text"] or f"{record['code'] or '?'}"
        for record in map(_warning, rows)
    )
    return HealthCategory(
        category=_WARNINGS,
        severity=str(Health.NOTICE if rows else Health.OK),
        messages=tuple(HealthMessage(text=str(text)) for text in texts),
    )


def _category(row: Mapping[str, Any], kind: str) -> HealthCategory:
    text = text_at(row, "cbsDescription")
    severity = _severity(row)
    return HealthCategory(
        category=kind.lower(),
        severity=severity,
        messages=() if text is None else (HealthMessage(text=text, severity=severity),),
    )


def _severity(row: Mapping[str, Any]) -> str | None:
    verdict = _STATES.get(str(row.get("cbsState")))
    return None if verdict is None else str(verdict)


def _known(rows: list[Any]) -> list[tuple[Mapping[str, Any], str]]:
    return [
        (row, kind)
        for row in rows
        if isinstance(row, Mapping) and isinstance(kind := row.get("cbsType"), str)
    ]


def _rows(data: Mapping[str, Any], key: str) -> list[Any] | None:
    rows = data.get(key)
    return rows if isinstance(rows, list) else None
