"""The rules by which the stream is tried again: each wait has its reason."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from carport.makers.car_data.reconnecting import LEAST, Reconnecting

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def test_failures_double_the_wait() -> None:
    """From ten seconds to five minutes, and ten minutes when nothing helps."""
    rules, now = Reconnecting(), NOW
    waits = []
    for _ in range(11):
        wait = rules.failed(now)
        waits.append(wait / SECOND)
        now += wait
    assert waits == [10, 10, 20, 40, 80, 160, 300, 300, 300, 600, 600]
    rules.granted(now)
    assert rules.failed(now) == LEAST


def test_a_storm_of_failures_is_waited_out() -> None:
    """Ten within a minute."""
    rules = Reconnecting()
    for number in range(9):
        rules.failed(NOW + number * SECOND)
    assert rules.failed(NOW + 10 * SECOND) == 5 * MINUTE


def test_three_refusals_of_fresh_tokens_need_the_owner() -> None:
    """Then it is tried once an hour, until it is granted again."""
    rules = Reconnecting(signed_in_at=NOW - timedelta(days=1))
    assert rules.refused_with(NOW, fresh=False) == LEAST
    for _ in range(2):
        assert rules.refused_with(NOW, fresh=True) < timedelta(hours=1)
        assert not rules.refused
    assert rules.refused_with(NOW, fresh=True) == timedelta(hours=1)
    assert rules.refused
    rules.granted(NOW)
    assert not rules.refused


def test_right_after_the_sign_in_nobody_is_told_off() -> None:
    """The stream may not know the account yet."""
    rules = Reconnecting(signed_in_at=NOW)
    for _ in range(8):
        assert rules.refused_with(NOW + MINUTE, fresh=True) <= 10 * MINUTE
    assert not rules.refused
    assert rules.refused_with(NOW + 31 * MINUTE, fresh=True) == timedelta(hours=1)


def test_a_rival_takes_it_again_and_again() -> None:
    """Four losses, each shortly after success, within ten minutes."""
    rules, now = Reconnecting(), NOW
    for number in range(4):
        assert rules.contested is False
        rules.granted(now)
        now += 20 * SECOND
        wait = rules.lost(now)
        assert wait == (15 * MINUTE if number == 3 else LEAST)
        now += wait
    assert rules.contested
    rules.granted(now)
    assert rules.lost(now + 20 * SECOND) == 15 * MINUTE
    # Until it is left alone for a while.
    rules.granted(now + 60 * MINUTE)
    rules.lived(now + 75 * MINUTE)
    assert not rules.contested


def test_the_night_is_no_rival() -> None:
    """The broker cuts idle connections, but after a minute and more."""
    rules, now = Reconnecting(), NOW
    for _ in range(20):
        rules.granted(now)
        now += 75 * SECOND
        assert rules.lost(now) == LEAST
        now += LEAST
    assert not rules.contested


def test_losses_that_are_far_apart_are_none_of_a_rivals() -> None:
    """A bad line breaks now and then too."""
    rules, now = Reconnecting(), NOW
    for _ in range(10):
        rules.granted(now)
        rules.lost(now + 20 * SECOND)
        now += 5 * MINUTE
    assert not rules.contested


def test_a_forced_renewal_is_rationed() -> None:
    """Once in five minutes."""
    rules = Reconnecting()
    assert rules.may_force(NOW)
    assert not rules.may_force(NOW + 4 * MINUTE)
    assert rules.may_force(NOW + 5 * MINUTE)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["granted", "lost", "failed", "refused", "fresh"]),
            st.integers(0, 2000),
        ),
        max_size=60,
    )
)
def test_no_wait_is_too_short_or_for_ever(steps: list[tuple[str, int]]) -> None:
    """Ten seconds at the least, an hour at the most, whatever happens."""
    rules, now = Reconnecting(signed_in_at=NOW), NOW
    for step, seconds in steps:
        now += seconds * SECOND
        match step:
            case "granted":
                rules.granted(now)
                continue
            case "lost":
                wait = rules.lost(now)
            case "failed":
                wait = rules.failed(now)
            case _:
                wait = rules.refused_with(now, fresh=step == "fresh")
        assert LEAST <= wait <= timedelta(hours=1)
