"""How many calls a cloud allows an account: windows, as data."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimit:
    """So many calls in a window of time.

    Without `resets_at` the window slides: what counts are the calls of the last
    `per`. With it the window begins anew at that time of day in `zone`, every `per`
    (a day, or an hour at that minute). The last `reserve` calls are for what the owner
    asks for: commands, sign-ins and their tokens.
    """

    calls: int
    per: timedelta
    resets_at: time | None = None
    zone: tzinfo = UTC
    reserve: int = 0
    spares: frozenset[str] = frozenset()
    """Purposes of calls that the cloud does not count."""
    each_car: bool = False
    """Whether the cloud counts by car, so that an account with several has more."""

    def for_cars(self, cars: int) -> Self:
        """Return what an account with so many cars has."""
        if not self.each_car or cars < 1:
            return self
        return replace(self, calls=self.calls * cars, reserve=self.reserve * cars)

    def begins(self, now: datetime) -> datetime:
        """Return when the window that counts now has begun."""
        if self.resets_at is None:
            return now - self.per
        local = now.astimezone(self.zone)
        start = datetime.combine(local.date(), self.resets_at, self.zone)
        if start > local:
            start = datetime.combine(
                local.date() - timedelta(days=1), self.resets_at, self.zone
            )
        # Whole windows since then, in real time: a day of 23 hours ends with its day.
        passed = (now - start) // self.per if self.per < timedelta(days=1) else 0
        return start.astimezone(UTC) + passed * self.per

    def ends(self, now: datetime) -> datetime | None:
        """Return when a window with a fixed end is over; None where it slides."""
        if self.resets_at is None:
            return None
        begun = self.begins(now)
        if self.per < timedelta(days=1):
            return begun + self.per
        day = begun.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(day, self.resets_at, self.zone).astimezone(UTC)


def daily(calls: int, *, reserve: int = 0) -> CallLimit:
    """Return a limit of calls a day that begins anew at midnight UTC."""
    return CallLimit(
        calls=calls, per=timedelta(days=1), resets_at=time.min, reserve=reserve
    )
