"""Departure timers: the twin's schedule in the cloud's words, and back."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.twin.twin import Report

from .reads import deci_kelvin, iso

_TIMERS: Final = 3
_PROFILES: Final = 3
_NIGHT: Final = Window(start=time(22, 30), end=time(5, 30))


class BadTimers(ValueError):
    """What was sent is not what a car could keep."""


def timers(report: Report) -> dict[str, Any]:
    """Return timers and profiles; each timer has the profile of its own number."""
    stamp, state = iso(report.captured_at), report.state
    slots = {slot.number: slot for slot in state.schedule.slots}
    window = state.schedule.preferred_window
    night = window or _NIGHT
    profiles = [
        {
            "timestamp": stamp,
            "profileName": f"Profile {number}",
            "profileID": str(number),
            "operationCharging": slot.charge if slot else True,
            "operationClimatisation": slot.climate if slot else False,
            "targetChargeLevel": f"{state.charge_limit:g}",
            "nightRateActive": window is not None,
            "nightRateTimeStart": f"{night.start:%H:%M}",
            "nightRateTimeEnd": f"{night.end:%H:%M}",
            "chargeMaxCurrent": "13",
            "heaterSource": "electric",
        }
        for number in range(1, _PROFILES + 1)
        for slot in (slots.get(number),)
    ]
    rows = [
        {
            "timestamp": stamp,
            "timerID": str(number),
            "profileID": str(number),
            **_when(slots.get(number)),
        }
        for number in range(1, _TIMERS + 1)
    ]
    idle = {"content": "idle", "timestamp": stamp}
    return {
        "timersAndProfiles": {
            "timerProfileList": {"timerProfile": profiles},
            "timerList": {"timer": rows},
            "timerBasicSetting": {
                "timestamp": stamp,
                "chargeMinLimit": f"{state.charge_limit_min:g}",
                "targetTemperature": str(deci_kelvin(state.target_temperature)),
                "heaterSource": "electric",
            },
        },
        "status": {
            "timer": [
                {
                    "timerID": str(number),
                    "timerChargeScheduleStatus": idle,
                    "timerClimateScheduleStatus": idle,
                }
                for number in range(1, _TIMERS + 1)
            ]
        },
    }


def _when(slot: Slot | None) -> dict[str, Any]:
    if slot is None or slot.departure is None:
        return {"timerProgrammedStatus": "notProgrammed", "timerFrequency": "single"}
    said = {"timerProgrammedStatus": "programmed" if slot.enabled else "notProgrammed"}
    if slot.once_on is not None:
        return {
            **said,
            "timerFrequency": "single",
            "departureDateTime": f"{slot.once_on}T{slot.departure:%H:%M}",
        }
    mask = "".join("y" if day in slot.days else "n" for day in Weekday)
    return {
        **said,
        "timerFrequency": "cyclic",
        "departureTimeOfDay": f"{slot.departure:%H:%M}",
        "departureWeekdayMask": mask,
    }


def schedule_of(body: Any) -> Schedule:
    """Read what was sent; raise `BadTimers` where a car could not keep it."""
    try:
        profiles = {
            profile["profileID"]: profile
            for profile in body["timerProfileList"]["timerProfile"]
        }
        rows = body["timerList"]["timer"]
        if any("timestamp" in profile for profile in profiles.values()):
            raise BadTimers
        _check_basics(body["timerBasicSetting"])
        if sorted(row["timerID"] for row in rows) != ["1", "2", "3"]:
            raise BadTimers
        slots = tuple(
            slot
            for row in rows
            if (slot := _slot(row, profiles[row["profileID"]])) is not None
        )
        nights = {_night(profile) for profile in profiles.values()}
    except KeyError, TypeError, ValueError:
        raise BadTimers from None
    return Schedule(
        slots=slots, preferred_window=next(iter(nights)) if len(nights) == 1 else None
    )


def limit_of(body: Any) -> int:
    """Read the lower charge limit, which is sent with everything else."""
    schedule_of(body)
    limit: int = body["timerBasicSetting"]["chargeMinLimit"]
    return limit


def _check_basics(basics: Mapping[str, Any]) -> None:
    limit, tenths = basics["chargeMinLimit"], basics["targetTemperature"]
    if (
        not isinstance(limit, int)
        or limit not in range(0, 101, 10)
        or not isinstance(tenths, int)
        or basics.keys() != {"chargeMinLimit", "targetTemperature", "heaterSource"}
    ):
        raise BadTimers


def _slot(row: Mapping[str, Any], profile: Mapping[str, Any]) -> Slot | None:
    enabled = row["timerProgrammedStatus"] == "programmed"
    once_on: date | None = None
    days: frozenset[Weekday] = frozenset()
    if row["timerFrequency"] == "cyclic":
        mask = row["departureWeekdayMask"]
        if len(mask) != len(Weekday) or set(mask) - {"y", "n"} or "y" not in mask:
            raise BadTimers
        days = frozenset(day for day in Weekday if mask[day] == "y")
        departure = time.fromisoformat(row["departureTimeOfDay"])
    elif "departureDateTime" in row:
        moment = datetime.fromisoformat(row["departureDateTime"])
        once_on, departure = moment.date(), moment.time()
    elif enabled:
        raise BadTimers
    else:
        return None
    if not isinstance(profile["operationCharging"], bool) or not isinstance(
        profile["operationClimatisation"], bool
    ):
        raise BadTimers
    return Slot(
        number=int(row["timerID"]),
        enabled=enabled,
        departure=departure,
        days=days,
        once_on=once_on,
        charge=profile["operationCharging"],
        climate=profile["operationClimatisation"],
    )


def _night(profile: Mapping[str, Any]) -> Window | None:
    if profile["nightRateActive"] is not True:
        return None
    return Window(
        start=time.fromisoformat(profile["nightRateTimeStart"]),
        end=time.fromisoformat(profile["nightRateTimeEnd"]),
    )
