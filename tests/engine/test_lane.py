"""What a command does that meets a running one: refuse, wait, or replace."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import Command, CommandKind
from carport.car.limits import Limits
from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason, Refusal
from carport.car.switches import SetAuxiliaryHeating
from carport.cloud.contract import Confirmation
from carport.engine import WhenBusy

from .paper_service import NOON, VIN, Bench

UNPROVEN = Limits(provable=False)
PERCENT = Limits(low=50, high=100, step=10, provable=False)
WAIT, REPLACE = WhenBusy.WAIT, WhenBusy.REPLACE


def bench_of(**limits: Limits) -> Bench:
    """Return a bench whose car can be locked, and is silent for a while after."""
    return Bench(
        {
            CommandKind.LOCK: Limits(),
            CommandKind.UNLOCK: UNPROVEN,
            CommandKind.START_CLIMATE: limits.get("start_climate", UNPROVEN),
            CommandKind.SET_CHARGE_LIMIT: PERCENT,
            CommandKind.HONK_AND_FLASH: UNPROVEN,
            CommandKind.SET_AUXILIARY_HEATING: UNPROVEN,
        }
    )


def begin(work: Coroutine[Any, Any, Receipt]) -> asyncio.Task[Receipt]:
    """Send something and do not wait for it."""
    return asyncio.ensure_future(work)


async def locking(bench: Bench) -> asyncio.Task[Receipt]:
    """Give the lane to a command that takes 91 seconds, as nothing proves it."""
    task = begin(bench.dispatcher.send(VIN, c.Lock()))
    await bench.settle()
    assert bench.car.running is not None
    return task


async def finish(bench: Bench, *tasks: asyncio.Task[Receipt]) -> list[Receipt]:
    """Let all of them come to their end."""
    return await bench.finish(_together(tasks))


async def _together(tasks: tuple[asyncio.Task[Receipt], ...]) -> list[Receipt]:
    return list(await asyncio.gather(*tasks))


async def test_a_waiting_command_is_sent_when_the_lane_is_free() -> None:
    """In the order in which they came, each once, and timed from when it was asked."""
    bench = bench_of()
    bench.service.look = lambda _: _proof(bench)
    first = await locking(bench)
    climate = begin(bench.dispatcher.send(VIN, c.StartClimate(), busy=WAIT))
    await bench.settle()
    percent = begin(bench.dispatcher.send(VIN, c.SetChargeLimit(percent=80), busy=WAIT))
    await bench.settle()
    assert [command for command, _ in bench.service.sent] == [c.Lock()]
    receipts = await finish(bench, first, climate, percent)
    assert [one.outcome for one in receipts] == [
        Outcome.CONFIRMED,
        Outcome.ACCEPTED,
        Outcome.ACCEPTED,
    ]
    assert [command for command, _ in bench.service.sent] == [
        c.Lock(),
        c.StartClimate(),
        c.SetChargeLimit(percent=80),
    ]
    assert receipts[1].requested_at == NOON
    assert bench.car.waiting == []


async def test_waiting_ends_after_a_minute() -> None:
    """Then it is refused as busy, and never sent."""
    bench = bench_of()
    first = await locking(bench)
    waiting = begin(bench.dispatcher.send(VIN, c.StartClimate(), busy=WAIT))
    [receipt] = await finish(bench, waiting)
    assert bench.clock.now() == NOON + timedelta(seconds=60)
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.BUSY)
    assert receipt.refusal == Refusal(reason=Reason.BUSY, running="lock")
    assert not first.done()
    await finish(bench, first)
    assert [command for command, _ in bench.service.sent] == [c.Lock()]


@pytest.mark.parametrize(
    "command",
    [
        c.Unlock(),
        c.HonkAndFlash(mode=c.HornMode.FLASH),
        SetAuxiliaryHeating(on=True),
    ],
)
@pytest.mark.parametrize("busy", [WAIT, REPLACE])
async def test_what_would_surprise_never_waits(
    command: Command, busy: WhenBusy
) -> None:
    """Neither does a car open, honk or heat a minute after it was asked."""
    bench = bench_of()
    bench.channel.fuel_heater = True
    bench.garage.connect([bench.channel])
    first = await locking(bench)
    receipt = await bench.dispatcher.send(VIN, command, busy=busy)
    assert receipt.reason is Reason.BUSY
    assert bench.clock.now() == NOON
    await finish(bench, first)


async def test_climate_that_burns_fuel_never_waits() -> None:
    """The same command of another car may run a heater."""
    bench = bench_of(start_climate=Limits(provable=False, burns_fuel=True))
    bench.channel.fuel_heater = True
    bench.garage.connect([bench.channel])
    bench.garage.set_owner(VIN, "first")
    assert CommandKind.START_CLIMATE in bench.car.commands
    first = await locking(bench)
    receipt = await bench.dispatcher.send(VIN, c.StartClimate(), busy=WAIT)
    assert receipt.reason is Reason.BUSY
    await finish(bench, first)


async def test_replacing_takes_the_place_of_what_waits_for_the_same_thing() -> None:
    """The last wish wins; what concerns something else stays, what was sent too."""
    bench = bench_of()
    bench.service.look = lambda _: _proof(bench)
    send = bench.dispatcher.send
    first = await locking(bench)
    climate = begin(send(VIN, c.StartClimate(), busy=WAIT))
    old = begin(send(VIN, c.SetChargeLimit(percent=80), busy=WAIT))
    await bench.settle()
    new = begin(send(VIN, c.SetChargeLimit(percent=90), busy=REPLACE))
    [replaced] = await finish(bench, old)
    assert bench.clock.now() == NOON
    assert (replaced.outcome, replaced.reason) == (Outcome.REFUSED, Reason.REPLACED)
    await finish(bench, first, climate, new)
    assert [command for command, _ in bench.service.sent] == [
        c.Lock(),
        c.StartClimate(),
        c.SetChargeLimit(percent=90),
    ]


async def test_unlocking_takes_back_a_lock_that_waits() -> None:
    """Opposites concern the same thing; the unlock itself still does not wait."""
    bench = bench_of()
    running = begin(bench.dispatcher.send(VIN, c.StartClimate()))
    await bench.settle()
    lock = begin(bench.dispatcher.send(VIN, c.Lock(), busy=WAIT))
    await bench.settle()
    unlock = await bench.dispatcher.send(VIN, c.Unlock(), busy=REPLACE)
    assert unlock.reason is Reason.BUSY
    [receipt] = await finish(bench, lock)
    assert receipt.reason is Reason.REPLACED
    await finish(bench, running)
    assert [command for command, _ in bench.service.sent] == [c.StartClimate()]


async def test_a_waiting_wish_is_shown() -> None:
    """The newest one, and no longer than it waits; the report stays what it was."""
    bench = bench_of()
    bench.take(s.CHARGE_LIMIT, 70.0)
    shown: list[float | None] = []
    bench.garage.subscribe(
        VIN,
        [s.CHARGE_LIMIT.key],
        lambda: shown.append(bench.car.shown(s.CHARGE_LIMIT)),
    )
    send = bench.dispatcher.send
    first = await locking(bench)
    tasks = [
        begin(send(VIN, c.SetChargeLimit(percent=percent), busy=busy))
        for percent, busy in ((80.0, WAIT), (90.0, REPLACE))
    ]
    await bench.settle()
    assert bench.car.shown(s.CHARGE_LIMIT) == 90
    assert bench.car.reported(s.CHARGE_LIMIT) == 70
    assert shown[0] == 80
    await finish(bench, *tasks)
    assert bench.car.shown(s.CHARGE_LIMIT) == shown[-1] == 70
    await finish(bench, first)


async def test_equal_wishes_that_wait_are_sent_once() -> None:
    """The second joins the first when that has the lane."""
    bench = bench_of()
    bench.service.look = lambda _: _proof(bench)
    first = await locking(bench)
    twice = [
        begin(bench.dispatcher.send(VIN, c.StartClimate(), busy=WAIT)) for _ in range(2)
    ]
    receipts = await finish(bench, first, *twice)
    assert receipts[1] == receipts[2]
    assert [command for command, _ in bench.service.sent] == [
        c.Lock(),
        c.StartClimate(),
    ]


async def test_who_gives_up_is_not_served() -> None:
    """A script that is stopped takes its waiting command with it."""
    bench = bench_of()
    bench.service.look = lambda _: _proof(bench)
    first = await locking(bench)
    waiting = begin(bench.dispatcher.send(VIN, c.StartClimate(), busy=WAIT))
    await bench.settle()
    waiting.cancel()
    await bench.settle()
    assert bench.car.waiting == []
    await finish(bench, first)
    assert [command for command, _ in bench.service.sent] == [c.Lock()]


async def test_an_account_that_closes_leaves_nobody_waiting() -> None:
    """What waited is refused with the reason, and not sent."""
    bench = bench_of()
    first = await locking(bench)
    waiting = begin(bench.dispatcher.send(VIN, c.StartClimate(), busy=WAIT))
    await bench.settle()
    bench.channel.closing = True
    await bench.dispatcher.end("first")
    bench.garage.disconnect(VIN, "first")
    receipts = await finish(bench, first, waiting)
    assert [one.reason for one in receipts] == [Reason.ACCOUNT_CLOSED] * 2


def _proof(bench: Bench) -> Confirmation:
    return Confirmation(result=bench.says(s.DOORS_LOCKED, True))
