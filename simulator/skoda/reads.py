"""What is told of a car, part by part, from what it last reported."""

from datetime import datetime, timedelta
from typing import Any, Final

from carport.car.signals import ChargeMode
from carport.twin import physics
from carport.twin.readings import range_total
from carport.twin.twin import Drive, Equipment, Twin, TwinSpec, TwinState

MODES: Final = {
    "MANUAL": ChargeMode.IMMEDIATE,
    "TIMER": ChargeMode.TIMER,
    "PREFERRED_CHARGING_TIMES": ChargeMode.SCHEDULED,
}
RUN: Final = 600
"""Seconds for which heaters and fans run where nothing else was asked."""
_NEAR_HOME: Final = 0.001
_METERS: Final = 1000
_COMFORTABLE: Final = 1.0


def info(twin: Twin) -> dict[str, Any]:
    """Return what does not change."""
    spec = twin.spec
    return {
        "name": spec.nickname or spec.model,
        "licensePlate": f"{spec.seed % 10}AB {spec.seed:04d}",
        "renderUrl": f"https://renders.example.com/{spec.seed}.png",
    }


def status(twin: Twin) -> dict[str, Any]:
    """Return doors, windows, lights and locks."""
    state, spec = twin.report.state, twin.spec
    doors, windows = any(state.doors), any(state.windows)
    locked = state.locked and not (doors or state.boot)
    overall = "OPENED" if doors or state.bonnet else "TRUNK_OPENED"
    if not (doors or state.bonnet or state.boot):
        overall = _yes(locked)
    glass = Equipment.WINDOWS in spec.equipment
    roof = Equipment.SUNROOF in spec.equipment
    return captured(
        twin,
        {
            "overall": {
                "doorsLocked": overall,
                "locked": _yes(locked),
                "doors": _open(doors),
                "windows": _open(windows) if glass else "UNSUPPORTED",
                "lights": _on(state.lights),
                "reliableLockStatus": "LOCKED" if locked else "UNLOCKED",
            },
            "detail": {
                "sunroof": _open(state.sunroof) if roof else "UNSUPPORTED",
                "trunk": _open(state.boot),
                "bonnet": _open(state.bonnet),
            },
        },
    )


def odometer(twin: Twin) -> dict[str, Any]:
    """Return the mileage."""
    return captured(twin, {"mileageInKm": int(twin.report.state.odometer)})


def fuel_status(twin: Twin) -> dict[str, Any]:
    """Return tank and range; a hybrid names its combustion engine first."""
    state, spec = twin.report.state, twin.spec
    diesel = Equipment.ADBLUE in spec.equipment
    fuel = "DIESEL" if diesel else "GASOLINE"
    car_type = {
        Drive.ELECTRIC: "ELECTRIC",
        Drive.HYBRID: "HYBRID",
        Drive.COMBUSTION: fuel,
    }[spec.drive]
    engines = []
    if spec.tank:
        litres = state.fuel_level / 100 * spec.tank
        reach = litres / physics.consumption_fuel(state, spec) * 100
        engines.append(
            {
                "engineType": fuel,
                "currentFuelLevelInPercent": round(state.fuel_level),
                "remainingRangeInKm": round(reach),
            }
        )
    if spec.battery_capacity:
        engines.append(
            {
                "engineType": "ELECTRIC",
                "currentSoCInPercent": round(state.battery_level),
                "remainingRangeInKm": round(_electric_range(state, spec)),
            }
        )
    names = ("primaryEngineRange", "secondaryEngineRange")
    return captured(
        twin,
        {
            "carType": car_type,
            "totalRangeInKm": round(range_total(state, spec)),
            **dict(zip(names, engines, strict=False)),
            **({"adBlueRange": 6500} if diesel else {}),
        },
    )


def parking_position(twin: Twin) -> dict[str, Any]:
    """Return where the car is parked; under way nothing but that it is."""
    state = twin.report.state
    if state.ignition or state.moving:
        return {"state": "IN_MOTION"}
    place = state.parked_position
    return {
        "state": "PARKED",
        "gpsCoordinates": {"latitude": place.latitude, "longitude": place.longitude},
        "formattedAddress": "Vzorova 1, 29301 Mesto, Cesko",
    }


def air_conditioning(twin: Twin) -> dict[str, Any]:
    """Return whether the cabin is conditioned, and how."""
    state, spec = twin.report.state, twin.spec
    word = "OFF"
    if state.climate_active:
        warmer = state.target_temperature >= state.outside_temperature
        word = "HEATING" if warmer else "COOLING"
        if state.auxiliary_heating:
            word = "HEATING_AUXILIARY"
    reached = abs(state.inside_temperature - state.target_temperature) < _COMFORTABLE
    due: dict[str, Any] = {}
    if state.climate_active and not reached:
        at = twin.report.captured_at + timedelta(minutes=10)
        due = {"estimatedReachOfTargetTemperatureAt": stamp(at)}
    glass: dict[str, Any] = {}
    if Equipment.WINDOW_HEATING in spec.equipment:
        word_of_glass = _on(state.window_heating)
        glass = {"enabled": False, "front": word_of_glass, "rear": word_of_glass}
    else:
        glass = {"enabled": False, "front": "UNSUPPORTED", "rear": "UNSUPPORTED"}
    return captured(
        twin,
        {
            "state": word,
            "targetTemperature": celsius(state.target_temperature),
            **due,
            "airConditioningWithoutExternalPower": state.climate_on_battery,
            "airConditioningAtUnlock": False,
            "windowHeating": glass,
        },
    )


def auxiliary_heating(twin: Twin) -> dict[str, Any]:
    """Return what the heater that burns fuel does; it can air the cabin too."""
    state = twin.report.state
    word = "VENTILATION" if state.ventilation else "OFF"
    if state.auxiliary_heating:
        word = "HEATING_AUXILIARY"
    return captured(
        twin,
        {
            "state": word,
            "startMode": "VENTILATION" if state.ventilation else "HEATING",
            "durationInSeconds": RUN,
            "targetTemperature": celsius(state.target_temperature),
        },
    )


def active_ventilation(twin: Twin) -> dict[str, Any]:
    """Return whether the cabin is aired."""
    word = "VENTILATION" if twin.report.state.ventilation else "OFF"
    return captured(twin, {"state": word, "durationInSeconds": RUN})


def charging(twin: Twin) -> dict[str, Any]:
    """Return battery, charger and what both are set to."""
    state, spec = twin.report.state, twin.spec
    found: dict[str, Any] = {
        "state": _charging_state(state),
        "chargeType": "AC" if state.charging else "OFF",
        "battery": {
            "stateOfChargeInPercent": round(state.battery_level),
            "remainingCruisingRangeInMeters": round(_electric_range(state, spec))
            * _METERS,
        },
    }
    if state.charging:
        minutes = round(physics.minutes_to_limit(state, spec))
        used = physics.consumption_electric(state, spec)
        end = twin.report.captured_at + timedelta(minutes=minutes)
        found |= {
            "chargePowerInKw": state.charging_power,
            "chargingRateInKilometersPerHour": state.charging_power / used * 100,
            "remainingTimeToFullyChargedInMinutes": minutes,
            "fullyChargedAt": stamp(end),
        }
    settings: dict[str, Any] = {
        "targetStateOfChargeInPercent": round(state.charge_limit),
        "batteryCareModeTargetValueInPercent": 80,
        "preferredChargeMode": _mode(state),
        "availableChargeModes": list(MODES),
        "chargingCareMode": "DEACTIVATED",
        "autoUnlockPlugWhenCharged": "PERMANENT" if state.auto_unlock_plug else "OFF",
    }
    if spec.currents:
        word = str(state.max_charge_current)
        settings["maxChargeCurrentAc"] = word.upper()
        settings["maxChargeCurrentAcAmpere"] = round(spec.amperes)
    return captured(
        twin,
        {
            "isVehicleInSavedLocation": is_home(state, spec),
            "status": found,
            "settings": settings,
        },
    )


def celsius(value: float) -> dict[str, Any]:
    """Return a temperature as this cloud writes it."""
    return {"value": value, "unit": "CELSIUS"}


def stamp(at: datetime) -> str:
    """Write a moment: no seconds where there are none, else as digits are needed."""
    if not (at.second or at.microsecond):
        return f"{at:%Y-%m-%dT%H:%MZ}"
    digits = f".{at.microsecond:06d}".rstrip("0") if at.microsecond else ""
    return f"{at:%Y-%m-%dT%H:%M:%S}{digits}Z"


def captured(twin: Twin, content: dict[str, Any]) -> dict[str, Any]:
    """Add when the car said so."""
    return {**content, "carCapturedTimestamp": stamp(twin.report.captured_at)}


def _charging_state(state: TwinState) -> str:
    if not state.plugged_in:
        return "CONNECT_CABLE"
    if state.charging:
        return "CHARGING"
    return "CONSERVING" if physics.is_full(state) else "READY_FOR_CHARGING"


def _mode(state: TwinState) -> str:
    return next(
        (word for word, mode in MODES.items() if mode is state.charge_mode), "MANUAL"
    )


def _electric_range(state: TwinState, spec: TwinSpec) -> float:
    energy = state.battery_level / 100 * physics.capacity(spec)
    return energy / physics.consumption_electric(state, spec) * 100


def is_home(state: TwinState, spec: TwinSpec) -> bool:
    """Return whether the car stands where its charging profile is for."""
    place, home = state.parked_position, spec.home
    return (
        abs(place.latitude - home.latitude) < _NEAR_HOME
        and abs(place.longitude - home.longitude) < _NEAR_HOME
    )


def _yes(value: bool) -> str:
    return "YES" if value else "NO"


def _open(value: bool) -> str:
    return "OPEN" if value else "CLOSED"


def _on(value: bool) -> str:
    return "ON" if value else "OFF"
