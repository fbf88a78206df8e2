"""What descriptors mean: ranks, units, sentinels, and what is never computed."""

from datetime import UTC, date, datetime, timedelta
import json
from typing import Any, Final

import pytest

from carport.car import signals as s
from carport.car.signals import Signal
from carport.car.snapshot import Snapshot
from carport.cloud.field_map import ReadingBuilder
from carport.makers.car_data.entries import Entries
from carport.makers.car_data.readings import read_entries

NOW: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
BATTERY: Final = "vehicle.drivetrain.batteryManagement"
CHARGING: Final = "vehicle.drivetrain.electricEngine.charging"
SOC: Final = "vehicle.powertrain.electric.battery.stateOfCharge"
HEALTH: Final = "vehicle.powertrain.electric.battery.stateOfHealth.displayed"
POWER: Final = "vehicle.powertrain.electric.battery.charging.power"
PORT: Final = "vehicle.body.chargingPort"
RANGE: Final = "vehicle.drivetrain.lastRemainingRange"


def said(value: Any, minutes: float = 10, unit: str | None = None) -> dict[str, Any]:
    """Return a value as a cloud says it, some minutes ago."""
    at = NOW - timedelta(minutes=minutes)
    return {"value": value, "unit": unit, "timestamp": at.isoformat()}


def read(
    data: dict[str, Any], *, electric_only: bool = True, right_hand: bool = False
) -> Snapshot:
    """Return what is read of a car that said this."""
    entries = Entries()
    entries.take(data, NOW)
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="x")
    read_entries(builder, entries, electric_only=electric_only, right_hand=right_hand)
    return Snapshot().merge(builder.result().readings).snapshot


@pytest.mark.parametrize(
    ("name", "value", "signal", "expected"),
    [
        (f"{PORT}.status", "CONNECTED", s.PLUGGED_IN, True),
        (f"{PORT}.status", "INVALID", s.PLUGGED_IN, None),
        ("vehicle.cabin.door.lock.status", "SELECTIVE-LOCKED", s.DOORS_LOCKED, False),
        ("vehicle.cabin.door.lock.status", "ASN_isUnknown", s.DOORS_LOCKED, None),
        ("vehicle.isMoving", "ASN_isTrue", s.MOVING, True),
        ("vehicle.isMoving", "false", s.MOVING, False),
        ("vehicle.isMoving", True, s.MOVING, True),
        ("vehicle.cabin.sunroof.overallStatus", "INVALID", s.SUNROOF, None),
        ("vehicle.cabin.sunroof.overallStatus", "OPEN_TILT", s.SUNROOF, True),
        ("vehicle.cabin.convertible.roofStatus", "CLOSEDSECURED", s.ROOF, False),
        (f"{BATTERY}.batterySizeMax", "0", s.BATTERY_CAPACITY, None),
        (HEALTH, "93", s.STATE_OF_HEALTH, 93),
        (HEALTH, None, s.STATE_OF_HEALTH, None),
        (HEALTH, "0", s.STATE_OF_HEALTH, None),
        (
            "vehicle.electricalSystem.battery.voltage",
            "-NA-",
            s.BATTERY_12V_VOLTAGE,
            None,
        ),
        (
            "vehicle.chassis.axle.row1.wheel.left.tire.pressure",
            "250",
            s.TYRE_PRESSURES[0],
            2.5,
        ),
        (
            "vehicle.vehicle.preConditioning.activity",
            "standby",
            s.CLIMATE_ACTIVE,
            False,
        ),
        (
            "vehicle.cabin.hvac.preconditioning.status.comfortState",
            "COMFORT_HEATING",
            s.CLIMATE_ACTIVE,
            True,
        ),
        (
            "vehicle.status.serviceTime.inspectionDateLegal",
            "17.01.2027 00:00:00 UTC",
            s.INSPECTION_DUE_ON,
            date(2027, 1, 17),
        ),
    ],
)
def test_words(name: str, value: Any, signal: Signal[Any], expected: object) -> None:
    """What says nothing becomes nothing: never zero, never open."""
    assert read({name: said(value)}).value(signal) == expected


def test_of_two_levels_the_newer_counts() -> None:
    """And of one report, the better ranked."""
    header, predicted = f"{BATTERY}.header", f"{CHARGING}.level"
    both = read({header: said("40", 10), predicted: said("41.5", 10)})
    assert both.value(s.BATTERY_LEVEL) == 40
    later = read({header: said("40", 40), predicted: said("55.5", 10)})
    assert later.value(s.BATTERY_LEVEL) == 55.5
    empty = read({header: said("-NA-", 1), f"{SOC}.displayed": said(70, 10)})
    assert empty.value(s.BATTERY_LEVEL) == 70


def test_power_is_computed_while_charging_only() -> None:
    """Phases fall back to one when a charge is over."""
    charge = {
        f"{CHARGING}.status": said("CHARGINGACTIVE"),
        f"{CHARGING}.acVoltage": said("230"),
        f"{CHARGING}.acAmpere": said("16"),
        f"{CHARGING}.phaseNumber": said("3-PHASES"),
    }
    assert read(charge).value(s.CHARGING_POWER) == pytest.approx(11.04)
    over = {**charge, f"{CHARGING}.status": said("CHARGINGENDED", 5)}
    assert read(over).value(s.CHARGING_POWER) == 0


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("10600", None, 10.6), (7, None, 7), (10600, "W", 10.6), ("3.6", "kW", 3.6)],
)
def test_power_is_told_in_watts(value: Any, unit: str | None, expected: float) -> None:
    """Unless its unit, or its size, says otherwise."""
    charge = {
        f"{CHARGING}.status": said("CHARGINGACTIVE"),
        POWER: said(value, 5, unit),
    }
    assert read(charge).value(s.CHARGING_POWER) == expected


def test_power_of_an_earlier_charge_is_none_of_this_one() -> None:
    """A value is judged by its own time."""
    charge = {
        f"{CHARGING}.status": said("CHARGINGACTIVE", 5),
        POWER: said("10600", 300),
        f"{CHARGING}.timeRemaining": said("90", 300),
    }
    snapshot = read(charge)
    assert snapshot.value(s.CHARGING_POWER) is None
    assert snapshot.value(s.TIME_TO_FULL) is None


@pytest.mark.parametrize(
    ("status", "plug", "level", "state"),
    [
        ("NOCHARGING", "DISCONNECTED", 50, "disconnected"),
        ("NOCHARGING", "CONNECTED", 50, "connected"),
        ("NOCHARGING", None, 50, None),
        ("INITIALIZATION", "CONNECTED", 50, "starting"),
        ("CHARGINGACTIVE", "CONNECTED", 50, "charging"),
        ("CHARGINGPAUSED", "CONNECTED", 50, "paused"),
        ("CHARGINGENDED", "CONNECTED", 50, "stopped"),
        ("CHARGINGENDED", "CONNECTED", 80, "complete"),
        ("CHARGINGENDED", "DISCONNECTED", 80, "disconnected"),
        ("CHARGINGERROR", "CONNECTED", 50, None),
        ("SOMETHINGNEW", "CONNECTED", 50, None),
    ],
)
def test_charging(status: str, plug: str | None, level: int, state: str | None) -> None:
    """Plug, limit and the charger's own word together."""
    data = {
        f"{CHARGING}.status": said(status),
        f"{BATTERY}.header": said(level),
        f"{SOC}.target": said("80"),
    }
    if plug is not None:
        data[f"{PORT}.status"] = said(plug)
    snapshot = read(data)
    assert snapshot.value(s.CHARGING_STATE) == state
    problem = status == "CHARGINGERROR"
    assert snapshot.value(s.CHARGING_PROBLEM) is (
        None if status == "SOMETHINGNEW" else problem
    )


def test_the_total_range_of_a_battery_is_next_to_nothing() -> None:
    """It counts for cars with an engine alone."""
    data = {RANGE: said("412", unit="km")}
    assert read(data, electric_only=False).value(s.RANGE_TOTAL) == 412
    assert read({RANGE: said("3", unit="km")}).value(s.RANGE_TOTAL) is None


def test_miles_and_gallons() -> None:
    """The unit tells; without one it is metric."""
    fuel = "vehicle.drivetrain.fuelSystem.remainingFuel"
    data = {RANGE: said("100", unit="mi"), fuel: said("10", unit="gallons")}
    snapshot = read(data, electric_only=False)
    assert snapshot.value(s.RANGE_TOTAL) == pytest.approx(160.9344)
    assert snapshot.value(s.FUEL_VOLUME) == pytest.approx(37.85411784)
    assert read({fuel: said("10")}).value(s.FUEL_VOLUME) == 10


def test_the_driver_sits_on_the_other_side() -> None:
    """Then the driver's door is the right one."""
    data = {
        "vehicle.cabin.door.row1.driver.isOpen": said("true"),
        "vehicle.cabin.window.row2.passenger.status": said("OPEN"),
    }
    left, right = read(data), read(data, right_hand=True)
    assert (left.value(s.DOORS[0]), left.value(s.WINDOWS[3])) == (True, True)
    assert (right.value(s.DOORS[1]), right.value(s.WINDOWS[2])) == (True, True)


def test_health_is_json_in_a_text() -> None:
    """Services, warnings, and the worst of all."""
    services = [
        {"id": 1, "status": "OK", "date": "2027-07", "unitOfLengthRemaining": "14000"},
        {"id": 3, "status": "PENDING", "date": None, "unitOfLengthRemaining": "-"},
        {"id": 32, "status": "OK", "date": "null", "unitOfLengthRemaining": "-"},
    ]
    warning = {"id": 955, "title": "Tyre pressure", "unitOfLengthRemaining": "18000"}
    snapshot = read(
        {
            "vehicle.status.conditionBasedServices": said(json.dumps(services)),
            "vehicle.status.checkControlMessages": said(json.dumps([warning])),
        }
    )
    assert snapshot.value(s.HEALTH) == "notice"
    assert snapshot.value(s.OIL_SERVICE_DUE_DISTANCE) == 14_000
    assert snapshot.value(s.OIL_SERVICE_DUE_ON) == date(2027, 7, 1)
    assert snapshot.value(s.INSPECTION_DUE_ON) is None
    assert snapshot.value(s.TYRE_PROBLEM) is True
    lights = snapshot.value(s.WARNING_LIGHTS)
    assert lights is not None
    assert lights[0]["odometer"] == 18_000


@pytest.mark.parametrize(
    ("method", "kind"),
    [("AC_TYPE2PLUG", "ac"), ("DC_COMBO", "dc"), ("NOCHARGING", None), ("-NA-", None)],
)
def test_kind_of_current_while_it_charges(method: str, kind: str | None) -> None:
    """The plug's name tells; it is older than a charge that went on after a pause."""
    active = {f"{CHARGING}.status": said("CHARGINGACTIVE", 5)}
    plugged = {f"{CHARGING}.method": said(method, 60)}
    assert read({**plugged, **active}).value(s.CHARGING_TYPE) == kind
    paused = {f"{CHARGING}.status": said("CHARGINGPAUSED", 30)}
    before = read({**plugged, **paused})
    assert before.value(s.CHARGING_TYPE) is None
    after = before.merge(list(read({**plugged, **active}).readings.values()))
    assert after.snapshot.value(s.CHARGING_TYPE) == kind


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ({"vehicle.vehicle.preConditioning.remainingTime": said("12", 3)}, 9),
        (
            {
                "vehicle.cabin.hvac.preconditioning.status.remainingRunningTime": said(
                    "600", 3
                )
            },
            7,
        ),
        ({"vehicle.vehicle.preConditioning.remainingTime": said("0", 3)}, None),
    ],
)
def test_end_of_the_climate(told: dict[str, Any], minutes: float | None) -> None:
    """Older cars say minutes, newer ones seconds."""
    status = "vehicle.cabin.hvac.preconditioning.status.comfortState"
    known = read({status: said("COMFORT_HEATING", 3), **told})
    ends = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert known.value(s.CLIMATE_UNTIL) == ends
