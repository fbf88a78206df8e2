"""What can be set for the whole service; the defaults are how it was in late 2026."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..settings import Setting, choice, number, settings_table, text
from .regions import KAMEREON_KEY


@dataclass(slots=True, kw_only=True)
class Settings:
    """The service's figures; where reality is unknown they are the simulator's own."""

    gigya_key: str = ""
    """A key that replaced those of all regions; without one they are as published."""
    kamereon_key: str = KAMEREON_KEY
    jwt_life: float | None = None
    reg_token_life: float = 3600
    remembers: float = 30 * 86_400
    """Seconds for which a device stays known."""
    code_life: float = 600
    wrong_codes: float = 10
    """How many wrong codes an e-mailed one survives, which is not known."""
    dead_token: float = 403005
    quota: float | None = 60
    """Calls an hour of one person."""
    quota_pause: float = 900
    quota_answer: str = "both"
    quota_said: float = 3
    """How many refusals name the quota before they look like a dead token."""
    latency_least: float = 10
    latency_most: float = 45
    """Seconds until a car has heard of a command; a setting takes three times as long."""
    lapsed_answer: str = "denied"
    """How cars whose contract has ended are refused: plainly, or as if unreached."""
    empty_garage: str = "list"
    """What an account without cars is answered: an empty list, or a refusal."""
    hvac_as_number: bool = False
    level_missing: bool = False
    """Whether the level is left out for ten minutes after a charge has ended."""
    plug_status: float | None = None
    zoe_ignores: bool = False
    """Whether a Zoe takes the older start and the pause, and does nothing."""
    wipes_schedules: bool = False
    """Whether the programmes are out of sight while charging is always allowed."""


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    Settings,
    text("gigya_key"),
    text("kamereon_key"),
    number("jwt_life", none="as asked for"),
    number("quota", none="no limit"),
    choice("quota_answer", "both", "429", "401"),
    choice("dead_token", 403005, 403013),
    choice("lapsed_answer", "denied", "proxy"),
    choice("empty_garage", "list", "refusal"),
    number("plug_status", none="the car's own"),
)
