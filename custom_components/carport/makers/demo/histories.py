"""What the Demo garage remembers of a car: its last trips, charges and destinations."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ...car.histories import ChargeSession, Destination, Entry, Trip
from .physics import capacity
from .readings import per_100_km
from .spec import Drive, TwinSpec
from .state import Report, moment
from .twin import Twin


def trips(twin: Twin, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the trips whose end is within the period, newest first."""
    found = [
        (report.captured_at, _trip(report, twin.spec))
        for report in reversed(twin.trips)
    ]
    return _within(found, query)


def charge_sessions(twin: Twin, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the charges whose last report is within the period, newest first."""
    found: list[tuple[datetime, ChargeSession]] = []
    begun: Report | None = None
    for report in twin.chargings:
        if report.state.charging:
            begun = report
            continue
        found.append((report.captured_at, _session(begun, report, twin.spec)))
        begun = None
    if begun is not None:
        found.append((begun.captured_at, _session(begun, None, twin.spec)))
    return _within(reversed(found), query)


def destinations(twin: Twin) -> list[dict[str, Any]]:
    """Return what was sent to the navigation, newest first."""
    return [
        Destination(
            name=place["name"],
            latitude=place["latitude"],
            longitude=place["longitude"],
            street=place["address"].get("street"),
            city=place["address"].get("city"),
            country=place["address"].get("country"),
            sent_at=moment(place["sent_at"]),
        ).to_json()
        for place in reversed(twin.state.destinations)
    ]


def _trip(report: Report, spec: TwinSpec) -> Trip:
    state = report.state
    distance, minutes = state.last_trip_distance, state.last_trip_minutes
    return Trip(
        ended_at=state.last_trip_ended_at,
        distance=None if distance is None else round(distance, 1),
        duration=None if minutes is None else round(minutes),
        consumption_electric=None
        if spec.drive is Drive.COMBUSTION
        else per_100_km(state.last_trip_energy, distance),
        consumption_fuel=None
        if spec.drive is Drive.ELECTRIC
        else per_100_km(state.last_trip_fuel, distance),
        average_speed=round(distance / minutes * 60, 1)
        if distance and minutes
        else None,
    )


def _session(start: Report | None, end: Report | None, spec: TwinSpec) -> ChargeSession:
    first = None if start is None else start.state.battery_level
    last = None if end is None else end.state.battery_level
    return ChargeSession(
        started_at=None if start is None else start.captured_at,
        ended_at=None if end is None else end.captured_at,
        level_start=None if first is None else round(first),
        level_end=None if last is None else round(last),
        energy=None
        if first is None or last is None
        else round((last - first) / 100 * capacity(spec), 1),
    )


def _within(
    found: Iterable[tuple[datetime, Entry]], query: Mapping[str, Any]
) -> list[dict[str, Any]]:
    start: date = query.get("start") or date.min
    end: date = query.get("end") or date.max
    return [entry.to_json() for at, entry in found if start <= at.date() <= end]
