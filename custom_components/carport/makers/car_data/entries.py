"""What is known of a car by its descriptors, from REST answers and the stream alike.

Both ways name the same descriptors, each with a time of its own. REST writes values as
texts and leaves out units where the stream says them, so one memory holds the newest of
either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ...cloud.field_map import capture_time, to_float

ODOMETER: Final = "vehicle.vehicle.travelledDistance"
DISPLAY_UNIT: Final = "vehicle.cabin.infotainment.displayUnit.distance"
KOMBI_RANGE: Final = "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange"
TANK_RANGE: Final = "vehicle.cabin.infotainment.navigation.remainingRange"
SERVICE_DISTANCE: Final = "vehicle.status.serviceDistance.next"
_AS_DISPLAYED: Final = frozenset({KOMBI_RANGE, TANK_RANGE, SERVICE_DISTANCE})
"""Distances as the car's display shows them, of which REST says no unit."""

_MOST_DESCRIPTORS: Final = 600
_LONGEST_NAME: Final = 200
_LONGEST_VALUE: Final = 50_000
_SAYS_NOTHING: Final = frozenset(
    {"", "-na-", "invalid", "unknown", "asn_isunknown", "null"}
)
_SWAPPED: Final = (0.6214, 1.6093)
_SWAP_TOLERANCE: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The newest value of a descriptor; `unit` is the last one that was said."""

    value: Any
    unit: str | None
    captured_at: datetime

    @property
    def says_something(self) -> bool:
        """Whether the value is one, and no word for *not known*."""
        if isinstance(self.value, str):
            return self.value.strip().casefold() not in _SAYS_NOTHING
        return self.value is not None


class Entries:
    """The newest entry of every descriptor of one car."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[str, Entry] = {}

    def __getitem__(self, name: str) -> Entry:
        """Return an entry; KeyError where there is none."""
        return self._known[name]

    def __len__(self) -> int:
        """Return how many descriptors were ever seen."""
        return len(self._known)

    def get(self, name: str) -> Entry | None:
        """Return an entry that says something."""
        entry = self._known.get(name)
        return entry if entry is not None and entry.says_something else None

    def take(self, raw: object, received_at: datetime) -> frozenset[str]:
        """Take values in, and return which descriptors are newer now.

        What has no time was never sent by the car; what is older than what is known
        came late, and is dropped.
        """
        newer: set[str] = set()
        for name, value in _named(raw):
            captured_at = capture_time(value.get("timestamp"), received_at)
            known = self._known.get(name)
            if captured_at is None or not _is_plain(value.get("value")):
                continue
            if known is not None and captured_at < known.captured_at:
                continue
            if known is None and len(self._known) >= _MOST_DESCRIPTORS:
                continue
            unit = value.get("unit")
            entry = Entry(
                value=value.get("value"),
                unit=unit
                if isinstance(unit, str) and unit
                else None
                if known is None
                else known.unit,
                captured_at=captured_at,
            )
            said = isinstance(unit, str) and bool(unit)
            if name == ODOMETER and not said and _is_swapped(entry, known):
                continue
            if entry != known:
                self._known[name] = entry
                newer.add(name)
        return frozenset(newer)

    def body(self) -> dict[str, dict[str, Any]]:
        """Return everything that says something, in the shape of a REST answer.

        A distance without a unit is in that of the display, where it is shown there.
        """
        display = self.get(DISPLAY_UNIT)
        shown = None if display is None else str(display.value)
        return {
            name: {
                "value": entry.value,
                "unit": entry.unit or (shown if name in _AS_DISPLAYED else None),
                "timestamp": entry.captured_at.isoformat(),
            }
            for name, entry in self._known.items()
            if entry.says_something
        }


def _named(raw: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(raw, Mapping):
        return
    for name, value in raw.items():
        usable = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
        if usable and isinstance(value, Mapping):
            yield name, value


def _is_plain(value: Any) -> bool:
    """Return whether a value is one of those that descriptors have."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE
    return value is None or isinstance(value, (bool, int, float))


def _is_swapped(entry: Entry, known: Entry | None) -> bool:
    """Return whether an odometer without a unit is in the other one all at once."""
    new = to_float(entry.value)
    old = None if known is None else to_float(known.value)
    if not new or not old:
        return False
    return any(abs(new / old / factor - 1) < _SWAP_TOLERANCE for factor in _SWAPPED)


TOGETHER: Final = timedelta(seconds=1)
"""Latitude and longitude that are further apart are of two places."""
