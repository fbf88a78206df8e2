"""What a maker remembers of a car: lists with stable keys, in the signals' units."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final, Self

from .bounds import moment_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time about which a list is asked; open where there is no start or end."""

    start: datetime | None = None
    end: datetime | None = None
    """The first moment that no longer belongs to it."""

    def covers(self, at: datetime | None) -> bool:
        """Return whether a moment belongs to it; one unknown only where all do."""
        if at is None:
            return self.start is None and self.end is None
        return (self.start is None or self.start <= at) and (
            self.end is None or at < self.end
        )


ALWAYS: Final = Period()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list."""

    def to_json(self) -> dict[str, Any]:
        """Turn the line into JSON; times in ISO form."""
        return {key: _plain(value) for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip(Entry):
    """One drive, or several that the maker adds up: km, min, kWh or L per 100 km."""

    ended_at: datetime | None = None
    distance: float | None = None
    duration: float | None = None
    distance_electric: float | None = None
    consumption_electric: float | None = None
    consumption_fuel: float | None = None
    recuperation: float | None = None
    average_speed: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    """The maker's marks for the driving, from 0 to 1."""
    started_at: datetime | None = None
    level_start: float | None = None
    level_end: float | None = None
    energy: float | None = None
    """kWh that the battery lost on the way."""
    start_latitude: float | None = None
    start_longitude: float | None = None
    end_latitude: float | None = None
    end_longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination(Entry):
    """A place that was sent to the car."""

    latitude: float
    longitude: float
    name: str | None = None
    street: str | None = None
    city: str | None = None
    country: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeSession(Entry):
    """A charge: %, km, kWh, min; its start or its end may never have been reported."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    level_start: float | None = None
    level_end: float | None = None
    range_start: float | None = None
    range_end: float | None = None
    energy: float | None = None
    supply: str | None = None
    """A `ChargingSupply`."""
    minutes_expected: float | None = None
    """How long it was to take, as the car saw it at the start."""
    home: bool | None = None
    """Whether it was at home, as far as that is known here."""
    cost: float | None = None
    """What it cost, by the owner's tariff."""
    source: str | None = None
    """An `EnergySource`, where the maker has no list of its own."""

    @classmethod
    def from_json(cls, line: object) -> Self | None:
        """Bring times, levels and energy of a line back; None without both times."""
        if not isinstance(line, Mapping):
            return None
        start, end = (moment_from(line.get(key)) for key in ("started_at", "ended_at"))
        if start is None or end is None:
            return None
        level_start, level_end, energy = (
            float(value)
            if isinstance(value := line.get(key), (int, float))
            and not isinstance(value, bool)
            else None
            for key in ("level_start", "level_end", "energy")
        )
        return cls(
            started_at=start,
            ended_at=end,
            level_start=level_start,
            level_end=level_end,
            energy=energy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingPlace(Entry):
    """How a car charges where it has been charged: A, and hours of the day there."""

    latitude: float | None = None
    longitude: float | None = None
    mode: str | None = None
    """A `ChargeMode`."""
    windows: tuple[Mapping[str, str], ...] = ()
    """When it may charge: `start` and `end` as HH:MM."""
    current: float | None = None
    visits: int | None = None
    visited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimateRun(Entry):
    """A report on conditioning the cabin: how it went, and who asked for it."""

    at: datetime
    result: str | None = None
    """A `ClimateResult`."""
    by_owner: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthMessage:
    """One thing that is amiss, in the maker's words; `severity` is a `Health`."""

    text: str
    severity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCategory:
    """A part of the car: our word, or the maker's where we have none."""

    category: str
    severity: str | None = None
    messages: tuple[HealthMessage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """A service that is due: in how many km, and when."""

    kind: str
    distance: float | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport(Entry):
    """How a car is, as its maker sees it; odometer in km."""

    captured_at: datetime | None = None
    health: str | None = None
    """A `Health`: the worst of all categories."""
    odometer: float | None = None
    categories: tuple[HealthCategory, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the maker says besides, under its own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCommand(Entry):
    """A command as the maker remembers it; level in %, range in km at that moment."""

    at: datetime
    command: str
    succeeded: bool | None = None
    level: float | None = None
    range: float | None = None


def _plain(value: Any) -> Any:
    """Return what JSON can say: times as text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
