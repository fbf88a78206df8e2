"""Whether a message may have waited before it was seen: after a sleep nobody knows."""

from datetime import datetime, timedelta
from typing import Final

from ..cloud.clock import Clock, Timer

LONGEST_WAIT: Final = timedelta(seconds=60)
"""How long a command may wait before it counts as one from the past."""
_BEAT: Final = 5.0
_DOUBT: Final = timedelta(seconds=10)
"""For how long everything that comes is doubted after the process had slept."""


class Freshness:
    """Notices that this process stood still, as a laptop does that was closed.

    What was in the connection's buffers meanwhile looks as if it had come just now.
    """

    def __init__(self, clock: Clock) -> None:
        """Begin to beat."""
        self._clock = clock
        self._beaten_at = clock.now()
        self._doubted_until: datetime | None = None
        self._timer: Timer | None = clock.call_later(_BEAT, self._beat)

    def is_fresh(self) -> bool:
        """Return whether a message that is seen now came now."""
        now = self._clock.now()
        self._look(now)
        return self._doubted_until is None or now >= self._doubted_until

    def close(self) -> None:
        """Stop beating."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        self._look(self._clock.now())
        self._timer = self._clock.call_later(_BEAT, self._beat)

    def _look(self, now: datetime) -> None:
        if now - self._beaten_at > LONGEST_WAIT:
            self._doubted_until = now + _DOUBT
        self._beaten_at = now
