"""Redaction by value and by name, so that diagnostics can be shown to strangers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
import re
from typing import Any, Final

REDACTED: Final = "**REDACTED**"

_SHORTEST: Final = 3
"""Shorter values are part of too many innocent words and numbers."""

_PRIVATE: Final = frozenset(
    {
        "account",
        "accounts",
        "address",
        "altitude",
        "authorization",
        "birthday",
        "city",
        "contract",
        "cookie",
        "coordinates",
        "customer",
        "email",
        "guid",
        "iccid",
        "id",
        "identifier",
        "ids",
        "imei",
        "imsi",
        "lat",
        "latitude",
        "licence",
        "license",
        "lng",
        "location",
        "lon",
        "longitude",
        "mail",
        "mobile",
        "municipality",
        "msisdn",
        "nickname",
        "owner",
        "password",
        "phone",
        "pin",
        "plate",
        "position",
        "postcode",
        "registration",
        "secret",
        "serial",
        "session",
        "spin",
        "street",
        "subscriber",
        "telephone",
        "token",
        "tokens",
        "user",
        "username",
        "uuid",
        "verifier",
        "vin",
        "zip",
    }
)
"""Words that make the name of a value private, wherever they stand in it."""

_PERSONS: Final = frozenset(
    {
        "contact",
        "definition",
        "destination",
        "display",
        "driver",
        "family",
        "first",
        "full",
        "given",
        "last",
        "nick",
        "place",
        "poi",
    }
)
"""What makes a `name` one that somebody gave, or that of a person or a place."""

_FIELD_CODE: Final = re.compile(r"0x[0-9A-F]{6,10}", re.IGNORECASE)
"""How some makers name a field of a report: an `id` that says nothing of anybody."""

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PATTERNS: Final = (
    re.compile(r"\b[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE),  # VIN
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),  # e-mail address
    re.compile(r"\bey[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?"),  # signed token
    re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),  # UUID
    re.compile(r"(?<![\d.])-?\d{1,3}\.\d{4,}\s*,\s*-?\d{1,3}\.\d{4,}"),  # coordinates
)


class Redactor:
    """Takes secrets out of anything that can become JSON.

    Known values go wherever they stand, in keys and inside texts too; a VIN becomes
    `car_0`, so that it can still be followed through the whole.
    """

    def __init__(self, vins: Iterable[str], secrets: Iterable[object]) -> None:
        """Learn what is secret here."""
        self._names = {vin.lower(): f"car_{n}" for n, vin in enumerate(vins)}
        self._numbers = frozenset(
            value
            for value in secrets
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        )
        texts = {str(value) for value in secrets if isinstance(value, str)}
        texts |= {repr(value) for value in self._numbers}
        known = sorted(
            {text.lower() for text in texts if len(text) >= _SHORTEST}
            | self._names.keys(),
            key=len,
            reverse=True,
        )
        self._known = re.compile(
            "|".join(map(re.escape, known)) or r"(?!)", re.IGNORECASE
        )

    def clean(self, data: Any) -> Any:
        """Return a copy of what others wrote, without secrets and private things."""
        return self._copy(data, by_name=True)

    def replace(self, data: Any) -> Any:
        """Return a copy of what we wrote ourselves, without known secrets."""
        return self._copy(data, by_name=False)

    def _copy(self, data: Any, *, by_name: bool) -> Any:
        if isinstance(data, Mapping):
            return {
                self._text(str(key)): self._hide(value)
                if by_name and is_private(str(key))
                else self._copy(value, by_name=by_name)
                for key, value in data.items()
            }
        if isinstance(data, (list, tuple, set, frozenset)):
            return [self._copy(item, by_name=by_name) for item in data]
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, datetime):
            return data.isoformat()
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return REDACTED if data in self._numbers else data
        return data

    def _hide(self, value: Any) -> Any:
        """Hide what has a private name, but look into what is nested."""
        if value in (None, "", []) or isinstance(value, (bool, Mapping)):
            return self.clean(value)
        if isinstance(value, (list, tuple)) and any(
            isinstance(item, Mapping) for item in value
        ):
            return self.clean(value)
        if isinstance(value, str) and value.lower() in self._names:
            return self._names[value.lower()]
        if isinstance(value, str) and _FIELD_CODE.fullmatch(value):
            return value
        return REDACTED

    def _text(self, text: str) -> str:
        text = self._known.sub(self._stand_in, text)
        for pattern in _PATTERNS:
            text = pattern.sub(REDACTED, text)
        return text

    def _stand_in(self, found: re.Match[str]) -> str:
        return self._names.get(found[0].lower(), REDACTED)


def is_private(key: str) -> bool:
    """Return whether a value of this name says who or where somebody is."""
    words = {word.lower() for word in _WORDS.findall(key)}
    if words & _PRIVATE:
        return True
    return "name" in words and (words == {"name"} or bool(words & _PERSONS))
