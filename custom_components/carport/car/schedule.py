"""Timers and charging windows: one model for all makers, limits as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from enum import IntEnum


class Weekday(IntEnum):
    """A day of the week as Python counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of the day, local to the car; an end before the start is tomorrow's."""

    start: time
    end: time

    @property
    def minutes(self) -> int:
        """The length in minutes; equal ends mean the whole day."""
        length = _minute(self.end) - _minute(self.start)
        return length if length > 0 else length + 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One timer: on which days, when, and what is to be ready.

    A repeating slot has days; one without days fires once. `charge_window` bounds
    charging before the departure where the maker knows preferred times.
    """

    number: int
    enabled: bool
    departure: time | None = None
    days: frozenset[Weekday] = frozenset()
    charge: bool = False
    climate: bool = False
    charge_window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLimits:
    """What one maker's timers can express."""

    slots: int
    step_minutes: int = 1
    one_slot_a_day: bool = False
    every_day_needed: bool = False
    windows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleProblem:
    """Why a schedule cannot be sent: which rule, and the slot it concerns."""

    rule: str
    slot: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All timers of a car."""

    slots: tuple[Slot, ...] = ()

    def problems(self, limits: ScheduleLimits) -> tuple[ScheduleProblem, ...]:
        """Return everything that keeps this schedule from being sent."""
        return tuple(_problems(self.slots, limits))


def _problems(
    slots: tuple[Slot, ...], limits: ScheduleLimits
) -> Iterable[ScheduleProblem]:
    if len(slots) > limits.slots:
        yield ScheduleProblem(rule="too_many_slots")
    numbers = [slot.number for slot in slots]
    if len(set(numbers)) != len(numbers):
        yield ScheduleProblem(rule="number_twice")
    for slot in slots:
        yield from _slot_problems(slot, limits)
    days = [day for slot in slots if slot.enabled for day in slot.days]
    if limits.one_slot_a_day and len(set(days)) != len(days):
        yield ScheduleProblem(rule="one_slot_a_day")
    if limits.every_day_needed and set(days) != set(Weekday):
        yield ScheduleProblem(rule="every_day_needed")


def _slot_problems(slot: Slot, limits: ScheduleLimits) -> Iterable[ScheduleProblem]:
    if slot.departure is None and slot.charge_window is None:
        yield ScheduleProblem(rule="time_missing", slot=slot.number)
    if slot.charge_window is not None and not limits.windows:
        yield ScheduleProblem(rule="no_windows", slot=slot.number)
    times = [slot.departure]
    if slot.charge_window is not None:
        times += [slot.charge_window.start, slot.charge_window.end]
    if any(
        moment is not None and _minute(moment) % limits.step_minutes for moment in times
    ):
        yield ScheduleProblem(rule="off_step", slot=slot.number)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
