"""The format of older cars: codes, tenths, and which engine is which."""

from typing import Any

import pytest

from carport.makers.eu_data_act import keys

from .deliveries import Reader, at, delivered, flat_document


def _said(*deliveries: dict[str, str]) -> dict[str, Any]:
    reader = Reader()
    for number, values in enumerate(deliveries):
        clock = f"08:{15 * number:02}:00"
        timed = {key: (value, f"2026-11-20T{clock}Z") for key, value in values.items()}
        reader.take(delivered(at(clock), flat_document(timed)))
    return {
        key: reading.value
        for key, reading in reader.snapshot.readings.items()
        if reading.value is not None
    }


def test_pain_33_scalings() -> None:
    """Tenths, tenths of a kelvin, litres and kilowatt-hours per 1,000 km."""
    said = _said(
        {
            keys.CHARGING_POWER: "36",
            keys.CHARGING_RATE: "740",
            keys.OUTSIDE_TEMPERATURE: "2971",
            keys.LONG_ENERGY: "168",
            keys.SHORT_FUEL: "46",
            keys.SHORT_ELECTRIC: "123",
            keys.TYRES[0]: "25",
        }
    )
    assert said == {
        "charging_power": 3.6,
        "charging_speed": 74.0,
        "outside_temperature": 24.0,
        "consumption_electric": 16.8,
        "last_trip_consumption_fuel": 4.6,
        "last_trip_distance_electric": 12.3,
        "tyre_pressure_front_left": 2.5,
    }


def test_what_few_cars_have() -> None:
    """Gas, urea, the charging flap, how far a roof is open; and other spellings."""
    said = _said(
        {
            keys.GAS: "40",
            keys.ADBLUE_RANGE: "6300",
            keys.MONTHLY_DISTANCE: "1250",
            keys.LONG_RECUPERATION: "31",
            keys.SUNROOF_POSITION: "35",
            keys.PLUG_LOCKS[1]: "locked",
            keys.PLUG_FLAP: "closed",
            keys.OUTSIDE_CELSIUS: "-3",
            keys.OIL[1]: "75",
            keys.TANK[1]: "44",
        }
    )
    assert said == {
        "cng_level": 40.0,
        "adblue_range": 6300.0,
        "distance_per_month": 1250.0,
        "recuperation": 3.1,
        "sunroof_position": 35.0,
        "plug_locked": True,
        "charge_flap": False,
        "outside_temperature": -3.0,
        "oil_level_percent": 75.0,
        "fuel_level": 44.0,
    }


@pytest.mark.parametrize("key", keys.LEVEL_OTHERS)
def test_level_of_cars_that_say_it_elsewhere(key: str) -> None:
    """It counts where none of the better keys was ever seen."""
    assert _said({key: "55"})["battery_level"] == 55.0
    assert _said({key: "55", keys.LEVEL_DISPLAYED: "52"})["battery_level"] == 52.0
    assert _said({keys.LEVEL_DISPLAYED: "52"}, {key: "55"})["battery_level"] == 52.0


@pytest.mark.parametrize(
    ("values", "ranges"),
    [
        (
            {keys.RANGE_PRIMARY: "158", keys.LEVEL_DISPLAYED: "64", keys.FUEL: "100"},
            {"range_electric": 158.0},
        ),
        (
            {
                keys.RANGE_PRIMARY: "410",
                keys.RANGE_SECONDARY: "28",
                keys.LEVEL_RAW: "53",
            },
            {"range_fuel": 410.0, "range_electric": 28.0, "range_total": 438.0},
        ),
        (
            {
                keys.RANGE_PRIMARY: "410",
                keys.RANGE_SECONDARY: "28",
                keys.RANGE_COMBINED: "440",
                keys.LEVEL_RAW: "53",
            },
            {"range_fuel": 410.0, "range_electric": 28.0, "range_total": 440.0},
        ),
        (
            {keys.RANGE_PRIMARY: "640", keys.FUEL: "80"},
            {"range_fuel": 640.0, "fuel_level": 80.0},
        ),
        # Nobody knows yet what turns the wheels.
        ({keys.RANGE_PRIMARY: "640"}, {}),
    ],
    ids=["electric", "hybrid", "hybrid with a sum", "combustion", "unknown"],
)
def test_first_engine(values: dict[str, str], ranges: dict[str, float]) -> None:
    """What the first engine burns follows from the other keys of the car."""
    said = _said(values)
    said.pop("battery_level", None)
    assert said == ranges


def test_kind_of_car_is_remembered() -> None:
    """A later delivery may hold the range alone."""
    first = {keys.LEVEL_DISPLAYED: "47", keys.LONG_FUEL: "46"}
    assert _said(first, {keys.RANGE_PRIMARY: "400"})["range_fuel"] == 400.0


@pytest.mark.parametrize(
    ("state", "plug", "shown", "charging"),
    [
        ("charging", "connected", "charging", True),
        ("off", "connected", "connected", False),
        ("off", "disconnected", "disconnected", False),
        ("completed", "connected", "complete", False),
        ("conservationCharging", "connected", "complete", False),
        ("error", "connected", "stopped", False),
    ],
)
def test_charger(state: str, plug: str, shown: str, charging: bool) -> None:
    """Charger and plug together say what the car does."""
    said = _said({keys.CHARGING_STATE: state, keys.PLUG[0]: plug})
    assert said["charging_state"] == shown
    assert said["charging"] is charging
    assert said["charging_problem"] is (state == "error")
    assert said["plugged_in"] is (plug == "connected")


def test_8_1_not_ready_without_a_plug() -> None:
    """A word that nobody knows does not go on charging a car that is unplugged."""
    charging = {keys.CHARGING_STATE: "charging", keys.PLUG[0]: "connected"}
    unready = {keys.CHARGING_STATE: "notReadyForCharging", keys.PLUG[0]: "disconnected"}
    said = _said(charging, unready)
    assert said["charging"] is False
    assert said["charging_state"] == "disconnected"


def test_no_time_left() -> None:
    """65535 is no time, and neither is what is left when nothing charges."""
    charging = {keys.CHARGING_STATE: "charging", keys.CHARGING_TIME_LEFT: "95"}
    assert _said(charging)["time_to_full"] == 95.0
    assert "time_to_full" not in _said(charging, {keys.CHARGING_TIME_LEFT: "65535"})
    assert "time_to_full" not in _said(charging, {keys.CHARGING_STATE: "off"})


@pytest.mark.parametrize("code", ["0", "1", "4", "open"])
def test_codes_that_say_nothing(code: str) -> None:
    """Unsupported and invalid are neither open nor closed."""
    assert (
        _said({keys.DOORS[0]: code, keys.SUNROOF: code, keys.DOOR_LOCKS[0]: code}) == {}
    )


def test_car_is_locked_if_all_of_it_is() -> None:
    """Every door has to have said so, and the tailgate must not say otherwise."""
    locked = dict.fromkeys(keys.DOOR_LOCKS, "2")
    assert _said(locked)["doors_locked"] is True
    assert _said({**locked, keys.DOOR_LOCKS[3]: "3"})["doors_locked"] is False
    assert _said({**locked, keys.TAILGATE_LOCK: "3"})["doors_locked"] is False
    assert "doors_locked" not in _said({keys.DOOR_LOCKS[0]: "2"})
    rear = {**locked, keys.DOOR_LOCKS[2]: "0", keys.DOOR_LOCKS[3]: "0"}
    assert _said(rear)["doors_locked"] is True
    assert _said({**rear, keys.DOOR_LOCKS[1]: "3"})["doors_locked"] is False
    assert "doors_locked" not in _said({**rear, keys.DOOR_LOCKS[1]: "1"})
    assert "doors_locked" not in _said(dict.fromkeys(keys.DOOR_LOCKS, "0"))
    # The charger's lock is the plug's.
    said = _said({keys.PLUG_LOCKS[0]: "unlocked"})
    assert said == {"plug_locked": False}


def test_overdue_service() -> None:
    """What is left is negative; what is overdue positive."""
    said = _said({keys.OIL_DISTANCE: "300", keys.INSPECTION_DAYS: "10"})
    assert said["oil_service_due_distance"] == -300.0
    assert said["inspection_due_on"].isoformat() == "2026-11-10"


@pytest.mark.parametrize(
    ("code", "sides"),
    [
        ("2", (False, False)),
        ("3", (True, False)),
        ("4", (False, True)),
        ("5", (True, True)),
    ],
)
def test_parking_lights(code: str, sides: tuple[bool, bool]) -> None:
    """One code for both sides."""
    said = _said({keys.PARKING_LIGHTS: code})
    assert (said["parking_light_left"], said["parking_light_right"]) == sides


def test_set_minutes_of_the_climate_are_no_state() -> None:
    """They are shown also while it is off."""
    assert _said({"1c62bf0a-8088-332c-9399-3b8cb0573099": "10"}) == {}
