"""Data requests: which one brings deliveries, and what one is created with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
import re
import secrets
from typing import Any, Final, Self, TypeIs

from ...car.bounds import clean_label, moment_from
from ...cloud.field_map import to_datetime

CONTINUOUS: Final = "15mins"
ALL_DATA: Final = "All Data"
PARTIAL_CLUSTERS: Final = (
    "Charging",
    "Maintenance Related Information",
    "Vehicle Warning Lights",
)
"""What is enough for most of what is read here, where the portal takes a part."""
EVERY_CLUSTER: Final = (
    ALL_DATA,
    "Charging",
    "Driving Behaviour",
    "Maintenance Related Information",
    "Parking Data",
    "Vehicle Warning Lights",
)
_ENVELOPES: Final = ("items", "requests", "data")
_EXPIRED: Final = "expired"
_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """A request for continuous data; `ends_at` is None where it has no end."""

    identifier: str
    name: str | None
    started_at: datetime | None
    ends_at: datetime | None
    expired: bool = False

    def is_over(self, now: datetime) -> bool:
        """Return whether it brings nothing more."""
        return self.expired or (self.ends_at is not None and self.ends_at <= now)

    def to_json(self) -> dict[str, Any]:
        """Turn it into JSON."""
        return {
            "identifier": self.identifier,
            "name": self.name,
            "started_at": self.started_at and self.started_at.isoformat(),
            "ends_at": self.ends_at and self.ends_at.isoformat(),
            "expired": self.expired,
        }

    @classmethod
    def from_json(cls, kept: object) -> Self | None:
        """Bring one back; None where it is damaged."""
        if not isinstance(kept, Mapping) or not _is_identifier(kept.get("identifier")):
            return None
        return cls(
            identifier=kept["identifier"],
            name=clean_label(kept.get("name")),
            started_at=moment_from(kept.get("started_at")),
            ends_at=moment_from(kept.get("ends_at")),
            expired=kept.get("expired") is True,
        )


def current_request(body: Any, now: datetime) -> DataRequest | None:
    """Return the continuous request that counts: the youngest that still runs.

    Where all have run out it is the last of them, so that the owner hears of it.
    """
    found = sorted(_requests(body), key=_start)
    running = [one for one in found if not one.is_over(now)]
    return next(reversed(running or found), None)


def body_of_request(now: datetime, clusters: Iterable[str]) -> dict[str, Any]:
    """Return what a request is created with: continuous, and without an end."""
    return {
        "Name": "Carport",
        "Identifier": secrets.token_hex(16),
        "Frequency": CONTINUOUS,
        "Duration": "No Expiry",
        "StartDate": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "DataClusters": list(clusters),
        "EmailFrequency": "No notification",
        "LastNotificationDate": None,
    }


def _requests(body: Any) -> Iterator[DataRequest]:
    for row in _rows(body):
        if not isinstance(row, Mapping) or row.get("Frequency") != CONTINUOUS:
            continue
        identifier = row.get("Identifier")
        if not _is_identifier(identifier):
            continue
        status = row.get("Status")
        yield DataRequest(
            identifier=identifier,
            name=clean_label(row.get("Name")),
            started_at=to_datetime(row.get("StartDate")),
            ends_at=to_datetime(row.get("EndDate")),
            expired=isinstance(status, str) and status.casefold() == _EXPIRED,
        )


def _rows(body: Any) -> list[Any]:
    """Return what an answer lists: a list or one object, and either may be wrapped."""
    if isinstance(body, Mapping):
        inside = (body.get(key) for key in _ENVELOPES)
        body = next((one for one in inside if isinstance(one, (list, Mapping))), body)
    return body[:_MOST] if isinstance(body, list) else [body]


def _start(request: DataRequest) -> float:
    return 0.0 if request.started_at is None else request.started_at.timestamp()


def _is_identifier(value: object) -> TypeIs[str]:
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None
