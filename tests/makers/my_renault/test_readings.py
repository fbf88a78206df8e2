"""What becomes of the cloud's words: model by model, and whatever comes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.car.history import Period
from carport.car.signals import ChargingDetail, ChargingState, Signal
from carport.cloud.contract import Car
from carport.cloud.errors import CloudError
from carport.cloud.field_map import ReadingBuilder
from carport.makers.my_renault import readings
from carport.makers.my_renault.history import charge_sessions, sessions
from carport.makers.my_renault.parts import simple_parts
from carport.makers.my_renault.programmes import Programmes
from tests.world import World

from .account import (
    AUSTRAL,
    CAPTUR,
    FIRST_ZOE,
    MEGANE,
    R5,
    TOMORROW,
    ZOE,
    MyRenaultAccount,
)

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def car_of(model: str, drive: str = "electric") -> Car:
    """Return a car of a model."""
    return Car(
        vin="VF1AG000X00010222",
        manufacturer="Renault",
        drive=drive,
        handle={"model": model, "account": "a"},
    )


def battery(model: str = "XCB1VE", **told: Any) -> ReadingBuilder:
    """Read one battery."""
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
    readings.read_battery(builder, told, car_of(model))
    return builder


@pytest.mark.parametrize(
    ("status", "plug", "state", "charging"),
    [
        (1.0, 1, ChargingState.CHARGING, True),
        (1, 1, ChargingState.CHARGING, True),
        (-1.6, 1, ChargingState.CHARGING, True),
        (0.2, 1, ChargingState.COMPLETE, False),
        (0.1, 1, ChargingState.CONNECTED, False),
        (0.3, 1, ChargingState.CONNECTED, False),
        (0.4, 0, ChargingState.DISCONNECTED, False),
        (0.0, 1, ChargingState.CONNECTED, False),
        (0.0, 0, ChargingState.DISCONNECTED, False),
        (-1.4, 1, ChargingState.CONNECTED, False),
        (-1.5, 1, ChargingState.CONNECTED, False),
        (-1.1, 1, None, None),
        (7.0, 1, None, None),
    ],
)
def test_charging_status(
    status: float, plug: int, state: ChargingState | None, charging: bool | None
) -> None:
    """Every number that is known, as a float or a whole one."""
    builder = battery(chargingStatus=status, plugStatus=plug)
    assert builder.value(s.CHARGING_STATE) == state
    assert builder.value(s.CHARGING) is charging
    assert builder.value(s.PLUGGED_IN) is bool(plug)


@pytest.mark.parametrize(
    ("model", "problem", "state"),
    [("XCB1VE", True, None), ("X101VE", False, ChargingState.DISCONNECTED)],
)
def test_minus_one_is_an_error_but_on_the_first_zoe(
    model: str, problem: bool, state: ChargingState | None
) -> None:
    """There it says that nothing is charged."""
    builder = battery(model, chargingStatus=-1.0, plugStatus=0)
    assert builder.value(s.CHARGING_PROBLEM) is problem
    assert builder.value(s.CHARGING_STATE) == state
    detail = builder.value(s.CHARGING_DETAIL)
    assert detail == (ChargingDetail.FAULT if problem else ChargingDetail.NOT_READY)


@pytest.mark.parametrize("plug", [-1, 3, -2147483648, "perhaps", [], True])
def test_a_plug_that_says_nothing(plug: Any) -> None:
    """It is unknown, and counted; the rest is read."""
    builder = battery(plugStatus=plug, chargingStatus=0.2)
    assert builder.value(s.CHARGING) is False
    if not isinstance(plug, bool):
        assert builder.value(s.PLUGGED_IN) in {None, True}


def test_a_plug_that_is_missing() -> None:
    """Some words for charging imply that the cable is in."""
    assert battery(chargingStatus=0.1).value(s.PLUGGED_IN) is True
    assert battery(chargingStatus=0.0).value(s.PLUGGED_IN) is None


def test_stale_and_silly_figures() -> None:
    """A time that is left is told while charging only; a Zoe ZE50 tells nonsense."""
    told: dict[str, Any] = {
        "chargingRemainingTime": 3,
        "batteryTemperature": 60,
        "batteryAvailableEnergy": 31,
        "plugStatus": 0,
        "chargingStatus": 0.0,
    }
    assert battery(**told).value(s.TIME_TO_FULL) is None
    assert battery(**told).value(s.BATTERY_ENERGY) == 31
    assert battery("X102VE", **told).value(s.BATTERY_ENERGY) is None
    assert battery("X102VE", **told).value(s.BATTERY_TEMPERATURE) is None
    charging = {**told, "chargingStatus": 1.0, "plugStatus": 1}
    assert battery(**charging).value(s.TIME_TO_FULL) == 3
    assert (
        battery(**{**told, "batteryAvailableEnergy": 0}).value(s.BATTERY_ENERGY) is None
    )


async def _seen(account: MyRenaultAccount, vin: str) -> dict[str, Any]:
    snapshot = await account.read(await account.car_of(vin))
    return {key: reading.value for key, reading in snapshot.readings.items()}


async def test_an_electric_car(signed_in: MyRenaultAccount, world: World) -> None:
    """What a Megane and a Zoe tell, in the units of all makers."""
    await world.advance(600)
    seen = await _seen(signed_in, MEGANE)
    twin = world.simulator.twin(MEGANE).report.state
    assert seen["battery_level"] == round(twin.battery_level)
    assert seen["odometer"] == round(twin.odometer)
    assert seen["charge_limit"] == 100
    assert seen["charging"] is True
    assert "charging_power" not in seen
    assert seen["inside_temperature"] == round(twin.inside_temperature, 1)
    assert seen["location"].latitude == twin.parked_position.latitude
    assert seen["service_expires_at"] > NOW
    assert "fuel_volume" not in seen
    seen = await _seen(signed_in, ZOE)
    assert 1.5 < seen["tyre_pressure_front_left"] < 3.5
    assert "charge_limit" not in seen
    assert "battery_temperature" not in seen


async def test_the_first_zoe(collector: MyRenaultAccount, world: World) -> None:
    """It tells the real power, in watts; its climate it does not tell."""
    await world.advance(1800)
    seen = await _seen(collector, FIRST_ZOE)
    state = world.simulator.twin(FIRST_ZOE).report.state
    assert seen["charging_power"] == pytest.approx(state.charging_power, abs=0.1)
    assert "climate_active" not in seen
    assert seen["charge_mode"] == "immediate"


async def test_cars_that_burn(
    family: MyRenaultAccount, collector: MyRenaultAccount
) -> None:
    """Fuel, doors and lock of a hybrid without a plug; both of one with a plug."""
    seen = await _seen(family, AUSTRAL)
    assert seen["fuel_volume"] > 10
    assert seen["range_fuel"] > 100
    assert seen["doors_locked"] is True
    assert seen["door_front_left"] is seen["door_rear_right"] is seen["boot"] is False
    assert "battery_level" not in seen
    seen = await _seen(collector, CAPTUR)
    assert seen["fuel_volume"] > 5
    assert seen["battery_level"] > 10
    seen = await _seen(collector, TOMORROW)
    assert seen["ignition"] is False


async def test_alerts(family: MyRenaultAccount) -> None:
    """They are told in the maker's words."""
    seen = await _seen(family, R5)
    assert seen["health"] == "notice"
    assert seen["health_messages"][0]["text"].startswith("Tyre pressure: ")


async def test_the_driver_sits_on_the_right() -> None:
    """Where cars drive on the left."""
    told = {"doorStatusDriver": "open", "statusDoorPassenger": "closed"}
    for drives_left, open_door in ((False, 0), (True, 1)):
        builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
        readings.front_doors(drives_left=drives_left)(builder, told, car_of("XHN1SU"))
        assert builder.value(s.DOORS[open_door]) is True
        assert builder.value(s.DOORS[1 - open_door]) is False


async def test_a_level_that_is_missing_stays(
    signed_in: MyRenaultAccount, world: World
) -> None:
    """Right after a charge it may be left out: it is never written as nothing."""
    world.control.service("my_renault", level_missing=True)
    car = await signed_in.car_of(ZOE)
    world.simulator.twin(ZOE).state.charge_limit = 59
    await world.advance(1800)
    result = await signed_in.run(signed_in.service.read(car))
    keys = {reading.signal.key for reading in result.readings}
    assert "charging" in keys


async def test_privacy_is_no_gap(signed_in: MyRenaultAccount) -> None:
    """What the driver keeps back is said to be kept back."""
    car = await signed_in.car_of(ZOE)
    signed_in.turn(hide=ZOE)
    result = await signed_in.run(signed_in.service.read(car))
    assert not result.gaps
    assert {"battery", "location", "climate"} <= result.switched_off


@pytest.mark.parametrize(
    "damage",
    ["my_renault_nulls", "my_renault_unknown_words", "my_renault_wrong_types"],
)
async def test_damaged_answers(
    signed_in: MyRenaultAccount, world: World, damage: str
) -> None:
    """They are counted as placeholders, or are no answers; nothing is made up."""
    car = await signed_in.car_of(MEGANE)
    before = await signed_in.read(car)
    world.control.fault("damage", path="/commerce/*/car-adapter/*", damage=damage)
    await world.advance(4000)
    try:
        result = await signed_in.run(signed_in.service.read(car))
    except CloudError:
        return
    after = before.merge(result.readings).snapshot
    for key, reading in after.readings.items():
        if reading.value is not None:
            assert reading.signal.accept(reading.value) == reading.value, key
    assert after.value(s.BATTERY_LEVEL) is not None


@pytest.mark.parametrize("kind", ["html", "empty", "truncated", "drop"])
async def test_bad_days(signed_in: MyRenaultAccount, world: World, kind: str) -> None:
    """The battery is a gap, the rest is read."""
    car = await signed_in.car_of(MEGANE)
    world.control.fault(kind, path="*/battery-status")
    result = await signed_in.run(signed_in.service.read(car))
    assert result.gaps == {"battery"}
    assert {reading.signal.key for reading in result.readings} > {"odometer"}


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=True)
    | st.text(max_size=8)
    | st.sampled_from(
        ["T23:30Z", "T99:99Z", "2300", "on", "open", "2026-11-21T07:00:00Z", "always"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "activated", "monday", "sunday", "startTime", "duration", "x"]
            ),
            inner,
        )
    ),
    max_leaves=10,
)
KEYS = (
    *("timestamp", "lastUpdateTime", "batteryLevel", "batteryAutonomy", "plugStatus"),
    *("chargingStatus", "chargingRemainingTime", "batteryAvailableEnergy"),
    *("totalMileage", "fuelQuantity", "fuelAutonomy", "hvacStatus", "socThreshold"),
    *("nextHvacStartDate", "gpsLatitude", "gpsLongitude", "gpsDirection"),
    *("chargeMode", "mode", "schedules", "calendar", "programs", "chargeModeRq"),
    *("chargeTimeStart", "chargeDuration", "socMin", "socTarget", "lockStatus"),
    *("doorStatusDriver", "flPressure", "code", "charges", "chargeStartDate"),
    *("chargeEndDate", "chargeEnergyRecovered", "type", "endDate", "status"),
)
BODIES = st.dictionaries(st.sampled_from(KEYS), ANYTHING)
MODEL_CODES = st.sampled_from(["X101VE", "X102VE", "XCB1VE", "R5E1VE", "XHN1SU", ""])


@given(body=BODIES | ANYTHING, model=MODEL_CODES)
def test_no_answer_makes_a_false_reading(body: Any, model: str) -> None:
    """Whatever comes, every reading is possible and none is from the future."""
    car = car_of(model)
    for part in simple_parts():
        builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
        if isinstance(body, dict):
            builder.take(part.fields, body)
        if part.read is not None:
            part.read(builder, body, car)
        readings.read_watts(builder, body)
        readings.read_contracts(builder, body, car)
        for reading in builder.result().readings:
            signal: Signal[Any] = reading.signal
            if reading.value is not None:
                assert signal.accept(reading.value) == reading.value
            assert reading.captured_at is None or reading.captured_at <= NOW


@given(bodies=st.lists(BODIES, max_size=4))
def test_no_programme_breaks_the_timers(bodies: list[Any]) -> None:
    """Timers can be read whatever a programme holds."""
    programmes = Programmes()
    for body in bodies:
        programmes.take_charging(body)
        programmes.take_climate(body)
        programmes.take_calendar(body)
        timers = programmes.timers(None, NOW)
        assert timers is None or s.SCHEDULE.accept(timers) is timers
    for body in bodies:
        programmes.take_settings(body)
        timers = programmes.timers(None, NOW)
        assert timers is None or s.SCHEDULE.accept(timers) is timers


@given(body=BODIES | ANYTHING)
def test_no_history_breaks_a_list(body: Any) -> None:
    """Whatever stands in it; no charge ends before it began."""
    for one in sessions(body):
        assert one.started_at is not None
        assert one.ended_at is None or one.ended_at >= one.started_at
    period = Period(start=NOW - timedelta(days=3), end=NOW)
    assert charge_sessions({"data": {"attributes": body}}, period, NOW)
