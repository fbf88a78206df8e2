"""What ZE Services is told for each command, what a car takes, and what shows it."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import Command, CommandKind, SetSchedule
from ...car.limits import Limits
from ...car.refusals import Reason, Refusal, out_of_limits, wrong_schedule
from ...car.schedule import ScheduleLimits, ScheduleProblem
from ...car.signals import ChargeMode
from ...car.snapshot import Snapshot
from ...cloud.command_map import CommandMapping
from ...cloud.contract import Car
from ...cloud.requests import Request
from ...cloud.zones import known_zone
from . import endpoints as e
from .cars import CALENDAR_SCOPE, CHARGE_SCOPE, CLIMATE_SCOPE, STATUS_SCOPE, subscribed
from .notification_settings import EVENTS, changed
from .readings import BATTERY, CALENDAR, CLIMATE, CLIMATE_TIMER, NOTIFICATIONS
from .schedule import digits, week_of

LEVEL_FOR_CLIMATE: Final = 45
"""The battery has to be above this, in per cent, plugged in or not."""

_CALENDAR: Final = ScheduleLimits(
    slots=7,
    step_minutes=15,
    one_slot_a_day=True,
    every_day_needed=True,
    # Monday's is the first.
    fixed_numbers=True,
    departures=False,
    windows=True,
    climate=False,
    single=frozenset(),
    slot_switch=False,
    # A length is written as a time of day.
    longest_window=23 * 60 + 45,
    windows_overlap=False,
)
# A charge shows in the car's own report, a calendar once it has reached the car.
_PATIENCE: Final = 900.0


def _schedule(_car: Car, command: SetSchedule) -> Request:
    """Write the calendar into the cloud, then send it to the car, or switch it off."""
    active = command.schedule.active
    return replace(
        e.WRITE_CALENDAR,
        # What else optimized_charge could be, nobody has seen.
        json={"optimized_charge": False, **week_of(command.schedule)},
        then=e.DEPLOY_CALENDAR if active else e.SWITCH_CALENDAR_OFF,
    )


def _mode(_car: Car, command: c.SetChargeMode) -> Request:
    scheduled = command.mode is ChargeMode.SCHEDULED
    return e.DEPLOY_CALENDAR if scheduled else e.SWITCH_CALENDAR_OFF


def _climate_later(car: Car, command: c.ScheduleClimate) -> Request:
    if command.at is None:
        return e.REMOVE_CLIMATE_TIMER
    start = command.at.astimezone(known_zone(car.handle.get("zone")))
    return e.SET_CLIMATE_TIMER.with_json(start=digits(start.time()))


def _notifications(
    _car: Car, command: c.SetNotifications, before: Mapping[str, Any]
) -> Request:
    """Write all settings: those that are not to change as they are now."""
    return e.WRITE_NOTIFICATIONS.with_json(**changed(before, command))


def _needs_charge(
    _car: Car, _command: Command, snapshot: Snapshot, _now: datetime
) -> Refusal | None:
    level = snapshot.value(s.BATTERY_LEVEL)
    if level is not None and level <= LEVEL_FOR_CLIMATE:
        return Refusal(reason=Reason.SOC_TOO_LOW)
    return None


def _within_a_day(
    _car: Car, command: c.ScheduleClimate, _snapshot: Snapshot, now: datetime
) -> Refusal | None:
    """Refuse another day: the cloud takes a time of day, to the minute."""
    if command.at is None:
        return None
    start = command.at.replace(second=0, microsecond=0)
    if timedelta() < start - now < timedelta(days=1):
        return None
    return out_of_limits(field="at", allowed="< 24 h")


def _needs_calendar(
    _car: Car, command: c.SetChargeMode, snapshot: Snapshot, _now: datetime
) -> Refusal | None:
    """Refuse to switch on what was never written."""
    schedule = snapshot.value(s.SCHEDULE)
    if command.mode is not ChargeMode.SCHEDULED or (schedule and schedule.slots):
        return None
    return wrong_schedule((ScheduleProblem(rule="every_day_needed"),))


def _timer_limits(_car: Car, observed: AbstractSet[str]) -> Limits:
    """Return the timer's limits; a cloud that never told of one proves none."""
    told = s.CLIMATE_SCHEDULED.key in observed
    return Limits(verify_after=5, provable=told, reports_completion=told)


# A slow cloud is not asked at every opportunity.
_row = partial(CommandMapping, look_every=(8, 16, 32))
_by_calendar = partial(
    _row, wanted=subscribed(CALENDAR_SCOPE), shown_by=CALENDAR, dated=False
)

# There is no stop of either, neither for the charge nor for the cabin.
COMMANDS: Final = (
    _row(
        kind=CommandKind.START_CHARGING,
        request=e.START_CHARGING,
        wanted=subscribed(CHARGE_SCOPE),
        limits=Limits(needs_plug=True, timeout=_PATIENCE),
        shown_by=BATTERY,
    ),
    _row(
        kind=CommandKind.START_CLIMATE,
        request=e.START_CLIMATE,
        wanted=subscribed(CLIMATE_SCOPE),
        limits=Limits(verify_after=20),
        shown_by=CLIMATE,
        blocked_by=_needs_charge,
    ),
    _row(
        kind=CommandKind.SCHEDULE_CLIMATE,
        request=_climate_later,
        wanted=subscribed(CLIMATE_SCOPE),
        limits=_timer_limits,
        shown_by=CLIMATE_TIMER,
        dated=False,
        blocked_by=_within_a_day,
    ),
    _by_calendar(
        kind=CommandKind.SET_SCHEDULE,
        request=_schedule,
        limits=Limits(schedule=_CALENDAR, timeout=_PATIENCE),
    ),
    _by_calendar(
        kind=CommandKind.SET_CHARGE_MODE,
        request=_mode,
        limits=Limits(
            words=(ChargeMode.IMMEDIATE, ChargeMode.SCHEDULED), timeout=_PATIENCE
        ),
        blocked_by=_needs_calendar,
    ),
    # The cloud keeps these by itself; no car has to hear of them.
    _row(
        kind=CommandKind.SET_NOTIFICATIONS,
        request=_notifications,
        limits=Limits(words=tuple(EVENTS), high=1, verify_after=2, timeout=60),
        repeats=NOTIFICATIONS,
    ),
    # A car is asked for a report by text message, no more often than this.
    _row(
        kind=CommandKind.WAKE,
        request=e.ASK_FOR_REPORT,
        wanted=subscribed(STATUS_SCOPE),
        shown_by=BATTERY,
        pause=timedelta(minutes=20),
        rationed=True,
    ),
)
