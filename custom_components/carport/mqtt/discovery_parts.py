"""What discovery announces of timers, of choices about a car, and of accounts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from ..car.limits import Limits
from ..car.signals import SCHEDULE
from ..engine import GarageCar, timer_limits, timer_numbers
from .entity_rows import EntityRow
from .layout import BridgeCar
from .own import OwnLayout
from .schedule_controls import ALL_TIMERS

type Component = dict[str, Any]

_FLAG: Final = "{{ value_json.%s | string | lower if value_json else 'None' }}"
_SLOT: Final = (
    "{%% set slot = ((value_json or {}).get('slots', []) "
    "| selectattr('number', 'eq', %d) | list + [none])[0] %%}"
)
_ENABLED: Final = (
    "{{ 'None' if not value_json else 'true' if slot and slot.enabled else 'false' }}"
)
_BEGINS: Final = (
    "{{ 'None' if not slot else slot.departure or "
    "(slot.charge_window.start if slot.charge_window else 'None') }}"
)
_TOLD: Final = (
    "{{ (dict(number=%d) if not slot else dict(number=%d, days=slot.days, "
    "once_on=slot.once_on, charge=slot.charge or slot.charge_window is not none, "
    "climate=slot.climate, "
    "window_start=slot.charge_window.start if slot.charge_window else none, "
    "window_end=slot.charge_window.end if slot.charge_window else none)) | tojson }}"
)
_OF_ACCOUNTS: Final = {
    "calls_left": "{{ value_json.calls_left }}",
    "calls_left_runs_out_at": "{{ value_json.calls_left_runs_out_at }}",
    "throttled": "{{ value_json.throttled | string | lower }}",
}


def rows_of(car: GarageCar, rows: tuple[EntityRow, ...]) -> Iterator[EntityRow]:
    """Yield the rows of a car; one for each number that a timer of it may have."""
    limits, numbers = timer_limits(car), set(timer_numbers(car))
    if limits is not None:
        numbers |= set(range(1, limits.slots + 1))
    for row in rows:
        if row.of == "car":
            yield row
        elif row.of == "timer":
            for number in sorted(numbers):
                key = row.key.format(number=number)
                yield replace(row, key=key, number=number)


def timer_switch(own: OwnLayout, car: BridgeCar, row: EntityRow) -> Component | None:
    """Return the switch of one timer, or of all of them."""
    limits, schedule = timer_limits(car.car), car.car.shown(SCHEDULE)
    if limits is None or schedule is None:
        return None
    made: Component = {
        "state_topic": own.path(car, SCHEDULE.key),
        "state_on": "true",
        "state_off": "false",
        "payload_on": "on",
        "payload_off": "off",
        "command_topic": own.path(car, "set", row.key),
    }
    if row.key == ALL_TIMERS:
        if not limits.main_switch:
            return None
        return {**made, "value_template": _FLAG % "active"}
    if not limits.slot_switch or row.number not in timer_numbers(car.car):
        return None
    return {**made, **_of_slot(own, car, row.number, _ENABLED)}


def timer_time(own: OwnLayout, car: BridgeCar, row: EntityRow) -> Component | None:
    """Return the time of one timer."""
    if row.number is None or row.number not in timer_numbers(car.car):
        return None
    return {
        "state_topic": own.path(car, SCHEDULE.key),
        "command_topic": own.path(car, "set", row.key),
        **_of_slot(own, car, row.number, _BEGINS),
    }


def _of_slot(
    own: OwnLayout, car: BridgeCar, number: int | None, state: str
) -> Component:
    """Return the templates of one timer: its state, and what else there is to say."""
    slot = _SLOT % number
    return {
        "value_template": slot + state,
        "json_attributes_topic": own.path(car, SCHEDULE.key),
        "json_attributes_template": slot + _TOLD % (number, number),
    }


def choice(own: OwnLayout, car: BridgeCar, row: EntityRow) -> Component:
    """Return a choice about a car that no car hears of."""
    return {
        "state_topic": own.path(car, row.key),
        "value_template": "{{ 'None' if value == 'null' else value }}",
        "command_topic": own.path(car, "set", row.key),
    }


def bounds_of(limits: Limits) -> tuple[float, float] | None:
    """Return the lowest and highest number; None where the car takes none."""
    if limits.numbers:
        return min(limits.numbers), max(limits.numbers)
    if limits.low is None or limits.high is None:
        return None
    return limits.low, limits.high


def account_component(topic: str, row: EntityRow, *, counts: bool) -> Component | None:
    """Return one entity of an account; calls are told where anybody counts them."""
    if row.platform == "sensor" and not counts:
        return None
    made: Component = {
        "state_topic": topic,
        "value_template": _OF_ACCOUNTS[row.key],
    }
    if row.platform == "binary_sensor":
        made |= {
            "payload_on": "true",
            "payload_off": "false",
            "json_attributes_topic": topic,
            "json_attributes_template": (
                "{{ dict(readings_paused_until=value_json.readings_paused_until, "
                "commands_paused_until=value_json.commands_paused_until) | tojson }}"
            ),
        }
    return made
