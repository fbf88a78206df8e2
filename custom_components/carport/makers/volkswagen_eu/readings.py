"""Charger, climater, heater, position and trips as readings: one row each.

Nearly every value comes with the time the car captured it, beside its content.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.signals import ChargeMode, ChargingDetail, ChargingState, Position
from ...service.rows import (
    MISSING,
    Harvest,
    Row,
    capture_time,
    dig,
    flag,
    moment,
    number,
    opened,
    text_at,
    word,
)

CHARGER: Final = "/bs/batterycharge/v1/VW/{country}/vehicles/{vin}/charger"
CLIMATER: Final = "/bs/climatisation/v1/VW/{country}/vehicles/{vin}/climater"
HEATER: Final = "/bs/rs/v1/VW/{country}/vehicles/{vin}/status"
POSITION: Final = "/bs/cf/v1/VW/{country}/vehicles/{vin}/position"

_MAXIMUM: Final = 254
_REDUCED: Final = 252
_NO_MINUTES: Final = frozenset({65535.0, -1.0})
_MICRO: Final = 1_000_000
_LONGEST: Final = 7 * 24 * 60

_SETTINGS: Final = ("settings",)
_CHARGING: Final = ("status", "chargingStatusData")
_BATTERY: Final = ("status", "batteryStatusData")
_PLUG: Final = ("status", "plugStatusData")
_RANGES: Final = ("status", "cruisingRangeStatusData")
_CLIMATE: Final = ("status", "climatisationStatusData")
_GLASS: Final = ("status", "windowHeatingStatusData")


def kelvin_to_celsius(value: Any) -> float | None:
    """Return degrees Celsius from tenths of a kelvin; nothing is known of 0."""
    tenths = number(value)
    return None if not tenths else round((tenths / 10 - 273.15) * 2) / 2


def _amperes(value: Any) -> float | None:
    """Return a current; some of its numbers are words, and 0 is none."""
    found = number(value)
    return None if found in {None, 0, _MAXIMUM, _REDUCED} else found


def _current_word(value: Any) -> str | None:
    found = number(value)
    if not found:
        return None
    return {_MAXIMUM: "maximum", _REDUCED: "reduced"}.get(int(found), f"{found:g}")


_CHARGER_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.BATTERY_LEVEL, path=(*_BATTERY, "stateOfCharge"), convert=number),
    Row(
        signal=s.PLUGGED_IN,
        path=(*_PLUG, "plugState"),
        convert=word({"connected": True, "disconnected": False}),
    ),
    Row(
        signal=s.PLUG_LOCKED,
        path=(*_PLUG, "lockState"),
        convert=word({"locked": True, "unlocked": False}),
    ),
    Row(
        signal=s.CHARGING,
        path=(*_CHARGING, "chargingState"),
        convert=word(
            {"charging": True, "off": False, "completed": False, "error": False}
        ),
    ),
    Row(
        signal=s.CHARGING_PROBLEM,
        path=(*_CHARGING, "chargingState"),
        convert=word(
            {"error": True, "charging": False, "off": False, "completed": False}
        ),
    ),
    Row(
        signal=s.MAX_CHARGE_CURRENT_WORD,
        path=(*_SETTINGS, "maxChargeCurrent"),
        convert=_current_word,
    ),
    Row(
        signal=s.CHARGE_MODE,
        path=(*_SETTINGS, "chargeModeSelection", "value"),
        convert=word(
            {
                "immediateCharging": str(ChargeMode.IMMEDIATE),
                "timerBasedCharging": str(ChargeMode.TIMER),
            }
        ),
    ),
    Row(signal=s.RANGE_TOTAL, path=(*_RANGES, "hybridRange"), convert=number),
)

_CLIMATER_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(
        signal=s.CLIMATE_ACTIVE,
        path=(*_CLIMATE, "climatisationState"),
        convert=word(
            {
                "off": False,
                "heating": True,
                "cooling": True,
                "ventilation": True,
                "heatingAuxiliary": True,
                "on": True,
            }
        ),
    ),
    Row(
        signal=s.TARGET_TEMPERATURE,
        path=(*_SETTINGS, "targetTemperature"),
        convert=kelvin_to_celsius,
    ),
    Row(
        signal=s.CLIMATE_ON_BATTERY,
        path=(*_SETTINGS, "climatisationWithoutHVpower"),
        convert=flag,
    ),
    Row(
        signal=s.OUTSIDE_TEMPERATURE,
        path=("status", "temperatureStatusData", "outdoorTemperature"),
        convert=kelvin_to_celsius,
    ),
    Row(
        signal=s.PARKED_AT,
        path=("status", "vehicleParkingClockStatusData", "vehicleParkingClock"),
        convert=lambda value: moment(value) if isinstance(value, str) else None,
    ),
)
_GLASS_STATE: Final = word({"on": True, "off": False})
_HEATER_STATES: Final = {
    "off": (False, False),
    "heating": (True, False),
    "heatingauxiliary": (True, False),
    "ventilation": (False, True),
}


def read_charger(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the charging system."""
    data = opened(body, CHARGER, "charger")
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    _take(harvest, _CHARGER_ROWS, data)
    current = _timed(data, (*_SETTINGS, "maxChargeCurrent"), received_at)
    if current is not None and (amperes := _amperes(current[0])) is not None:
        harvest.add(s.MAX_CHARGE_CURRENT, amperes, current[1])
    _engine_ranges(harvest, data)
    _charging_state(harvest, data)
    return harvest


def read_climater(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read climate and window heating."""
    data = opened(body, CLIMATER, "climater")
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    _take(harvest, _CLIMATER_ROWS, data)
    left = _timed(data, (*_CLIMATE, "remainingClimatisationTime"), received_at)
    if left is not None and harvest.value(s.CLIMATE_ACTIVE):
        minutes = number(left[0])
        if minutes is not None and left[1] is not None and 0 < minutes <= _LONGEST:
            harvest.add(s.CLIMATE_UNTIL, _after(left[1], minutes), left[1])
    panes = [
        found
        for name in ("windowHeatingStateFront", "windowHeatingStateRear")
        if (found := _timed(data, (*_GLASS, name), received_at)) is not None
    ]
    told = [state for pane in panes if (state := _GLASS_STATE(pane[0])) is not None]
    if told:
        harvest.add(s.WINDOW_HEATING, any(told), panes[0][1])
    return harvest


def settings_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the climate settings as they have to be sent again, all together."""
    data = opened(body, CLIMATER, "climater")
    found = {
        name: dig(data, (*_SETTINGS, name, "content"))
        for name in (
            "targetTemperature",
            "climatisationWithoutHVpower",
            "heaterSource",
        )
    }
    return {name: value for name, value in found.items() if value is not MISSING}


def read_heater(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the auxiliary heater, which says no time of the car's own."""
    data = opened(body, HEATER, "statusResponse")
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    said = dig(data, ("climatisationStateReport", "climatisationState"))
    states = _HEATER_STATES.get(said.casefold()) if isinstance(said, str) else None
    if said is not MISSING:
        heats, airs = states or (None, None)
        harvest.add(s.AUXILIARY_HEATING, heats)
        harvest.add(s.VENTILATION, airs)
    return harvest


def read_position(
    body: Mapping[str, Any] | None, received_at: datetime, channel: str
) -> Harvest:
    """Read where the car is parked; nothing at all means that it is driven."""
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    harvest.add(s.MOVING, body is None)
    if body is None:
        return harvest
    data = opened(body, POSITION, "storedPositionResponse", "findCarResponse")
    parked_at = capture_time(text_at(data, "parkingTimeUTC"), received_at)
    place = data.get("position", data.get("Position"))
    sent = capture_time(text_at(place, "timestampCarSentUTC"), received_at)
    found = _place(place)
    for signal in (s.LOCATION, s.PARKED_LOCATION):
        harvest.add(signal, found, sent or parked_at)
    if parked_at is not None:
        harvest.add(s.PARKED_AT, parked_at, sent or parked_at)
    return harvest


def micro(degrees: float) -> int:
    """Write degrees as this cloud does, in millionths."""
    return round(degrees * _MICRO)


def _place(place: Any) -> Position | None:
    latitude = number(dig(place, ("carCoordinate", "latitude")))
    longitude = number(dig(place, ("carCoordinate", "longitude")))
    if latitude is None or longitude is None:
        return None
    heading = number(dig(place, ("heading", "direction")))
    return Position(
        latitude=latitude / _MICRO, longitude=longitude / _MICRO, heading=heading
    )


def _timed(
    data: Any, path: Iterable[str], received_at: datetime
) -> tuple[Any, datetime | None] | None:
    """Return a content and its time, None where the cloud says nothing."""
    found = dig(data, path)
    content = dig(found, ("content",))
    if content is MISSING:
        return None
    stamp = found.get("timestamp")
    when = capture_time(stamp, received_at) if isinstance(stamp, str) else None
    return content, when


def _take(harvest: Harvest, rows: Iterable[Row[Any]], data: Mapping[str, Any]) -> None:
    for row in rows:
        found = _timed(data, row.path, harvest.received_at)
        if found is not None:
            content, when = found
            value = None if content is None else row.convert(content)
            harvest.add(row.signal, value, when)


def _engine_ranges(harvest: Harvest, data: Mapping[str, Any]) -> None:
    """Tell ranges by the engine each belongs to."""
    for engine, name in (
        ("engineTypeFirstEngine", "primaryEngineRange"),
        ("engineTypeSecondEngine", "secondaryEngineRange"),
    ):
        kind = _timed(data, (*_RANGES, engine), harvest.received_at)
        distance = _timed(data, (*_RANGES, name), harvest.received_at)
        if kind is None or distance is None or not isinstance(kind[0], str):
            continue
        if kind[0] in {"invalid", "unsupported", ""}:
            continue
        electric = kind[0] == "typeIsElectric"
        signal = s.RANGE_ELECTRIC if electric else s.RANGE_FUEL
        harvest.add(signal, number(distance[0]), distance[1])


def _charging_state(harvest: Harvest, data: Mapping[str, Any]) -> None:
    """Put plug and charger together to one state, and say when it will be full."""
    plugged = harvest.value(s.PLUGGED_IN)
    said = _timed(data, (*_CHARGING, "chargingState"), harvest.received_at)
    charging = harvest.value(s.CHARGING)
    if said is None or plugged is None or charging is None:
        return
    when = said[1]
    if harvest.value(s.CHARGING_PROBLEM):
        harvest.add(s.CHARGING_DETAIL, str(ChargingDetail.FAULT), when)
        return
    reason = _timed(data, (*_CHARGING, "chargingReason"), harvest.received_at)
    by_timer = reason is not None and str(reason[0]).startswith("timer")
    if charging:
        state, detail = ChargingState.CHARGING, ChargingDetail.CHARGING
        detail = ChargingDetail.CHARGING_BY_TIMER if by_timer else detail
    elif not plugged:
        state, detail = ChargingState.DISCONNECTED, ChargingDetail.NOT_READY
    elif said[0] == "completed":
        state, detail = ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED
    else:
        state, detail = ChargingState.CONNECTED, _waits_for(harvest, data)
    harvest.add(s.CHARGING_STATE, str(state), when)
    harvest.add(s.CHARGING_DETAIL, str(detail), when)
    left = _timed(data, (*_BATTERY, "remainingChargingTime"), harvest.received_at)
    minutes = None if left is None else number(left[0])
    if not charging:
        harvest.add(s.TIME_TO_FULL, 0.0, when)
    elif left is not None and minutes is not None and minutes not in _NO_MINUTES:
        harvest.add(s.TIME_TO_FULL, minutes, left[1])
        if left[1] is not None and 0 <= minutes <= _LONGEST:
            harvest.add(s.CHARGE_COMPLETE_AT, _after(left[1], minutes), left[1])


def _waits_for(harvest: Harvest, data: Mapping[str, Any]) -> ChargingDetail:
    """Say why a car that is plugged in and not full does not charge."""
    power = _timed(data, (*_CHARGING, "externalPowerSupplyState"), harvest.received_at)
    if power is not None and power[0] == "unavailable":
        return ChargingDetail.WAITING_FOR_POWER
    if harvest.value(s.CHARGE_MODE) == ChargeMode.TIMER:
        return ChargingDetail.WAITING_FOR_TIMER
    return ChargingDetail.READY


def _after(start: datetime, minutes: float) -> datetime:
    """Return the whole minute nearest to some minutes later."""
    end = start + timedelta(minutes=minutes, seconds=30)
    return end.replace(second=0, microsecond=0)
