"""What is read of a car, expected by hand; and how parts are missing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carport.car import signals as s
from carport.cloud.contract import Car
from carport.cloud.errors import BadAnswer
from simulator.skoda.damages import DAMAGES

from .account import READS, SkodaAccount


async def test_an_electric_car(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Everything comes with one call, each part with the car's time."""
    found = await signed_in.read(enyaq)
    assert signed_in.calls == 1
    values = {key: reading.value for key, reading in found.readings.items()}
    assert (
        values
        | {
            "battery_level": 61,
            "plugged_in": True,
            "charging": True,
            "charging_state": "charging",
            "charging_detail": "charging",
            "charge_limit": 100,
            "charge_mode": "immediate",
            "auto_unlock_plug": False,
            "max_charge_current": 16,
            "max_charge_current_word": "maximum",
            "odometer": 28711,
            "doors_locked": True,
            "doors_open": False,
            "windows_open": False,
            "boot": False,
            "bonnet": False,
            "sunroof": False,
            "lights": False,
            "climate_active": False,
            "climate_on_battery": True,
            "target_temperature": 21,
            "window_heating": False,
            "moving": False,
            "service_expires_at": signed_in.world.clock.now() + timedelta(days=180),
        }
        == values
    )
    assert found.readings["odometer"].captured_at == signed_in.world.clock.now()
    assert 150 < (found.value(s.RANGE_ELECTRIC) or 0) < 400
    assert 60 < (found.value(s.TIME_TO_FULL) or 0) < 400
    assert found.value(s.CHARGING_POWER) == pytest.approx(9.9, abs=0.2)
    assert "fuel_level" not in values


async def test_a_hybrid(signed_in: SkodaAccount, superb: Car) -> None:
    """Tank and battery, and both heaters."""
    found = await signed_in.read(superb)
    assert found.value(s.FUEL_LEVEL) == 64
    assert found.value(s.BATTERY_LEVEL) == 66
    assert found.value(s.AUXILIARY_HEATING) is False
    assert found.value(s.VENTILATION) is False
    total = found.value(s.RANGE_TOTAL)
    parts = [found.value(s.RANGE_FUEL), found.value(s.RANGE_ELECTRIC)]
    assert total == pytest.approx(sum(part or 0 for part in parts), abs=2)


async def test_a_diesel(signed_in: SkodaAccount, octavia: Car) -> None:
    """No battery, but a range of AdBlue."""
    found = await signed_in.read(octavia)
    assert found.value(s.FUEL_LEVEL) == 48
    assert found.value(s.ADBLUE_RANGE) == 6500
    assert s.BATTERY_LEVEL.key not in found.readings


async def test_older_answers(signed_in: SkodaAccount, enyaq: Car) -> None:
    """An electric car's fuel status does not make it a hybrid, nor its level another."""
    signed_in.turn_cloud(electric_fuel_status=True, unsupported="always")
    found = await signed_in.read(enyaq)
    assert found.value(s.BATTERY_LEVEL) == 61
    assert found.value(s.RANGE_TOTAL) == found.value(s.RANGE_ELECTRIC)
    assert (await signed_in.car()).drive == "electric"


@pytest.mark.parametrize("ending", ["UNAVAILABLE", "DISABLED"])
async def test_a_fuel_status_that_is_missing_for_a_while(
    signed_in: SkodaAccount, enyaq: Car, ending: str
) -> None:
    """It says nothing of what drives the car: an electric one stays one."""
    signed_in.turn_cloud(electric_fuel_status=True)
    await signed_in.read(enyaq)
    assert (await signed_in.car()).drive == "electric"
    signed_in.turn(parts={"fuelStatus": ending})
    await signed_in.read(enyaq)
    assert (await signed_in.car()).drive == "electric"


async def test_the_level_by_the_engine_alone(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """Where the charger is silent the engine is heard, in both spellings."""
    signed_in.turn_cloud(electric_fuel_status=True)
    path = "vehicle.fuelStatus.primaryEngineRange"
    for change in ({}, {"set": {f"{path}.currentSocInPercent": 44}}):
        fault = signed_in.world.control.fault(
            "change",
            path=READS,
            remove=["vehicle.charging"]
            + ([f"{path}.currentSoCInPercent"] if change else []),
            **change,
        )
        found = await signed_in.read(enyaq)
        assert found.value(s.BATTERY_LEVEL) == (44 if change else 61)
        signed_in.world.control.clear_faults(fault.number)


async def test_what_charging_leaves_behind(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Once it is over there is no time to full any more, rather than an old one."""
    before = await signed_in.read(enyaq)
    assert before.value(s.TIME_TO_FULL)
    twin = signed_in.world.simulator.twin(enyaq.vin)
    twin.state.plugged_in = False
    twin.wake(signed_in.world.clock.now(), latency=1)
    await signed_in.world.advance(60)
    result = await signed_in.run(signed_in.service.read(enyaq))
    after = before.merge(result.readings).snapshot
    assert after.value(s.CHARGING_STATE) == "disconnected"
    for signal in (s.TIME_TO_FULL, s.CHARGE_COMPLETE_AT, s.CHARGING_POWER):
        assert after.readings[signal.key].value is None


async def test_a_car_under_way(signed_in: SkodaAccount, enyaq: Car) -> None:
    """It moves, and the place where it stood is not passed off as its own."""
    before = await signed_in.read(enyaq)
    assert (before.value(s.PARKED_ADDRESS) or "").startswith("Vzorova 1")
    twin = signed_in.world.simulator.twin(enyaq.vin)
    twin.state.ignition = True
    twin.wake(signed_in.world.clock.now(), latency=1)
    await signed_in.world.advance(2)
    result = await signed_in.run(signed_in.service.read(enyaq))
    after = before.merge(result.readings).snapshot
    assert after.value(s.MOVING) is True
    assert after.value(s.PARKED_ADDRESS) is None
    assert s.LOCATION.key not in {one.signal.key for one in result.readings}


@pytest.mark.parametrize(
    ("ending", "gaps", "switched_off"),
    [
        ("DISABLED", frozenset(), frozenset({"charging", "parkingPosition"})),
        ("UNAVAILABLE", frozenset({"charging", "parkingPosition"}), frozenset()),
        ("UNSUPPORTED", frozenset(), frozenset()),
    ],
)
async def test_three_ways_to_be_missing(
    signed_in: SkodaAccount,
    enyaq: Car,
    ending: str,
    gaps: frozenset[str],
    switched_off: frozenset[str],
) -> None:
    """Switched off, for the moment, or never: each has another consequence."""
    signed_in.turn_cloud(unsupported="always")
    signed_in.turn(parts={"charging": ending, "parkingPosition": ending})
    result = await signed_in.run(signed_in.service.read(enyaq))
    assert (result.gaps, result.switched_off) == (gaps, switched_off)
    assert "battery_level" not in {one.signal.key for one in result.readings}
    assert "odometer" in {one.signal.key for one in result.readings}


async def test_words_that_say_nothing(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Unknown and unsupported are no values, whatever the part."""
    for word in ("UNKNOWN", "UNSUPPORTED", "PERHAPS"):
        fault = signed_in.world.control.fault(
            "change",
            path=READS,
            set={
                "vehicle.status.overall.locked": word,
                "vehicle.status.overall.doorsLocked": word,
                "vehicle.status.overall.reliableLockStatus": word,
                "vehicle.airConditioning.state": word,
                "vehicle.charging.status.state": word,
            },
        )
        found = await signed_in.read(enyaq)
        assert (
            not {"doors_locked", "climate_active", "charging"} & found.readings.keys()
        )
        assert found.value(s.BATTERY_LEVEL) == 61
        signed_in.world.control.clear_faults(fault.number)


async def test_one_word_of_three_is_enough(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Whether the car is locked stands in three places."""
    signed_in.world.control.fault(
        "change",
        path=READS,
        set={"vehicle.status.overall.locked": "UNKNOWN"},
        remove=["vehicle.status.overall.doorsLocked"],
    )
    assert (await signed_in.read(enyaq)).value(s.DOORS_LOCKED) is True


async def test_other_units(signed_in: SkodaAccount, enyaq: Car) -> None:
    """A car set to Fahrenheit is told in degrees Celsius."""
    wish = {"value": 70, "unit": "FAHRENHEIT"}
    signed_in.world.control.fault(
        "change", path=READS, set={"vehicle.airConditioning.targetTemperature": wish}
    )
    assert (await signed_in.read(enyaq)).value(s.TARGET_TEMPERATURE) == 21


@pytest.mark.parametrize("damage", DAMAGES)
async def test_odd_answers(signed_in: SkodaAccount, enyaq: Car, damage: str) -> None:
    """Whatever stands in an answer, nothing but possible values comes of it."""
    signed_in.world.control.fault("damage", path=READS, damage=damage)
    result = await signed_in.run(signed_in.service.read(enyaq))
    for reading in result.readings:
        assert reading.signal.accept(reading.value) == reading.value
    signed_in.world.control.clear_faults()
    assert (await signed_in.read(await signed_in.car())).value(s.BATTERY_LEVEL) == 61


@pytest.mark.parametrize(
    "change",
    [
        {"remove": ["vehicle"]},
        {"set": {"vehicle": []}},
        {"set": {"vehicle.vin": "TMBAB7NP7R7023456"}},
    ],
)
async def test_answers_about_no_car_or_another(
    signed_in: SkodaAccount, enyaq: Car, change: dict[str, Any]
) -> None:
    """Nothing of them is taken for this car's."""
    signed_in.world.control.fault("change", path=READS, **change)
    with pytest.raises(BadAnswer):
        await signed_in.read(enyaq)


@pytest.mark.parametrize(
    "errors", [None, "none", [None, 3, {}, {"type": 5}, {"type": "MOOD_DISABLED"}]]
)
async def test_odd_lists_of_errors(
    signed_in: SkodaAccount, enyaq: Car, errors: Any
) -> None:
    """What is no known error is none."""
    signed_in.world.control.fault("change", path=READS, set={"errors": errors})
    result = await signed_in.run(signed_in.service.read(enyaq))
    assert not result.gaps | result.switched_off


async def test_times_as_they_are_written(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Without seconds, and with fractions; one to come is not believed."""
    twin = signed_in.world.simulator.twin(enyaq.vin)
    twin.wake(signed_in.world.clock.now(), latency=1.25)
    await signed_in.world.advance(60)
    told = (await signed_in.read(enyaq)).readings["odometer"].captured_at
    assert told == datetime.fromisoformat("2026-11-21T08:00:01.25+00:00")
    signed_in.world.control.fault(
        "change",
        path=READS,
        set={"vehicle.odometer.carCapturedTimestamp": "2031-01-01T00:00Z"},
    )
    assert (await signed_in.read(enyaq)).readings["odometer"].captured_at is None
