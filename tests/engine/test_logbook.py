"""The garage keeps a logbook for each car, whoever brings the readings."""

from dataclasses import replace
from datetime import timedelta
import json

import pytest

from carport.car import signals as s
from carport.car.history import ChargeSession, Period
from carport.car.signals import Position
from carport.cloud.contract import ReadResult
from carport.engine import AccountOptions, Garage, Topic

from .paper_service import NOON, VIN, Bench
from .running import FIRST, Running

HOME = Position(latitude=52.5, longitude=13.4)


def a_charge(bench: Bench) -> None:
    """Let the car charge 10 kWh in two hours."""
    bench.take(s.BATTERY_CAPACITY, 50.0)
    bench.take(s.LOCATION, HOME)
    bench.take(s.PLUGGED_IN, True)
    bench.take(s.CHARGING, True)
    bench.take(s.BATTERY_LEVEL, 40.0)
    bench.clock.step(7200)
    bench.take(s.CHARGING, True)
    bench.take(s.BATTERY_LEVEL, 60.0)


async def test_energy_charged_is_derived_and_told() -> None:
    """It is a reading as any other, from the beginning, and rises."""
    bench = Bench({})
    bench.garage.is_home = lambda place: place == HOME
    told: list[str] = []
    bench.garage.subscribe(VIN, [s.ENERGY_CHARGED.key], lambda: told.append("energy"))
    bench.garage.subscribe(VIN, [Topic.LOGBOOK], lambda: told.append("logbook"))
    a_charge(bench)
    assert bench.car.reported(s.ENERGY_CHARGED) == pytest.approx(10)
    assert bench.car.reported(s.ENERGY_CHARGED_HOME) == pytest.approx(10)
    assert bench.car.reported(s.ENERGY_CHARGED_AWAY) == 0
    assert told.count("energy") == 2
    before = len(told)
    bench.take(s.BATTERY_LEVEL, 60.0)
    assert len(told) == before


async def test_what_a_maker_says_is_never_derived() -> None:
    """Its own figure stays, whatever the battery does."""
    bench = Bench({})
    bench.take(s.ENERGY_CHARGED, 1234.0)
    a_charge(bench)
    assert bench.car.reported(s.ENERGY_CHARGED) == 1234
    assert bench.car.snapshot.readings[s.ENERGY_CHARGED.key].channel == "first"


async def test_it_goes_on_after_a_restart() -> None:
    """From the garage's file, where the first report after it is the same again."""
    bench = Bench({})
    a_charge(bench)
    again = Bench({}, json.loads(json.dumps(bench.garage.to_json())))
    again.clock.step(7200)
    again.take(s.BATTERY_LEVEL, 60.0)
    assert again.car.reported(s.ENERGY_CHARGED) == pytest.approx(10)
    again.clock.step(3600)
    again.take(s.BATTERY_LEVEL, 70.0)
    assert again.car.reported(s.ENERGY_CHARGED) == pytest.approx(15)


async def test_a_garage_from_before_there_were_logbooks_begins_one() -> None:
    """Nothing else of it is lost."""
    bench = Bench({})
    a_charge(bench)
    data = bench.garage.to_json()
    del data["cars"][0]["logbook"]
    garage = Garage(bench.clock, lambda: None, data)
    assert garage.cars[VIN].reported(s.BATTERY_LEVEL) == 60
    assert garage.cars[VIN].logbook.figures() == {}


async def test_charges_that_a_cloud_tells_by_the_way_are_taken() -> None:
    """Also where nothing else is new."""
    bench = Bench({})
    bench.take(s.BATTERY_LEVEL, 50.0)
    bench.clock.step(8 * 3600)
    session = ChargeSession(
        started_at=NOON + timedelta(hours=2),
        ended_at=NOON + timedelta(hours=4),
        energy=8,
    )
    result = replace(bench.says(s.BATTERY_LEVEL, 50.0), readings=(), charges=(session,))
    bench.garage.take(VIN, "first", result)
    (charge,) = bench.car.logbook.charges.charges
    assert charge.energy == pytest.approx(8)


async def test_charges_of_a_car_that_says_nothing_of_its_battery() -> None:
    """What its maker tells is enough for the figures."""
    bench = Bench({})
    bench.take(s.ODOMETER, 100.0)
    for hour in (1, 4):
        bench.clock.step(3 * 3600)
        session = ChargeSession(
            started_at=NOON + timedelta(hours=hour),
            ended_at=NOON + timedelta(hours=hour + 1),
            energy=8,
        )
        bench.garage.take(VIN, "first", ReadResult(charges=(session,)))
    assert bench.car.reported(s.ENERGY_CHARGED) == pytest.approx(8)


async def test_where_positions_are_off_nothing_is_split() -> None:
    """Switched off later, what was known of places is forgotten."""
    bench = Bench({})
    bench.garage.is_home = lambda place: True
    bench.channel.share_position = False
    a_charge(bench)
    assert s.ENERGY_CHARGED_HOME.key not in bench.car.snapshot.readings
    other = Bench({})
    other.garage.is_home = lambda place: True
    a_charge(other)
    assert other.car.logbook.charges.charges[-1].home is True
    other.channel.share_position = False
    other.garage.drop_places(VIN)
    assert [charge.home for charge in other.car.logbook.charges.charges] == [None]
    assert "13.4" not in json.dumps(other.garage.to_json())


async def test_the_owners_word_for_a_capacity() -> None:
    """It counts where the maker says nothing."""
    running = Running(options=AccountOptions(capacities={FIRST: 80.0}))
    await running.open()
    garage = running.engine.garage
    now = running.clock.now()
    for minutes, level in ((0, 40.0), (60, 50.0)):
        result = running.says(charging=True)
        level_reading = replace(
            result.readings[0],
            signal=s.BATTERY_LEVEL,
            value=level,
            captured_at=now + timedelta(minutes=minutes),
        )
        result = replace(result, readings=(*result.readings, level_reading))
        garage.take(FIRST, "tiny", result)
    assert garage.cars[FIRST].reported(s.ENERGY_CHARGED) == pytest.approx(8)


async def test_lists_are_there_for_what_the_car_can_tell() -> None:
    """Without an odometer there are no trips, and never any other list."""
    bench = Bench({})
    assert bench.car.derived("trips", Period()) is None
    a_charge(bench)
    assert bench.car.derived("trips", Period()) is None
    assert bench.car.derived("destinations", Period()) is None
    charges = bench.car.derived("charge_sessions", Period())
    assert charges is not None
    assert [one["energy"] for one in charges["charge_sessions"]] == [10]
    before = bench.car.derived("charge_sessions", Period(end=NOON))
    assert before is not None
    assert before["charge_sessions"] == []
