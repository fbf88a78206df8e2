"""Amounts by the hour: nothing is lost, and every share is where it belongs."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from carport.car.hours import hour_of, scaled, spread, start_of, total

NOON = datetime(2026, 10, 24, 12, tzinfo=UTC)


def test_half_an_hour_gets_half_as_much() -> None:
    """By the time that each hour has of it."""
    noon = hour_of(NOON)
    half_past = NOON + timedelta(minutes=30)
    assert spread(half_past, NOON + timedelta(hours=3), 5) == {
        noon: 1,
        noon + 1: 2,
        noon + 2: 2,
    }
    assert spread(half_past, half_past, 5) == {noon: 5}
    assert spread(half_past, NOON, 5) == {noon: 5}
    assert start_of(noon) == NOON


@given(
    st.floats(-1e4, 1e4), st.floats(0, 1e4), st.floats(0.001, 500), st.floats(0.1, 500)
)
def test_nothing_is_lost(
    start: float, hours: float, amount: float, other: float
) -> None:
    """However long it took; and no more hours than some days have."""
    begun = NOON + timedelta(hours=start)
    found = spread(begun, begun + timedelta(hours=hours), amount)
    assert sum(found.values()) == pytest.approx(amount, abs=1e-6)
    assert len(found) <= 97
    assert all(share >= 0 for share in found.values())
    assert sum(total([found, found]).values()) == pytest.approx(2 * amount, abs=1e-6)
    assert sum(scaled(found, other).values()) == pytest.approx(other, rel=1e-6)
