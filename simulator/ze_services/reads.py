"""What the cloud says of a car: its last report, and what it remembers."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from carport.car.signals import ChargeMode
from carport.twin.memory import ChargeEvent
from carport.twin.physics import capacity, minutes_to_limit
from carport.twin.state import to_datetime
from carport.twin.twin import AcceptedCommand, Twin, TwinSpec, TwinState

from .account import ZONE, CarState
from .answers import millis
from .settings import Settings
from .week import week_shown

_SLOW_TO: Final = 3.7
_ACCELERATED_TO: Final = 22.5
_FULL: Final = 100
_OWNER_HEARS_AFTER: Final = timedelta(seconds=4)
_NIGHTS_BEFORE: Final = 30

type Event = tuple[datetime, dict[str, Any]]


def battery(twin: Twin, settings: Settings) -> dict[str, Any]:
    """Return the battery as the car last told of it."""
    state, spec = twin.report.state, twin.spec
    told: dict[str, Any] = {
        "charging": state.charging,
        "plugged": state.plugged_in,
        "charge_level": round(state.battery_level),
        "remaining_range": _range(state, spec),
        "last_update": millis(twin.report.captured_at),
    }
    full = round(state.battery_level) >= _FULL
    odd = settings.contradictory and state.plugged_in and full and not state.charging
    if state.plugged_in:
        told["charging_point"] = "INVALID" if odd else _supply(spec)
    if odd:
        told["remaining_time"] = 750
    if state.charging and not settings.no_remaining_time:
        told["remaining_time"] = round(minutes_to_limit(state, spec))
    if settings.no_range:
        told["charge_level"] = 0
        del told["remaining_range"]
    return told


def calendar(twin: Twin, car: CarState) -> dict[str, Any] | None:
    """Return the calendar: the car's own while it is on, else the one written last."""
    state = twin.report.state
    enabled = state.charge_mode is ChargeMode.SCHEDULED
    onboard = week_shown(state.schedule)
    week = (onboard if enabled else car.calendar) or onboard
    return {"enabled": enabled, "schedule": week} if week else None


def charge_events(twin: Twin) -> Iterator[Event]:
    """Yield starts and ends of charges, oldest first; those before it was are made up."""
    yield from _nights_before(twin.spec, to_datetime(twin.memory.born))
    for event in twin.memory.charges:
        yield to_datetime(event.at), _charge_event(event, twin.spec)


def climate_events(car: CarState, now: datetime, timeout: float) -> list[Event]:
    """Return what is known of each run, newest first: the car speaks, then the cloud."""
    events: list[Event] = []
    for accepted in car.runs:
        due = datetime.fromtimestamp(accepted.due, now.tzinfo)
        heard = due + _OWNER_HEARS_AFTER
        if accepted.done is None:
            failed = due + timedelta(seconds=timeout)
            if now >= failed:
                events.append((failed, _climate("USER_REQUEST", "ERROR", failed)))
        elif not accepted.done:
            events.append((due, _climate("USER_REQUEST", "ERROR", due)))
        else:
            events.append((due, _climate("CAR_NOTIFICATION", "SUCCESS", due)))
            if now >= heard:
                events.append((heard, _climate("USER_REQUEST", "SUCCESS", heard)))
    return sorted(events, key=lambda event: event[0], reverse=True)


def failed_charges(car: CarState, twin: Twin, now: datetime) -> list[Event]:
    """Return the charges that were asked for and never came, newest first."""
    return [
        (
            datetime.fromtimestamp(accepted.due, now.tzinfo),
            {
                "date": round(accepted.due * 1000),
                "type": "START_REQUEST",
                "result": "ERROR",
                "charge_level": round(twin.report.state.battery_level),
                "remaining_autonomy": round(_range(twin.report.state, twin.spec)),
            },
        )
        for accepted in reversed(car.charges)
        if _came_to_nothing(accepted, now)
    ]


def within(events: Iterable[Event], begin: str, end: str) -> list[dict[str, Any]]:
    """Return the events of some whole months, both included, in the car's own time."""
    first, last = _month(begin), _month(end)
    return [
        event
        for at, event in events
        if first <= _month(at.astimezone(ZONE).strftime("%m%y")) <= last
    ]


def _month(text: str) -> tuple[int, int]:
    return int(text[2:]), int(text[:2])


def _came_to_nothing(accepted: AcceptedCommand, now: datetime) -> bool:
    return accepted.done is False and now.timestamp() >= accepted.due


def _climate(kind: str, result: str, at: datetime) -> dict[str, Any]:
    return {"date": millis(at), "type": kind, "result": result}


def _charge_event(event: ChargeEvent, spec: TwinSpec) -> dict[str, Any]:
    told = {
        "date": round(event.at * 1000),
        "type": "START_NOTIFICATION" if event.began else "END_NOTIFICATION",
        "charging_point": _supply(spec) if event.began else "INVALID",
        "charge_level": round(event.level),
        "remaining_autonomy": round(_reach(event.level, spec)),
    }
    if event.began:
        # Milliseconds here, minutes in the battery.
        told["remaining_time"] = round(event.minutes) * 60_000
    return told


def _nights_before(spec: TwinSpec, born: datetime) -> Iterator[Event]:
    rng = Random(spec.seed)
    midnight = born.replace(hour=0, minute=0, second=0, microsecond=0)
    for night in range(_NIGHTS_BEFORE, 1, -2):
        begin = midnight - timedelta(days=night, minutes=rng.randint(10, 90))
        level, hours = rng.randint(35, 70), rng.uniform(2, 5)
        for at, event in (
            (begin, {"type": "START_NOTIFICATION", "charging_point": _supply(spec)}),
            (
                begin + timedelta(hours=hours),
                {"type": "END_NOTIFICATION", "charging_point": "INVALID"},
            ),
        ):
            is_start = at == begin
            share = level if is_start else _FULL
            told = {
                "date": millis(at),
                **event,
                "charge_level": share,
                "remaining_autonomy": round(_reach(share, spec)),
            }
            if is_start and night % 4 == 0:
                told["remaining_time"] = round(hours * 60) * 60_000
            yield at, told


def _range(state: TwinState, spec: TwinSpec) -> float:
    return round(_reach(state.battery_level, spec), 1)


def _reach(level: float, spec: TwinSpec) -> float:
    return level / 100 * capacity(spec) / spec.consumption_electric * 100


def _supply(spec: TwinSpec) -> str:
    kilowatts = spec.volts * spec.amperes * spec.phases / 1000
    if kilowatts <= _SLOW_TO:
        return "SLOW"
    return "ACCELERATED" if kilowatts <= _ACCELERATED_TO else "FAST"
