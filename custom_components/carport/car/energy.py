"""How much energy a car has charged in all: sessions counted once, and the running one.

Clouds tell single sessions, some late, some twice; the Energy dashboard wants one
figure that never falls. One count serves all makers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from .bounds import moment_from
from .history import ChargeSession

_REMEMBERED: Final = timedelta(days=60)
_MOST_REMEMBERED: Final = 400
_MOST_IN_ONE: Final = 500.0
_MOST: Final = 10_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyCount:
    """The count of one car in kWh; a value, so that it is kept and compared as one.

    `since` is when counting began: what ended before is history, and not counted.
    `counted` are the starts of the sessions that were counted lately.
    """

    since: datetime
    finished: float = 0
    shown: float = 0
    counted: tuple[float, ...] = ()

    def after(
        self,
        sessions: Iterable[ChargeSession],
        running: float | None = None,
        *,
        capacity: float | None = None,
    ) -> Self:
        """Return the count after a look at the sessions and at the running one.

        A session without an energy of its own counts by its levels, where the
        battery's capacity is known. `running` is what the present charge has taken so
        far. What the running one showed stays shown: the figure waits for the finished
        session rather than fall.
        """
        finished, counted = self.finished, list(self.counted)
        for session in sessions:
            energy = energy_of(session, capacity)
            if energy is None or session.started_at is None or session.ended_at is None:
                continue
            start = session.started_at.timestamp()
            if session.ended_at <= self.since or start in counted:
                continue
            finished += energy
            counted.append(start)
        if (newest := max(counted, default=None)) is not None:
            oldest = newest - _REMEMBERED.total_seconds()
            counted = sorted(start for start in counted if start >= oldest)
        now = finished
        if running is not None and 0 < running <= _MOST_IN_ONE:
            now += running
        return replace(
            self,
            finished=round(finished, 3),
            shown=round(max(self.shown, now), 3),
            counted=tuple(counted[-_MOST_REMEMBERED:]),
        )

    def to_json(self) -> dict[str, Any]:
        """Turn the count into JSON."""
        return {
            "since": self.since.isoformat(),
            "finished": self.finished,
            "shown": self.shown,
            "counted": list(self.counted),
        }

    @classmethod
    def from_json(cls, data: object) -> Self | None:
        """Bring a count back; None where it is none."""
        if not isinstance(data, Mapping):
            return None
        since = moment_from(data.get("since"))
        finished, shown = _energy(data.get("finished")), _energy(data.get("shown"))
        counted = data.get("counted")
        if since is None or finished is None or shown is None:
            return None
        return cls(
            since=since,
            finished=finished,
            shown=shown,
            counted=tuple(
                float(start)
                for start in (counted if isinstance(counted, list) else ())
                if isinstance(start, (int, float)) and not isinstance(start, bool)
            ),
        )


def energy_of(session: ChargeSession, capacity: float | None) -> float | None:
    """Return the kWh of a session: as the maker says, else by the levels."""
    energy = session.energy
    if energy is None and capacity is not None:
        if session.level_start is None or session.level_end is None:
            return None
        energy = (session.level_end - session.level_start) / 100 * capacity
    return energy if energy is not None and 0 < energy <= _MOST_IN_ONE else None


def _energy(value: object) -> float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= _MOST else None
