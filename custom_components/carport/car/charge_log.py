"""The charges of a car, as its maker tells them or as its battery shows them.

Every kWh is counted once, at the hour at which it came: what a maker tells of a charge
takes the place of what was computed of the same one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

from .bounds import moment_from
from .charge import BatteryReport, Charge, EnergySource
from .energy import energy_of
from .history import ChargeSession
from .hours import Hours, add, hour_of, scaled, spread
from .kept_rows import Mark, mark_from, mark_row, number_from, text_of

FIGURES: Final = ("energy", "home", "away", "cost")
"""What the charges of a car add up to: kWh, of those at home and away, and money."""

_MOST_KEPT: Final = 150
_JITTER: Final = 3.0
"""By how many % a level may fall at the plug without having been used."""
_UNSEEN: Final = 5.0
"""What a level has to rise by for a charge of which nothing else was seen."""
_PAUSE: Final = timedelta(minutes=30)
"""A charge that goes on sooner is the same one."""
_SLOWEST: Final = 1.4
"""kW: nothing charges slower for long, so a rise is no older than that allows."""
_SLACK: Final = timedelta(minutes=15)
_LONGEST: Final = timedelta(days=4)
_COVERS: Final = 0.6
"""How much of a charge has to have been seen for its hours to be believed."""


@dataclass(slots=True, kw_only=True)
class ChargeLog:
    """The newest charges of a car, oldest first, and what all of them add up to."""

    since: datetime | None = None
    """When counting began: what was over before is history, and not in the sum."""
    charges: list[Charge] = field(default_factory=list)
    dropped: dict[str, float] = field(default_factory=dict)
    """What the charges added up to that are no longer kept, by figure."""
    horizon: datetime | None = None
    """The end of the newest charge that is no longer kept."""
    told: bool = False
    """Whether the maker has ever told a charge itself."""
    mark: Mark | None = None
    """The level from which a rise counts, and when it was."""
    meter_mark: Mark | None = None
    unplugged_at: datetime | None = None
    changes: int = field(default=0, compare=False)
    """Counts whatever changes the list or the sums."""

    # What the car says

    def observe(self, report: BatteryReport) -> None:
        """Take in what a car says of its battery."""
        if self.since is None and report.capacity is not None:
            self.since = report.at
            self.changes += 1
        metered = self._take_meter(report)
        if report.level is not None:
            self._take_level(report, report.level, counts=not metered)
        if report.plugged_in is False:
            self.unplugged_at = report.at
        running = self.running
        if running is None and report.charging:
            source = EnergySource.METER if metered else EnergySource.BATTERY
            self._begin(report.at, report.level, source)
        elif running is not None and not report.charging and self._is_over(report):
            running.over = True
            self.changes += 1
            if not running.is_any:
                self.charges.remove(running)
        self._bound()

    @property
    def running(self) -> Charge | None:
        """The charge that is not over."""
        last = self.charges[-1] if self.charges else None
        return None if last is None or last.over else last

    def _is_over(self, report: BatteryReport) -> bool:
        return report.charging is False or not report.connected

    def _take_meter(self, report: BatteryReport) -> bool:
        """Count what a sum of the maker's rose by; return whether there is one."""
        if self.told or report.meter is None or report.meter_at is None:
            return False
        if self.since is None:
            self.since = report.meter_at
            self.changes += 1
        before, self.meter_mark = self.meter_mark, (report.meter_at, report.meter)
        if before is None:
            return True
        at, value = before
        if report.meter_at <= at:
            self.meter_mark = before
        elif (energy := report.meter - value) > 0:
            level = None if self.mark is None else self.mark[1]
            self._count(at, report.meter_at, energy, level, EnergySource.METER)
        return True

    def _take_level(self, report: BatteryReport, level: float, *, counts: bool) -> None:
        """Count what the level rose by since the mark, if that was a charge."""
        if self.mark is None:
            self.mark = (report.at, level)
            return
        at, before = self.mark
        if report.at <= at:
            return
        rise, connected = level - before, report.connected
        if report.connected_at is not None and report.connected_at >= at:
            connected = True
        if rise <= 0:
            used = not connected or -rise >= _JITTER
            self.mark = (report.at, level if used else before)
            return
        charged = connected or (rise >= _UNSEEN and not report.burns_fuel)
        if not charged and connected is None and not report.burns_fuel:
            # Too little to tell; it may be the beginning of more.
            return
        self.mark = (report.at, level)
        if charged and counts and not self._is_told(at):
            # A charge without a capacity has levels, and no energy.
            energy = rise / 100 * (report.capacity or 0)
            self._count(at, report.at, energy, before, EnergySource.BATTERY)
        if charged and (running := self.running) is not None:
            running.level_end = level
            self.changes += 1

    def _is_told(self, since: datetime) -> bool:
        """Return whether a charge that the maker told has ended only after a moment."""
        return any(
            charge.source is EnergySource.MAKER and charge.last_at > since
            for charge in self.charges
        )

    def _count(
        self,
        since: datetime,
        at: datetime,
        energy: float,
        level: float | None,
        source: EnergySource,
    ) -> None:
        """Add energy that came since a moment to the charge that is running."""
        start = max(since, at - timedelta(hours=energy / _SLOWEST)) if energy else since
        charge = self.running or self._begin(start, level, source)
        if energy:
            add(charge.hours, spread(start, at, energy))
        charge.last_at = max(charge.last_at, at)
        self.changes += 1

    def _begin(self, at: datetime, level: float | None, source: EnergySource) -> Charge:
        """Begin a charge, or go on with one that only paused."""
        self.changes += 1
        last = self.charges[-1] if self.charges else None
        if (
            last is not None
            and last.source is source
            and at - last.last_at <= _PAUSE
            and (self.unplugged_at is None or self.unplugged_at < last.last_at)
        ):
            last.over = False
            return last
        charge = Charge(
            started_at=at, last_at=at, source=source, level_start=level, level_end=level
        )
        self.charges.append(charge)
        return charge

    def place(self, home: bool | None) -> None:
        """Note whether the newest charge is at home."""
        if self.charges and home is not None:
            self.charges[-1].home = home
            self.changes += 1

    def price(self, charge: Charge, prices: Mapping[int, float]) -> bool:
        """Note what a kWh cost in some hours of a charge; return whether that is news."""
        found = {hour: one for hour, one in prices.items() if hour in charge.hours}
        if not found.items() - charge.prices.items():
            return False
        charge.prices |= found
        self.changes += 1
        return True

    # What the maker tells

    def take(
        self,
        sessions: Iterable[ChargeSession],
        capacity: float | None,
        now: datetime,
        *,
        regularly: bool = True,
    ) -> None:
        """Take charges as the maker tells them, some of them again.

        Whether it does so `regularly` decides what the next charges are counted by.
        """
        for session in sessions:
            energy = energy_of(session, capacity)
            start, end = session.started_at, session.ended_at
            if energy is None or start is None or end is None:
                continue
            if not (start <= end <= now + _SLACK and end - start <= _LONGEST):
                continue
            if self.horizon is not None and start <= self.horizon:
                continue
            if self.since is None or (regularly and not self.told):
                self.told = self.told or regularly
                self.since = self.since or now
                self.changes += 1
            self._replace(session, start, end, energy)
        self.charges.sort(key=lambda charge: charge.started_at)
        self._bound()

    def _replace(
        self, session: ChargeSession, start: datetime, end: datetime, energy: float
    ) -> None:
        """Put a told charge in the place of what is known of it."""
        known = [
            charge
            for charge in self.charges
            if (
                _same(charge.started_at, start)
                if charge.source is EnergySource.MAKER
                else start - _SLACK
                <= charge.started_at + (charge.last_at - charge.started_at) / 2
                <= end + _SLACK
            )
        ]
        if any(
            charge.source is EnergySource.MAKER
            and _same(charge.last_at, end)
            and abs(charge.energy - energy) < 0.001
            for charge in known
        ):
            return
        self.changes += 1
        seen: Hours = {}
        prices: Hours = {}
        for charge in known:
            self.charges.remove(charge)
            prices |= charge.prices
            if charge.source is not EnergySource.MAKER:
                add(seen, charge.hours)
        within = {
            hour: part
            for hour, part in seen.items()
            if hour_of(start) <= hour <= hour_of(end)
        }
        covered = sum(within.values())
        believed = covered > 0 and covered >= _COVERS * energy
        self.charges.append(
            Charge(
                started_at=start,
                last_at=end,
                source=EnergySource.MAKER,
                level_start=session.level_start,
                level_end=session.level_end,
                home=next((one.home for one in known if one.home is not None), None),
                over=True,
                hours=scaled(within, energy)
                if believed
                else spread(start, end, energy),
                prices=prices,
            )
        )

    # What it adds up to

    def counted(self) -> list[Charge]:
        """Return the charges that are part of the sums."""
        since = self.since
        return [
            charge for charge in self.charges if since is None or charge.last_at > since
        ]

    def sums(self) -> dict[str, float]:
        """Return the kWh in all, at home and away, and what they cost."""
        found = dict.fromkeys(FIGURES, 0.0) | self.dropped
        for charge in self.counted():
            _add_charge(found, charge)
        return found

    def _bound(self) -> None:
        """Keep the newest charges, and of the others what they add up to."""
        while len(self.charges) > _MOST_KEPT:
            oldest = self.charges[0]
            if oldest in self.counted():
                _add_charge(self.dropped, oldest)
            self.horizon = max(self.horizon or oldest.last_at, oldest.last_at)
            self.charges.remove(oldest)

    # Disk

    def to_json(self) -> dict[str, Any]:
        """Turn the log into JSON: a row is an array, which is short."""
        return {
            "since": text_of(self.since),
            "charges": [charge.to_row() for charge in list(self.charges)],
            "dropped": dict(self.dropped),
            "horizon": text_of(self.horizon),
            "told": self.told,
            "mark": mark_row(self.mark),
            "meter_mark": mark_row(self.meter_mark),
            "unplugged_at": text_of(self.unplugged_at),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Bring a log back; damage costs what is damaged."""
        if not isinstance(data, Mapping):
            return cls()
        rows, dropped = data.get("charges"), data.get("dropped")
        charges = [
            charge
            for row in (rows if isinstance(rows, list) else ())
            if (charge := Charge.from_row(row)) is not None
        ]
        return cls(
            since=moment_from(data.get("since")),
            charges=sorted(charges, key=lambda charge: charge.started_at),
            dropped={
                key: amount
                for key, one in (
                    dropped.items() if isinstance(dropped, Mapping) else ()
                )
                if key in FIGURES and (amount := number_from(one)) is not None
            },
            horizon=moment_from(data.get("horizon")),
            told=data.get("told") is True,
            mark=mark_from(data.get("mark")),
            meter_mark=mark_from(data.get("meter_mark")),
            unplugged_at=moment_from(data.get("unplugged_at")),
        )


def _same(one: datetime, other: datetime) -> bool:
    """Return whether two moments are the same second, as they are kept."""
    return abs((one - other).total_seconds()) < 1


def _add_charge(sums: dict[str, float], charge: Charge) -> None:
    """Add a charge to the figures that it is part of."""
    parts = {"energy": charge.energy, "cost": sum(charge.costs.values())}
    if charge.home is not None:
        parts["home" if charge.home else "away"] = charge.energy
    for figure, amount in parts.items():
        sums[figure] = sums.get(figure, 0) + amount
