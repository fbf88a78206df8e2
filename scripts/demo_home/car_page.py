"""The page of one car: everything it says, sorted as a person would look for it."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from .cards import FULL, Card, Tile, every, first, group, tiles
from .config_dir import PICTURE
from .registry import Device

_ICONS: Final = (
    ({"battery_level", "fuel_level"}, "mdi:car-electric-outline"),
    ({"battery_level"}, "mdi:car-electric"),
    (set[str](), "mdi:car"),
)
_PLACES: Final = {
    # Seen from above, the front to the right: per cent from the left and from the top.
    "door_front_left": (59, 25),
    "door_rear_left": (41, 25),
    "door_front_right": (59, 75),
    "door_rear_right": (41, 75),
    "window_front_left": (59, 37),
    "window_rear_left": (41, 37),
    "window_front_right": (59, 63),
    "window_rear_right": (41, 63),
    "sunroof": (48, 50),
    "boot": (15, 50),
    "bonnet": (82, 50),
    "charge_flap": (22, 26),
    "lights": (94, 50),
}
_TYRES: Final = {
    "tyre_pressure_front_left": (76, 9),
    "tyre_pressure_rear_left": (25, 9),
    "tyre_pressure_front_right": (76, 92),
    "tyre_pressure_rear_right": (25, 92),
}
_TOGGLE: Final = ({"type": "toggle"},)
_NUMBER: Final = ({"type": "numeric-input"},)
_OPTIONS: Final = ({"type": "select-options"},)

_BODY: Final = (
    Tile(keys=("doors",), columns=FULL, features=({"type": "lock-commands"},)),
    Tile(keys=("unsecured",)),
    Tile(keys=("doors_open",)),
    Tile(keys=("windows_open",)),
    Tile(keys=("plugged_in",)),
    Tile(keys=("flash",)),
    Tile(keys=("honk_flash",)),
)
_ENERGY: Final = (
    Tile(keys=("charging_state",)),
    Tile(keys=("charging_power",)),
    Tile(keys=("range_electric", "range_fuel")),
    Tile(keys=("range_total", "odometer")),
    Tile(keys=("charge_control",), columns=FULL, features=_TOGGLE),
    Tile(keys=("charge_limit",), columns=FULL, features=_NUMBER),
    Tile(keys=("charge_limit_min",), columns=FULL, features=_NUMBER),
    Tile(keys=("select.max_charge_current",), columns=FULL, features=_OPTIONS),
    Tile(keys=("charge_mode",), columns=FULL, features=_OPTIONS),
    Tile(keys=("consumption_electric", "consumption_fuel")),
    Tile(keys=("energy_charged", "fuel_volume")),
)
_CLIMATE: Final = (
    Tile(keys=("defrost",), columns=FULL, features=_TOGGLE),
    Tile(keys=("window_heating",), columns=FULL, features=_TOGGLE),
    Tile(keys=("auxiliary_heating",), columns=FULL, features=_TOGGLE),
    Tile(keys=("ventilation",), columns=FULL, features=_TOGGLE),
    Tile(keys=("climate_on_battery",), columns=FULL, features=_TOGGLE),
    Tile(keys=("inside_temperature",)),
    Tile(keys=("outside_temperature",)),
)
_TRIPS: Final = (
    Tile(keys=("location",)),
    Tile(keys=("odometer",)),
    Tile(keys=("last_trip_distance",)),
    Tile(keys=("last_trip_duration",)),
    Tile(keys=("last_trip_consumption_electric",)),
    Tile(keys=("last_trip_consumption_fuel",)),
)
_HEALTH: Final = (
    Tile(keys=("health",)),
    Tile(keys=("warning_lights",)),
    Tile(keys=("service_due_distance",)),
    Tile(keys=("inspection_due_distance", "oil_service_due_distance")),
    Tile(keys=("oil_level",)),
    Tile(keys=("adblue_range",)),
    Tile(keys=("tyre_problem",)),
    Tile(keys=("battery_12v_voltage",)),
    Tile(keys=("battery_12v_low",)),
)
_DATA: Final = (
    Tile(keys=("channel",)),
    Tile(keys=("data_stale",)),
    Tile(keys=("poll_profile",), columns=FULL, features=_OPTIONS),
    Tile(keys=("refresh",)),
    Tile(keys=("wake",)),
)
_TIMES: Final = (
    "captured_at",
    "parked_at",
    "last_trip_ended_at",
    "charge_complete_at",
    "climate_until",
    "service_due_at",
    "inspection_due_at",
)


def icon(car: Device) -> str:
    """Return a picture for a car, by what it reports to run on."""
    return next(name for keys, name in _ICONS if keys <= car.entities.keys())


def car_page(car: Device) -> dict[str, Any]:
    """Make the page, which a car's heading on the overview leads to."""
    return {
        "title": _title(car),
        "path": car.path,
        "icon": icon(car),
        "type": "sections",
        "subview": True,
        "max_columns": 3,
        "sections": [
            *group(
                "Body",
                icon(car),
                [*_photograph(car), *_picture(car), *tiles(car, _BODY)],
            ),
            *group(
                "Energy", "mdi:lightning-bolt", [*_levels(car), *tiles(car, _ENERGY)]
            ),
            *group(
                "Climate", "mdi:thermostat", [*_thermostat(car), *tiles(car, _CLIMATE)]
            ),
            *group("Timers", "mdi:calendar-clock", [*_calendar(car), *timers(car)]),
            *group("Trips", "mdi:road-variant", tiles(car, _TRIPS)),
            *group("Health", "mdi:wrench", tiles(car, _HEALTH)),
            *group("Data and receipts", "mdi:receipt-text-check", _data(car)),
        ],
    }


def _title(car: Device) -> str:
    """Name the car, and its model where the name does not say it."""
    if car.model is None or car.model in car.name:
        return car.name
    return f"{car.name} · {car.model}"


def timers(car: Device) -> Iterator[Card]:
    """Show the switch over them all, then each with its own and its time beside it."""
    yield from tiles(car, (Tile(keys=("timers",), columns=FULL, features=_TOGGLE),))
    for number in count(1):
        rows = (
            Tile(keys=(f"timer_{number}",)),
            Tile(keys=(f"timer_{number}_time",)),
        )
        if not (cards := list(tiles(car, rows))):
            return
        yield from cards


def _calendar(car: Device) -> list[Card]:
    """List what the timers come to within a week."""
    entity = first(car, ("schedule",))
    if entity is None:
        return []
    return [
        {
            "type": "calendar",
            "initial_view": "listWeek",
            "entities": [entity],
            "grid_options": {"columns": FULL, "rows": 6},
        }
    ]


def _photograph(car: Device) -> list[Card]:
    """Show the maker's own picture of the car."""
    entity = first(car, ("picture",))
    if entity is None:
        return []
    return [
        {
            "type": "picture-entity",
            "entity": entity,
            "show_name": False,
            "show_state": False,
            "grid_options": {"columns": FULL},
        }
    ]


def _picture(car: Device) -> list[Card]:
    """Draw the car from above, with what is open and the pressure of its tyres."""
    icons = [
        _at("state-icon", car.entities[key], place)
        for key, place in _PLACES.items()
        if key in car.entities
    ]
    labels = [
        _at("state-label", car.entities[key], place)
        for key, place in _TYRES.items()
        if key in car.entities
    ]
    if not icons:
        return []
    return [
        {
            "type": "picture-elements",
            "image": f"/local/{PICTURE}",
            "elements": [*icons, *labels],
            "grid_options": {"columns": FULL},
        }
    ]


def _at(kind: str, entity: str, place: tuple[int, int]) -> dict[str, Any]:
    left, top = place
    style = {
        "left": f"{left}%",
        "top": f"{top}%",
        "padding": "0",
        "font-size": "85%",
        # What is shut stands back, so that what is open catches the eye.
        "--paper-item-icon-color": "var(--secondary-text-color)",
        "--state-icon-color": "var(--secondary-text-color)",
    }
    return {"type": kind, "entity": entity, "style": style}


def _levels(car: Device) -> list[Card]:
    """Show battery and tank as gauges."""
    levels = every(car, ("battery_level", "fuel_level"))
    return [
        {
            "type": "gauge",
            "entity": entity,
            "name": {"type": "entity"},
            "needle": True,
            "severity": {"green": 40, "yellow": 20, "red": 0},
            "grid_options": {"columns": FULL // len(levels), "rows": 4},
        }
        for entity in levels
    ]


def _thermostat(car: Device) -> list[Card]:
    entity = first(car, ("climate",))
    if entity is None:
        return []
    return [
        {
            "type": "thermostat",
            "entity": entity,
            "name": {"type": "entity"},
            "features": [{"type": "climate-hvac-modes"}],
        }
    ]


def _data(car: Device) -> list[Card]:
    """Show how fresh everything is, and what became of the last commands."""
    cards = list(tiles(car, _DATA))
    if times := every(car, _TIMES):
        # Not "in an hour": the cars' clock may be ahead of the visitor's.
        rows = [
            {"entity": entity, "name": {"type": "entity"}, "format": "datetime"}
            for entity in times
        ]
        cards.append({"type": "entities", "entities": rows})
    if receipts := every(car, ("last_command",)):
        cards.append(
            {
                "type": "logbook",
                "target": {"entity_id": receipts},
                "hours_to_show": 24,
                "grid_options": {"columns": FULL, "rows": 5},
            }
        )
    return cards
