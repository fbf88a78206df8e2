"""When a part of a car is asked for again, over real HTTP."""

import asyncio
from datetime import timedelta
import json
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.commands import StartCharging
from carport.cloud.errors import Outage
from carport.cloud.field_map import field_at
from carport.cloud.ledger import Purpose
from carport.cloud.parts import Part
from carport.cloud.requests import get
from simulator.clock import ManualClock

from .small_cloud import SmallCloud, pass_time
from .small_service import CAR, LOCKED, SmallService, answer, values


class ChargedService(SmallService):
    """A small one with a part that is read each time while the car charges."""

    parts = (
        Part(key="status", request=get("/status")),
        Part(
            key="charging",
            request=get("/charging"),
            fields=(field_at(s.CHARGING, "on"),),
            every=timedelta(days=2),
            watched=(s.CHARGING,),
        ),
    )
    outages = frozenset({503})


async def test_what_runs_is_read_every_time(
    service: SmallService, cloud: SmallCloud
) -> None:
    """And seldom again once it is over."""
    charged = ChargedService(service.context)
    for on in (True, True, False):
        answer(cloud, {}, {"on": on})
        await charged.read(CAR)
    await charged.read(CAR)
    assert cloud.paths.count("/charging") == 3
    assert cloud.paths.count("/status") == 4


@pytest.mark.parametrize(
    ("first", "later", "days", "gap"),
    [
        # A part that the car does not have is asked for again after its own time.
        ([403], 404, 2, False),
        # One that it had is missing, but no sooner.
        ([{"on": False}, 403], 403, 2, True),
        # So is one that fails, and it may be back soon.
        ([{"on": False}, 500], 500, 1 / 48, True),
    ],
)
async def test_when_a_part_that_did_not_come_is_asked_for_again(
    service: SmallService,
    cloud: SmallCloud,
    clock: ManualClock,
    first: list[Any],
    later: int,
    days: float,
    gap: bool,
) -> None:
    """By what was known of it before, and by what went wrong."""
    charged = ChargedService(service.context)
    for body in first:
        charged.schedule.bring_forward(CAR, "charging")
        answer(cloud, {}, body)
        result = await charged.read(CAR)
    assert ("charging" in result.gaps) is gap
    asked = cloud.paths.count("/charging")
    clock.step(days * 24 * 3600 - 1)
    await charged.read(CAR)
    assert cloud.paths.count("/charging") == asked
    clock.step(1)
    answer(cloud, {}, later)
    await charged.read(CAR)
    assert cloud.paths.count("/charging") == asked + 1


async def test_a_part_that_a_car_lacks_is_asked_for_once_a_day_at_most(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """Where one that was there before comes back with its own, shorter, time."""
    answer(cloud, LOCKED, 403)
    assert (await service.read(CAR)).gaps == frozenset()
    for seconds, asked in ((24 * 3600 - 1, 1), (1, 2), (1799, 2), (1, 3)):
        clock.step(seconds)
        # It is there from the second time on, and refused at the third.
        answer(cloud, LOCKED, {"mode": "immediate"} if asked == 2 else 403)
        await service.read(CAR)
        cloud.answers.clear()
        assert cloud.paths.count("/settings") == asked
    clock.step(1800)
    await service.read(CAR)
    assert cloud.paths.count("/settings") == 4


async def test_an_outage_that_a_maker_names_otherwise(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """A reading is tried again after it; a command never is."""
    charged = ChargedService(service.context)
    answer(cloud, 503, {"on": True})
    reading = charged.read_one(CAR, "charging", Purpose.READ)
    assert values(await pass_time(clock, asyncio.create_task(reading))) == {
        "charging": True
    }
    answer(cloud, 503)
    with pytest.raises(Outage):
        await charged.execute(CAR, StartCharging(), None)
    assert cloud.paths == ["/charging", "/charging", "/charge"]


async def test_a_restart_asks_for_nothing_that_is_not_due(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """What was kept of the parts' times holds; what cannot be true does not."""
    charged = ChargedService(service.context)
    answer(cloud, {}, {"on": False})
    await charged.read(CAR)
    kept = json.loads(json.dumps(charged.schedule.to_json(CAR)))
    clock.step(3600)
    part = charged.part("charging")
    for dues, due in (
        (kept, False),
        ({}, True),
        ({"charging": "soon"}, True),
        ({"charging": kept["charging"] + 9 * 24 * 3600}, True),
    ):
        again = ChargedService(service.context)
        again.schedule.restore(CAR, dues, clock.now())
        assert again.schedule.is_due(CAR, part, clock.now()) is due
        assert again.schedule.was_read(CAR, part) is not due
