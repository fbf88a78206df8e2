"""Twins of the Demo garage that have lived for a while, for their tests."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from carport.car import commands as c
from carport.car.schedule import Schedule
from carport.car.switches import SetDefrost
from carport.twin.fleet import GARAGE
from carport.twin.twin import AcceptedCommand, Report, Twin, TwinSpec

MONDAY: Final = datetime(2026, 11, 16, tzinfo=UTC)
ELECTRIC, HYBRID, COMBUSTION, OLD = GARAGE
PARKED: Final = replace(ELECTRIC, routine=None, leaking_tyre=None, schedule=Schedule())
OPPOSITES: Final = (
    c.Lock(),
    c.Unlock(),
    c.StartCharging(),
    c.StopCharging(),
    SetDefrost(on=True),
    c.StartClimate(),
    c.StopClimate(),
)


def after(**span: float) -> datetime:
    """Return a moment after Monday's midnight."""
    return MONDAY + timedelta(**span)


def lived(spec: TwinSpec, **span: float) -> Twin:
    """Return a twin that has lived for a while."""
    twin = Twin(spec, MONDAY)
    twin.advance(after(**span))
    return twin


def history(spec: TwinSpec, days: int) -> Iterable[Report]:
    """Return every report of some days."""
    twin, last = Twin(spec, MONDAY), None
    for minute in range(days * 24 * 60):
        twin.advance(after(minutes=minute))
        if twin.report is not last:
            last = twin.report
            yield last


def answer(accepted: AcceptedCommand) -> bool | None:
    """Return what the car has answered by now."""
    return accepted.done


def shows(twin: Twin, field: str) -> bool:
    """Return what the last report says of one thing."""
    return bool(getattr(twin.report.state, field))


def plugged(level: float = 50, **facts: Any) -> Twin:
    """Return an electric car that stays put on a charger."""
    spec = replace(PARKED, plugged_in=True, battery_level=level, **facts)
    return Twin(spec, MONDAY)
