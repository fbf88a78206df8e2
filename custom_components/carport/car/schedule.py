"""Timers and charging windows: one model for all makers, limits as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum
from typing import Any, Final, Self, override

from .bounds import is_possible_day

_MOST_NUMBER: Final = 1000


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

    def to_json(self) -> dict[str, str]:
        """Turn the window into JSON; times as HH:MM."""
        return {
            "start": self.start.strftime("%H:%M"),
            "end": self.end.strftime("%H:%M"),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Self:
        """Bring a window back; KeyError, TypeError or ValueError if it is none."""
        return cls(
            start=time.fromisoformat(data["start"]), end=time.fromisoformat(data["end"])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One timer: on which days, when, and what is to be ready.

    A repeating slot has days; one without days fires once, on its date if it has one,
    else the next time its hour comes. `charge_window` is when this slot charges, for
    makers whose timers are windows rather than departures.
    """

    number: int
    enabled: bool
    departure: time | None = None
    days: frozenset[Weekday] = frozenset()
    once_on: date | None = None
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
    departures: bool = True
    windows: bool = False
    preferred_window: bool = False
    dates: bool = False
    charge: bool = True
    climate: bool = True
    climate_burns_fuel: bool = False
    """Whether a timer's climate may run a heater that burns fuel."""
    main_switch: bool = True
    """Whether all timers can be switched off at once."""
    alike: bool = False
    """Whether all slots charge or none, and all condition the cabin or none."""
    whole_week: bool = False
    """Whether a slot is for every day."""
    fixed_numbers: bool = False
    """Whether a slot's number is its place, from 1 up to `slots`."""
    single: frozenset[int] | None = None
    """The numbers that may fire once, so without days; None means all of them."""
    once_only: frozenset[int] = frozenset()
    """The numbers that fire once whatever is said of days, so take none."""
    slot_switch: bool = True
    """Whether a slot can be switched off by itself."""
    longest_window: int = 24 * 60
    """How many minutes a charging window may last."""
    windows_overlap: bool = True
    """Whether one day's window may still run when the next day's begins."""
    apart: bool = False
    """Whether a slot is either a window that charges or a departure with climate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleProblem:
    """Why a schedule cannot be sent: which rule, and the slot it concerns."""

    rule: str
    slot: int | None = None

    @override
    def __str__(self) -> str:
        """Return the rule, and the slot's number where it is one slot's."""
        return self.rule if self.slot is None else f"{self.rule} ({self.slot})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All timers of a car, local to the car.

    `active` is the maker's main switch over them all; `preferred_window` is when
    charging is cheap, where the maker knows one for all slots.
    """

    slots: tuple[Slot, ...] = ()
    active: bool = True
    preferred_window: Window | None = None

    def problems(self, limits: ScheduleLimits) -> tuple[ScheduleProblem, ...]:
        """Return everything that keeps this schedule from being sent."""
        return tuple(_problems(self, limits))

    def is_possible(self) -> bool:
        """Return whether this can be a car's: a few numbers, days of this century."""
        return all(
            0 <= slot.number <= _MOST_NUMBER
            and (slot.once_on is None or is_possible_day(slot.once_on))
            for slot in self.slots
        )

    def agrees(self, other: Self) -> bool:
        """Return whether two schedules ask the same of a car, however they put it.

        Makers number and group slots anew; what happens on which day is what counts.
        """
        return (
            self.active == other.active
            and self.preferred_window == other.preferred_window
            and _by_day(self.slots) == _by_day(other.slots)
        )

    def warms_anew(self, before: Schedule | None) -> bool:
        """Return whether a timer conditions the cabin that did not do so before."""
        known = frozenset() if before is None else before._warming()  # noqa: SLF001 - another of its kind
        return not self._warming() <= known

    def _warming(self) -> frozenset[Slot]:
        """Return the timers that condition the cabin, as long as nothing is changed."""
        if not self.active:
            return frozenset()
        return frozenset(slot for slot in self.slots if slot.enabled and slot.climate)

    def to_json(self) -> dict[str, Any]:
        """Turn the schedule into JSON with stable keys; times as HH:MM."""
        return {
            "active": self.active,
            "preferred_window": self.preferred_window
            and self.preferred_window.to_json(),
            "slots": [
                {
                    "number": slot.number,
                    "enabled": slot.enabled,
                    "departure": _time_to_json(slot.departure),
                    "days": [day.name.lower() for day in sorted(slot.days)],
                    "once_on": None
                    if slot.once_on is None
                    else slot.once_on.isoformat(),
                    "charge": slot.charge,
                    "climate": slot.climate,
                    "charge_window": slot.charge_window
                    and slot.charge_window.to_json(),
                }
                for slot in self.slots
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Bring a schedule back; KeyError, TypeError or ValueError if it is none."""
        return cls(
            active=bool(data["active"]),
            preferred_window=_window_from_json(data["preferred_window"]),
            slots=tuple(_slot_from_json(slot) for slot in data["slots"]),
        )


def _slot_from_json(data: Mapping[str, Any]) -> Slot:
    day = data["once_on"]
    return Slot(
        number=int(data["number"]),
        enabled=bool(data["enabled"]),
        departure=_time_from_json(data["departure"]),
        days=frozenset(Weekday[name.upper()] for name in data["days"]),
        once_on=None if day is None else date.fromisoformat(day),
        charge=bool(data["charge"]),
        climate=bool(data["climate"]),
        charge_window=_window_from_json(data["charge_window"]),
    )


def _time_to_json(moment: time | None) -> str | None:
    return None if moment is None else moment.strftime("%H:%M")


def _time_from_json(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _window_from_json(data: Mapping[str, str] | None) -> Window | None:
    return None if data is None else Window.from_json(data)


def _problems(schedule: Schedule, limits: ScheduleLimits) -> Iterable[ScheduleProblem]:
    slots = schedule.slots
    if schedule.preferred_window is not None:
        if not limits.preferred_window:
            yield ScheduleProblem(rule="no_preferred_window")
        elif _off_step(limits, _ends(schedule.preferred_window)):
            yield ScheduleProblem(rule="off_step")
    if len(slots) > limits.slots:
        yield ScheduleProblem(rule="too_many_slots")
    numbers = [slot.number for slot in slots]
    if len(set(numbers)) != len(numbers):
        yield ScheduleProblem(rule="number_twice")
    for slot in slots:
        yield from _slot_problems(slot, limits)
    if limits.fixed_numbers and not set(numbers) <= set(range(1, limits.slots + 1)):
        yield ScheduleProblem(rule="number_unknown")
    if limits.alike and len({(slot.charge, slot.climate) for slot in slots}) > 1:
        yield ScheduleProblem(rule="slots_differ")
    if not limits.main_switch and not schedule.active:
        yield ScheduleProblem(rule="no_main_switch")
    days = [day for slot in slots if slot.enabled for day in slot.days]
    if limits.one_slot_a_day and len(set(days)) != len(days):
        yield ScheduleProblem(rule="one_slot_a_day")
    if limits.every_day_needed and set(days) != set(Weekday):
        yield ScheduleProblem(rule="every_day_needed")
    if not limits.windows_overlap and _windows_overlap(slots):
        yield ScheduleProblem(rule="windows_overlap")


def _slot_problems(slot: Slot, limits: ScheduleLimits) -> Iterable[ScheduleProblem]:
    if slot.departure is None and slot.charge_window is None:
        yield ScheduleProblem(rule="time_missing", slot=slot.number)
    wrong = {
        "off_step": _off_step(limits, (slot.departure, *_ends(slot.charge_window))),
        "no_windows": slot.charge_window is not None and not limits.windows,
        "no_departures": slot.departure is not None and not limits.departures,
        "no_dates": slot.once_on is not None and not limits.dates,
        "no_charge": slot.charge and not limits.charge,
        "no_climate": slot.climate and not limits.climate,
        "whole_week": limits.whole_week and slot.days != frozenset(Weekday),
        "once_only": slot.number in limits.once_only and bool(slot.days),
        "days_missing": _lacks_days(slot, limits),
        "apart": limits.apart and _does_both(slot),
        "no_slot_switch": not slot.enabled and not limits.slot_switch,
        "window_too_long": slot.charge_window is not None
        and slot.charge_window.minutes > limits.longest_window,
    }
    for rule, broken in wrong.items():
        if broken:
            yield ScheduleProblem(rule=rule, slot=slot.number)


def _does_both(slot: Slot) -> bool:
    """Return whether a slot is neither just a window nor just a climate's departure."""
    if slot.charge_window is not None:
        return slot.departure is not None or slot.climate
    return slot.charge or not slot.climate


def _lacks_days(slot: Slot, limits: ScheduleLimits) -> bool:
    """Return whether an enabled slot would fire never, as it is not one for once."""
    once = slot.enabled and not slot.days and slot.once_on is None
    return once and limits.single is not None and slot.number not in limits.single


def _ends(window: Window | None) -> tuple[time, ...]:
    return () if window is None else (window.start, window.end)


def _off_step(limits: ScheduleLimits, moments: Iterable[time | None]) -> bool:
    return any(
        moment is not None and _minute(moment) % limits.step_minutes
        for moment in moments
    )


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY


def _windows_overlap(slots: Iterable[Slot]) -> bool:
    """Return whether a window begins while another runs, Sunday night included."""
    spans = sorted(
        (day * _DAY + _minute(window.start), window.minutes)
        for slot in slots
        if slot.enabled and (window := slot.charge_window) is not None
        for day in slot.days
    )
    if not spans:
        return False
    following = [start for start, _ in spans[1:]] + [spans[0][0] + _WEEK]
    return any(
        start + length > begins
        for (start, length), begins in zip(spans, following, strict=True)
    )


def _by_day(slots: Iterable[Slot]) -> set[tuple[object, ...]]:
    return {
        (
            day,
            slot.enabled,
            slot.departure,
            slot.charge or slot.charge_window is not None,
            slot.climate,
            slot.charge_window,
        )
        for slot in slots
        for day in (slot.days or {slot.once_on})
    }
