"""The format of the electric platform: dotted names, and words in capitals."""

from collections.abc import Iterator
from typing import Final

from ...car import signals as s
from ...car.signals import ChargeMode, ChargingDetail, ChargingState, Value
from ...cloud.field_map import to_bool, to_float
from . import keys
from .key_map import (
    GONE,
    Gone,
    KeyMapping,
    Rule,
    Said,
    View,
    endings,
    factor,
    key_at,
    kilometres,
    seconds,
    spelled,
    words,
)

_STATE: Final = "CHARGE_STATE_"
_DETAILS: Final = (
    ("NOT_READY", ChargingDetail.NOT_READY),
    ("READY", ChargingDetail.READY),
    ("CHARGING", ChargingDetail.CHARGING),
    ("DISCHARGING", ChargingDetail.DISCHARGING),
    ("CHARGE_PURPOSE_REACHED_AND_CONSERVATION", ChargingDetail.CONSERVING),
    ("CHARGE_PURPOSE_REACHED", ChargingDetail.TARGET_REACHED),
    ("CONSERVATION", ChargingDetail.CONSERVING),
    ("ERROR", ChargingDetail.FAULT),
)
"""By how a word begins, since its end differs from car to car."""
_IN_ORDER: Final = (
    ChargingDetail.NOT_READY,
    ChargingDetail.READY,
    ChargingDetail.CHARGING,
    ChargingDetail.DISCHARGING,
    ChargingDetail.TARGET_REACHED,
    ChargingDetail.CONSERVING,
    ChargingDetail.CONSERVING,
    ChargingDetail.FAULT,
)
"""What the numbers mean that some cars send in a word's place; those of a charging
job's copies begin with one more, which says that there is none."""
_PLUGGED: Final = {
    ChargingDetail.READY: ChargingState.CONNECTED,
    ChargingDetail.TARGET_REACHED: ChargingState.COMPLETE,
    ChargingDetail.CONSERVING: ChargingState.COMPLETE,
    ChargingDetail.DISCHARGING: ChargingState.CONNECTED,
}
_STOPPED: Final = ("_STOPPED", "_OFF")
_ACTIVE: Final = "_ACTIVE"
_TYPES: Final = ("_INVALID", "_OFF", "_AC", "_DC")
_TYPE: Final = endings({"_AC": "ac", "_DC": "dc", "_OFF": GONE})
_RATE_UNITS: Final = (
    "INVALID",
    "KM_PER_H",
    "KM_PER_MIN",
    "MILES_PER_H",
    "MILES_PER_MIN",
)
_RATES: Final = {
    "KM_PER_H": 1.0,
    "KM_PER_MIN": 60.0,
    "MILES_PER_H": 1.609344,
    "MILES_PER_MIN": 60 * 1.609344,
}
_CARE_ON: Final = "_ACTIVATED"
_PHYSICAL: Final = "PHYSICAL"
_ENERGY: Final = factor(0.1, 2)
_SELECTION: Final = "CHARGE_MODE_SELECTION_"
_MODES: Final = words(
    {
        "IMMEDIATECHARGING": str(ChargeMode.IMMEDIATE),
        "PREFERREDCHARGINGTIMES": str(ChargeMode.SCHEDULED),
        "TIMERCHARGING": str(ChargeMode.TIMER),
        "TIMERCHARGINGCLIMATIZATION": str(ChargeMode.TIMER),
        "TIMERCHARGINGCLIMATISATION": str(ChargeMode.TIMER),
        "ONLYOWNCURRENT": str(ChargeMode.SOLAR),
    }
)
"""The dictionary parts the same words by lines, which deliveries leave out."""


def _detail(view: View) -> ChargingDetail | None:
    """Return what the charger itself says, in a word or by a number."""
    live = view.text(keys.CHARGE_STATE)
    word = (live or view.text(*keys.CHARGE_STATE_COPIES) or "").upper()
    if word.isascii() and word.isdigit():
        order = _IN_ORDER if live is not None else (None, *_IN_ORDER)
        return dict(enumerate(order)).get(int(word))
    word = word.removeprefix(_STATE)
    found = (detail for start, detail in _DETAILS if word.startswith(start))
    return next(found, None)


def _state_keys(view: View) -> tuple[str, ...]:
    """Return the keys that say whether it charges; copies where there is no live one."""
    live = view.text(keys.CHARGE_STATE) is not None
    states = (keys.CHARGE_STATE,) if live else keys.CHARGE_STATE_COPIES
    return (*states, keys.CHARGE_SCENARIO, keys.CHARGE_MODE)


def _words(view: View) -> tuple[bool, tuple[bool, bool]]:
    """Return whether a word says that charging has stopped, and which say it goes on."""
    scenario = (view.text(keys.CHARGE_SCENARIO) or "").upper()
    mode = (view.text(keys.CHARGE_MODE) or "").upper()
    stopped = mode.endswith(_STOPPED) or scenario.endswith(_STOPPED)
    going_on = _detail(view) is ChargingDetail.CHARGING, scenario.endswith(_ACTIVE)
    return stopped, going_on


def is_charging(view: View) -> bool | None:
    """Return whether the car charges; None where no word of it is known.

    The charger's reports differ in age, so that they contradict each other: a word for
    stopped is believed before a power that nobody took back.
    """
    stopped, going_on = _words(view)
    if not (stopped or any(going_on)) and _detail(view) is None:
        return None
    return any(going_on) and not stopped


def _charging(view: View) -> Iterator[Said]:
    """Say what the charger does."""
    charging = is_charging(view)
    known = view.known(*_state_keys(view))
    if known is None or charging is None:
        return
    detail = _detail(view)
    stopped, going_on = _words(view)
    if any(going_on) and (stopped or (detail is not None and not all(going_on))):
        view.contradictions.add(s.CHARGING.key)
    yield Said(signal=s.CHARGING, value=charging, known=known)
    if charging:
        yield Said(signal=s.CHARGING_STATE, value=ChargingState.CHARGING, known=known)
        yield Said(signal=s.PLUGGED_IN, value=True, known=known)
    elif detail in _PLUGGED:
        state = str(_PLUGGED[detail])
        yield Said(signal=s.CHARGING_STATE, value=state, known=known)
        yield Said(signal=s.PLUGGED_IN, value=True, known=known)
    else:
        # Not ready is a car without a plug, and one whose plug has no power.
        yield Said(signal=s.CHARGING_STATE, value=GONE, known=known)
        yield Said(signal=s.PLUGGED_IN, value=GONE, known=known)
    if detail is not None and charging is (detail is ChargingDetail.CHARGING):
        yield Said(signal=s.CHARGING_DETAIL, value=str(detail), known=known)
        fault = detail is ChargingDetail.FAULT
        yield Said(signal=s.CHARGING_PROBLEM, value=fault, known=known)


def _time_left(view: View) -> Iterator[Said]:
    """Say how long it takes; when the charge is over its last word is old."""
    live = view.text(keys.TIME_LEFT) is not None
    times = (keys.TIME_LEFT,) if live else keys.TIME_LEFT_COPIES
    if (charging := is_charging(view)) is None or view.text(*times) is None:
        return
    known = view.known(*times, *(() if charging else _state_keys(view)))
    if known is None:
        return
    left = seconds(view.text(*times) or "")
    minutes = None if left is None else round(left / 60)
    value = minutes if charging else GONE
    yield Said(signal=s.TIME_TO_FULL, value=value, known=known)


def _power(view: View) -> Iterator[Said]:
    """Say the power, unless the charger says that nothing is charged."""
    live = view.text(keys.CHARGE_POWER) is not None
    known = view.known(*((keys.CHARGE_POWER,) if live else keys.CHARGE_POWER_COPIES))
    if known is None:
        return
    power = to_float(known.value)
    if power and is_charging(view) is False:
        view.contradictions.add(s.CHARGING_POWER.key)
        yield Said(signal=s.CHARGING_POWER, value=GONE, known=known)
        return
    value = None if power is None else round(power, 1)
    yield Said(signal=s.CHARGING_POWER, value=value, known=known)


def _rate(view: View) -> Iterator[Said]:
    """Say how fast it charges, in the unit that stands beside it."""
    live = view.text(keys.CHARGE_RATE) is not None
    known = view.known(*((keys.CHARGE_RATE,) if live else keys.CHARGE_RATE_COPIES))
    rate = None if known is None else to_float(known.value)
    units = (keys.CHARGE_RATE_UNIT,) if live else keys.CHARGE_RATE_UNIT_COPIES
    unit = spelled(view.text(*units) or "", _RATE_UNITS).upper()
    by = next((by for word, by in _RATES.items() if unit.endswith(word)), None)
    if known is not None:
        value = None if rate is None or by is None else round(rate * by, 1)
        yield Said(signal=s.CHARGING_SPEED, value=value, known=known)


def _limit(view: View) -> Iterator[Said]:
    """Say where charging ends: battery care ends it earlier while it is on."""
    known = view.known(keys.TARGET_LEVEL, keys.CARE_LEVEL, *keys.CARE_ACTIVATION)
    target = view.number(keys.TARGET_LEVEL)
    if known is None or target is None:
        return
    care = view.number(keys.CARE_LEVEL)
    activation = (view.text(*keys.CARE_ACTIVATION) or "").upper()
    if care is not None and activation.endswith(_CARE_ON):
        target = min(target, care)
    yield Said(signal=s.CHARGE_LIMIT, value=target, known=known)


def _range(view: View) -> Iterator[Said]:
    """Say the range; nothing in its name tells that it is one."""
    known = view.known(keys.RANGE)
    distance = None if known is None else to_float(known.value)
    if known is None:
        return
    valid = (view.text(*keys.RANGE_STATES) or "VALID").upper() == "VALID"
    value = (
        kilometres(distance, view.text(keys.RANGE_UNIT))
        if distance is not None and valid
        else None
    )
    yield Said(signal=s.RANGE_ELECTRIC, value=value, known=known)


def odometer(view: View) -> Iterator[Said]:
    """Say the highest of the equally fresh: it never counts down."""
    known = view.known(*keys.MILEAGES, keys.FLAT_MILEAGE)
    if known is None:
        return
    unit = view.text(*keys.MILEAGE_UNITS)
    found = []
    for key in (*keys.MILEAGES, keys.FLAT_MILEAGE):
        one = view.memory.known.get(key)
        distance = None if one is None else to_float(one.value)
        if (
            one is None
            or distance is None
            or key not in view.fresh
            or one.captured_at != known.captured_at
        ):
            continue
        # The flat one is in kilometres in every country.
        own = None if key == keys.FLAT_MILEAGE else unit
        if (value := kilometres(distance, own)) is not None:
            found.append(value)
    if len(set(found)) > 1:
        view.contradictions.add(s.ODOMETER.key)
    yield Said(signal=s.ODOMETER, value=max(found, default=None), known=known)


def is_measured(view: View, kind: str) -> bool:
    """Return whether an energy is one, and no stand-in, by the word beside it."""
    return (view.text(kind) or _PHYSICAL).upper().endswith(_PHYSICAL)


def _energy(view: View) -> Iterator[Said]:
    """Say what is in the battery and what fits into it, in tenths of a kilowatt-hour."""
    for signal, key, kind in (
        (s.BATTERY_ENERGY, keys.ENERGY_CURRENT, keys.ENERGY_CURRENT_KIND),
        (s.BATTERY_CAPACITY, keys.ENERGY_MOST, keys.ENERGY_MOST_KIND),
    ):
        known = view.known(key)
        if known is not None and is_measured(view, kind):
            yield Said(signal=signal, value=_ENERGY(known.value), known=known)


def _mode(text: str) -> Value | Gone | None:
    return _MODES(text.upper().removeprefix(_SELECTION).replace("_", ""))


def _type(text: str) -> Value | Gone | None:
    return _TYPE(spelled(text, _TYPES))


def _climate(text: str) -> bool | None:
    left = seconds(text)
    return None if left is None else left > 0


RULES: Final[tuple[Rule, ...]] = (
    _charging,
    _time_left,
    _power,
    _rate,
    _limit,
    _range,
    odometer,
    _energy,
)
KEY_MAP: Final[tuple[KeyMapping, ...]] = (
    key_at(
        s.CHARGING_TYPE,
        keys.CHARGE_TYPE,
        _type,
        copies=keys.CHARGE_TYPE_COPIES,
    ),
    KeyMapping(
        signal=s.BATTERY_TEMPERATURE,
        keys=keys.BATTERY_TEMPERATURES,
        convert=factor(1),
    ),
    key_at(s.CHARGE_MODE, keys.MODE_SELECTION, _mode),
    key_at(
        s.MAX_CHARGE_CURRENT_WORD,
        keys.CURRENT_LIMIT,
        endings({"_REDUCED": "reduced", "_MAXIMUM": "maximum"}),
    ),
    key_at(
        s.AUTO_UNLOCK_PLUG,
        keys.PLUG_UNLOCK,
        endings({"_PERMANENT": True, "_OFF": False}),
    ),
    key_at(s.OUTSIDE_TEMPERATURE, keys.OUTDOOR_TEMPERATURES, factor(1)),
    key_at(s.DOORS_LOCKED, keys.LOCKED, to_bool),
    key_at(s.PARKING_BRAKE, keys.PARKING_BRAKES, to_bool),
    key_at(s.MOVING, keys.STANDING_STILL, words({"true": False, "false": True})),
    key_at(s.CLIMATE_ACTIVE, keys.CLIMATE_LEFT, _climate),
    key_at(
        s.WINDOW_HEATING, keys.WINDOW_HEATING, endings({"_OFF": False, "_ON": True})
    ),
)
