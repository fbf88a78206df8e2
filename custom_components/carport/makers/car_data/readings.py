"""Which signal each descriptor is, in the order of their rank, and how it is read."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.signals import Position, Signal
from ...cloud.field_map import FieldMapping, ReadingBuilder, to_float
from ..bmw_group import words as bmw
from . import words
from .charging import (
    AMPERES,
    METHOD,
    PHASES,
    PLUGS,
    POWER,
    SAME_REPORT,
    STATUS,
    TIME_REMAINING,
    VOLTAGE,
    read_charging,
)
from .entries import (
    DISPLAY_UNIT,
    KOMBI_RANGE,
    ODOMETER,
    SERVICE_DISTANCE,
    TANK_RANGE,
    TOGETHER,
    Entries,
)
from .health import read_health

_BATTERY: Final = "vehicle.drivetrain.batteryManagement"
_CHARGING: Final = "vehicle.drivetrain.electricEngine.charging"
_ENGINE: Final = "vehicle.drivetrain.electricEngine"
_FUEL: Final = "vehicle.drivetrain.fuelSystem"
_NAVIGATION: Final = "vehicle.cabin.infotainment.navigation"
_PLACE: Final = f"{_NAVIGATION}.currentLocation"
_PORT: Final = "vehicle.powertrain.tractionBattery.charging.port.anyPosition"
_PRECONDITIONING: Final = "vehicle.cabin.hvac.preconditioning"
_SOC: Final = "vehicle.powertrain.electric.battery.stateOfCharge"
_TRIP: Final = "vehicle.trip.segment"

LEVELS: Final = (
    f"{_BATTERY}.header",
    f"{_SOC}.displayed",
    f"{_CHARGING}.level",
    f"{_TRIP}.end.drivetrain.batteryManagement.hvSoc",
)
"""The charge level, best first; which of them a car sends depends on its age."""
_LATITUDE: Final = f"{_PLACE}.latitude"
_LONGITUDE: Final = f"{_PLACE}.longitude"
_HEADING: Final = f"{_PLACE}.heading"

_CLIMATE_MINUTES: Final = "vehicle.vehicle.preConditioning.remainingTime"
_CLIMATE_SECONDS: Final = f"{_PRECONDITIONING}.status.remainingRunningTime"

_KM_A_MILE: Final = 1.609344
_LITRES_A_GALLON: Final = 3.785411784


def _fields(
    signal: Signal[Any],
    *names: str,
    convert: Callable[[Any], Any] = to_float,
    with_unit: Callable[[Any, Any], Any] | None = None,
) -> tuple[FieldMapping[Any], ...]:
    """Return a signal's mappings, one for each descriptor that may hold it, best first."""
    return tuple(
        FieldMapping(
            signal=signal,
            path=(name, "value"),
            convert=convert,
            time_path=(name, "timestamp"),
            unit_path=(name, "unit"),
            with_unit=with_unit,
        )
        for name in names
    )


def _kilometres(value: Any, unit: Any) -> float | None:
    distance = to_float(value)
    miles = isinstance(unit, str) and unit.casefold() in {"mi", "miles", "mls"}
    return distance if distance is None or not miles else distance * _KM_A_MILE


def _litres(value: Any, unit: Any) -> float | None:
    volume = to_float(value)
    gallons = isinstance(unit, str) and unit.casefold().startswith("gal")
    return volume if volume is None or not gallons else volume * _LITRES_A_GALLON


def _bar(value: Any) -> float | None:
    """Return a pressure in bar; it comes in kPa."""
    pressure = to_float(value)
    return None if not pressure else pressure / 100


def _filled(value: Any) -> float | None:
    """Return a number that is not zero: zero stands for *not known* here."""
    return to_float(value) or None


def _doors_and_windows() -> Iterable[tuple[FieldMapping[Any], ...]]:
    """Yield doors and windows of a car that steers on the left; see `_mirrored`."""
    for corner, (row, seat) in enumerate(
        (row, seat) for row in (1, 2) for seat in ("driver", "passenger")
    ):
        base = f"row{row}.{seat}"
        yield _fields(
            s.DOORS[corner],
            f"vehicle.cabin.door.{base}.isOpen",
            convert=words.IS_OPEN,
        )
        yield _fields(
            s.WINDOWS[corner],
            f"vehicle.cabin.window.{base}.status",
            convert=words.OPEN,
        )


def _tyres() -> Iterable[tuple[FieldMapping[Any], ...]]:
    for corner, (row, side) in enumerate(
        (row, side) for row in (1, 2) for side in ("left", "right")
    ):
        name = f"vehicle.chassis.axle.row{row}.wheel.{side}.tire.pressure"
        yield _fields(s.TYRE_PRESSURES[corner], name, convert=_bar)


TABLE: Final[tuple[tuple[FieldMapping[Any], ...], ...]] = (
    _fields(s.ODOMETER, ODOMETER, with_unit=_kilometres),
    _fields(s.BATTERY_LEVEL, *LEVELS),
    _fields(s.CHARGE_LIMIT, f"{_SOC}.target"),
    _fields(s.CHARGE_LIMIT_MIN, f"{_SOC}.targetMin"),
    _fields(
        s.BATTERY_CAPACITY,
        f"{_BATTERY}.maxEnergy",
        f"{_BATTERY}.batterySizeMax",
        convert=_filled,
    ),
    _fields(
        s.STATE_OF_HEALTH,
        "vehicle.powertrain.electric.battery.stateOfHealth.displayed",
    ),
    _fields(
        s.RANGE_ELECTRIC,
        KOMBI_RANGE,
        f"{_ENGINE}.remainingElectricRange",
        with_unit=_kilometres,
    ),
    _fields(s.RANGE_FUEL, TANK_RANGE, with_unit=_kilometres),
    _fields(s.FUEL_VOLUME, f"{_FUEL}.remainingFuel", with_unit=_litres),
    _fields(s.FUEL_LEVEL, f"{_FUEL}.level"),
    _fields(s.PLUGGED_IN, *PLUGS, convert=words.PLUGGED_IN),
    _fields(
        s.PLUG_LOCKED,
        "vehicle.body.chargingPort.lockedStatus",
        convert=words.PLUG_LOCKED,
    ),
    _fields(s.CHARGE_FLAP, f"{_PORT}.flap.isOpen", convert=words.IS_OPEN),
    _fields(s.CHARGING_VOLTAGE, VOLTAGE),
    _fields(s.CHARGING_CURRENT, AMPERES),
    _fields(
        s.MAX_CHARGE_CURRENT,
        "vehicle.powertrain.electric.battery.charging.acLimit.selected",
    ),
    _fields(
        s.LAST_CHARGE_END,
        f"{_CHARGING}.lastChargingReason",
        convert=bmw.CHARGE_END,
    ),
    _fields(
        s.LAST_CHARGE_FAILED,
        f"{_CHARGING}.lastChargingResult",
        convert=bmw.CHARGE_FAILED,
    ),
    _fields(s.CHARGE_MODE, f"{_CHARGING}.profile.mode", convert=bmw.CHARGE_MODE),
    *_doors_and_windows(),
    *_tyres(),
    _fields(s.BONNET, "vehicle.body.hood.isOpen", convert=words.IS_OPEN),
    _fields(s.BOOT, "vehicle.body.trunk.isOpen", convert=words.IS_OPEN),
    _fields(s.REAR_WINDOW, "vehicle.body.trunk.window.isOpen", convert=words.IS_OPEN),
    _fields(
        s.SUNROOF,
        "vehicle.cabin.sunroof.overallStatus",
        "vehicle.cabin.sunroof.status",
        convert=words.OPEN,
    ),
    _fields(s.ROOF, "vehicle.cabin.convertible.roofStatus", convert=words.ROOF),
    _fields(
        s.DOORS_LOCKED,
        "vehicle.cabin.door.lock.status",
        "vehicle.cabin.door.status",
        convert=words.LOCKED,
    ),
    _fields(s.LIGHTS, "vehicle.body.lights.isRunningOn", convert=words.TRUE),
    _fields(
        s.IGNITION,
        "vehicle.drivetrain.engine.isIgnitionOn",
        "vehicle.drivetrain.engine.isActive",
        convert=words.TRUE,
    ),
    _fields(s.MOVING, "vehicle.isMoving", convert=words.TRUE),
    _fields(
        s.CLIMATE_ACTIVE,
        f"{_PRECONDITIONING}.status.comfortState",
        "vehicle.vehicle.preConditioning.activity",
        convert=words.CLIMATE_ACTIVE,
    ),
    _fields(
        s.TARGET_TEMPERATURE,
        f"{_PRECONDITIONING}.configuration.defaultSettings.targetTemperature",
    ),
    _fields(s.CONSUMPTION_ELECTRIC, "vehicle.drivetrain.avgElectricRangeConsumption"),
    _fields(s.LAST_TRIP_ENDED_AT, f"{_TRIP}.end.time", convert=words.day_and_time),
    _fields(
        s.LAST_TRIP_RECUPERATION,
        f"{_TRIP}.accumulated.drivetrain.electricEngine.recuperationTotal",
    ),
    _fields(s.BATTERY_12V_VOLTAGE, "vehicle.electricalSystem.battery.voltage"),
    _fields(s.SERVICE_DUE_DISTANCE, SERVICE_DISTANCE, with_unit=_kilometres),
    _fields(
        s.INSPECTION_DUE_ON,
        "vehicle.status.serviceTime.inspectionDateLegal",
        convert=words.day_and_time,
    ),
)
"""What one descriptor says by itself."""

FUELS: Final = (f"{_FUEL}.remainingFuel", f"{_FUEL}.level")
"""What only a car with a tank says."""

_RANGES_TOTAL: Final = _fields(
    s.RANGE_TOTAL,
    "vehicle.drivetrain.totalRemainingRange",
    "vehicle.drivetrain.lastRemainingRange",
    with_unit=_kilometres,
)
"""Not of a car without an engine, where they are next to nothing."""

_FURTHER: Final = (
    STATUS,
    f"{_CHARGING}.hvStatus",
    TIME_REMAINING,
    f"{_CHARGING}.timeToFullyCharged",
    POWER,
    PHASES,
    _LATITUDE,
    _LONGITUDE,
    _HEADING,
    METHOD,
    _CLIMATE_MINUTES,
    _CLIMATE_SECONDS,
    DISPLAY_UNIT,
    "vehicle.status.conditionBasedServices",
    "vehicle.status.checkControlMessages",
)

DESCRIPTORS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(
        [mapping.path[0] for ranked in (*TABLE, _RANGES_TOTAL) for mapping in ranked]
        + list(_FURTHER)
    )
)
"""Everything that is asked for: the keys of the container."""

ESSENTIAL: Final = frozenset(
    {
        ODOMETER,
        *LEVELS[:2],
        f"{_SOC}.target",
        KOMBI_RANGE,
        f"{_FUEL}.level",
        f"{_FUEL}.remainingFuel",
        STATUS,
        TIME_REMAINING,
        "vehicle.body.chargingPort.status",
        "vehicle.cabin.door.lock.status",
        _LATITUDE,
        _LONGITUDE,
    }
)
"""What every program asks for: these are there if anything is."""

_MIRRORED: Final = {
    here: there
    for corners in (s.DOORS, s.WINDOWS)
    for here, there in zip(
        corners, (corners[1], corners[0], corners[3], corners[2]), strict=True
    )
}


def read_entries(
    builder: ReadingBuilder, entries: Entries, *, electric_only: bool, right_hand: bool
) -> None:
    """Read everything that is known of a car."""
    body = entries.body()
    tables = TABLE if electric_only else (*TABLE, _RANGES_TOTAL)
    chosen = [
        mapping
        for ranked in tables
        if (mapping := best_of(ranked, entries)) is not None
    ]
    if right_hand:
        chosen = [_mirrored(mapping) for mapping in chosen]
    builder.take(chosen, body)
    read_charging(builder, entries)
    _read_place(builder, entries)
    _read_climate_end(builder, entries)
    read_health(builder, entries)


def best_of(
    ranked: tuple[FieldMapping[Any], ...], entries: Entries
) -> FieldMapping[Any] | None:
    """Return the mapping whose descriptor is the newest; of one report, the best ranked."""
    found = [
        (entry.captured_at, mapping)
        for mapping in ranked
        if (entry := entries.get(mapping.path[0])) is not None
        and mapping.value({mapping.path[0]: {"unit": entry.unit}}, entry.value)
        is not None
    ]
    if not found:
        return None
    newest = max(captured_at for captured_at, _ in found)
    return next(
        mapping for captured_at, mapping in found if newest - captured_at <= SAME_REPORT
    )


def _mirrored(mapping: FieldMapping[Any]) -> FieldMapping[Any]:
    signal = _MIRRORED.get(mapping.signal)
    if signal is None:
        return mapping
    return FieldMapping(
        signal=signal,
        path=mapping.path,
        convert=mapping.convert,
        time_path=mapping.time_path,
    )


# Place and climate


def _read_place(builder: ReadingBuilder, entries: Entries) -> None:
    """Read the place, from a latitude and a longitude of the same moment."""
    north, east = entries.get(_LATITUDE), entries.get(_LONGITUDE)
    if north is None or east is None:
        return
    if abs(north.captured_at - east.captured_at) > TOGETHER:
        return  # The other half is still on its way.
    latitude, longitude = to_float(north.value), to_float(east.value)
    if latitude is None or longitude is None:
        return
    heading = entries.get(_HEADING)
    turned = None
    if heading is not None and heading.captured_at >= north.captured_at - SAME_REPORT:
        turned = to_float(heading.value)
    place = Position(latitude=latitude, longitude=longitude, heading=turned)
    at = max(north.captured_at, east.captured_at)
    builder.add(s.LOCATION, place, at)
    if builder.value(s.MOVING) is False:
        builder.add(s.PARKED_LOCATION, place, at)


def _read_climate_end(builder: ReadingBuilder, entries: Entries) -> None:
    if builder.value(s.CLIMATE_ACTIVE) is not True:
        return
    told = [
        (left.captured_at, time * seconds)
        for name, seconds in ((_CLIMATE_SECONDS, 1), (_CLIMATE_MINUTES, 60))
        if (left := entries.get(name)) and (time := to_float(left.value))
    ]
    at, seconds = max(told, default=(None, 0.0))
    if at is not None and 0 < seconds < timedelta(days=1).total_seconds():
        builder.add(s.CLIMATE_UNTIL, at + timedelta(seconds=seconds), at)


__all__ = ["DESCRIPTORS", "ESSENTIAL", "LEVELS", "read_entries"]
