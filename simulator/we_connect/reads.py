"""What the cloud says of a car: charger, climater, heater, position."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from carport.car.signals import ChargeMode
from carport.twin.physics import charge_amperes, is_full, minutes_to_limit
from carport.twin.readings import signals_of
from carport.twin.twin import Drive, Equipment, Report, Twin, TwinSpec

_MAXIMUM: Final = 254
_REDUCED: Final = 252
_MICRO: Final = 1_000_000

type Timed = Callable[[Any], dict[str, Any]]


def iso(moment: datetime) -> str:
    """Write a moment as this cloud does."""
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"


def deci_kelvin(celsius: float) -> int:
    """Write a temperature in tenths of a kelvin, to the half degree."""
    return round((celsius + 273.15) * 2) * 5


def _timed(report: Report) -> Timed:
    stamp = iso(report.captured_at)
    return lambda content: {"content": content, "timestamp": stamp}


def _said(report: Report, spec: TwinSpec, key: str) -> int:
    row = next(row for row in signals_of(spec) if row.signal.key == key)
    value = row.say(report.state, spec)
    return round(value) if isinstance(value, (int, float)) else 0


def charger(twin: Twin) -> dict[str, Any]:
    """Return the charging system."""
    report, spec = twin.report, twin.spec
    state, at = report.state, _timed(report)
    allowed = state.max_charge_current
    current = (
        {"maximum": _MAXIMUM, "reduced": _REDUCED}.get(allowed, round(_ampere(twin)))
        if isinstance(allowed, str)
        else round(allowed)
    )
    word = "charging" if state.charging else "off"
    if state.plugged_in and not state.charging and is_full(state):
        word = "completed"
    hybrid = spec.drive is Drive.HYBRID
    electric = _said(report, spec, "range_electric")
    fuel = _said(report, spec, "range_fuel") if hybrid else 0
    second = {
        "engineTypeSecondEngine": at("petrolGasoline"),
        "secondaryEngineRange": at(fuel),
        "hybridRange": at(electric + fuel),
    }
    minutes = round(minutes_to_limit(state, spec)) if state.charging else 65535
    timed = state.charge_mode is ChargeMode.TIMER and state.charge_wish is not True
    reason = "timerBasedCharging" if timed else "immediate"
    return {
        "settings": {
            "maxChargeCurrent": at(current),
            "chargeModeSelection": {
                "modificationState": {"content": "success"},
                "modificationReason": {"content": "none"},
                "value": at("timerBasedCharging" if timed else "immediateCharging"),
            },
        },
        "status": {
            "chargingStatusData": {
                "chargingMode": at("AC" if state.charging else "off"),
                "chargingStateErrorCode": at(0),
                "chargingReason": at(reason if state.charging else "invalid"),
                "externalPowerSupplyState": at(
                    "available" if state.plugged_in else "unavailable"
                ),
                "energyFlow": at("on" if state.charging else "off"),
                "chargingState": at(word),
            },
            "cruisingRangeStatusData": {
                "engineTypeFirstEngine": at("typeIsElectric"),
                "primaryEngineRange": at(electric),
                **(second if hybrid else {}),
            },
            "ledStatusData": {
                "ledColor": at("green" if state.plugged_in else "none"),
                "ledState": at("blink" if state.charging else "off"),
            },
            "batteryStatusData": {
                "stateOfCharge": at(round(state.battery_level)),
                "remainingChargingTime": at(minutes),
                "remainingChargingTimeTargetSOC": at("maxSOC"),
            },
            "plugStatusData": {
                "plugState": at("connected" if state.plugged_in else "disconnected"),
                "lockState": at("locked" if state.plug_locked else "unlocked"),
            },
        },
    }


def _ampere(twin: Twin) -> float:
    return charge_amperes(twin.report.state, twin.spec)


def climater(twin: Twin) -> dict[str, Any]:
    """Return climate, window heating, and the clock of parking."""
    report, spec = twin.report, twin.spec
    state, at = report.state, _timed(report)
    word = "off"
    if state.climate_active:
        warm = state.target_temperature >= state.outside_temperature
        word = "heating" if warm else "cooling"
    left = 0
    if state.climate_active and state.climate_until is not None:
        left = max(round((state.climate_until - report.captured_at).seconds / 60), 0)
    glass = "on" if state.window_heating else "off"
    heater = "electric" if spec.drive is not Drive.COMBUSTION else "auxiliary"
    return {
        "settings": {
            "targetTemperature": at(deci_kelvin(state.target_temperature)),
            "climatisationWithoutHVpower": at(state.climate_on_battery),
            "heaterSource": at(heater),
        },
        "status": {
            "climatisationStatusData": {
                "climatisationState": at(word),
                "climatisationStateErrorCode": at(0),
                "remainingClimatisationTime": at(left),
                "climatisationReason": at(
                    "immediate" if state.climate_active else "invalid"
                ),
            },
            "temperatureStatusData": {
                "outdoorTemperature": at(deci_kelvin(state.outside_temperature))
            },
            "windowHeatingStatusData": {
                "windowHeatingStateFront": at(glass),
                "windowHeatingStateRear": at(glass),
            },
            "vehicleParkingClockStatusData": {
                "vehicleParkingClock": at(iso(state.parked_at))
            },
        },
    }


def heater(twin: Twin) -> dict[str, Any]:
    """Return the auxiliary heater, which has no time stamp of the car."""
    state = twin.report.state
    word = (
        "heating"
        if state.auxiliary_heating
        else "ventilation"
        if state.ventilation
        else "off"
    )
    return {
        "climatisationStateReport": {
            "climatisationState": word,
            "climatisationDuration": 30,
            "remainingClimateTime": 0 if word == "off" else 30,
            "climateStatusCode": 0,
        }
    }


def position(twin: Twin, found: bool) -> dict[str, Any] | None:
    """Return where a car is parked, in the elder or the younger envelope."""
    report = twin.report
    state = report.state
    if state.moving:
        return None
    place = state.parked_position
    coordinate = {
        "latitude": round(place.latitude * _MICRO),
        "longitude": round(place.longitude * _MICRO),
    }
    if not found:
        return {
            "storedPositionResponse": {
                "parkingTimeUTC": iso(state.parked_at),
                "position": {
                    "carCoordinate": coordinate,
                    "heading": {"direction": round(state.heading)},
                },
            }
        }
    return {
        "findCarResponse": {
            "Position": {
                "timestampCarSentUTC": iso(report.captured_at),
                "timestampTssReceived": iso(report.captured_at),
                "carCoordinate": coordinate,
            },
            "parkingTimeUTC": iso(state.parked_at),
        }
    }


def destinations(twin: Twin) -> list[dict[str, Any]]:
    """Return what waits for the car's navigation."""
    return [
        {
            "id": f"d-{number}",
            "destinationName": kept["name"],
            "immediateDestination": False,
            "address": {"addressType": "UNSPECIFIED", **kept["address"]},
            "destinationSource": "MobileApp",
            "geoCoordinate": {
                "latitude": kept["latitude"],
                "longitude": kept["longitude"],
            },
            "fetchStatus": "notFetched",
        }
        for number, kept in enumerate(twin.state.destinations, 1)
    ] or [
        {
            "id": "d-77",
            "destinationName": "Office",
            "immediateDestination": False,
            "address": {
                "addressType": "UNSPECIFIED",
                "city": "Wolfsburg",
                "country": "DE",
                "street": "Teststr. 1",
                "zipCode": "38440",
            },
            "destinationSource": "MobileApp",
            "geoCoordinate": {"latitude": 52.4239, "longitude": 10.7867},
            "fetchStatus": "notFetched",
        }
    ]


def model_year_of(twin: Twin) -> dict[str, Any]:
    """Return what was built into a car."""
    spec = twin.spec
    return {
        "modelCode": "3CP3AY",
        "modelName": spec.model,
        "modelYear": spec.model_year,
        "color": "2T2T",
        "countryCode": "DE",
        "engine": {
            Drive.ELECTRIC: "EAG",
            Drive.HYBRID: "DGE",
            Drive.COMBUSTION: "DTU",
        }[spec.drive],
        "mmi": "7UT",
        "transmission": "QQC",
    }


def services_of(spec: TwinSpec) -> dict[str, tuple[str, ...]]:
    """Return the services of a car, and the operations of each."""
    has, plugged = spec.equipment, spec.drive is not Drive.COMBUSTION
    climate = "P_START_CLIMA_EL" if plugged else "P_START_CLIMA_AU"
    found: dict[str, tuple[str, ...] | None] = {
        "statusreport_v1": ("G_SVDATA", "P_SVDATA"),
        "rbatterycharge_v1": ("G_STATUS", "P_START_STOP", "P_SETTINGS")
        if plugged
        else None,
        "rclima_v1": ("G_STATUS", climate, "P_SETTINGS")
        if Equipment.CLIMATE in has
        else None,
        "rheating_v1": ("G_STATUS", "P_QSACT")
        if Equipment.AUXILIARY_HEATING in has
        else None,
        "rlu_v1": ("LOCK", "UNLOCK") if Equipment.REMOTE_LOCK in has else None,
        "rhonk_v1": ("P_HONK_FLASH",) if Equipment.HORN in has else None,
        "carfinder_v1": ("G_CARPOSITION",) if Equipment.POSITION in has else None,
        "trip_statistic_v1": ("G_TRIPDATA",) if Equipment.TRIPS in has else None,
        "timerprogramming_v1": ("G_TIMER", "P_SETTINGS_AU") if plugged else None,
        "geofence_v1": ("G_ALERTS",),
        "speedalert_v1": ("G_ALERTS",),
        "zieleinspeisung_v1": ("G_DESTINATIONS",),
        "dwap": ("G_HISTORY",),
    }
    return {name: operations for name, operations in found.items() if operations}


def later(moment: datetime, days: int) -> str:
    """Write a moment some days later."""
    return iso(moment + timedelta(days=days))
