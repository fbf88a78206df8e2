"""The lists ZE Services keeps of a car, in our words and units."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from ...car.history import ChargeSession, ClimateRun, PastCommand, Period
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.field_map import mapped, to_datetime, to_float
from ...cloud.history_map import HistoryMapping
from ...cloud.requests import Request
from ...cloud.zones import known_zone
from . import endpoints as e
from .notification_settings import settings_of
from .readings import RESULT, SUPPLY

_BY_OWNER: Final = mapped({"USER_REQUEST": True, "CAR_NOTIFICATION": False})
_SUCCEEDED: Final = mapped({"SUCCESS": True, "ERROR": False})
_COMMANDS: Final = mapped({"START_REQUEST": "start_charging"})
_MS_A_MINUTE: Final = 60_000
_BACK: Final = timedelta(days=31)
_MOMENT: Final = timedelta.resolution


def months(period: Period, now: datetime, zone: tzinfo) -> dict[str, str]:
    """Return a period as the cloud wants it: whole months of the car, both included."""
    end = now if period.end is None else period.end - _MOMENT
    last = end.astimezone(zone).date()
    first = period.start.astimezone(zone).date() if period.start else last - _BACK
    return {"begin": first.strftime("%m%y"), "end": last.strftime("%m%y")}


def within[E: (ChargeSession, ClimateRun, PastCommand)](
    entries: Iterable[E], period: Period
) -> list[E]:
    """Keep what belongs to the period: the cloud gives whole months."""
    return [entry for entry in entries if period.covers(_time_of(entry))]


def sessions(entries: Iterable[Mapping[str, Any]]) -> list[ChargeSession]:
    """Pair each start with the next end, newest first; either may be missing."""
    told = sorted(
        ((at, entry) for entry in entries if (at := to_datetime(entry.get("date")))),
        key=lambda pair: pair[0],
    )
    found: list[ChargeSession] = []
    begun: tuple[datetime, Mapping[str, Any]] | None = None
    for at, entry in told:
        if entry.get("type") == "START_NOTIFICATION":
            if begun is not None:
                found.append(_session(begun, None))
            begun = (at, entry)
        elif entry.get("type") == "END_NOTIFICATION":
            found.append(_session(begun, (at, entry)))
            begun = None
    if begun is not None:
        found.append(_session(begun, None))
    return found[::-1]


def climate_runs(entries: Iterable[Mapping[str, Any]]) -> list[ClimateRun]:
    """Return what was reported on conditioning the cabin, newest first."""
    return [
        ClimateRun(
            at=at,
            result=RESULT(entry.get("result")),
            by_owner=_BY_OWNER(entry.get("type")),
        )
        for entry in entries
        if (at := to_datetime(entry.get("date")))
    ]


def past_commands(entries: Iterable[Mapping[str, Any]]) -> list[PastCommand]:
    """Return the commands about charging, newest first; only failures are sure."""
    return [
        PastCommand(
            at=at,
            command=command,
            succeeded=_SUCCEEDED(entry.get("result")),
            level=to_float(entry.get("charge_level")),
            range=to_float(entry.get("remaining_autonomy")),
        )
        for entry in entries
        if (at := to_datetime(entry.get("date")))
        and (command := _COMMANDS(entry.get("type")))
    ]


def _session(
    begun: tuple[datetime, Mapping[str, Any]] | None,
    ended: tuple[datetime, Mapping[str, Any]] | None,
) -> ChargeSession:
    started_at, start = begun or (None, {})
    ended_at, end = ended or (None, {})
    # Here it is milliseconds, in the battery's own answer minutes.
    expected = to_float(start.get("remaining_time"))
    return ChargeSession(
        started_at=started_at,
        ended_at=ended_at,
        level_start=to_float(start.get("charge_level")),
        level_end=to_float(end.get("charge_level")),
        range_start=to_float(start.get("remaining_autonomy")),
        range_end=to_float(end.get("remaining_autonomy")),
        supply=SUPPLY(start.get("charging_point")),
        minutes_expected=None if expected is None else expected / _MS_A_MINUTE,
    )


def _time_of(entry: ChargeSession | ClimateRun | PastCommand) -> datetime | None:
    if isinstance(entry, ChargeSession):
        return entry.started_at or entry.ended_at
    return entry.at


def _in_months(request: Request) -> Callable[[Car, Period, datetime], Request]:
    def for_period(car: Car, period: Period, now: datetime) -> Request:
        zone = known_zone(car.handle.get("zone"))
        return replace(request, params=months(period, now, zone))

    return for_period


def _list(
    key: str, request: Request, read: Callable[[Iterable[Mapping[str, Any]]], list[Any]]
) -> HistoryMapping:
    return HistoryMapping(
        key=key,
        request=_in_months(request),
        decode=e.listed,
        parse=lambda entries, period, _now: {
            key: [entry.to_json() for entry in within(read(entries), period)]
        },
    )


charge_commands: Final = _in_months(e.COMMAND_HISTORY)
"""Makes the call for the commands about charging in a period."""

HISTORY: Final = (
    _list("charge_sessions", e.CHARGE_HISTORY, sessions),
    _list("climate_history", e.CLIMATE_HISTORY, climate_runs),
    _list("command_history", e.COMMAND_HISTORY, past_commands),
    HistoryMapping(
        key="notification_settings",
        request=e.NOTIFICATIONS,
        decode=Answer.json,
        parse=lambda body, _period, _now: settings_of(body),
    ),
)
