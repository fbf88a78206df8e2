"""What can be set for the whole service; the defaults are what its description says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..settings import Setting, choice, settings_table


@dataclass(slots=True, kw_only=True)
class Settings:
    """The service's figures; where reality is unknown they are the simulator's own."""

    limit: float = 20
    window: float = 3600
    limit_per: str = "vin"
    """Its description counts by key, owners have seen it count by car."""
    reset_form: str = "seconds"
    """What `RateLimit-Reset` holds: the seconds left, or the moment in epoch seconds."""
    limit_headers: bool = True
    key_check_down: bool = False
    command_status: int = 202
    latency_least: float = 5
    latency_most: float = 25
    """Seconds until a car has heard of a command."""
    patience: float = 20
    """Seconds the cloud tries to reach a car before it gives up with 504."""
    pause: float = 300
    """What `Retry-After` says where a car declines to be disturbed."""
    unsupported: str = "asked"
    """Whether parts a car lacks are told only where `include` asks, or always."""
    electric_fuel_status: bool = False
    """Whether purely electric cars have a `fuelStatus`, as some were seen to have."""
    operations: bool = True
    """Whether an answer lists what can be asked of the car."""


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    Settings,
    choice("limit_per", "vin", "key"),
    choice("reset_form", "seconds", "epoch"),
    choice("command_status", 200, 202, 204),
    choice("unsupported", "asked", "always"),
)
