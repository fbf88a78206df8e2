"""The format of the electric platform: contradictions, copies, units, durations."""

from typing import Any

import pytest

from carport.makers.eu_data_act import keys

from .deliveries import Reader, at, delivered, document

MEB = "CHARGE_STATE_"
ACTIVE = "CHARGING_SCENARIO_IMMEDIATELY_CHARGING_ACTIVE"


def _said(*deliveries: dict[str, str]) -> tuple[dict[str, Any], set[str]]:
    reader = Reader()
    for number, values in enumerate(deliveries):
        minute = 15 * number
        time = f"2026-11-20T08:{minute:02}:00Z"
        reader.take(delivered(at(f"08:{minute + 1:02}:00"), document(values, time)))
    found = {key: reading.value for key, reading in reader.snapshot.readings.items()}
    return found, reader.last.contradictions


@pytest.mark.parametrize(
    ("state", "charging", "shown", "plugged"),
    [
        ("READY_FOR_CHARGING", False, "connected", True),
        ("CHARGING_HV_BATTERY", True, "charging", True),
        ("DISCHARGING", False, "connected", True),
        (
            "CHARGE_PURPOSE_REACHED_AND_NOT_CONSERVATION_CHARGING",
            False,
            "complete",
            True,
        ),
        ("CHARGE_PURPOSE_REACHED_AND_CONSERVATION", False, "complete", True),
        ("CONSERVATION_CHARGING", False, "complete", True),
    ],
)
def test_states(state: str, charging: bool, shown: str, plugged: bool) -> None:
    """The charger's words are told apart by how they begin."""
    said, contradictions = _said({keys.CHARGE_STATE: MEB + state})
    assert said["charging"] is charging
    assert said["charging_state"] == shown
    assert said["plugged_in"] is plugged
    # It charges, and nobody said by which scenario.
    assert contradictions == ({"charging"} if charging else set())


def test_not_ready_says_nothing_of_the_plug() -> None:
    """What was known of the plug is over: it may be out, or have no power."""
    charging = {
        keys.CHARGE_STATE: f"{MEB}CHARGING_HV_BATTERY",
        keys.CHARGE_SCENARIO: ACTIVE,
    }
    over = {
        keys.CHARGE_STATE: f"{MEB}NOT_READY_FOR_CHARGING",
        keys.CHARGE_SCENARIO: "CHARGING_SCENARIO_OFF",
    }
    said, contradictions = _said(charging, over)
    assert said["charging"] is False
    assert said["charging_state"] is None
    assert said["plugged_in"] is None
    assert said["charging_detail"] == "not_ready"
    assert not contradictions


def test_reports_that_contradict_each_other() -> None:
    """A word for stopped is believed before power and scenario, and it is flagged."""
    said, contradictions = _said(
        {
            keys.CHARGE_STATE: f"{MEB}NOT_READY_FOR_CHARGING",
            keys.CHARGE_MODE: "CHARGE_MODE_IMMEDIATELY_STOPPED",
            keys.CHARGE_SCENARIO: ACTIVE,
            keys.CHARGE_POWER: "9.9",
        }
    )
    assert said["charging"] is False
    assert "charging_power" not in said
    assert contradictions == {"charging", "charging_power"}


def test_scenario_alone_says_that_it_charges() -> None:
    """Active is charging although the state is older, and that is flagged."""
    said, contradictions = _said(
        {keys.CHARGE_STATE: f"{MEB}READY_FOR_CHARGING", keys.CHARGE_SCENARIO: ACTIVE}
    )
    assert said["charging"] is True
    assert "charging_detail" not in said
    assert contradictions == {"charging"}


@pytest.mark.parametrize(
    ("key", "ready"), [(keys.CHARGE_STATE, 1), (keys.CHARGE_STATE_COPIES[0], 2)]
)
def test_numbers_of_states(key: str, ready: int) -> None:
    """Some cars send them in a word's place; those of a copy have one more before them."""
    details = [
        *("ready", "charging", "discharging", "target_reached"),
        *("conserving", "conserving", "fault"),
    ]
    for number, detail in enumerate(details, start=ready):
        said, _ = _said({key: str(number)})
        assert said["charging_detail"] == detail
        assert said["charging"] is (detail == "charging")
    for nothing in (ready - 2, 17, 4711):
        assert "charging" not in _said({key: str(nothing)})[0]


@pytest.mark.parametrize("live", [True, False], ids=["live", "copies"])
def test_numbers_of_other_words(live: bool) -> None:
    """The kind of current and the unit of the rate come as numbers from the same cars."""
    if live:
        kind, rate, unit = keys.CHARGE_TYPE, keys.CHARGE_RATE, keys.CHARGE_RATE_UNIT
    else:
        kind, rate = keys.CHARGE_TYPE_COPIES[0], keys.CHARGE_RATE_COPIES[0]
        unit = keys.CHARGE_RATE_UNIT_COPIES[0]
    for number, current in (("2", "ac"), ("3", "dc"), ("1", None)):
        said, _ = _said({kind: "2"}, {kind: number})
        assert said["charging_type"] == current
    for number in ("0", "4", "4711"):
        assert "charging_type" not in _said({kind: number})[0]
    for number, speed in {"1": 0.5, "2": 30.0, "3": 0.8, "4": 48.3}.items():
        assert _said({rate: "0.5", unit: number})[0]["charging_speed"] == speed
    assert "charging_speed" not in _said({rate: "0.5", unit: "0"})[0]


def test_state_of_a_copy_only_without_the_live_one() -> None:
    """It says how a job began, and is all that some cars tell."""
    copy = {keys.CHARGE_STATE_COPIES[1]: f"{MEB}CHARGING_HV_BATTERY"}
    assert _said(copy)[0]["charging"] is True
    live = {keys.CHARGE_STATE: f"{MEB}READY_FOR_CHARGING"}
    both, _ = _said({**live, **copy}, copy)
    assert both["charging"] is False
    assert both["charging_state"] == "connected"


@pytest.mark.parametrize(
    ("word", "mode"),
    [
        ("IMMEDIATECHARGING", "immediate"),
        ("PREFERRED_CHARGING_TIMES", "scheduled"),
        ("TIMERCHARGING_CLIMATIZATION", "timer"),
        ("ONLYOWNCURRENT", "solar"),
        ("HOMESTORAGECHARGING", None),
    ],
)
def test_how_it_is_to_be_charged(word: str, mode: str | None) -> None:
    """The owner's choice; what no other maker knows is left out."""
    said, _ = _said({keys.MODE_SELECTION: f"CHARGE_MODE_SELECTION_{word}"})
    assert said.get("charge_mode") == mode


def test_other_reports_of_the_same_things() -> None:
    """Newer cars name the report before its values; the meaning is the same."""
    said, _ = _said(
        {
            keys.LEVEL_GROUP: "58.0",
            keys.LEVEL_GROUP_STATE: "VALID",
            keys.BATTERY_TEMPERATURES[1]: "11.5",
            keys.OUTDOOR_TEMPERATURES[1]: "4.5",
            keys.PARKING_BRAKES[1]: "true",
            keys.STANDING_STILL: "false",
        }
    )
    assert said["battery_level"] == 58.0
    assert said["battery_temperature"] == 11.5
    assert said["outside_temperature"] == 4.5
    assert said["parking_brake"] is True
    assert said["moving"] is True
    invalid = {keys.LEVEL_GROUP: "58.0", keys.LEVEL_GROUP_STATE: "INVALID"}
    assert "battery_level" not in _said(invalid)[0]


def test_copies_only_without_the_live_key() -> None:
    """What a charging job repeats counts for a car that says nothing else."""
    copy = keys.CHARGE_POWER_COPIES[0]
    assert _said({copy: "2.3"})[0]["charging_power"] == 2.3
    both, _ = _said({keys.CHARGE_POWER: "10.400001"}, {copy: "2.3"})
    assert both["charging_power"] == 10.4


def test_time_left_is_old_when_the_charge_is_over() -> None:
    """It is a duration in seconds, and ends with the charge."""
    charging = {
        keys.CHARGE_STATE: f"{MEB}CHARGING_HV_BATTERY",
        keys.CHARGE_SCENARIO: ACTIVE,
    }
    left = {**charging, keys.TIME_LEFT: "4500s"}
    assert _said(left)[0]["time_to_full"] == 75.0
    stopped = {
        keys.CHARGE_STATE: f"{MEB}READY_FOR_CHARGING",
        keys.CHARGE_SCENARIO: "X_OFF",
    }
    assert _said(left, stopped)[0]["time_to_full"] is None
    copied = {**charging, keys.TIME_LEFT_COPIES[2]: "6000s"}
    assert _said(copied)[0]["time_to_full"] == 100.0
    assert _said(left, copied)[0]["time_to_full"] == 75.0


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("CHARGE_RATE_UNIT_KM_PER_H", 60.0),
        ("CHARGE_RATE_UNIT_KM_PER_MIN", 3600.0),
        ("CHARGE_RATE_UNIT_MILES_PER_H", 96.6),
        ("CHARGE_RATE_UNIT_INVALID", None),
    ],
)
def test_pain_33_rate_has_a_unit_beside_it(unit: str, shown: float | None) -> None:
    """Four units are known; with another one the figure means nothing."""
    said, _ = _said({keys.CHARGE_RATE: "60.0", keys.CHARGE_RATE_UNIT: unit})
    assert said.get("charging_speed") == shown


@pytest.mark.parametrize("unit", ["MILES", "1", "MILEAGE_UNIT_MILES"])
def test_pain_33_miles_are_converted(unit: str) -> None:
    """A British car counts miles, as a word or as a code."""
    said, _ = _said(
        {
            keys.MILEAGES[0]: "10000",
            keys.MILEAGE_UNITS[0]: unit,
            keys.RANGE: "150",
            keys.RANGE_UNIT: unit,
        }
    )
    assert said["odometer"] == 16_093.4
    assert said["range_electric"] == 241.4


def test_units_are_remembered() -> None:
    """A reduced delivery leaves the unit out, and the car still counts miles."""
    said, _ = _said(
        {keys.MILEAGES[0]: "10000", keys.MILEAGE_UNITS[0]: "MILES"},
        {keys.MILEAGES[0]: "10010"},
    )
    assert said["odometer"] == 16_109.5


def test_unknown_unit() -> None:
    """Nothing is taken in a unit that nobody knows."""
    said, _ = _said({keys.MILEAGES[0]: "10000", keys.MILEAGE_UNITS[0]: "FURLONGS"})
    assert "odometer" not in said


def test_highest_of_the_equally_fresh_odometers() -> None:
    """Copies of the same age may lag behind, which is flagged."""
    said, contradictions = _said({keys.MILEAGES[0]: "18455", keys.MILEAGES[1]: "18460"})
    assert said["odometer"] == 18_460.0
    assert contradictions == {"odometer"}


def test_other_keys_of_the_same_name() -> None:
    """Other bare values, other targets, and what is never true are not read."""
    said, _ = _said(
        {
            "57b433c8-3dcc-3fbf-9b38-74f8f6480682": "17",
            "66a821ca-d34f-35ee-b510-d23b33499f53": "18",
            "76acaa98-37ef-3466-b013-21c77ed343ae": "50",
            "c0bb1348-5d0d-3140-9a51-06881db06490": "true",
            "d5dc7c87-5051-34db-ae99-0bd2cf987c45": "true",
            "c7828009-144b-36e9-af38-2c35e7356c34": "true",
            "0fa69b72-8432-3ef4-a312-cbb2f7861dfc": "true",
        }
    )
    assert said == {}


def test_range_that_is_not_valid() -> None:
    """The state beside it says whether the range is one."""
    said, _ = _said({keys.RANGE: "286", keys.RANGE_STATES[0]: "INVALID"})
    assert "range_electric" not in said


@pytest.mark.parametrize(
    ("activation", "limit"),
    [("BCAM_ACTIVATION_ACTIVATED", 80.0), ("BCAM_ACTIVATION_DEACTIVATED", 90.0)],
)
def test_battery_care_ends_the_charge_earlier(activation: str, limit: float) -> None:
    """The effective limit is the lower one, while battery care is on."""
    said, _ = _said(
        {
            keys.TARGET_LEVEL: "90",
            keys.CARE_LEVEL: "80",
            keys.CARE_ACTIVATION[0]: activation,
        }
    )
    assert said["charge_limit"] == limit
    assert (
        _said(
            {keys.TARGET_LEVEL: "90", keys.CARE_LEVEL: "80"},
            {keys.CARE_ACTIVATION[1]: activation},
        )[0]["charge_limit"]
        == limit
    )


@pytest.mark.parametrize(
    ("left", "active"), [("0s", False), ("600s", True), ("600", None)]
)
def test_climate(left: str, active: bool | None) -> None:
    """The cabin is conditioned while there is time left; its end is not computed."""
    said, _ = _said({keys.CLIMATE_LEFT: left})
    assert said.get("climate_active") is active
    assert "climate_until" not in said
