"""What a twin says about its own health: one row for each thing that can be amiss."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..car.history import HealthCategory, HealthMessage, HealthReport, Maintenance
from ..car.signals import HEALTH_PROBLEMS, Health
from .physics import LOW_12V, LOW_TYRE
from .spec import Drive, TwinSpec
from .state import TwinState

_SERVICE_SOON_KM: Final = 1000
_INSPECTION_SOON: Final = timedelta(days=30)
_LOW_FUEL: Final = 20
_SEVERITIES: Final = tuple(Health)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that can be amiss, and how bad that is."""

    category: str
    severity: Health
    text: str
    applies: Callable[[TwinState, TwinSpec, datetime], bool]


COMPLAINTS: Final = (
    Complaint(
        category="tyres_brakes",
        severity=Health.NOTICE,
        text="Tyre pressure low",
        applies=lambda state, spec, now: min(state.tyre_pressures) < LOW_TYRE,
    ),
    Complaint(
        category="electric",
        severity=Health.SERVICE,
        text="12 V battery weak",
        applies=lambda state, spec, now: state.battery_12v_voltage < LOW_12V,
    ),
    Complaint(
        category="powertrain",
        severity=Health.NOTICE,
        text="Fuel low",
        applies=lambda state, spec, now: (
            spec.drive is Drive.COMBUSTION and state.fuel_level < _LOW_FUEL
        ),
    ),
    Complaint(
        category="powertrain",
        severity=Health.SERVICE,
        text="Service due soon",
        applies=lambda state, spec, now: service_due(state) < _SERVICE_SOON_KM,
    ),
    Complaint(
        category="driver_assistance",
        severity=Health.NOTICE,
        text="Inspection due soon",
        applies=lambda state, spec, now: (
            state.inspection_due_at - now < _INSPECTION_SOON
        ),
    ),
)


def complaints(
    state: TwinState, spec: TwinSpec, now: datetime
) -> tuple[Complaint, ...]:
    """Return everything that is amiss."""
    return tuple(row for row in COMPLAINTS if row.applies(state, spec, now))


def verdict(found: tuple[Complaint, ...]) -> Health:
    """Return the worst of it."""
    return max((row.severity for row in found), key=_rank, default=Health.OK)


def service_due(state: TwinState) -> float:
    """Return the kilometres left until the next service."""
    return state.service_at_odometer - state.odometer


def report(state: TwinState, spec: TwinSpec, captured_at: datetime) -> HealthReport:
    """Return the whole health report."""
    found = complaints(state, spec, captured_at)
    return HealthReport(
        captured_at=captured_at,
        health=str(verdict(found)),
        odometer=round(state.odometer),
        categories=tuple(_category(name, found) for name in HEALTH_PROBLEMS),
        maintenance=(
            Maintenance(
                kind="service",
                distance=round(service_due(state)),
                due_on=state.service_due_at.date(),
            ),
            Maintenance(kind="inspection", due_on=state.inspection_due_at.date()),
        ),
    )


def _category(name: str, found: tuple[Complaint, ...]) -> HealthCategory:
    ours = tuple(row for row in found if row.category == name)
    return HealthCategory(
        category=name,
        severity=str(verdict(ours)),
        messages=tuple(
            HealthMessage(severity=str(row.severity), text=row.text) for row in ours
        ),
    )


def _rank(severity: Health) -> int:
    return _SEVERITIES.index(severity)
