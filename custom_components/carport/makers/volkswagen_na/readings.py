"""Car-Net's status and climate details as readings: one row for each signal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ...car import signals as s
from ...car.signals import ChargingDetail, Position
from ...service.rows import (
    MISSING,
    Harvest,
    Row,
    capture_time,
    celsius,
    dig,
    flag,
    kilometres,
    number,
    opened,
    word,
)

STATUS: Final = "/rvs/v1/vehicle/{vehicleId}"
CLIMATE: Final = "/mps/v1/vehicles/{acct}/status/climate/details"

_FULL: Final = 100
_CORNERS: Final = ("frontLeft", "frontRight", "rearLeft", "rearRight")
_OPEN: Final = word({"OPEN": True, "CLOSED": False})
_LOCKED: Final = word({"LOCKED": True, "UNLOCKED": False})
_LIT: Final = word({"ON": True, "OFF": False})
# Only SECURE was ever seen; what stands for the contrary is a guess.
_SECURE: Final = word({"SECURE": True, "UNSECURE": False, "UNSECURED": False})
# UNPLUGGED is likely, not seen.
_PLUGGED: Final = word({"PLUGGEDIN": True, "UNPLUGGED": False})

_DOORS: Final = ("exteriorStatus", "doorStatus")
_LOCKS: Final = ("exteriorStatus", "doorLockStatus")
_WINDOWS: Final = ("exteriorStatus", "windowStatus")
_LIGHTS: Final = ("exteriorStatus", "lightStatus")
_POWER: Final = ("powerStatus",)
_BATTERY: Final = (*_POWER, "battery")


def _position(value: Any) -> Position | None:
    latitude = number(dig(value, ("latitude",)))
    longitude = number(dig(value, ("longitude",)))
    if latitude is None or longitude is None:
        return None
    return Position(latitude=latitude, longitude=longitude)


def _celsius(value: Any) -> float | None:
    degrees = number(value)
    return None if degrees is None else celsius(degrees)


_STATUS_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.ODOMETER, path=("currentMileage",), convert=number),
    *(
        Row(signal=signal, path=(*_DOORS, corner), convert=_OPEN)
        for signal, corner in zip(s.DOORS, _CORNERS, strict=True)
    ),
    Row(signal=s.BOOT, path=(*_DOORS, "trunk"), convert=_OPEN),
    Row(signal=s.BONNET, path=(*_DOORS, "hood"), convert=_OPEN),
    *(
        Row(signal=signal, path=(*_LOCKS, corner), convert=_LOCKED)
        for signal, corner in zip(s.DOOR_LOCKS, _CORNERS, strict=True)
    ),
    *(
        Row(signal=signal, path=(*_WINDOWS, corner), convert=_OPEN)
        for signal, corner in zip(s.WINDOWS, _CORNERS, strict=True)
    ),
    Row(signal=s.SUNROOF, path=(*_WINDOWS, "sunRoof"), convert=_OPEN),
    Row(signal=s.PARKING_LIGHT_LEFT, path=(*_LIGHTS, "left"), convert=_LIT),
    Row(signal=s.PARKING_LIGHT_RIGHT, path=(*_LIGHTS, "right"), convert=_LIT),
    Row(
        signal=s.BATTERY_LEVEL,
        path=(*_BATTERY, "chargePercentRemaining"),
        convert=number,
    ),
    Row(signal=s.PLUGGED_IN, path=(*_BATTERY, "chargePlug"), convert=_PLUGGED),
    Row(signal=s.LOCATION, path=("location",), convert=_position),
    Row(signal=s.PARKED_LOCATION, path=("lastParkedLocation",), convert=_position),
)

_CLIMATE_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.CLIMATE_ACTIVE, path=("climate_on",), convert=flag),
    Row(signal=s.TARGET_TEMPERATURE, path=("target_temperature",), convert=_celsius),
    Row(signal=s.OUTSIDE_TEMPERATURE, path=("outdoor_temperature",), convert=_celsius),
    Row(signal=s.DEFROST, path=("defrost_on",), convert=flag),
    Row(
        signal=s.CLIMATE_ON_BATTERY,
        path=("unplugged_climate_control_enabled",),
        convert=flag,
    ),
)

# The first that says a word it should decides.
_CENTRAL_LOCK: Final = (
    Row(signal=s.DOORS_LOCKED, path=("lockStatus",), convert=_LOCKED),
    Row(signal=s.DOORS_LOCKED, path=("exteriorStatus", "secure"), convert=_SECURE),
)


def read_status(
    body: Mapping[str, Any], drive: str | None, received_at: datetime, channel: str
) -> Harvest:
    """Read the status; every reading has the time the car last reported."""
    data = opened(body, STATUS, "data")
    harvest = Harvest(
        captured_at=_captured_at(data, received_at),
        received_at=received_at,
        channel=channel,
    )
    harvest.take(_STATUS_ROWS, data)
    for derive in (_central_lock, _lights, _charging, _energy, _service):
        derive(harvest, data, drive)
    return harvest


def read_climate(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the climate details, which come without a time of the car's own."""
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    harvest.take(_CLIMATE_ROWS, opened(body, CLIMATE, "data"))
    return harvest


def _captured_at(data: Mapping[str, Any], received_at: datetime) -> datetime | None:
    for key in ("timestamp", "clampStateTimestamp", "instrumentCluserTime"):
        if (stamp := capture_time(data.get(key), received_at)) is not None:
            return stamp
    return None


def _central_lock(harvest: Harvest, data: Mapping[str, Any], drive: str | None) -> None:
    """Tell whether the whole car is locked, by the best witness there is."""
    said = [
        row.convert(found)
        for row in _CENTRAL_LOCK
        if (found := dig(data, row.path)) is not MISSING
    ]
    locks = [harvest.value(signal) for signal in s.DOOR_LOCKS]
    if False in locks:
        said.append(False)
    elif None not in locks:
        said.append(True)
    if said:
        harvest.add(
            s.DOORS_LOCKED, next((word for word in said if word is not None), None)
        )


def _lights(harvest: Harvest, data: Mapping[str, Any], drive: str | None) -> None:
    """Tell whether any light burns."""
    sides = [
        harvest.value(s.PARKING_LIGHT_LEFT),
        harvest.value(s.PARKING_LIGHT_RIGHT),
    ]
    if True in sides:
        harvest.add(s.LIGHTS, True)
    elif None not in sides:
        harvest.add(s.LIGHTS, False)


def _charging(harvest: Harvest, data: Mapping[str, Any], drive: str | None) -> None:
    """Conclude whether the battery charges: Car-Net never says it."""
    plugged, level = harvest.value(s.PLUGGED_IN), harvest.value(s.BATTERY_LEVEL)
    minutes = number(dig(data, (*_BATTERY, "minutesUntilFullCharge")))
    if plugged is None:
        return
    if not plugged:
        charging, detail = False, ChargingDetail.NOT_READY
    elif level is not None and level >= _FULL:
        charging, detail = False, ChargingDetail.TARGET_REACHED
        # The cloud keeps a few minutes here for ever.
        harvest.add(s.TIME_TO_FULL, 0.0)
    elif level is None or minutes is None or minutes < 0:
        return
    elif minutes == 0:
        charging, detail = False, ChargingDetail.READY
    else:
        by_timer = flag(dig(data, (*_BATTERY, "triggeredByTimer")))
        charging = True
        detail = (
            ChargingDetail.CHARGING_BY_TIMER if by_timer else ChargingDetail.CHARGING
        )
        harvest.add(s.TIME_TO_FULL, minutes)
    harvest.add(s.CHARGING, charging)
    harvest.add(s.CHARGING_DETAIL, str(detail))


def _energy(harvest: Harvest, data: Mapping[str, Any], drive: str | None) -> None:
    """Tell ranges and fuel, by what drives the car: the cloud has one field for all."""
    fuel = number(dig(data, (*_POWER, "fuelPercentRemaining")))
    electric = (
        drive in {"electric", "hybrid"} or harvest.value(s.BATTERY_LEVEL) is not None
    )
    # An electric car says 0 % here; a combustion car that says so has no fuel to say it.
    burns = drive != "electric" and fuel is not None and fuel > 0
    if burns:
        harvest.add(s.FUEL_LEVEL, fuel)
    if (total := _range(data, "cruiseRange")) is None:
        total = _range(data, "cruiseRangeFirst")
    if dig(data, (*_POWER, "cruiseRange")) is MISSING and total is None:
        return
    if electric and burns:
        harvest.add(s.RANGE_TOTAL, total)
    elif electric:
        harvest.add(s.RANGE_ELECTRIC, total)
    elif burns:
        harvest.add(s.RANGE_FUEL, total)


def _range(data: Mapping[str, Any], key: str) -> float | None:
    """Return a range in kilometres; -1 stands for nothing known."""
    distance = number(dig(data, (*_POWER, key)))
    unit = dig(data, (*_POWER, "cruiseRangeUnits"))
    if distance is None or distance < 0:
        return None
    return kilometres(distance, None if unit is MISSING else unit)


def _service(harvest: Harvest, data: Mapping[str, Any], drive: str | None) -> None:
    """Tell the distance to the next service, which the cloud counts from the start."""
    milestone = number(dig(data, ("nextMaintenanceMilestone", "absoluteMileage")))
    odometer = harvest.value(s.ODOMETER)
    if milestone is not None and milestone > 0 and odometer is not None:
        harvest.add(s.SERVICE_DUE_DISTANCE, milestone - odometer)
