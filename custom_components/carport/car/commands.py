"""Every command a car can be asked to do, and the limits that bound it.

A command is a value: two equal commands are the same wish. `effects` says what
the car must show once it has obeyed; a command without effects cannot be proven.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, override

from . import signals as s
from .limits import Limits, check_number, check_word
from .refusals import Refusal, out_of_limits, wrong_schedule
from .schedule import Schedule, Window
from .signals import Signal, Value

type Effects = Mapping[Signal[Any], Value]


class CommandKind(StrEnum):
    """The names of the commands, as receipts and translations use them."""

    LOCK = "lock"
    UNLOCK = "unlock"
    START_CHARGING = "start_charging"
    STOP_CHARGING = "stop_charging"
    SET_CHARGE_LIMIT = "set_charge_limit"
    SET_CHARGE_LIMIT_MIN = "set_charge_limit_min"
    SET_CHARGE_CURRENT = "set_charge_current"
    SET_CHARGE_MODE = "set_charge_mode"
    SET_AUTO_UNLOCK_PLUG = "set_auto_unlock_plug"
    START_CLIMATE = "start_climate"
    STOP_CLIMATE = "stop_climate"
    SCHEDULE_CLIMATE = "schedule_climate"
    SET_TEMPERATURE = "set_temperature"
    SET_DEFROST = "set_defrost"
    SET_WINDOW_HEATING = "set_window_heating"
    SET_CLIMATE_ON_BATTERY = "set_climate_on_battery"
    SET_AUXILIARY_HEATING = "set_auxiliary_heating"
    SET_VENTILATION = "set_ventilation"
    HONK_AND_FLASH = "honk_and_flash"
    WAKE = "wake"
    REFRESH_HEALTH = "refresh_health"
    SET_SCHEDULE = "set_schedule"
    SEND_DESTINATION = "send_destination"
    SET_NOTIFICATIONS = "set_notifications"


class HornMode(StrEnum):
    """What the car does to be found."""

    FLASH = "flash"
    HONK = "honk"
    HONK_AND_FLASH = "honk_and_flash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A typed request to a car."""

    kind: ClassVar[CommandKind]
    renews: ClassVar[tuple[Signal[Any], ...] | None] = None
    """Signals of which a fresh reading is the proof; an empty tuple means any."""

    @property
    def effects(self) -> Effects:
        """What the car reports once it has obeyed; empty where nothing tells."""
        return {}

    @property
    def transition(self) -> Effects:
        """What controls show besides while the command runs."""
        return {}

    @property
    def parameters(self) -> dict[str, Any]:
        """The command's own fields, for receipts."""
        return asdict(self)

    def violation(self, limits: Limits) -> Refusal | None:
        """Return what is wrong with the parameters, or None."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(Command):
    """Lock the whole car."""

    kind = CommandKind.LOCK

    @property
    @override
    def effects(self) -> Effects:
        """Doors locked."""
        return {s.DOORS_LOCKED: True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock(Command):
    """Unlock the whole car."""

    kind = CommandKind.UNLOCK

    @property
    @override
    def effects(self) -> Effects:
        """Doors unlocked."""
        return {s.DOORS_LOCKED: False}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCharging(Command):
    """Start charging now."""

    kind = CommandKind.START_CHARGING

    @property
    @override
    def effects(self) -> Effects:
        """The battery charges."""
        return {s.CHARGING: True}

    @property
    @override
    def transition(self) -> Effects:
        """Starting."""
        return {s.CHARGING_STATE: str(s.ChargingState.STARTING)}


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCharging(Command):
    """Stop charging."""

    kind = CommandKind.STOP_CHARGING

    @property
    @override
    def effects(self) -> Effects:
        """The battery does not charge."""
        return {s.CHARGING: False}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChargeLimit(Command):
    """Charge up to this level, in percent."""

    kind = CommandKind.SET_CHARGE_LIMIT
    percent: float

    @property
    @override
    def effects(self) -> Effects:
        """The limit the car reports."""
        return {s.CHARGE_LIMIT: self.percent}

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check the level against range and step."""
        return check_number("percent", self.percent, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChargeLimitMin(Command):
    """Charge at once up to this level, in percent."""

    kind = CommandKind.SET_CHARGE_LIMIT_MIN
    percent: float

    @property
    @override
    def effects(self) -> Effects:
        """The lower limit the car reports."""
        return {s.CHARGE_LIMIT_MIN: self.percent}

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check the level against range and step."""
        return check_number("percent", self.percent, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChargeCurrent(Command):
    """Charge with at most this current: amperes, or one of the maker's words."""

    kind = CommandKind.SET_CHARGE_CURRENT
    current: float | str

    @property
    @override
    def effects(self) -> Effects:
        """The current the car reports, as a number or as a word."""
        if isinstance(self.current, str):
            return {s.MAX_CHARGE_CURRENT_WORD: self.current}
        return {
            s.MAX_CHARGE_CURRENT: float(self.current),
            s.MAX_CHARGE_CURRENT_WORD: f"{self.current:g}",
        }

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check the number or the word against what the car takes."""
        return check_number("current", self.current, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChargeMode(Command):
    """Choose when the car charges."""

    kind = CommandKind.SET_CHARGE_MODE
    mode: s.ChargeMode

    @property
    @override
    def effects(self) -> Effects:
        """The mode the car reports."""
        return {s.CHARGE_MODE: str(self.mode)}

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check that the car offers the mode."""
        return check_word("mode", self.mode, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartClimate(Command):
    """Condition the cabin; without a temperature the car takes its own, in °C."""

    kind = CommandKind.START_CLIMATE
    temperature: float | None = None

    @property
    @override
    def effects(self) -> Effects:
        """Climate runs, with the target asked for."""
        running: dict[Signal[Any], Value] = {s.CLIMATE_ACTIVE: True}
        if self.temperature is not None:
            running[s.TARGET_TEMPERATURE] = self.temperature
        return running

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check the temperature against range."""
        if self.temperature is None:
            return None
        if limits.high is None and not limits.numbers:
            # Only the car itself knows its temperature.
            return out_of_limits(field="temperature", allowed="–")
        return check_number("temperature", self.temperature, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleClimate(Command):
    """Condition the cabin once, from a moment to come; without one, do not."""

    kind = CommandKind.SCHEDULE_CLIMATE
    at: datetime | None = None

    @property
    @override
    def effects(self) -> Effects:
        """The moment the car or its cloud reports, or that there is none."""
        if self.at is None:
            return {s.CLIMATE_SCHEDULED: False}
        start = self.at.replace(second=0, microsecond=0)
        return {s.CLIMATE_SCHEDULED: True, s.CLIMATE_STARTS_AT: start}

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """The moment in ISO form."""
        return {"at": None if self.at is None else self.at.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class StopClimate(Command):
    """Stop conditioning the cabin."""

    kind = CommandKind.STOP_CLIMATE

    @property
    @override
    def effects(self) -> Effects:
        """Climate is off."""
        return {s.CLIMATE_ACTIVE: False}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTemperature(Command):
    """Set the cabin's target temperature, in °C."""

    kind = CommandKind.SET_TEMPERATURE
    temperature: float

    @property
    @override
    def effects(self) -> Effects:
        """The target the car reports."""
        return {s.TARGET_TEMPERATURE: self.temperature}

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check the temperature against range."""
        return check_number("temperature", self.temperature, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class HonkAndFlash(Command):
    """Sound the horn, flash the lights, or both; seconds and count where known."""

    kind = CommandKind.HONK_AND_FLASH
    mode: HornMode
    duration: float | None = None
    count: int | None = None

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check that the car offers the mode, and the length."""
        if wrong := check_word("mode", self.mode, limits):
            return wrong
        for name, value in (("duration", self.duration), ("count", self.count)):
            if value is not None and limits.high is None:
                return out_of_limits(field=name, allowed="–")
            if value is not None and (wrong := check_number(name, value, limits)):
                return wrong
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake(Command):
    """Ask the car itself for its present state; costs its 12 V battery."""

    kind = CommandKind.WAKE
    renews = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshHealth(Command):
    """Ask the car for a new health report."""

    kind = CommandKind.REFRESH_HEALTH
    renews = (s.HEALTH,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSchedule(Command):
    """Replace the car's timers by these."""

    kind = CommandKind.SET_SCHEDULE
    schedule: Schedule

    @property
    @override
    def effects(self) -> Effects:
        """The timers the car reports."""
        return {s.SCHEDULE: self.schedule}

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """The timers as JSON."""
        return self.schedule.to_json()

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Name the rules of the car's timers that are broken, and where."""
        if limits.schedule is None:
            return None
        return wrong_schedule(self.schedule.problems(limits.schedule))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNotifications(Command):
    """Choose by which way the maker tells the owner of which event.

    `events` maps the maker-independent event to the ways: `email`, `text`; quiet
    hours are in the car's local time.
    """

    kind = CommandKind.SET_NOTIFICATIONS
    events: Mapping[str, tuple[str, ...]]
    quiet: Window | None = None

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """The ways by event, and the quiet hours as HH:MM."""
        events = {event: list(ways) for event, ways in self.events.items()}
        return {"events": events, "quiet": self.quiet and self.quiet.to_json()}

    @override
    def violation(self, limits: Limits) -> Refusal | None:
        """Check events against the maker's words, and how many ways each may have."""
        for event, ways in self.events.items():
            if limits.words and event not in limits.words:
                return out_of_limits(field="events", allowed=", ".join(limits.words))
            known = set(ways) <= {"email", "text"}
            if not known or (limits.high is not None and len(ways) > limits.high):
                return out_of_limits(field=event, allowed="email, text")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDestination(Command):
    """Send a destination to the car's navigation."""

    kind = CommandKind.SEND_DESTINATION
    name: str
    latitude: float
    longitude: float
    address: Mapping[str, str] = field(default_factory=dict)

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """Nothing: where somebody goes is nobody else's business."""
        return {}
