"""The vocabulary: every signal a car can report, with its type, unit and members.

A signal is added here first; a maker's field map then says it, an entity
description shows it, and a translation names it. Makers cannot invent keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
import math
from typing import Any, Final

from .bounds import clean_text, is_possible_day, is_sendable
from .schedule import Schedule

_LONGEST_WORD: Final = 255
_WHOLE_TURN: Final = 360
_METRES_PER_DEGREE: Final = 111_320
_NEAR_METRES: Final = 150.0

type Record = Mapping[str, str | float | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place on earth in degrees; the heading is clockwise from north."""

    latitude: float
    longitude: float
    heading: float | None = None

    def __post_init__(self) -> None:
        """Leave out a heading that is none: the place is still one."""
        heading: object = self.heading
        if (
            not isinstance(heading, (int, float))
            or isinstance(heading, bool)
            or not 0 <= heading <= _WHOLE_TURN
        ):
            object.__setattr__(self, "heading", None)

    def is_possible(self) -> bool:
        """Return whether this can be a car: 0/0 is a placeholder, not a place."""
        return (
            -90 <= self.latitude <= 90
            and -180 <= self.longitude <= 180
            and (self.latitude, self.longitude) != (0, 0)
        )

    def is_near(self, other: Position) -> bool:
        """Return whether it is the same place, as precisely as cars know it."""
        north = self.latitude - other.latitude
        east = (self.longitude - other.longitude) * math.cos(
            math.radians(self.latitude)
        )
        return math.hypot(north, east) * _METRES_PER_DEGREE <= _NEAR_METRES


type Value = (
    float
    | int
    | bool
    | str
    | date
    | datetime
    | Position
    | Schedule
    | tuple[Record, ...]
)


class Unit(StrEnum):
    """The unit in which a signal is kept, whatever the maker sent."""

    PERCENT = "%"
    KILOMETRES = "km"
    KILOMETRES_PER_HOUR = "km/h"
    KILOWATTS = "kW"
    KILOWATT_HOURS = "kWh"
    KILOWATT_HOURS_PER_100_KM = "kWh/100km"
    LITRES = "L"
    LITRES_PER_100_KM = "L/100 km"
    KILOGRAMS = "kg"
    AMPERES = "A"
    VOLTS = "V"
    CELSIUS = "°C"
    BAR = "bar"
    MINUTES = "min"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signal[T: Value]:
    """One named, typed quantity; there is exactly one object of each.

    `low` and `high` bound what is physically possible; a value outside them is
    a placeholder and never becomes a reading. A `rising` signal never falls. Two
    values within `tolerance` agree: a maker may round what it was told.
    """

    key: str
    kind: type[T]
    unit: Unit | None = None
    options: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    rising: bool = False
    tolerance: float = 0

    def accept(self, value: object) -> T | None:
        """Return the value in the signal's type, or None if it is impossible."""
        if (
            self.kind is float
            and isinstance(value, int)
            and not isinstance(value, bool)
        ):
            try:
                value = float(value)
            except OverflowError:
                return None
        elif isinstance(value, str) and not self.options:
            value = clean_text(value, _LONGEST_WORD)
        elif isinstance(value, tuple):
            value = _clean_records(value)
        elif self.kind is date and isinstance(value, datetime):
            # A moment belongs to another day elsewhere: its own zone's is meant.
            value = value.date()
        if not isinstance(value, self.kind) or (
            self.kind is not bool and isinstance(value, bool)
        ):
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if not (math.isfinite(value) and self.low <= value <= self.high):
                return None
        elif isinstance(value, str):
            if self.options and value not in self.options:
                return None
        elif isinstance(value, datetime):
            if value.tzinfo is None or not is_possible_day(value):
                return None
        elif isinstance(value, date):
            if not is_possible_day(value):
                return None
        elif isinstance(value, Schedule):
            if not value.is_possible():
                return None
        elif isinstance(value, Position) and not value.is_possible():
            return None
        return value

    def agree(self, value: Value | None, other: Value | None) -> bool:
        """Return whether two values say the same."""
        if isinstance(value, (int, float)) and isinstance(other, (int, float)):
            return abs(value - other) <= self.tolerance
        if isinstance(value, Schedule) and isinstance(other, Schedule):
            return value.agrees(other)
        return value == other

    def encode(self, value: T) -> Any:
        """Turn a value into JSON."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Position):
            return [value.latitude, value.longitude, value.heading]
        if isinstance(value, Schedule):
            return value.to_json()
        if isinstance(value, tuple):
            return [dict(record) for record in value]
        return value

    def decode(self, data: Any) -> T | None:
        """Turn JSON back into a value; None where the file holds something else."""
        value: object = data
        try:
            if self.kind is datetime:
                value = datetime.fromisoformat(data)
            elif self.kind is date:
                # Before days were kept as days, they were kept as moments in UTC.
                value = datetime.fromisoformat(data).date()
            elif self.kind is Position:
                latitude, longitude, heading = data
                value = Position(
                    latitude=latitude, longitude=longitude, heading=heading
                )
            elif self.kind is Schedule:
                value = Schedule.from_json(data)
            elif self.kind is tuple:
                value = tuple(dict(record) for record in data)
            return self.accept(value)
        except AttributeError, KeyError, OverflowError, TypeError, ValueError:
            return None


def _clean_records(records: tuple[Any, ...]) -> tuple[Record, ...] | None:
    """Return records that can be stored and sent; what cannot be is unknown in them."""
    if not all(isinstance(record, Mapping) for record in records):
        return None
    cleaned = tuple(
        {
            clean_text(str(key)): clean_text(value)
            if isinstance(value, str)
            else value
            if is_sendable(value)
            else None
            for key, value in record.items()
        }
        for record in records
    )
    # The very same object where nothing was wrong: it is compared with at each reading.
    return records if cleaned == records else cleaned


_ALL: Final[dict[str, Signal[Any]]] = {}


def _add[T: Value](signal: Signal[T]) -> Signal[T]:
    _ALL[signal.key] = signal
    return signal


def _number(
    key: str,
    unit: Unit | None,
    low: float = 0,
    high: float = math.inf,
    *,
    rising: bool = False,
    tolerance: float = 0,
) -> Signal[float]:
    return _add(
        Signal(
            key=key,
            kind=float,
            unit=unit,
            low=low,
            high=high,
            rising=rising,
            tolerance=tolerance,
        )
    )


def _percent(key: str) -> Signal[float]:
    return _number(key, Unit.PERCENT, 0, 100)


def _flag(key: str) -> Signal[bool]:
    return _add(Signal(key=key, kind=bool))


def _choice(key: str, options: Iterable[str]) -> Signal[str]:
    return _add(Signal(key=key, kind=str, options=tuple(options)))


def _text(key: str) -> Signal[str]:
    return _add(Signal(key=key, kind=str))


def _moment(key: str) -> Signal[datetime]:
    return _add(Signal(key=key, kind=datetime))


def _day(key: str) -> Signal[date]:
    return _add(Signal(key=key, kind=date))


def _place(key: str) -> Signal[Position]:
    return _add(Signal(key=key, kind=Position))


def _records(key: str) -> Signal[tuple[Record, ...]]:
    return _add(Signal(key=key, kind=tuple))


class ChargingState(StrEnum):
    """What the charging system does, in the words evcc uses too."""

    DISCONNECTED = "disconnected"
    CONNECTED = "connected"
    STARTING = "starting"
    CHARGING = "charging"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETE = "complete"


class ChargingDetail(StrEnum):
    """The finer word of the maker, in one list for all of them."""

    NOT_READY = "not_ready"
    READY = "ready"
    WAITING_FOR_TIMER = "waiting_for_timer"
    WAITING_FOR_POWER = "waiting_for_power"
    CHARGING = "charging"
    CHARGING_BY_TIMER = "charging_by_timer"
    CONSERVING = "conserving"
    TARGET_REACHED = "target_reached"
    DISCHARGING = "discharging"
    FAULT = "fault"


class ChargingSupply(StrEnum):
    """How strong the supply is that a car is plugged into."""

    NONE = "none"
    SLOW = "slow"
    MEDIUM = "medium"
    FAST = "fast"


class ClimateResult(StrEnum):
    """What became of the last request to condition the cabin."""

    SUCCESS = "success"
    ERROR = "error"


class ChargeMode(StrEnum):
    """When the car charges."""

    IMMEDIATE = "immediate"
    SCHEDULED = "scheduled"
    TIMER = "timer"
    SOLAR = "solar"


class ChargeEnd(StrEnum):
    """Why the last charging ended."""

    GOAL_REACHED = "goal_reached"
    REQUESTED = "requested"
    UNPLUGGED = "unplugged"
    POWER_FAILED = "power_failed"
    CAR_FAILED = "car_failed"
    STATION_FAILED = "station_failed"
    NO_PARKING_LOCK = "no_parking_lock"


class Health(StrEnum):
    """The overall verdict of a health report, mildest first."""

    OK = "ok"
    NOTICE = "notice"
    SERVICE = "service"
    STOP = "stop"


class DataDelivery(StrEnum):
    """How files come from a maker that delivers a car's data by itself."""

    CURRENT = "current"
    NOTHING_NEW = "nothing_new"
    WAITING = "waiting"
    OUTAGE = "outage"
    NO_REQUEST = "no_request"
    REQUEST_ENDED = "request_ended"


class OilLevel(StrEnum):
    """The oil level where the car knows no percentage."""

    LOW = "low"
    OK = "ok"
    HIGH = "high"


# Charging and battery
BATTERY_LEVEL: Final = _percent("battery_level")
CHARGING_STATE: Final = _choice("charging_state", ChargingState)
CHARGING_DETAIL: Final = _choice("charging_detail", ChargingDetail)
CHARGING: Final = _flag("charging")
PLUGGED_IN: Final = _flag("plugged_in")
PLUG_LOCKED: Final = _flag("plug_locked")
CHARGING_SUPPLY: Final = _choice("charging_supply", ChargingSupply)
CHARGING_TYPE: Final = _choice("charging_type", ("ac", "dc"))
CHARGING_PROBLEM: Final = _flag("charging_problem")
CHARGING_POWER: Final = _number("charging_power", Unit.KILOWATTS, 0, 1000)
CHARGING_SPEED: Final = _number("charging_speed", Unit.KILOMETRES_PER_HOUR, 0, 5000)
CHARGING_CURRENT: Final = _number("charging_current", Unit.AMPERES, 0, 1000)
CHARGING_VOLTAGE: Final = _number("charging_voltage", Unit.VOLTS, 0, 2000)
TIME_TO_FULL: Final = _number("time_to_full", Unit.MINUTES, 0, 7 * 24 * 60)
CHARGE_COMPLETE_AT: Final = _moment("charge_complete_at")
ENERGY_CHARGED: Final = _number("energy_charged", Unit.KILOWATT_HOURS, rising=True)
ENERGY_CHARGED_HOME: Final = _number(
    "energy_charged_home", Unit.KILOWATT_HOURS, rising=True
)
ENERGY_CHARGED_AWAY: Final = _number(
    "energy_charged_away", Unit.KILOWATT_HOURS, rising=True
)
BATTERY_CAPACITY: Final = _number("battery_capacity", Unit.KILOWATT_HOURS, 0.1, 500)
BATTERY_ENERGY: Final = _number("battery_energy", Unit.KILOWATT_HOURS, 0, 500)
STATE_OF_HEALTH: Final = _number("state_of_health", Unit.PERCENT, 1, 100)
BATTERY_TEMPERATURE: Final = _number("battery_temperature", Unit.CELSIUS, -60, 120)
BATTERY_12V_VOLTAGE: Final = _number("battery_12v_voltage", Unit.VOLTS, 1, 20)
BATTERY_12V_LOW: Final = _flag("battery_12v_low")
CHARGE_LIMIT: Final = _percent("charge_limit")
CHARGE_LIMIT_MIN: Final = _percent("charge_limit_min")
MAX_CHARGE_CURRENT: Final = _number("max_charge_current", Unit.AMPERES, 1, 100)
MAX_CHARGE_CURRENT_WORD: Final = _text("max_charge_current_word")
CHARGE_MODE: Final = _choice("charge_mode", ChargeMode)
AUTO_UNLOCK_PLUG: Final = _flag("auto_unlock_plug")
LAST_CHARGE_END: Final = _choice("last_charge_end", ChargeEnd)
LAST_CHARGE_FAILED: Final = _flag("last_charge_failed")

# Energy on board, distance, trips
RANGE_ELECTRIC: Final = _number("range_electric", Unit.KILOMETRES, 0, 2500)
RANGE_FUEL: Final = _number("range_fuel", Unit.KILOMETRES, 0, 2500)
RANGE_TOTAL: Final = _number("range_total", Unit.KILOMETRES, 0, 5000)
ODOMETER: Final = _number("odometer", Unit.KILOMETRES, 0, 4_000_000, rising=True)
FUEL_LEVEL: Final = _percent("fuel_level")
FUEL_VOLUME: Final = _number("fuel_volume", Unit.LITRES, 0, 500)
ADBLUE_RANGE: Final = _number("adblue_range", Unit.KILOMETRES, 0, 50_000)
OIL_LEVEL: Final = _choice("oil_level", OilLevel)
OIL_LEVEL_PERCENT: Final = _percent("oil_level_percent")
CNG_LEVEL: Final = _percent("cng_level")
DISTANCE_PER_MONTH: Final = _number("distance_per_month", Unit.KILOMETRES, 0, 50_000)
CONSUMPTION_ELECTRIC: Final = _number(
    "consumption_electric", Unit.KILOWATT_HOURS_PER_100_KM, -100, 300
)
CONSUMPTION_FUEL: Final = _number("consumption_fuel", Unit.LITRES_PER_100_KM, 0, 200)
LAST_TRIP_DISTANCE: Final = _number("last_trip_distance", Unit.KILOMETRES)
LAST_TRIP_DURATION: Final = _number("last_trip_duration", Unit.MINUTES)
LAST_TRIP_CONSUMPTION_ELECTRIC: Final = _number(
    "last_trip_consumption_electric", Unit.KILOWATT_HOURS_PER_100_KM, -100, 300
)
LAST_TRIP_CONSUMPTION_FUEL: Final = _number(
    "last_trip_consumption_fuel", Unit.LITRES_PER_100_KM, 0, 200
)
LAST_TRIP_ENDED_AT: Final = _moment("last_trip_ended_at")
LAST_TRIP_DISTANCE_ELECTRIC: Final = _number(
    "last_trip_distance_electric", Unit.KILOMETRES
)
LAST_TRIP_RECUPERATION: Final = _number(
    "last_trip_recuperation", Unit.KILOWATT_HOURS_PER_100_KM, 0, 300
)
RANGE_ELECTRIC_MAX: Final = _number("range_electric_max", Unit.KILOMETRES, 0, 2500)
DISTANCE_ELECTRIC: Final = _number("distance_electric", Unit.KILOMETRES, 0, 4_000_000)
DISTANCE_SINCE_CHARGE: Final = _number(
    "distance_since_charge", Unit.KILOMETRES, 0, 2500
)
RECUPERATION: Final = _number("recuperation", Unit.KILOWATT_HOURS_PER_100_KM, 0, 300)
CO2_SAVED: Final = _number("co2_saved", Unit.KILOGRAMS, 0, 10_000_000)
FUEL_SAVED: Final = _number("fuel_saved", Unit.LITRES, 0, 1_000_000)

# Body. A lock signal is True when locked, an opening True when open.
DOORS_LOCKED: Final = _flag("doors_locked")
_CORNERS: Final = ("front_left", "front_right", "rear_left", "rear_right")
DOORS: Final = tuple(_flag(f"door_{corner}") for corner in _CORNERS)
DOOR_LOCKS: Final = tuple(_flag(f"door_{corner}_lock") for corner in _CORNERS)
WINDOWS: Final = tuple(_flag(f"window_{corner}") for corner in _CORNERS)
WINDOW_POSITIONS: Final = tuple(
    _percent(f"window_{corner}_position") for corner in _CORNERS
)
BOOT: Final = _flag("boot")
REAR_WINDOW: Final = _flag("rear_window")
BONNET: Final = _flag("bonnet")
CHARGE_FLAP: Final = _flag("charge_flap")
SUNROOF: Final = _flag("sunroof")
SUNROOF_POSITION: Final = _percent("sunroof_position")
ROOF: Final = _flag("roof")
DOORS_OPEN: Final = _flag("doors_open")
WINDOWS_OPEN: Final = _flag("windows_open")
UNSECURED: Final = _flag("unsecured")
LIGHTS: Final = _flag("lights")
PARKING_LIGHT_LEFT: Final = _flag("parking_light_left")
PARKING_LIGHT_RIGHT: Final = _flag("parking_light_right")
TYRE_PRESSURES: Final = tuple(
    _number(f"tyre_pressure_{corner}", Unit.BAR, 0.1, 10) for corner in _CORNERS
)
TYRE_PROBLEM: Final = _flag("tyre_problem")

# Climate
CLIMATE_ACTIVE: Final = _flag("climate_active")
CLIMATE_UNTIL: Final = _moment("climate_until")
CLIMATE_SCHEDULED: Final = _flag("climate_scheduled")
CLIMATE_STARTS_AT: Final = _moment("climate_starts_at")
CLIMATE_LAST_RESULT: Final = _choice("climate_last_result", ClimateResult)
CLIMATE_LAST_AT: Final = _moment("climate_last_at")
TARGET_TEMPERATURE: Final = _number(
    "target_temperature", Unit.CELSIUS, 5, 40, tolerance=0.5
)
WINDOW_HEATING: Final = _flag("window_heating")
DEFROST: Final = _flag("defrost")
CLIMATE_ON_BATTERY: Final = _flag("climate_on_battery")
AUXILIARY_HEATING: Final = _flag("auxiliary_heating")
VENTILATION: Final = _flag("ventilation")
OUTSIDE_TEMPERATURE: Final = _number("outside_temperature", Unit.CELSIUS, -60, 70)
INSIDE_TEMPERATURE: Final = _number("inside_temperature", Unit.CELSIUS, -60, 100)

# Where, and health
LOCATION: Final = _place("location")
PARKED_LOCATION: Final = _place("parked_location")
PARKED_ADDRESS: Final = _text("parked_address")
PARKED_AT: Final = _moment("parked_at")
IGNITION: Final = _flag("ignition")
MOVING: Final = _flag("moving")
SPEED: Final = _number("speed", Unit.KILOMETRES_PER_HOUR, 0, 400)
PARKING_BRAKE: Final = _flag("parking_brake")
SERVICE_DUE_DISTANCE: Final = _number(
    "service_due_distance", Unit.KILOMETRES, -500_000, 500_000
)
SERVICE_DUE_ON: Final = _day("service_due_on")
INSPECTION_DUE_DISTANCE: Final = _number(
    "inspection_due_distance", Unit.KILOMETRES, -500_000, 500_000
)
INSPECTION_DUE_ON: Final = _day("inspection_due_on")
OIL_SERVICE_DUE_DISTANCE: Final = _number(
    "oil_service_due_distance", Unit.KILOMETRES, -500_000, 500_000
)
OIL_SERVICE_DUE_ON: Final = _day("oil_service_due_on")
HEALTH: Final = _choice("health", Health)
HEALTH_MESSAGES: Final = _records("health_messages")
HEALTH_PROBLEMS: Final = {
    category: _flag(f"health_{category}")
    for category in (
        "driver_assistance",
        "electric",
        "powertrain",
        "tyres_brakes",
        "comfort",
    )
}
WARNING_LIGHTS: Final = _records("warning_lights")

# The way the data comes
SERVICE_EXPIRES_AT: Final = _moment("service_expires_at")
DATA_DELIVERY: Final = _choice("data_delivery", DataDelivery)
DELIVERED_AT: Final = _moment("delivered_at")
CONTENT_DELIVERED_AT: Final = _moment("content_delivered_at")

# Timers
SCHEDULE: Final = _add(Signal(key="schedule", kind=Schedule))

SIGNALS: Final[Mapping[str, Signal[Any]]] = _ALL

FORMER_KEYS: Final = {
    "service_due_at": SERVICE_DUE_ON.key,
    "inspection_due_at": INSPECTION_DUE_ON.key,
    "oil_service_due_at": OIL_SERVICE_DUE_ON.key,
}
"""Keys of an earlier version, which stand in what it kept."""
