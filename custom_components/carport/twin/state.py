"""The truth about a twin at one moment, and what its modem last told of it."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, Self

from ..car.schedule import Schedule
from ..car.signals import ChargeMode, Position
from .spec import TwinSpec
from .weather import outside_temperature

type Corners[T] = tuple[T, T, T, T]
"""Front left, front right, rear left, rear right."""

_NONE_OPEN: Final = (False, False, False, False)
_FORMER_NAMES: Final = {"notices": "notification_settings"}
"""What earlier versions called a part of a saved state."""
_NOTIFICATIONS: Final[Mapping[str, Any]] = {
    "events": {
        "charge_started": [],
        "charge_ended": ["email"],
        "charge_problem": ["text"],
        "battery_low": ["text"],
    },
    "quiet": {"start": "22:00", "end": "06:30"},
}
NOTIFICATION_EVENTS: Final = tuple(_NOTIFICATIONS["events"])
"""What the owner may be told of."""


@dataclass(slots=True, kw_only=True)
class TwinState:
    """Everything true of a car, in km, %, kWh, °C, kW, A and V.

    An opening is True when open, a lock True when locked.
    """

    position: Position
    parked_position: Position
    parked_at: datetime
    heading: float = 0
    ignition: bool = False
    moving: bool = False
    speed: float = 0
    odometer: float

    battery_level: float = 0
    energy_charged: float = 0
    plugged_in: bool = False
    plug_locked: bool = False
    charging: bool = False
    charging_power: float = 0
    charging_current: float = 0
    charge_limit: float = 100
    charge_limit_min: float = 20
    max_charge_current: float | str = "max"
    charge_mode: ChargeMode = ChargeMode.IMMEDIATE
    auto_unlock_plug: bool = False
    charge_wish: bool | None = None
    """The owner's start (True) or stop (False); holds until the plug is pulled."""
    battery_temperature: float = 15
    battery_12v: float = 1
    """How full the small battery is, from 0 to 1."""
    battery_12v_voltage: float = 12.7
    fuel_level: float = 0

    locked: bool = True
    doors: Corners[bool] = _NONE_OPEN
    windows: Corners[bool] = _NONE_OPEN
    boot: bool = False
    bonnet: bool = False
    sunroof: bool = False
    light_left: bool = False
    light_right: bool = False
    tyre_pressures: Corners[float] = (2.5, 2.5, 2.5, 2.5)
    tyre_loss: float = 0
    """What the leaking tyre has lost, in bar."""

    climate_active: bool = False
    climate_until: datetime | None = None
    target_temperature: float = 21
    climate_on_battery: bool = True
    defrost: bool = False
    window_heating: bool = False
    auxiliary_heating: bool = False
    ventilation: bool = False
    outside_temperature: float = 10
    inside_temperature: float = 10

    last_trip_distance: float | None = None
    last_trip_minutes: float | None = None
    last_trip_energy: float = 0
    last_trip_fuel: float = 0
    last_trip_ended_at: datetime | None = None
    trip_distance: float = 0
    trip_energy: float = 0
    trip_fuel: float = 0

    schedule: Schedule = field(default_factory=Schedule)
    """The timers as they were last sent to the car."""
    destinations: tuple[Mapping[str, Any], ...] = ()
    """What was sent to the navigation: name, latitude, longitude, address, sent_at."""
    notification_settings: Mapping[str, Any] = field(
        default_factory=lambda: _NOTIFICATIONS
    )
    """By which ways the owner is told of what, and when not."""

    service_at_odometer: float = 0
    service_due_at: datetime
    inspection_due_at: datetime
    health_reported_at: datetime
    outing: int = 0
    """The outing the owner is on; 0 at home."""

    @property
    def door_locks(self) -> Corners[bool]:
        """The lock of each door; the whole car locks as one."""
        return (self.locked, self.locked, self.locked, self.locked)

    @property
    def lights(self) -> bool:
        """Whether any light is on."""
        return self.light_left or self.light_right

    def copy(self) -> Self:
        """Return the state as it is now; its values are immutable."""
        return copy(self)

    def to_json(self) -> dict[str, Any]:
        """Turn the state into JSON."""
        return {
            entry.name: _encode(getattr(self, entry.name)) for entry in fields(self)
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Bring a state back; raises ValueError or TypeError where it is none."""
        if not isinstance(data, dict):
            raise TypeError("a state is an object")
        named: dict[str, Any] = {
            str(_FORMER_NAMES.get(name, name)): value for name, value in data.items()
        }
        return cls(**{name: _decode(name, value) for name, value in named.items()})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """What the cloud last heard of a car, and when the car captured it."""

    state: TwinState
    captured_at: datetime


@dataclass(slots=True, kw_only=True)
class Faults:
    """What is wrong with a car's modem, for those who want to see bad days.

    A deaf car accepts commands and never follows them; a contrary one does the
    opposite; an unreachable one sends no reports either.
    """

    deaf: bool = False
    contrary: bool = False
    unreachable: bool = False


def at_home(spec: TwinSpec, start: datetime) -> TwinState:
    """Return the car as it stands at home when its life begins."""
    rng = Random(spec.seed)
    place = replace(spec.home, heading=round(rng.uniform(0, 359)))
    outside = outside_temperature(start.timestamp(), place.latitude, place.longitude)
    return TwinState(
        position=place,
        parked_position=place,
        parked_at=start,
        heading=place.heading or 0,
        odometer=spec.odometer,
        battery_level=spec.battery_level if spec.battery_capacity else 0,
        energy_charged=round(spec.odometer * spec.consumption_electric / 100)
        if spec.battery_capacity
        else 0,
        plugged_in=spec.plugged_in,
        plug_locked=spec.plugged_in,
        max_charge_current=spec.currents[-1] if spec.currents else "max",
        battery_temperature=outside + 3,
        battery_12v=0.6 if spec.tired_12v else 0.95,
        fuel_level=spec.fuel_level if spec.tank else 0,
        target_temperature=spec.target_temperature,
        climate_on_battery=spec.climate_on_battery,
        outside_temperature=outside,
        inside_temperature=outside,
        schedule=spec.schedule,
        charge_mode=spec.charge_mode,
        service_at_odometer=spec.odometer + spec.service_due_in,
        service_due_at=start + timedelta(days=round(rng.uniform(60, 500))),
        inspection_due_at=start + timedelta(days=round(rng.uniform(30, 700))),
        health_reported_at=start,
    )


def brought_home(state: TwinState, home: TwinState) -> TwinState:
    """Return a car that stood at home, off and shut, since nobody looked at it."""
    return replace(
        state,
        position=home.position,
        parked_position=home.parked_position,
        parked_at=max(state.parked_at, home.parked_at),
        ignition=False,
        moving=False,
        speed=0,
        charging=False,
        charge_wish=None,
        doors=_NONE_OPEN,
        boot=False,
        locked=True,
        light_left=False,
        light_right=False,
        climate_active=False,
        defrost=False,
        window_heating=False,
        auxiliary_heating=False,
        ventilation=False,
        outside_temperature=home.outside_temperature,
        inside_temperature=home.inside_temperature,
        outing=0,
    )


def to_datetime(seconds: float) -> datetime:
    """Turn epoch seconds into a time."""
    return datetime.fromtimestamp(seconds, UTC)


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Position):
        return [value.latitude, value.longitude, value.heading]
    if isinstance(value, Schedule):
        return value.to_json()
    return value


def _decode(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith(("_at", "_until")):
        return to_datetime(value)
    if name in {"position", "parked_position"}:
        latitude, longitude, heading = value
        return Position(latitude=latitude, longitude=longitude, heading=heading)
    if name == "charge_mode":
        return ChargeMode(value)
    if name == "schedule":
        return Schedule.from_json(value)
    return tuple(value) if isinstance(value, list) else value
