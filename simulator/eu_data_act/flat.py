"""The fields of older cars: flat names, codes and tenths, and a time with every value."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from carport.twin import physics
from carport.twin.twin import Drive, Equipment

from .fields import CHARGING, MAINTENANCE, PARKING, Field, Say, Seen, field

CHARGER: Final = "flat charger"
BODY: Final = "flat body"
REDUCED: Final = (CHARGER,)
"""What a sleeping car repeats."""

_NO_TIME_LEFT: Final = "65535"
_CODES: Final = {True: "2", False: "3"}
_INVALID: Final = "1"


def _plugged(say: Say) -> Say:
    return lambda seen: None if seen.spec.drive is Drive.COMBUSTION else say(seen)


def _fuelled(say: Say) -> Say:
    return lambda seen: None if seen.spec.drive is Drive.ELECTRIC else say(seen)


def _level(seen: Seen) -> str:
    return f"{seen.state.battery_level:.0f}"


def _raw_level(seen: Seen) -> str:
    """Say what is in the whole pack, of which the dashboard shows a part."""
    return f"{seen.state.battery_level * 0.88 + 9:.0f}"


def _charging_state(seen: Seen) -> str:
    if seen.state.charging:
        return "charging"
    full = seen.state.plugged_in and physics.is_full(seen.state)
    return "completed" if full else "off"


def _power(seen: Seen) -> str:
    return f"{seen.state.charging_power * 10:.0f}"


def _rate(seen: Seen) -> str:
    return f"{seen.demo('charging_speed') * 10 if seen.state.charging else 0:.0f}"


def _left(seen: Seen) -> str:
    if not seen.state.charging:
        return _NO_TIME_LEFT
    return f"{physics.minutes_to_limit(seen.state, seen.spec):.0f}"


def _range_primary(seen: Seen) -> str:
    electric = seen.spec.drive is Drive.ELECTRIC
    return f"{seen.demo('range_electric' if electric else 'range_fuel'):.0f}"


def _range_secondary(seen: Seen) -> str | None:
    if seen.spec.drive is not Drive.HYBRID:
        return None
    return f"{seen.demo('range_electric'):.0f}"


def _fuel(seen: Seen) -> str:
    if seen.spec.drive is Drive.ELECTRIC:
        return "100"
    return f"{seen.state.fuel_level:.0f}"


def _temperature(seen: Seen) -> str:
    return f"{(seen.demo('outside_temperature') + 273.15) * 10:.0f}"


def _days(name: str) -> Say:
    def say(seen: Seen) -> str:
        left = getattr(seen.state, name) - seen.state.health_reported_at
        return f"{-(left // timedelta(days=1))}"

    return say


def _distance_left(seen: Seen) -> str:
    return f"{-(seen.state.service_at_odometer - seen.state.odometer):.0f}"


def _fuel_used(seen: Seen) -> str | None:
    used = seen.demo("consumption_fuel")
    return f"{used * 10:.0f}" if used else None


def _energy_used(seen: Seen) -> str | None:
    used = seen.demo("consumption_electric")
    return f"{used * 10:.0f}" if used else None


_DOORS: Final = (
    (
        "front_left",
        "bc9bbc65-8461-30eb-88db-f94148552a20",
        "locked_state_front_left_door",
        "db6919e8-430a-35dc-a930-14d289be6985",
        "60a4f436-5534-32f4-b4cc-b5a88a9d4b91",
        "60fddd42-f4fe-3382-ba31-f04ce52d2ab4",
    ),
    (
        "front_right",
        "0bb971a6-12ef-3382-9b99-5ed0a52f18e9",
        "locked_state_front_right_door",
        "21e084ad-51bf-3461-a521-49a544720c91",
        "5fcf7d27-6b76-3de0-9ce9-f207370cdaff",
        "57cb3a0e-e9f1-32d1-bf19-dd5970230699",
    ),
    (
        "rear_left",
        "bf62dd10-b184-3425-a64c-c50b09420bc3",
        # So it is spelled.
        "locked_state__rear_left_door",
        "fc0dab76-59ca-31bd-8845-e4b39d485b71",
        "5fb120bb-ab59-38fc-8e03-9ae197c7a1ae",
        "0543e58f-cd49-3e63-9e00-3b2d27043a25",
    ),
    (
        "rear_right",
        "60c81e02-4825-3aab-8da8-b8b07f251623",
        "locked_state_rear_right_door",
        "6e36232f-4c55-3688-9948-a3a6ae056db1",
        "3ef13c1d-7e08-3cf4-b501-a8bda80cff78",
        "0bf3d84a-9164-3d1c-8191-ca6dbce848a7",
    ),
)
"""Place, key of opening, name and key of lock, keys of window and of its position."""
REAR_DOORS: Final = frozenset(
    key for _, opened, _, lock, _, _ in _DOORS[2:] for key in (opened, lock)
)
UNSUPPORTED: Final = "0"
_TYRES: Final = (
    ("front_left", "c4a26fd6-c08f-3921-bb8c-23fab6751c54"),
    ("front_right", "be03dca4-16fb-3072-82bd-17064bd423b9"),
    ("rear_left", "33d2c35b-8aac-3509-bb88-807682055b1b"),
    ("rear_right", "5f913493-351d-3aa8-a1c5-20506d9d7f9a"),
)


def _corner(name: str, corner: int) -> Say:
    return lambda seen: _CODES[getattr(seen.state, name)[corner]]


def _lock(seen: Seen) -> str:
    return _CODES[seen.state.locked]


def _opening(name: str) -> Say:
    return lambda seen: _CODES[getattr(seen.state, name)]


def _percent(corner: int) -> Say:
    return lambda seen: "100" if seen.state.windows[corner] else "0"


def _pressure(corner: int) -> Say:
    def say(seen: Seen) -> str:
        if Equipment.TYRE_PRESSURES not in seen.spec.equipment:
            return _INVALID
        return f"{seen.state.tyre_pressures[corner] * 10:.0f}"

    return say


def _corners() -> Iterator[Field]:
    for corner, row in enumerate(_DOORS):
        place, opened, lock_name, lock, window, position = row
        yield field(BODY, opened, f"open_state_{place}_door", _corner("doors", corner))
        yield field(BODY, lock, lock_name, _lock)
        name = f"{place}_door_window_lifter"
        yield field(BODY, window, f"state_{name}", _corner("windows", corner))
        yield field(BODY, position, f"position_{name}", _percent(corner))
    for corner, (place, key) in enumerate(_TYRES):
        yield field(BODY, key, f"tyre_pressure_actual_{place}", _pressure(corner))


def _sunroof(seen: Seen) -> str:
    if Equipment.SUNROOF not in seen.spec.equipment:
        return "0"
    return _CODES[seen.state.sunroof]


def _light(seen: Seen) -> str:
    state = seen.state
    return {
        (False, False): "2",
        (True, False): "3",
        (False, True): "4",
        (True, True): "5",
    }[state.light_left, state.light_right]


def _charger(key: str, name: str, say: Say) -> Field:
    return field(CHARGER, key, name, _plugged(say), CHARGING)


_INTERVAL: Final = "maintenance_interval_"

FIELDS: Final[tuple[Field, ...]] = (
    # The charger
    _charger(
        "c111830c-f959-30d2-859a-ea996190d864",
        "plug_state",
        lambda seen: "connected" if seen.state.plugged_in else "disconnected",
    ),
    _charger("9da735bb-c5d5-39f8-bf53-0fa2a367aa8f", "charging_state", _charging_state),
    _charger(
        "97c7b448-13e7-3266-a6be-7487caf1a354",
        "charging_mode",
        lambda seen: "AC" if seen.state.charging else "off",
    ),
    _charger("978be4ed-2f7f-32c0-8644-18e7b0dde741", "charging_power", _power),
    _charger("370c2092-d983-38e4-861f-91482b7cff54", "actual_charge_rate", _rate),
    _charger("cf28f7d9-6201-30b8-82e5-a461968d30dc", "remaining_charging_time", _left),
    _charger(
        "60bc0937-f5a7-3809-9535-9a7942e5dd94",
        "lock_state",
        lambda seen: "locked" if seen.state.plug_locked else "unlocked",
    ),
    field(
        CHARGER,
        "1c62bf0a-8088-332c-9399-3b8cb0573099",
        "remaining_climatisation_time",
        "10",
    ),
    field(CHARGER, "0f43f2e7-3556-36a9-8271-a60bc54afad8", "echo", "echo"),
    # Battery, tank and distance
    field(
        BODY,
        "ae0294b4-1286-3e98-a818-1485b8d88430",
        "state_of_charge",
        _plugged(_level),
    ),
    field(
        BODY,
        "f89ed652-d104-3fa6-b7e2-ab7543309e7b",
        "hv_soc",
        _plugged(_raw_level),
        CHARGING,
    ),
    field(
        BODY,
        "41c0805c-43e5-313e-9dfb-356cb8d20f7c",
        "mileage",
        lambda seen: f"{int(seen.state.odometer)}",
        MAINTENANCE,
    ),
    field(
        BODY,
        "55e0d40b-38ed-3cb5-9dcd-6193df6fc493",
        "cruising_range_primary_engine",
        _range_primary,
    ),
    field(
        BODY,
        "3dedefab-8ded-3f5a-907f-d5e9970720bf",
        "cruising_range_secondary_engine",
        _range_secondary,
    ),
    field(BODY, "153e8c40-4c6c-3c17-a11b-0ecc35d55b81", "cruising_range_combined", ""),
    field(
        BODY, "1503760b-5570-3001-8ffc-1bb6f464948e", "fuel_level_current_level", _fuel
    ),
    field(
        BODY,
        "3b1bdf91-8e59-333a-93ed-f8e5a980bc96",
        "short_term_data_average_electr_engine_consumption",
        _plugged(_energy_used),
    ),
    field(
        BODY,
        "df531c6f-8897-3236-a760-5975322e7021",
        "long_term_data_average_fuel_consumption",
        _fuelled(_fuel_used),
    ),
    # The body
    *_corners(),
    field(
        BODY,
        "dbb8f3b1-2bc9-3afc-a1d5-61f1eb04d1c4",
        "open_state_tailgate",
        _opening("boot"),
    ),
    field(BODY, "95380872-847c-39d7-857f-17cdea1579ce", "locked_state_tailgate", _lock),
    field(
        BODY,
        "e1c6d420-b439-3de6-a5b7-d0b474cc2752",
        "open_state_front_engine_bonnet",
        _opening("bonnet"),
    ),
    field(
        BODY,
        "cff28415-8084-34e0-ad91-db191e5ff3b6",
        "state_sunroof_motor_hood_1",
        _sunroof,
    ),
    field(
        BODY,
        "6810b781-e54a-35e8-af98-fcdefb54bac6",
        "outside_temperature",
        _temperature,
    ),
    field(
        BODY,
        "f8bbe94d-06e1-3311-bf8f-c0c99cc67d48",
        "parking_brake",
        lambda seen: "0" if seen.state.moving else "1",
        PARKING,
    ),
    field(
        BODY, "c17ead4f-09b8-357f-ac2b-38c448ab88c4", "parking_lights", _light, PARKING
    ),
    field(BODY, "053496dc-0a8e-3e0c-93fd-055e622d3f99", "bem_level", "0", CHARGING),
    field(
        BODY,
        "fd600221-7965-3396-96d7-82a840a2831c",
        f"{_INTERVAL}_time_until_inspection",
        _days("inspection_due_at"),
        MAINTENANCE,
    ),
    field(
        BODY,
        "ac86e00b-7fa1-3a59-b481-aa7cfc49b0d9",
        f"{_INTERVAL}distance_until_inspection",
        _distance_left,
        MAINTENANCE,
    ),
    field(
        BODY,
        "42b1c47b-e1d1-375f-a76f-32ab0177f03e",
        f"{_INTERVAL}_time_until_oil_change",
        _fuelled(_days("service_due_at")),
        MAINTENANCE,
    ),
    field(
        BODY,
        "d9f36adc-1840-37da-8ca1-7c2d789bcf9e",
        f"{_INTERVAL}distance_until_oil_change",
        _fuelled(_distance_left),
        MAINTENANCE,
    ),
)
