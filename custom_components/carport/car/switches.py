"""Commands that turn one thing of a car on or off."""

from dataclasses import dataclass
from typing import ClassVar, override

from . import signals as s
from .commands import Command, CommandKind, Effects
from .signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchCommand(Command):
    """A command that turns one thing on or off."""

    signal: ClassVar[Signal[bool]]
    on: bool

    @property
    @override
    def effects(self) -> Effects:
        """The thing reports what was asked."""
        return {self.signal: self.on}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDefrost(SwitchCommand):
    """Defrost the windscreen, or stop."""

    kind = CommandKind.SET_DEFROST
    signal = s.DEFROST


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWindowHeating(SwitchCommand):
    """Heat the windows, or stop."""

    kind = CommandKind.SET_WINDOW_HEATING
    signal = s.WINDOW_HEATING


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClimateOnBattery(SwitchCommand):
    """Allow climate without mains power, or forbid it."""

    kind = CommandKind.SET_CLIMATE_ON_BATTERY
    signal = s.CLIMATE_ON_BATTERY


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAutoUnlockPlug(SwitchCommand):
    """Release the plug when charging is done, or keep it."""

    kind = CommandKind.SET_AUTO_UNLOCK_PLUG
    signal = s.AUTO_UNLOCK_PLUG


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAuxiliaryHeating(SwitchCommand):
    """Run the auxiliary heater for a time in minutes, or stop it."""

    kind = CommandKind.SET_AUXILIARY_HEATING
    signal = s.AUXILIARY_HEATING
    duration: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVentilation(SwitchCommand):
    """Ventilate for a time in minutes, or stop."""

    kind = CommandKind.SET_VENTILATION
    signal = s.VENTILATION
    duration: float | None = None
