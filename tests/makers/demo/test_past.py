"""The past of the Demo garage's cars, and how it is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import json
from typing import Any, Final

import pytest

from carport.car import commands as c, signals as s
from carport.cloud.contract import Car
from carport.makers.demo.service import DemoGarage
from carport.twin import past
from carport.twin.fleet import GARAGE
from carport.twin.spec import TwinSpec
from carport.twin.twin import Twin

from ...twin.helpers import ELECTRIC, MONDAY
from .adapter import SATURDAY_MORNING, open_garage, snapshot_of

HISTORY: Final = (
    "trips",
    "charge_sessions",
    "climate_history",
    "fences",
    "speed_alerts",
)


async def history_of(garage: DemoGarage, car: Car) -> dict[str, Any]:
    """Return everything a car remembers."""
    return {what: (await garage.history(car, what))[what] for what in HISTORY}


async def test_the_cars_have_two_weeks_behind_them() -> None:
    """Nobody has to wait for the first trip, charge, alert or warm cabin."""
    async with open_garage() as adapter:
        garage = adapter.build()
        lists = await history_of(garage, (await garage.cars())[0])
        for what, lines in lists.items():
            assert len(lines) >= 5, what
        ends = [datetime.fromisoformat(trip["ended_at"]) for trip in lists["trips"]]
        assert timedelta(days=12) < ends[0] - ends[-1] < timedelta(days=15)
        assert ends == sorted(ends, reverse=True)
        assert all(end <= adapter.clock.now() for end in ends)


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_lists_and_sensors_say_the_same(number: int) -> None:
    """The newest trip is the last trip, and all of them are on the odometer."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[number]
        for _ in range(30):
            adapter.clock.step(3600)
            told = await snapshot_of(garage, car)
            newest = (await garage.history(car, "trips"))["trips"][0]
            ended = told.value(s.LAST_TRIP_ENDED_AT)
            assert datetime.fromisoformat(newest["ended_at"]) == ended
            for signal, key in (
                (s.LAST_TRIP_DISTANCE, "distance"),
                (s.LAST_TRIP_DURATION, "duration"),
                (s.LAST_TRIP_CONSUMPTION_ELECTRIC, "consumption_electric"),
                (s.LAST_TRIP_CONSUMPTION_FUEL, "consumption_fuel"),
            ):
                assert newest[key] == told.value(signal)
        driven = garage.twin(car.vin).memory.trips
        for before, after in pairwise(driven):
            way = after.odometer - before.odometer
            assert way == pytest.approx(after.distance, abs=0.2)
        if not told.value(s.MOVING):
            assert told.value(s.ODOMETER) == pytest.approx(driven[-1].odometer, abs=1)


@pytest.mark.parametrize("spec", GARAGE, ids=lambda spec: spec.model)
def test_the_same_seed_has_the_same_past(spec: TwinSpec) -> None:
    """Lived again rather than remembered."""
    first = past.grown(spec, SATURDAY_MORNING)
    past.life_until.cache_clear()
    again = past.grown(spec, SATURDAY_MORNING)
    assert again.to_json() == first.to_json()
    assert again.memory.trips
    assert again.now <= SATURDAY_MORNING


async def test_the_past_survives_a_restart() -> None:
    """Killed after a command: every list is there again, and goes on."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        ticket = await garage.execute(car, c.SetChargeLimit(percent=90), None)
        adapter.clock.step(20)
        await garage.confirm(car, ticket)
        before = await history_of(garage, car)
        again = adapter.build()
        assert await history_of(again, car) == before
        adapter.clock.step(3 * 86_400)
        after = await history_of(again, car)
        for what, lines in before.items():
            assert len(after[what]) > len(lines) or len(lines) == 100, what
        assert after["trips"][-len(before["trips"]) :] == before["trips"]


def test_a_long_absence_keeps_the_lists() -> None:
    """The car stood meanwhile, and still knows where it was before."""
    first = past.grown(ELECTRIC, SATURDAY_MORNING)
    life = json.loads(json.dumps(first.to_json()))
    spring = SATURDAY_MORNING + timedelta(days=150)
    again = Twin(ELECTRIC, spring, life)
    assert list(again.memory.trips) == list(first.memory.trips)
    assert again.memory.charges == first.memory.charges


def test_a_life_from_before_there_were_lists_goes_on() -> None:
    """Without them: what an owner has set is worth more than they are."""
    life = Twin(ELECTRIC, MONDAY).to_json()
    for key in ("born", "trips", "charges", "runs"):
        del life[key]
    twin = Twin(ELECTRIC, MONDAY, life)
    assert not twin.memory.trips
    twin.advance(MONDAY + timedelta(days=1))
    assert twin.memory.trips


async def test_what_is_stored_stays_small() -> None:
    """The busiest car forgets its oldest trips; nobody else drives as much."""
    async with open_garage() as adapter:
        garage = adapter.build()
        busy = (await garage.cars())[2]
        await garage.read(busy)
        adapter.clock.step(10 * 86_400)
        await garage.read(busy)
        await garage.close()
        assert adapter.stored is not None
        assert len(adapter.stored) < 40_000
        trips = (await adapter.build().history(busy, "trips"))["trips"]
        assert len(trips) == 300
        newest = datetime.fromisoformat(trips[0]["ended_at"])
        assert adapter.clock.now() - newest < timedelta(hours=6)


def test_a_car_nobody_drives_has_no_past() -> None:
    """A thousand of them are made in no time, and stand where they are."""
    spec = replace(ELECTRIC, routine=None)
    twin = past.grown(spec, datetime(2026, 11, 21, 8, tzinfo=UTC))
    assert not twin.memory.trips
    assert twin.state.odometer == spec.odometer
