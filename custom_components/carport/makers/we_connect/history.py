"""What We Connect remembers of a car and its account: lists with stable keys."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from ...car import signals as s
from ...car.history import Destination, Period, Trip
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import (
    ReadingBuilder,
    capture_time,
    get_path,
    position_at,
    rows_at,
    text_at,
    to_datetime,
    to_float,
)
from ...cloud.history_map import HistoryMapping, ParseHistory
from . import cars, endpoints as e, health, status_report

type Line = Callable[[Mapping[str, Any]], dict[str, Any] | None]

# Trips


def read_last_trip(builder: ReadingBuilder, body: Any, car: Car) -> None:
    """Read the newest trip."""
    rows = rows_at(body, "tripDataList", "tripData")
    trips = [trip for row in rows if (trip := _trip(row)).ended_at is not None]
    if not trips:
        return
    last = max(trips, key=_ended)
    builder.captured_at = ended = capture_time(
        last.ended_at and last.ended_at.isoformat(), builder.received_at
    )
    for signal, value in (
        (s.LAST_TRIP_DISTANCE, last.distance),
        (s.LAST_TRIP_DURATION, last.duration),
        (s.LAST_TRIP_CONSUMPTION_ELECTRIC, last.consumption_electric),
        (s.LAST_TRIP_CONSUMPTION_FUEL, last.consumption_fuel),
    ):
        if value is not None:
            builder.add(signal, value)
    builder.add(s.LAST_TRIP_ENDED_AT, ended)


def trips_of(body: Any, period: Period) -> list[dict[str, Any]]:
    """Return the trips that ended in a period, newest first."""
    if not isinstance(get_path(body, ("tripDataList",)), Mapping):
        raise BadAnswer(e.TRIPS.path)
    trips = [_trip(row) for row in rows_at(body, "tripDataList", "tripData")]
    asked_for = [trip for trip in trips if period.covers(trip.ended_at)]
    return [trip.to_json() for trip in sorted(asked_for, key=_ended, reverse=True)]


def _trip(row: Mapping[str, Any]) -> Trip:
    """Read a trip; what was consumed is in tenths."""
    return Trip(
        ended_at=to_datetime(text_at(row, "timestamp")),
        distance=to_float(row.get("mileage")),
        duration=to_float(row.get("traveltime")),
        average_speed=to_float(row.get("averageSpeed")),
        consumption_electric=_tenths(row.get("averageElectricEngineConsumption")),
        consumption_fuel=_tenths(row.get("averageFuelConsumption")),
    )


def _ended(trip: Trip) -> float:
    return 0 if trip.ended_at is None else trip.ended_at.timestamp()


# Lists of lines, and the figures that go with them


def lines_of(body: Any, envelope: tuple[str, str], line: Line) -> list[dict[str, Any]]:
    """Return the lines of a list; what is none is left out."""
    if not isinstance(get_path(body, envelope[:1]), Mapping):
        raise BadAnswer("/".join(envelope))
    lines = (line(row) for row in rows_at(body, *envelope))
    return [found for found in lines if found is not None]


def rules_of(body: Any, envelope: str) -> dict[str, float | str]:
    """Return the figures of a configuration, under the cloud's own names."""
    rules = get_path(body, (envelope,))
    if not isinstance(rules, Mapping):
        raise BadAnswer(envelope)
    return {
        key: value
        for key, said in rules.items()
        if (value := to_float(said)) is not None
    }


def _destination(row: Mapping[str, Any]) -> dict[str, Any] | None:
    place = position_at(row, "geoCoordinate.latitude", "geoCoordinate.longitude")
    if place is None:
        return None
    address = row.get("address")
    return Destination(
        latitude=place.latitude,
        longitude=place.longitude,
        name=text_at(row, "destinationName"),
        street=text_at(address, "street"),
        city=text_at(address, "city"),
        country=text_at(address, "country"),
    ).to_json()


def _alert(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": text_at(row, "id"),
        "kind": _lower(row, "alertType"),
        "name": text_at(row, "definitionName"),
        "at": _iso(row, "occurenceDateTime"),
    }


def _speed_alert(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**_alert(row), "speed_limit": to_float(row.get("speedLimit"))}


def _alarm(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": text_at(row, "id"),
        "at": _iso(row, "dateTime"),
        "reason": _lower(row, "reason"),
    }


# The account, and the rights to a car


def _account(body: Any) -> dict[str, Any]:
    return {
        "profile_completed": body.get("profileCompleted"),
        "pin_defined": body.get("spinDefined"),
        "country": body.get("carnetEnrollmentCountry"),
    }


def _address(body: Any) -> dict[str, Any]:
    return {"email_verified": body.get("emailVerified")}


def _role(body: Any) -> dict[str, Any]:
    return {
        "role": text_at(body, "role", "content"),
        "security_level": text_at(body, "role", "securityLevel"),
    }


def _users(body: Any) -> dict[str, Any]:
    return {
        "users": [
            {"nickname": user.get("nickname"), "role": user.get("role")}
            for user in rows_at(body, "users")
        ]
    }


def _car_port(body: Any) -> dict[str, Any]:
    return {"car_port": dict(body)}


def _built(body: Any) -> dict[str, Any]:
    known = get_path(body, ("vehicleDataDetail",))
    built = get_path(known, ("carportData",))
    return {
        "connected": get_path(known, ("isConnect",)) is True,
        "built": dict(built) if isinstance(built, Mapping) else {},
    }


# The table


def _parse(parse: Callable[[Any], Mapping[str, Any]]) -> ParseHistory:
    """Make a parser of one that needs neither the period nor the time."""
    return lambda body, period, now: parse(body)


def _trips(name: str) -> ParseHistory:
    return lambda body, period, now: {name: trips_of(body, period)}


def _lines(key: str, envelope: tuple[str, str], line: Line) -> ParseHistory:
    return _parse(lambda body: {key: lines_of(body, envelope, line)})


def _rules(envelope: str) -> ParseHistory:
    return _parse(lambda body: {"rules": rules_of(body, envelope)})


_row = partial(HistoryMapping, decode=Answer.json)

HISTORY: Final = (
    _row("trips", e.TRIPS.with_values(kind="shortTerm"), _trips("trips")),
    _row("trips", e.TRIPS.with_values(kind="cyclic"), _trips("since_refuelling")),
    _row("trips", e.TRIPS.with_values(kind="longTerm"), _trips("long_term")),
    _row(
        "destinations",
        e.DESTINATIONS,
        _lines("destinations", ("destinations", "destination"), _destination),
    ),
    _row(
        "fences",
        e.FENCES,
        _lines("fences", ("geofencingAlerts", "geofencingAlert"), _alert),
    ),
    _row("fences", e.FENCE_RULES, _rules("geofencingConfiguration")),
    _row(
        "speed_alerts",
        e.SPEED_ALERTS,
        _lines("speed_alerts", ("speedAlerts", "speedAlert"), _speed_alert),
    ),
    _row("speed_alerts", e.SPEED_RULES, _rules("speedAlertConfiguration")),
    _row(
        "theft_alarms",
        e.THEFT_ALARMS,
        _lines("theft_alarms", ("dwaPushHistory", "notification"), _alarm),
    ),
    HistoryMapping(
        "health_report",
        e.HEALTH_REPORT,
        lambda xml, period, now: health.report_of(xml, now).to_json(),
        decode=lambda answer: answer.text,
    ),
    HistoryMapping(
        "status_report",
        e.REPORT,
        lambda body, period, now: status_report.report_of(body, now),
        decode=status_report.report_in,
    ),
    _row("account", e.MBB_STATUS, _parse(_account)),
    _row("account", e.IDENTITY, _parse(_address)),
    _row("rights", e.ROLE, _parse(_role), optional=True),
    _row("rights", e.CAR_USERS, _parse(_users), optional=True),
    _row(
        "rights",
        e.RIGHTS,
        lambda body, period, now: {"services": cars.rights_of(body, now)},
    ),
    _row("car_data", e.DETAILS, _parse(_built)),
    _row("car_data", e.CAR_PORT, _parse(_car_port), optional=True),
)


def _tenths(value: Any) -> float | None:
    found = to_float(value)
    return None if found is None else found / 10


def _iso(row: Mapping[str, Any], key: str) -> str | None:
    found = to_datetime(text_at(row, key))
    return None if found is None else found.isoformat()


def _lower(row: Mapping[str, Any], key: str) -> str | None:
    word = text_at(row, key)
    return None if word is None else word.lower()
