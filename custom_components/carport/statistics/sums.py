"""The rows of one statistic: what has to be written so that every sum is right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_NOTHING: Final = 0.00005
"""What two sums may differ by that are the same."""


@dataclass(slots=True, kw_only=True)
class WrittenSums:
    """The sums of one statistic as the recorder has them, from some hour on."""

    since: int
    """The hour from which on they are known."""
    base: float
    """The sum before that hour."""
    sums: dict[int, float] = field(default_factory=dict)

    def changes(self, amounts: Mapping[int, float], after: int) -> dict[int, float]:
        """Return the sums to write, by hour, and take them as written.

        `amounts` are all that is known of the hours that come after one; what was
        written of hours before that stays. Whatever follows an amount that is new, or
        is another, is summed anew, and an hour whose amount has gone has none.
        """
        before = max((hour for hour in self.sums if hour <= after), default=None)
        running = self.base if before is None else self.sums[before]
        hours = {hour for hour in (*amounts, *self.sums) if hour > after}
        changed: dict[int, float] = {}
        for hour in sorted(hours):
            running = round(running + amounts.get(hour, 0), 4)
            known = self.sums.get(hour)
            if known is None or abs(known - running) > _NOTHING:
                changed[hour] = running
        self.sums |= changed
        return changed
