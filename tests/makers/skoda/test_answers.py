"""An answer as it is published, and whatever else could stand in its places."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from carport.car import signals as s
from carport.car.signals import Position
from carport.cloud.contract import Car
from carport.cloud.field_map import ReadingBuilder
from carport.makers.skoda.cars import Description
from carport.makers.skoda.readings import read_vehicle

VIN = "TMBJC7NY5SF098765"
STAMP = "2026-11-28T09:10:11Z"
NOW = datetime(2026, 11, 28, 9, 12, tzinfo=UTC)
CAR = Car(vin=VIN, manufacturer="Škoda")
ANSWER: dict[str, Any] = {
    "vehicle": {
        "vin": VIN,
        "name": "Enyaq",
        "licensePlate": "1AB 2345",
        "renderUrl": "https://renders.example.com/1.png",
        "odometer": {"mileageInKm": 28711, "carCapturedTimestamp": STAMP},
        "status": {
            "overall": {
                "doorsLocked": "TRUNK_OPENED",
                "locked": "NO",
                "doors": "CLOSED",
                "windows": "UNSUPPORTED",
                "lights": "OFF",
                "reliableLockStatus": "UNKNOWN",
            },
            "detail": {"sunroof": "UNSUPPORTED", "trunk": "OPEN", "bonnet": "CLOSED"},
            "carCapturedTimestamp": "2026-11-28T09:09Z",
        },
        "fuelStatus": {
            "carType": "ELECTRIC",
            "totalRangeInKm": 301,
            "primaryEngineRange": {
                "engineType": "ELECTRIC",
                "currentSoCInPercent": 70,
                "remainingRangeInKm": 300,
            },
            "carCapturedTimestamp": STAMP,
        },
        "parkingPosition": {
            "state": "PARKED",
            "gpsCoordinates": {"latitude": 50.41, "longitude": 14.9},
            "formattedAddress": "Sample 1, Town",
        },
        "airConditioning": {
            "state": "OFF",
            "targetTemperature": {"value": 21.5, "unit": "CELSIUS"},
            "estimatedReachOfTargetTemperatureAt": None,
            "airConditioningWithoutExternalPower": True,
            "airConditioningAtUnlock": False,
            "windowHeating": {"enabled": False, "front": "OFF", "rear": "ON"},
            "carCapturedTimestamp": STAMP,
        },
        "charging": {
            "isVehicleInSavedLocation": True,
            "status": {
                "state": "CHARGING",
                "chargePowerInKw": 10.549608,
                "chargingRateInKilometersPerHour": 62.0,
                "remainingTimeToFullyChargedInMinutes": 75,
                "fullyChargedAt": "2026-11-28T10:25:00Z",
                "chargeType": "DC",
                "battery": {
                    "stateOfChargeInPercent": 71,
                    "remainingCruisingRangeInMeters": 301000,
                },
            },
            "settings": {
                "targetStateOfChargeInPercent": 80,
                "preferredChargeMode": "PREFERRED_CHARGING_TIMES",
                "availableChargeModes": ["MANUAL", "PREFERRED_CHARGING_TIMES"],
                "chargingCareMode": "ACTIVATED",
                "autoUnlockPlugWhenCharged": "PERMANENT",
                "maxChargeCurrentAc": "MAXIMUM",
                "maxChargeCurrentAcAmpere": 16,
            },
            "carCapturedTimestamp": "2026-11-28T09:10:11.123456789Z",
        },
    },
    "errors": [
        {"type": "AUXILIARY_HEATING_UNSUPPORTED", "description": "…"},
        {"type": "ACTIVE_VENTILATION_DISABLED"},
        {"type": "CHARGING_PROFILES_UNAVAILABLE"},
        {"type": "RENDER_UNAVAILABLE"},
    ],
    "keyExpiresAt": "2027-03-01T00:00:00Z",
}
EXPECTED: dict[str, Any] = {
    "odometer": 28711.0,
    "doors_locked": False,
    "doors_open": False,
    "lights": False,
    "boot": True,
    "bonnet": False,
    "range_total": 301.0,
    "moving": False,
    "location": Position(latitude=50.41, longitude=14.9),
    "parked_location": Position(latitude=50.41, longitude=14.9),
    "parked_address": "Sample 1, Town",
    "climate_active": False,
    "target_temperature": 21.5,
    "climate_on_battery": True,
    "window_heating": True,
    "battery_level": 71.0,
    "range_electric": 301.0,
    "plugged_in": True,
    "charging": True,
    "charging_state": "charging",
    "charging_detail": "charging",
    "charging_type": "dc",
    "charging_power": 10.5,
    "charging_speed": 62.0,
    "time_to_full": 75.0,
    "charge_complete_at": datetime(2026, 11, 28, 10, 25, tzinfo=UTC),
    "charge_limit": 80.0,
    "charge_mode": "scheduled",
    "auto_unlock_plug": True,
    "max_charge_current": 16.0,
    "max_charge_current_word": "maximum",
    "service_expires_at": datetime(2027, 3, 1, tzinfo=UTC),
}
"""Written by hand from the interface's description."""


def leaves(content: Any, *path: str | int) -> list[tuple[str | int, ...]]:
    """Return the paths of everything in an answer, branches too."""
    if isinstance(content, dict):
        inner = [leaves(value, *path, key) for key, value in content.items()]
    elif isinstance(content, list):
        inner = [leaves(value, *path, at) for at, value in enumerate(content)]
    else:
        return [path]
    return [path, *(one for found in inner for one in found)]


PATHS = [path for path in leaves(ANSWER) if path]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["CHARGING", "OFF", "ELECTRIC", "9999-12-31T23:59:59Z", "-1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def read(body: dict[str, Any]) -> ReadingBuilder:
    """Return what is read of an answer."""
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
    read_vehicle(builder, body, CAR)
    return builder


def test_a_published_answer() -> None:
    """Each value, the time of its part, and the three ways to be missing."""
    result = read(ANSWER).result()
    found = {one.signal.key: one for one in result.readings}
    assert {key: one.value for key, one in found.items()} == EXPECTED
    assert result.gaps == {"chargingProfiles"}
    assert result.switched_off == {"activeVentilation"}
    assert found["boot"].captured_at == datetime(2026, 11, 28, 9, 9, tzinfo=UTC)
    exact = datetime(2026, 11, 28, 9, 10, 11, 123456, tzinfo=UTC)
    assert found["battery_level"].captured_at == exact
    assert found["location"].captured_at is None


def test_what_the_car_is() -> None:
    """By the parts it has, where nothing lists its operations."""
    car = Description(vin=VIN).after(ANSWER).car
    assert (car.nickname, car.drive) == ("Enyaq", "electric")
    operations = car.handle["operations"].split(",")
    assert "setChargingLimit" in operations
    assert "startActiveVentilation" in operations
    assert "startAuxiliaryHeating" not in operations
    assert car.handle["modes"] == "MANUAL,PREFERRED_CHARGING_TIMES"


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=4))
def test_whatever_stands_there(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Nothing but possible values, and a description that can be kept, come of it."""
    body = deepcopy(ANSWER)
    for path, junk in changes:
        parent: Any = body
        try:
            for key in path[:-1]:
                parent = parent[key]
            parent[path[-1]] = junk
        except IndexError, KeyError, TypeError:
            continue  # Something else stands above it by now.
    for reading in read(body).result().readings:
        if reading.value is not None:
            assert reading.signal.accept(reading.value) == reading.value
        assert reading.captured_at is None or reading.captured_at <= NOW
    described = Description(vin=VIN).after(body)
    assert described.car.vin == VIN
    assert len(described.car.handle["operations"]) < 3000


@pytest.mark.parametrize(
    ("engines", "fuel", "level", "gas"),
    [
        ((("CNG", 310, 80), ("GASOLINE", 110, 95)), 420, 95, 80),
        ((("CNG", 310, 80),), 310, None, 80),
        ((("GASOLINE", 620, 70), ("UNKNOWN", 0, 0)), 620, 70, None),
        ((("GASOLINE", 480, 70), ("ELECTRIC", 35, 60)), 480, 70, None),
        ((("ELECTRIC", 300, 60), ("GASOLINE", 0, 0)), 0, 0, None),
    ],
)
def test_8_1_ranges_of_two_fuels_add_up(
    engines: tuple[tuple[str, float, float], ...],
    fuel: float,
    level: float | None,
    gas: float | None,
) -> None:
    """Natural gas and petrol: how far the car goes is both together."""
    answer = deepcopy(ANSWER)
    names = ("primaryEngineRange", "secondaryEngineRange")
    answer["vehicle"]["fuelStatus"] = {
        "carCapturedTimestamp": STAMP,
        **{
            name: {
                "engineType": kind,
                "remainingRangeInKm": distance,
                "currentFuelLevelInPercent": filled,
            }
            for name, (kind, distance, filled) in zip(names, engines, strict=False)
        },
    }
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
    read_vehicle(builder, answer, CAR)
    assert builder.value(s.RANGE_FUEL) == fuel
    assert builder.value(s.FUEL_LEVEL) == level
    assert builder.value(s.CNG_LEVEL) == gas
