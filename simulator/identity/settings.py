"""What can be set for the pages and the tokens of a service."""

from dataclasses import dataclass
from typing import Any, Final

from ..knobs import Knob, choice, number


@dataclass(slots=True, kw_only=True)
class IdentitySettings:
    """The figures of the identity host."""

    email_page: str = "A"
    password_page: str | None = None
    """None for the country's own: the old one in the US, the script elsewhere."""
    sign_in_limit: float | None = 8
    sign_in_window: float = 600
    sign_in_pause: float = 300

    access_lifetime: float = 1800
    refresh_lifetime: float = 31_536_000
    rotation: str = "fresh"


IDENTITY_SETTINGS: Final[tuple[Knob[Any], ...]] = (
    choice("email_page", "A", "B", "changed"),
    choice("password_page", None, "A", "B"),
    number("sign_in_limit", none="no limit"),
    choice("rotation", "fresh", "single_use", "keep"),
)
"""The knobs of those that are no plain figures."""
