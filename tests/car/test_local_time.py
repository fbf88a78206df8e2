"""Times that are told to five minutes, so that they do not change all the time."""

from datetime import UTC, datetime

import pytest

from carport.car.local_time import rounded, rounded_down


@pytest.mark.parametrize(
    ("clock", "down", "nearest"),
    [
        ((11, 57, 29), (11, 55), (11, 55)),
        ((11, 57, 31), (11, 55), (12, 0)),
        ((12, 0, 0), (12, 0), (12, 0)),
        ((12, 4, 59), (12, 0), (12, 5)),
    ],
)
def test_a_time_is_told_to_five_minutes(
    clock: tuple[int, int, int], down: tuple[int, int], nearest: tuple[int, int]
) -> None:
    """Cut off where it must not be in the future, else to the nearest."""
    moment = datetime(2026, 11, 21, *clock, 5000, tzinfo=UTC)
    assert rounded_down(moment) == datetime(2026, 11, 21, *down, tzinfo=UTC)
    assert rounded(moment) == datetime(2026, 11, 21, *nearest, tzinfo=UTC)
