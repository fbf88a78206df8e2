"""Car-Net's JSON as readings: real shapes, odd ones, and any that can be made of them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings, strategies as st
import pytest

from carport.car import signals as s
from carport.car.signals import Position, Signal, Value
from carport.car.snapshot import Snapshot
from carport.cloud.errors import BadAnswer
from carport.cloud.field_map import ReadingBuilder
from carport.makers.car_net.cars import cars_of, user_of
from carport.makers.car_net.history import report_of
from carport.makers.car_net.readings import CLIMATE, HEALTH, PARTS, STATUS
from carport.makers.volkswagen_group.cars import drive_of
from simulator.faults import put, remove
from tests.makers.parts import read_part
from tests.makers.spoilt import spoilt

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "volkswagen_na"
CARS: Final = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
NOW: Final = datetime(2020, 8, 12, 8, tzinfo=UTC)
CAPTURED: Final = datetime(2020, 8, 11, 17, 35, 20, 3000, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
DRIVES: Final = {"e_golf_2016": "electric"}


def read_status(
    body: Any, drive: str | None, received_at: datetime, channel: str
) -> ReadingBuilder:
    """Read a status with the table's part."""
    return read_part(PARTS, STATUS, body, received_at, channel, drive=drive)


def read_climate(body: Any, received_at: datetime, channel: str) -> ReadingBuilder:
    """Read climate details with the table's part."""
    return read_part(PARTS, CLIMATE, body, received_at, channel)


def read_health(body: Any, received_at: datetime, channel: str) -> ReadingBuilder:
    """Read a health report with the table's part."""
    return read_part(PARTS, HEALTH, body, received_at, channel)


def load(car: str, part: str) -> dict[str, Any]:
    """Return a recorded answer, its own copy each time."""
    body = json.loads((FIXTURES / car / f"{part}.json").read_text())
    assert isinstance(body, dict)
    return body


def status(
    car: str, set_: Mapping[str, Any] | None = None, *gone: str
) -> ReadingBuilder:
    """Read a car's status with some things changed."""
    body = load(car, "status")
    for path, value in (set_ or {}).items():
        put(body, f"data.{path}", value)
    for path in gone:
        remove(body, f"data.{path}")
    return read_status(body, DRIVES.get(car), NOW, "test")


def values(builder: ReadingBuilder) -> dict[str, Value | None]:
    """Return what was read, by key."""
    return {key: reading.value for key, reading in builder.readings.items()}


E_GOLF: Final[dict[str, Value]] = {
    "odometer": 55788.0,
    **{
        f"door_{corner}": False
        for corner in ("front_left", "front_right", "rear_left", "rear_right")
    },
    **{
        f"door_{corner}_lock": True
        for corner in ("front_left", "front_right", "rear_left", "rear_right")
    },
    **{
        f"window_{corner}": False
        for corner in ("front_left", "front_right", "rear_left", "rear_right")
    },
    "boot": False,
    "bonnet": False,
    "doors_locked": True,
    "lights": False,
    "parking_light_left": False,
    "parking_light_right": False,
    "battery_level": 83.0,
    "plugged_in": True,
    "charging": True,
    "charging_detail": "charging",
    "time_to_full": 40.0,
    "range_electric": 148.0,
    "service_due_distance": 8212.0,
    "location": Position(latitude=38.95, longitude=-77.34),
    "parked_location": Position(latitude=38.95, longitude=-77.34),
}


def test_an_e_golf() -> None:
    """Everything it says, and nothing that it does not."""
    builder = status("e_golf_2016")
    assert values(builder) == E_GOLF
    assert builder.placeholders == {"sunroof": 1}
    assert {row.captured_at for row in builder.readings.values()} == {CAPTURED}
    assert {row.received_at for row in builder.readings.values()} == {NOW}


def test_a_passat() -> None:
    """Miles, an open door, and words that are no values."""
    builder = status("passat_2018")
    found = values(builder)
    assert found["fuel_level"] == 78
    assert found["range_fuel"] == 511.8
    assert found["doors_locked"] is False
    assert found["door_front_left"] is True
    assert found["lights"] is True
    assert found["sunroof"] is True
    assert found["service_due_distance"] == -1240
    absent = {"door_rear_left", "bonnet", "door_rear_right_lock", "location"}
    assert not absent & found.keys()
    assert builder.placeholders == dict.fromkeys(absent, 1)
    assert not {"battery_level", "charging", "range_electric"} & found.keys()
    # Seconds where others have milliseconds.
    assert builder.captured_at == CAPTURED.replace(microsecond=0)


@pytest.mark.parametrize(
    ("battery", "charging", "detail", "minutes"),
    [
        ({"chargePlug": "UNPLUGGED"}, False, "not_ready", None),
        ({"minutesUntilFullCharge": 0}, False, "ready", None),
        ({"chargePercentRemaining": 100}, False, "target_reached", 0.0),
        ({"triggeredByTimer": "true"}, True, "charging_by_timer", 40.0),
        ({"triggeredByTimer": True}, True, "charging_by_timer", 40.0),
    ],
)
def test_charging_is_concluded(
    battery: dict[str, Any],
    charging: bool,
    detail: str,
    minutes: float | None,
) -> None:
    """Car-Net says plug, minutes and level, and leaves the rest to us."""
    found = values(
        status(
            "e_golf_2016",
            {f"powerStatus.battery.{key}": value for key, value in battery.items()},
        )
    )
    assert found["charging"] is charging
    assert found["charging_detail"] == detail
    assert found.get("time_to_full") == minutes


@pytest.mark.parametrize(
    "battery", [{"chargePlug": "UNPLUGGED"}, {"minutesUntilFullCharge": 0}]
)
def test_8_1_minutes_left_end_with_the_charge(battery: dict[str, Any]) -> None:
    """Section 1: charging, then unplugged half full: no longer so."""
    charging = status("e_golf_2016").result()
    over = status(
        "e_golf_2016",
        {f"powerStatus.battery.{key}": value for key, value in battery.items()},
    ).result()
    snapshot = Snapshot().merge(charging.readings).snapshot
    assert snapshot.value(s.TIME_TO_FULL) == 40
    later = [replace(row, received_at=row.received_at + HOUR) for row in over.readings]
    later = [replace(row, captured_at=CAPTURED + HOUR) for row in later]
    assert snapshot.merge(later).snapshot.value(s.TIME_TO_FULL) is None


@pytest.mark.parametrize(
    "battery",
    [
        {"minutesUntilFullCharge": -1},
        {"minutesUntilFullCharge": None},
        {"chargePercentRemaining": None},
        {"chargePlug": "PERHAPS"},
    ],
)
def test_charging_is_not_guessed(battery: dict[str, Any]) -> None:
    """Without any such field there is no reading."""
    found = values(
        status(
            "e_golf_2016",
            {f"powerStatus.battery.{key}": value for key, value in battery.items()},
        )
    )
    assert not {"charging", "charging_detail", "time_to_full"} & found.keys()


@pytest.mark.parametrize(
    ("changes", "gone", "expected"),
    [
        ({"lockStatus": "UNLOCKED"}, (), False),
        ({"lockStatus": "PERHAPS"}, (), True),
        ({"exteriorStatus.secure": "UNSECURE"}, (), True),
        ({"exteriorStatus.secure": "UNSECURE"}, ("lockStatus",), False),
        ({}, ("lockStatus", "exteriorStatus.secure"), True),
        (
            {"exteriorStatus.doorLockStatus.rearLeft": "UNLOCKED"},
            ("lockStatus", "exteriorStatus.secure"),
            False,
        ),
        ({"lockStatus": "UNKNOWN"}, ("exteriorStatus",), None),
        ({}, ("lockStatus", "exteriorStatus"), None),
    ],
)
def test_the_central_lock_is_told_in_three_places(
    changes: dict[str, Any], gone: tuple[str, ...], expected: bool | None
) -> None:
    """The first that says a word it should is believed."""
    assert values(status("e_golf_2016", changes, *gone)).get("doors_locked") is expected


@pytest.mark.parametrize(
    ("changes", "gone", "expected"),
    [
        ({"powerStatus.cruiseRangeUnits": "MI"}, (), 238.2),
        ({}, ("powerStatus.cruiseRangeUnits",), 148.0),
        ({"powerStatus.cruiseRangeUnits": "FURLONGS"}, (), None),
        ({"powerStatus.cruiseRange": -1}, (), 148.0),
        ({"powerStatus.cruiseRange": -1, "powerStatus.cruiseRangeFirst": -1}, (), None),
        ({}, ("powerStatus.cruiseRange", "powerStatus.cruiseRangeFirst"), None),
        ({}, ("powerStatus.battery",), 148.0),
    ],
)
def test_ranges(
    changes: dict[str, Any], gone: tuple[str, ...], expected: float | None
) -> None:
    """In kilometres, by a unit that we know; -1 is no distance."""
    found = values(status("e_golf_2016", changes, *gone))
    assert found.get("range_electric") == expected
    assert not {"range_fuel", "fuel_level"} & found.keys()


def test_a_plug_in_hybrid_has_both() -> None:
    """One range for everything, and fuel that is real."""
    builder = status(
        "e_golf_2016",
        {"powerStatus.fuelPercentRemaining": 40},
    )
    assert "fuel_level" not in builder.readings
    body = load("e_golf_2016", "status")
    body["data"]["powerStatus"]["fuelPercentRemaining"] = 40
    found = values(read_status(body, "hybrid", NOW, "test"))
    assert (found["fuel_level"], found["range_total"]) == (40, 148)
    assert "range_electric" not in found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"timestamp": None, "clampStateTimestamp": 1597167318000},
            CAPTURED.replace(second=18, microsecond=0),
        ),
        (
            {"timestamp": "", "instrumentCluserTime": "2020-08-11T17:35:10Z"},
            CAPTURED.replace(second=10, microsecond=0),
        ),
        ({"timestamp": 1597167320003 + 10**9}, None),
        ({"timestamp": 1597219500000}, NOW),
        ({"timestamp": 0}, None),
    ],
)
def test_capture_times(changes: dict[str, Any], expected: datetime | None) -> None:
    """There are fallbacks, and no report comes from the future."""
    assert status("e_golf_2016", changes).captured_at == expected


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        (s.CLIMATE_ACTIVE, False),
        (s.TARGET_TEMPERATURE, 25.0),
        (s.OUTSIDE_TEMPERATURE, 23.5),
        (s.DEFROST, False),
        (s.CLIMATE_ON_BATTERY, True),
    ],
)
def test_climate_details(signal: Signal[Any], expected: Value) -> None:
    """Fahrenheit becomes Celsius; there is no time of the car's own."""
    reading = read_climate(load("e_golf_2016", "climate"), NOW, "test").readings[
        signal.key
    ]
    assert reading.value == expected
    assert reading.captured_at is None


def test_a_good_health_report() -> None:
    """All is well, and an inspection is due."""
    builder = read_health(load("e_golf_2016", "health"), NOW, "test")
    assert values(builder) == {
        "health": "ok",
        "health_messages": (),
        "health_driver_assistance": False,
        "health_electric": False,
        "health_powertrain": False,
        "health_tyres_brakes": False,
        "inspection_due_distance": 21000.0,
        "inspection_due_on": date(2020, 10, 23),
    }
    assert builder.captured_at == datetime(2020, 8, 12, 3, 39, 5, tzinfo=UTC)


def test_a_bad_health_report() -> None:
    """Messages of any shape, categories of any name."""
    builder = read_health(load("passat_2018", "health"), NOW, "test")
    assert values(builder) == {
        "health": "service",
        "health_messages": (
            {
                "category": "tyres_brakes",
                "severity": "service",
                "text": "Check brake pads",
            },
            {
                "category": "tyres_brakes",
                "severity": "service",
                "text": "Tire pressure",
            },
        ),
        "health_tyres_brakes": True,
        "health_electric": True,
        "oil_service_due_distance": 804.7,
        "oil_service_due_on": date(2020, 8, 9),
    }
    assert builder.placeholders == {"health_powertrain": 1}


def test_the_whole_report_as_a_list() -> None:
    """Stable keys, kilometres, our words."""
    report = report_of(load("passat_2018", "health"), NOW).to_json()
    assert report["health"] == "service"
    assert report["odometer"] == 91238.5
    assert [row["category"] for row in report["categories"]] == [
        "tyres_brakes",
        "electric",
        "infotainment",
        "powertrain",
    ]
    assert report["categories"][0]["messages"] == [
        {"severity": "service", "text": "Check brake pads"},
        {"severity": "service", "text": "Tire pressure"},
    ]
    assert report["maintenance"] == [
        {
            "kind": "oil_service",
            "distance": 804.7,
            "due_on": "2020-08-09",
        },
        {"kind": "car_wash", "distance": 900.0, "due_on": None},
    ]


def test_an_enrolled_car() -> None:
    """Everything that its calls need is in its handle."""
    body = load("e_golf_2016", "enrollment")
    (car,) = cars_of(body)
    assert (car.vin, car.model, car.model_year) == (
        "WVWZZZSMUGW000001",
        "e-Golf",
        "2016",
    )
    assert (car.manufacturer, car.nickname, car.drive) == (
        "Volkswagen",
        None,
        "electric",
    )
    assert car.handle == {
        "vehicle_id": "5e6f7081-92a3-4b4c-8d5e-6f708192a3b4",
        "user_id": "3f0c7d1e-5b2a-4c68-9d10-7a6e5b4c3d21",
        "vw_id": "7c1d2e3f-4a5b-4c6d-8e7f-901a2b3c4d5evwcarnetportal-prod-002-appserver-000",
        "account": "41234567",
        "tsp": "VZT",
    }
    assert user_of(body) == car.handle["user_id"]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("e-Golf", "electric"),
        ("Golf GTE", "hybrid"),
        ("Jetta Hybrid", "hybrid"),
        ("Passat", None),
        (None, None),
    ],
)
def test_drives_by_name(model: str | None, expected: str | None) -> None:
    """Where the name says nothing, nobody does."""
    assert drive_of(model) == expected


ODD: Final = (
    st.sampled_from(
        [
            None,
            -1,
            0,
            1,
            1e308,
            10**400,
            float("nan"),
            float("inf"),
            "",
            "true",
            "NOTAVAILABLE",
            "-1",
            [],
            {},
            [None],
            {"value": 1},
            True,
            False,
        ]
    )
    | st.text(max_size=5)
    | st.integers()
)


@st.composite
def mutated(draw: st.DrawFn, part: str) -> dict[str, Any]:
    """Draw a recorded answer in which some values have become odd or are gone."""
    car = draw(
        st.sampled_from(
            [car for car in CARS if (FIXTURES / car / f"{part}.json").exists()]
        )
    )
    return spoilt(draw, load(car, part), ODD)


def check(builder: ReadingBuilder) -> None:
    """Nothing but possible values came out."""
    for key, reading in builder.readings.items():
        assert s.SIGNALS[key] is reading.signal
        if reading.value is not None:  # None: no longer so.
            assert reading.signal.accept(reading.value) is not None


@settings(max_examples=300)
@given(mutated("status"), st.sampled_from(["electric", "hybrid", None]))
def test_any_status_gives_readings_or_a_typed_error(
    body: dict[str, Any], drive: str | None
) -> None:
    """Never another exception, never an impossible value."""
    with suppress(BadAnswer):
        check(read_status(body, drive, NOW, "test"))


@given(mutated("climate"))
def test_any_climate_gives_readings_or_a_typed_error(body: dict[str, Any]) -> None:
    """Never another exception, never an impossible value."""
    with suppress(BadAnswer):
        check(read_climate(body, NOW, "test"))


@settings(max_examples=200)
@given(mutated("health"))
def test_any_health_report_gives_readings_or_a_typed_error(
    body: dict[str, Any],
) -> None:
    """The list stays JSON, whatever is in the report."""
    with suppress(BadAnswer):
        check(read_health(body, NOW, "test"))
        json.dumps(report_of(body, NOW).to_json(), allow_nan=False)


@settings(max_examples=200)
@given(mutated("enrollment"))
def test_any_enrollment_gives_cars_or_a_typed_error(body: dict[str, Any]) -> None:
    """A car that is listed has a VIN and a way to read it."""
    with suppress(BadAnswer):
        user_of(body)
        for car in cars_of(body):
            assert len(car.vin) == 17
            assert car.handle["vehicle_id"]
