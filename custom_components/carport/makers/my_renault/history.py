"""The charges the cloud remembers, in the keys that all makers share."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ...car.history import ChargeSession, Period
from ...car.signals import ChargingSupply
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.field_map import get_path, mapped, text_at, to_datetime, to_float
from ...cloud.history_map import HistoryMapping
from ...cloud.requests import Request, get
from .endpoints import kca

CHARGES: Final = kca("charges")

_LATELY: Final = timedelta(days=3)
_FIRST_DAY: Final = datetime(2019, 1, 1, tzinfo=UTC)
"""No car of this cloud is older."""
_SUPPLY: Final = mapped(
    {
        "slow": ChargingSupply.SLOW,
        "accelerated": ChargingSupply.MEDIUM,
        "fast": ChargingSupply.FAST,
    }
)


def lately(now: datetime) -> Request:
    """Return the call for the charges of the last days."""
    return _between(now - _LATELY, now)


def request_for(now: datetime, period: Period) -> Request:
    """Return the call for the charges of a period: the cloud's days are those of UTC."""
    return _between(period.start or _FIRST_DAY, min(period.end or now, now))


def _between(start: datetime, end: datetime) -> Request:
    days = {
        name: max(at.astimezone(UTC), _FIRST_DAY).strftime("%Y%m%d")
        for name, at in (("start", start), ("end", end))
    }
    return get(CHARGES, params=days)


def sessions(data: Any) -> list[ChargeSession]:
    """Return the charges in an answer, newest first.

    How long a charge took is said in minutes or in seconds, so it is not believed:
    there are the two moments.
    """
    told = get_path(data, ("charges",))
    found = [_session(one) for one in (told if isinstance(told, list) else ())]
    known = [one for one in found if one is not None]
    return sorted(known, key=lambda one: one.started_at or _FIRST_DAY, reverse=True)


def _session(one: Any) -> ChargeSession | None:
    started_at = to_datetime(text_at(one, "chargeStartDate"))
    ended_at = to_datetime(text_at(one, "chargeEndDate"))
    if started_at is None:
        return None
    if ended_at is not None and ended_at < started_at:
        return None
    return ChargeSession(
        started_at=started_at,
        ended_at=ended_at,
        level_start=_level(one, "chargeStartBatteryLevel"),
        level_end=_level(one, "chargeEndBatteryLevel"),
        energy=to_float(get_path(one, ("chargeEnergyRecovered",))),
        supply=_SUPPLY(text_at(one, "chargePower")),
    )


def _level(one: Any, key: str) -> float | None:
    level = to_float(get_path(one, (key,)))
    return level if level is not None and 0 <= level <= 100 else None


def charge_sessions(body: Any, period: Period, _now: datetime) -> Mapping[str, Any]:
    """Return the charges whose end is within a period."""
    found = sessions(get_path(body, ("data", "attributes")))
    return {
        "charge_sessions": [
            one.to_json()
            for one in found
            if period.covers(one.ended_at or one.started_at)
        ]
    }


def notification_settings(
    body: Any, _period: Period, _now: datetime
) -> Mapping[str, Any]:
    """Return by which ways the owner is told of what, by the maker's keys."""
    told = get_path(body, ("data", "attributes", "settings"))
    ways = {"email": "email", "sms": "text", "pushApp": "app"}
    return {
        "events": {
            key: [way for name, way in ways.items() if get_path(one, (name,)) is True]
            for one in (told if isinstance(told, list) else ())
            if (key := text_at(one, "messageKey")) is not None
        },
        # The cloud knows no hours of silence.
        "quiet": None,
    }


def has_charges(car: Car) -> bool:
    """Return whether a car may remember charges."""
    return car.drive != "combustion"


HISTORY: Final = (
    HistoryMapping(
        key="charge_sessions",
        request=lambda _car, period, now: request_for(now, period),
        decode=Answer.json,
        parse=charge_sessions,
        wanted=has_charges,
    ),
    HistoryMapping(
        key="notification_settings",
        request=get(kca("notification-settings")),
        parse=notification_settings,
    ),
)
