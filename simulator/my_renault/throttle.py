"""The quota of a person: so many calls an hour, then refusals that change their words."""

from datetime import datetime

from ..throttle import Bucket

_HOUR = 3600.0


class Quota:
    """The calls of one person, and how often they were refused in a row."""

    def __init__(self) -> None:
        """Begin with nothing used."""
        self._bucket = Bucket()
        self._refused = 0

    def take(self, now: datetime, *, size: float | None, pause: float) -> int | None:
        """Use one call; return None where it was allowed, else which refusal it is."""
        if self._bucket.take(now, size=size, window=_HOUR, pause=pause):
            self._refused = 0
            return None
        self._refused += 1
        return self._refused
