"""What a twin is built from: the facts of a car and the habits of its owner."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..car.schedule import Schedule
from ..car.signals import ChargeMode, Position

WORKDAYS: Final = frozenset(range(5))
WEEKEND: Final = frozenset({5, 6})


class Drive(StrEnum):
    """What turns the wheels."""

    ELECTRIC = "electric"
    HYBRID = "hybrid"
    COMBUSTION = "combustion"


class Equipment(StrEnum):
    """What a car may have or lack; a reading or a command may need it."""

    ADBLUE = "adblue"
    ALERTS = "alerts"
    AUTO_UNLOCK_PLUG = "auto_unlock_plug"
    AUXILIARY_HEATING = "auxiliary_heating"
    CABIN_SENSOR = "cabin_sensor"
    CHARGE_CURRENT = "charge_current"
    CHARGE_FLAP = "charge_flap"
    CHARGE_LIMIT = "charge_limit"
    CHARGE_METER = "charge_meter"
    CHARGE_MODE = "charge_mode"
    CLIMATE = "climate"
    CLIMATE_ON_BATTERY = "climate_on_battery"
    DEFROST = "defrost"
    DOORS = "doors"
    HEALTH = "health"
    HORN = "horn"
    NAVIGATION = "navigation"
    NOTIFICATIONS = "notifications"
    PARKING_LIGHTS = "parking_lights"
    PLUG_LOCK = "plug_lock"
    POSITION = "position"
    REMOTE_LOCK = "remote_lock"
    SUNROOF = "sunroof"
    TIMERS = "timers"
    TRIPS = "trips"
    TYRE_PRESSURES = "tyre_pressures"
    VENTILATION = "ventilation"
    WINDOWS = "windows"
    WINDOW_HEATING = "window_heating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """A habit: away at some hour, and back again.

    `leaves` and `stays` are hours, `distance` the kilometres there, `bearing` the
    direction in degrees, `days` those of the week, `chance` how often it is done.
    """

    leaves: float
    stays: float
    distance: float
    bearing: float
    days: frozenset[int] = frozenset(range(7))
    chance: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an owner lives with a car.

    It is plugged in at home when the battery is below `plug_below` per cent;
    `forgetful` is how often something stays open, on or unlocked.
    """

    outings: tuple[Outing, ...]
    plug_below: float = 0
    forgetful: float = 0.05
    preheats: float = 0
    """The chance that the cabin is conditioned before leaving."""


HOME: Final = Position(latitude=52.4227, longitude=10.7865)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinSpec:
    """The facts of a car. Without a routine it stays where it is.

    Units are those of the signals: kWh, litres, kWh or litres per 100 km, km, A, V.
    """

    vin: str
    manufacturer: str
    model: str
    model_year: str
    drive: Drive
    nickname: str | None = None
    seed: int = 0
    software: str | None = None
    equipment: frozenset[Equipment] = field(
        default_factory=lambda: frozenset({Equipment.DOORS, Equipment.WINDOWS})
    )
    routine: Habits | None = None
    home: Position = HOME

    battery_capacity: float | None = None
    tank: float | None = None
    consumption_electric: float = 16
    consumption_fuel: float = 6.5
    amperes: float = 16
    volts: float = 230
    phases: int = 3
    currents: tuple[float | str, ...] = ()
    """What the largest charge current can be set to; the last one is no limit."""

    odometer: float = 20_000
    battery_level: float = 70
    fuel_level: float = 60
    plugged_in: bool = False
    target_temperature: float = 21
    climate_on_battery: bool = True
    climate_minutes: float = 30
    """How long the cabin is conditioned."""
    climate_above: float | None = None
    """The level that has to be exceeded for that, plugged in or not."""
    charge_mode: ChargeMode = ChargeMode.IMMEDIATE
    schedule: Schedule = field(default_factory=Schedule)
    service_due_in: float = 9000
    """Kilometres until the first service."""
    leaking_tyre: int | None = None
    tired_12v: bool = False

    reports_driving: float | None = 90
    """Seconds between reports while driving; None for a silent modem."""
    reports_charging: float | None = 300
    talkative: bool = True
    """Whether the modem speaks up at every event, or only at the important ones."""
