"""What a call brings back: its answer, and what of it is kept for diagnostics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from yarl import URL

from .bodies import parse_json
from .errors import BadAnswer

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Statuses that lead elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer, under its real address."""

    what: str
    status: int
    url: URL
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    location: URL | None = field(default=None, repr=False)

    def parsed(self) -> Any:
        """Return the body, which has to be JSON of any shape."""
        try:
            return parse_json(self.text)
        except ValueError:
            raise BadAnswer(self.what, status=self.status) from None

    def json(self) -> dict[str, Any]:
        """Return the body, which has to be a JSON object."""
        body = self.parsed()
        if not isinstance(body, dict):
            raise BadAnswer(self.what, status=self.status)
        return body

    def retry_after(self, now: datetime) -> float | None:
        """Return the seconds of its Retry-After header, which may also hold a date."""
        text = self.headers.get("Retry-After")
        if text is None:
            return None
        if text.strip().isdecimal():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - now).total_seconds(), 0)

    def refusal(self) -> Mapping[str, Any]:
        """Return what a refusal says; nothing where its body is no JSON object."""
        try:
            return self.json()
        except BadAnswer:
            return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """The last answer of one kind, for diagnostics; not redacted."""

    status: int
    received_at: datetime
    text: str = field(repr=False)
    binary: bool = False

    @property
    def body(self) -> Any:
        """The parsed JSON, or what else there was in one word."""
        if self.binary:
            return "binary"
        if not self.text.strip():
            return "empty"
        try:
            return parse_json(self.text)
        except ValueError:
            return "html" if "<" in self.text[:200] else "text"
