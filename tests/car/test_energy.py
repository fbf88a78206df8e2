"""The count of charged energy: ever rising, nothing twice, nothing lost."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from carport.car.energy import EnergyCount
from carport.car.history import ChargeSession

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def session(
    day: int, energy: float | None = 10, *, hours: float | None = 4, **levels: Any
) -> ChargeSession:
    """Return a charge that began on a day."""
    start = BEGAN + timedelta(days=day)
    return ChargeSession(
        started_at=start,
        ended_at=None if hours is None else start + timedelta(hours=hours),
        energy=energy,
        **levels,
    )


def test_sessions_count_once() -> None:
    """However often they are told, and in whatever order."""
    count = EnergyCount(since=BEGAN)
    for told in ([session(1)], [session(2), session(1)], [session(1), session(2)]):
        count = count.after(told)
    assert count.shown == 20
    # One that was told late counts as well.
    assert count.after([session(1.5)]).shown == 30  # type: ignore[arg-type]


def test_what_was_before_is_history() -> None:
    """Counting begins when somebody begins to count."""
    count = EnergyCount(since=BEGAN).after([session(-3), session(-1)])
    assert count.shown == 0


def test_the_running_charge() -> None:
    """It shows as it grows; the finished one takes its place without a fall."""
    count = EnergyCount(since=BEGAN).after([session(1)], 2.5)
    assert count.shown == 12.5
    count = count.after([session(2, None, hours=None)], 6)
    assert count.shown == 16
    count = count.after([session(2, 5.4)])
    assert (count.finished, count.shown) == (15.4, 16)
    assert count.after([session(3, 3)]).shown == 18.4


def test_over_a_restart() -> None:
    """What was kept is all it takes."""
    count = EnergyCount(since=BEGAN).after([session(1), session(2)], 3)
    kept = EnergyCount.from_json(json.loads(json.dumps(count.to_json())))
    assert kept == count
    assert kept is not None
    assert kept.after([session(2), session(3)]).shown == 30


def test_levels_and_a_capacity() -> None:
    """Where the maker tells no energy but how full the battery was."""
    told = [session(1, None, level_start=20, level_end=70)]
    assert EnergyCount(since=BEGAN).after(told, capacity=60).shown == 30
    assert EnergyCount(since=BEGAN).after(told).shown == 0


@pytest.mark.parametrize("energy", [-5, 0, 5000, float("nan")])
def test_impossible_sessions(energy: float) -> None:
    """They are not counted."""
    assert EnergyCount(since=BEGAN).after([session(1, energy)]).shown == 0


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {},
        {"since": "yesterday", "finished": 1, "shown": 1},
        {"since": BEGAN.isoformat(), "finished": -1, "shown": 1},
        {"since": BEGAN.isoformat(), "finished": True, "shown": 1},
        {"since": BEGAN.isoformat(), "finished": 1, "shown": 1e12},
    ],
)
def test_a_damaged_count_is_none(kept: object) -> None:
    """It begins anew rather than with a made-up figure."""
    assert EnergyCount.from_json(kept) is None


@given(
    looks=st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(-2, 30), st.floats(0.1, 80)), max_size=5),
            st.none() | st.floats(-5, 90),
        ),
        max_size=12,
    )
)
def test_it_never_falls(
    looks: list[tuple[list[tuple[int, float]], float | None]],
) -> None:
    """Whatever is told, and it never counts more than the sessions and the running one."""
    count = EnergyCount(since=BEGAN)
    first: dict[int, float] = {}
    highest = 0.0
    for told, running in looks:
        before = count.shown
        count = count.after([session(day, energy) for day, energy in told], running)
        for day, energy in told:
            if day >= 0:
                first.setdefault(day, energy)
        total = sum(first.values())
        highest = max(highest, total + max(running or 0, 0))
        assert before <= count.shown
        assert count.finished == pytest.approx(total, abs=0.01)
        assert count.shown <= highest + 0.01
