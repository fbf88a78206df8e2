"""A command's way out: refusals, one lane, proof, and what is shown meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import CommandKind
from carport.car.limits import Limits
from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason, Refusal, out_of_limits
from carport.cloud.contract import Confirmation, Progress, Ticket
from carport.cloud.errors import (
    CarRefused,
    CloudError,
    Outage,
    PinLocked,
    PinMissing,
    PinRefused,
    Throttled,
    Unreached,
)
from carport.cloud.ledger import Purpose
from carport.engine import ChannelState, Topic

from .paper_service import NOON, VIN, Bench
from .running import LOCKS


async def test_a_command_is_confirmed_by_the_car_itself() -> None:
    """Accepted first, confirmed with the reading before, after, and its time."""
    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert [r.outcome for r in bench.receipts] == [Outcome.ACCEPTED, Outcome.CONFIRMED]
    assert receipt.before == {"doors_locked": False}
    assert receipt.after == {"doors_locked": True}
    assert receipt.captured_at == NOON + timedelta(seconds=21)
    assert receipt.accepted_at == NOON + timedelta(seconds=1)
    assert bench.car.receipts[-1] == receipt
    assert len(bench.car.receipts) == 1


async def test_the_wish_is_shown_while_it_runs_and_never_becomes_a_fact() -> None:
    """Controls show the wish, the report stays, and both agree again at the end."""
    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    told: list[bool | None] = []
    bench.garage.subscribe(
        VIN,
        [Topic.RUNNING, s.DOORS_LOCKED.key],
        lambda: told.append(bench.car.shown(s.DOORS_LOCKED)),
    )
    sending = asyncio.ensure_future(bench.dispatcher.send(VIN, c.Lock()))
    await bench.settle()
    assert bench.car.shown(s.DOORS_LOCKED) is True
    assert bench.car.reported(s.DOORS_LOCKED) is False
    receipt = await bench.finish(asyncio.wait_for(sending, None))
    assert receipt.outcome is Outcome.TIMED_OUT
    assert receipt.reason is Reason.NO_ANSWER_FROM_CAR
    assert bench.car.shown(s.DOORS_LOCKED) is False
    assert told == [True, False]
    assert bench.clock.now() == NOON + timedelta(seconds=91)


@pytest.mark.parametrize("sent", [False, True])
async def test_a_command_that_ends_as_nobody_foresaw_has_a_receipt(
    caplog: pytest.LogCaptureFixture, sent: bool
) -> None:
    """Of which nobody reads that it did not reach the car; the lane is free again."""

    def look(_: object) -> Confirmation:
        raise KeyError("a word that no table has")

    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    bench.service.look = look
    if not sent:
        bench.service.fails = ZeroDivisionError()  # type: ignore[assignment] # a fault
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.TIMED_OUT
    assert receipt.finished_at == bench.clock.now()
    assert (receipt.accepted_at is not None) is sent
    assert bench.car.receipts[-1] == receipt
    assert bench.car.running is None
    assert bench.car.shown(s.DOORS_LOCKED) is False
    assert "nobody foresaw" in caplog.text


async def test_an_old_report_is_neither_proof_nor_contradiction() -> None:
    """Until the car has had time to act, its reports decide nothing."""
    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    stale = bench.says(s.DOORS_LOCKED, False)
    looks = 0

    def look(_: object) -> Confirmation:
        nonlocal looks
        looks += 1
        result = stale if looks < 3 else bench.says(s.DOORS_LOCKED, True)
        return Confirmation(result=result)

    bench.service.look = look
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.CONFIRMED
    assert looks == 3


async def test_the_car_has_the_last_word() -> None:
    """A fresh report that says otherwise fails the command and is what is shown."""
    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    bench.service.look = lambda _: Confirmation(
        result=bench.says(s.DOORS_LOCKED, False)
    )
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert (receipt.outcome, receipt.reason) == (Outcome.FAILED, Reason.CAR_DISAGREES)
    assert bench.car.shown(s.DOORS_LOCKED) is False


async def test_the_same_wish_joins_and_another_is_refused() -> None:
    """Lock pressed twice is sent once; unlock meanwhile hears what is running."""
    bench = Bench(LOCKS)
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    first = asyncio.ensure_future(bench.dispatcher.send(VIN, c.Lock()))
    second = asyncio.ensure_future(bench.dispatcher.send(VIN, c.Lock()))
    await bench.settle()
    other = await bench.dispatcher.send(VIN, c.Unlock())
    assert (other.outcome, other.reason) == (Outcome.REFUSED, Reason.BUSY)
    assert other.refusal == Refusal(reason=Reason.BUSY, running="lock")
    receipts = await bench.finish(asyncio.wait_for(asyncio.gather(first, second), None))
    assert receipts[0] == receipts[1]
    assert bench.service.sent == [(c.Lock(), None)]
    assert bench.car.running is None


async def test_what_the_end_of_one_command_starts_is_not_refused() -> None:
    """An automation that hears of the proof may send the next command at once."""
    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    next_ones: list[asyncio.Task[Receipt]] = []

    def automation() -> None:
        if bench.car.reported(s.DOORS_LOCKED) and not next_ones:
            next_ones.append(
                asyncio.Task(
                    bench.dispatcher.send(VIN, c.Unlock()),
                    loop=asyncio.get_running_loop(),
                    eager_start=True,
                )
            )

    bench.garage.subscribe(VIN, [s.DOORS_LOCKED.key], automation)
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.CONFIRMED
    (next_one,) = next_ones
    bench.service.look = lambda _: Confirmation(
        result=bench.says(s.DOORS_LOCKED, False)
    )
    assert (await bench.finish(asyncio.wait_for(next_one, None))).outcome is (
        Outcome.CONFIRMED
    )


async def test_the_word_of_the_cloud_alone_is_no_proof() -> None:
    """It says done and the car never reports: accepted is all there is to say."""
    bench = Bench(LOCKS)
    bench.take(s.DOORS_LOCKED, False)
    bench.service.look = lambda _: Confirmation(progress=Progress.DONE)
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert (receipt.outcome, receipt.reason) == (Outcome.ACCEPTED, None)
    assert receipt.after == {"doors_locked": False}


async def test_a_caller_who_stops_waiting_does_not_stop_the_command() -> None:
    """A cancelled automation leaves the command running to its receipt."""
    bench = Bench(LOCKS)
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    waiting = asyncio.ensure_future(bench.dispatcher.send(VIN, c.Lock()))
    await bench.settle()
    waiting.cancel()
    running = bench.car.running
    assert running is not None
    receipt = await bench.finish(asyncio.wait_for(running.task, None))
    assert receipt.outcome is Outcome.CONFIRMED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (PinMissing(), Outcome.REFUSED),
        (PinRefused(), Outcome.REFUSED),
        (Throttled(until=NOON), Outcome.REFUSED),
        (CarRefused(), Outcome.FAILED),
        (Unreached(), Outcome.FAILED),
    ],
)
async def test_what_the_cloud_refuses_says_why(
    error: CloudError, outcome: Outcome
) -> None:
    """Each error ends at once with its own reason, and the lane is free."""
    bench = Bench(LOCKS)
    bench.service.fails = error
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert (receipt.outcome, receipt.reason) == (outcome, error.reason)
    assert bench.car.running is None
    assert bench.car.pending == {}


async def test_a_pause_of_the_cloud_is_kept_without_asking_again() -> None:
    """The press that met it and those after it hear when it ends; then all is well."""
    bench = Bench(LOCKS)
    until = NOON + timedelta(minutes=15)
    bench.service.fails = Throttled(until=until)
    first = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    bench.service.fails = None
    second = await bench.dispatcher.send(VIN, c.Unlock())
    for receipt in (first, second):
        assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.THROTTLED)
        assert receipt.as_dict()["detail"] == {"until": until.isoformat()}
    assert len(bench.service.sent) == 1
    assert bench.car.channels["first"].state is ChannelState.OK
    bench.clock.step(15 * 60)
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.CONFIRMED


async def test_a_command_has_its_own_time_to_show() -> None:
    """The car is looked at when this command can be seen, and given up when it ends."""
    bench = Bench({CommandKind.LOCK: Limits(verify_after=100, timeout=110)})
    looks: list[float] = []

    def look(_: Ticket) -> Confirmation:
        looks.append((bench.clock.now() - NOON).total_seconds())
        return Confirmation()

    bench.service.look = look
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.TIMED_OUT
    assert looks == [101, 104, 109, 111]


async def test_a_command_that_may_have_arrived_is_looked_after_not_repeated() -> None:
    """The line broke after sending: the car decides, and nothing is sent twice."""
    bench = Bench(LOCKS)
    bench.service.fails = Outage("lock")
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.CONFIRMED
    assert len(bench.service.sent) == 1


async def test_a_broken_line_without_proof_times_out() -> None:
    """Nobody knows: the receipt says so, with the reason of the doubt."""
    bench = Bench({**LOCKS, CommandKind.HONK_AND_FLASH: Limits(words=("flash",))})
    bench.service.fails = Outage("flash")
    honk = c.HonkAndFlash(mode=c.HornMode.FLASH)
    receipt = await bench.finish(bench.dispatcher.send(VIN, honk))
    assert receipt.outcome is Outcome.TIMED_OUT
    assert receipt.reason is Reason.CLOUD_UNREACHABLE
    bench.service.look = lambda _: Outage("status")
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.TIMED_OUT
    assert receipt.reason is Reason.CLOUD_UNREACHABLE


async def test_what_no_car_reports_stays_accepted_and_is_assumed() -> None:
    """The best outcome without proof is accepted; the value is kept as assumed."""
    limits = {CommandKind.SET_CHARGE_CURRENT: Limits(numbers=(5, 10), provable=False)}
    bench = Bench(limits)
    receipt = await bench.finish(
        bench.dispatcher.send(VIN, c.SetChargeCurrent(current=10))
    )
    assert receipt.outcome is Outcome.ACCEPTED
    assert bench.car.shown(s.MAX_CHARGE_CURRENT) == 10
    assert bench.car.reported(s.MAX_CHARGE_CURRENT) is None
    again = Bench(limits, bench.garage.to_json())
    assert again.car.shown(s.MAX_CHARGE_CURRENT) == 10


async def test_a_wake_is_proven_by_any_fresh_reading() -> None:
    """The car answered: a newer capture of whatever it says is the proof."""
    bench = Bench({CommandKind.WAKE: Limits()})
    bench.take(s.BATTERY_LEVEL, 50.0)
    bench.service.look = lambda _: Confirmation(
        result=bench.says(s.BATTERY_LEVEL, 50.0)
    )
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Wake()))
    assert receipt.outcome is Outcome.CONFIRMED


async def test_the_services_own_word_can_end_it() -> None:
    """A service that knows says failed before the car shows anything."""
    bench = Bench(LOCKS)
    bench.service.look = lambda _: Confirmation(
        progress=Progress.FAILED, reason=Reason.CAR_REFUSED
    )
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert (receipt.outcome, receipt.reason) == (Outcome.FAILED, Reason.CAR_REFUSED)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (ChannelState.NEEDS_OWNER, Reason.NEEDS_OWNER),
        (ChannelState.CLOSED_BY_MAKER, Reason.CHANNEL_CLOSED),
    ],
)
async def test_a_shut_channel_sends_nothing(
    state: ChannelState, reason: Reason
) -> None:
    """The refusal is made here; the cloud hears nothing."""
    bench = Bench(LOCKS)
    bench.garage.set_state(VIN, "first", state)
    receipt = await bench.dispatcher.send(VIN, c.Lock())
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, reason)
    assert bench.service.sent == []


async def test_a_spent_budget_sends_nothing() -> None:
    """The day's last call is gone: refused here, before the maker refuses it."""
    bench = Bench(LOCKS, a_day=1)
    bench.service.context.transport.ledger.book(Purpose.COMMAND)
    receipt = await bench.dispatcher.send(VIN, c.Lock())
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.BUDGET)
    assert bench.service.sent == []


async def test_refusals_before_sending() -> None:
    """Not capable, outside the limits, blocked: each says so and sends nothing."""
    bench = Bench({CommandKind.SET_CHARGE_LIMIT: Limits(low=50, high=100, step=10)})
    assert (await bench.dispatcher.send(VIN, c.Lock())).reason is Reason.NOT_CAPABLE
    wrong = await bench.dispatcher.send(VIN, c.SetChargeLimit(percent=55))
    assert wrong.reason is Reason.OUT_OF_LIMITS
    assert wrong.refusal == out_of_limits("percent", "50, 60 … 100")
    bench.service.refused = Reason.NOT_PLUGGED
    blocked = await bench.dispatcher.send(VIN, c.SetChargeLimit(percent=80))
    assert blocked.reason is Reason.NOT_PLUGGED
    assert bench.service.sent == []


@pytest.mark.parametrize(
    ("plugged", "needs_plug", "refused"),
    [
        (False, True, True),
        (True, True, False),
        (None, True, False),
        (False, False, False),
    ],
)
async def test_what_needs_the_plug(
    plugged: bool | None, needs_plug: bool, refused: bool
) -> None:
    """Refused of a car that says it is unplugged; of one that does not say, sent."""
    bench = Bench({CommandKind.START_CHARGING: Limits(needs_plug=needs_plug)})
    if plugged is not None:
        bench.take(s.PLUGGED_IN, plugged)
    bench.service.look = lambda _: Confirmation(result=bench.says(s.CHARGING, True))
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.StartCharging()))
    assert (receipt.reason is Reason.NOT_PLUGGED) is refused
    assert (bench.service.sent == []) is refused


async def test_the_pin_of_the_moment_goes_before_the_stored_one() -> None:
    """A code typed at the lock is used for this command."""
    bench = Bench(LOCKS)
    bench.channel.pin = "1111"
    bench.service.look = lambda _: Confirmation(result=bench.says(s.DOORS_LOCKED, True))
    await bench.finish(bench.dispatcher.send(VIN, c.Lock(), pin="2222"))
    bench.clock.step(60)
    await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert [pin for _, pin in bench.service.sent] == ["2222", "1111"]


async def test_a_pin_that_waits_is_refused_with_its_moment() -> None:
    """The owner reads until when; the way itself stays open."""
    bench = Bench(LOCKS)
    until = NOON + timedelta(minutes=15)
    bench.service.fails = PinLocked("pin", until=until)
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock(), pin="1234"))
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.refusal == Refusal(reason=Reason.PIN_LOCKED, until=until)
    assert bench.channel.state is ChannelState.OK


async def test_7_2_e_a_command_that_is_ended_has_its_receipt_by_then() -> None:
    """Who closes an account goes on only when the last word is there."""
    bench = Bench(LOCKS)
    sending = asyncio.ensure_future(bench.dispatcher.send(VIN, c.Lock()))
    await bench.settle()
    bench.clock.step(1)
    await bench.settle()
    await bench.dispatcher.end("first")
    assert bench.car.running is None
    assert bench.receipts[-1].reason is Reason.ACCOUNT_CLOSED
    assert bench.receipts[-1] == await sending
