"""What the Demo garage remembers of a car: trips, charges, climate, destinations."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from ...car.history import ChargeSession, ClimateRun, Destination, Entry, Period, Trip
from ...car.signals import ClimateResult
from ...twin import health
from ...twin.alerts import FENCE_RULES, SPEED_RULES, fence_alerts, speed_alerts
from ...twin.memory import ChargeEvent, ClimateEvent, PastTrip
from ...twin.physics import capacity
from ...twin.spec import Equipment, TwinSpec
from ...twin.state import to_datetime
from ...twin.twin import Twin
from .places import range_map_of

type ReadHistory = Callable[[Twin, Period], Mapping[str, Any]]


def _trips(twin: Twin, period: Period) -> Mapping[str, Any]:
    """Return the trips whose end is within the period, newest first."""
    found = ((trip.arrived, _trip(trip)) for trip in _told(twin))
    return {"trips": _within(found, period)}


def _charge_sessions(twin: Twin, period: Period) -> Mapping[str, Any]:
    """Return the charges whose last report is within the period, newest first."""
    found: list[tuple[float, ChargeSession]] = []
    begun: ChargeEvent | None = None
    for event in twin.memory.charges:
        if event.began:
            begun = event
            continue
        found.append((event.at, _session(begun, event, twin.spec)))
        begun = None
    if begun is not None:
        found.append((begun.at, _session(begun, None, twin.spec)))
    return {"charge_sessions": _within(found, period)}


def _climate_history(twin: Twin, period: Period) -> Mapping[str, Any]:
    """Return how conditioning the cabin went within the period, newest first."""
    found = ((run.at, _run(run)) for run in twin.memory.runs)
    return {"climate_history": _within(found, period)}


def _destinations(twin: Twin, period: Period) -> Mapping[str, Any]:
    """Return what was sent to the navigation within the period, newest first."""
    found = (
        (
            place["sent_at"],
            Destination(
                name=place["name"],
                latitude=place["latitude"],
                longitude=place["longitude"],
                street=place["address"].get("street"),
                city=place["address"].get("city"),
                country=place["address"].get("country"),
                sent_at=to_datetime(place["sent_at"]),
            ),
        )
        for place in twin.state.destinations
    )
    return {"destinations": _within(found, period)}


def _fences(twin: Twin, period: Period) -> Mapping[str, Any]:
    return {"fences": fence_alerts(_told(twin)), "rules": dict(FENCE_RULES)}


def _speed_alerts(twin: Twin, period: Period) -> Mapping[str, Any]:
    return {"speed_alerts": speed_alerts(_told(twin)), "rules": dict(SPEED_RULES)}


def _health_report(twin: Twin, period: Period) -> Mapping[str, Any]:
    report = twin.report
    return health.report(report.state, twin.spec, report.captured_at).to_json()


def _notification_settings(twin: Twin, period: Period) -> Mapping[str, Any]:
    return dict(twin.state.notification_settings)


HISTORY: Final[Mapping[str, tuple[Equipment | None, ReadHistory]]] = {
    "trips": (Equipment.TRIPS, _trips),
    "charge_sessions": (None, _charge_sessions),
    "climate_history": (Equipment.CLIMATE, _climate_history),
    "destinations": (Equipment.NAVIGATION, _destinations),
    "range_map": (
        Equipment.POSITION,
        lambda twin, period: range_map_of(twin.report.state, twin.spec),
    ),
    "fences": (Equipment.ALERTS, _fences),
    "speed_alerts": (Equipment.ALERTS, _speed_alerts),
    "health_report": (Equipment.HEALTH, _health_report),
    "notification_settings": (Equipment.NOTIFICATIONS, _notification_settings),
}
"""The lists of a car, and the equipment without which it has none."""


def _told(twin: Twin) -> Iterator[PastTrip]:
    """Yield the trips of which the cloud has heard."""
    heard = twin.report.captured_at.timestamp()
    return (trip for trip in twin.memory.trips if trip.arrived <= heard)


def _trip(trip: PastTrip) -> Trip:
    return Trip(
        ended_at=to_datetime(trip.arrived),
        distance=trip.distance,
        duration=round(trip.minutes),
        consumption_electric=trip.consumption_electric,
        consumption_fuel=trip.consumption_fuel,
        average_speed=round(trip.distance / trip.minutes * 60, 1),
    )


def _session(
    start: ChargeEvent | None, end: ChargeEvent | None, spec: TwinSpec
) -> ChargeSession:
    return ChargeSession(
        started_at=None if start is None else to_datetime(start.at),
        ended_at=None if end is None else to_datetime(end.at),
        level_start=None if start is None else round(start.level),
        level_end=None if end is None else round(end.level),
        energy=None
        if start is None or end is None
        else round((end.level - start.level) / 100 * capacity(spec), 1),
        minutes_expected=None if start is None else start.minutes,
    )


def _run(run: ClimateEvent) -> ClimateRun:
    result = ClimateResult.SUCCESS if run.done else ClimateResult.ERROR
    return ClimateRun(at=to_datetime(run.at), result=str(result), by_owner=run.by_owner)


def _within(
    found: Iterable[tuple[float, Entry]], period: Period
) -> list[dict[str, Any]]:
    """Return the lines of a period, newest first."""
    lines = [entry.to_json() for at, entry in found if period.covers(to_datetime(at))]
    return lines[::-1]
