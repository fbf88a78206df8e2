"""Charger, climater, heater, position and trips as readings: one row each.

Nearly every value comes with the time the car captured it, beside its content.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.signals import (
    ChargeMode,
    ChargingDetail,
    ChargingState,
    Position,
    Signal,
    Value,
)
from ...cloud.contract import Car
from ...cloud.field_map import (
    MISSING,
    Convert,
    FieldMapping,
    ReadingBuilder,
    capture_time,
    field_at,
    flag,
    get_path,
    mapped,
    newest,
    position_at,
    text_at,
    to_bool,
    to_datetime,
    to_float,
    unchanged,
)

_MAXIMUM: Final = 254
_REDUCED: Final = 252
MICRO: Final = 1_000_000
_FUELS: Final = ("petrol", "gas", "diesel", "cng", "lpg", "ethanol")
"""What is in the words for engines that burn something."""
_LONGEST: Final = 7 * 24 * 60

CLIMATE_SETTINGS: Final = (
    "targetTemperature",
    "climatisationWithoutHVpower",
    "heaterSource",
)
_SETTINGS: Final = ("settings",)
_CHARGING: Final = ("status", "chargingStatusData")
_BATTERY: Final = ("status", "batteryStatusData")
_PLUG: Final = ("status", "plugStatusData")
_RANGES: Final = ("status", "cruisingRangeStatusData")
_CLIMATE: Final = ("status", "climatisationStatusData")
_GLASS: Final = ("status", "windowHeatingStatusData")
_ON: Final = flag(on="on", off="off")


def kelvin_to_celsius(value: Any) -> float | None:
    """Return degrees Celsius from tenths of a kelvin; nothing is known of 0."""
    tenths = to_float(value)
    return None if not tenths else round((tenths / 10 - 273.15) * 2) / 2


def _amperes(value: Any) -> float | None:
    """Return a current; some of its numbers are words, and 0 is none."""
    found = to_float(value)
    return None if found in {None, 0, _MAXIMUM, _REDUCED} else found


def _current_word(value: Any) -> str | None:
    found = to_float(value)
    if not found:
        return None
    return {_MAXIMUM: "maximum", _REDUCED: "reduced"}.get(int(found), f"{found:g}")


type Timed = tuple[Any, datetime | None]
"""What a field says, and when the car captured it."""


def _field[T: Value](
    signal: Signal[T],
    path: tuple[str, ...],
    convert: Convert[T] = unchanged,
    over: tuple[str, ...] = (),
) -> FieldMapping[T]:
    """Map a field that stands beside its own time."""
    return FieldMapping(
        signal=signal,
        path=(*path, "content"),
        time_path=(*path, "timestamp"),
        convert=convert,
        over=over,
    )


CHARGER_FIELDS: Final = (
    _field(s.BATTERY_LEVEL, (*_BATTERY, "stateOfCharge"), to_float),
    _field(
        s.PLUGGED_IN,
        (*_PLUG, "plugState"),
        flag(on="connected", off="disconnected"),
    ),
    _field(s.PLUG_LOCKED, (*_PLUG, "lockState"), flag(on="locked", off="unlocked")),
    _field(
        s.CHARGING,
        (*_CHARGING, "chargingState"),
        flag(on="charging", off="off completed error"),
    ),
    _field(
        s.CHARGING_PROBLEM,
        (*_CHARGING, "chargingState"),
        flag(on="error", off="charging off completed"),
    ),
    _field(
        s.CHARGING_TYPE,
        (*_CHARGING, "chargingMode"),
        mapped({"AC": "ac", "DC": "dc"}),
        over=("off", "invalid"),
    ),
    _field(s.MAX_CHARGE_CURRENT_WORD, (*_SETTINGS, "maxChargeCurrent"), _current_word),
    _field(
        s.CHARGE_MODE,
        (*_SETTINGS, "chargeModeSelection", "value"),
        mapped(
            {
                "immediateCharging": str(ChargeMode.IMMEDIATE),
                "timerBasedCharging": str(ChargeMode.TIMER),
            }
        ),
    ),
    _field(s.RANGE_TOTAL, (*_RANGES, "hybridRange"), to_float),
)
CLIMATER_FIELDS: Final = (
    _field(
        s.CLIMATE_ACTIVE,
        (*_CLIMATE, "climatisationState"),
        flag(on="heating cooling ventilation heatingAuxiliary on", off="off"),
    ),
    _field(s.TARGET_TEMPERATURE, (*_SETTINGS, "targetTemperature"), kelvin_to_celsius),
    _field(s.CLIMATE_ON_BATTERY, (*_SETTINGS, "climatisationWithoutHVpower"), to_bool),
    _field(
        s.OUTSIDE_TEMPERATURE,
        ("status", "temperatureStatusData", "outdoorTemperature"),
        kelvin_to_celsius,
    ),
    _field(
        s.PARKED_AT,
        ("status", "vehicleParkingClockStatusData", "vehicleParkingClock"),
        lambda value: to_datetime(value) if isinstance(value, str) else None,
    ),
)
_HEATER_STATE: Final = "climatisationStateReport.climatisationState"
HEATER_FIELDS: Final = (
    field_at(
        s.AUXILIARY_HEATING,
        _HEATER_STATE,
        flag(on="heating heatingAuxiliary", off="off ventilation"),
    ),
    field_at(
        s.VENTILATION,
        _HEATER_STATE,
        flag(on="ventilation", off="off heating heatingAuxiliary"),
    ),
)


# The charger


def read_charger(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read what the charger's table cannot say."""
    current = _timed(builder, data, (*_SETTINGS, "maxChargeCurrent"))
    if current is not None and (amperes := _amperes(current[0])) is not None:
        builder.add(s.MAX_CHARGE_CURRENT, amperes, current[1])
    _read_ranges(builder, data)
    _read_charging_state(builder, data)
    _read_time_to_full(builder, data)


def _read_ranges(builder: ReadingBuilder, data: Any) -> None:
    """Tell ranges by the engine each belongs to."""
    told = []
    for engine, name in (
        ("engineTypeFirstEngine", "primaryEngineRange"),
        ("engineTypeSecondEngine", "secondaryEngineRange"),
    ):
        kind = (text_at(data, *_RANGES, engine, "content") or "").casefold()
        distance = _timed(builder, data, (*_RANGES, name))
        electric = kind == "typeiselectric"
        if distance is not None and (electric or any(fuel in kind for fuel in _FUELS)):
            told.append((electric, *distance))
    add_ranges(builder, told)


def add_ranges(
    builder: ReadingBuilder, told: Sequence[tuple[bool, Any, datetime | None]]
) -> None:
    """Tell ranges, each electric or not and with its time; those of two fuels add up."""
    for signal, electric in ((s.RANGE_ELECTRIC, True), (s.RANGE_FUEL, False)):
        ranges = [
            (to_float(said), when) for kind, said, when in told if kind == electric
        ]
        if ranges:
            known = [value for value, _ in ranges if value is not None]
            total = sum(known) if len(known) == len(ranges) else None
            builder.add(signal, total, newest(when for _, when in ranges))


def _read_charging_state(builder: ReadingBuilder, data: Any) -> None:
    """Put plug and charger together to one state."""
    said = _timed(builder, data, (*_CHARGING, "chargingState"))
    plugged, charging = builder.value(s.PLUGGED_IN), builder.value(s.CHARGING)
    if said is None or plugged is None:
        return
    word, when = said
    if charging is None and not plugged:
        # Whatever else the charger says: without a plug nothing charges.
        charging = False
        builder.add(s.CHARGING, charging, when)
    if charging is None:
        return
    if builder.value(s.CHARGING_PROBLEM):
        builder.add(s.CHARGING_DETAIL, str(ChargingDetail.FAULT), when)
        return
    if charging:
        reason = text_at(data, *_CHARGING, "chargingReason", "content") or ""
        state, detail = ChargingState.CHARGING, ChargingDetail.CHARGING
        if reason.startswith("timer"):
            detail = ChargingDetail.CHARGING_BY_TIMER
    elif not plugged:
        state, detail = ChargingState.DISCONNECTED, ChargingDetail.NOT_READY
    elif word == "completed":
        state, detail = ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED
    else:
        state, detail = ChargingState.CONNECTED, _waits_for(builder, data)
    builder.add(s.CHARGING_STATE, str(state), when)
    builder.add(s.CHARGING_DETAIL, str(detail), when)
    if not charging:
        builder.add(s.TIME_TO_FULL, 0.0, when)


def _waits_for(builder: ReadingBuilder, data: Any) -> ChargingDetail:
    """Say why a car that is plugged in and not full does not charge."""
    power = text_at(data, *_CHARGING, "externalPowerSupplyState", "content")
    if power == "unavailable":
        return ChargingDetail.WAITING_FOR_POWER
    if builder.value(s.CHARGE_MODE) == ChargeMode.TIMER:
        return ChargingDetail.WAITING_FOR_TIMER
    return ChargingDetail.READY


def _read_time_to_full(builder: ReadingBuilder, data: Any) -> None:
    """Say how long a charging car still takes, and until when."""
    left = _time_left(builder, data, (*_BATTERY, "remainingChargingTime"))
    if left is None or builder.value(s.CHARGING_STATE) != ChargingState.CHARGING:
        return
    minutes, when = left
    builder.add(s.TIME_TO_FULL, minutes, when)
    if when is not None:
        builder.add(s.CHARGE_COMPLETE_AT, _after(when, minutes), when)


# Climate


def read_climater(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read until when the climate runs, and whether any window is heated."""
    left = _time_left(builder, data, (*_CLIMATE, "remainingClimatisationTime"))
    if left is not None and builder.value(s.CLIMATE_ACTIVE):
        minutes, when = left
        if minutes and when is not None:
            builder.add(s.CLIMATE_UNTIL, _after(when, minutes), when)
    panes = [
        pane
        for name in ("windowHeatingStateFront", "windowHeatingStateRear")
        if (pane := _timed(builder, data, (*_GLASS, name))) is not None
    ]
    states = [state for word, _ in panes if (state := _ON(word)) is not None]
    if states:
        builder.add(s.WINDOW_HEATING, any(states), newest(when for _, when in panes))


def settings_of(data: Any) -> dict[str, Any]:
    """Return the climate settings as they have to be sent again, all together."""
    found = {
        name: get_path(data, (*_SETTINGS, name, "content")) for name in CLIMATE_SETTINGS
    }
    return {name: value for name, value in found.items() if value is not MISSING}


# The position


def read_position(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read where the car is parked; nothing at all means that it is driven."""
    builder.add(s.MOVING, data is None)
    if data is None:
        return
    parked_at = capture_time(text_at(data, "parkingTimeUTC"), builder.received_at)
    place = place_in(data)
    sent = capture_time(text_at(place, "timestampCarSentUTC"), builder.received_at)
    for signal in (s.LOCATION, s.PARKED_LOCATION):
        builder.add(signal, position_of(place), sent or parked_at)
    if parked_at is not None:
        builder.add(s.PARKED_AT, parked_at, sent or parked_at)


def place_in(data: Mapping[str, Any]) -> Any:
    """Return what an answer says of the car's place, whichever way it writes it."""
    return data.get("position", data.get("Position"))


def position_of(place: Any) -> Position | None:
    """Read a place, which is in millionths of a degree."""
    return position_at(
        place,
        "carCoordinate.latitude",
        "carCoordinate.longitude",
        "heading.direction",
        per_degree=MICRO,
    )


def _timed(builder: ReadingBuilder, data: Any, path: tuple[str, ...]) -> Timed | None:
    """Return a content and its time, None where the cloud says nothing."""
    content = get_path(data, (*path, "content"))
    if content is MISSING:
        return None
    stamp = text_at(data, *path, "timestamp")
    return content, capture_time(stamp, builder.received_at)


def _time_left(
    builder: ReadingBuilder, data: Any, path: tuple[str, ...]
) -> tuple[float, datetime | None] | None:
    """Return the minutes that something still takes, and when the car said so.

    Numbers that stand for none, such as -1 and 65535, are no minutes of a week.
    """
    said = _timed(builder, data, path)
    minutes = None if said is None else to_float(said[0])
    if said is None or minutes is None or not 0 <= minutes <= _LONGEST:
        return None
    return minutes, said[1]


def _after(start: datetime, minutes: float) -> datetime:
    """Return the whole minute nearest to some minutes later."""
    end = start + timedelta(minutes=minutes, seconds=30)
    return end.replace(second=0, microsecond=0)
