"""How far a car gets from where it is, as GeoJSON that every maker's list has alike."""

from collections.abc import Iterable, Sequence
from typing import Any

type Point = Sequence[float]
"""Longitude, then latitude, as GeoJSON has them."""


def range_map(
    centre: Point | None,
    lines: Iterable[tuple[str, Sequence[Point]]],
    quality: str | None,
) -> dict[str, Any]:
    """Return a map of the centre, and of one closed line for each way of driving."""
    features = [] if centre is None else [_feature("Point", centre, kind="centre")]
    features += [
        _feature("Polygon", [line], kind="range", mode=mode) for mode, line in lines
    ]
    return {
        "type": "FeatureCollection",
        "features": features,
        "properties": {"quality": quality},
    }


def _feature(
    shape: str, coordinates: Sequence[Any], **properties: str
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": shape, "coordinates": coordinates},
        "properties": properties,
    }
