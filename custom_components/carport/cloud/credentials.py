"""What the owner types at set-up: each thing, what it is, and whether it is secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final


class FieldKind(StrEnum):
    """What a credential is, so that a form can ask for it well."""

    EMAIL = "email"
    PASSWORD = "password"
    PIN = "pin"
    TEXT = "text"
    API_KEY = "api_key"
    VINS = "vins"
    """Vehicle identification numbers, parted by commas or spaces."""
    CHOICE = "choice"
    FLAG = "flag"
    """A box to tick; its value is `true` or `false`."""


SECRET_KINDS: Final = frozenset({FieldKind.PASSWORD, FieldKind.PIN, FieldKind.API_KEY})
"""Kinds whose values are never shown again."""

_BETWEEN_VINS: Final = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One thing the owner types at set-up.

    `identifies` marks what names the account among others of its service: its title,
    and what counts as *the same account again*. `choices` are the values of a CHOICE,
    each with a text of its own. `suggested` is the value a form begins with; a form
    may know a better one, such as the owner's country.
    """

    key: str
    kind: FieldKind
    required: bool = True
    identifies: bool = False
    choices: tuple[str, ...] = ()
    suggested: str | None = None
    names: Mapping[str, str] | None = None
    """How choices are spelt that no rule makes of their keys, such as brands."""
    advanced: bool = False
    """Whether it belongs beside the server's address, where few owners look."""

    @property
    def secret(self) -> bool:
        """Whether the value must not be shown again."""
        return self.kind in SECRET_KINDS

    def normalised(self, value: str) -> str:
        """Return a value so that two spellings of one account are the same."""
        if self.kind is FieldKind.VINS:
            return " ".join(_BETWEEN_VINS.split(value.upper().strip()))
        if self.identifies or self.kind is FieldKind.EMAIL:
            return value.strip().casefold()
        if self.kind is FieldKind.API_KEY:
            # Keys are pasted, with blanks around them, which no service sends.
            return value.strip()
        return value
