"""What the cloud remembers of a car that its twin does not."""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any, Final

from custom_components.carport.makers.demo.twin import Order, Twin

_KEPT: Final = 5

type Hours = tuple[str, str]


class Memory:
    """The hours of charging windows that are off, and which cars were locked from afar."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._hours: defaultdict[str, deque[tuple[Order | None, Hours]]] = defaultdict(
            lambda: deque(maxlen=_KEPT)
        )
        self._locked: dict[str, float] = {}

    def note_hours(self, vin: str, order: Order | None, window: Any) -> None:
        """Remember the hours of a profile on its way to a car."""
        self._hours[vin].append((order, (window["startTime"], window["endTime"])))

    def hours(self, vin: str) -> Hours | None:
        """Return the hours of the last profile that the car has taken."""
        for order, hours in reversed(self._hours[vin]):
            if order is None or order.done:
                return hours
        return None

    def note_lock(self, twin: Twin) -> None:
        """Remember that a car was locked from afar, until it stands elsewhere."""
        self._locked[twin.spec.vin] = twin.state.parked_at.timestamp()

    def was_locked_from_afar(self, vin: str, parked_at: float) -> bool:
        """Return whether it was, where it stands."""
        return self._locked.get(vin) == parked_at

    def to_json(self) -> dict[str, Any]:
        """Turn what owners have changed into JSON."""
        return {"hours": {vin: self.hours(vin) for vin in tuple(self._hours)}}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Go on with what an earlier run knew."""
        for vin, hours in kept["hours"].items():
            if hours is not None:
                start, end = hours
                self._hours[vin].append((None, (str(start), str(end))))
