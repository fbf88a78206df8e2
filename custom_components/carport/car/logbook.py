"""The logbook of a car: what it charged and where it drove, derived from its reports.

It has its own memory of what it has seen, and so goes on after a restart where it was:
a report is counted once, whatever else was saved by then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

from . import signals as s
from .charge import BatteryReport, EnergySource
from .charge_log import ChargeLog
from .derive import DERIVED
from .history import ChargeSession, Period
from .hours import Hours, hour_of, total
from .signals import ChargingState, Position, Signal
from .snapshot import Reading, Snapshot
from .trip_log import DriveReport, TripLog

_FULL: Final = 100.0
_LEAST_LEVEL: Final = 20.0
"""The level from which the energy in a battery says how much it holds in all."""
_SETTLED: Final = timedelta(minutes=20)
"""How long a car has charged when whatever it did before has been told."""
_ABOUT: Final = timedelta(minutes=5)

type IsHome = Callable[[Position], bool | None]
"""Says whether a place is at home; None where nobody knows where home is."""


@dataclass(slots=True, kw_only=True)
class Logbook:
    """Charges and trips of one car, bounded."""

    charges: ChargeLog = field(default_factory=ChargeLog)
    trips: TripLog = field(default_factory=TripLog)
    shown: dict[str, float] = field(default_factory=dict)
    """The figures as they were told last: those of energy never fall."""

    # What comes in

    def observe(
        self,
        snapshot: Snapshot,
        sessions: Iterable[ChargeSession],
        now: datetime,
        *,
        capacity: float | None = None,
        is_home: IsHome | None = None,
    ) -> bool:
        """Take in what is known of a car; return whether the log says more than before.

        `capacity` is what the owner says of the battery, where the car says nothing.
        Without `is_home` no place is looked at for charges.
        """
        before = self.changes
        holds = capacity_of(snapshot) or capacity
        if (drive := _drive_report(snapshot, holds)) is not None:
            self.trips.observe(drive)
        # What the maker tells first: it may be what a sum of its own rose by.
        self.charges.take(sessions, holds, now)
        if (battery := _battery_report(snapshot, holds)) is not None:
            self.charges.observe(battery)
        if is_home is not None:
            self._look_around(snapshot, is_home)
        return self.changes != before

    def add_charges(
        self, sessions: Iterable[ChargeSession], capacity: float | None, now: datetime
    ) -> int:
        """Take charges that the maker was asked for; return how many were new."""
        before = len(self.charges.charges)
        self.charges.take(sessions, capacity, now, regularly=False)
        return max(len(self.charges.charges) - before, 0)

    @property
    def changes(self) -> int:
        """A count that moves whenever the log says something new."""
        return self.charges.changes + self.trips.changes

    def _look_around(self, snapshot: Snapshot, is_home: IsHome) -> None:
        """Note whether the newest charge is at home, if the place is that of now."""
        last = self.charges.charges[-1] if self.charges.charges else None
        if last is None or last.home is not None:
            return
        place, placed_at = _place_of(snapshot)
        if place is None or placed_at is None or self.trips.running is not None:
            return
        moved_at, stood_at = self.trips.moved_at, self.trips.stood_at
        told_with_it = placed_at >= last.started_at - _ABOUT
        if moved_at is not None and not told_with_it:
            # Nothing has told of another drive since, and there was time to.
            stays = last.last_at - last.started_at >= _SETTLED or (
                stood_at is not None and stood_at >= last.started_at
            )
            told_with_it = stays and placed_at >= moved_at - _ABOUT
        if told_with_it and (moved_at is None or last.last_at >= moved_at - _ABOUT):
            self.charges.place(is_home(place))

    def forget_places(self) -> None:
        """Forget where the car was, and which charges were at home."""
        self.trips.forget_places()
        for charge in self.charges.charges:
            charge.home = None

    # What it says

    def figures(self) -> Mapping[str, float]:
        """Return what the car charged in all; empty while that cannot be told."""
        if self.charges.since is None:
            return {}
        for figure, amount in self.charges.sums().items():
            # Only money may become less, where a price is below nothing.
            known = self.shown.get(figure, 0.0) if figure != "cost" else amount
            self.shown[figure] = round(max(known, amount), 3)
        return self.shown

    def readings(self, snapshot: Snapshot, now: datetime) -> tuple[Reading, ...]:
        """Return the figures as readings, but for those that the maker says itself."""
        figures = self.figures()
        level = snapshot.readings.get(s.BATTERY_LEVEL.key)
        placed = any(charge.home is not None for charge in self.charges.charges)
        return tuple(
            Reading(
                signal=signal,
                value=figures[figure],
                captured_at=None if level is None else level.captured_at,
                received_at=now,
                channel=DERIVED,
                not_before=None if level is None else level.not_before,
            )
            for figure, signal in FIGURE_SIGNALS.items()
            if figure in figures
            and (figure == "energy" or placed)
            and _is_ours(snapshot, signal)
        )

    @property
    def source(self) -> str | None:
        """Where the energy of the newest charge is known from."""
        if self.charges.charges:
            return str(self.charges.charges[-1].source)
        if self.charges.told:
            return str(EnergySource.MAKER)
        if self.charges.meter_mark is not None:
            return str(EnergySource.METER)
        return None if self.charges.since is None else str(EnergySource.BATTERY)

    def lists(self, what: str, period: Period) -> Mapping[str, Any]:
        """Return a derived list of a period, newest first, in the keys of all makers."""
        if what == "trips":
            found = [
                trip.entry().to_json()
                for trip in self.trips.trips
                if trip.over and period.covers(trip.ended_at)
            ]
        else:
            found = [
                charge.session().to_json()
                for charge in self.charges.charges
                if charge.is_any and period.covers(charge.last_at)
            ]
        return {what: found[::-1], "derived": True}

    def series(self) -> Mapping[str, Hours]:
        """Return every figure by the hour in which it came about."""
        charges = self.charges.charges
        return {
            "energy": total(one.hours for one in charges),
            "energy_home": total(one.hours for one in charges if one.home is True),
            "energy_away": total(one.hours for one in charges if one.home is False),
            "charge_cost": total(one.costs for one in charges),
            "distance": self.trips.distances(),
            "energy_driven": self.trips.energies(),
        }

    def settled_until(self, figure: str) -> int | None:
        """Return the hour up to which entries are no longer kept; None without any."""
        of_trips = figure in {"distance", "energy_driven"}
        horizon = self.trips.horizon if of_trips else self.charges.horizon
        return None if horizon is None else hour_of(horizon)

    # Disk

    def to_json(self) -> dict[str, Any]:
        """Turn the logbook into JSON."""
        return {
            "charges": self.charges.to_json(),
            "trips": self.trips.to_json(),
            "shown": dict(self.shown),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Bring a logbook back; damage costs what is damaged."""
        if not isinstance(data, Mapping):
            return cls()
        shown = data.get("shown")
        return cls(
            charges=ChargeLog.from_json(data.get("charges")),
            trips=TripLog.from_json(data.get("trips")),
            shown={
                figure: float(amount)
                for figure, amount in (
                    shown.items() if isinstance(shown, Mapping) else ()
                )
                if figure in {*FIGURE_SIGNALS, "cost"}
                and s.ENERGY_CHARGED.accept(amount) is not None
            },
        )


FIGURE_SIGNALS: Final[Mapping[str, Signal[float]]] = {
    "energy": s.ENERGY_CHARGED,
    "home": s.ENERGY_CHARGED_HOME,
    "away": s.ENERGY_CHARGED_AWAY,
}


def capacity_of(snapshot: Snapshot) -> float | None:
    """Return how many kWh the battery holds, as the car says or as follows."""
    if (said := snapshot.value(s.BATTERY_CAPACITY)) is not None:
        return said
    level, energy = snapshot.value(s.BATTERY_LEVEL), snapshot.value(s.BATTERY_ENERGY)
    if level is None or not energy or level < _LEAST_LEVEL:
        return None
    return s.BATTERY_CAPACITY.accept(energy * _FULL / level)


def _battery_report(snapshot: Snapshot, capacity: float | None) -> BatteryReport | None:
    level = snapshot.readings.get(s.BATTERY_LEVEL.key)
    meter = snapshot.readings.get(s.ENERGY_CHARGED.key)
    if meter is not None and meter.channel == DERIVED:
        meter = None
    if level is None and meter is None:
        return None
    charging = snapshot.value(s.CHARGING)
    if charging is None and (state := snapshot.value(s.CHARGING_STATE)) is not None:
        charging = state == ChargingState.CHARGING
    connected = [
        reading.order
        for signal in (s.CHARGING, s.PLUGGED_IN)
        if (reading := snapshot.readings.get(signal.key)) is not None and reading.value
    ]
    told = [reading.order for reading in (level, meter) if reading is not None]
    return BatteryReport(
        level=snapshot.value(s.BATTERY_LEVEL),
        at=told[0],
        capacity=capacity,
        charging=charging,
        plugged_in=snapshot.value(s.PLUGGED_IN),
        connected_at=max(connected, default=None),
        meter=None if meter is None else s.ENERGY_CHARGED.accept(meter.value),
        meter_at=None if meter is None else meter.order,
        burns_fuel=any(
            signal.key in snapshot.readings for signal in (s.FUEL_LEVEL, s.RANGE_FUEL)
        ),
    )


def _drive_report(snapshot: Snapshot, capacity: float | None) -> DriveReport | None:
    odometer = snapshot.readings.get(s.ODOMETER.key)
    value = snapshot.value(s.ODOMETER)
    if odometer is None or value is None:
        return None
    said = [
        reading
        for signal in (s.MOVING, s.IGNITION)
        if (reading := snapshot.readings.get(signal.key)) is not None
        and reading.value is not None
        and reading.not_before is None
    ]
    newest = max(said, key=lambda one: (one.order, one.value is True), default=None)
    level = snapshot.readings.get(s.BATTERY_LEVEL.key)
    place, placed_at = _place_of(snapshot)
    return DriveReport(
        odometer=value,
        at=odometer.order,
        exact=snapshot.is_exact(s.ODOMETER),
        driving=None if newest is None else newest.value is True,
        driving_at=None if newest is None else newest.order,
        parked_at=snapshot.value(s.PARKED_AT),
        level=snapshot.value(s.BATTERY_LEVEL),
        level_at=None if level is None else level.order,
        capacity=capacity,
        place=place,
        place_at=placed_at,
    )


def _place_of(snapshot: Snapshot) -> tuple[Position | None, datetime | None]:
    """Return where the car was last, and when."""
    known = [
        (snapshot.readings[signal.key].order, place)
        for signal in (s.LOCATION, s.PARKED_LOCATION)
        if (place := snapshot.value(signal)) is not None
    ]
    if not known:
        return None, None
    placed_at, place = max(known, key=lambda one: one[0])
    return place, placed_at


def _is_ours(snapshot: Snapshot, signal: Signal[Any]) -> bool:
    known = snapshot.readings.get(signal.key)
    return known is None or known.channel == DERIVED
