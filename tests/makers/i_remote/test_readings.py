"""I Remote's answers as readings: whole, odd, and of every kind of car."""

from datetime import UTC, date, datetime
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.car.signals import SIGNALS, Position, Signal, Value
from carport.cloud.errors import BadAnswer
from carport.cloud.field_map import ReadingBuilder
from carport.makers.i_remote import history as statistics, places, schedule as profile
from carport.makers.i_remote.cars import cars_of
from carport.makers.i_remote.health import month
from carport.makers.i_remote.readings import health_report

from .samples import NOW, STATUS, read_part, status


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        (s.ODOMETER, 31544),
        (s.DOORS_LOCKED, True),
        (s.BATTERY_LEVEL, 63),
        (s.RANGE_ELECTRIC, 81),
        (s.RANGE_ELECTRIC_MAX, 128),
        (s.RANGE_FUEL, 92),
        (s.FUEL_VOLUME, 6.4),
        (s.FUEL_LEVEL, 75),
        (s.PLUGGED_IN, True),
        (s.CHARGING, True),
        (s.CHARGING_STATE, "charging"),
        (s.CHARGING_PROBLEM, False),
        (s.TIME_TO_FULL, 97),
        (s.LAST_CHARGE_END, "goal_reached"),
        (s.LAST_CHARGE_FAILED, False),
        (s.BOOT, False),
        (s.BONNET, False),
        (s.SUNROOF, True),
        (s.PARKING_LIGHT_LEFT, True),
        (s.PARKING_LIGHT_RIGHT, False),
        (s.LIGHTS, True),
        (s.LOCATION, Position(latitude=51.501364, longitude=-0.14189, heading=274)),
        (s.MOVING, False),
        (s.TYRE_PROBLEM, True),
        (s.OIL_SERVICE_DUE_DISTANCE, 1500),
        (s.OIL_SERVICE_DUE_ON, date(2019, 6, 1)),
        (s.INSPECTION_DUE_ON, date(2020, 3, 1)),
        (s.HEALTH, "notice"),
    ],
)
def test_the_whole_status(signal: Signal[Any], value: Value) -> None:
    """Kilometres, per cent and minutes as they are; miles are left alone."""
    builder = status()
    assert builder.value(signal) == value
    reading = builder.readings[signal.key]
    assert reading.captured_at == datetime(2019, 4, 2, 17, 7, 31, tzinfo=UTC)
    assert not builder.placeholders


@pytest.mark.parametrize(
    ("steering", "front_left"), [("RH", False), ("LH", True), ("LL", True)]
)
def test_the_driver_sits_where_the_wheel_is(steering: str, front_left: bool) -> None:
    """Driver and passenger are left and right by the steering."""
    builder = status(steering=steering)
    assert builder.value(s.DOORS[0]) is front_left
    assert builder.value(s.DOORS[1]) is not front_left
    assert builder.value(s.WINDOWS[0]) is not front_left


def test_parts_a_car_does_not_have() -> None:
    """INVALID is hidden, and never called open."""
    keys = status().readings.keys()
    assert not {s.REAR_WINDOW.key, s.ROOF.key} & keys


@pytest.mark.parametrize(
    ("word", "locked"),
    [
        ("LOCKED", True),
        ("SECURED", True),
        ("UNLOCKED", False),
        ("SELECTIVE_LOCKED", False),
        ("AJAR", None),
    ],
)
def test_locks(word: str, locked: bool | None) -> None:
    """All but the driver's door is not locked."""
    assert status(doorLockState=word).value(s.DOORS_LOCKED) is locked


@pytest.mark.parametrize(
    ("plug", "word", "plugged", "charging", "state"),
    [
        ("CONNECTED", "CHARGING", True, True, "charging"),
        ("CONNECTED", "WAITING_FOR_CHARGING", True, False, "connected"),
        ("CONNECTED", "FINISHED_FULLY_CHARGED", True, False, "complete"),
        ("CONNECTED", "FINISHED_NOT_FULL", True, False, "stopped"),
        ("CONNECTED", "NOT_CHARGING", True, False, "connected"),
        ("CONNECTED", "ERROR", True, False, "stopped"),
        ("CONNECTED", "INVALID", True, None, None),
        ("CONNECTED", "HUMMING", True, None, None),
        ("DISCONNECTED", "INVALID", False, False, "disconnected"),
        ("DISCONNECTED", "CHARGING", False, False, "disconnected"),
        ("CHARGIN_STARTED", "CHARGING", True, True, "charging"),
        ("CHARGING_STARTED", "WAITING_FOR_CHARGING", True, False, "connected"),
        ("CHARGING_INTERRUPED", "NOT_CHARGING", None, False, None),
        ("UNKNOWN", "INVALID", None, None, None),
    ],
)
def test_charging(
    plug: str,
    word: str,
    plugged: bool | None,
    charging: bool | None,
    state: str | None,
) -> None:
    """A plug that is out overrides, and other words about it say nothing."""
    builder = status(connectionStatus=plug, chargingStatus=word)
    assert builder.value(s.PLUGGED_IN) is plugged
    assert builder.value(s.CHARGING) is charging
    assert builder.value(s.CHARGING_STATE) == state
    assert builder.value(s.CHARGING_PROBLEM) is (
        None if state is None else word == "ERROR"
    )


def test_minutes_only_while_charging() -> None:
    """Their absence is not zero; a full battery is."""
    assert status(chargingTimeRemaining=None).value(s.TIME_TO_FULL) is None
    assert status(chargingStatus="NOT_CHARGING").value(s.TIME_TO_FULL) is None
    full = status(chargingStatus="FINISHED_FULLY_CHARGED")
    assert full.value(s.TIME_TO_FULL) == 0


@pytest.mark.parametrize(
    ("status_word", "reason", "located", "moving"),
    [
        ("OK", "VEHICLE_SECURED", True, False),
        ("LAST_KNOWN", "ON_DEMAND", True, None),
        ("VEHICLE_ACTIVE", "PREDICTION_UPDATE", False, True),
        ("OK", "VEHICLE_MOVING", True, True),
        ("DRIVER_DISABLED", "VEHICLE_SHUTDOWN", False, False),
        ("TOO_FAR_AWAY", "DOOR_STATE_CHANGED", False, None),
    ],
)
def test_places(
    status_word: str, reason: str, located: bool, moving: bool | None
) -> None:
    """A car that moves or hides has no place."""
    place = {**STATUS["position"], "status": status_word}
    builder = status(position=place, updateReason=reason)
    assert (builder.value(s.LOCATION) is not None) is located
    assert builder.value(s.MOVING) is moving


def test_a_place_without_a_word() -> None:
    """The word may be missing, but not be something else."""
    place = {"lat": 51.5, "lon": -0.1}
    assert status(position=place).value(s.LOCATION) is not None
    odd = {**place, "status": ["OK"]}
    assert status(position=odd).value(s.LOCATION) is None


def test_kinds_of_cars() -> None:
    """A car without a tank says it is empty; a diesel has nothing electric."""
    electric = status("electric", remainingFuel=0)
    assert electric.value(s.FUEL_VOLUME) is None
    diesel = status("combustion", fuelPercent=None)
    assert diesel.value(s.BATTERY_LEVEL) is None
    assert diesel.value(s.CHARGING_STATE) is None
    assert diesel.value(s.FUEL_LEVEL) == 75.3


def test_an_old_head_unit_says_little() -> None:
    """Position and time are all it has."""
    kept = ("vin", "updateTime", "position", "steering")
    builder = status(**{key: None for key in STATUS if key not in kept})
    assert builder.readings.keys() == {s.LOCATION.key, s.MOVING.key}


def test_times() -> None:
    """The report's own time, else the car's data time, else none; never tomorrow."""
    later = status(updateTime=None).readings[s.ODOMETER.key]
    assert later.captured_at == datetime(2019, 4, 2, 17, 7, 29, tzinfo=UTC)
    none = status(updateTime="soon", internalDataTimeUTC=None)
    assert none.readings[s.ODOMETER.key].captured_at is None
    ahead = status(updateTime="2019-04-02T19:05:00+0000")
    assert ahead.readings[s.ODOMETER.key].captured_at == NOW
    assert month("Juni") is None
    assert month(6) is None


def test_trips_and_figures() -> None:
    """User figures are readings, community figures only stand in the list."""
    builder = empty()
    body = {
        "lastTrip": {
            "totalDistance": 38,
            "electricDistance": 36.2,
            "avgElectricConsumption": 15.1,
            "avgRecuperation": 2.4,
            "avgCombinedConsumption": 0.3,
            "accelerationValue": 0.42,
            "date": "2019-04-02T18:06:00+0100",
            "duration": 41,
        }
    }
    read_part("last_trip", body, "hybrid", builder)
    assert builder.value(s.LAST_TRIP_DISTANCE) == 38
    assert builder.value(s.LAST_TRIP_DISTANCE_ELECTRIC) == 36.2
    assert builder.value(s.LAST_TRIP_CONSUMPTION_FUEL) == 0.3
    trip = statistics.last_trip(body)
    assert trip is not None
    assert trip.scores == {"acceleration": 0.42}
    assert json.dumps(trip.to_json())
    figures = {
        "allTrips": {
            "avgElectricConsumption": {"communityAverage": 15.92, "userAverage": 14.2},
            "totalElectricDistance": {"communityHigh": 80111.2},
            "batterySizeMax": 33200,
            "resetDate": "1970-01-01T01:00:00+0100",
        }
    }
    read_part("all_trips", figures, "hybrid", builder)
    assert builder.value(s.CONSUMPTION_ELECTRIC) == 14.2
    assert builder.value(s.BATTERY_CAPACITY) == 33.2
    assert builder.value(s.DISTANCE_ELECTRIC) is None
    total = statistics.lifetime(figures)
    assert total["since"] is None
    assert total["own"] == {"consumption_electric": {"average": 14.2}}
    assert total["community"]["distance_electric"] == {"high": 80111.2}


@pytest.mark.parametrize("body", [{"lastTrip": {}}, {"allTrips": {}}, {"rangemap": {}}])
def test_empty_services(body: dict[str, Any]) -> None:
    """Any of them may answer with nothing in it."""
    builder = empty()
    if "lastTrip" in body:
        read_part("last_trip", body, "electric", builder)
        assert statistics.last_trip(body) is None
    elif "allTrips" in body:
        read_part("all_trips", body, "electric", builder)
        assert statistics.lifetime(body)["own"] == {}
    else:
        assert places.geo_json(body)["features"] == []
    assert not builder.readings


@pytest.mark.parametrize(
    ("body", "drive", "capacity", "energy"),
    [
        ({"soc": 3.871, "socMax": 5.7}, "hybrid", 5.7, 3.871),
        ({"soc": 100.0, "socmax": 38.76}, "electric", 38.76, None),
        ({"soc": 88.0, "socmax": 33.2}, "hybrid", 33.2, None),
        ({"socMax": 0}, "hybrid", None, None),
    ],
)
def test_the_navigation(
    body: dict[str, Any], drive: str, capacity: float | None, energy: float | None
) -> None:
    """Its charge is in kWh only on a plug-in hybrid, and never more than its most."""
    builder = empty()
    read_part("navigation", body, drive, builder)
    assert builder.value(s.BATTERY_CAPACITY) == capacity
    assert builder.value(s.BATTERY_ENERGY) == energy


def test_the_list_in_both_forms() -> None:
    """An array, or an object around it; a row without a VIN is left out."""
    row = {"vin": "wbyzzz001gv160001", "brand": "BMW_I", "driveTrain": "BEV_REX"}
    rows: list[Any] = [row, {"vin": "short"}, "row"]
    assert cars_of(rows) == cars_of({"vehicles": rows})
    (car,) = cars_of(rows)
    assert (car.vin, car.drive) == ("WBYZZZ001GV160001", "hybrid")
    assert (car.manufacturer, car.model) == ("BMW", None)
    others: list[Any] = [{}, 5, {"vehicles": {}}]
    for bad in others:
        with pytest.raises(BadAnswer):
            cars_of(bad)


def empty() -> ReadingBuilder:
    """Return a builder with nothing in it."""
    return ReadingBuilder(captured_at=None, received_at=NOW, channel="home")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["INVALID", "OPEN", "CHARGING", "CONNECTED", "2019-13", "25:61"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["status", "lat", "lon", "cbsType", "ccmId", "weekdays"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def check(builder: ReadingBuilder) -> None:
    """Every reading is possible, whatever the answer was."""
    for reading in builder.readings.values():
        signal = SIGNALS[reading.signal.key]
        assert signal.accept(reading.value) == reading.value


@given(changes=st.dictionaries(st.sampled_from(sorted(STATUS)), JSON, max_size=8))
def test_no_status_breaks_the_reader(changes: dict[str, Any]) -> None:
    """Wrong types, unknown words and nulls yield no reading, never an exception."""
    body = {"vehicleStatus": {**STATUS, **changes}}
    assert json.dumps(health_report(body, NOW).to_json())
    for drive in ("hybrid", "electric", "combustion", None):
        check(read_part("status", body, drive))


KEYS = st.sampled_from(
    [
        *("totalDistance", "duration", "date", "avgElectricConsumption", "soc"),
        *("batterySizeMax", "resetDate", "socMax", "chargecycleRange", "userAverage"),
        *("chargingMode", "timer1", "preferredChargingWindow", "departureTime"),
        *("startTime", "endTime", "center", "rangemaps", "polyline", "lastTripList"),
        *("destinations", "createdAt", "name", "weekdays", "timerEnabled"),
    ]
)
BODIES = st.dictionaries(
    KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=4), max_size=6
)


@given(body=BODIES)
def test_no_other_answer_breaks_its_reader(body: dict[str, Any]) -> None:
    """The same for trips, figures, profiles, places and the list of cars."""
    builder = empty()
    read_part("last_trip", {"lastTrip": body}, "hybrid", builder)
    read_part("all_trips", {"allTrips": body}, "hybrid", builder)
    read_part("navigation", body, "hybrid", builder)
    mode = {"chargingMode": "DELAYED_CHARGING"}
    for form in (profile.WEEKLY, profile.DAILY):
        read_part("charging_profile", {form: {**mode, **body}}, builder=builder)
    check(builder)
    lists = [
        statistics.lifetime({"allTrips": body}),
        statistics.efficiency(body),
        places.geo_json({"rangemap": body}),
        [place.to_json() for place in places.destinations_of(body)],
    ]
    trip = statistics.last_trip({"lastTrip": body})
    assert json.dumps([*lists, None if trip is None else trip.to_json()])
