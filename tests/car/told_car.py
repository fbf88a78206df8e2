"""A car that says what a test makes it say, and its logbook."""

from datetime import UTC, datetime, timedelta
import json
from typing import Final

from carport.car.derive import derive
from carport.car.history import ChargeSession, Period
from carport.car.logbook import Logbook
from carport.car.signals import SIGNALS, Position, Value
from carport.car.snapshot import Reading, Snapshot

EVENING: Final = datetime(2026, 10, 24, 18, tzinfo=UTC)
"""Before the night in which Berlin's clocks go back, at 01:00 UTC."""
HOME: Final = Position(latitude=52.5, longitude=13.4)
AWAY: Final = Position(latitude=53.5, longitude=10.0)


class ToldCar:
    """A car with a snapshot and a logbook."""

    def __init__(self, *, capacity: float | None = None, places: bool = True) -> None:
        """Know nothing; `capacity` is what the owner says of the battery."""
        self.snapshot = Snapshot()
        self.logbook = Logbook()
        self.capacity = capacity
        self.places = places

    def says(
        self,
        hours: float,
        *charges: ChargeSession,
        **values: Value,
    ) -> bool:
        """Report values captured so many hours after the evening began."""
        at = EVENING + timedelta(hours=hours)
        before = self.snapshot
        merge = before.merge(
            Reading(
                signal=SIGNALS[key],
                value=value,
                captured_at=at,
                received_at=at,
                channel="maker",
            )
            for key, value in values.items()
        )
        derived = derive(before, merge.snapshot, merge.changed)
        self.snapshot = merge.snapshot.merge(derived).snapshot
        return self.logbook.observe(
            self.snapshot,
            charges,
            at,
            capacity=self.capacity,
            is_home=(lambda place: place == HOME) if self.places else None,
        )

    def restart(self) -> None:
        """Bring everything back as it was kept."""
        kept = json.loads(json.dumps(self.logbook.to_json()))
        self.logbook = Logbook.from_json(kept)
        self.snapshot = Snapshot.from_json(
            json.loads(json.dumps(self.snapshot.to_json()))
        )

    def figure(self, name: str = "energy") -> float:
        """Return a figure as it is shown."""
        return self.logbook.figures()[name]

    def by_hour(self, name: str = "energy") -> dict[float, float]:
        """Return a figure by the hour, counted from the evening."""
        first = EVENING.timestamp() // 3600
        return {
            hour - first: round(amount, 3)
            for hour, amount in self.logbook.series()[name].items()
        }

    def listed(self, what: str) -> list[dict[str, object]]:
        """Return a derived list."""
        rows: list[dict[str, object]] = self.logbook.lists(what, Period())[what]
        return rows


def at(hours: float) -> datetime:
    """Return a moment so many hours after the evening began."""
    return EVENING + timedelta(hours=hours)


def session(start: float, end: float, energy: float | None) -> ChargeSession:
    """Return a charge as a maker tells it."""
    return ChargeSession(started_at=at(start), ended_at=at(end), energy=energy)
