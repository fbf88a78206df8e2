"""The five made-up deliveries: what they say was worked out by hand, from the tables."""

from datetime import date
from typing import Any, Final

from .deliveries import Reader, at, fixture

_CORNERS: Final = ("front_left", "front_right", "rear_left", "rear_right")
_SHUT: Final[dict[str, Any]] = {
    **{f"door_{corner}": False for corner in _CORNERS},
    **{f"door_{corner}_lock": True for corner in _CORNERS},
    **{f"window_{corner}": False for corner in _CORNERS},
    "boot": False,
    "bonnet": False,
    "doors_locked": True,
    "window_front_left_position": 0.0,
}


def test_charging_car_of_the_electric_platform() -> None:
    """Of three levels the live one counts; openings and parking lights say nothing."""
    reader = Reader()
    assert reader.take(fixture("meb_full", at("08:15:00"))) == {
        "auto_unlock_plug": True,
        "battery_capacity": 77.2,
        "battery_energy": 48.65,
        "battery_level": 63.0,
        "battery_temperature": 20.5,
        "charge_limit": 80.0,
        "charge_mode": "immediate",
        "charging": True,
        "charging_detail": "charging",
        "charging_power": 10.4,
        "charging_problem": False,
        "charging_speed": 62.0,
        "charging_state": "charging",
        "charging_type": "ac",
        "climate_active": False,
        "doors_locked": True,
        "max_charge_current_word": "maximum",
        "odometer": 18_455.0,
        "outside_temperature": 6.5,
        "parking_brake": True,
        "plugged_in": True,
        "range_electric": 286.0,
        "time_to_full": 75.0,
        "window_heating": False,
    }
    assert not reader.last.contradictions
    assert not any(reading.not_before is None for reading in reader.last.readings)


def test_parked_car_of_the_electric_platform() -> None:
    """A reduced set: the level comes by another key, and nobody says what the plug does."""
    reader = Reader()
    assert reader.take(fixture("meb_parked", at("19:45:00"))) == {
        "battery_capacity": 77.2,
        "battery_energy": 54.8,
        "battery_level": 71.0,
        "charging": False,
        "charging_detail": "not_ready",
        "charging_problem": False,
        "charging_state": None,
        "charging_type": None,
        "doors_locked": True,
        "plugged_in": None,
        "range_electric": 322.0,
    }
    times = {reading.captured_at for reading in reader.last.readings}
    assert times == {at("19:41:03")}


def test_small_electric_car() -> None:
    """Tenths, tenths of a kelvin, codes, and a tank that the car does not have."""
    reader = Reader()
    assert reader.take(fixture("flat_ev", at("17:30:00"))) == {
        **_SHUT,
        "battery_level": 64.0,
        "charging": True,
        "charging_detail": "charging",
        "charging_power": 3.6,
        "charging_problem": False,
        "charging_speed": 21.0,
        "charging_state": "charging",
        "charging_type": "ac",
        "inspection_due_on": date(2027, 6, 19),
        "inspection_due_distance": 12_400.0,
        "last_trip_consumption_electric": 17.1,
        "odometer": 41_822.0,
        "outside_temperature": 6.0,
        "parking_brake": True,
        "parking_light_left": False,
        "parking_light_right": False,
        "plug_locked": True,
        "plugged_in": True,
        "range_electric": 158.0,
        "time_to_full": 95.0,
        "window_heating": False,
    }
    # Neither the code for no tyre pressure nor the one for no sunroof is a value.
    assert reader.last.placeholders == {"tyre_pressure_front_left": 1, "sunroof": 1}
    by_key = {reading.signal.key: reading for reading in reader.last.readings}
    assert by_key["battery_level"].captured_at == at("17:22:40")
    assert by_key["charging"].captured_at == at("17:21:58")
    assert all(reading.not_before is None for reading in by_key.values())


def test_plug_in_hybrid() -> None:
    """The first engine is the fuel's; the raw level of the pack is not the level."""
    reader = Reader()
    assert reader.take(fixture("flat_phev", at("17:30:00"))) == {
        **_SHUT,
        "battery_level": 47.0,
        "charging": True,
        "charging_detail": "charging",
        "charging_power": 3.6,
        "charging_problem": False,
        "charging_speed": 21.0,
        "charging_state": "charging",
        "charging_type": "ac",
        "consumption_fuel": 4.6,
        "fuel_level": 62.0,
        "inspection_due_on": date(2027, 6, 19),
        "inspection_due_distance": 12_400.0,
        "last_trip_consumption_electric": 17.1,
        "odometer": 41_822.0,
        "oil_level_percent": 87.5,
        "oil_service_due_on": date(2027, 11, 10),
        "oil_service_due_distance": 21_000.0,
        "outside_temperature": 6.0,
        "parking_brake": True,
        "parking_light_left": False,
        "parking_light_right": False,
        "plug_locked": True,
        "plugged_in": True,
        "range_electric": 28.0,
        "range_fuel": 410.0,
        "range_total": 438.0,
        "time_to_full": 95.0,
        "window_heating": False,
    }


def test_no_content() -> None:
    """A delivery without content says nothing, and is none that is broken."""
    reader = Reader()
    assert reader.take(fixture("no_content", at("20:00:00"))) == {}
    assert reader.memory.last_created == at("20:00:00")
