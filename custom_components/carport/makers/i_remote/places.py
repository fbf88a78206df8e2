"""Destinations, points of interest and the map of the range."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
import json
from typing import Any, Final

from ...car.commands import SendDestination
from ...car.history import Destination
from ...car.range_map import range_map
from ...cloud.field_map import position_at, rows_at, text_at, to_datetime, unwrap
from .endpoints import RANGE_MAP

_MODES: Final = {"ECO_PRO_PLUS": "most_economical", "COMFORT": "comfort"}
_ADDRESS: Final = {
    "street": "street",
    "city": "city",
    "postal_code": "postalCode",
    "country": "country",
}
_CLOCKS_DIFFER: Final = timedelta(minutes=2)
_NO_AREA: Final = 2
_NEAR: Final = 1e-4
"""Degrees within which two places are the same: about ten metres."""


def destinations_of(body: Mapping[str, Any]) -> tuple[Destination, ...]:
    """Return the places that were sent to the car."""
    return tuple(
        Destination(
            latitude=latitude,
            longitude=longitude,
            name=text_at(row, "name"),
            street=text_at(row, "street"),
            city=text_at(row, "city"),
            country=text_at(row, "country"),
            sent_at=to_datetime(row.get("createdAt")),
        )
        for row, latitude, longitude in _placed(body.get("destinations"))
    )


def holds(body: Mapping[str, Any], command: SendDestination, since: datetime) -> bool:
    """Return whether a place is among those that were sent, and not only earlier."""
    return any(
        abs(place.latitude - command.latitude) < _NEAR
        and abs(place.longitude - command.longitude) < _NEAR
        and (place.sent_at is None or place.sent_at > since - _CLOCKS_DIFFER)
        for place in destinations_of(body)
    )


def poi_of(command: SendDestination) -> str:
    """Return a place as the car's navigation takes it."""
    poi: dict[str, Any] = {
        "name": command.name,
        "lat": command.latitude,
        "lon": command.longitude,
        "rating": -1,
        **{
            theirs: command.address[ours]
            for ours, theirs in _ADDRESS.items()
            if command.address.get(ours)
        },
    }
    return json.dumps({"poi": poi}, separators=(",", ":"))


def geo_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reach as GeoJSON: the centre, and a closed line for each mode."""
    data = unwrap(body, RANGE_MAP.path, "rangemap")
    lines: list[tuple[str, list[list[float]]]] = []
    for row in rows_at(data, "rangemaps"):
        line = [[lon, lat] for _, lat, lon in _placed(row.get("polyline"))]
        if len(line) > _NO_AREA:
            closed = line if line[0] == line[-1] else [*line, line[0]]
            mode = str(row.get("type"))
            lines.append((_MODES.get(mode, mode.lower()), closed))
    centre = next(([lon, lat] for _, lat, lon in _placed([data.get("center")])), None)
    quality = text_at(data, "quality")
    return range_map(centre, lines, None if quality is None else quality.lower())


def _placed(rows: Any) -> Iterator[tuple[Mapping[str, Any], float, float]]:
    """Yield the rows that have a place, and their place."""
    for row in rows if isinstance(rows, list) else ():
        if (place := position_at(row, "lat", "lon")) is not None:
            yield row, place.latitude, place.longitude
