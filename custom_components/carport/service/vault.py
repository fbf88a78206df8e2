"""What an account keeps between runs: tokens, refused PINs, pauses."""

from datetime import UTC, datetime

from .contract import Context


class Vault:
    """What an account keeps between runs; a change is safe before it is used."""

    def __init__(self, context: Context) -> None:
        """Start from what the last run kept."""
        self._save = context.save_tokens
        self._data: dict[str, str | float | None] = dict(context.tokens or {})

    async def keep(self, **values: str | float | None) -> None:
        """Keep values, and return when they are safe."""
        self._data.update(values)
        await self._save(dict(self._data))

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
        return datetime.fromtimestamp(seconds, UTC)
