"""What a field of a delivery is: its key, its name, its report, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from carport.twin.readings import signals_of
from carport.twin.twin import Twin, TwinSpec, TwinState

CHARGING: Final = "Charging"
MAINTENANCE: Final = "Maintenance Related Information"
PARKING: Final = "Parking Data"

KM_A_MILE: Final = 1.609344


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A charge, as it was when it began: what the copies of its report repeat."""

    level: float
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A car as a report of its modem shows it."""

    state: TwinState
    spec: TwinSpec
    job: Job | None
    miles: bool

    def demo(self, key: str) -> float:
        """Return the figure that the demo shows of the same car, 0 without one."""
        row = next(
            (row for row in signals_of(self.spec) if row.signal.key == key), None
        )
        value = row and row.say(self.state, self.spec)
        return value if isinstance(value, (int, float)) else 0

    def distance(self, kilometres: float) -> str:
        """Write a distance as the car's dashboard shows it."""
        return f"{kilometres / KM_A_MILE if self.miles else kilometres:.0f}"


type Say = Callable[[Seen], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; a car that has nothing to say leaves it out."""

    key: str
    name: str
    part: str
    say: Say
    cluster: str | None = None
    """The cluster it is also part of, besides all data."""


def field(
    part: str, key: str, name: str, say: Say | str, cluster: str | None = None
) -> Field:
    """Make a field; a plain word is always said."""
    if isinstance(say, str):
        word = say
        return Field(
            key=key, name=name, part=part, say=lambda _seen: word, cluster=cluster
        )
    return Field(key=key, name=name, part=part, say=say, cluster=cluster)


def yes(said: bool) -> str:
    """Write a truth as JSON has it, but in quotes."""
    return "true" if said else "false"


def job_at(twin: Twin, at: float) -> Job | None:
    """Return the charge that had begun last by a moment."""
    begun = [event for event in twin.memory.charges if event.began and event.at <= at]
    if not begun:
        return None
    return Job(level=begun[-1].level, minutes=begun[-1].minutes)
