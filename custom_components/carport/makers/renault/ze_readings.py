"""What ZE Services says of a car as readings: one row for each signal."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
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
from ...service.rows import Harvest, Row, capture_time, flag, number, word
from .weekly import clock_time, next_time, schedule_of

BATTERY: Final = "/battery"
LAST_CLIMATE: Final = "/air-conditioning/last"
CLIMATE_TIMER: Final = "/air-conditioning/scheduler"
CALENDAR: Final = "/charge/scheduler/onboard"

CLIMATE_RUNS: Final = timedelta(minutes=5)
"""A run lasts this long, and nothing can end it but somebody in the car."""

SUPPLY: Final = word(
    {
        "SLOW": ChargingSupply.SLOW,
        "ACCELERATED": ChargingSupply.MEDIUM,
        "FAST": ChargingSupply.FAST,
        # Plugged in all the same, at a supply that gives nothing.
        "INVALID": ChargingSupply.NONE,
    }
)
RESULT: Final = word({"SUCCESS": ClimateResult.SUCCESS, "ERROR": ClimateResult.ERROR})

_BATTERY_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.PLUGGED_IN, path=("plugged",), convert=flag),
    Row(signal=s.CHARGING, path=("charging",), convert=flag),
    Row(signal=s.RANGE_ELECTRIC, path=("remaining_range",), convert=number),
    Row(signal=s.CHARGING_SUPPLY, path=("charging_point",), convert=SUPPLY),
)
_CALENDAR_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(
        signal=s.CHARGE_MODE,
        path=("enabled",),
        convert=lambda value: _mode(flag(value)),
    ),
)
_CLIMATE_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.CLIMATE_LAST_RESULT, path=("result",), convert=RESULT),
)


def read_battery(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the battery; every reading has the time of the car's last report."""
    harvest = Harvest(
        captured_at=capture_time(body.get("last_update"), received_at),
        received_at=received_at,
        channel=channel,
    )
    harvest.take(_BATTERY_ROWS, body)
    _level(harvest, body)
    _charging(harvest, body)
    return harvest


def read_calendar(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the charging calendar, which has no time of its own.

    Where none was ever written it is empty and off, so that one can be begun.
    """
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    if _is_no_calendar(body):
        harvest.add(s.CHARGE_MODE, str(ChargeMode.IMMEDIATE))
        harvest.add(s.SCHEDULE, Schedule(active=False))
        return harvest
    harvest.take(_CALENDAR_ROWS, body)
    active = harvest.value(s.CHARGE_MODE) == ChargeMode.SCHEDULED
    if "schedule" in body:
        harvest.add(s.SCHEDULE, schedule_of(body["schedule"], active=active))
    return harvest


def read_climate(
    body: Mapping[str, Any], received_at: datetime, channel: str, as_of: datetime
) -> Harvest:
    """Read the last request to condition the cabin, and whether it still runs.

    The cloud never says the latter; how long a run lasts is known.
    """
    date = capture_time(body.get("date"), received_at)
    harvest = Harvest(captured_at=date, received_at=received_at, channel=channel)
    if date is None:
        return harvest
    harvest.take(_CLIMATE_ROWS, body)
    harvest.add(s.CLIMATE_LAST_AT, date)
    if harvest.value(s.CLIMATE_LAST_RESULT) == ClimateResult.SUCCESS:
        end = date + CLIMATE_RUNS
        over = as_of >= end
        harvest.add(s.CLIMATE_ACTIVE, not over, end if over else date)
        harvest.add(s.CLIMATE_UNTIL, end)
    return harvest


def read_timer(
    body: Mapping[str, Any], received_at: datetime, channel: str, zone: tzinfo
) -> Harvest:
    """Read when the cabin is to be conditioned; an empty body means never."""
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    if not body:
        harvest.add(s.CLIMATE_SCHEDULED, False)
        return harvest
    start = clock_time(body.get("next_start"))
    if start is None:
        harvest.add(s.CLIMATE_STARTS_AT, None)
        return harvest
    harvest.add(s.CLIMATE_SCHEDULED, True)
    harvest.add(s.CLIMATE_STARTS_AT, next_time(start, received_at, zone))
    return harvest


def _is_no_calendar(body: Mapping[str, Any]) -> bool:
    """Return whether the cloud has no calendar: it says nothing, or that it is off."""
    off = flag(body.get("enabled")) is False
    return not body or (off and body.get("schedule") in (None, {}))


def _mode(enabled: bool | None) -> str | None:
    if enabled is None:
        return None
    return str(ChargeMode.SCHEDULED if enabled else ChargeMode.IMMEDIATE)


def _level(harvest: Harvest, body: Mapping[str, Any]) -> None:
    """Tell the level; zero without a range is what the cloud says of no data."""
    if "charge_level" not in body:
        return
    level = number(body["charge_level"])
    empty = level == 0 and harvest.value(s.RANGE_ELECTRIC) is None
    harvest.add(s.BATTERY_LEVEL, None if empty else level)


def _charging(harvest: Harvest, body: Mapping[str, Any]) -> None:
    """Tell state and remaining time, which means nothing unless the car charges."""
    charging, plugged = harvest.value(s.CHARGING), harvest.value(s.PLUGGED_IN)
    level = harvest.value(s.BATTERY_LEVEL)
    if charging:
        state, detail = ChargingState.CHARGING, ChargingDetail.CHARGING
    elif charging is None or plugged is None:
        return
    elif not plugged:
        state, detail = ChargingState.DISCONNECTED, ChargingDetail.NOT_READY
    elif level is not None and level >= 100:
        state, detail = ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED
    elif harvest.value(s.CHARGING_SUPPLY) == ChargingSupply.NONE:
        state, detail = ChargingState.CONNECTED, ChargingDetail.WAITING_FOR_POWER
    else:
        state, detail = ChargingState.CONNECTED, ChargingDetail.READY
    harvest.add(s.CHARGING_STATE, str(state))
    harvest.add(s.CHARGING_DETAIL, str(detail))
    if state is ChargingState.DISCONNECTED and "charging_point" not in body:
        # The cloud names a supply only while there is one.
        harvest.add(s.CHARGING_SUPPLY, str(ChargingSupply.NONE))
    if charging and "remaining_time" in body:
        harvest.add(s.TIME_TO_FULL, number(body["remaining_time"]))
    elif state is ChargingState.COMPLETE:
        harvest.add(s.TIME_TO_FULL, 0.0)
