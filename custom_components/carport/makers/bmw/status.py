"""i Remote's status of a car as readings: one row for each signal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ...car import signals as s
from ...car.histories import HealthReport
from ...car.signals import ChargingDetail, ChargingState, Position
from ...service.rows import (
    MISSING,
    Harvest,
    Row,
    capture_time,
    dig,
    number,
    opened,
    word,
)
from .health import read_health, report_of
from .words import CHARGE_END, CHARGE_FAILED, LOCKED, OPEN

WHAT: Final = "/webapi/v1/user/vehicles/{VIN}/status"

_LEFT_HAND_DRIVE: Final = {"LH", "LL"}
_SEATS: Final = ("DriverFront", "PassengerFront", "DriverRear", "PassengerRear")
_FRONT_LEFT, _FRONT_RIGHT, _REAR_LEFT, _REAR_RIGHT = range(4)
_CORNERS_BY_STEERING: Final = {
    True: (_FRONT_LEFT, _FRONT_RIGHT, _REAR_LEFT, _REAR_RIGHT),
    False: (_FRONT_RIGHT, _FRONT_LEFT, _REAR_RIGHT, _REAR_LEFT),
}

_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.ODOMETER, path=("mileage",), convert=number),
    Row(signal=s.DOORS_LOCKED, path=("doorLockState",), convert=LOCKED),
    Row(signal=s.LAST_CHARGE_END, path=("lastChargingEndReason",), convert=CHARGE_END),
    Row(
        signal=s.LAST_CHARGE_FAILED,
        path=("lastChargingEndResult",),
        convert=CHARGE_FAILED,
    ),
)
# The part is there, or its word is INVALID: no reading, and no placeholder to count.
_PARTS: Final[tuple[Row[bool], ...]] = (
    Row(signal=s.BOOT, path=("trunk",), convert=OPEN),
    Row(signal=s.BONNET, path=("hood",), convert=OPEN),
    Row(signal=s.REAR_WINDOW, path=("rearWindow",), convert=OPEN),
    Row(signal=s.SUNROOF, path=("sunroof",), convert=OPEN),
    Row(signal=s.ROOF, path=("convertibleRoofState",), convert=OPEN),
)
_ELECTRIC_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.BATTERY_LEVEL, path=("chargingLevelHv",), convert=number),
    Row(signal=s.RANGE_ELECTRIC, path=("remainingRangeElectric",), convert=number),
    Row(signal=s.RANGE_ELECTRIC_MAX, path=("maxRangeElectric",), convert=number),
)
_FUEL_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.FUEL_VOLUME, path=("remainingFuel",), convert=number),
    Row(signal=s.FUEL_LEVEL, path=("fuelPercent",), convert=number),
    Row(signal=s.RANGE_FUEL, path=("remainingRangeFuel",), convert=number),
)

_PLUGGED: Final = word({"CONNECTED": True, "DISCONNECTED": False})
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

_LIGHT_LEFT: Final = word({"LEFT": True, "RIGHT": False, "OFF": False})
_LIGHT_RIGHT: Final = word({"LEFT": False, "RIGHT": True, "OFF": False})
_LIT: Final = word({"ON": True, "OFF": False})

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


def read_status(
    body: Mapping[str, Any],
    drive: str | None,
    steering: str | None,
    received_at: datetime,
    channel: str,
) -> Harvest:
    """Read the status; every reading has the time the car last reported."""
    data = opened(body, WHAT, "vehicleStatus")
    harvest = Harvest(
        captured_at=_captured_at(data, received_at),
        received_at=received_at,
        channel=channel,
    )
    harvest.take(_ROWS, data)
    _take_parts(harvest, data, steering)
    if drive != "combustion":
        harvest.take(_ELECTRIC_ROWS, data)
        _charging(harvest, data)
    if drive != "electric":
        # A car without a tank says that it is empty.
        harvest.take(_FUEL_ROWS, data)
        _fuel_level(harvest, data)
    for derive in (_lights, _position, read_health):
        derive(harvest, data)
    return harvest


def health_report(body: Mapping[str, Any], received_at: datetime) -> HealthReport:
    """Return what the status says of the car's health."""
    data = opened(body, WHAT, "vehicleStatus")
    return report_of(data, _captured_at(data, received_at))


def _captured_at(data: Mapping[str, Any], received_at: datetime) -> datetime | None:
    """Return when the car reported; the car's data time can be hours behind."""
    for key in ("updateTime", "internalDataTimeUTC"):
        if (stamp := capture_time(data.get(key), received_at)) is not None:
            return stamp
    return None


def _take_parts(
    harvest: Harvest, data: Mapping[str, Any], steering: str | None
) -> None:
    """Read everything that opens; the driver sits on the left unless it is said."""
    said = data.get("steering")
    left = (said if isinstance(said, str) else steering or "LH") in _LEFT_HAND_DRIVE
    corners = _CORNERS_BY_STEERING[left]
    rows = [
        Row(signal=signals[corner], path=(f"{name}{seat}",), convert=OPEN)
        for name, signals in (("door", s.DOORS), ("window", s.WINDOWS))
        for seat, corner in zip(_SEATS, corners, strict=True)
    ]
    for row in (*rows, *_PARTS):
        found = dig(data, row.path)
        if found is not MISSING and found != _NO_WORD:
            harvest.add(row.signal, row.convert(found))


def _charging(harvest: Harvest, data: Mapping[str, Any]) -> None:
    """Tell plug and charging, of which each may know what the other does not say."""
    said = data.get("chargingStatus")
    status = said.upper() if isinstance(said, str) else None
    plugged = _PLUGGED(data.get("connectionStatus"))
    if plugged is None and status in _NEEDS_PLUG:
        plugged = True
    if plugged is not None:
        harvest.add(s.PLUGGED_IN, plugged)
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
        harvest.add(s.CHARGING_STATE, None)
        return
    state, detail = known
    charging = state is ChargingState.CHARGING
    harvest.add(s.CHARGING, charging)
    harvest.add(s.CHARGING_STATE, str(state))
    harvest.add(s.CHARGING_DETAIL, str(detail))
    harvest.add(s.CHARGING_PROBLEM, detail is ChargingDetail.FAULT)
    minutes = number(data.get("chargingTimeRemaining"))
    if charging and minutes is not None:
        harvest.add(s.TIME_TO_FULL, minutes)
    elif state is ChargingState.COMPLETE:
        harvest.add(s.TIME_TO_FULL, 0.0)


def _fuel_level(harvest: Harvest, data: Mapping[str, Any]) -> None:
    """Tell the level by the litres where the cloud does not say it."""
    litres, most = number(data.get("remainingFuel")), number(data.get("maxFuel"))
    if "fuelPercent" not in data and litres is not None and most:
        harvest.add(s.FUEL_LEVEL, round(litres / most * 100, 1))


def _lights(harvest: Harvest, data: Mapping[str, Any]) -> None:
    parking = data.get("parkingLight")
    left, right = _LIGHT_LEFT(parking), _LIGHT_RIGHT(parking)
    if left is not None and right is not None:
        harvest.add(s.PARKING_LIGHT_LEFT, left)
        harvest.add(s.PARKING_LIGHT_RIGHT, right)
    known = [
        lit for lit in (left, right, _LIT(data.get("positionLight"))) if lit is not None
    ]
    if known:
        harvest.add(s.LIGHTS, any(known))


def _position(harvest: Harvest, data: Mapping[str, Any]) -> None:
    """Tell where the car is, and whether it moves: then the cloud hides the place."""
    status = dig(data, ("position", "status"))
    reason = data.get("updateReason")
    if status is MISSING or str(status) in _POSITIONS:
        _place(harvest, data.get("position"))
    if status == "VEHICLE_ACTIVE" or reason == "VEHICLE_MOVING":
        harvest.add(s.MOVING, True)
    elif status == "OK" or (isinstance(reason, str) and reason in _PARKED_REASONS):
        harvest.add(s.MOVING, False)


def _place(harvest: Harvest, place: Any) -> None:
    """Add a place, which has no heading everywhere."""
    latitude, longitude = number(dig(place, ("lat",))), number(dig(place, ("lon",)))
    if latitude is not None and longitude is not None:
        harvest.add(
            s.LOCATION,
            Position(
                latitude=latitude,
                longitude=longitude,
                heading=number(dig(place, ("heading",))),
            ),
        )
