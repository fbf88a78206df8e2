"""What ZE Services says of a car: its parts, and a row for each signal."""

from datetime import datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.schedule import Schedule
from ...car.signals import (
    ChargeMode,
    ChargingDetail,
    ChargingState,
    ChargingSupply,
    ClimateResult,
)
from ...cloud.contract import Car
from ...cloud.field_map import (
    FieldMapping,
    ReadingBuilder,
    capture_time,
    field_at,
    mapped,
    to_bool,
    to_float,
)
from ...cloud.parts import Part
from ...cloud.zones import known_zone
from . import endpoints as e
from .cars import CALENDAR_SCOPE, CLIMATE_SCOPE, STATUS_SCOPE, subscribed
from .schedule import clock_time, next_time, schedule_of

BATTERY: Final = "battery"
CALENDAR: Final = "calendar"
CLIMATE: Final = "climate"
CLIMATE_TIMER: Final = "climate_timer"
NOTIFICATIONS: Final = "notifications"

_SELDOM: Final = timedelta(minutes=30)

CLIMATE_RUNS: Final = timedelta(minutes=5)
"""A run lasts this long, and nothing can end it but somebody in the car."""

SUPPLY: Final = mapped(
    {
        "SLOW": ChargingSupply.SLOW,
        "ACCELERATED": ChargingSupply.MEDIUM,
        "FAST": ChargingSupply.FAST,
        # Plugged in all the same, at a supply that gives nothing.
        "INVALID": ChargingSupply.NONE,
    }
)
RESULT: Final = mapped({"SUCCESS": ClimateResult.SUCCESS, "ERROR": ClimateResult.ERROR})


def _mode(value: Any) -> str | None:
    enabled = to_bool(value)
    if enabled is None:
        return None
    return str(ChargeMode.SCHEDULED if enabled else ChargeMode.IMMEDIATE)


_BATTERY_FIELDS: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.PLUGGED_IN, "plugged", to_bool),
    field_at(s.CHARGING, "charging", to_bool),
    field_at(s.RANGE_ELECTRIC, "remaining_range", to_float),
    field_at(s.CHARGING_SUPPLY, "charging_point", SUPPLY),
)
_CALENDAR_FIELDS: Final = (field_at(s.CHARGE_MODE, "enabled", _mode),)
_CLIMATE_FIELDS: Final = (field_at(s.CLIMATE_LAST_RESULT, "result", RESULT),)


def _read_battery(builder: ReadingBuilder, body: Any, _car: Car) -> None:
    """Tell level, state and remaining time, which means nothing unless it charges."""
    if "charge_level" in body:
        level = to_float(body["charge_level"])
        # Zero without a range is what the cloud says of no data.
        empty = level == 0 and builder.value(s.RANGE_ELECTRIC) is None
        builder.add(s.BATTERY_LEVEL, None if empty else level)
    if (found := _charging(builder)) is None:
        return
    state, detail = found
    builder.add(s.CHARGING_STATE, str(state))
    builder.add(s.CHARGING_DETAIL, str(detail))
    if state is ChargingState.DISCONNECTED and "charging_point" not in body:
        # The cloud names a supply only while there is one.
        builder.add(s.CHARGING_SUPPLY, str(ChargingSupply.NONE))
    if state is ChargingState.CHARGING and "remaining_time" in body:
        builder.add(s.TIME_TO_FULL, to_float(body["remaining_time"]))
    elif state is ChargingState.COMPLETE:
        builder.add(s.TIME_TO_FULL, 0.0)
    elif state is not ChargingState.CHARGING:
        builder.end(s.TIME_TO_FULL)


def _charging(
    builder: ReadingBuilder,
) -> tuple[ChargingState, ChargingDetail] | None:
    """Conclude the state of charging from what the cloud does say."""
    charging, plugged = builder.value(s.CHARGING), builder.value(s.PLUGGED_IN)
    if charging:
        return ChargingState.CHARGING, ChargingDetail.CHARGING
    if charging is None or plugged is None:
        return None
    if not plugged:
        return ChargingState.DISCONNECTED, ChargingDetail.NOT_READY
    if (builder.value(s.BATTERY_LEVEL) or 0) >= 100:
        return ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED
    if builder.value(s.CHARGING_SUPPLY) == ChargingSupply.NONE:
        return ChargingState.CONNECTED, ChargingDetail.WAITING_FOR_POWER
    return ChargingState.CONNECTED, ChargingDetail.READY


def _read_calendar(builder: ReadingBuilder, body: Any, _car: Car) -> None:
    """Read the calendar; where none was ever written, one can be begun."""
    off = to_bool(body.get("enabled")) is False
    if not body or (off and body.get("schedule") in (None, {})):
        builder.add(s.CHARGE_MODE, str(ChargeMode.IMMEDIATE))
        builder.add(s.SCHEDULE, Schedule(active=False))
        return
    active = builder.value(s.CHARGE_MODE) == ChargeMode.SCHEDULED
    if "schedule" in body:
        builder.add(s.SCHEDULE, schedule_of(body["schedule"], active=active))


def read_climate(builder: ReadingBuilder, body: Any, as_of: datetime) -> None:
    """Read the last request to condition the cabin, and whether it still runs.

    The cloud never says the latter; how long a run lasts is known.
    """
    date = capture_time(body.get("date"), builder.received_at)
    if date is None:
        return
    builder.captured_at = date
    builder.take(_CLIMATE_FIELDS, body)
    builder.add(s.CLIMATE_LAST_AT, date)
    if builder.value(s.CLIMATE_LAST_RESULT) == ClimateResult.SUCCESS:
        end = date + CLIMATE_RUNS
        over = as_of >= end
        builder.add(s.CLIMATE_ACTIVE, not over, end if over else date)
        builder.add(s.CLIMATE_UNTIL, end)


def _read_timer(builder: ReadingBuilder, body: Any, car: Car) -> None:
    """Read when the cabin is to be conditioned; an empty body means never."""
    if not body:
        builder.add(s.CLIMATE_SCHEDULED, False)
        return
    start = clock_time(body.get("next_start"))
    if start is None:
        builder.add(s.CLIMATE_STARTS_AT, None)
        return
    zone = known_zone(car.handle.get("zone"))
    builder.add(s.CLIMATE_SCHEDULED, True)
    builder.add(s.CLIMATE_STARTS_AT, next_time(start, builder.received_at, zone))


PARTS: Final = (
    Part(
        key=BATTERY,
        request=e.BATTERY,
        time_paths=(("last_update",),),
        fields=_BATTERY_FIELDS,
        read=_read_battery,
        required=True,
        wanted=subscribed(STATUS_SCOPE),
    ),
    # What is set rather than measured has no time of its own.
    Part(
        key=CALENDAR,
        request=e.CALENDAR,
        fields=_CALENDAR_FIELDS,
        read=_read_calendar,
        every=_SELDOM,
        wanted=subscribed(CALENDAR_SCOPE),
    ),
    Part(
        key=CLIMATE,
        request=e.LAST_CLIMATE,
        read=lambda builder, body, car: read_climate(
            builder, body, builder.received_at
        ),
        every=_SELDOM,
        wanted=subscribed(CLIMATE_SCOPE),
    ),
    Part(
        key=CLIMATE_TIMER,
        request=e.CLIMATE_TIMER,
        read=_read_timer,
        every=_SELDOM,
        wanted=subscribed(CLIMATE_SCOPE),
    ),
    # No readings, but what a command has to repeat.
    Part(key=NOTIFICATIONS, request=e.NOTIFICATIONS, wanted=lambda car: False),
)
