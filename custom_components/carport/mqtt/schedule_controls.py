"""The set topics of a car's timers: one timer, its time, or all of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
import re
from typing import Any, Final

from ..car.commands import CommandKind
from ..car.schedule import Schedule, ScheduleLimits
from ..car.timers import at_time, changed_slot, slot_of
from .refusals import Refused, TopicReason
from .values import flag_from

ALL_TIMERS: Final = "timers"
TIMER_CONTROLS: Final = (ALL_TIMERS, "timer_<n>", "timer_<n>_time")
_TIMER: Final = re.compile(r"timer_([1-9][0-9]?)(_time)?")

type Alter = Callable[[Schedule, ScheduleLimits], Schedule]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """A change of the timers as they will be when it is sent: all of them go at once."""

    alter: Alter

    @property
    def kind(self) -> CommandKind:
        """What is sent for it."""
        return CommandKind.SET_SCHEDULE


def read_schedule_set(name: str, text: str) -> ScheduleChange | None:
    """Turn what came by a timer's topic into a change; None if it is no timer's."""
    if name == ALL_TIMERS:
        active = _flag(text)
        return ScheduleChange(
            alter=lambda schedule, _: replace(schedule, active=active)
        )
    if (hit := _TIMER.fullmatch(name)) is None:
        return None
    number = int(hit[1])
    if hit[2]:
        return _timed(number, _time(text))
    return _changed(number, enabled=_flag(text))


def _changed(number: int, **changes: Any) -> ScheduleChange:
    return ScheduleChange(
        alter=lambda schedule, limits: changed_slot(schedule, limits, number, **changes)
    )


def _timed(number: int, moment: time) -> ScheduleChange:
    """Move a timer's departure, or its whole window."""

    def alter(schedule: Schedule, limits: ScheduleLimits) -> Schedule:
        changes = at_time(slot_of(schedule, number), moment, limits)
        return changed_slot(schedule, limits, number, **changes)

    return ScheduleChange(alter=alter)


def _flag(text: str) -> bool:
    if (flag := flag_from(text)) is None:
        raise _wrong("on, off")
    return flag


def _time(text: str) -> time:
    try:
        moment = time.fromisoformat(text)
    except ValueError:
        raise _wrong("HH:MM") from None
    if moment.tzinfo is not None:
        # Timers go by the car's own clock.
        raise _wrong("HH:MM")
    return moment.replace(second=0, microsecond=0)


def _wrong(allowed: str) -> Refused:
    return Refused(
        TopicReason.WRONG_PAYLOAD,
        allowed=allowed,
        command=str(CommandKind.SET_SCHEDULE),
    )
