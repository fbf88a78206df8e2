"""The trips of a car by its odometer: when it drove, how far, and with what.

A car that is only looked at now and then tells how far it went between two looks. When
it set off is known only if it was seen driving, or shortly before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

from .history import Trip
from .hours import Hours, spread, total
from .kept_rows import flag_from, moment_of, number_from, second, short
from .signals import Position

_MOST_KEPT: Final = 250
_LEAST: Final = 0.1
"""km: what is less is the odometer's rounding."""
_FARTHEST: Final = 2500.0
"""km between two reports; more is another odometer, or years."""
_SEEN_SHORTLY_BEFORE: Final = timedelta(minutes=30)
_SLOWEST: Final = 5.0
"""km/h on the whole of a trip whose start is taken from the report before."""
_USUAL: Final = 40.0
"""km/h by which a start is guessed that nobody saw, for the hour's figures only."""
_SAME_TRIP: Final = timedelta(minutes=20)
"""How far apart the reports of one trip are, where a car never says that it drives."""
_ABOUT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveReport:
    """What a car says of its way, all at once."""

    odometer: float
    at: datetime
    """When the car captured the odometer."""
    exact: bool = True
    """Whether that is when, and not only the latest that it may have been."""
    driving: bool | None = None
    driving_at: datetime | None = None
    """When the car captured that it drives or stands."""
    parked_at: datetime | None = None
    level: float | None = None
    level_at: datetime | None = None
    capacity: float | None = None
    place: Position | None = None
    place_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class LoggedTrip:
    """One trip, from standing to standing."""

    not_before: datetime
    """When the car was last known to stand where it set off."""
    ended_at: datetime
    distance: float = 0
    started_at: datetime | None = None
    level_start: float | None = None
    level_end: float | None = None
    energy: float | None = None
    start: Position | None = None
    end: Position | None = None
    over: bool = False

    @property
    def about_started_at(self) -> datetime:
        """When it set off, or may have."""
        if self.started_at is not None:
            return self.started_at
        guess = self.ended_at - timedelta(hours=self.distance / _USUAL)
        return max(self.not_before, guess)

    @property
    def distances(self) -> Hours:
        """The km by the hour."""
        return spread(self.about_started_at, self.ended_at, self.distance)

    @property
    def energies(self) -> Hours:
        """The kWh by the hour."""
        return spread(self.about_started_at, self.ended_at, self.energy or 0)

    def entry(self) -> Trip:
        """Return the trip in the keys that all makers share."""
        minutes = (
            None
            if self.started_at is None
            else (self.ended_at - self.started_at).total_seconds() / 60
        )
        consumption = (
            None
            if self.energy is None or self.distance < 1
            else round(self.energy / self.distance * 100, 1)
        )
        return Trip(
            started_at=self.started_at,
            ended_at=self.ended_at,
            distance=round(self.distance, 1),
            duration=None if minutes is None else round(minutes),
            average_speed=round(self.distance / minutes * 60, 1) if minutes else None,
            level_start=self.level_start,
            level_end=self.level_end,
            energy=None if self.energy is None else round(self.energy, 2),
            consumption_electric=consumption,
            start_latitude=None if self.start is None else self.start.latitude,
            start_longitude=None if self.start is None else self.start.longitude,
            end_latitude=None if self.end is None else self.end.latitude,
            end_longitude=None if self.end is None else self.end.longitude,
        )

    def to_row(self) -> list[Any]:
        """Turn the trip into JSON."""
        return [
            second(self.not_before),
            second(self.ended_at),
            short(self.distance),
            second(self.started_at),
            short(self.level_start),
            short(self.level_end),
            short(self.energy),
            _place_row(self.start),
            _place_row(self.end),
            self.over,
        ]

    @classmethod
    def from_row(cls, row: object) -> Self | None:
        """Bring a trip back; None where the row is damaged."""
        if not isinstance(row, list) or len(row) != 10:
            return None
        not_before, ended_at = moment_of(row[0]), moment_of(row[1])
        distance = number_from(row[2])
        if not_before is None or ended_at is None or distance is None:
            return None
        if not 0 <= distance <= _FARTHEST * 10:
            return None
        return cls(
            not_before=not_before,
            ended_at=ended_at,
            distance=distance,
            started_at=moment_of(row[3]),
            level_start=number_from(row[4]),
            level_end=number_from(row[5]),
            energy=number_from(row[6]),
            start=_place_from(row[7]),
            end=_place_from(row[8]),
            over=flag_from(row[9]) is not False,
        )


@dataclass(slots=True, kw_only=True)
class TripLog:
    """The newest trips of a car, oldest first, and where it stands now."""

    trips: list[LoggedTrip] = field(default_factory=list)
    odometer: float | None = None
    stood_at: datetime | None = None
    """When the odometer was last as it is."""
    level: float | None = None
    """The level with which the next trip begins."""
    place: Position | None = None
    drove_at: datetime | None = None
    """Since when the car says that it drives, before its odometer says so."""
    stopped_at: datetime | None = None
    horizon: datetime | None = None
    """The end of the newest trip that is no longer kept."""
    changes: int = field(default=0, compare=False)
    """Counts whatever changes the list."""

    @property
    def running(self) -> LoggedTrip | None:
        """The trip that is not over."""
        last = self.trips[-1] if self.trips else None
        return None if last is None or last.over else last

    @property
    def moved_at(self) -> datetime | None:
        """Since when the car has been where it is; None where no trip is known."""
        return self.trips[-1].ended_at if self.trips else None

    def observe(self, report: DriveReport) -> None:
        """Take in what a car says of its way."""
        self._note_driving(report)
        if self.odometer is None or self.stood_at is None:
            self._stand(report)
            return
        gone = report.odometer - self.odometer
        if report.at > self.stood_at:
            if gone > _FARTHEST:
                self._stand(report)
            elif gone >= _LEAST:
                self._drive(report, gone, self.stood_at)
            else:
                self._rest(report)
        if (trip := self.running) is not None and not report.driving:
            self._end(trip, report)
        if self.trips and self.trips[-1].over:
            self._complete(self.trips[-1], report)
        elif not self.trips and report.place is not None:
            self.place = report.place
        while len(self.trips) > _MOST_KEPT:
            self.horizon = self.trips.pop(0).ended_at

    def _note_driving(self, report: DriveReport) -> None:
        if report.driving_at is None:
            return
        if report.driving:
            last = self.moved_at
            if self.drove_at is None and (last is None or report.driving_at > last):
                self.drove_at = report.driving_at
        elif self.drove_at is not None and report.driving_at > self.drove_at:
            self.stopped_at = self.stopped_at or report.driving_at

    def _stand(self, report: DriveReport) -> None:
        self.odometer, self.stood_at = report.odometer, report.at
        self.level, self.place = report.level, report.place

    def _rest(self, report: DriveReport) -> None:
        """Note that the odometer has not moved."""
        self.stood_at = report.at
        if self.running is not None:
            return
        if report.level is not None and report.level_at is not None:
            # A lower level may be from a drive that the odometer does not tell yet.
            if report.level_at <= report.at or report.level >= (self.level or 0):
                self.level = report.level
        if self.stopped_at is not None and report.at > self.stopped_at:
            # It was on, and went nowhere.
            self.drove_at = self.stopped_at = None

    def _drive(self, report: DriveReport, gone: float, stood_at: datetime) -> None:
        trip = self.running or self._same(report)
        if trip is None:
            trip = LoggedTrip(
                not_before=stood_at,
                ended_at=report.at,
                started_at=self._start_of(report, gone, stood_at),
                level_start=self.level,
                start=self.place,
            )
            self.trips.append(trip)
        self.changes += 1
        trip.over = False
        trip.distance += gone
        trip.ended_at = report.at
        trip.level_end = trip.energy = trip.end = None
        self.odometer, self.stood_at = report.odometer, report.at

    def _same(self, report: DriveReport) -> LoggedTrip | None:
        """Return the last trip, where it goes on in a car that never says so."""
        last = self.trips[-1] if self.trips else None
        if last is None or report.driving is not None:
            return None
        return last if report.at - last.ended_at <= _SAME_TRIP else None

    def _start_of(
        self, report: DriveReport, gone: float, stood_at: datetime
    ) -> datetime | None:
        """Return when a trip began, as far as anybody saw it."""
        if self.drove_at is not None and self.drove_at < report.at:
            return self.drove_at
        if not report.exact:
            return None
        took = report.at - stood_at
        fast_enough = gone >= _SLOWEST * took.total_seconds() / 3600
        return stood_at if took <= _SEEN_SHORTLY_BEFORE and fast_enough else None

    def _end(self, trip: LoggedTrip, report: DriveReport) -> None:
        begun = trip.started_at or trip.not_before
        ends = [
            end
            for end in (report.parked_at, self.stopped_at, trip.ended_at)
            if end is not None and end > begun
        ]
        trip.ended_at = min(ends, default=trip.ended_at)
        trip.over = True
        self.changes += 1
        self.drove_at = self.stopped_at = None

    def _complete(self, trip: LoggedTrip, report: DriveReport) -> None:
        """Add what is told only after a trip: the level and the place at its end."""
        since = trip.ended_at - _ABOUT
        if report.place is not None and (report.place_at or since) >= since:
            self.place = report.place
            if trip.end is None:
                trip.end = report.place
                self.changes += 1
        if report.level is None or report.level_at is None or report.level_at < since:
            return
        if trip.level_end is not None:
            return
        self.level = report.level
        if trip.level_start is None or report.level <= trip.level_start:
            trip.level_end = report.level
            self.changes += 1
            if trip.level_start is not None and report.capacity is not None:
                used = (trip.level_start - report.level) / 100
                trip.energy = used * report.capacity

    def forget_places(self) -> None:
        """Forget where the car was."""
        self.place = None
        for trip in self.trips:
            trip.start = trip.end = None

    def distances(self) -> Hours:
        """Return the km of all trips by the hour."""
        return total(trip.distances for trip in self.trips)

    def energies(self) -> Hours:
        """Return the kWh that the trips took, by the hour."""
        return total(trip.energies for trip in self.trips if trip.energy)

    # Disk

    def to_json(self) -> dict[str, Any]:
        """Turn the log into JSON."""
        return {
            "trips": [trip.to_row() for trip in list(self.trips)],
            "odometer": self.odometer,
            "stood_at": second(self.stood_at),
            "level": self.level,
            "place": _place_row(self.place),
            "drove_at": second(self.drove_at),
            "stopped_at": second(self.stopped_at),
            "horizon": second(self.horizon),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Bring a log back; damage costs what is damaged."""
        if not isinstance(data, Mapping):
            return cls()
        rows = data.get("trips")
        return cls(
            trips=[
                trip
                for row in (rows if isinstance(rows, list) else ())
                if (trip := LoggedTrip.from_row(row)) is not None
            ],
            odometer=number_from(data.get("odometer")),
            stood_at=moment_of(data.get("stood_at")),
            level=number_from(data.get("level")),
            place=_place_from(data.get("place")),
            drove_at=moment_of(data.get("drove_at")),
            stopped_at=moment_of(data.get("stopped_at")),
            horizon=moment_of(data.get("horizon")),
        )


def _place_row(place: Position | None) -> list[float] | None:
    return None if place is None else [place.latitude, place.longitude]


def _place_from(row: object) -> Position | None:
    if not isinstance(row, list) or len(row) != 2:
        return None
    latitude, longitude = number_from(row[0]), number_from(row[1])
    if latitude is None or longitude is None:
        return None
    place = Position(latitude=latitude, longitude=longitude)
    return place if place.is_possible() else None
