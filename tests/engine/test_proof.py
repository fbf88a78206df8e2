"""When a command counts as done, as failed, or as unknown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import CommandKind
from carport.car.limits import Limits
from carport.car.receipts import Outcome
from carport.car.refusals import Reason
from carport.cloud.contract import Confirmation, Progress, ReadResult

from .paper_service import VIN, Bench

CLIMATE = {CommandKind.START_CLIMATE: Limits(low=16, high=30)}
LOCKS = {CommandKind.LOCK: Limits()}


@pytest.mark.parametrize(
    ("target", "outcome"), [(21.0, Outcome.TIMED_OUT), (22.0, Outcome.CONFIRMED)]
)
async def test_7_5_every_effect_that_a_car_reports_has_to_show(
    target: float, outcome: Outcome
) -> None:
    """A running climate alone does not prove that it runs at the wanted temperature."""
    bench = Bench(CLIMATE)
    bench.take(s.CLIMATE_ACTIVE, False)
    bench.take(s.TARGET_TEMPERATURE, target)
    both = target == 22

    def look(_: object) -> Confirmation:
        readings = bench.says(s.CLIMATE_ACTIVE, True).readings
        if both:
            readings += bench.says(s.TARGET_TEMPERATURE, 22.0).readings
        return Confirmation(result=ReadResult(readings=readings))

    bench.service.look = look
    receipt = await bench.finish(
        bench.dispatcher.send(VIN, c.StartClimate(temperature=22))
    )
    assert receipt.outcome is outcome


async def test_7_5_an_effect_that_no_report_ever_had_is_not_waited_for() -> None:
    """A car that never says its target proves the start by its climate alone."""
    bench = Bench(CLIMATE)
    bench.take(s.CLIMATE_ACTIVE, False)
    bench.service.look = lambda _: Confirmation(
        result=bench.says(s.CLIMATE_ACTIVE, True)
    )
    receipt = await bench.finish(
        bench.dispatcher.send(VIN, c.StartClimate(temperature=22))
    )
    assert receipt.outcome is Outcome.CONFIRMED


@pytest.mark.parametrize(
    ("spoke", "outcome", "reason"),
    [
        # The car can show a command after 20 s; what it says after half of that counts
        # against it in the end, what it said before may be from before it heard of it.
        (9, Outcome.TIMED_OUT, Reason.NO_ANSWER_FROM_CAR),
        (11, Outcome.FAILED, Reason.CAR_DISAGREES),
    ],
)
async def test_7_5_silence_after_an_early_contradiction(
    spoke: float, outcome: Outcome, reason: Reason
) -> None:
    """What the car said soon after it heard of a command decides if it says no more."""
    limits = {CommandKind.LOCK: Limits(verify_after=20)}
    bench = Bench(limits)
    bench.take(s.DOORS_LOCKED, False)
    early = bench.says(s.DOORS_LOCKED, False).readings[0]
    accepted = bench.clock.now() + timedelta(seconds=1)
    said = type(early)(
        signal=early.signal,
        value=False,
        captured_at=accepted + timedelta(seconds=spoke),
        received_at=accepted + timedelta(seconds=20),
        channel="first",
    )
    bench.service.look = lambda _: Confirmation(result=ReadResult(readings=(said,)))
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert (receipt.outcome, receipt.reason) == (outcome, reason)


async def test_7_5_a_cloud_that_gave_up_ends_the_wait() -> None:
    """What it could not bring to the car is not looked for until the time is up."""
    bench = Bench(LOCKS)
    begun = bench.clock.now()
    bench.service.look = lambda _: Confirmation(
        progress=Progress.FAILED, reason=Reason.NO_ANSWER_FROM_CAR
    )
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Lock()))
    assert receipt.outcome is Outcome.TIMED_OUT
    assert bench.clock.now() - begun == timedelta(seconds=21)


@pytest.mark.parametrize(
    ("of_service", "of_command", "outcome"),
    [
        (True, True, Outcome.CONFIRMED),
        (True, False, Outcome.ACCEPTED),
        (False, True, Outcome.ACCEPTED),
    ],
)
async def test_7_5_what_no_car_shows_is_proven_by_a_cloud_that_tells(
    of_service: bool, of_command: bool, outcome: Outcome
) -> None:
    """Only where both service and command say that it does."""
    honk = CommandKind.HONK_AND_FLASH
    bench = Bench({honk: Limits(words=("flash",), reports_completion=of_command)})
    bench.service.info = replace(  # type: ignore[misc]  # one service for many tests
        bench.service.info, reports_completion=of_service
    )
    bench.service.look = lambda _: Confirmation(progress=Progress.DONE)
    command = c.HonkAndFlash(mode=c.HornMode.FLASH)
    bench.take(s.ODOMETER, 1000.0)
    receipt = await bench.finish(bench.dispatcher.send(VIN, command))
    assert receipt.outcome is outcome
    # The cloud says so, not the car: what it said of something else has no part in it.
    assert receipt.captured_at is None


@pytest.mark.parametrize(
    ("newer", "outcome"), [(0, Outcome.TIMED_OUT), (1, Outcome.CONFIRMED)]
)
async def test_7_5_a_report_that_was_there_before_proves_no_new_one(
    newer: float, outcome: Outcome
) -> None:
    """A car that was woken has to report again, not to be told of once more."""
    bench = Bench({CommandKind.WAKE: Limits()})
    bench.clock.step(60)
    before = bench.says(s.ODOMETER, 1000.0)
    bench.garage.take(VIN, "first", before)

    def look(_: object) -> Confirmation:
        again = bench.says(s.ODOMETER, 1000.0)
        return Confirmation(result=again if newer else before)

    bench.service.look = look
    receipt = await bench.finish(bench.dispatcher.send(VIN, c.Wake()))
    assert receipt.outcome is outcome
