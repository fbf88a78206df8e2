"""What can be set for the whole service; the defaults are how it was in 2022."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..identity.settings import IDENTITY_SETTINGS, IdentitySettings
from ..settings import Setting, number, settings_table


@dataclass(slots=True, kw_only=True)
class WeSettings(IdentitySettings):
    """The service's figures; where reality is unknown they are the simulator's own."""

    access_lifetime: float = 3600
    mbb_lifetime: float = 3600
    mbb_closed: bool = False
    """The end of the service: the token call answers 403, as since autumn 2023."""
    device_closed: bool = False
    """Whether the identity host refuses to sign devices in, as it did other apps."""
    code_lifetime: float = 330
    poll_interval: float = 5
    tries_inside: bool = False
    """Whether the tries of an S-PIN stand one level deeper."""
    challenge_lifetime: float = 120
    calls_a_day: float | None = None
    remote_requests: float | None = None
    """What may be sent to a car until it is driven again."""
    position_found: bool = False
    """Whether a position comes in the younger envelope."""
    health_report: bool = True
    unfetched_after: float = 60
    latency: float = 12
    wake_latency: float = 25


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    WeSettings,
    *IDENTITY_SETTINGS,
    number("calls_a_day", none="no limit"),
    number("remote_requests", none="no limit"),
)
