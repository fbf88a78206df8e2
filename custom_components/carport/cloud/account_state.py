"""What an account keeps between runs: tokens, refused PINs, pauses."""

from collections.abc import Mapping
from datetime import UTC, datetime
import json
from typing import Any

from ..car.bounds import clean_text
from .bodies import parse_json
from .contract import Context


class AccountState:
    """What an account keeps between runs; a change is safe before it is used."""

    def __init__(self, context: Context) -> None:
        """Start from what the last run kept."""
        self._save = context.save_tokens
        self._data: dict[str, str | float | None] = dict(context.tokens or {})

    async def keep(self, **values: str | float | None) -> None:
        """Keep values, and return when they are safe."""
        self._data.update(
            {
                key: clean_text(value) if isinstance(value, str) else value
                for key, value in values.items()
            }
        )
        await self._save(dict(self._data))

    async def keep_document(self, key: str, document: Mapping[str, Any] | None) -> None:
        """Keep a JSON object; None forgets it."""
        text = None if document is None else json.dumps(document)
        await self.keep(**{key: text})

    def document(self, key: str) -> Mapping[str, Any] | None:
        """Return a JSON object that was kept; None where there is none."""
        try:
            found = parse_json(self.text(key) or "")
        except ValueError:
            return None
        return found if isinstance(found, Mapping) else None

    def value(self, key: str) -> str | float | None:
        """Return whatever was kept."""
        return self._data.get(key)

    def text(self, key: str) -> str | None:
        """Return a text that was kept."""
        value = self._data.get(key)
        return value if isinstance(value, str) and value else None

    def number(self, key: str) -> float | None:
        """Return a number that was kept."""
        value = self._data.get(key)
        return value if isinstance(value, (int, float)) else None

    def ahead(self, key: str, now: datetime) -> datetime | None:
        """Return a moment kept in epoch seconds, as long as it is still to come."""
        seconds = self.number(key)
        if seconds is None or seconds <= now.timestamp():
            return None
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except OverflowError, ValueError, OSError:
            return None
