"""i Remote's status of a car as readings: one row for each signal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ...car import signals as s
from ...car.history import HealthReport
from ...car.signals import ChargingDetail, ChargingState
from ...cloud.contract import Car
from ...cloud.field_map import (
    MISSING,
    FieldMapping,
    ReadingBuilder,
    capture_time,
    field_at,
    get_path,
    mapped,
    position_at,
    to_float,
    unwrap,
)
from ...cloud.parts import ReadPart
from ..bmw_group.words import CHARGE_END, CHARGE_FAILED, LOCKED, OPEN
from .endpoints import STATUS
from .health import read_health, report_of

type Fields = tuple[FieldMapping[Any], ...]

_LEFT_HAND_DRIVE: Final = {"LH", "LL"}
_SEATS: Final = ("DriverFront", "PassengerFront", "DriverRear", "PassengerRear")
_FRONT_LEFT, _FRONT_RIGHT, _REAR_LEFT, _REAR_RIGHT = range(4)
_CORNERS_BY_STEERING: Final = {
    True: (_FRONT_LEFT, _FRONT_RIGHT, _REAR_LEFT, _REAR_RIGHT),
    False: (_FRONT_RIGHT, _FRONT_LEFT, _REAR_RIGHT, _REAR_LEFT),
}

TIME_PATHS: Final = (("updateTime",), ("internalDataTimeUTC",))
"""When the car reported; its data time can be hours behind."""
STATUS_FIELDS: Final[Fields] = (
    field_at(s.ODOMETER, "mileage", to_float),
    field_at(s.DOORS_LOCKED, "doorLockState", LOCKED),
    field_at(s.LAST_CHARGE_END, "lastChargingEndReason", CHARGE_END),
    field_at(s.LAST_CHARGE_FAILED, "lastChargingEndResult", CHARGE_FAILED),
)
# The part is there, or its word is INVALID: no reading, and no placeholder to count.
_PARTS: Final[Fields] = (
    field_at(s.BOOT, "trunk", OPEN),
    field_at(s.BONNET, "hood", OPEN),
    field_at(s.REAR_WINDOW, "rearWindow", OPEN),
    field_at(s.SUNROOF, "sunroof", OPEN),
    field_at(s.ROOF, "convertibleRoofState", OPEN),
)
_ELECTRIC_FIELDS: Final[Fields] = (
    field_at(s.BATTERY_LEVEL, "chargingLevelHv", to_float),
    field_at(s.RANGE_ELECTRIC, "remainingRangeElectric", to_float),
    field_at(s.RANGE_ELECTRIC_MAX, "maxRangeElectric", to_float),
)
_FUEL_FIELDS: Final[Fields] = (
    field_at(s.FUEL_VOLUME, "remainingFuel", to_float),
    field_at(s.FUEL_LEVEL, "fuelPercent", to_float),
    field_at(s.RANGE_FUEL, "remainingRangeFuel", to_float),
)

_PLUGGED: Final = mapped({"CONNECTED": True, "DISCONNECTED": False})
_STATES: Final[Mapping[str, tuple[ChargingState, ChargingDetail]]] = {
    "CHARGING": (ChargingState.CHARGING, ChargingDetail.CHARGING),
    "FINISHED_FULLY_CHARGED": (ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED),
    "FINISHED_NOT_FULL": (ChargingState.STOPPED, ChargingDetail.READY),
    "WAITING_FOR_CHARGING": (
        ChargingState.CONNECTED,
        ChargingDetail.WAITING_FOR_TIMER,
    ),
    "NOT_CHARGING": (ChargingState.CONNECTED, ChargingDetail.READY),
    "ERROR": (ChargingState.STOPPED, ChargingDetail.FAULT),
}
_NEEDS_PLUG: Final = frozenset({"CHARGING", "WAITING_FOR_CHARGING"})
_NO_WORD: Final = "INVALID"

_LIGHT_LEFT: Final = mapped({"LEFT": True, "RIGHT": False, "OFF": False})
_LIGHT_RIGHT: Final = mapped({"LEFT": False, "RIGHT": True, "OFF": False})
_LIT: Final = mapped({"ON": True, "OFF": False})

_POSITIONS: Final = frozenset({"OK", "LAST_KNOWN"})
_PARKED_REASONS: Final = frozenset(
    {
        "VEHICLE_SECURED",
        "VEHICLE_SHUTDOWN",
        "VEHICLE_SHUTDOWN_SECURED",
        "CHARGING_STARTED",
        # The cloud's own spelling, besides the right one.
        "CHARGIN_STARTED",
        "CHARGING_DONE",
    }
)


def by_drive(electric: Fields, fuel: Fields) -> ReadPart:
    """Return what reads that of a battery, of a tank or of both which the car has."""

    def read(builder: ReadingBuilder, data: Any, car: Car) -> None:
        if car.drive != "combustion":
            builder.take(electric, data)
        if car.drive != "electric":
            builder.take(fuel, data)

    return read


# A car without a tank says that it is empty.
_read_drive: Final = by_drive(_ELECTRIC_FIELDS, _FUEL_FIELDS)


def read_status(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read what the status's table cannot say."""
    _take_parts(builder, data, car.handle.get("steering"))
    _read_drive(builder, data, car)
    if car.drive != "combustion":
        _charging(builder, data)
    if car.drive != "electric":
        _fuel_level(builder, data)
    for derive in (_lights, _position, read_health):
        derive(builder, data)


def health_report(body: Mapping[str, Any], received_at: datetime) -> HealthReport:
    """Return what the status says of the car's health."""
    data = unwrap(body, STATUS.path, "vehicleStatus")
    times = (capture_time(get_path(data, path), received_at) for path in TIME_PATHS)
    return report_of(data, next(filter(None, times), None))


def _take_parts(
    builder: ReadingBuilder, data: Mapping[str, Any], steering: str | None
) -> None:
    """Read everything that opens; the driver sits on the left unless it is said."""
    said = data.get("steering")
    left = (said if isinstance(said, str) else steering or "LH") in _LEFT_HAND_DRIVE
    corners = _CORNERS_BY_STEERING[left]
    rows = [
        FieldMapping(signal=signals[corner], path=(f"{name}{seat}",), convert=OPEN)
        for name, signals in (("door", s.DOORS), ("window", s.WINDOWS))
        for seat, corner in zip(_SEATS, corners, strict=True)
    ]
    for row in (*rows, *_PARTS):
        found = get_path(data, row.path)
        if found is not MISSING and found != _NO_WORD:
            builder.add(row.signal, row.convert(found))


def _charging(builder: ReadingBuilder, data: Mapping[str, Any]) -> None:
    """Tell plug and charging, of which each may know what the other does not say."""
    said = data.get("chargingStatus")
    status = said.upper() if isinstance(said, str) else None
    plugged = _PLUGGED(data.get("connectionStatus"))
    if plugged is None and status in _NEEDS_PLUG:
        plugged = True
    if plugged is not None:
        builder.add(s.PLUGGED_IN, plugged)
    if plugged is False:
        known: tuple[ChargingState, ChargingDetail] | None = (
            ChargingState.DISCONNECTED,
            ChargingDetail.NOT_READY,
        )
    elif status is None or status == _NO_WORD:
        return
    else:
        known = _STATES.get(status)
    if known is None:
        builder.add(s.CHARGING_STATE, None)
        return
    state, detail = known
    if status == "NOT_CHARGING" and plugged is None:
        # It does not charge, and maybe because there is no plug.
        builder.add(s.CHARGING, False)
        return
    charging = state is ChargingState.CHARGING
    builder.add(s.CHARGING, charging)
    builder.add(s.CHARGING_STATE, str(state))
    builder.add(s.CHARGING_DETAIL, str(detail))
    builder.add(s.CHARGING_PROBLEM, detail is ChargingDetail.FAULT)
    minutes = to_float(data.get("chargingTimeRemaining"))
    if charging and minutes is not None:
        builder.add(s.TIME_TO_FULL, minutes)
    elif state is ChargingState.COMPLETE:
        builder.add(s.TIME_TO_FULL, 0.0)


def _fuel_level(builder: ReadingBuilder, data: Mapping[str, Any]) -> None:
    """Tell the level by the litres where the cloud does not say it."""
    litres, most = to_float(data.get("remainingFuel")), to_float(data.get("maxFuel"))
    unsaid = to_float(data.get("fuelPercent")) is None
    if unsaid and litres is not None and most:
        builder.add(s.FUEL_LEVEL, round(litres / most * 100, 1))


def _lights(builder: ReadingBuilder, data: Mapping[str, Any]) -> None:
    parking = data.get("parkingLight")
    left, right = _LIGHT_LEFT(parking), _LIGHT_RIGHT(parking)
    if left is not None and right is not None:
        builder.add(s.PARKING_LIGHT_LEFT, left)
        builder.add(s.PARKING_LIGHT_RIGHT, right)
    known = [
        lit for lit in (left, right, _LIT(data.get("positionLight"))) if lit is not None
    ]
    if known:
        builder.add(s.LIGHTS, any(known))


def _position(builder: ReadingBuilder, data: Mapping[str, Any]) -> None:
    """Tell where the car is, and whether it moves: then the cloud hides the place."""
    status = get_path(data, ("position", "status"))
    reason = data.get("updateReason")
    if status is MISSING or str(status) in _POSITIONS:
        place = position_at(data.get("position"), "lat", "lon", "heading")
        if place is not None:
            builder.add(s.LOCATION, place)
    if status == "VEHICLE_ACTIVE" or reason == "VEHICLE_MOVING":
        builder.add(s.MOVING, True)
    elif status == "OK" or (isinstance(reason, str) and reason in _PARKED_REASONS):
        builder.add(s.MOVING, False)
