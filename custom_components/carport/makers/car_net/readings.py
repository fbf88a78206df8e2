"""What Car-Net says of a car: its parts, and a row for each signal."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from ...car import signals as s
from ...car.signals import ChargingDetail
from ...cloud.contract import Car
from ...cloud.field_map import (
    MISSING,
    FieldMapping,
    ReadingBuilder,
    celsius,
    field_at,
    flag,
    get_path,
    kilometres,
    position_at,
    to_bool,
    to_float,
)
from ...cloud.parts import Part
from . import endpoints as e
from .cars import takes_commands
from .history import HEALTH_FIELDS, read_health

STATUS: Final = "status"
HEALTH: Final = "health"
CLIMATE: Final = "climate_details"

_CORNERS: Final = ("frontLeft", "frontRight", "rearLeft", "rearRight")
_OPEN: Final = flag(on="OPEN", off="CLOSED")
# SECURE stands where others have LOCKED; what stands for the contrary is a guess.
_LOCKED: Final = flag(on="LOCKED SECURE", off="UNLOCKED UNSECURE UNSECURED")
_place: Final = partial(position_at, latitude="latitude", longitude="longitude")
_LIT: Final = flag(on="ON", off="OFF")
# UNPLUGGED is likely, not seen.
_PLUGGED: Final = flag(on="PLUGGEDIN", off="UNPLUGGED")


def _celsius(value: Any) -> float | None:
    degrees = to_float(value)
    return None if degrees is None else celsius(degrees)


def _corners(
    signals: tuple[s.Signal[bool], ...], path: str, convert: Any
) -> tuple[FieldMapping[bool], ...]:
    return tuple(
        field_at(signal, f"exteriorStatus.{path}.{corner}", convert)
        for signal, corner in zip(signals, _CORNERS, strict=True)
    )


_STATUS_FIELDS: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.ODOMETER, "currentMileage", to_float),
    *_corners(s.DOORS, "doorStatus", _OPEN),
    field_at(s.BOOT, "exteriorStatus.doorStatus.trunk", _OPEN),
    field_at(s.BONNET, "exteriorStatus.doorStatus.hood", _OPEN),
    *_corners(s.DOOR_LOCKS, "doorLockStatus", _LOCKED),
    field_at(
        s.DOORS_LOCKED, "lockStatus", _LOCKED, also=(("exteriorStatus", "secure"),)
    ),
    *_corners(s.WINDOWS, "windowStatus", _OPEN),
    field_at(s.SUNROOF, "exteriorStatus.windowStatus.sunRoof", _OPEN),
    field_at(s.PARKING_LIGHT_LEFT, "exteriorStatus.lightStatus.left", _LIT),
    field_at(s.PARKING_LIGHT_RIGHT, "exteriorStatus.lightStatus.right", _LIT),
    field_at(s.BATTERY_LEVEL, "powerStatus.battery.chargePercentRemaining", to_float),
    field_at(s.PLUGGED_IN, "powerStatus.battery.chargePlug", _PLUGGED),
    field_at(s.LOCATION, "location", _place),
    field_at(s.PARKED_LOCATION, "lastParkedLocation", _place),
)
_CLIMATE_FIELDS: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.CLIMATE_ACTIVE, "climate_on", to_bool),
    field_at(s.TARGET_TEMPERATURE, "target_temperature", _celsius),
    field_at(s.OUTSIDE_TEMPERATURE, "outdoor_temperature", _celsius),
    field_at(s.DEFROST, "defrost_on", to_bool),
    field_at(s.CLIMATE_ON_BATTERY, "unplugged_climate_control_enabled", to_bool),
)


def _read_status(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Conclude what Car-Net leaves to be concluded."""
    if builder.value(s.DOORS_LOCKED) is None:
        _all_and_any(builder, s.DOORS_LOCKED, s.DOOR_LOCKS, decisive=False)
    lights = (s.PARKING_LIGHT_LEFT, s.PARKING_LIGHT_RIGHT)
    _all_and_any(builder, s.LIGHTS, lights, decisive=True)
    _read_charging(builder, get_path(data, ("powerStatus", "battery")))
    _read_energy(builder, get_path(data, ("powerStatus",)), car.drive)
    # The cloud counts the next service from the car's first mile.
    milestone = to_float(
        get_path(data, ("nextMaintenanceMilestone", "absoluteMileage"))
    )
    odometer = builder.value(s.ODOMETER)
    if milestone is not None and milestone > 0 and odometer is not None:
        builder.add(s.SERVICE_DUE_DISTANCE, milestone - odometer)


def _all_and_any(
    builder: ReadingBuilder,
    whole: s.Signal[bool],
    parts: tuple[s.Signal[bool], ...],
    *,
    decisive: bool,
) -> None:
    """Tell of the whole car: one decisive part is enough, or all must say otherwise."""
    said = [builder.value(signal) for signal in parts]
    if decisive in said:
        builder.add(whole, decisive)
    elif None not in said:
        builder.add(whole, not decisive)


def _read_charging(builder: ReadingBuilder, battery: Any) -> None:
    """Conclude whether the battery charges: Car-Net never says it."""
    plugged, level = builder.value(s.PLUGGED_IN), builder.value(s.BATTERY_LEVEL)
    minutes = to_float(get_path(battery, ("minutesUntilFullCharge",)))
    if plugged is None:
        return
    if not plugged:
        detail = ChargingDetail.NOT_READY
    elif level is not None and level >= 100:
        detail, minutes = ChargingDetail.TARGET_REACHED, 0.0
    elif level is None or minutes is None or minutes < 0:
        return
    elif minutes == 0:
        detail = ChargingDetail.READY
    elif to_bool(get_path(battery, ("triggeredByTimer",))):
        detail = ChargingDetail.CHARGING_BY_TIMER
    else:
        detail = ChargingDetail.CHARGING
    charging = detail in {ChargingDetail.CHARGING, ChargingDetail.CHARGING_BY_TIMER}
    builder.add(s.CHARGING, charging)
    builder.add(s.CHARGING_DETAIL, str(detail))
    if charging or detail is ChargingDetail.TARGET_REACHED:
        builder.add(s.TIME_TO_FULL, minutes)
    else:
        # Where it does not charge, the cloud keeps a few minutes standing for ever.
        builder.end(s.TIME_TO_FULL)


def _read_energy(builder: ReadingBuilder, power: Any, drive: str | None) -> None:
    """Tell ranges and fuel, by what drives the car: the cloud has one field for all."""
    fuel = to_float(get_path(power, ("fuelPercentRemaining",)))
    electric = (
        drive in {"electric", "hybrid"} or builder.value(s.BATTERY_LEVEL) is not None
    )
    # An electric car says 0 % here; a combustion car that says so has no fuel to say it.
    burns = drive != "electric" and fuel is not None and fuel > 0
    if burns:
        builder.add(s.FUEL_LEVEL, fuel)
    if (total := _range(power, "cruiseRange")) is None:
        total = _range(power, "cruiseRangeFirst")
    if get_path(power, ("cruiseRange",)) is MISSING and total is None:
        return
    if electric and burns:
        builder.add(s.RANGE_TOTAL, total)
    elif electric:
        builder.add(s.RANGE_ELECTRIC, total)
    elif burns:
        builder.add(s.RANGE_FUEL, total)


def _range(power: Any, key: str) -> float | None:
    """Return a range in kilometres; -1 stands for nothing known."""
    distance = to_float(get_path(power, (key,)))
    unit = get_path(power, ("cruiseRangeUnits",))
    if distance is None or distance < 0:
        return None
    return kilometres(distance, None if unit is MISSING else unit)


PARTS: Final = (
    Part(
        key=STATUS,
        request=e.STATUS,
        envelope=("data",),
        time_paths=(
            ("timestamp",),
            ("clampStateTimestamp",),
            ("instrumentCluserTime",),
        ),
        fields=_STATUS_FIELDS,
        read=_read_status,
        required=True,
    ),
    Part(
        key=HEALTH,
        request=e.HEALTH,
        envelope=("data",),
        time_paths=(("vhrTimeStamp",),),
        fields=HEALTH_FIELDS,
        read=read_health,
        every=timedelta(hours=24),
        retry=timedelta(hours=1),
    ),
    Part(
        key=CLIMATE,
        request=e.CLIMATE_DETAILS,
        envelope=("data",),
        fields=_CLIMATE_FIELDS,
        wanted=takes_commands,
    ),
)
