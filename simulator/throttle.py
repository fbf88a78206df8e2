"""Limits: so many calls of one kind in a while, per account."""

from collections import deque
from datetime import datetime, timedelta


class Bucket:
    """So many calls in a window; one more closes it for a pause."""

    def __init__(self) -> None:
        """Begin with nothing used."""
        self._used: deque[datetime] = deque()
        self._closed_until: datetime | None = None

    def take(
        self, now: datetime, *, size: float | None, window: float, pause: float
    ) -> bool:
        """Use one call; return whether it was still allowed."""
        if size is None:
            return True
        if self.left(now) > 0:
            return False
        while self._used and self._used[0] <= now - timedelta(seconds=window):
            self._used.popleft()
        if len(self._used) >= size:
            self._closed_until = now + timedelta(seconds=pause)
            self._used.clear()
            return False
        self._used.append(now)
        return True

    def left(self, now: datetime) -> float:
        """Return the seconds for which it stays closed."""
        if self._closed_until is None:
            return 0
        return max((self._closed_until - now).total_seconds(), 0)

    def reset(self) -> None:
        """Open it, empty."""
        self._used.clear()
        self._closed_until = None
