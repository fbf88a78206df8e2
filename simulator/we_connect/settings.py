"""What can be set for the whole service; the defaults are how it was in 2022."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..car_net.settings import SERVICE_KNOBS as PAGE_KNOBS, Settings
from ..knobs import Knob, choice, flag, number


@dataclass(slots=True, kw_only=True)
class WeSettings(Settings):
    """The service's figures; where reality is unknown they are the simulator's own."""

    access_lifetime: float = 3600
    mbb_lifetime: float = 3600
    mbb_closed: bool = False
    """The end of the service: the token call answers 403, as since autumn 2023."""
    tries_inside: bool = False
    """Whether the tries of an S-PIN stand one level deeper."""
    challenge_lives: float = 120
    calls_a_day: float | None = None
    remote_requests: float | None = None
    """What may be sent to a car until it is driven again."""
    position_found: bool = False
    """Whether a position comes in the younger envelope."""
    health_report: bool = True
    unfetched_after: float = 60
    settle: float = 12


_PAGES: Final = (
    "email_page",
    "password_page",
    "sign_in_limit",
    "sign_in_window",
    "sign_in_pause",
    "access_lifetime",
    "refresh_lifetime",
    "settle",
    "wake_settle",
)

SERVICE_KNOBS: Final[Mapping[str, Knob[WeSettings]]] = {
    **{name: PAGE_KNOBS[name] for name in _PAGES},
    "rotation": choice("rotation", "fresh", "single_use", "keep"),
    "mbb_lifetime": number("mbb_lifetime"),
    "mbb_closed": flag("mbb_closed"),
    "tries_inside": flag("tries_inside"),
    "challenge_lives": number("challenge_lives"),
    "calls_a_day": number("calls_a_day", none="no limit"),
    "remote_requests": number("remote_requests", none="no limit"),
    "position_found": flag("position_found"),
    "health_report": flag("health_report"),
    "unfetched_after": number("unfetched_after"),
}
