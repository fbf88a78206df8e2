"""Switches: one row for each thing of a car that is told to be on or off."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.duration import duration_of
from .car import signals as s
from .car.commands import Command, StartCharging, StopCharging
from .car.signals import Signal
from .car.switches import (
    SetAutoUnlockPlug,
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetDefrost,
    SetVentilation,
    SetWindowHeating,
)
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import GarageCar, Topic, timer_limits, timer_numbers
from .entity import CarEntity, CarEntityDescription
from .timer_entity import ScheduleDescription, ScheduleEntity, TimerEntity

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0

type OnCommand = Callable[[float | None], Command]
"""Makes the command from the owner's duration in minutes, where it takes one."""


@dataclass(frozen=True, kw_only=True)
class CarSwitchDescription(CarEntityDescription, SwitchEntityDescription):
    """A switch: the signal that shows it, and the commands that turn it."""

    signal: Signal[bool]
    on: OnCommand
    off: Command

    @property
    @override
    def topics(self) -> tuple[str, ...]:
        """The signal, and a command that runs."""
        return (self.signal.key, Topic.RUNNING)


@dataclass(frozen=True, kw_only=True)
class TimerSwitchDescription(ScheduleDescription, SwitchEntityDescription):
    """A switch of one timer, or of all."""


SWITCHES: Final = (
    CarSwitchDescription(
        key="charge_control",
        signal=s.CHARGING,
        on=lambda _: StartCharging(),
        off=StopCharging(),
    ),
    CarSwitchDescription(
        key=s.AUTO_UNLOCK_PLUG.key,
        signal=s.AUTO_UNLOCK_PLUG,
        on=lambda _: SetAutoUnlockPlug(on=True),
        off=SetAutoUnlockPlug(on=False),
        entity_category=EntityCategory.CONFIG,
    ),
    CarSwitchDescription(
        key=s.WINDOW_HEATING.key,
        signal=s.WINDOW_HEATING,
        on=lambda _: SetWindowHeating(on=True),
        off=SetWindowHeating(on=False),
    ),
    CarSwitchDescription(
        key=s.DEFROST.key,
        signal=s.DEFROST,
        on=lambda _: SetDefrost(on=True),
        off=SetDefrost(on=False),
    ),
    CarSwitchDescription(
        key=s.CLIMATE_ON_BATTERY.key,
        signal=s.CLIMATE_ON_BATTERY,
        on=lambda _: SetClimateOnBattery(on=True),
        off=SetClimateOnBattery(on=False),
        entity_category=EntityCategory.CONFIG,
    ),
    CarSwitchDescription(
        key=s.AUXILIARY_HEATING.key,
        signal=s.AUXILIARY_HEATING,
        on=lambda minutes: SetAuxiliaryHeating(on=True, duration=minutes),
        off=SetAuxiliaryHeating(on=False),
    ),
    CarSwitchDescription(
        key=s.VENTILATION.key,
        signal=s.VENTILATION,
        on=lambda minutes: SetVentilation(on=True, duration=minutes),
        off=SetVentilation(on=False),
    ),
)


ALL_TIMERS: Final = TimerSwitchDescription(
    key="timers", entity_category=EntityCategory.CONFIG
)


def timer_switch(number: int) -> TimerSwitchDescription:
    """Make the row of one timer; they differ by their number alone."""
    return TimerSwitchDescription(
        key=f"timer_{number}",
        translation_key="timer",
        translation_placeholders={"number": str(number)},
        entity_category=EntityCategory.CONFIG,
    )


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a switch for everything that a car can be told."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        yield from (
            CarSwitch(coordinator, car, row)
            for row in SWITCHES
            if row.off.kind in car.commands
        )
        limits, schedule = timer_limits(car), car.shown(s.SCHEDULE)
        if limits is not None and limits.main_switch and schedule is not None:
            yield AllTimersSwitch(coordinator, car, ALL_TIMERS)
        if limits is not None and limits.slot_switch:
            for number in timer_numbers(car):
                yield TimerSwitch(coordinator, car, timer_switch(number), number)

    await coordinator.ownership.add_entities(async_add_entities, build)


class CarSwitch(CarEntity, SwitchEntity):
    """One thing of a car that can be turned on and off."""

    entity_description: CarSwitchDescription

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CarSwitchDescription,
    ) -> None:
        """Know the command of the row."""
        self._kinds = frozenset({description.off.kind})
        super().__init__(coordinator, car, description)

    @property
    @override
    def is_on(self) -> bool | None:
        """What was asked while the car is at it, else what the car said."""
        return self.car.shown(self.entity_description.signal)

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether no reading of the car backs the state."""
        return self.entity_description.signal.key not in self.car.snapshot.readings

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on."""
        row = self.entity_description
        minutes = duration_of(self.hass, self.car, row.off.kind)
        await self.async_command(row.on(minutes))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.async_command(self.entity_description.off)


class AllTimersSwitch(ScheduleEntity, SwitchEntity):
    """Whether the car heeds its timers at all."""

    @property
    @override
    def is_on(self) -> bool | None:
        """The main switch over all timers."""
        return None if self.schedule is None else self.schedule.active

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the timers come round, each that is on."""
        await self.async_alter(lambda schedule, _: replace(schedule, active=True))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Keep the timers, and let them all rest."""
        await self.async_alter(lambda schedule, _: replace(schedule, active=False))


class TimerSwitch(TimerEntity, SwitchEntity):
    """Whether one of the car's timers is on."""

    @property
    @override
    def is_on(self) -> bool | None:
        """What was asked, else what the car said; an empty timer is off."""
        if self.schedule is None:
            return None
        return self.slot is not None and self.slot.enabled

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the timer come round."""
        await self.async_change(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Keep the timer, and let it rest."""
        await self.async_change(enabled=False)
