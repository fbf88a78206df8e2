"""Data requests: what an owner has asked the maker to deliver, and how it is asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
import re
from typing import Any, Final

ALL_DATA: Final = "All Data"
CLUSTERS: Final = (
    ALL_DATA,
    "Charging",
    "Driving Behaviour",
    "Maintenance Related Information",
    "Parking Data",
    "Vehicle Warning Lights",
)
CONTINUOUS: Final = "15mins"
_NO_EXPIRY: Final = "No Expiry"
_ONE_MONTH: Final = "One Month"
_DURATIONS: Final = f"['{_NO_EXPIRY}','{_ONE_MONTH}'] or upcoming dates"
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{32}")
_KEYS: Final = frozenset(
    {
        "Name",
        "Identifier",
        "Frequency",
        "Duration",
        "StartDate",
        "DataClusters",
        "EmailFrequency",
        "LastNotificationDate",
    }
)
_PATIENCE: Final = timedelta(hours=1)
"""How far the start of a request may be from now."""


class Invalid(ValueError):
    """A request is not as the portal wants it; the text is the portal's."""


@dataclass(slots=True, kw_only=True)
class DataRequest:
    """One request for continuous data of one car."""

    identifier: str
    name: str
    duration: str
    start: datetime
    end: datetime | None
    clusters: tuple[str, ...]

    def is_over(self, now: datetime) -> bool:
        """Return whether it has run out."""
        return self.end is not None and now >= self.end

    def listed(self, now: datetime) -> dict[str, Any]:
        """Return what the portal tells of it."""
        return {
            "Identifier": self.identifier,
            "Name": self.name,
            "Frequency": CONTINUOUS,
            "Duration": self.duration,
            "StartDate": stamp(self.start),
            "EndDate": None if self.end is None else stamp(self.end),
            "DataClusters": list(self.clusters),
            "Status": "EXPIRED" if self.is_over(now) else "ACTIVE",
        }

    def to_json(self) -> dict[str, Any]:
        """Turn it into JSON, to go on with after a restart."""
        end = self.end and self.end.isoformat()
        return {**asdict(self), "start": self.start.isoformat(), "end": end}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> DataRequest:
        """Bring one back; KeyError, TypeError or ValueError where it is none."""
        end = kept["end"]
        return cls(
            **{
                **kept,
                "start": datetime.fromisoformat(kept["start"]),
                "end": None if end is None else datetime.fromisoformat(end),
                "clusters": tuple(kept["clusters"]),
            }
        )


def usual_request(identifier: str, now: datetime) -> DataRequest:
    """Return the request as owners make it in the browser: all data, for a year."""
    start = now.replace(microsecond=0) - timedelta(days=30)
    end = start + timedelta(days=365)
    return DataRequest(
        identifier=identifier,
        name="My data",
        duration=end.date().isoformat(),
        start=start,
        end=end,
        clusters=CLUSTERS,
    )


def request_of(
    body: Mapping[str, Any], now: datetime, *, all_data_needed: bool
) -> DataRequest:
    """Make a request of what was sent; raises `Invalid` where it is none."""
    if unknown := sorted(body.keys() ^ (_KEYS | (body.keys() & {"EndDate"}))):
        raise Invalid(f"Invalid Request: {unknown[0]}")
    if not _IDENTIFIER.fullmatch(_text(body, "Identifier")):
        raise Invalid("Invalid Identifier")
    if body["Frequency"] != CONTINUOUS:
        raise Invalid("Invalid Frequency")
    if body["EmailFrequency"] != "No notification" or body["LastNotificationDate"]:
        raise Invalid("Invalid EmailFrequency")
    start = _moment(body, "StartDate")
    if abs(start - now) > _PATIENCE:
        raise Invalid("Invalid StartDate")
    clusters = body["DataClusters"]
    if not isinstance(clusters, list) or not clusters or not {*clusters} <= {*CLUSTERS}:
        raise Invalid("Invalid DataClusters")
    if all_data_needed and ALL_DATA not in clusters:
        raise Invalid("Invalid DataClusters: 'All Data' is required")
    return DataRequest(
        identifier=body["Identifier"],
        name=_text(body, "Name"),
        duration=_text(body, "Duration"),
        start=start,
        end=_end(body, start, now),
        clusters=tuple(clusters),
    )


def stamp(at: datetime) -> str:
    """Write a time as the portal does."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _end(body: Mapping[str, Any], start: datetime, now: datetime) -> datetime | None:
    duration = _text(body, "Duration")
    if duration == _NO_EXPIRY:
        if "EndDate" in body:
            raise Invalid("Invalid EndDate")
        return None
    if duration == _ONE_MONTH:
        return start + timedelta(days=30)
    try:
        end = _moment(body, "EndDate")
    except Invalid:
        end = start
    if end <= now or duration != end.date().isoformat():
        raise Invalid(f"Invalid Duration: {duration}. Allowed values are {_DURATIONS}")
    return end


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body[key]
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f"Invalid {key}")
    return value


def _moment(body: Mapping[str, Any], key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(body.get(key)))
    except ValueError:
        raise Invalid(f"Invalid {key}") from None
    if moment.tzinfo is None:
        raise Invalid(f"Invalid {key}")
    return moment
