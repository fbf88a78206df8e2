"""What the cloud remembers of a car that its twin does not."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from carport.twin.twin import AcceptedCommand, Twin

_KEPT: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What of a profile only the cloud keeps: the car knows of timers and windows."""

    start: str
    end: str
    preferences: str | None = None
    climate: bool | None = None


class CloudState:
    """What cars do not keep of their profiles, and which were locked from afar."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._wishes: defaultdict[str, deque[tuple[AcceptedCommand | None, Wishes]]] = (
            defaultdict(lambda: deque(maxlen=_KEPT))
        )
        self._locked: dict[str, float] = {}

    def note_wishes(
        self, vin: str, accepted: AcceptedCommand | None, profile: Mapping[str, Any]
    ) -> None:
        """Remember a profile on its way to a car."""
        window = profile["preferredChargingWindow"]
        wishes = Wishes(
            start=window["startTime"],
            end=window["endTime"],
            preferences=profile["chargingPreferences"],
            climate=profile["climatizationEnabled"],
        )
        self._wishes[vin].append((accepted, wishes))

    def wishes(self, vin: str) -> Wishes | None:
        """Return those of the last profile that the car has taken."""
        for accepted, wishes in reversed(self._wishes[vin]):
            if accepted is None or accepted.done:
                return wishes
        return None

    def note_lock(self, twin: Twin) -> None:
        """Remember that a car was locked from afar, until it stands elsewhere."""
        self._locked[twin.spec.vin] = twin.state.parked_at.timestamp()

    def was_locked_from_afar(self, vin: str, parked_at: float) -> bool:
        """Return whether it was, where it stands."""
        return self._locked.get(vin) == parked_at

    def to_json(self) -> dict[str, Any]:
        """Turn what owners have changed into JSON."""
        known = {vin: self.wishes(vin) for vin in tuple(self._wishes)}
        return {"wishes": {vin: asdict(one) for vin, one in known.items() if one}}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Go on with what an earlier run knew."""
        for vin, wishes in kept["wishes"].items():
            self._wishes[vin].append((None, Wishes(**wishes)))
