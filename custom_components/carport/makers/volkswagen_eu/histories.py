"""What We Connect remembers of a car: lists with stable keys, for people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ...car import signals as s
from ...car.histories import Destination, Period, Trip
from ...service.errors import BadAnswer
from ...service.rows import Harvest, capture_time, dig, moment, number, text_at

_VEHICLE: Final = "VW/{country}/vehicles/{vin}"
TRIPS: Final = f"/bs/tripstatistics/v1/{_VEHICLE}/tripdata/{{kind}}"
TRIP_KINDS: Final = {
    "shortTerm": "trips",
    "cyclic": "since_refuelling",
    "longTerm": "long_term",
}
"""The cloud's three lists, and our names for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of the cloud: where it is, what is in it, and the rules that go with it."""

    path: str
    envelope: tuple[str, ...]
    line: Callable[[Mapping[str, Any]], dict[str, Any] | None]
    rules_path: str | None = None
    rules_envelope: str = ""


def read_last_trip(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the newest trip."""
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    rows = list(_rows(body, "tripDataList", "tripData"))
    trips = [trip for row in rows if (trip := _trip(row)).ended_at is not None]
    if not trips:
        return harvest
    last = max(trips, key=_ended)
    harvest.captured_at = ended = capture_time(
        last.ended_at and last.ended_at.isoformat(), received_at
    )
    for signal, value in (
        (s.LAST_TRIP_DISTANCE, last.distance),
        (s.LAST_TRIP_DURATION, last.duration),
        (s.LAST_TRIP_CONSUMPTION_ELECTRIC, last.consumption_electric),
        (s.LAST_TRIP_CONSUMPTION_FUEL, last.consumption_fuel),
    ):
        if value is not None:
            harvest.add(signal, value)
    harvest.add(s.LAST_TRIP_ENDED_AT, ended)
    return harvest


def trips_of(body: Mapping[str, Any], period: Period) -> list[dict[str, Any]]:
    """Return the trips that ended in a period, newest first."""
    if not isinstance(dig(body, ("tripDataList",)), Mapping):
        raise BadAnswer(TRIPS)
    trips = [_trip(row) for row in _rows(body, "tripDataList", "tripData")]
    asked_for = [trip for trip in trips if period.covers(trip.ended_at)]
    return [trip.to_json() for trip in sorted(asked_for, key=_ended, reverse=True)]


def lines_of(listing: Listing, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a list; what is none is left out."""
    if not isinstance(dig(body, listing.envelope[:1]), Mapping):
        raise BadAnswer(listing.path)
    lines = (listing.line(row) for row in _rows(body, *listing.envelope))
    return [line for line in lines if line is not None]


def rules_of(listing: Listing, body: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the figures of a configuration, under the cloud's own names."""
    rules = dig(body, (listing.rules_envelope,))
    if not isinstance(rules, Mapping):
        raise BadAnswer(listing.rules_path or "")
    return {
        key: value for key, said in rules.items() if (value := number(said)) is not None
    }


def _trip(row: Mapping[str, Any]) -> Trip:
    """Read a trip; what was consumed is in tenths."""
    return Trip(
        ended_at=moment(text_at(row, "timestamp")),
        distance=number(row.get("mileage")),
        duration=number(row.get("traveltime")),
        average_speed=number(row.get("averageSpeed")),
        consumption_electric=_tenths(row.get("averageElectricEngineConsumption")),
        consumption_fuel=_tenths(row.get("averageFuelConsumption")),
    )


def _ended(trip: Trip) -> float:
    return 0 if trip.ended_at is None else trip.ended_at.timestamp()


def _destination(row: Mapping[str, Any]) -> dict[str, Any] | None:
    latitude = number(dig(row, ("geoCoordinate", "latitude")))
    longitude = number(dig(row, ("geoCoordinate", "longitude")))
    if latitude is None or longitude is None:
        return None
    address = row.get("address")
    return Destination(
        latitude=latitude,
        longitude=longitude,
        name=text_at(row, "destinationName"),
        street=text_at(address, "street"),
        city=text_at(address, "city"),
        country=text_at(address, "country"),
    ).to_json()


def _alert(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = text_at(row, "alertType")
    return {
        "id": text_at(row, "id"),
        "kind": None if kind is None else kind.lower(),
        "name": text_at(row, "definitionName"),
        "at": _iso(row, "occurenceDateTime"),
    }


def _speed_alert(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**_alert(row), "speed_limit": number(row.get("speedLimit"))}


def _alarm(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = text_at(row, "reason")
    return {
        "id": text_at(row, "id"),
        "at": _iso(row, "dateTime"),
        "reason": None if reason is None else reason.lower(),
    }


LISTINGS: Final[Mapping[str, Listing]] = {
    "destinations": Listing(
        path=f"/destinationfeedservice/mydestinations/v1/{_VEHICLE}/destinations",
        envelope=("destinations", "destination"),
        line=_destination,
    ),
    "fences": Listing(
        path=f"/bs/geofencing/v1/{_VEHICLE}/geofencingAlerts",
        envelope=("geofencingAlerts", "geofencingAlert"),
        line=_alert,
        rules_path="/bs/geofencing/v1/VW/{country}/geofencingConfiguration",
        rules_envelope="geofencingConfiguration",
    ),
    "speed_alerts": Listing(
        path=f"/bs/speedalert/v1/{_VEHICLE}/speedAlerts",
        envelope=("speedAlerts", "speedAlert"),
        line=_speed_alert,
        rules_path="/bs/speedalert/v1/VW/{country}/speedAlertConfiguration",
        rules_envelope="speedAlertConfiguration",
    ),
    "theft_alarms": Listing(
        path=f"/bs/dwap/v1/{_VEHICLE}/history",
        envelope=("dwaPushHistory", "notification"),
        line=_alarm,
    ),
}
"""Lists by the name under which they are looked up."""


def _rows(data: Mapping[str, Any], *path: str) -> Iterator[Mapping[str, Any]]:
    rows = dig(data, path)
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, Mapping))


def _tenths(value: Any) -> float | None:
    found = number(value)
    return None if found is None else found / 10


def _iso(row: Mapping[str, Any], key: str) -> str | None:
    found = moment(text_at(row, key))
    return None if found is None else found.isoformat()
