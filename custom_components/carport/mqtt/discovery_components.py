"""What discovery announces of a car: a component for each entity of the integration."""

from collections.abc import Callable, Mapping
from typing import Final

from ..car.commands import CommandKind
from ..car.limits import Limits
from ..car.signals import (
    CLIMATE_ACTIVE,
    INSIDE_TEMPERATURE,
    LOCATION,
    PARKED_LOCATION,
    TARGET_TEMPERATURE,
)
from .announced import PICTURE
from .discovery_parts import Component, bounds_of, choice, timer_switch, timer_time
from .entity_rows import EntityRow
from .layout import BridgeCar
from .own import OwnLayout
from .permissions import REFRESH, allows
from .preferences import DURATIONS, POLL_PROFILE
from .requests import CONTROLS
from .schedule_controls import ALL_TIMERS

_PLAIN: Final = "{{ 'None' if value == 'null' else value }}"
_FORMS: Final[Mapping[str, str]] = {
    "plain": _PLAIN,
    "count": "{{ 'None' if value == 'null' else value_json | length }}",
    "day": (
        "{{ 'None' if value == 'null' else (value | as_datetime | as_local).date() }}"
    ),
}
_NUMBER_OF_WORD: Final = "{{ value if is_number(value) else 'None' }}"
_MODES: Final = (
    "{{ 'heat_cool' if value == 'true' else 'off' if value == 'false' else 'None' }}"
)
_LOCK_STATE: Final = (
    "{{ 'LOCKED' if value == 'true' else 'UNLOCKED' if value == 'false' else 'None' }}"
)
_NO_LIMITS: Final = Limits()


_OF_THE_DATA: Final[Mapping[str, tuple[str, str]]] = {
    "captured_at": (
        "state",
        # To five minutes, as the integration tells it.
        (
            "{{ as_datetime((as_timestamp(value_json.captured_at) // 300) * 300) "
            "if value_json.captured_at else 'None' }}"
        ),
    ),
    "channel": ("channel", "{{ value_json.state or 'None' }}"),
    "data_stale": (
        "state",
        "{{ value_json.stale | string | lower if value_json.captured_at else 'None' }}",
    ),
}
"""Entities about the data itself: the topic, and how its JSON becomes the state."""


class CarComponents:
    """Makes the components of cars, of topics of the own layout."""

    def __init__(self, own: OwnLayout) -> None:
        """Know the topics."""
        self._own = own
        self._makers: Final[
            Mapping[str, Callable[[BridgeCar, EntityRow], Component | None]]
        ] = {
            "sensor": self._sensor,
            "binary_sensor": self._binary_sensor,
            "switch": self._switch,
            "time": self._time,
            "number": self._number,
            "image": self._image,
            "select": self._select,
            "button": self._button,
            "lock": self._lock,
            "climate": self._climate,
            "device_tracker": self._tracker,
            "event": self._event,
        }
        """What makes the component of an entity, by its platform."""

    def component(self, car: BridgeCar, row: EntityRow) -> Component | None:
        """Return one entity; None where a car lacks it, or its owner keeps it back."""
        return self._makers[row.platform](car, row)

    def _state(self, car: BridgeCar, key: str) -> str:
        return self._own.path(car, key)

    def _set(self, car: BridgeCar, key: str) -> str:
        return self._own.path(car, "set", key)

    def _allowed(self, car: BridgeCar, *kinds: CommandKind) -> bool:
        """Return whether a car takes one of some commands, and may be told it."""
        commands = car.car.commands
        return any(
            kind in commands and allows(car.settings.commands, kind, commands[kind])
            for kind in kinds
        )

    # A maker for each platform

    def _sensor(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if not row.signals:
            topic, template = _OF_THE_DATA[row.key]
            made: Component = {
                "state_topic": self._state(car, topic),
                "value_template": template,
            }
            if topic == "channel":
                made["json_attributes_topic"] = self._state(car, topic)
            return made
        (signal,) = row.signals
        if not _tells(car, signal):
            return None
        made = {
            "state_topic": self._state(car, signal),
            "value_template": _FORMS[row.form],
        }
        if row.attribute is not None and _tells(car, row.attribute[1]):
            name, source = row.attribute
            made["json_attributes_topic"] = self._state(car, source)
            made["json_attributes_template"] = (
                f"{{{{ {{'{name}': value_json or []}} | tojson }}}}"
            )
        return made

    def _binary_sensor(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if not row.signals:
            topic, template = _OF_THE_DATA[row.key]
            return {
                "state_topic": self._state(car, topic),
                "value_template": template,
                "payload_on": "true",
                "payload_off": "false",
            }
        (signal,) = row.signals
        if not _tells(car, signal):
            return None
        on, off = ("false", "true") if row.inverted else ("true", "false")
        return {
            "state_topic": self._state(car, signal),
            "value_template": _PLAIN,
            "payload_on": on,
            "payload_off": off,
        }

    def _switch(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if row.key == ALL_TIMERS or row.number is not None:
            if not self._allowed(car, CommandKind.SET_SCHEDULE):
                return None
            return timer_switch(self._own, car, row)
        if not self._allowed(car, *CONTROLS[row.key].kinds):
            return None
        return {
            "state_topic": self._state(car, row.signals[0]),
            "value_template": _PLAIN,
            "state_on": "true",
            "state_off": "false",
            "payload_on": "on",
            "payload_off": "off",
            "command_topic": self._set(car, row.key),
        }

    def _number(self, car: BridgeCar, row: EntityRow) -> Component | None:
        kind = DURATIONS.get(row.key) or CONTROLS[row.key].kinds[0]
        limits = car.car.commands.get(kind, _NO_LIMITS)
        bounds = bounds_of(limits)
        if bounds is None or not self._allowed(car, kind):
            return None
        span = {"min": bounds[0], "max": bounds[1], "step": limits.step or 1}
        if row.key in DURATIONS:
            return {**choice(self._own, car, row), **span}
        told = [signal for signal in row.signals if _tells(car, signal)]
        # Where a car says a word for it, that is newer than the number.
        signal = told[-1] if told else row.signals[0]
        return {
            "state_topic": self._state(car, signal),
            "value_template": _NUMBER_OF_WORD,
            "command_topic": self._set(car, row.key),
            "command_template": "{{ value }}",
            **span,
        }

    def _time(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if not self._allowed(car, CommandKind.SET_SCHEDULE):
            return None
        return timer_time(self._own, car, row)

    def _image(self, car: BridgeCar, row: EntityRow) -> Component | None:
        """Return the picture; it is fetched when somebody says so, as it costs a call."""
        channels = car.car.channels.values()
        if not any(one.service.info.pictures for one in channels):
            return None
        if REFRESH not in car.settings.commands:
            return None
        made: Component = {"image_topic": self._state(car, PICTURE)}
        if (known := self._own.pictures.get(car.topic)) is not None:
            made["content_type"] = known.content_type
        return made

    def _select(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if row.key == POLL_PROFILE:
            if REFRESH not in car.settings.commands:
                return None
            return choice(self._own, car, row)
        (kind,) = CONTROLS[row.key].kinds
        limits = car.car.commands.get(kind, _NO_LIMITS)
        if not limits.words or not self._allowed(car, kind):
            return None
        return {
            "state_topic": self._state(car, row.signals[0]),
            "value_template": _PLAIN,
            "command_topic": self._set(car, row.key),
            "options": [*(f"{one:g}" for one in limits.numbers), *limits.words],
        }

    def _button(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if row.key == REFRESH:
            allowed = REFRESH in car.settings.commands
        else:
            control = CONTROLS[row.key]
            limits = car.car.commands.get(control.kinds[0])
            allowed = (
                limits is not None
                and self._allowed(car, *control.kinds)
                and control.build("press").violation(limits) is None
            )
        if not allowed:
            return None
        return {"command_topic": self._set(car, row.key), "payload_press": "press"}

    def _lock(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if not self._allowed(car, *CONTROLS[row.key].kinds):
            return None
        return {
            "state_topic": self._state(car, "doors_locked"),
            "value_template": _LOCK_STATE,
            "payload_lock": "lock",
            "payload_unlock": "unlock",
            "command_topic": self._set(car, row.key),
        }

    def _climate(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if not self._allowed(car, CommandKind.START_CLIMATE):
            return None
        commands = car.car.commands
        can_stop = CommandKind.STOP_CLIMATE in commands
        made: Component = {
            "modes": ["off", "heat_cool"] if can_stop else ["heat_cool"],
            "mode_command_topic": self._set(car, row.key),
            "mode_state_topic": self._state(car, CLIMATE_ACTIVE.key),
            "mode_state_template": _MODES,
            "temperature_unit": "C",
        }
        if _tells(car, INSIDE_TEMPERATURE.key):
            made["current_temperature_topic"] = self._state(car, INSIDE_TEMPERATURE.key)
            made["current_temperature_template"] = _PLAIN
        if self._allowed(car, CommandKind.SET_TEMPERATURE):
            limits = commands[CommandKind.SET_TEMPERATURE]
            made |= {
                "temperature_command_topic": self._set(car, TARGET_TEMPERATURE.key),
                "temperature_state_topic": self._state(car, TARGET_TEMPERATURE.key),
                "temperature_state_template": _PLAIN,
            }
            for name, value in (
                ("min_temp", limits.low),
                ("max_temp", limits.high),
                ("temp_step", limits.step),
            ):
                if value is not None:
                    made[name] = value
        return made

    def _tracker(self, car: BridgeCar, row: EntityRow) -> Component | None:
        if not any(_tells(car, signal.key) for signal in (LOCATION, PARKED_LOCATION)):
            return None
        return {
            "json_attributes_topic": self._state(car, "place"),
            "source_type": "gps",
        }

    def _event(self, car: BridgeCar, row: EntityRow) -> Component | None:
        types = row.options["event_types"]
        if not any(
            allows(car.settings.commands, kind, limits)
            for kind, limits in car.car.commands.items()
        ):
            return None
        return {
            "state_topic": self._state(car, "receipt"),
            "value_template": (
                f"{{% if value_json.outcome in {types!r} %}}"
                "{{ dict(value_json, event_type=value_json.outcome) | tojson }}"
                "{% endif %}"
            ),
        }


def _tells(car: BridgeCar, key: str) -> bool:
    """Return whether a signal was ever heard of a car, and may go out."""
    return key in car.car.snapshot.readings and car.settings.tells(key)
