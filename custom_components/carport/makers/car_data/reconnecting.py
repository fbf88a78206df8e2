"""How soon the stream is tried again: the rules that owners' programs have tested."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

LEAST: Final = timedelta(seconds=10)
"""A quicker reconnect is refused, whatever it brings."""
_FIRST: Final = timedelta(seconds=5)
_MOST: Final = timedelta(seconds=300)
_STORM: Final = 10
_STORM_WITHIN: Final = timedelta(seconds=60)
_AFTER_STORM: Final = timedelta(seconds=300)
_AFTER_MANY: Final = timedelta(seconds=600)
_AFTER_REFUSALS: Final = timedelta(hours=1)
_REFUSALS: Final = 3
_SETTLING: Final = timedelta(minutes=30)
"""For so long after signing in the stream may not know the account yet."""
_SETTLING_WAIT: Final = timedelta(minutes=2)
_FORCED: Final = timedelta(minutes=5)
_SHORT: Final = timedelta(seconds=45)
_LOSSES: Final = 4
_LOSSES_WITHIN: Final = timedelta(minutes=10)
_CONTESTED: Final = timedelta(minutes=15)


@dataclass(slots=True, kw_only=True)
class Reconnecting:
    """What has become of the tries so far, and how long to wait for the next.

    Each method returns the wait. A connection that lasts less than `_SHORT` and is cut
    was taken by another program, if that happens again and again; nightly the broker
    itself cuts idle ones, but only after a minute and more.
    """

    signed_in_at: datetime | None = None
    contested: bool = False
    """Whether another program takes the connection away."""
    refused: bool = False
    """Whether the broker refuses even fresh tokens."""
    failures: int = 0
    refusals: int = 0
    forced_at: datetime | None = None
    connected_at: datetime | None = None
    recent: deque[datetime] = field(default_factory=lambda: deque(maxlen=_STORM))
    losses: deque[datetime] = field(default_factory=lambda: deque(maxlen=_LOSSES))

    def granted(self, now: datetime) -> None:
        """Note that the subscription was granted, which alone is success."""
        self.connected_at = now
        self.failures = self.refusals = 0
        self.recent.clear()
        self.refused = False

    def lived(self, now: datetime) -> None:
        """Note that a message came, or the connection goes on: it may be ours again."""
        if self.connected_at is not None and now - self.connected_at > _LOSSES_WITHIN:
            self.contested = False
            self.losses.clear()

    def lost(self, now: datetime) -> timedelta:
        """Return the wait after a connection that had worked was cut."""
        self.lived(now)
        began, self.connected_at = self.connected_at, None
        if began is not None and now - began < _SHORT:
            self.losses.append(now)
            full = len(self.losses) == _LOSSES
            if full and now - self.losses[0] <= _LOSSES_WITHIN:
                self.contested = True
        return _CONTESTED if self.contested else LEAST

    def failed(self, now: datetime) -> timedelta:
        """Return the wait after a try that did not come to a granted subscription."""
        self.connected_at = None
        self.failures += 1
        self.recent.append(now)
        if self.contested:
            return _CONTESTED
        if self.failures >= _STORM:
            storm = now - self.recent[0] <= _STORM_WITHIN
            return _AFTER_STORM if storm else _AFTER_MANY
        return max(min(_FIRST * (1 << (self.failures - 1)), _MOST), LEAST)

    def refused_with(self, now: datetime, *, fresh: bool) -> timedelta:
        """Return the wait after the broker refused; `fresh` if the token was new."""
        wait = self.failed(now)
        if fresh:
            self.refusals += 1
        if self.signed_in_at is not None and now - self.signed_in_at < _SETTLING:
            many = self.contested or self.failures >= _STORM
            return wait if many else min(wait, _SETTLING_WAIT)
        if self.refusals < _REFUSALS:
            return wait
        self.refused = True
        return _AFTER_REFUSALS

    def may_force(self, now: datetime) -> bool:
        """Return whether tokens may be renewed that look good, and note it."""
        if self.forced_at is not None and now - self.forced_at < _FORCED:
            return False
        self.forced_at = now
        return True
