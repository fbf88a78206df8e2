"""The format of older cars: flat names, codes and tenths, and a time with each value."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ...car import signals as s
from ...car.signals import ChargingDetail, ChargingState, Signal
from ...cloud.field_map import to_float
from . import keys
from .key_map import GONE, KeyMapping, Rule, Said, View, factor, key_at, words
from .spans import Known

_OPEN: Final = words({"2": True, "3": False})
_LOCKED: Final = words({"2": True, "3": False})
_UNSUPPORTED: Final = "0"
_SWITCH: Final = {"on": True, "off": False}
_NO_TIME_LEFT: Final = 65535.0
_NO_PRESSURES: Final = frozenset({0.0, 1.0})
_TENTHS: Final = factor(0.1)
_NO_FUEL: Final = 100.0
"""What a car without a tank says that is in it."""


class Drive(StrEnum):
    """What turns the wheels, as far as a car's keys tell."""

    ELECTRIC = "electric"
    HYBRID = "hybrid"
    COMBUSTION = "combustion"


_BATTERY_KEYS: Final = (
    keys.LEVEL_DISPLAYED,
    keys.LEVEL_RAW,
    keys.CHARGING_STATE,
    *keys.PLUG,
)
_FUEL_KEYS: Final = (
    *keys.TANK,
    keys.LONG_FUEL,
    keys.SHORT_FUEL,
    *keys.OIL,
    keys.GAS,
    keys.ADBLUE_RANGE,
    keys.OIL_DAYS,
    keys.OIL_DISTANCE,
)


def drive_of(view: View) -> Drive | None:
    """Return what a car is, by the keys it was ever seen with; None before it tells."""
    battery = view.text(*_BATTERY_KEYS) is not None
    fuel = view.text(*_FUEL_KEYS) is not None or view.number(keys.FUEL) not in {
        None,
        _NO_FUEL,
    }
    if battery and (fuel or view.number(keys.RANGE_SECONDARY)):
        return Drive.HYBRID
    if battery:
        return Drive.ELECTRIC
    return Drive.COMBUSTION if fuel else None


def _ranges(view: View) -> Iterator[Said]:
    """Say the ranges: the first engine is the fuel's wherever there is a tank."""
    drive = drive_of(view)
    first = s.RANGE_ELECTRIC if drive is Drive.ELECTRIC else s.RANGE_FUEL
    if drive is not None:
        yield from _figure(view, first, keys.RANGE_PRIMARY)
    if drive is Drive.HYBRID:
        yield from _figure(view, s.RANGE_ELECTRIC, keys.RANGE_SECONDARY)
    known = view.known(keys.RANGE_COMBINED, keys.RANGE_PRIMARY, keys.RANGE_SECONDARY)
    if known is None or drive is not Drive.HYBRID:
        return
    parts = [view.number(key) for key in (keys.RANGE_PRIMARY, keys.RANGE_SECONDARY)]
    total = view.number(keys.RANGE_COMBINED)
    if total is None and None not in parts:
        total = sum(part for part in parts if part is not None)
    if total is not None:
        yield Said(signal=s.RANGE_TOTAL, value=total, known=known)


def _fuel(view: View) -> Iterator[Said]:
    """Say what is in the tank, where there is one."""
    if drive_of(view) in {Drive.HYBRID, Drive.COMBUSTION}:
        told = (key for key in (keys.FUEL, *keys.TANK) if view.text(key) is not None)
        yield from _figure(view, s.FUEL_LEVEL, next(told, keys.FUEL))


def _figure(view: View, signal: Signal[float], key: str) -> Iterator[Said]:
    if (known := view.known(key)) is not None:
        yield Said(signal=signal, value=to_float(known.value), known=known)


_CHARGING: Final = words(
    {
        "charging": True,
        "conservationCharging": False,
        "off": False,
        "completed": False,
        "error": False,
    }
)


def _charger(view: View) -> Iterator[Said]:
    """Say what charger and plug do, in words that go together."""
    word = (view.text(keys.CHARGING_STATE) or "").casefold()
    plug = (view.text(*keys.PLUG) or "").casefold()
    if (known := view.known(keys.CHARGING_STATE, *keys.PLUG)) is not None:
        state, detail = _charging_words(word, plug)
        if state is not None:
            yield Said(signal=s.CHARGING_STATE, value=str(state), known=known)
        if detail is not None:
            yield Said(signal=s.CHARGING_DETAIL, value=str(detail), known=known)
        if state is ChargingState.DISCONNECTED and _CHARGING(word) is None:
            # Whatever else the charger says: without a plug nothing charges.
            yield Said(signal=s.CHARGING, value=False, known=known)
    if word:
        yield from _time_left(view, charging=word == "charging")


def _charging_words(
    word: str, plug: str
) -> tuple[ChargingState | None, ChargingDetail | None]:
    if plug == "disconnected":
        return ChargingState.DISCONNECTED, ChargingDetail.NOT_READY
    match word:
        case "charging":
            return ChargingState.CHARGING, ChargingDetail.CHARGING
        case "completed":
            return ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED
        case "conservationcharging":
            return ChargingState.COMPLETE, ChargingDetail.CONSERVING
        case "error":
            return ChargingState.STOPPED, ChargingDetail.FAULT
        case "off" if plug == "connected":
            return ChargingState.CONNECTED, ChargingDetail.READY
    return None, None


def _time_left(view: View, *, charging: bool) -> Iterator[Said]:
    known = view.known(keys.CHARGING_TIME_LEFT, keys.CHARGING_STATE)
    if known is None:
        return
    minutes = view.number(keys.CHARGING_TIME_LEFT)
    over = not charging or minutes == _NO_TIME_LEFT
    yield Said(signal=s.TIME_TO_FULL, value=GONE if over else minutes, known=known)


def _locks(view: View) -> Iterator[Said]:
    """Say whether the car is locked: it is if every door is, and all have said so.

    A door that the car lacks, such as one in the rear, has a code of its own.
    """
    known = view.known(*keys.DOOR_LOCKS, keys.TAILGATE_LOCK)
    told = [view.text(key) or "" for key in keys.DOOR_LOCKS]
    said = [_LOCKED(code) for code in told if code != _UNSUPPORTED]
    if known is not None and said and None not in said:
        tailgate = _LOCKED(view.text(keys.TAILGATE_LOCK) or "")
        locked = all(said) and tailgate is not False
        yield Said(signal=s.DOORS_LOCKED, value=locked, known=known)


def _window_heating(view: View) -> Iterator[Said]:
    known = view.known(keys.WINDOW_HEATING_FRONT, keys.WINDOW_HEATING_REAR)
    said = [
        _SWITCH.get((view.text(key) or "").casefold())
        for key in (keys.WINDOW_HEATING_FRONT, keys.WINDOW_HEATING_REAR)
    ]
    heard = [one for one in said if one is not None]
    if known is not None and heard:
        yield Said(signal=s.WINDOW_HEATING, value=any(heard), known=known)


def _service(view: View) -> Iterator[Said]:
    """Say when service is due: what is left is negative, what is overdue positive."""
    for key, signal in (
        (keys.INSPECTION_DISTANCE, s.INSPECTION_DUE_DISTANCE),
        (keys.OIL_DISTANCE, s.OIL_SERVICE_DUE_DISTANCE),
    ):
        if (known := view.known(key)) is not None:
            left = to_float(known.value)
            value = None if left is None else 0.0 - left
            yield Said(signal=signal, value=value, known=known)
    for key, moment in (
        (keys.INSPECTION_DAYS, s.INSPECTION_DUE_ON),
        (keys.OIL_DAYS, s.OIL_SERVICE_DUE_ON),
    ):
        # A day is counted from a time, so the time has to be certain.
        known = view.known(key)
        if known is not None and known.not_before is None:
            yield Said(signal=moment, value=_due(known), known=known)


def _due(known: Known) -> datetime | None:
    days = to_float(known.value)
    if days is None or abs(days) > 36_500:
        return None
    day = known.captured_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=round(days))


def _lights(view: View) -> Iterator[Said]:
    known = view.known(keys.PARKING_LIGHTS)
    sides = {
        "2": (False, False),
        "3": (True, False),
        "4": (False, True),
        "5": (True, True),
    }
    if known is not None and (said := sides.get(known.value)) is not None:
        yield Said(signal=s.PARKING_LIGHT_LEFT, value=said[0], known=known)
        yield Said(signal=s.PARKING_LIGHT_RIGHT, value=said[1], known=known)


def _pressure(text: str) -> float | None:
    """Return a pressure in bar; most cars say a code that there is none."""
    found = to_float(text)
    return None if found is None or found in _NO_PRESSURES else round(found / 10, 1)


def _celsius(text: str) -> float | None:
    """Return degrees from tenths of a kelvin; nothing is known of 0."""
    tenths = to_float(text)
    return None if not tenths else round(tenths / 10 - 273.15, 1)


RULES: Final[tuple[Rule, ...]] = (
    _ranges,
    _fuel,
    _charger,
    _locks,
    _window_heating,
    _service,
    _lights,
)
KEY_MAP: Final[tuple[KeyMapping, ...]] = (
    key_at(s.PLUGGED_IN, keys.PLUG, words({"connected": True, "disconnected": False})),
    key_at(s.PLUG_LOCKED, keys.PLUG_LOCKS, words({"locked": True, "unlocked": False})),
    key_at(s.CHARGE_FLAP, keys.PLUG_FLAP, words({"open": True, "closed": False})),
    key_at(s.CHARGING, keys.CHARGING_STATE, _CHARGING),
    key_at(
        s.CHARGING_PROBLEM,
        keys.CHARGING_STATE,
        words(
            {
                "error": True,
                "charging": False,
                "conservationCharging": False,
                "off": False,
                "completed": False,
            }
        ),
    ),
    key_at(
        s.CHARGING_TYPE,
        keys.CHARGING_CURRENT,
        words({"AC": "ac", "DC": "dc", "off": GONE}),
    ),
    key_at(s.CHARGING_POWER, keys.CHARGING_POWER, _TENTHS),
    key_at(s.CHARGING_SPEED, keys.CHARGING_RATE, _TENTHS),
    key_at(s.OIL_LEVEL_PERCENT, keys.OIL, factor(1)),
    key_at(s.CNG_LEVEL, keys.GAS, factor(1)),
    key_at(s.ADBLUE_RANGE, keys.ADBLUE_RANGE, factor(1)),
    key_at(s.DISTANCE_PER_MONTH, keys.MONTHLY_DISTANCE, factor(1)),
    key_at(s.RECUPERATION, keys.LONG_RECUPERATION, _TENTHS),
    key_at(s.CONSUMPTION_ELECTRIC, keys.LONG_ENERGY, _TENTHS),
    key_at(s.CONSUMPTION_FUEL, keys.LONG_FUEL, _TENTHS),
    key_at(s.LAST_TRIP_CONSUMPTION_ELECTRIC, keys.SHORT_ENERGY, _TENTHS),
    key_at(s.LAST_TRIP_CONSUMPTION_FUEL, keys.SHORT_FUEL, _TENTHS),
    key_at(s.LAST_TRIP_DISTANCE, keys.SHORT_DISTANCE, factor(1)),
    key_at(s.LAST_TRIP_DURATION, keys.SHORT_MINUTES, factor(1)),
    key_at(s.LAST_TRIP_DISTANCE_ELECTRIC, keys.SHORT_ELECTRIC, _TENTHS),
    key_at(s.LAST_TRIP_RECUPERATION, keys.SHORT_RECUPERATION, _TENTHS),
    *(
        key_at(signal, key, _OPEN)
        for signal, key in (
            *zip(s.DOORS, keys.DOORS, strict=True),
            *zip(s.WINDOWS, keys.WINDOWS, strict=True),
            (s.BOOT, keys.TAILGATE),
            (s.BONNET, keys.BONNET),
            (s.SUNROOF, keys.SUNROOF),
        )
    ),
    *(
        key_at(signal, key, _LOCKED)
        for signal, key in zip(s.DOOR_LOCKS, keys.DOOR_LOCKS, strict=True)
    ),
    *(
        key_at(signal, key, factor(1))
        for signal, key in zip(s.WINDOW_POSITIONS, keys.WINDOW_POSITIONS, strict=True)
    ),
    *(
        key_at(signal, key, _pressure)
        for signal, key in zip(s.TYRE_PRESSURES, keys.TYRES, strict=True)
    ),
    key_at(s.PARKING_BRAKE, keys.FLAT_PARKING_BRAKE, words({"0": False, "1": True})),
    key_at(s.SUNROOF_POSITION, keys.SUNROOF_POSITION, factor(1)),
    key_at(s.OUTSIDE_TEMPERATURE, keys.OUTSIDE_TEMPERATURE, _celsius),
    key_at(s.OUTSIDE_TEMPERATURE, keys.OUTSIDE_CELSIUS, factor(1)),
    key_at(s.BATTERY_12V_VOLTAGE, keys.VOLTAGE_12V, factor(1)),
)
