"""The pause after too many calls: twice as long each time, and slowly back."""

from datetime import datetime, timedelta
from typing import Final

from ...cloud.account_state import AccountState

_LEVEL: Final = "quota_level"
_AT: Final = "quota_at"
_UNTIL: Final = "quota_until"
_FIRST: Final = timedelta(minutes=15)
_LONGEST: Final = timedelta(hours=2)
_HIGHEST: Final = 4
_BURST: Final = timedelta(hours=1)
_RELAX: Final = timedelta(days=1)


class QuotaPause:
    """How long to keep still, by what was refused lately; kept over restarts."""

    def __init__(self, account_state: AccountState) -> None:
        """Go on from what was kept."""
        self._account_state = account_state

    async def note(self, now: datetime) -> datetime:
        """Note a refusal; return until when no call should be made.

        What is refused while a pause lasts already does not make it longer.
        """
        if (until := self._account_state.ahead(_UNTIL, now)) is not None:
            return until
        level = min(self._level(now) + 1, _HIGHEST)
        pause = _FIRST * float(2 ** (level - 1))
        until = now + min(pause, _LONGEST)
        await self._account_state.keep(
            **{_LEVEL: level, _AT: now.timestamp(), _UNTIL: until.timestamp()}
        )
        return until

    def recent(self, now: datetime) -> bool:
        """Return whether a refused token may still be the quota's doing."""
        at = self._account_state.number(_AT)
        return at is not None and now.timestamp() - at < _BURST.total_seconds()

    def _level(self, now: datetime) -> int:
        """Return how far it has come; every day without a refusal takes one off."""
        at = self._account_state.number(_AT)
        if at is None:
            return 0
        calm = int((now.timestamp() - at) // _RELAX.total_seconds())
        return max(int(self._account_state.number(_LEVEL) or 0) - calm, 0)
