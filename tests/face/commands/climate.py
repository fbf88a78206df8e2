"""The rows about the cabin: climate, glass, heater and fan."""

from datetime import UTC, datetime
from typing import Final

import pytest

from custom_components.carport.car.commands import CommandKind

from .cases import (
    CommandCase,
    Look,
    bounded,
    climate_due,
    heard,
    press,
    state,
    unbounded,
)

_START: Final = CommandKind.START_CLIMATE
_STOP: Final = CommandKind.STOP_CLIMATE
_SCHEDULE: Final = CommandKind.SCHEDULE_CLIMATE
_UNTOLD: Final = frozenset({"i_remote"})
"""Nothing that can be read from there says whether the cabin is conditioned."""
_EVENING: Final = datetime(2026, 11, 21, 18, 15, tzinfo=UTC)
_RUNS_OUT: Final = 1900.0
"""Seconds after which climate is off by itself, where nothing else stops it."""


def _warm(degrees: float) -> Look:
    """Expect climate with a target; some clouds think in whole degrees Fahrenheit."""
    return state(
        climate_active=True, target_temperature=pytest.approx(degrees, abs=0.3)
    )


def _planned(start: datetime | None) -> Look:
    """Expect when climate is to start: of that, only the cloud knows."""
    return lambda sight: climate_due(sight.owner) == start


CABIN: Final = (
    CommandCase(
        kind=_START,
        press=press("climate.set_hvac_mode", "climate", hvac_mode="heat_cool"),
        seen=state(climate_active=True),
        shown=("climate", "climate", "heat_cool"),
        hidden=_UNTOLD,
    ),
    CommandCase(
        kind=CommandKind.SET_TEMPERATURE,
        press=press("climate.set_temperature", "climate", temperature=19),
        seen=_warm(19),
        shown=("climate", "climate", "heat_cool"),
    ),
    CommandCase(
        kind=_STOP,
        press=press("climate.set_hvac_mode", "climate", hvac_mode="off"),
        seen=state(climate_active=False),
        shown=("climate", "climate", "off"),
        soon=True,
    ),
    CommandCase(
        kind=_START,
        press=press("carport.start_climate", temperature=23.5),
        seen=_warm(23.5),
        shown=("climate", "climate", "heat_cool"),
        fits=bounded(_START),
    ),
    CommandCase(
        kind=_START,
        press=press("carport.start_climate"),
        seen=state(climate_active=True),
        fits=unbounded(_START),
        rest=_RUNS_OUT,
    ),
    CommandCase(
        kind=_STOP,
        press=press("carport.stop_climate"),
        seen=state(climate_active=False),
        shown=("climate", "climate", "off"),
        soon=True,
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("carport.schedule_climate", at=_EVENING.isoformat()),
        seen=_planned(_EVENING),
        shown=("binary_sensor", "climate_scheduled", "on"),
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("carport.schedule_climate"),
        seen=_planned(None),
        shown=("binary_sensor", "climate_scheduled", "off"),
    ),
)

GLASS: Final = (
    *(
        CommandCase(
            kind=CommandKind.SET_DEFROST,
            press=press(f"switch.turn_{word}", "defrost"),
            seen=state(defrost=word == "on"),
            shown=("switch", "defrost", word),
        )
        for word in ("on", "off")
    ),
    *(
        CommandCase(
            kind=CommandKind.SET_DEFROST,
            press=press(f"carport.{word}_defrost"),
            seen=state(defrost=word == "start"),
            shown=("switch", "defrost", "on" if word == "start" else "off"),
        )
        for word in ("start", "stop")
    ),
    *(
        CommandCase(
            kind=CommandKind.SET_WINDOW_HEATING,
            press=press(f"switch.turn_{word}", "window_heating"),
            seen=state(window_heating=word == "on"),
            shown=("switch", "window_heating", word),
        )
        for word in ("on", "off")
    ),
    *(
        CommandCase(
            kind=CommandKind.SET_CLIMATE_ON_BATTERY,
            press=pressed,
            seen=state(climate_on_battery=word == "on"),
            shown=("switch", "climate_on_battery", word),
        )
        for word, pressed in (
            ("off", press("switch.turn_off", "climate_on_battery")),
            ("on", press("carport.set_climate_on_battery", on=True)),
            ("off", press("carport.set_climate_on_battery", on=False)),
            ("on", press("switch.turn_on", "climate_on_battery")),
        )
    ),
)

HEATERS: Final = tuple(
    row
    for kind, key in (
        (CommandKind.SET_AUXILIARY_HEATING, "auxiliary_heating"),
        (CommandKind.SET_VENTILATION, "ventilation"),
    )
    for row in (
        CommandCase(
            kind=kind,
            first=(press("number.set_value", f"{key}_duration", value=20),),
            press=press("switch.turn_on", key),
            seen=heard(kind, on=True, duration=20),
            shown=("switch", key, "on"),
            fits=bounded(kind),
        ),
        CommandCase(
            kind=kind,
            press=press("switch.turn_on", key),
            seen=state(**{key: True}),
            shown=("switch", key, "on"),
            fits=unbounded(kind),
        ),
        CommandCase(
            kind=kind,
            press=press("switch.turn_off", key),
            seen=state(**{key: False}),
            shown=("switch", key, "off"),
        ),
        CommandCase(
            kind=kind,
            press=press(f"carport.start_{key}"),
            rest=2 * 3600,
            seen=state(**{key: True}),
            shown=("switch", key, "on"),
        ),
        CommandCase(
            kind=kind,
            press=press(f"carport.stop_{key}"),
            seen=state(**{key: False}),
            shown=("switch", key, "off"),
        ),
    )
)
