"""What the cloud says of a car: its last report, in the words of its model."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from carport.car.signals import ChargeMode
from carport.twin.memory import ChargeEvent
from carport.twin.physics import capacity, minutes_to_limit
from carport.twin.spec import Drive
from carport.twin.state import to_datetime
from carport.twin.twin import Twin

from .account import CarState
from .people import EMPTY_SLOTS
from .programmes import calendar
from .settings import Settings

_ENDED_LATELY: Final = timedelta(minutes=10)
_STALE_MINUTES: Final = 3
_MILLIBAR: Final = 1000
_OPEN: Final = {True: "open", False: "closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one car."""

    car: CarState
    twin: Twin
    now: datetime
    zone: ZoneInfo
    settings: Settings

    def stamp(self) -> str:
        """Return when the car reported, as its model writes it."""
        at = self.twin.report.captured_at
        if self.car.model.offset_times:
            return at.astimezone(self.zone).isoformat(timespec="seconds")
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def battery(look: Look) -> dict[str, Any]:
    """Return the battery."""
    state, spec, model = look.twin.report.state, look.twin.spec, look.car.model
    told: dict[str, Any] = {
        "timestamp": look.stamp(),
        "batteryLevel": round(state.battery_level),
        "batteryAutonomy": round(
            state.battery_level / 100 * capacity(spec) / spec.consumption_electric * 100
        ),
        "plugStatus": int(state.plugged_in),
        "chargingStatus": _charging_status(look),
    }
    if look.settings.plug_status is not None:
        told["plugStatus"] = int(look.settings.plug_status)
    if look.settings.level_missing and _ended_lately(look):
        del told["batteryLevel"]
    if state.charging:
        told["chargingRemainingTime"] = round(minutes_to_limit(state, spec))
    elif not model.rich:
        told["chargingRemainingTime"] = _STALE_MINUTES
    if model.rich:
        told["batteryTemperature"] = round(state.battery_temperature)
        told["batteryCapacity"] = told["batteryAvailableEnergy"] = 0
        if state.charging:
            told["chargingInstantaneousPower"] = round(
                state.charging_power * 1000.0, -2
            )
    if model.odd_battery:
        told["batteryTemperature"], told["batteryCapacity"] = 60, 0
        told["batteryAvailableEnergy"] = 31
        told["chargingInstantaneousPower"] = 46.3
    if model.energy_told:
        energy = state.battery_level / 100 * capacity(spec)
        told["batteryAvailableEnergy"] = round(energy)
    return told


def _charging_status(look: Look) -> float:
    state = look.twin.report.state
    if not state.plugged_in:
        return -1.0 if look.car.model.watts else 0.0
    if state.charging:
        return 1.0
    if state.battery_level >= state.charge_limit - 1:
        return 0.2
    return 0.1 if state.charge_mode is ChargeMode.SCHEDULED else 0.3


def _ended_lately(look: Look) -> bool:
    charges = look.twin.memory.charges
    return bool(charges) and (
        not charges[-1].began and look.now - to_datetime(charges[-1].at) < _ENDED_LATELY
    )


def cockpit(look: Look) -> dict[str, Any]:
    """Return the odometer, and the fuel of a car that burns some."""
    state, spec, model = look.twin.report.state, look.twin.spec, look.car.model
    burns = spec.drive is not Drive.ELECTRIC
    litres = state.fuel_level / 100 * (spec.tank or 0)
    told: dict[str, Any] = {
        "fuelAutonomy": round(litres / spec.consumption_fuel * 100) if burns else 0,
        "fuelQuantity": round(litres, 1) if burns else 0.0,
        "totalMileage": round(state.odometer)
        if model.whole_kilometres
        else round(state.odometer, 2),
    }
    if model.dated_cockpit:
        told["timestamp"] = look.stamp()
    return told


def hvac_status(look: Look) -> dict[str, Any]:
    """Return the cabin; the first Zoe says off even while it heats."""
    state, model = look.twin.report.state, look.car.model
    active = state.climate_active and model.climate_shown
    told: dict[str, Any] = {
        "lastUpdateTime": look.stamp(),
        "externalTemperature": round(state.outside_temperature, 1),
        "hvacStatus": "on" if active else "off",
        "socThreshold": model.soc_threshold,
    }
    if look.settings.hvac_as_number:
        told["hvacStatus"] = int(active)
    if model.cabin_shown:
        told["internalTemperature"] = round(state.inside_temperature, 1)
    if look.car.climate_due is not None:
        told["nextHvacStartDate"] = look.car.climate_due.strftime("%Y-%m-%dT%H:%M:%SZ")
    return told


def hvac_settings(look: Look) -> dict[str, Any]:
    """Return the climate programmes."""
    on = any(one.get("activated") for one in look.car.climate)
    return {
        "dateTime": _written(look),
        "mode": "scheduled" if on else "always",
        "schedules": look.car.climate,
    }


def location(look: Look) -> dict[str, Any]:
    """Return where the car was parked last."""
    place = look.twin.report.state.parked_position
    return {
        "gpsDirection": None,
        "gpsLatitude": place.latitude,
        "gpsLongitude": place.longitude,
        "lastUpdateTime": look.stamp(),
    }


def charge_mode(look: Look) -> dict[str, Any]:
    """Return when the first Zoe charges."""
    scheduled = look.twin.report.state.charge_mode is ChargeMode.SCHEDULED
    return {"chargeMode": "schedule_mode" if scheduled else "always_charging"}


def charging_settings(look: Look) -> dict[str, Any]:
    """Return the charging programmes."""
    car, told = look.car, {"dateTime": _written(look)}
    if car.charge_due is not None:
        delay = round((car.charge_due - look.now).total_seconds() / 60)
        start = car.charge_due.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            **told,
            "mode": "delayed",
            "startDateTime": start,
            "delay": delay,
            "schedules": car.charging,
        }
    scheduled = look.twin.report.state.charge_mode is ChargeMode.SCHEDULED
    hidden = look.settings.wipes_schedules and not scheduled
    return {
        **told,
        "mode": "scheduled" if scheduled else "always",
        "schedules": [] if hidden else car.charging or list(EMPTY_SLOTS),
    }


def charge_schedule(look: Look) -> dict[str, Any]:
    """Return the first Zoe's calendar."""
    return {"calendar": calendar(look.car.charging)}


def charges(look: Look, first: datetime, end: datetime) -> dict[str, Any]:
    """Return the charges that began within a period, in the style of the model."""
    found = [
        _session(look, begun, ended)
        for begun, ended in _pairs(look)
        if first <= to_datetime(begun.at) < end
    ]
    return {"charges": found[::-1]}


def _pairs(look: Look) -> Iterator[tuple[ChargeEvent, ChargeEvent]]:
    begun: ChargeEvent | None = None
    for event in look.twin.memory.charges:
        if event.began:
            begun = event
        elif begun is not None:
            yield begun, event
            begun = None


def _session(look: Look, begun: ChargeEvent, ended: ChargeEvent) -> dict[str, Any]:
    model, spec = look.car.model, look.twin.spec
    seconds = round(ended.at - begun.at)
    told: dict[str, Any] = {
        "chargeStartDate": to_datetime(begun.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "chargeEndDate": to_datetime(ended.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "chargeDuration": seconds if model.charges_in_seconds else seconds // 60,
        "chargeEndBatteryLevel": round(ended.level),
        "chargeEndStatus": "error" if model.odd_battery else "ok",
    }
    if not model.odd_battery:
        told["chargeStartBatteryLevel"] = round(begun.level)
    if model.watts:
        told["chargeBatteryLevelRecovered"] = round(ended.level) - round(begun.level)
        told["chargePower"] = "slow"
        told["chargeStartInstantaneousPower"] = 3100
    if model.energy_told:
        recovered = (ended.level - begun.level) / 100 * capacity(spec)
        told["chargeEnergyRecovered"] = round(recovered, 1)
    return told


def lock_status(look: Look) -> dict[str, Any]:
    """Return lock and doors, by the older or the newer names."""
    state = look.twin.report.state
    corners = ("Driver", "Passenger", "RearLeft", "RearRight")
    form = "statusDoor{}" if look.car.model.new_door_names else "doorStatus{}"
    hatch = form.format("TailGate") if look.car.model.new_door_names else "hatchStatus"
    return {
        "lockStatus": "locked" if state.locked else "unlocked",
        **{
            form.format(corner): _OPEN[opened]
            for corner, opened in zip(corners, state.doors, strict=True)
        },
        hatch: _OPEN[state.boot],
        "lastUpdateTime": look.stamp(),
    }


def pressure(look: Look) -> dict[str, Any]:
    """Return the tyres in millibar."""
    corners = ("fl", "fr", "rl", "rr")
    bars = look.twin.report.state.tyre_pressures
    figures = {
        f"{corner}Pressure": round(bar * _MILLIBAR, -1)
        for corner, bar in zip(corners, bars, strict=True)
    }
    whole = {name: int(figure) for name, figure in figures.items()}
    return {**whole, **{f"{corner}Status": 0 for corner in corners}}


def res_state(look: Look) -> dict[str, Any]:
    """Return whether the engine runs, and by whose wish."""
    if look.twin.report.state.ignition:
        return {"details": "Running, started by key", "code": "21"}
    return {"details": "Stopped, ready for RES", "code": "10"}


def notification_settings(_look: Look) -> dict[str, Any]:
    """Return by which ways the owner is told of what."""
    return {
        "settings": [
            {"messageKey": "charge_end", "email": True, "sms": False, "pushApp": True},
            {"messageKey": "low_battery", "email": False, "sms": True, "pushApp": True},
        ]
    }


def ev_settings(look: Look) -> dict[str, Any]:
    """Return the settings of a newer car; they come without an envelope."""
    return {"lastSettingsUpdateTimestamp": _written(look), **look.car.settings}


def soc_levels(look: Look) -> dict[str, Any]:
    """Return the limits as the car last reported them, without an envelope."""
    state = look.twin.report.state
    return {
        "lastEnergyUpdateTimestamp": look.stamp(),
        "socMin": round(state.charge_limit_min),
        "socTarget": round(state.charge_limit),
    }


def _written(look: Look) -> str:
    at = look.car.settings_at or to_datetime(look.twin.memory.born)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


READS: Final[Mapping[str, Callable[[Look], dict[str, Any]]]] = {
    "battery-status": battery,
    "cockpit": cockpit,
    "hvac-status": hvac_status,
    "hvac-settings": hvac_settings,
    "location": location,
    "charge-mode": charge_mode,
    "charging-settings": charging_settings,
    "charge-schedule": charge_schedule,
    "lock-status": lock_status,
    "pressure": pressure,
    "res-state": res_state,
    "notification-settings": notification_settings,
    "charge/settings": charging_settings,
    "ev/settings": ev_settings,
    "ev/soc-levels": soc_levels,
}
BARE: Final = frozenset({"ev/settings", "ev/soc-levels"})
"""What comes without an envelope."""
