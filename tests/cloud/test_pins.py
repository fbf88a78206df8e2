"""Refused PINs are remembered by digests, in what an account keeps."""

from datetime import timedelta
import json
from typing import cast

import pytest

from carport.car.refusals import Reason
from carport.cloud.account_state import AccountState
from carport.cloud.contract import Context, Tokens
from carport.cloud.errors import PinLimit, PinLocked, PinRefused
from carport.cloud.pins import DAY, LONGEST_LOCK, PinGuard, without_refusals
from simulator.clock import ManualClock
from tests.world import START


class SavedTokens:
    """As much of a context as an account's state needs."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        """Start with what was kept."""
        self.tokens = tokens

    async def save_tokens(self, tokens: Tokens | None) -> None:
        """Keep tokens as JSON, as on a disk."""
        self.tokens = json.loads(json.dumps(tokens))

    def account_state(self) -> AccountState:
        """Open it, as after a restart."""
        return AccountState(cast(Context, self))


def guard(memory: SavedTokens, clock: ManualClock | None = None) -> PinGuard:
    """Take a memory up, as after a restart."""
    return PinGuard(memory.account_state(), clock or ManualClock(START))


async def test_a_refused_pin_outlasts_a_restart() -> None:
    """No PIN can be read from the memory; another one ends the trouble."""
    memory = SavedTokens()
    pins = guard(memory)
    assert not pins.any
    assert not pins.holds("9999")
    await pins.refuse("", "9999")
    again = guard(memory)
    assert again.any
    assert again.holds("9999")
    assert not again.holds("1234")
    assert "9999" not in json.dumps(memory.tokens)
    await again.accept("1234")
    after = guard(memory)
    assert not after.any
    assert after.holds("9999")


async def test_the_oldest_is_forgotten() -> None:
    """A list that only grows would never end."""
    pins = guard(SavedTokens())
    for number in range(21):
        await pins.refuse("", f"{number:04}")
    assert not pins.holds("0000")
    assert pins.holds("0020")


@pytest.mark.parametrize("kept", [{"a": 5}, {"a": ""}, {"a": None}, None])
def test_an_account_state_without_a_text(kept: Tokens | None) -> None:
    """A number is no text, and nothing is neither."""
    assert SavedTokens(kept).account_state().text("a") is None
    assert SavedTokens({"a": "x"}).account_state().number("a") is None


async def test_5_4_two_unproven_codes_a_day() -> None:
    """A third is not sent before a day is over, restarts or not; the first two count."""
    memory, clock = SavedTokens(), ManualClock(START)
    for code in ("1111", "2222"):
        await guard(memory, clock).begin("x", code)
        clock.step(3600)
    for _ in range(2):
        with pytest.raises(PinLimit) as caught:
            await guard(memory, clock).begin("x", "3333")
        assert caught.value.until == START + DAY
    # The outcome of the first is unknown: it may be sent again, and counts once.
    await guard(memory, clock).begin("x", "1111")
    clock.step((START + DAY - clock.now()).total_seconds())
    await guard(memory, clock).begin("x", "3333")
    with pytest.raises(PinLimit) as caught:
        guard(memory, clock).check("x", "4444")
    assert caught.value.until == START + DAY + timedelta(hours=1)


async def test_5_4_a_proven_code_is_always_let_through() -> None:
    """Its use costs nothing, and gives nobody else another try."""
    memory, clock = SavedTokens(), ManualClock(START)
    pins = guard(memory, clock)
    await pins.begin("x", "1357")
    await pins.accept("1357")
    for code in ("1111", "2222"):
        await pins.begin("x", code)
        await pins.refuse("x", code)
    pins = guard(memory, clock)
    await pins.begin("x", "1357")
    await pins.accept("1357")
    assert not pins.any
    with pytest.raises(PinLimit):
        await pins.begin("x", "3333")
    with pytest.raises(PinRefused) as caught:
        await pins.begin("x", "1111")
    assert caught.value.reason is Reason.PIN_BLOCKED
    kept = json.dumps(memory.tokens)
    assert not [code for code in ("1357", "1111", "2222") if f'"{code}' in kept]


async def test_5_4_a_lock_out_is_a_pause() -> None:
    """It has its end, outlasts a restart, and says nothing of the code."""
    memory, clock = SavedTokens(), ManualClock(START)
    pins = guard(memory, clock)
    await pins.begin("x", "1357")
    until = START + timedelta(minutes=15)
    assert (await pins.lock("x", until)).until == until
    pins = guard(memory, clock)
    for code in ("1357", "2468"):
        with pytest.raises(PinLocked) as caught:
            pins.check("x", code)
        assert caught.value.until == until
    assert not pins.any
    assert not pins.holds("1357")
    clock.step(15 * 60)
    pins.check("x", "1357")


async def test_5_4_a_proven_code_refused_without_a_reason() -> None:
    """At first it may be a lock-out; refused again after the pause it is wrong."""
    memory, clock = SavedTokens(), ManualClock(START)
    await guard(memory, clock).accept("1357")
    error = await guard(memory, clock).refuse("x", "1357", sure=False)
    assert isinstance(error, PinLocked)
    assert not guard(memory, clock).holds("1357")
    clock.step(DAY.total_seconds())
    await guard(memory, clock).begin("x", "1357")
    error = await guard(memory, clock).refuse("x", "1357", sure=False)
    assert not isinstance(error, PinLocked)
    assert guard(memory, clock).holds("1357")
    assert not guard(memory, clock).is_proven("1357")


async def test_5_4_the_owner_begins_anew() -> None:
    """Refusals, counts and locks are gone; what was proven is still proven."""
    memory, clock = SavedTokens({"refresh": "r"}), ManualClock(START)
    pins = guard(memory, clock)
    await pins.accept("1357")
    for code in ("1111", "2222"):
        await pins.begin("x", code)
        await pins.refuse("x", code)
    await pins.lock("x", START + DAY)
    assert memory.tokens is not None
    memory.tokens = without_refusals(memory.tokens)
    pins = guard(memory, clock)
    pins.check("x", "1111")
    assert not pins.any
    assert pins.is_proven("1357")
    assert memory.tokens["refresh"] == "r"


async def test_5_4_a_clock_that_was_ahead_locks_nobody_out() -> None:
    """What was kept by a wrong clock is over by the right one's."""
    memory = SavedTokens()
    ahead = ManualClock(START + timedelta(days=4000))
    pins = guard(memory, ahead)
    for code in ("1111", "2222"):
        await pins.begin("x", code)
    await pins.lock("x", ahead.now() + DAY)
    await guard(memory).begin("x", "3333")


@pytest.mark.parametrize("kept", ["", "x", "nonsense/d,,/", "2026-11-21T08:00:00/d"])
async def test_5_4_a_torn_memory_of_tries(kept: str) -> None:
    """What cannot be read counts for nothing."""
    memory = SavedTokens({"pins_tried": kept, "pin_salt": "s"})
    pins = guard(memory)
    await pins.begin("x", "1111")
    await pins.begin("x", "2222")


async def test_7_5_a_lock_has_an_upper_bound() -> None:
    """What a cloud says by mistake keeps no owner out for longer than a day."""
    memory, clock = SavedTokens(), ManualClock(START)
    told = await guard(memory, clock).lock("x", START + timedelta(days=400))
    assert told.until == START + LONGEST_LOCK == START + timedelta(days=1)
    with pytest.raises(PinLocked) as caught:
        guard(memory, clock).check("x", "1357")
    assert caught.value.until == START + timedelta(days=1)
    clock.step(24 * 3600)
    guard(memory, clock).check("x", "1357")
