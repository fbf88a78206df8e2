"""The count of calls of one account, by purpose, against what the cloud allows."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
import math
from typing import Any, Final

from ..car.bounds import moment_from
from .call_limits import CallLimit
from .clock import Clock

_MOST_A_DAY: Final = 1_000_000


class Purpose(StrEnum):
    """What a call is for."""

    SIGN_IN = "sign_in"
    TOKEN = "token"
    LIST = "list"
    READ = "read"
    WAKE = "wake"
    COMMAND = "command"
    CONFIRM = "confirm"
    HISTORY = "lookup"


URGENT: Final = frozenset(
    {
        Purpose.SIGN_IN,
        Purpose.TOKEN,
        Purpose.WAKE,
        Purpose.COMMAND,
        Purpose.CONFIRM,
    }
)
"""Purposes that may use the reserve and do not wait for a reading's pause to end."""

CREDENTIALS: Final = frozenset({Purpose.SIGN_IN, Purpose.TOKEN})
"""Purposes of calls that many clouds do not count, since they go to another host."""

_CALLS_KEPT: Final = 5000
_LONGEST: Final = timedelta(days=7)
"""Longer than any pause or window: what ends later was said by a clock that was ahead."""


class Ledger:
    """Calls booked, by day in UTC for the owner, and one by one for the limits."""

    def __init__(
        self,
        clock: Clock,
        *,
        limits: Sequence[CallLimit] = (),
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Go on from what was kept; without limits nothing is ever refused for them."""
        self._clock = clock
        self._declared = self._limits = tuple(limits)
        self._reserve = max((limit.reserve for limit in limits), default=0)
        self._listeners: list[Callable[[], None]] = []
        self._day = clock.now().date()
        self._counts: Counter[str] = Counter()
        self._calls: list[tuple[float, str]] = []
        """When each call was made, in epoch seconds, and what for; oldest first."""
        self._throttled_until: datetime | None = None
        self._commands_paused_until: datetime | None = None
        self._told: tuple[int, datetime] | None = None
        """How many calls the cloud itself says are left, and until when."""
        if data:
            self._restore(data)

    def serve(self, cars: int) -> None:
        """Take the number of the account's cars into account, where it matters.

        What the cloud itself says is left is then of the car that has the least.
        """
        self._limits = tuple(limit.for_cars(cars) for limit in self._declared)

    def book(self, purpose: Purpose) -> None:
        """Count one call."""
        self._turn_page()
        self._set_back()
        self._counts[purpose] += 1
        if self._limits:
            self._calls.append((self._clock.now().timestamp(), str(purpose)))
            self._forget()
        if self._told is not None:
            left, until = self._told
            self._told = max(left - 1, 0), until
        self._tell()

    def correct(self, left: int, until: datetime) -> None:
        """Take the cloud's own word for what is left, which holds until a moment."""
        self._told = max(left, 0), until
        self._tell()

    def take(self, data: Mapping[str, Any]) -> None:
        """Count what else was called for the account, such as by a new sign-in.

        Both have gone on from the same count, so what both know is counted once.
        """
        other = Ledger(self._clock, limits=self._declared, data=data)
        self._turn_page()
        other._turn_page()
        self._counts |= other._counts
        both = Counter(self._calls) | Counter(other._calls)
        self._calls = sorted(both.elements())
        self._forget()
        self._told = other._told or self._told
        if (until := other.throttled_until) is not None:
            self.throttle(until)
        if (until := other.commands_paused_until) is not None:
            self.pause_commands(until)
        self._tell()

    def counts_today(self) -> Mapping[str, int]:
        """Return today's calls by purpose."""
        self._turn_page()
        return dict(self._counts)

    def left(self, command: bool = False) -> int | None:
        """Return the calls left; None where nobody knows a limit."""
        found = [
            limit.calls - len(used) - (0 if command else limit.reserve)
            for limit, used in self._windows()
        ]
        if (told := self._told_left()) is not None:
            # What the cloud itself says is surer than our own count of one window.
            found = [told - (0 if command else self._reserve), *found[1:]]
        return max(min(found), 0) if found else None

    def allows(self, purpose: Purpose) -> bool:
        """Return whether a call is affordable now."""
        urgent = purpose in URGENT
        if not urgent and self.throttled_until is not None:
            return False
        return self.left(command=urgent) != 0

    def least_interval(self, calls: int) -> float:
        """Return the seconds between rounds of so many calls that any limit bears.

        This is the floor under every cadence, habit and repetition.
        """
        seconds = [
            calls * limit.per.total_seconds() / max(limit.calls - limit.reserve, 1)
            for limit in self._limits
        ]
        return max(seconds, default=0.0)

    def throttle(self, until: datetime) -> None:
        """Note that the cloud wants no readings for a while."""
        if self._throttled_until is None or until > self._throttled_until:
            self._throttled_until = until
            self._tell()

    def pause_commands(self, until: datetime) -> None:
        """Note that the cloud wants no commands for a while."""
        if self._commands_paused_until is None or until > self._commands_paused_until:
            self._commands_paused_until = until
            self._tell()

    @property
    def throttled_until(self) -> datetime | None:
        """When the pause of reading ends; None while there is none."""
        return self._ahead(self._throttled_until)

    @property
    def commands_paused_until(self) -> datetime | None:
        """When the pause of commands ends; None while there is none."""
        return self._ahead(self._commands_paused_until)

    def runs_out_at(self) -> datetime | None:
        """Return when the calls of a window are used up at its pace; None if never.

        A sliding window has no end to run out before: it says when it has run out.
        """
        now = self._clock.now()
        moments = []
        for limit, used in self._windows():
            if len(used) >= limit.calls:
                moments.append(now)
                continue
            ends = limit.ends(now)
            begun = limit.begins(now)
            if ends is None or not used or now <= begun:
                continue
            at = begun + (now - begun) * (limit.calls / len(used))
            if at < ends:
                moments.append(at)
        if self._told_left() == 0:
            moments.append(now)
        return min(moments, default=None)

    def opens_at(self) -> datetime:
        """Return when reading is allowed again: after a pause, or in a new window."""
        now = self._clock.now()
        if (until := self.throttled_until) is not None:
            return until
        moments = [now]
        for limit, used in self._windows():
            over = len(used) - (limit.calls - limit.reserve)
            if over < 0:
                continue
            ends = limit.ends(now)
            oldest = used[min(over, len(used) - 1)] if used else now.timestamp()
            moments.append(ends or datetime.fromtimestamp(oldest, UTC) + limit.per)
        told = self._told_left()
        if self._told is not None and told is not None and told <= self._reserve:
            moments.append(self._told[1])
        return max(moments)

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call after every change; undo by the result."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def to_json(self) -> dict[str, Any]:
        """Turn the ledger into JSON."""
        told = None if self._told is None else [self._told[0], _iso(self._told[1])]
        return {
            "day": self._day.isoformat(),
            "counts": dict(self._counts),
            "throttled_until": _iso(self._throttled_until),
            "commands_paused_until": _iso(self._commands_paused_until),
            "calls": [list(call) for call in self._calls],
            "told": told,
        }

    def _restore(self, data: Mapping[str, Any]) -> None:
        # The pauses first: without the day they still hold.
        self._throttled_until = moment_from(data.get("throttled_until"))
        self._commands_paused_until = moment_from(data.get("commands_paused_until"))
        match data.get("told"):
            case [int() as left, until] if (moment := moment_from(until)) is not None:
                self._told = max(left, 0), moment
        try:
            self._day = date.fromisoformat(data["day"])
        except KeyError, TypeError, ValueError:
            return
        self._counts = Counter(
            {
                purpose: count
                for purpose, count in data["counts"].items()
                if isinstance(count, int) and 0 <= count < _MOST_A_DAY
            }
        )
        self._calls = sorted(self._calls_from(data.get("calls")))
        self._forget()

    def _calls_from(self, kept: Any) -> Iterator[tuple[float, str]]:
        """Yield the calls that were kept; none that was made in the future."""
        now = self._clock.now()
        if kept is not None:
            for row in kept:
                match row:
                    case [float() | int() as at, str() as purpose] if at >= 0:
                        yield min(float(at), now.timestamp()), purpose
        elif self._day == now.date():
            # Kept by a version that counted days only: as if they were made just now.
            for purpose, count in self._counts.items():
                yield from [(now.timestamp(), purpose)] * min(count, _CALLS_KEPT)

    def _windows(self) -> Iterator[tuple[CallLimit, Sequence[float]]]:
        """Yield every limit with the calls that count in its window now."""
        self._set_back()
        now = self._clock.now()
        for limit in self._limits:
            begun = limit.begins(now).timestamp()
            yield (
                limit,
                [
                    at
                    for at, purpose in self._calls[self._first_since(begun, limit) :]
                    if purpose not in limit.spares
                ],
            )

    def _first_since(self, begun: float, limit: CallLimit) -> int:
        """Return the index of the first call of a window that began then.

        A sliding window has lost the call that was made exactly when it begins.
        """
        if limit.resets_at is None:
            return bisect_right(self._calls, begun, key=lambda call: call[0])
        return bisect_right(
            self._calls, math.nextafter(begun, 0), key=lambda call: call[0]
        )

    def _set_back(self) -> None:
        """Count the calls of a time to come as made just now: the clock was ahead."""
        now = self._clock.now().timestamp()
        if self._calls and self._calls[-1][0] > now:
            self._calls = [(min(at, now), purpose) for at, purpose in self._calls]

    def _forget(self) -> None:
        """Drop the calls that no window can count any more."""
        if not self._limits:
            self._calls = []
            return
        now = self._clock.now()
        begun = min(limit.begins(now) for limit in self._limits).timestamp()
        first = bisect_right(
            self._calls, math.nextafter(begun, 0), key=lambda call: call[0]
        )
        self._calls = self._calls[max(first, len(self._calls) - _CALLS_KEPT) :]

    def _told_left(self) -> int | None:
        """Return what the cloud said is left; None when its word is over."""
        if self._told is None or self._ahead(self._told[1]) is None:
            return None
        return self._told[0]

    def _ahead(self, until: datetime | None) -> datetime | None:
        """Return a moment to come; None if it is over, or of a clock that was ahead."""
        now = self._clock.now()
        return until if until is not None and now < until < now + _LONGEST else None

    def _turn_page(self) -> None:
        today = self._clock.now().date()
        if today != self._day:
            self._day = today
            self._counts.clear()

    def _tell(self) -> None:
        for callback in tuple(self._listeners):
            callback()


def _iso(until: datetime | None) -> str | None:
    return None if until is None else until.isoformat()
