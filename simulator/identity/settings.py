"""What can be set for the pages and the tokens of a service."""

from dataclasses import dataclass
from typing import Any, Final

from ..settings import Setting, choice, number

PASSWORD_PAGES: Final = ("A", "A_short", "B", "B_tidy")


@dataclass(slots=True, kw_only=True)
class IdentitySettings:
    """The figures of the identity host."""

    email_page: str = "A"
    """`one_page` is the newer software, which asks for the password on it as well."""
    password_page: str | None = None
    """None for the country's own: the old one in the US, the script elsewhere.

    `A_short` holds nothing but the hmac, `B_tidy` is the script as it was in 2022.
    """
    sign_in_limit: float | None = 8
    sign_in_window: float = 600
    sign_in_pause: float = 300

    access_lifetime: float = 1800
    refresh_lifetime: float = 31_536_000
    rotation: str = "fresh"


IDENTITY_SETTINGS: Final[tuple[Setting[Any], ...]] = (
    choice("email_page", "A", "B", "B_tidy", "one_page", "changed"),
    choice("password_page", None, *PASSWORD_PAGES),
    number("sign_in_limit", none="no limit"),
    choice("rotation", "fresh", "single_use", "keep"),
)
"""The settings that are no plain figures."""
