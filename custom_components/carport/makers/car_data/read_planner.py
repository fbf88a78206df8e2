"""When a car is worth one of the day's fifty calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ...car.signals import ChargingState
from ...cloud.field_map import to_float
from .charging import TIME_REMAINING, charging_state
from .entries import Entries
from .readings import LEVELS
from .refusals import quota_ends

CALLS_A_DAY: Final = 50
RESERVE: Final = 10
_FOR_CHARGES: Final = 2
_FOR_LOOKS: Final = CALLS_A_DAY - RESERVE - _FOR_CHARGES
_DAY: Final = timedelta(days=1)
_CLOSER: Final = timedelta(minutes=15)
_WITH_STREAM: Final = timedelta(hours=6)
_AFTER_START: Final = timedelta(seconds=60)
"""REST is some seconds behind the stream."""
_AFTER_END: Final = timedelta(minutes=2)
_LISTED: Final = timedelta(minutes=15)
"""How long after its end a charge is in the list."""
_BETWEEN: Final = timedelta(hours=1)
_FROZEN: Final = timedelta(minutes=30)
_LONGEST: Final = 7 * 24 * 60


@dataclass(slots=True)
class _Charge:
    """A charge under way: since when, and which looks it has had."""

    began: datetime
    had: set[str] = field(default_factory=set)


def saved_calls(left: int | None, now: datetime) -> float:
    """Return how many of the day's calls are left beyond an even pace."""
    if left is None:
        return 0
    return left - (quota_ends(now) - now) / _DAY * _FOR_LOOKS


class ReadPlanner:
    """Plans the looks at all cars of an account, by what is known of them."""

    def __init__(self, known: Mapping[str, Entries]) -> None:
        """Know of no look and no charge yet."""
        self._known = known
        self._read_at: dict[str, datetime] = {}
        self._charges: dict[str, _Charge] = {}
        self._ended: dict[str, datetime] = {}
        """When a charge ended whose energy nobody has asked for yet."""

    def note_entries(self, vin: str) -> None:
        """Note that something new is known of a car."""
        found = charging_state(self._known[vin])
        if found is None or found[0] is not ChargingState.CHARGING:
            if self._charges.pop(vin, None) is not None and found is not None:
                self._ended[vin] = found[1]
        elif vin not in self._charges:
            self._charges[vin] = _Charge(began=found[1])

    def note_read(self, vin: str, now: datetime) -> None:
        """Note that a car was looked at: what that was due for has had its look."""
        due = {name for name, when in self._events(vin).items() if when <= now}
        self._read_at[vin] = now
        if (charge := self._charges.get(vin)) is not None:
            charge.had |= due

    def is_over(self, vin: str, now: datetime) -> bool:
        """Return whether a charge ended so long ago that BMW has it in its list."""
        ended = self._ended.get(vin)
        return ended is not None and now >= ended + _LISTED

    def note_listed(self, vin: str) -> None:
        """Note that the list of charges was asked for."""
        self._ended.pop(vin, None)

    def is_frozen(self, vin: str, now: datetime) -> bool:
        """Return whether a car charges, and even a look showed no newer level."""
        charge = self._charges.get(vin)
        if charge is None or "level" not in charge.had:
            return False
        return now >= self._level_due(vin, charge)

    def next_look(
        self,
        vin: str,
        due: datetime,
        cars: int,
        *,
        streams: bool,
        saved: float = 0,
    ) -> datetime:
        """Return when a car is looked at next; `due` is what the cadence found.

        The day's calls are spread over the cars. Those that were `saved` while nothing
        was worth a look go to what the cadence wants to see closer. While the stream
        says everything else, only what it cannot say is worth more than a look in six
        hours.
        """
        read_at = self._read_at.get(vin)
        if read_at is None:
            return due
        share = _DAY * max(cars, 1) / _FOR_LOOKS
        if streams:
            pause = max(share, _WITH_STREAM)
        else:
            pause = min(share, _CLOSER) if saved >= cars else share
        return min([max(due, read_at + pause), *self._events(vin).values()])

    def _events(self, vin: str) -> dict[str, datetime]:
        """Return for what a charge is looked at, and when; each once."""
        charge = self._charges.get(vin)
        if charge is None:
            ended = self._ended.get(vin)
            return {} if ended is None else {"over": ended + _LISTED}
        events = {
            "start": charge.began + _AFTER_START,
            "level": self._level_due(vin, charge),
        }
        if (ends := self._ends(vin)) is not None:
            read_at = self._read_at.get(vin)
            events["end"] = ends if read_at is None else max(ends, read_at + _BETWEEN)
        return {name: when for name, when in events.items() if name not in charge.had}

    def _level_due(self, vin: str, charge: _Charge) -> datetime:
        """Return when the level has stood still for too long."""
        entries = self._known[vin]
        times = [entry.captured_at for name in LEVELS if (entry := entries.get(name))]
        return max([charge.began, *times]) + _FROZEN

    def _ends(self, vin: str) -> datetime | None:
        left = self._known[vin].get(TIME_REMAINING)
        minutes = None if left is None else to_float(left.value)
        if left is None or minutes is None or not 0 <= minutes <= _LONGEST:
            return None
        return left.captured_at + timedelta(minutes=minutes) + _AFTER_END
