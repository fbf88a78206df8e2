"""What the interface says of a car as readings: one table for each part of its answer.

Every part has a capture time of its own, and a word of its own for being missing.
"""

from collections.abc import Iterator, Mapping
import re
from typing import Any, Final

from ...car import signals as s
from ...car.signals import ChargingDetail, ChargingState
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import (
    FieldMapping,
    ReadingBuilder,
    capture_time,
    celsius,
    field_at,
    get_path,
    mapped,
    position_at,
    text_at,
    to_bool,
    to_datetime,
    to_float,
)
from .commands import MODES
from .endpoints import EXPIRES_HEADER

type Body = Mapping[str, Any]

_EXPIRES: Final = "keyExpiresAt"

_LOCKED: Final = mapped(
    {
        "YES": True,
        "LOCKED": True,
        "NO": False,
        "UNLOCKED": False,
        "OPENED": False,
        "TRUNK_OPENED": False,
    }
)
_OPEN: Final = mapped({"OPEN": True, "CLOSED": False})
_ON: Final = mapped({"ON": True, "OFF": False})
_CONDITIONS: Final = mapped(
    {
        "OFF": False,
        "COMPLETED": False,
        "COOLING": True,
        "HEATING": True,
        "HEATING_AUXILIARY": True,
        "VENTILATION": True,
    }
)
_HEATS: Final = mapped(
    {
        "OFF": False,
        "VENTILATION": False,
        "PREHEATING": True,
        "HEATING": True,
        "HEATING_AUXILIARY": True,
    }
)
_AIRS: Final = mapped({"OFF": False, "VENTILATION": True, "PREHEATING": True})
_AIRS_TOO: Final = mapped(
    {
        "OFF": False,
        "VENTILATION": True,
        "PREHEATING": False,
        "HEATING": False,
        "HEATING_AUXILIARY": False,
    }
)
_CHARGER: Final = {
    "CONNECT_CABLE": (ChargingState.DISCONNECTED, ChargingDetail.NOT_READY),
    "READY_FOR_CHARGING": (ChargingState.CONNECTED, ChargingDetail.READY),
    "CHARGING": (ChargingState.CHARGING, ChargingDetail.CHARGING),
    "CONSERVING": (ChargingState.COMPLETE, ChargingDetail.CONSERVING),
    "CHARGING_INTERRUPTED": (ChargingState.PAUSED, ChargingDetail.FAULT),
    "DISCHARGING": (ChargingState.CONNECTED, ChargingDetail.DISCHARGING),
}
_STATES: Final = {word: state for word, (state, _) in _CHARGER.items()}
_DETAILS: Final = {word: detail for word, (_, detail) in _CHARGER.items()}
_CHARGES: Final = {
    word: state is ChargingState.CHARGING for word, state in _STATES.items()
}
_PLUGGED: Final = {
    word: state is not ChargingState.DISCONNECTED for word, state in _STATES.items()
}
_RELEASED: Final = mapped({"PERMANENT": True, "ON": True, "OFF": False})


def _tenths(value: Any) -> float | None:
    """Return a number without the digits that nobody measured."""
    found = to_float(value)
    return None if found is None else round(found, 1)


def _lower(value: Any) -> str | None:
    return value.lower() if isinstance(value, str) else None


def _kilometres(value: Any) -> float | None:
    metres = to_float(value)
    return None if metres is None else round(metres / 1000, 1)


PARTS: Final[Mapping[str, tuple[FieldMapping[Any], ...]]] = {
    "status": (
        field_at(
            s.DOORS_LOCKED,
            "overall.locked",
            _LOCKED,
            also=(("overall", "doorsLocked"), ("overall", "reliableLockStatus")),
        ),
        field_at(s.DOORS_OPEN, "overall.doors", _OPEN),
        field_at(s.WINDOWS_OPEN, "overall.windows", _OPEN),
        field_at(s.LIGHTS, "overall.lights", _ON),
        field_at(s.BOOT, "detail.trunk", _OPEN),
        field_at(s.BONNET, "detail.bonnet", _OPEN),
        field_at(s.SUNROOF, "detail.sunroof", _OPEN),
    ),
    "odometer": (field_at(s.ODOMETER, "mileageInKm", to_float),),
    "fuelStatus": (
        field_at(s.RANGE_TOTAL, "totalRangeInKm", to_float),
        field_at(s.ADBLUE_RANGE, "adBlueRange", to_float),
    ),
    "airConditioning": (
        field_at(s.CLIMATE_ACTIVE, "state", _CONDITIONS),
        field_at(s.CLIMATE_ON_BATTERY, "airConditioningWithoutExternalPower", to_bool),
    ),
    "auxiliaryHeating": (
        field_at(s.AUXILIARY_HEATING, "state", _HEATS),
        field_at(s.VENTILATION, "state", _AIRS_TOO),
    ),
    # A car that has both is aired by this one.
    "activeVentilation": (field_at(s.VENTILATION, "state", _AIRS),),
    "charging": (
        field_at(s.BATTERY_LEVEL, "status.battery.stateOfChargeInPercent", to_float),
        field_at(
            s.RANGE_ELECTRIC,
            "status.battery.remainingCruisingRangeInMeters",
            _kilometres,
        ),
        field_at(s.PLUGGED_IN, "status.state", mapped(_PLUGGED)),
        field_at(s.CHARGING, "status.state", mapped(_CHARGES)),
        field_at(s.CHARGING_STATE, "status.state", mapped(_STATES)),
        field_at(s.CHARGING_DETAIL, "status.state", mapped(_DETAILS)),
        field_at(
            s.CHARGING_TYPE,
            "status.chargeType",
            mapped({"AC": "ac", "DC": "dc"}),
            over=("OFF",),
        ),
        field_at(s.CHARGING_POWER, "status.chargePowerInKw", _tenths),
        field_at(s.CHARGING_SPEED, "status.chargingRateInKilometersPerHour", _tenths),
        field_at(
            s.TIME_TO_FULL, "status.remainingTimeToFullyChargedInMinutes", to_float
        ),
        field_at(s.CHARGE_COMPLETE_AT, "status.fullyChargedAt", to_datetime),
        field_at(s.CHARGE_LIMIT, "settings.targetStateOfChargeInPercent", to_float),
        field_at(s.CHARGE_MODE, "settings.preferredChargeMode", mapped(MODES)),
        field_at(s.AUTO_UNLOCK_PLUG, "settings.autoUnlockPlugWhenCharged", _RELEASED),
        field_at(s.MAX_CHARGE_CURRENT, "settings.maxChargeCurrentAcAmpere", to_float),
        field_at(s.MAX_CHARGE_CURRENT_WORD, "settings.maxChargeCurrentAc", _lower),
    ),
    "parkingPosition": (),
    "chargingProfiles": (),
}
"""The parts in the order they are read in; a later value of a signal replaces one."""

_MISSED: Final = re.compile(r"(\w+)_(UNSUPPORTED|DISABLED|UNAVAILABLE)")
_PART_OF: Final = {
    "VEHICLE_STATUS": "status",
    "DRIVING_RANGE": "fuelStatus",
    "FUEL_STATUS": "fuelStatus",
    "ODOMETER": "odometer",
    "PARKING_POSITION": "parkingPosition",
    "AIR_CONDITIONING": "airConditioning",
    "AUXILIARY_HEATING": "auxiliaryHeating",
    "ACTIVE_VENTILATION": "activeVentilation",
    "CHARGING": "charging",
    "CHARGING_PROFILES": "chargingProfiles",
}
_LEVEL: Final = "currentFuelLevelInPercent"
_RANGE: Final = "remainingRangeInKm"
_FUELLED: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.FUEL_LEVEL, _LEVEL, to_float),
    field_at(s.RANGE_FUEL, _RANGE, to_float),
)
_ENGINES: Final[Mapping[str, tuple[FieldMapping[Any], ...]]] = {
    "GASOLINE": _FUELLED,
    "DIESEL": _FUELLED,
    "CNG": (
        field_at(s.CNG_LEVEL, _LEVEL, to_float),
        field_at(s.RANGE_FUEL, _RANGE, to_float),
    ),
    "ELECTRIC": (
        field_at(
            s.BATTERY_LEVEL,
            "currentSoCInPercent",
            to_float,
            # The spelling of other interfaces of the maker.
            also=(("currentSocInPercent",),),
        ),
        field_at(s.RANGE_ELECTRIC, _RANGE, to_float),
    ),
}
"""What is read of an engine; of one that nobody knows, nothing."""
_WHILE_CHARGING: Final = (
    s.CHARGING_TYPE,
    s.CHARGING_POWER,
    s.CHARGING_SPEED,
    s.TIME_TO_FULL,
    s.CHARGE_COMPLETE_AT,
)


def body_about(vin: str, answer: Answer) -> Body:
    """Return an answer's body; what is about no car, or another one, is a bad answer."""
    body = answer.json()
    vehicle = get_path(body, ("vehicle",))
    told = text_at(vehicle, "vin") or vin
    another = len(told) == len(vin) and told != vin
    if another or not isinstance(vehicle, Mapping):
        raise BadAnswer(answer.what, status=answer.status)
    return body


def with_expiry(answer: Answer) -> Body:
    """Return an answer's body, and with it when the key ends."""
    return {**answer.json(), _EXPIRES: answer.headers.get(EXPIRES_HEADER)}


def read_vehicle(builder: ReadingBuilder, body: Body, _car: Car) -> None:
    """Read every part that came, and note how the others are missing."""
    vehicle = get_path(body, ("vehicle",))
    for name, rows in PARTS.items():
        part = get_path(vehicle, (name,))
        if not isinstance(part, Mapping):
            continue
        builder.captured_at = capture_time(
            get_path(part, ("carCapturedTimestamp",)), builder.received_at
        )
        builder.take(rows, part)
        if name in _MORE:
            _MORE[name](builder, part)
    builder.captured_at = None
    if (expires := to_datetime(body.get(_EXPIRES))) is not None:
        builder.add(s.SERVICE_EXPIRES_AT, expires)
    for name, ending in missing_parts(body):
        if ending == "DISABLED":
            builder.switched_off.add(name)
        elif ending == "UNAVAILABLE":
            builder.gaps.add(name)
        # What is not supported never comes: nothing is missing.


def missing_parts(body: Body) -> Iterator[tuple[str, str]]:
    """Yield the parts that an answer names as missing, and how each is."""
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else ():
        found = _MISSED.fullmatch(text_at(error, "type") or "")
        if found is not None and found[1] in _PART_OF:
            yield _PART_OF[found[1]], found[2]


def _read_engines(builder: ReadingBuilder, part: Body) -> None:
    """Read both engines; the battery is better told by the charger, if it tells.

    What burns goes as far as all its fuels do, such as natural gas and petrol.
    """
    burns = 0.0
    for name in ("primaryEngineRange", "secondaryEngineRange"):
        engine = get_path(part, (name,))
        if isinstance(engine, Mapping):
            rows = _ENGINES.get(text_at(engine, "engineType") or "", ())
            builder.take(rows, engine)
            if any(row.signal is s.RANGE_FUEL for row in rows):
                burns += max(to_float(get_path(engine, (_RANGE,))) or 0, 0)
    if burns:
        builder.add(s.RANGE_FUEL, burns)


def _read_charging(builder: ReadingBuilder, part: Body) -> None:
    """Take away what only a car that charges has."""
    if builder.value(s.CHARGING) is False:
        for signal in _WHILE_CHARGING:
            if signal.key not in builder.readings:
                builder.end(signal)


def _read_climate(builder: ReadingBuilder, part: Body) -> None:
    target = get_path(part, ("targetTemperature",))
    if (degrees := _degrees(target)) is not None:
        builder.add(s.TARGET_TEMPERATURE, degrees)
    glass = [_ON(get_path(part, ("windowHeating", side))) for side in ("front", "rear")]
    if any(found is not None for found in glass):
        builder.add(s.WINDOW_HEATING, True in glass)


def _degrees(target: Any) -> float | None:
    value = to_float(get_path(target, ("value",)))
    if value is None:
        return None
    return celsius(value) if text_at(target, "unit") == "FAHRENHEIT" else value


def _read_place(builder: ReadingBuilder, part: Body) -> None:
    """Read where the car is parked; under way nobody knows where it is."""
    match part.get("state"):
        case "IN_MOTION":
            builder.add(s.MOVING, True)
            builder.end(s.PARKED_ADDRESS)
            return
        case "PARKED":
            builder.add(s.MOVING, False)
    place = position_at(part, "gpsCoordinates.latitude", "gpsCoordinates.longitude")
    if place is not None:
        builder.add(s.LOCATION, place)
        builder.add(s.PARKED_LOCATION, place)
    if (address := text_at(part, "formattedAddress")) is not None:
        builder.add(s.PARKED_ADDRESS, address)


_MORE: Final = {
    "charging": _read_charging,
    "airConditioning": _read_climate,
    "fuelStatus": _read_engines,
    "parkingPosition": _read_place,
}
