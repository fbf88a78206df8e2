"""What can be set for the whole service; the defaults are the first generation's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..settings import Setting, choice, number, settings_table

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
    timeout: float = 600
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


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    Settings,
    choice("generation", 1, 2),
    number("token_lifetime", none="as the generation has it"),
    choice("command_status", 200, 202),
    choice("moved_status", 200, 401, 403, 410, 451, 500),
)
