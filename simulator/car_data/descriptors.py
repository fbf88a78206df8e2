"""The descriptors: what each says of a car, its unit, and whether it is streamed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from carport.car.signals import ChargeMode
from carport.twin import physics
from carport.twin.twin import Equipment, TwinSpec, TwinState

from .silent import NEVER_SENT
from .words import (
    Reading,
    activity_word,
    battery_health,
    charge_level,
    charging_status,
    comfort_word,
    electric_range,
    fuel_range,
    hv_status,
    if_electric,
    if_fitted,
    if_fuelled,
    lock_word,
    messages_text,
    minutes_left,
    never,
    plug_word,
    services_text,
    total_range,
    trip_end,
)

_SAYS_NOTHING: Final = "-NA-"
_BAR_IN_KPA: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """One key: how it is read from a twin, and how it travels."""

    key: str
    read: Reading
    unit: str | None = None
    """As REST writes it."""
    stream_unit: str | None = None
    """As the stream writes it, where that differs."""
    streamed: bool = True
    as_displayed: bool = False
    """Whether it is a distance in the unit of the car's display."""

    def spoken_unit(self, *, miles: bool) -> str | None:
        """Return the unit in the stream's spelling."""
        unit = self.stream_unit or self.unit
        return "mi" if unit and miles and self.as_displayed else unit


_BATTERY: Final = "vehicle.drivetrain.batteryManagement"
_CHARGING: Final = "vehicle.drivetrain.electricEngine.charging"
_FUEL: Final = "vehicle.drivetrain.fuelSystem"
_HERE: Final = "vehicle.cabin.infotainment.navigation.currentLocation"
_PRECONDITIONING: Final = "vehicle.cabin.hvac.preconditioning"
_SOC: Final = "vehicle.powertrain.electric.battery.stateOfCharge"

LEVEL_HEADER: Final = f"{_BATTERY}.header"
LEVEL_DISPLAYED: Final = f"{_SOC}.displayed"
LEVEL_PREDICTED: Final = f"{_CHARGING}.level"
STATUS: Final = f"{_CHARGING}.status"
LATITUDE: Final = f"{_HERE}.latitude"
LONGITUDE: Final = f"{_HERE}.longitude"
ODOMETER: Final = "vehicle.vehicle.travelledDistance"
DISPLAY_UNIT: Final = "vehicle.cabin.infotainment.displayUnit.distance"
KM_A_MILE: Final = 1.609344

_LEFT_FIRST: Final = (("driver", 0), ("passenger", 1))
"""The cars steer on the left."""


_COMMON: Final = (
    Descriptor(
        key=ODOMETER,
        read=lambda state, _spec: int(state.odometer),
        unit="km",
    ),
    Descriptor(key="vehicle.isMoving", read=lambda state, _spec: state.moving),
    Descriptor(
        key="vehicle.drivetrain.engine.isIgnitionOn",
        read=lambda state, _spec: state.ignition,
    ),
    Descriptor(
        key="vehicle.drivetrain.engine.isActive",
        read=lambda state, _spec: state.ignition,
    ),
    Descriptor(
        key="vehicle.drivetrain.lastRemainingRange", read=total_range, unit="km"
    ),
    Descriptor(
        key="vehicle.cabin.infotainment.navigation.remainingRange",
        read=if_fuelled(fuel_range),
        as_displayed=True,
    ),
    Descriptor(
        key=f"{_FUEL}.remainingFuel",
        read=if_fuelled(
            lambda state, spec: round((spec.tank or 0) * state.fuel_level / 100)
        ),
        stream_unit="l",
    ),
    Descriptor(
        key=f"{_FUEL}.level",
        read=if_fuelled(lambda state, _spec: round(state.fuel_level)),
        unit="%",
        stream_unit="percent",
    ),
    Descriptor(key="vehicle.body.hood.isOpen", read=lambda state, _spec: state.bonnet),
    Descriptor(key="vehicle.body.trunk.isOpen", read=lambda state, _spec: state.boot),
    Descriptor(
        key="vehicle.body.trunk.isLocked", read=lambda state, _spec: state.locked
    ),
    Descriptor(
        key="vehicle.cabin.sunroof.overallStatus",
        read=if_fitted(
            Equipment.SUNROOF,
            lambda state, _spec: "OPEN" if state.sunroof else "CLOSED",
            without="INVALID",
        ),
    ),
    Descriptor(
        key="vehicle.body.lights.isRunningOn", read=lambda state, _spec: state.lights
    ),
    Descriptor(key="vehicle.cabin.door.lock.status", read=lock_word, streamed=False),
    Descriptor(key="vehicle.cabin.door.status", read=lock_word),
    Descriptor(
        key="vehicle.vehicle.antiTheftAlarmSystem.alarm.armStatus",
        read=lambda state, _spec: "doorsTiltCabin" if state.locked else "unarmed",
    ),
    Descriptor(
        key="vehicle.vehicle.antiTheftAlarmSystem.alarm.isOn",
        read=lambda _state, _spec: False,
    ),
    Descriptor(
        key=LATITUDE,
        read=lambda state, _spec: state.position.latitude,
        unit="degrees",
    ),
    Descriptor(
        key=LONGITUDE,
        read=lambda state, _spec: state.position.longitude,
        unit="degrees",
    ),
    Descriptor(
        key=f"{_HERE}.heading",
        read=lambda state, _spec: round(state.heading) % 360,
        unit="degrees",
    ),
    Descriptor(
        key=f"{_HERE}.altitude",
        read=lambda _state, _spec: _SAYS_NOTHING,
    ),
    Descriptor(key=f"{_HERE}.fixStatus", read=lambda _state, _spec: "GPS_FIX_3D"),
    Descriptor(
        key="vehicle.vehicle.preConditioning.activity",
        read=if_fitted(Equipment.CLIMATE, activity_word),
    ),
    Descriptor(
        key="vehicle.vehicle.preConditioning.error",
        read=if_fitted(Equipment.CLIMATE, lambda _state, _spec: "OK"),
    ),
    Descriptor(
        key=f"{_PRECONDITIONING}.status.comfortState",
        read=if_fitted(Equipment.CLIMATE, if_electric(comfort_word)),
    ),
    Descriptor(
        key=f"{_PRECONDITIONING}.configuration.defaultSettings.targetTemperature",
        read=if_fitted(
            Equipment.CLIMATE,
            if_electric(lambda state, _spec: state.target_temperature),
        ),
        unit="celsius",
        stream_unit="Celsius",
    ),
    Descriptor(key="vehicle.trip.segment.end.time", read=trip_end),
    Descriptor(
        key="vehicle.trip.segment.end.travelledDistance",
        read=lambda state, _spec: (
            None if state.last_trip_ended_at is None else int(state.odometer)
        ),
    ),
    Descriptor(
        key="vehicle.status.serviceDistance.next",
        read=lambda state, _spec: max(
            round(state.service_at_odometer - state.odometer), 0
        ),
        as_displayed=True,
    ),
    Descriptor(
        key="vehicle.status.serviceTime.inspectionDateLegal",
        read=lambda state, _spec: f"{state.inspection_due_at:%d.%m.%Y} 00:00:00 UTC",
    ),
    Descriptor(
        key="vehicle.status.conditionBasedServices", read=services_text, streamed=False
    ),
    Descriptor(
        key="vehicle.status.conditionBasedServicesCount", read=lambda _state, _spec: 9
    ),
    Descriptor(
        key="vehicle.status.checkControlMessages", read=messages_text, streamed=False
    ),
    Descriptor(
        key="vehicle.electricalSystem.battery.voltage",
        read=lambda state, _spec: round(state.battery_12v_voltage, 2),
        unit="V",
    ),
    Descriptor(
        key="vehicle.electricalSystem.battery.stateOfCharge", read=never, unit="%"
    ),
    Descriptor(
        key="vehicle.vehicle.deepSleepModeActive", read=lambda _state, _spec: False
    ),
    Descriptor(
        key="vehicle.vehicle.timeSetting", read=lambda _state, _spec: "wintertime"
    ),
    Descriptor(
        key=DISPLAY_UNIT,
        read=lambda _state, _spec: "km",
    ),
)

_ELECTRIC: Final = (
    Descriptor(
        key="vehicle.drivetrain.electricEngine.kombiRemainingElectricRange",
        read=lambda state, spec: electric_range(state, spec, state.battery_level),
        stream_unit="km",
        as_displayed=True,
    ),
    Descriptor(
        key="vehicle.drivetrain.electricEngine.remainingElectricRange",
        read=lambda state, spec: electric_range(state, spec, state.battery_level),
        unit="km",
    ),
    Descriptor(
        key="vehicle.powertrain.electric.range.target",
        read=lambda state, spec: electric_range(state, spec, state.charge_limit),
        unit="km",
    ),
    Descriptor(key=LEVEL_HEADER, read=charge_level, unit="%", stream_unit="percent"),
    Descriptor(key=LEVEL_DISPLAYED, read=charge_level, unit="%", stream_unit="percent"),
    Descriptor(
        key=LEVEL_PREDICTED,
        read=lambda state, _spec: round(state.battery_level, 1),
        unit="%",
        streamed=False,
    ),
    Descriptor(
        key=f"{_SOC}.target",
        read=lambda state, _spec: round(state.charge_limit),
        unit="%",
        stream_unit="percent",
    ),
    Descriptor(
        key=f"{_BATTERY}.maxEnergy",
        read=lambda _state, spec: physics.capacity(spec),
        unit="kWh",
    ),
    # Filled on some cars only.
    Descriptor(
        key=f"{_BATTERY}.batterySizeMax", read=lambda _state, _spec: 0, unit="kWh"
    ),
    Descriptor(
        key="vehicle.powertrain.electric.battery.stateOfHealth.displayed",
        read=battery_health,
        unit="%",
        streamed=False,
    ),
    Descriptor(key=STATUS, read=charging_status),
    Descriptor(key=f"{_CHARGING}.hvStatus", read=hv_status, streamed=False),
    Descriptor(key="vehicle.body.chargingPort.status", read=plug_word),
    Descriptor(
        key="vehicle.body.chargingPort.combinedStatus", read=plug_word, streamed=False
    ),
    Descriptor(
        key="vehicle.powertrain.tractionBattery.charging.port.anyPosition.isPlugged",
        read=lambda state, _spec: state.plugged_in,
    ),
    Descriptor(
        key="vehicle.powertrain.tractionBattery.charging.port.anyPosition.flap.isOpen",
        read=lambda state, _spec: state.plugged_in,
    ),
    Descriptor(
        key="vehicle.body.chargingPort.lockedStatus",
        read=lambda state, _spec: (
            "CHARGING_CABLE_LOCKED"
            if state.plug_locked
            else "CHARGING_CABLE_NOT_LOCKED"
        ),
        streamed=False,
    ),
    Descriptor(
        key=f"{_CHARGING}.method",
        read=lambda state, _spec: "AC_TYPE2PLUG" if state.plugged_in else "NOCHARGING",
    ),
    # Its unit is seldom said; the number is watts.
    Descriptor(
        key="vehicle.powertrain.electric.battery.charging.power",
        read=lambda state, _spec: round(state.charging_power * 1000),
    ),
    Descriptor(
        key=f"{_CHARGING}.acVoltage",
        read=lambda state, spec: spec.volts if state.charging else 0,
        unit="V",
    ),
    Descriptor(
        key=f"{_CHARGING}.acAmpere",
        read=lambda state, _spec: round(state.charging_current),
        unit="A",
    ),
    Descriptor(
        key=f"{_CHARGING}.phaseNumber",
        # It falls back to one phase when a charge is over.
        read=lambda state, spec: (
            f"{spec.phases}-PHASES" if state.charging else "1-PHASES"
        ),
    ),
    Descriptor(key=f"{_CHARGING}.timeRemaining", read=minutes_left, unit="min"),
    Descriptor(key=f"{_CHARGING}.timeToFullyCharged", read=minutes_left, unit="min"),
    Descriptor(
        key="vehicle.powertrain.electric.battery.charging.acLimit.selected",
        read=lambda state, spec: round(physics.charge_amperes(state, spec)),
        unit="A",
    ),
    Descriptor(
        key=f"{_CHARGING}.lastChargingReason",
        read=lambda state, _spec: (
            "CHARGING_GOAL_REACHED" if physics.is_full(state) else _SAYS_NOTHING
        ),
    ),
    Descriptor(
        key=f"{_CHARGING}.lastChargingResult",
        read=lambda state, _spec: "SUCCESS" if physics.is_full(state) else "UNKNOWN",
    ),
    Descriptor(
        key=f"{_CHARGING}.profile.mode",
        read=lambda state, _spec: (
            "IMMEDIATE_CHARGING"
            if state.charge_mode is ChargeMode.IMMEDIATE
            else "DELAYED_CHARGING"
        ),
    ),
    Descriptor(
        key="vehicle.drivetrain.avgElectricRangeConsumption",
        read=lambda state, spec: round(physics.consumption_electric(state, spec), 1),
        unit="kWh/100km",
    ),
)


def _doors() -> tuple[Descriptor, ...]:
    rows: list[Descriptor] = []
    for row in (1, 2):
        for seat, side in _LEFT_FIRST:
            corner = (row - 1) * 2 + side

            def is_open(state: TwinState, _spec: TwinSpec, at: int = corner) -> bool:
                return state.doors[at]

            def window(state: TwinState, _spec: TwinSpec, at: int = corner) -> str:
                return "OPEN" if state.windows[at] else "CLOSED"

            rows += (
                Descriptor(
                    key=f"vehicle.cabin.door.row{row}.{seat}.isOpen", read=is_open
                ),
                Descriptor(
                    key=f"vehicle.cabin.window.row{row}.{seat}.status", read=window
                ),
            )
    return tuple(rows)


def _tyres() -> tuple[Descriptor, ...]:
    rows: list[Descriptor] = []
    for row in (1, 2):
        for side, wheel in enumerate(("left", "right")):
            corner = (row - 1) * 2 + side
            base = f"vehicle.chassis.axle.row{row}.wheel.{wheel}.tire"

            def pressure(state: TwinState, _spec: TwinSpec, at: int = corner) -> int:
                return round(state.tyre_pressures[at] * _BAR_IN_KPA)

            rows += (
                Descriptor(
                    key=f"{base}.pressure", read=pressure, unit="kPa", stream_unit="kpa"
                ),
                Descriptor(
                    key=f"{base}.pressureTarget",
                    read=lambda _state, _spec: 250,
                    unit="kPa",
                    stream_unit="kpa",
                ),
                Descriptor(key=f"{base}.temperature", read=never, unit="Celsius"),
            )
    return tuple(rows)


def _only_electric(descriptor: Descriptor) -> Descriptor:
    return replace(descriptor, read=if_electric(descriptor.read))


CATALOGUE: Final[Mapping[str, Descriptor]] = {
    descriptor.key: descriptor
    for descriptor in (
        *_COMMON,
        *(_only_electric(descriptor) for descriptor in _ELECTRIC),
        *_doors(),
        *_tyres(),
    )
}
"""Every key that may be asked for."""


def is_known(key: object) -> bool:
    """Return whether a key is in the catalogue."""
    return key in CATALOGUE or key in NEVER_SENT
