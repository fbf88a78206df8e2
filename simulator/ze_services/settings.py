"""What can be set for the whole service; the defaults are the first generation's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..knobs import Knob, choice, flag, number

_LIFETIMES: Final = {1: 36_000.0, 2: 900.0}


@dataclass(slots=True, kw_only=True)
class Settings:
    """The service's figures; where reality is unknown they are the simulator's own."""

    generation: int = 1
    token_lifetime: float | None = None
    command_status: int = 200
    latency_least: float = 8
    latency_most: float = 40
    """Seconds until a car has heard of a command."""
    gives_up: float = 600
    """Seconds after which a car that does not answer counts as failed."""
    repeat_window: float = 60
    wake_window: float = 1200
    repeat_body: bool = True
    """Whether a command that comes too soon is told so in an error body."""
    later_calls: bool = True
    """Whether the cloud has the calls that are not in its first description."""
    moved_status: int = 403
    """With which status an account hears that its country has moved on."""
    timer_can_be_removed: bool = True
    contradictory: bool = False
    """Whether a full, plugged car tells a remaining time, as one once did."""
    no_range: bool = False
    """Whether the cloud has no data of the car: level 0, and no range."""
    no_remaining_time: bool = False

    @property
    def lifetime(self) -> float:
        """The seconds for which a token is good."""
        if self.token_lifetime is not None:
            return self.token_lifetime
        return _LIFETIMES[self.generation]


SERVICE_KNOBS: Final[Mapping[str, Knob[Settings]]] = {
    "generation": choice("generation", 1, 2),
    "token_lifetime": number("token_lifetime", none="as the generation has it"),
    "command_status": choice("command_status", 200, 202),
    "latency_least": number("latency_least"),
    "latency_most": number("latency_most"),
    "gives_up": number("gives_up"),
    "repeat_window": number("repeat_window"),
    "wake_window": number("wake_window"),
    "repeat_body": flag("repeat_body"),
    "later_calls": flag("later_calls"),
    "moved_status": choice("moved_status", 200, 401, 403, 410, 451, 500),
    "timer_can_be_removed": flag("timer_can_be_removed"),
    "contradictory": flag("contradictory"),
    "no_range": flag("no_range"),
    "no_remaining_time": flag("no_remaining_time"),
}
