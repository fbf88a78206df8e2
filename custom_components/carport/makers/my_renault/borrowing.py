"""Programmes that were switched off to charge at once: given back when it has ended.

The newer models start a charge only when nothing is left to wait for. So their own
programmes are taken away for a while, kept here over restarts, and put back unless
the owner has changed them meanwhile.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...cloud.account_state import AccountState
from ...cloud.contract import Car, ReadResult
from ...cloud.errors import CloudError
from ...cloud.field_map import get_path, text_at, to_float

_AT_LEAST: Final = timedelta(minutes=15)
"""How long a car may take to begin: before that, not charging is no end of it."""
_AT_MOST: Final = timedelta(days=3)

type Settings = Mapping[str, Any]


class BorrowedProgrammes:
    """What was taken from the cars of an account."""

    def __init__(
        self,
        state: AccountState,
        now: Callable[[], datetime],
        read: Callable[[Car], Awaitable[Settings]],
        write: Callable[[Car, Settings], Awaitable[object]],
    ) -> None:
        """Go on from what was kept; `read` and `write` are calls for the settings."""
        self._state = state
        self._now = now
        self._read = read
        self._write = write

    async def take(self, car: Car, settings: Settings) -> None:
        """Note what is about to be switched off; what was taken before stays noted."""
        active = _active(settings)
        scheduled = text_at(settings, "chargeModeRq") == "SCHEDULED"
        if self._state.text(_key(car)) is not None or not (any(active) or scheduled):
            return
        kept = {
            "at": self._now().timestamp(),
            "active": active,
            "scheduled": scheduled,
        }
        await self._state.keep_document(_key(car), kept)

    async def forget(self, car: Car) -> None:
        """Have taken nothing after all."""
        if self._state.text(_key(car)) is not None:
            await self._state.keep_document(_key(car), None)

    async def give_back(self, car: Car, result: ReadResult) -> None:
        """Put programmes back once a reading shows that the charge is over.

        A cloud that is out of order is asked again after the next reading.
        """
        kept = self._state.document(_key(car))
        if kept is None:
            return
        passed = self._now().timestamp() - (to_float(kept.get("at")) or 0)
        if passed > _AT_MOST.total_seconds():
            await self.forget(car)
            return
        if passed < _AT_LEAST.total_seconds() or not _is_over(result):
            return
        try:
            settings = await self._read(car)
            if (restored := _restored(settings, kept)) is not None:
                await self._write(car, restored)
        except CloudError:
            return
        await self.forget(car)


def _is_over(result: ReadResult) -> bool:
    seen = {reading.signal.key: reading.value for reading in result.readings}
    return seen.get(s.CHARGING.key) is False


def _active(settings: Settings) -> list[bool]:
    programmes = settings.get("programs")
    return [
        get_path(one, ("programActivationStatus",)) is True
        for one in (programmes if isinstance(programmes, list) else ())
    ]


def _restored(settings: Settings, kept: Mapping[str, Any]) -> Settings | None:
    """Return the settings as they were; None where the owner has changed them since."""
    active, programmes = kept.get("active"), settings.get("programs")
    if not isinstance(active, list) or not isinstance(programmes, list):
        return None
    untouched = text_at(settings, "chargeModeRq") == "ALWAYS"
    if not untouched or any(_active(settings)) or len(active) != len(programmes):
        return None
    return {
        **settings,
        "chargeModeRq": "SCHEDULED" if kept.get("scheduled") is True else "ALWAYS",
        "programs": [
            {**one, "programActivationStatus": was is True}
            for one, was in zip(programmes, active, strict=True)
        ],
    }


def _key(car: Car) -> str:
    return f"borrowed_{car.vin}"
