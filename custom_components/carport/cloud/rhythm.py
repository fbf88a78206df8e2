"""When a charging car reports next: some do so by the clock, and can be read just then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Final

from ..car import signals as s
from ..car.snapshot import Snapshot

_LEAST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(minutes=20)
_UNSTEADY: Final = 0.1
_WAIT_FOR_IT: Final = 1.25
"""How much longer than wanted it may take until the next report."""
_ON_ITS_WAY: Final = timedelta(seconds=10)
"""What a report takes to arrive at the cloud, generously."""


@dataclass(slots=True, kw_only=True)
class _Beat:
    """The last report while charging, and the pause between two."""

    last: datetime | None = None
    pause: timedelta | None = None

    def hear(self, gap: timedelta) -> None:
        """Take the time between two reports, with others between them perhaps."""
        if not _LEAST <= gap <= _LONGEST:
            return
        if self.pause is not None:
            times = gap / self.pause
            if round(times) and abs(times / round(times) - 1) < _UNSTEADY:
                return
        self.pause = gap


class Rhythms:
    """The pauses between the reports of charging cars, by VIN."""

    def __init__(self) -> None:
        """Know nothing yet; it is learnt again within minutes."""
        self._beats: dict[str, _Beat] = {}

    def learn(self, vin: str, snapshot: Snapshot) -> None:
        """Hear what a car says now."""
        beat = self._beats.setdefault(vin, _Beat())
        charging = snapshot.value(s.CHARGING)
        last = snapshot.captured_at(s.CHARGING) if charging else None
        if last is not None and beat.last is not None and last > beat.last:
            beat.hear(last - beat.last)
        beat.last = last

    def nearest(
        self, vin: str, due: datetime, now: datetime, rng: float
    ) -> datetime | None:
        """Return the moment after the report that comes about when a look is due.

        A random number from zero to one decides between the one before and the one after, so
        that the intervals are right in the mean. None without a rhythm, or when the
        car has fallen out of it.
        """
        beat = self._beats.get(vin)
        if beat is None or beat.pause is None or beat.last is None:
            return None
        too_long = beat.pause > (due - now) * _WAIT_FOR_IT
        if too_long or now - beat.last >= beat.pause:
            return None
        count = max(math.floor((due - beat.last) / beat.pause + rng), 1)
        return beat.last + count * beat.pause + _ON_ITS_WAY
