"""The demo's dashboard, made from what the registries hold: it names nothing missing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from .car_page import car_page, icon, timers
from .cards import FULL, WHOLE, Card, Tile, badge, group, heading, named, tiles
from .registry import Device

URL: Final = "carport-demo"
TITLE: Final = "Carport"

_WELCOME: Final = """\
# Carport's demo
{cars} cars of {services} services, **one set of keys**. The cars and their clouds are simulated; \
Home Assistant and Carport are real. Lock a car: it shows *locking* until the car itself \
has shown that it did it, some twenty of its seconds later. The heading of a car leads to \
everything it can say."""

_ABREAST: Final = 4
"""How many cars stand side by side where there is room."""
_CALENDAR: Final = "schedule"
_BAR: Final = {"type": "bar-gauge", "min": 0, "max": 100}
_OVERVIEW: Final = (
    Tile(keys=("battery_level",), columns=FULL, features=(_BAR,)),
    Tile(keys=("fuel_level",), columns=FULL, features=(_BAR,)),
    Tile(keys=("charging_state", "odometer")),
    Tile(keys=("range_total", "range_electric", "range_fuel")),
    Tile(keys=("doors",), columns=FULL, features=({"type": "lock-commands"},)),
    Tile(
        keys=("climate", "auxiliary_heating"),
        columns=FULL,
        features=({"type": "climate-hvac-modes"},),
    ),
    Tile(keys=("charge_control",), columns=FULL, features=({"type": "toggle"},)),
    Tile(keys=("location", "unsecured", "health", "charge_mode")),
    Tile(keys=("data_age", "captured_at")),
)


def config(cars: Sequence[Device], accounts: Sequence[Device]) -> dict[str, Any]:
    """Return the whole dashboard."""
    groups = {
        account.name: [car for car in cars if car.entry_id == account.entry_id]
        for account in accounts
    }
    return {
        "title": TITLE,
        "views": [
            _garage(groups),
            _map(groups),
            _timers(cars),
            _history(cars),
            _receipts(cars, accounts),
            *(car_page(car) for car in cars),
        ],
    }


def _view(title: str, path: str, icon_name: str, **content: Any) -> dict[str, Any]:
    return {
        "title": title,
        "path": path,
        "icon": icon_name,
        "type": "sections",
        "max_columns": 3,
        **content,
    }


def _garage(groups: Mapping[str, Sequence[Device]]) -> dict[str, Any]:
    """Show every car: what it holds, where it is, and what can be asked of it."""
    welcome = _WELCOME.format(cars=sum(map(len, groups.values())), services=len(groups))
    return _view(
        "Garage",
        "garage",
        "mdi:garage-variant",
        max_columns=_ABREAST,
        header={
            "layout": "responsive",
            "badges_position": "bottom",
            "card": {"type": "markdown", "text_only": True, "content": welcome},
        },
        badges=[
            {**card, "show_name": True, "show_state": True, "show_icon": True}
            for cars in groups.values()
            for card in named(cars, "unsecured")
        ],
        sections=[
            {"type": "grid", "cards": _car(car, service)}
            for service, cars in groups.items()
            for car in cars
        ],
    )


def _car(car: Device, service: str) -> list[Card]:
    page = {"action": "navigate", "navigation_path": f"/{URL}/{car.path}"}
    return [
        heading(
            car.name,
            icon(car),
            [*badge(car, "plugged_in"), *badge(car, "channel", show_state=True)],
            tap_action=page,
        ),
        heading(_service(service), "mdi:cloud-outline", heading_style="subtitle"),
        *tiles(car, _OVERVIEW),
    ]


def _service(account: str) -> str:
    """Return an account's name without whose it is."""
    return account.partition(" (")[0]


def _map(groups: Mapping[str, Sequence[Device]]) -> dict[str, Any]:
    """Show where the cars of each account are, and have been."""
    return _view(
        "Map",
        "map",
        "mdi:map",
        sections=[
            section
            for service, cars in groups.items()
            if (places := named(cars, "location"))
            for section in group(
                service,
                "mdi:map-marker",
                [
                    {
                        "type": "map",
                        "entities": [
                            {**place, "label_mode": "icon"} for place in places
                        ],
                        "hours_to_show": 6,
                        "grid_options": {"columns": FULL, "rows": 10},
                    },
                    *(
                        {"type": "tile", **place, "grid_options": {"columns": 4}}
                        for place in places
                    ),
                ],
            )
        ],
    )


def _timers(cars: Sequence[Device]) -> dict[str, Any]:
    """Show what every car is set for: on one calendar, and timer by timer."""
    calendars = [card["entity"] for card in named(cars, _CALENDAR)]
    calendar = {
        "type": "calendar",
        "initial_view": "dayGridMonth",
        "entities": calendars,
        "grid_options": {"columns": WHOLE, "rows": 10},
    }
    return _view(
        "Timers",
        "timers",
        "mdi:calendar-clock",
        sections=[
            *group(
                "All timers",
                "mdi:calendar-month",
                [calendar] if calendars else [],
                span=2,
            ),
            *(
                section
                for car in cars
                for section in group(car.name, icon(car), timers(car))
            ),
        ],
    )


_GRAPHS: Final = (
    ("Battery and fuel", "mdi:battery-charging-70", ("battery_level", "fuel_level")),
    (
        "Range",
        "mdi:map-marker-distance",
        ("range_total", "range_electric", "range_fuel"),
    ),
    ("Outside temperature", "mdi:thermometer", ("outside_temperature",)),
    ("Charging power", "mdi:ev-station", ("charging_power",)),
    ("Age of the data", "mdi:update", ("data_age",)),
    ("Charging", "mdi:ev-plug-type2", ("charging_state",)),
    ("Doors", "mdi:car-door-lock", ("doors",)),
    ("Places", "mdi:map-marker", ("location",)),
)


def _history(cars: Sequence[Device]) -> dict[str, Any]:
    """Show the same keys of all cars in the same graphs."""
    return _view(
        "History",
        "history",
        "mdi:chart-line",
        max_columns=2,
        sections=[
            section
            for title, icon_name, keys in _GRAPHS
            for section in group(
                title,
                icon_name,
                [
                    {
                        "type": "history-graph",
                        "entities": named(cars, *keys),
                        "hours_to_show": 0.25,
                        "grid_options": {"columns": FULL},
                    }
                ],
            )
        ],
    )


_RECEIPTS: Final = """\
| Car | Command | Outcome | Why | Proof captured by the car |
|:--|:--|:--|:--|:--|
{{%- for car, entity in {rows} if state_attr(entity, 'command') %}}
| {{{{ car }}}} | {{{{ state_attr(entity, 'command') | replace('_', ' ') }}}} \
| **{{{{ state_attr(entity, 'outcome') | replace('_', ' ') }}}}** \
| {{{{ state_attr(entity, 'reason') | default('', true) | replace('_', ' ') }}}} \
| {{{{ (state_attr(entity, 'captured_at') | as_datetime | as_local)\
.strftime('%a %H:%M:%S') if state_attr(entity, 'captured_at') else '' }}}} |
{{%- else %}}
| *no command yet* | | | | |
{{%- endfor %}}
"""
_ACCOUNT: Final = (
    Tile(keys=("throttled",)),
    Tile(keys=("calls_left",)),
    Tile(keys=("calls_left_runs_out_at",), columns=FULL),
)
_CHANNEL: Final = (
    Tile(keys=("channel",)),
    Tile(keys=("data_stale",)),
)


def _receipts(cars: Sequence[Device], accounts: Sequence[Device]) -> dict[str, Any]:
    """Show what became of commands, and how the accounts are."""
    events = named(cars, "last_command")
    rows = [(event["name"], event["entity"]) for event in events]
    return _view(
        "Receipts",
        "receipts",
        "mdi:receipt-text-check-outline",
        sections=[
            *group(
                "Last receipts",
                "mdi:receipt-text-check-outline",
                [
                    {
                        "type": "markdown",
                        "content": _RECEIPTS.format(rows=rows),
                        "grid_options": {"columns": WHOLE},
                    }
                ],
                span=3,
            ),
            *(
                section
                for account in accounts
                for section in group(
                    account.name,
                    "mdi:account-key",
                    [
                        *tiles(account, _ACCOUNT),
                        *(
                            card
                            for car in cars
                            if car.entry_id == account.entry_id
                            for card in _channel(car)
                        ),
                    ],
                )
            ),
            *group(
                "All commands",
                "mdi:format-list-bulleted",
                [
                    {
                        "type": "logbook",
                        "target": {"entity_id": [row[1] for row in rows]},
                        "hours_to_show": 24,
                        "grid_options": {"columns": FULL, "rows": 9},
                    }
                ],
            ),
        ],
    )


def _channel(car: Device) -> list[Card]:
    return [
        heading(car.name, icon(car), heading_style="subtitle"),
        *tiles(car, _CHANNEL),
    ]
