"""The ways in which a car's JSON has been seen to be odd, or could be."""

from collections.abc import Mapping
from typing import Any, Final

from ..cloud import Damage
from ..damages import enveloped, nothing, wrong_type
from ..faults import put, remove

_WORDS: Final = ("doorStatus", "doorLockStatus", "windowStatus", "lightStatus")
_KM_A_MILE: Final = 1.609344


def _with(values: Mapping[str, Any]) -> Damage:
    """Set some paths, where their parents are there."""

    def damage(content: Any) -> Any:
        for path, value in values.items():
            put(content, path, value)
        return content

    return damage


def _without(*paths: str) -> Damage:
    def damage(content: Any) -> Any:
        for path in paths:
            remove(content, path)
        return content

    return damage


def _miles(content: Any) -> Any:
    power = content.get("data", {}).get("powerStatus")
    if isinstance(power, dict):
        for key in ("cruiseRange", "cruiseRangeFirst"):
            power[key] = round(power[key] / _KM_A_MILE)
        power["cruiseRangeUnits"] = "MI"
    return content


def _string_boolean(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


_EXTERIOR: Final = "data.exteriorStatus"

DAMAGES: Final[Mapping[str, Damage]] = {
    "half_payload": _without(
        _EXTERIOR, "data.powerStatus.battery", "data.lockStatus", "data.location"
    ),
    "no_envelope": lambda content: content.get("data", content),
    "nulls": enveloped(nothing),
    "null_blocks": _with(
        {_EXTERIOR: None, "data.powerStatus": None, "data.applicableCategories": None}
    ),
    "unknown_words": _with(
        {
            f"{_EXTERIOR}.secure": "PERHAPS",
            "data.lockStatus": "PERHAPS",
            "data.powerStatus.battery.chargePlug": "PERHAPS",
            "data.powerStatus.cruiseRangeUnits": "FURLONGS",
            "data.overallPriorityCode": "Q",
            **{f"{_EXTERIOR}.{block}.*": "PERHAPS" for block in _WORDS},
        }
    ),
    "not_available": _with(
        {
            f"{_EXTERIOR}.secure": "UNKNOWN",
            **{f"{_EXTERIOR}.{block}.*": "NOTAVAILABLE" for block in _WORDS},
        }
    ),
    "invalid": _with({f"{_EXTERIOR}.{block}.*": "INVALID" for block in _WORDS}),
    "string_booleans": enveloped(_string_boolean),
    "wrong_types": enveloped(wrong_type),
    "no_range": _with(
        {"data.powerStatus.cruiseRange": -1, "data.powerStatus.cruiseRangeFirst": -1}
    ),
    "miles": _miles,
    "null_location": _with({"data.location": None}),
    "null_locations": _with({"data.location": None, "data.lastParkedLocation": None}),
    "zero_location": _with({"data.location": {"latitude": 0.0, "longitude": 0.0}}),
    "timestamps_among_words": _with(
        {f"{_EXTERIOR}.{block}.{block}Timestamp": 1786292018000 for block in _WORDS}
    ),
    "no_timestamp": _without("data.timestamp", "data.vhrTimeStamp"),
    "empty_garage": _with({"data.vehicleEnrollmentStatus": []}),
}
