"""What BMW remembers of a car: its charges, and the places where it charges."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from ...car.history import ChargeSession, ChargingPlace, Period
from ...cloud.answer import Answer
from ...cloud.errors import BadAnswer
from ...cloud.field_map import text_at, to_datetime, to_float
from ...cloud.requests import Request
from ..bmw_group.words import CHARGE_MODE
from .endpoints import PLACES, charging_history

type Call = Callable[[Request], Awaitable[Answer]]

_BACK: Final = timedelta(days=30)
_MOST_PAGES: Final = 4
"""Each costs one of the day's calls."""


async def charge_sessions(
    call: Call, period: Period, now: datetime
) -> list[ChargeSession]:
    """Return the charges of a period, newest first."""
    end = period.end or now
    start = period.start or end - _BACK
    found: list[ChargeSession] = []
    following: str | None = None
    for _ in range(_MOST_PAGES):
        body = (await call(charging_history(start, end, following))).json()
        rows = body.get("data")
        if not isinstance(rows, list):
            raise BadAnswer(charging_history(start, end).path)
        found += [_session(row) for row in rows if isinstance(row, Mapping)]
        following = text_at(body, "next_token")
        if following is None:
            break
    covered = [one for one in found if period.covers(one.started_at)]
    return sorted(covered, key=lambda one: one.started_at or start, reverse=True)


def _session(row: Mapping[str, Any]) -> ChargeSession:
    return ChargeSession(
        started_at=to_datetime(row.get("startTime")),
        ended_at=to_datetime(row.get("endTime")),
        level_start=to_float(row.get("displayedStartSoc")),
        level_end=to_float(row.get("displayedSoc")),
        energy=to_float(row.get("energyConsumedFromPowerGridKwh")),
    )


async def charging_places(call: Call) -> list[ChargingPlace]:
    """Return how the car charges at each place it knows."""
    found: list[ChargingPlace] = []
    request = PLACES
    for _ in range(_MOST_PAGES):
        body = (await call(request)).json()
        rows = body.get("data")
        if not isinstance(rows, list):
            raise BadAnswer(PLACES.path)
        found += [_place(row) for row in rows if isinstance(row, Mapping)]
        following = text_at(body, "nextToken")
        if following is None:
            break
        request = replace(PLACES, params={"nextToken": following})
    return found


def _place(row: Mapping[str, Any]) -> ChargingPlace:
    windows = row.get("chargingTimeWindows")
    limited = row.get("acCurrentLimitFlag") == "ACTIVE"
    visits = to_float(row.get("visits"))
    mode = CHARGE_MODE(row.get("chargingMode"))
    return ChargingPlace(
        latitude=to_float(row.get("latitude")),
        longitude=to_float(row.get("longitude")),
        mode=None if mode is None else str(mode),
        windows=tuple(
            window
            for one in (windows if isinstance(windows, list) else ())
            if isinstance(one, Mapping) and (window := _window(one))
        ),
        current=to_float(row.get("acCurrentLimit")) if limited else None,
        visits=None if visits is None else int(visits),
        visited_at=to_datetime(row.get("lastVisit")),
    )


def _window(row: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the hours of a window; empty where they are none."""
    found: dict[str, str] = {}
    for end, name in (("start", "start"), ("stop", "end")):
        hour = to_float(row.get(f"{end}ChargingTimePeriodHour"))
        minute = to_float(row.get(f"{end}ChargingTimePeriodMinute"))
        if hour is None or minute is None:
            return {}
        if not (0 <= hour < 24 and 0 <= minute < 60):
            return {}
        found[name] = f"{int(hour):02}:{int(minute):02}"
    return found
