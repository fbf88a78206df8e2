"""Departure timers and their profiles, as a schedule and back."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any, Final

from ...car import signals as s
from ...car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from ...service.errors import BadAnswer
from ...service.rows import Harvest, capture_time, dig, number, opened

WHAT: Final = "/bs/departuretimer/v1/VW/{country}/vehicles/{vin}/timer"

LIMITS: Final = ScheduleLimits(
    slots=3,
    preferred_window=True,
    dates=True,
    main_switch=False,
    fixed_numbers=True,
    # A timer without days needs a date: the cloud takes no bare hour.
    single=frozenset(),
)

_PROGRAMMED: Final = "programmed"
_CYCLIC: Final = "cyclic"
_BASICS: Final = ("timersAndProfiles", "timerBasicSetting")


def read_timers(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read the timers as one schedule, and the charge limits that stand beside."""
    data = opened(body, WHAT, "timer")
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    rows, profiles = list(_timers(data)), _profiles(data)
    if not rows:
        return harvest
    stamps = [capture_time(_str(row, "timestamp"), received_at) for row in rows]
    newest = max((stamp for stamp in stamps if stamp is not None), default=None)
    slots = (_slot(row, profiles) for row in rows)
    schedule = Schedule(
        slots=tuple(slot for slot in slots if slot is not None),
        preferred_window=next(filter(None, map(_night, profiles.values())), None),
    )
    harvest.add(s.SCHEDULE, schedule, newest)
    used = profiles.get(_str(_first(rows), "profileID") or "", {})
    if (level := number(used.get("targetChargeLevel"))) is not None:
        harvest.add(s.CHARGE_LIMIT, level, newest)
    least = number(dig(data, (*_BASICS, "chargeMinLimit")))
    if least is not None:
        harvest.add(s.CHARGE_LIMIT_MIN, least, newest)
    return harvest


def written(body: Mapping[str, Any], schedule: Schedule) -> dict[str, Any]:
    """Return the timers to send: what the car had, changed to a schedule.

    What a timer does stands in a profile, which several may share; so each gets the
    profile of its own number. A timer that is not in the schedule is switched off.
    """
    data = opened(body, WHAT, "timer")
    profiles, rows = _profiles(data), list(_timers(data))
    slots = {slot.number: slot for slot in schedule.slots}
    if not rows or not profiles:
        raise BadAnswer(WHAT)
    pattern = next(iter(profiles.values()))
    sent = []
    for row in rows:
        ident = str(row.get("timerID"))
        slot = slots.get(int(ident)) if ident.isdecimal() else None
        profile = dict(profiles.get(ident, {**pattern, "profileName": ident}))
        profile["profileID"] = ident
        if slot is not None:
            profile["operationCharging"] = slot.charge
            profile["operationClimatisation"] = slot.climate
        profiles[ident] = profile
        sent.append({"timerID": ident, "profileID": ident, **_when(slot)})
    night = schedule.preferred_window
    cheap: dict[str, Any] = {"nightRateActive": night is not None}
    if night is not None:
        cheap["nightRateTimeStart"] = f"{night.start:%H:%M}"
        cheap["nightRateTimeEnd"] = f"{night.end:%H:%M}"
    return {
        "timerProfileList": {
            "timerProfile": [{**profile, **cheap} for profile in profiles.values()]
        },
        "timerList": {"timer": sent},
    }


def _timers(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    rows = dig(data, ("timersAndProfiles", "timerList", "timer"))
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, Mapping))


def _profiles(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows = dig(data, ("timersAndProfiles", "timerProfileList", "timerProfile"))
    return {
        row["profileID"]: row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping) and isinstance(row.get("profileID"), str)
    }


def _first(rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the first timer that is on, or just the first."""
    on = (row for row in rows if row.get("timerProgrammedStatus") == _PROGRAMMED)
    return next(on, rows[0])


def _slot(
    row: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]
) -> Slot | None:
    """Return a timer as a slot; one that was never set is none."""
    ident = str(row.get("timerID"))
    profile = profiles.get(str(row.get("profileID")), {})
    if not ident.isdecimal():
        return None
    try:
        if row.get("timerFrequency") == _CYCLIC:
            departure = time.fromisoformat(str(row.get("departureTimeOfDay")))
            once_on, days = None, _days(row.get("departureWeekdayMask"))
        else:
            moment = datetime.fromisoformat(str(row.get("departureDateTime")))
            departure = moment.time()
            once_on, days = moment.date(), frozenset()
    except ValueError:
        return None
    return Slot(
        number=int(ident),
        enabled=row.get("timerProgrammedStatus") == _PROGRAMMED,
        departure=departure.replace(tzinfo=None, second=0, microsecond=0),
        days=days,
        once_on=once_on,
        charge=profile.get("operationCharging") is True,
        climate=profile.get("operationClimatisation") is True,
    )


def _days(mask: Any) -> frozenset[Weekday]:
    """Read a mask from Monday to Sunday."""
    marks = str(mask)
    return frozenset(
        day for day, mark in zip(Weekday, marks, strict=False) if mark == "y"
    )


def _night(profile: Mapping[str, Any]) -> Window | None:
    if profile.get("nightRateActive") is not True:
        return None
    try:
        return Window(
            start=time.fromisoformat(str(profile.get("nightRateTimeStart"))),
            end=time.fromisoformat(str(profile.get("nightRateTimeEnd"))),
        )
    except ValueError:
        return None


def _when(slot: Slot | None) -> dict[str, Any]:
    if slot is None or slot.departure is None:
        return {"timerProgrammedStatus": "notProgrammed", "timerFrequency": "single"}
    said = {"timerProgrammedStatus": _PROGRAMMED if slot.enabled else "notProgrammed"}
    clock = f"{slot.departure:%H:%M}"
    if slot.once_on is not None:
        return {
            **said,
            "timerFrequency": "single",
            "departureDateTime": f"{slot.once_on}T{clock}",
        }
    return {
        **said,
        "timerFrequency": _CYCLIC,
        "departureTimeOfDay": clock,
        "departureWeekdayMask": "".join(
            "y" if day in slot.days else "n" for day in Weekday
        ),
    }


def _str(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) else None
