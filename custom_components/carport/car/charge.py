"""One charge of a car, and what a car says of its battery and its plug."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from .history import ChargeSession
from .hours import Hours
from .kept_rows import (
    flag_from,
    hours_from,
    hours_row,
    moment_of,
    number_from,
    second,
    short,
)


class EnergySource(StrEnum):
    """Where the energy of a charge is known from."""

    MAKER = "maker"
    """The maker tells the charge."""
    METER = "meter"
    """The maker tells a sum, which rose."""
    BATTERY = "battery"
    """The level rose; times the capacity."""


@dataclass(slots=True, kw_only=True)
class Charge:
    """One charge: when, from which level to which, and how much in which hour."""

    started_at: datetime
    last_at: datetime
    """The end, or the last that was heard of it."""
    source: EnergySource
    level_start: float | None = None
    level_end: float | None = None
    home: bool | None = None
    """Whether it was at home; None where that is not known, or not to be known."""
    over: bool = False
    hours: Hours = field(default_factory=dict)
    """kWh by the hour."""
    prices: Hours = field(default_factory=dict)
    """What a kWh cost in an hour, once known."""

    @property
    def energy(self) -> float:
        """The kWh in all."""
        return sum(self.hours.values())

    @property
    def is_any(self) -> bool:
        """Whether anything was charged, as far as is known."""
        low, high = self.level_start, self.level_end
        return bool(self.hours) or (low is not None and high is not None and low < high)

    @property
    def costs(self) -> Hours:
        """What the priced hours cost."""
        return {
            hour: energy * self.prices[hour]
            for hour, energy in self.hours.items()
            if hour in self.prices
        }

    @property
    def cost(self) -> float | None:
        """What it cost; None unless every hour has a price."""
        if not self.hours or self.hours.keys() - self.prices.keys():
            return None
        return sum(self.costs.values())

    def session(self) -> ChargeSession:
        """Return the charge in the keys that all makers share."""
        cost = self.cost
        return ChargeSession(
            started_at=self.started_at,
            ended_at=self.last_at if self.over else None,
            level_start=self.level_start,
            level_end=self.level_end,
            energy=round(self.energy, 2) if self.hours else None,
            home=self.home,
            cost=None if cost is None else round(cost, 2),
            source=str(self.source),
        )

    def to_row(self) -> list[Any]:
        """Turn the charge into JSON."""
        return [
            second(self.started_at),
            second(self.last_at),
            str(self.source),
            short(self.level_start),
            short(self.level_end),
            self.home,
            self.over,
            hours_row(self.hours),
            hours_row(self.prices),
        ]

    @classmethod
    def from_row(cls, row: object) -> Self | None:
        """Bring a charge back; None where the row is damaged."""
        if not isinstance(row, list) or len(row) != 9:
            return None
        start, last, source, low, high, home, over, *both = row
        started_at, last_at = moment_of(start), moment_of(last)
        hours, prices = hours_from(both[0]), hours_from(both[1])
        if started_at is None or last_at is None or hours is None or prices is None:
            return None
        if source not in tuple(EnergySource) or any(one < 0 for one in hours.values()):
            return None
        return cls(
            started_at=started_at,
            last_at=last_at,
            source=EnergySource(source),
            level_start=number_from(low),
            level_end=number_from(high),
            home=flag_from(home),
            over=over is True,
            hours=hours,
            prices=prices,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryReport:
    """What a car says of its battery and its plug, all at once."""

    level: float | None = None
    at: datetime
    """When the car captured the level, or else the newest of the rest."""
    capacity: float | None = None
    charging: bool | None = None
    plugged_in: bool | None = None
    connected_at: datetime | None = None
    """When the car was last heard to charge or to be plugged in."""
    meter: float | None = None
    meter_at: datetime | None = None
    burns_fuel: bool = False
    """Whether an engine may have charged the battery on the way."""

    @property
    def connected(self) -> bool | None:
        """Whether it charges or could; None where the car says nothing of it."""
        if self.charging or self.plugged_in:
            return True
        if self.charging is None and self.plugged_in is None:
            return None
        return False
