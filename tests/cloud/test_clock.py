"""The clock of this machine, when somebody sets it right."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, override

import pytest

from carport.cloud import clock as clock_module
from carport.cloud.clock import SystemClock

NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Wall(datetime):
    """A wall clock that a test sets."""

    shown: datetime = NOON

    @classmethod
    @override
    def now(cls, tz: Any = None) -> Any:
        return cls.shown


@pytest.mark.parametrize("days", [-400, 400])
def test_5_7_a_corrected_wall_clock_is_followed(
    monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """A small computer starts without the time and gets it a moment later."""
    monkeypatch.setattr(clock_module, "datetime", Wall)
    monkeypatch.setattr(Wall, "shown", NOON)
    clock = SystemClock()
    assert clock.now() == NOON
    monkeypatch.setattr(Wall, "shown", NOON + timedelta(days=days))
    assert clock.now() == NOON + timedelta(days=days)


def test_5_7_a_clock_of_its_own_is_not_the_walls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server's time goes on as it began."""
    clock = SystemClock(NOON, 60)
    monkeypatch.setattr(clock_module, "datetime", Wall)
    monkeypatch.setattr(Wall, "shown", NOON + timedelta(days=400))
    assert clock.now() - NOON < timedelta(hours=1)
