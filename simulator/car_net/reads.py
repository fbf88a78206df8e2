"""What the cloud says of a car: its last report, in the cloud's own JSON."""

from datetime import datetime
from math import ceil
from typing import Any, Final

from carport.car.signals import ChargeMode
from carport.twin import physics
from carport.twin.twin import Drive, Equipment, Report, Twin, TwinSpec, TwinState

from .account import AccountState, account_number, vehicle_id

_CORNERS: Final = ("frontLeft", "frontRight", "rearLeft", "rearRight")
_MINUTES_WHEN_FULL: Final = 15
"""What a full car says; it means nothing."""
_LEGEND: Final = {
    "A": "Red - stop, do not drive, get professional help",
    "B": "Yellow - see dealer for repair or adjustment",
    "C": "Blue - see dealer for regular service",
    "D": "Green - Vehicle OK",
    "E": "White",
}
_OVERALL: Final = {
    "A": "STOP_SAFELY",
    "B": "SEE_DEALER",
    "C": "SERVICE_DUE",
    "D": "ALL_GOOD",
}
_CATEGORIES: Final = {
    "DRVR_ASSIST_SYS": "Driver Assistance Systems",
    "ELECTRIC_SYS": "Electric System",
    "ENG_TRANS_PWTR": "Engine & Transmission & Powertrain",
    "TIRES_BRAKES": "Tires & Brakes",
}


def epoch_ms(moment: datetime) -> int:
    """Return a moment as the cloud writes it."""
    return round(moment.timestamp() * 1000)


def fahrenheit(celsius: float) -> int:
    """Return a temperature in whole degrees Fahrenheit."""
    return round(celsius * 9 / 5 + 32)


def enrollment(account: AccountState, twins: list[Twin]) -> dict[str, Any]:
    """Return the account and its cars."""
    return {
        "customer": {
            "userId": account.user_id,
            "vwId": account.vw_id,
            "firstName": "Dana",
            "lastName": "Example",
            "preferredLanguage": "English",
            "birthDate": "1980-01-31",
            "address": {
                "street1": "1 Test Way",
                "city": "Reston",
                "state": "VA",
                "zipCode": "20190",
                "country": account.region.country,
            },
            "phones": [{"type": "MOBILE", "number": "5555550100"}],
            "emails": [{"type": "PRIMARY", "address": account.username}],
            "updatedAt": 1574754533000,
        },
        "vehicleEnrollmentStatus": [_enrolled(account, twin) for twin in twins],
    }


def _enrolled(account: AccountState, twin: Twin) -> dict[str, Any]:
    spec = twin.spec
    number = vehicle_id(spec.vin)
    return {
        "vehicleId": number,
        "carName": {},
        "associationStatus": "ASSOCIATION_VERIFIED",
        "vehicle": {
            "vin": spec.vin,
            "vehicleId": number,
            "brand": "VW",
            "modelName": spec.model,
            "modelYear": spec.model_year,
            "modelCode": "BE12B1" if spec.drive is Drive.ELECTRIC else "A343J5",
            "modelDesc": f"{spec.model.replace('-', '').lower()}_{spec.model_year}",
            "stolenFlag": "N",
            "tspProvider": "VZT",
            "ocuSim": {"imei": "350000000000001", "defaultMno": "Verizon"},
        },
        "rolesAndRights": {
            "vehicleId": number,
            "userId": account.user_id,
            "tspAccountNum": account_number(spec.vin),
            "privileges": [
                {"name": name, "status": "ACTIVE"} for name in _privileges(spec)
            ],
        },
    }


def _privileges(spec: TwinSpec) -> list[str]:
    """Return what a car may be asked; the real names are not known."""
    electric = spec.drive is Drive.ELECTRIC
    names = ["VEHICLE_STATUS", "VEHICLE_HEALTH_REPORT"]
    if Equipment.REMOTE_LOCK in spec.equipment:
        names.append("LOCK_UNLOCK")
    if Equipment.HORN in spec.equipment:
        names.append("HONK_AND_FLASH")
    return [*names, "CHARGING", "CLIMATE"] if electric else names


def status(twin: Twin) -> dict[str, Any]:
    """Return a car's status as it last reported it."""
    spec, report = twin.spec, twin.report
    state = report.state
    content: dict[str, Any] = {
        "currentMileage": int(state.odometer),
        "nextMaintenanceMilestone": {
            "mileageInterval": 0,
            "absoluteMileage": round(state.service_at_odometer),
        },
        "timestamp": epoch_ms(report.captured_at),
        "exteriorStatus": _exterior(spec, state),
        "powerStatus": _power(spec, state),
        "lockStatus": "LOCKED" if state.locked else "UNLOCKED",
    }
    if Equipment.POSITION in spec.equipment:
        here, parked = state.position, state.parked_position
        content["location"] = {"latitude": here.latitude, "longitude": here.longitude}
        content["lastParkedLocation"] = {
            "latitude": parked.latitude,
            "longitude": parked.longitude,
        }
    return content


def _exterior(spec: TwinSpec, state: TwinState) -> dict[str, Any]:
    doors = dict(zip(_CORNERS, map(_open, state.doors), strict=True))
    windows = dict(zip(_CORNERS, map(_open, state.windows), strict=True))
    sunroof = (
        _open(state.sunroof) if Equipment.SUNROOF in spec.equipment else "NOTAVAILABLE"
    )
    return {
        # The word for a car that is not locked is not known.
        "secure": "SECURE" if state.locked else "UNSECURE",
        "doorStatus": {
            **doors,
            "trunk": _open(state.boot),
            "hood": _open(state.bonnet),
        },
        "doorLockStatus": {
            corner: "LOCKED" if locked else "UNLOCKED"
            for corner, locked in zip(_CORNERS, state.door_locks, strict=True)
        },
        "windowStatus": {**windows, "sunRoof": sunroof},
        "lightStatus": {
            "left": "ON" if state.light_left else "OFF",
            "right": "ON" if state.light_right else "OFF",
        },
    }


def _open(is_open: bool) -> str:
    return "OPEN" if is_open else "CLOSED"


def _power(spec: TwinSpec, state: TwinState) -> dict[str, Any]:
    electric = spec.drive is Drive.ELECTRIC
    reach = _range_electric(spec, state) if electric else _range_fuel(spec, state)
    content: dict[str, Any] = {
        "cruiseRange": reach,
        "fuelPercentRemaining": 0 if electric else round(state.fuel_level),
        "cruiseRangeUnits": "KM",
        "cruiseRangeFirst": reach,
    }
    if electric:
        timed = state.charging and state.charge_mode is ChargeMode.TIMER
        content["battery"] = {
            "chargePercentRemaining": round(state.battery_level),
            "minutesUntilFullCharge": _minutes(spec, state),
            "chargePlug": "PLUGGEDIN" if state.plugged_in else "UNPLUGGED",
            "triggeredByTimer": "true" if timed else "false",
        }
    return content


def _minutes(spec: TwinSpec, state: TwinState) -> int:
    if state.charging:
        return ceil(physics.minutes_to_limit(state, spec))
    full = state.plugged_in and state.battery_level >= state.charge_limit
    return _MINUTES_WHEN_FULL if full else 0


def _range_electric(spec: TwinSpec, state: TwinState) -> int:
    energy = state.battery_level / 100 * physics.capacity(spec)
    return round(energy / physics.consumption_electric(state, spec) * 100)


def _range_fuel(spec: TwinSpec, state: TwinState) -> int:
    litres = state.fuel_level / 100 * (spec.tank or 0)
    return round(litres / physics.consumption_fuel(state, spec) * 100)


def climate(report: Report) -> dict[str, Any]:
    """Return the climate details, which are a command's answer."""
    state = report.state
    return {
        "outdoor_temperature": fahrenheit(state.outside_temperature),
        "target_temperature": fahrenheit(state.target_temperature),
        "climate_on": state.climate_active,
        "defrost_on": state.defrost,
        "unplugged_climate_control_enabled": state.climate_on_battery,
        "triggered_by_timer": False,
    }


def health(twin: Twin) -> dict[str, Any]:
    """Return the health report as the car last made it."""
    state, spec = twin.report.state, twin.spec
    made = state.health_reported_at
    messages = _messages(state, made)
    worst = min((priority for _, priority, _ in messages), default="D")
    left = state.service_at_odometer - state.odometer
    return {
        "odoReadCount": int(state.odometer),
        "odoUOM": "km",
        "vehicleId": vehicle_id(spec.vin),
        "vhrTimeStamp": epoch_ms(made),
        "overallPriorityCode": worst,
        # Spelt as the real one: not like the line above.
        "overAllPriorityDescription": _OVERALL[worst],
        "applicableCategories": [
            _category(code, text, messages) for code, text in _CATEGORIES.items()
        ],
        "vhrMaintEvents": [
            {
                "distance": round(left),
                "daysCount": (state.inspection_due_at - made).days,
                "eventStatusCode": "2",
                "eventStatusDesc": "Service in",
                "eventType": "INSPECTION",
                "eventTypeDesc": "Service inspection",
                "uom": "km",
                "uomDesc": "Kilometer",
            }
        ],
        "priorityCodeLegend": [
            {"priorityCode": code, "priorityDescription": text}
            for code, text in _LEGEND.items()
        ],
    }


def _messages(state: TwinState, made: datetime) -> list[tuple[str, str, str]]:
    """Return what is wrong: category, priority and text."""
    found = []
    if min(state.tyre_pressures) < physics.LOW_TYRE:
        found.append(("TIRES_BRAKES", "B", "Tire pressure low"))
    if state.battery_12v_voltage < physics.LOW_12V:
        found.append(("ELECTRIC_SYS", "B", "12-volt battery low"))
    if state.service_at_odometer <= state.odometer or state.service_due_at <= made:
        found.append(("ENG_TRANS_PWTR", "C", "Service due"))
    return found


def _category(
    code: str, text: str, messages: list[tuple[str, str, str]]
) -> dict[str, Any]:
    own = [(priority, says) for where, priority, says in messages if where == code]
    return {
        "categoryCode": code,
        "categoryDesc": text,
        "categoryPriorityCode": min((priority for priority, _ in own), default="D"),
        # The shape of a message is not known; this one is the simulator's own.
        "diagnosticMessages": [
            {
                "messageCode": f"{code}_{number}",
                "messageDesc": says,
                "priorityCode": priority,
            }
            for number, (priority, says) in enumerate(own, 1)
        ],
    }
