"""The Demo garage: what its cars say and can do, its memory, and its pace."""

from datetime import timedelta
import json
from time import perf_counter

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import Command, CommandKind
from carport.car.refusals import Reason
from carport.car.signals import Signal, Value
from carport.car.snapshot import Snapshot
from carport.car.switches import SetDefrost
from carport.cloud.contract import Progress
from carport.cloud.errors import CarRefused, NotSupported
from carport.twin.fleet import GARAGE, fleet
from carport.twin.readings import TWIN_SIGNALS, readings
from carport.twin.twin import Report

from .adapter import SATURDAY_MORNING, open_garage, snapshot_of


async def test_four_cars_of_four_kinds() -> None:
    """Each with a name, a drive, and what a car of its kind says."""
    async with open_garage() as adapter:
        garage = adapter.build()
        assert await garage.sign_in({}) == "demo"
        cars = await garage.cars()
        assert [car.drive for car in cars] == [
            "electric",
            "hybrid",
            "combustion",
            "electric",
        ]
        snapshots = [await snapshot_of(garage, car) for car in cars]
        modern, hybrid, combustion, old = snapshots
        assert modern.value(s.BATTERY_LEVEL) is not None
        assert modern.value(s.FUEL_LEVEL) is None
        assert hybrid.value(s.BATTERY_LEVEL) is not None
        assert hybrid.value(s.FUEL_LEVEL) is not None
        assert combustion.value(s.BATTERY_LEVEL) is None
        assert combustion.value(s.ADBLUE_RANGE) is not None
        assert len(old.readings) < 20
        assert len(modern.readings) > 60


async def test_words_and_numbers_for_the_current() -> None:
    """One car speaks in words, the other in amperes and one word."""
    async with open_garage() as adapter:
        garage = adapter.build()
        modern, hybrid, *_ = await garage.cars()
        words = garage.commands(modern, set())[CommandKind.SET_CHARGE_CURRENT]
        mixed = garage.commands(hybrid, set())[CommandKind.SET_CHARGE_CURRENT]
        assert list(words.words) == ["reduced", "maximum"]
        assert not words.numbers
        assert list(mixed.words) == ["max"]
        assert list(mixed.numbers) == [5, 10, 13]
        assert (await snapshot_of(garage, modern)).value(s.MAX_CHARGE_CURRENT) is None
        assert (await snapshot_of(garage, hybrid)).value(s.MAX_CHARGE_CURRENT) == 16


async def test_the_same_report_is_the_same_answer() -> None:
    """A silent car costs nothing; one that speaks is read anew."""
    async with open_garage("demo:8") as adapter:
        garage = adapter.build()
        parked = (await garage.cars())[4]
        first = await garage.read(parked)
        adapter.clock.step(5 * 3600)
        assert await garage.read(parked) is first
        await garage.execute(parked, c.Wake(), None)
        adapter.clock.step(30)
        second = await garage.read(parked)
        assert second is not first
        assert second.readings[0].order > first.readings[0].order


async def test_the_demo_lives_within_minutes() -> None:
    """Started at any hour and run fast, the cars drive, charge and get old news."""
    for hour in (0, 6, 12, 18):
        async with open_garage() as adapter:
            adapter.clock.step(hour * 3600)
            garage = adapter.build()
            cars = await garage.cars()
            seen: set[str] = set()
            for _ in range(12 * 12):
                adapter.clock.step(300)
                for car in cars:
                    now = await snapshot_of(garage, car)
                    age = adapter.clock.now() - (now.captured_at() or SATURDAY_MORNING)
                    seen |= {"drives"} if now.value(s.MOVING) else set()
                    seen |= {"charges"} if now.value(s.CHARGING) else set()
                    seen |= {"silent"} if age > timedelta(hours=2) else set()
            assert seen == {"drives", "charges", "silent"}


async def test_an_order_is_kept_over_a_restart() -> None:
    """What an owner has set is there again, and the car has lived on."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        ticket = await garage.execute(car, c.SetChargeLimit(percent=80), None)
        adapter.clock.step(20)
        assert (await garage.confirm(car, ticket)).progress is Progress.DONE
        odometer = (await snapshot_of(garage, car)).value(s.ODOMETER)
        # Killed here: nothing is closed in good order.
        adapter.clock.step(36 * 3600)
        unbroken = await snapshot_of(garage, car)
        again = await snapshot_of(adapter.build(), car)
        assert again.value(s.CHARGE_LIMIT) == 80
        assert again.value(s.ODOMETER) == unbroken.value(s.ODOMETER)
        assert again.captured_at() == unbroken.captured_at()
        assert odometer is not None
        assert (again.value(s.ODOMETER) or 0) > odometer


async def test_lives_are_kept_now_and_then_and_at_the_end() -> None:
    """Every few hours is enough; a reading does not write each time."""
    async with open_garage() as adapter:
        garage = adapter.build()
        cars = await garage.cars()
        for _ in range(24):
            adapter.clock.step(1800)
            for car in cars:
                await garage.read(car)
        assert adapter.saves == 2
        await garage.close()
        await garage.close()
        assert adapter.saves == 3
        known = (await garage.read(cars[0])).readings
        again = (await adapter.build().read(cars[0])).readings
        assert [reading.value for reading in again] == [
            reading.value for reading in known
        ]


async def test_cars_nobody_looked_at_keep_their_lives() -> None:
    """A restart in which one car was not read loses nothing of it."""
    async with open_garage() as adapter:
        garage = adapter.build()
        cars = await garage.cars()
        for car in cars:
            await garage.read(car)
        await garage.close()
        again = adapter.build()
        await again.read(cars[0])
        await again.close()
        assert adapter.stored is not None
        assert len(json.loads(json.loads(adapter.stored)["lives"])) == 4


@pytest.mark.parametrize(
    "stored",
    ['{"lives": "nonsense"}', '{"lives": "[]"}', '{"other": 1}', "null", "{}"],
)
async def test_a_strange_memory_is_none(stored: str) -> None:
    """Cars begin anew rather than fail."""
    async with open_garage() as adapter:
        adapter.stored = stored
        garage = adapter.build()
        car = (await garage.cars())[0]
        assert (await garage.read(car)).readings


async def test_a_life_of_another_version_begins_anew() -> None:
    """As does one that lies in the future, after a clock was set back."""
    async with open_garage() as adapter:
        garage = adapter.build()
        cars = await garage.cars()
        fresh = [(await garage.read(car)).readings[0].captured_at for car in cars]
        await garage.close()
        assert adapter.stored is not None
        saved_cars = json.loads(json.loads(adapter.stored)["lives"])
        vins = [car.vin for car in cars]
        del saved_cars[vins[0]]["told"]
        saved_cars[vins[1]]["state"]["wings"] = 2
        saved_cars[vins[2]]["time"] += 365 * 86_400
        saved_cars[vins[3]] = {"state": None}
        adapter.stored = json.dumps({"lives": json.dumps(saved_cars)})
        again = adapter.build()
        for car, captured_at in zip(cars, fresh, strict=True):
            assert (await again.read(car)).readings[0].captured_at == captured_at


async def test_notification_settings_of_an_earlier_version_stay() -> None:
    """They stood under another name in what a car was saved as."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        before = await garage.history(car, "notification_settings")
        await garage.close()
        assert adapter.stored is not None
        saved_cars = json.loads(json.loads(adapter.stored)["lives"])
        state = saved_cars[car.vin]["state"]
        kept = {**state.pop("notification_settings"), "quiet": ["23:00", "05:00"]}
        state["notices"] = kept
        adapter.stored = json.dumps({"lives": json.dumps(saved_cars)})
        after = await adapter.build().history(car, "notification_settings")
        assert after == kept != before


async def test_a_deaf_car_leaves_the_command_pending() -> None:
    """The garage took it; the car never says that it has done it."""
    async with open_garage("demo:5") as adapter:
        garage = adapter.build()
        car = (await garage.cars())[4]
        garage.twin(car.vin).faults.deaf = True
        ticket = await garage.execute(car, c.Unlock(), None)
        adapter.clock.step(60)
        assert (await garage.confirm(car, ticket)).progress is Progress.PENDING


async def test_a_car_that_declines_says_why() -> None:
    """The service's own status carries the reason."""
    async with open_garage("demo:5") as adapter:
        garage = adapter.build()
        car = (await garage.cars())[4]
        garage.twin(car.vin).state.plugged_in = False
        ticket = await garage.execute(car, c.StartCharging(), None)
        adapter.clock.step(20)
        look = await garage.confirm(car, ticket)
        assert look.progress is Progress.FAILED
        assert look.reason is Reason.NOT_PLUGGED


async def test_what_is_out_of_limits_is_refused() -> None:
    """The garage checks too, if a caller forgot to."""
    async with open_garage() as adapter:
        garage = adapter.build()
        modern, _, combustion, _ = await garage.cars()
        with pytest.raises(CarRefused):
            await garage.execute(modern, c.SetChargeLimit(percent=33), None)
        with pytest.raises(NotSupported):
            await garage.execute(combustion, c.StartCharging(), None)


@pytest.mark.parametrize(
    ("facts", "command", "reason"),
    [
        ([(s.PLUGGED_IN, True)], c.StartClimate(), None),
        ([], c.StartClimate(), None),
        (
            [(s.PLUGGED_IN, False), (s.CLIMATE_ON_BATTERY, False)],
            c.StartClimate(),
            Reason.NOT_PLUGGED,
        ),
        (
            [(s.PLUGGED_IN, False), (s.BATTERY_LEVEL, 10.0)],
            SetDefrost(on=True),
            Reason.SOC_TOO_LOW,
        ),
        (
            [(s.PLUGGED_IN, False), (s.BATTERY_LEVEL, 10.0)],
            SetDefrost(on=False),
            None,
        ),
        ([(s.PLUGGED_IN, False), (s.BATTERY_LEVEL, 50.0)], c.StartClimate(), None),
        ([(s.BATTERY_12V_LOW, True)], c.Wake(), Reason.LOW_12V),
        ([(s.BATTERY_12V_LOW, False)], c.Wake(), None),
    ],
)
async def test_blocked_commands(
    facts: list[tuple[Signal[Value], Value]], command: Command, reason: Reason | None
) -> None:
    """What the readings tell beforehand."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        known = (await snapshot_of(garage, car)).readings["odometer"]
        snapshot = Snapshot(
            readings={
                signal.key: type(known)(
                    signal=signal,
                    value=value,
                    captured_at=known.captured_at,
                    received_at=known.received_at,
                    channel=known.channel,
                )
                for signal, value in facts
            }
        )
        refusal = garage.blocked_by(car, command, snapshot)
        assert (refusal and refusal.reason) is reason


async def test_charging_is_told_in_all_its_words() -> None:
    """State and detail follow the car through a charge."""
    async with open_garage("demo:5") as adapter:
        garage = adapter.build()
        car = (await garage.cars())[4]
        twin = garage.twin(car.vin)

        async def words(*commands: Command, **facts: Value) -> tuple[Value, Value]:
            for field, value in facts.items():
                setattr(twin.state, field, value)
            for command in (*commands, c.Wake()):
                await garage.execute(car, command, None)
            adapter.clock.step(60)
            snapshot = await snapshot_of(garage, car)
            state = snapshot.value(s.CHARGING_STATE)
            detail = snapshot.value(s.CHARGING_DETAIL)
            assert state is not None
            assert detail is not None
            return state, detail

        timer = c.SetChargeMode(mode=s.ChargeMode.TIMER)
        at_once = c.SetChargeMode(mode=s.ChargeMode.IMMEDIATE)
        assert await words(plugged_in=False) == ("disconnected", "not_ready")
        assert await words(plugged_in=True) == ("charging", "charging")
        assert await words(c.StopCharging()) == ("stopped", "ready")
        assert await words(timer) == ("connected", "waiting_for_timer")
        adapter.clock.step(16 * 3600)
        assert await words() == ("charging", "charging_by_timer")
        assert await words(at_once, battery_level=100) == ("complete", "target_reached")


async def test_doors_that_are_open_are_told() -> None:
    """Each corner by its own name."""
    async with open_garage() as adapter:
        garage = adapter.build()
        car = (await garage.cars())[0]
        twin = garage.twin(car.vin)
        state = twin.state.copy()
        state.doors = (False, True, False, False)
        state.windows = (False, False, True, False)
        report = Report(state=state, captured_at=SATURDAY_MORNING)
        said = {
            reading.signal.key: reading.value
            for reading in readings(report, twin.spec, SATURDAY_MORNING, "garage")
        }
        assert said["door_front_right"] is True
        assert said["door_front_left"] is False
        assert said["window_rear_left"] is True


def test_every_row_is_said_by_some_car() -> None:
    """No row is dead, and none is there twice."""
    signals = [row.signal for row in TWIN_SIGNALS]
    assert len(set(signals)) == len(signals)
    for row in TWIN_SIGNALS:
        assert any(
            spec.drive in row.drives
            and (row.needs is None or row.needs in spec.equipment)
            for spec in GARAGE
        ), row.signal.key


def test_a_crowd_has_its_own_numbers() -> None:
    """A thousand cars, a thousand VINs; fewer than four is fewer than four."""
    crowd = fleet(1000)
    assert len({spec.vin for spec in crowd}) == 1000
    assert {len(spec.vin) for spec in crowd} == {17}
    assert [spec.routine is None for spec in crowd].count(False) == 4
    assert fleet(2) == GARAGE[:2]


async def test_a_thousand_silent_cars_cost_little() -> None:
    """An unchanged poll stays far below a tenth of a millisecond a car."""
    async with open_garage("demo:1000") as adapter:
        garage = adapter.build()
        cars = (await garage.cars())[4:]
        for car in cars:
            await garage.read(car)
        best = 1.0
        for _ in range(3):
            start = perf_counter()
            for car in cars:
                await garage.read(car)
            best = min(best, perf_counter() - start)
        assert best / len(cars) < 0.000_1
