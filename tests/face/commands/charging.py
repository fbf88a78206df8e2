"""The rows about charging: now or not, how much, how fast and when."""

from typing import Final

from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.signals import ChargeMode

from .cases import CommandCase, Press, offers, press, state, takes

_START: Final = CommandKind.START_CHARGING
_STOP: Final = CommandKind.STOP_CHARGING
_CURRENT: Final = CommandKind.SET_CHARGE_CURRENT
_MODE: Final = CommandKind.SET_CHARGE_MODE


def _current(how: Press, value: float | str, control: str) -> CommandCase:
    """Expect a charge current at the car, and at the control that can say it."""
    said = str(float(value)) if control == "number" else f"{value}"
    return CommandCase(
        kind=_CURRENT,
        press=how,
        seen=state(max_charge_current=value),
        shown=(control, "max_charge_current", said),
        fits=takes(_CURRENT, value),
        unproven=frozenset({"car_net"}),
    )


MODES: Final = tuple(
    CommandCase(
        kind=_MODE,
        press=press("select.select_option", "charge_mode", option=mode),
        seen=state(charge_mode=ChargeMode(mode)),
        shown=("select", "charge_mode", mode),
        fits=takes(_MODE, mode),
    )
    # Last comes what lets no car charge now, so that it can be told to.
    for mode in ("timer", "immediate", "scheduled")
)

NOW: Final = (
    CommandCase(
        kind=_STOP,
        first=(press("carport.start_charging"),),
        press=press("switch.turn_off", "charge_control"),
        seen=state(charging=False),
        shown=("switch", "charge_control", "off"),
    ),
    CommandCase(
        kind=_START,
        press=press("switch.turn_on", "charge_control"),
        seen=state(charging=True),
        shown=("switch", "charge_control", "on"),
        fits=offers(_STOP),
    ),
    CommandCase(
        kind=_STOP,
        press=press("carport.stop_charging"),
        seen=state(charging=False),
        shown=("binary_sensor", "charging", "off"),
    ),
    CommandCase(
        kind=_START,
        press=press("carport.start_charging"),
        seen=state(charging=True),
        shown=("binary_sensor", "charging", "on"),
    ),
)

SETTINGS: Final = (
    _current(press("number.set_value", "max_charge_current", value=10), 10, "number"),
    _current(press("carport.set_charge_current", current=5), 5, "number"),
    _current(
        press("select.select_option", "max_charge_current", option="13"), 13, "select"
    ),
    *(
        _current(
            press("select.select_option", "max_charge_current", option=word),
            word,
            "select",
        )
        for word in ("reduced", "max")
    ),
    _current(
        press("carport.set_charge_current", current="maximum"), "maximum", "select"
    ),
    CommandCase(
        kind=CommandKind.SET_CHARGE_LIMIT,
        press=press("number.set_value", "charge_limit", value=80),
        seen=state(charge_limit=80),
        shown=("number", "charge_limit", "80.0"),
    ),
    CommandCase(
        kind=CommandKind.SET_CHARGE_LIMIT,
        press=press("carport.set_charge_limit", percent=90),
        seen=state(charge_limit=90),
        shown=("number", "charge_limit", "90.0"),
    ),
    CommandCase(
        kind=CommandKind.SET_CHARGE_LIMIT_MIN,
        press=press("number.set_value", "charge_limit_min", value=40),
        seen=state(charge_limit_min=40),
        shown=("number", "charge_limit_min", "40.0"),
    ),
    CommandCase(
        kind=CommandKind.SET_CHARGE_LIMIT_MIN,
        press=press("carport.set_charge_limit_min", percent=30),
        seen=state(charge_limit_min=30),
        shown=("number", "charge_limit_min", "30.0"),
    ),
    *(
        CommandCase(
            kind=CommandKind.SET_AUTO_UNLOCK_PLUG,
            press=pressed,
            seen=state(auto_unlock_plug=word == "on"),
            shown=("switch", "auto_unlock_plug", word),
        )
        for word, pressed in (
            ("on", press("switch.turn_on", "auto_unlock_plug")),
            ("off", press("carport.set_auto_unlock_plug", on=False)),
            ("on", press("carport.set_auto_unlock_plug", on=True)),
            ("off", press("switch.turn_off", "auto_unlock_plug")),
        )
    ),
)
