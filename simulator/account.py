"""What an account at a cloud consists of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class TypedField(Protocol):
    """A field of a form, of whichever library."""

    @property
    def key(self) -> str:
        """What it is called."""

    @property
    def kind(self) -> str:
        """What is typed there."""

    @property
    def identifies(self) -> bool:
        """Whether it names the account."""


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

    def typed(self, fields: Iterable[TypedField]) -> dict[str, str]:
        """Return what the owner types into a service's fields, by what each is."""
        roles = {
            ("email", True): self.username,
            ("vins", True): " ".join(self.vins),
            ("password", False): self.password,
            ("pin", False): self.pin or "",
        }
        known = {
            one.key: roles.get((str(one.kind), one.identifies), "") for one in fields
        }
        known |= {key: self.more[key] for key in known if key in self.more}
        return {key: value for key, value in known.items() if value}
