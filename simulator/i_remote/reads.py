"""A car's status: its last report, in the cloud's own words."""

from datetime import datetime
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

from carport.car.commands import CommandKind
from carport.car.signals import ChargeMode
from carport.twin import physics
from carport.twin.twin import Equipment, Report, Twin, TwinSpec, TwinState

from .settings import Settings
from .vehicle_list import drive_train, steering

_SEATS: Final = ("DriverFront", "PassengerFront", "DriverRear", "PassengerRear")
_LEFT: Final = (0, 1, 2, 3)
_RIGHT: Final = (1, 0, 3, 2)
_KM_A_MILE: Final = 1.609344
_LOW_TYRE: Final = {
    "ccmId": 955,
    "ccmDescriptionShort": "Tyre pressure notification",
    "ccmDescriptionLong": "Check the tyre pressure when the tyres are cold.",
}
_SOON: Final = 2000
_NEARLY_FULL: Final = 97
_SAME: Final = 1e-3
_ZONE: Final = ZoneInfo("Europe/Berlin")
"""The zone of the cloud's stamps, which are written without a colon in it."""


def stamp(moment: datetime) -> str:
    """Return a moment as the cloud writes it."""
    return f"{moment.astimezone(_ZONE):%Y-%m-%dT%H:%M:%S%z}"


_ASKED_FOR: Final = {
    CommandKind.LOCK: "VEHICLE_SECURED",
    CommandKind.UNLOCK: "VEHICLE_UNSECURED",
    CommandKind.WAKE: "ON_DEMAND",
}


def status(
    twin: Twin, report: Report, settings: Settings, place: str, locked: str
) -> dict[str, Any]:
    """Return the status; `place` and `locked` are the cloud's words for both."""
    state, spec = report.state, twin.spec
    train, reason = drive_train(spec), _reason(twin, report, settings)
    return {
        "vin": spec.vin,
        "mileage": int(state.odometer),
        "updateReason": reason,
        "updateTime": stamp(report.captured_at),
        "internalDataTimeUTC": f"{report.captured_at:%Y-%m-%dT%H:%M:%S}",
        "doorLockState": locked if state.locked else settings.unlocks_to,
        **_openings(state, spec),
        "parkingLight": _parking_light(state),
        "positionLight": "ON" if state.lights else "OFF",
        **(_fuel(state, spec) if train != "BEV" else {"remainingFuel": 0}),
        **(_battery(state, spec) if train != "CONV" else {}),
        **(_charge_end(twin) if train != "CONV" else {}),
        "position": _position(state, place),
        "steering": steering(spec),
        "DCS_CCH_Activation": "NA",
        "DCS_CCH_Ongoing": False,
        "checkControlMessages": _messages(state),
        "cbsData": _services(state),
    }


def _reason(twin: Twin, report: Report, settings: Settings) -> str:
    """Return why the car reported: it was asked to, or what it is doing."""
    state, at = report.state, report.captured_at.timestamp()
    if state.moving:
        return "VEHICLE_MOVING"
    for accepted in twin.commands.values():
        if abs(accepted.due - at) < _SAME and accepted.command.kind in _ASKED_FOR:
            return _ASKED_FOR[accepted.command.kind]
    if state.charging:
        return "CHARGIN_STARTED" if settings.misspelt else "CHARGING_STARTED"
    return "VEHICLE_SHUTDOWN_SECURED" if state.locked else "VEHICLE_UNSECURED"


def _openings(state: TwinState, spec: TwinSpec) -> dict[str, str]:
    corners = _LEFT if steering(spec) == "LH" else _RIGHT
    fitted = Equipment.SUNROOF in spec.equipment
    return {
        **{
            f"door{seat}": _open(state.doors[corner])
            for seat, corner in zip(_SEATS, corners, strict=True)
        },
        **{
            f"window{seat}": _open(state.windows[corner])
            for seat, corner in zip(_SEATS, corners, strict=True)
        },
        "trunk": _open(state.boot),
        "hood": _open(state.bonnet),
        "rearWindow": "INVALID",
        "convertibleRoofState": "INVALID",
        "sunroof": _open(state.sunroof) if fitted else "INVALID",
    }


def _open(is_open: bool) -> str:
    return "OPEN" if is_open else "CLOSED"


def _parking_light(state: TwinState) -> str:
    """Return the side that burns; the word for both is not known."""
    if state.light_left == state.light_right:
        return "OFF"
    return "LEFT" if state.light_left else "RIGHT"


def _fuel(state: TwinState, spec: TwinSpec) -> dict[str, Any]:
    tank = spec.tank or 0
    litres = round(tank * state.fuel_level / 100, 1)
    reach = litres / physics.consumption_fuel(state, spec) * 100
    return {
        "remainingFuel": litres,
        "maxFuel": tank,
        "fuelPercent": round(state.fuel_level),
        **_distance("remainingRangeFuel", reach),
    }


def _battery(state: TwinState, spec: TwinSpec) -> dict[str, Any]:
    full = physics.capacity(spec) / physics.consumption_electric(state, spec) * 100
    content: dict[str, Any] = {
        "connectionStatus": "CONNECTED" if state.plugged_in else "DISCONNECTED",
        "chargingStatus": charging_word(state),
        "chargingLevelHv": round(state.battery_level),
        **_distance("remainingRangeElectric", full * state.battery_level / 100),
        "singleImmediateCharging": state.charge_wish is True,
        "chargingConnectionType": "CONDUCTIVE",
        "chargingInductivePositioning": "NOT_POSITIONED",
    }
    if drive_train(spec) != "PHEV":
        content |= _distance("maxRangeElectric", full)
    if state.charging:
        minutes = physics.minutes_to_limit(state, spec)
        content["chargingTimeRemaining"] = ceil(minutes)
    return content


def _charge_end(twin: Twin) -> dict[str, str]:
    """Return how the last charge ended; the one before the twin's life went well."""
    ends = [event for event in twin.memory.charges if not event.began]
    if not ends or ends[-1].level >= _NEARLY_FULL:
        reason, result = "CHARGING_GOAL_REACHED", "SUCCESS"
    elif twin.state.charge_wish is False:
        reason, result = "END_REQUESTED_BY_DRIVER", "SUCCESS"
    else:
        reason, result = "UNKNOWN", "UNKNOWN"
    return {"lastChargingEndReason": reason, "lastChargingEndResult": result}


def charging_word(state: TwinState) -> str:
    """Return the cloud's word for what the charger does."""
    if not state.plugged_in:
        return "INVALID"
    if state.charging:
        return "CHARGING"
    if physics.is_full(state):
        return "FINISHED_FULLY_CHARGED"
    if state.charge_wish is False:
        return "FINISHED_NOT_FULL"
    if state.charge_mode is not ChargeMode.IMMEDIATE:
        return "WAITING_FOR_CHARGING"
    return "NOT_CHARGING"


def _distance(key: str, kilometres: float) -> dict[str, int]:
    return {key: int(kilometres), f"{key}Mls": int(kilometres / _KM_A_MILE)}


def _position(state: TwinState, place: str) -> dict[str, Any]:
    if state.moving:
        return {"status": "VEHICLE_ACTIVE"}
    if place not in {"OK", "LAST_KNOWN"}:
        return {"status": place}
    here = state.position
    return {
        "lat": here.latitude,
        "lon": here.longitude,
        "heading": round(state.heading),
        "status": place,
    }


def _messages(state: TwinState) -> list[dict[str, Any]]:
    if min(state.tyre_pressures) >= physics.LOW_TYRE:
        return []
    return [{**_LOW_TYRE, "ccmMileage": int(state.odometer)}]


def _services(state: TwinState) -> list[dict[str, Any]]:
    left = round(state.service_at_odometer - state.odometer)
    verdict = "OVERDUE" if left < 0 else "PENDING" if left < _SOON else "OK"
    service = {"cbsDueDate": f"{state.service_due_at:%Y-%m}"}
    return [
        {
            "cbsType": "BRAKE_FLUID",
            "cbsState": "OK",
            **service,
            "cbsDescription": "Change due by the given month.",
        },
        {
            "cbsType": "OIL",
            "cbsState": verdict,
            **service,
            "cbsRemainingMileage": left,
            "cbsDescription": "Service due by month or distance.",
        },
        {
            "cbsType": "VEHICLE_CHECK",
            "cbsState": verdict,
            **service,
            "cbsRemainingMileage": left,
            "cbsDescription": "Vehicle check due by month or distance.",
        },
        {
            "cbsType": "VEHICLE_TUV",
            "cbsState": "OK",
            "cbsDueDate": f"{state.inspection_due_at:%m.%Y}",
            "cbsDescription": "Statutory inspection due by the given month.",
        },
    ]
