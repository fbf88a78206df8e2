"""What an account at a cloud consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One sign-in at one service."""

    service: str
    region: str
    username: str
    password: str
    pin: str | None = None
    vins: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    """What else the owner types, by the key of the field."""
