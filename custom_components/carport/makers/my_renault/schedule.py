"""Programmes for charging and climate, between the cloud's shapes and the one of Carport.

The cloud keeps times in UTC and knows no zone, so a programme stands at another hour
after the clocks were changed, and maybe on another day. Each is converted with the
offset of the next time it is due, in both directions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import re
from typing import Any, Final

from ...car.schedule import Schedule, ScheduleProblem, Slot, Weekday, Window
from ...cloud.field_map import get_path, text_at, to_float

DAYS: Final = tuple(day.name.lower() for day in Weekday)
PROGRAMMES: Final = 5
"""How many programmes of each kind there are."""

_DAY: Final = 24 * 60
_TIME: Final = re.compile(r"T?([01]\d|2[0-3]):?([0-5]\d)Z?", re.ASCII)
_EXTRA: Final = 2 * PROGRAMMES + 1
"""The first number of slots that are parts of one programme."""
_CHARGE_TYPES: Final = frozenset({"CHARGE", "CHARGE_AND_PRECONDITIONING"})
_CLIMATE_TYPES: Final = frozenset({"PRECONDITIONING", "CHARGE_AND_PRECONDITIONING"})
_TYPES: Final[Mapping[tuple[bool, bool], str]] = {
    (True, False): "CHARGE",
    (False, True): "PRECONDITIONING",
    (True, True): "CHARGE_AND_PRECONDITIONING",
}

type Moment = tuple[int, frozenset[Weekday]]
"""A minute of the day, and the days on which it comes."""


# Reading


def charging_slots(
    schedules: Any, zone: tzinfo | None, now: datetime
) -> Iterator[Slot]:
    """Yield the charging programmes as windows; empty ones are left out."""
    yield from _slots(schedules, "startTime", 0, zone, now)


def climate_slots(schedules: Any, zone: tzinfo | None, now: datetime) -> Iterator[Slot]:
    """Yield the climate programmes as departures."""
    yield from _slots(schedules, "readyAtTime", PROGRAMMES, zone, now)


def calendar_slots(calendar: Any, zone: tzinfo | None, now: datetime) -> Iterator[Slot]:
    """Yield the calendar of the first Zoe, which is one programme day by day."""
    if not isinstance(calendar, Mapping):
        return
    programme: dict[str, Any] = {"id": 1}
    for day in DAYS:
        entries = calendar.get(day)
        entry = entries[0] if isinstance(entries, list) and entries else None
        if isinstance(entry, Mapping):
            programme[day] = entry
            programme.setdefault("activated", entry.get("activationState") is not False)
    yield from charging_slots([programme], zone, now)


def settings_slots(settings: Mapping[str, Any]) -> Iterator[Slot]:
    """Yield the departures of a newer car, whose times are those of its own clock."""
    programmes = settings.get("programs")
    for index, one in enumerate(programmes if isinstance(programmes, list) else ()):
        minute = _minute(text_at(one, "programDepartureTime"))
        kind = text_at(one, "programType")
        if minute is None or kind is None:
            continue
        yield Slot(
            number=index + 1,
            enabled=get_path(one, ("programActivationStatus",)) is True,
            departure=_clock(minute),
            days=frozenset(
                day for day in Weekday if get_path(one, (_activation(day),)) is True
            ),
            charge=kind in _CHARGE_TYPES,
            climate=kind in _CLIMATE_TYPES,
        )


def settings_window(settings: Mapping[str, Any]) -> Window | None:
    """Return when a newer car charges, while it does so by the clock."""
    start = _minute(text_at(settings, "chargeTimeStart"))
    length = to_float(settings.get("chargeDuration"))
    if text_at(settings, "chargeModeRq") != "SCHEDULED" or start is None:
        return None
    if length is None or not 0 < length <= _DAY:
        return None
    return _window(start, round(length))


def _slots(
    schedules: Any, key: str, before: int, zone: tzinfo | None, now: datetime
) -> Iterator[Slot]:
    extra = _EXTRA + before * 10
    for one in schedules if isinstance(schedules, list) else ():
        programme = to_float(get_path(one, ("id",)))
        if programme is None or not 1 <= programme <= PROGRAMMES:
            continue
        slot_number = round(programme) + before
        for moment, length in _moments(one, key):
            minute, days = _to_local(moment, zone, now)
            slot = Slot(
                number=slot_number,
                enabled=get_path(one, ("activated",)) is True,
                days=days,
            )
            if length is None:
                yield replace(slot, departure=_clock(minute), climate=True)
            else:
                window = _window(minute, length)
                yield replace(slot, charge=True, charge_window=window)
            # A programme with several times is shown as several slots.
            slot_number, extra = extra, extra + 1


def _moments(one: Any, key: str) -> Iterator[tuple[Moment, int | None]]:
    """Yield the different times of a programme, each with its days and its length."""
    found: dict[tuple[int, int | None], set[Weekday]] = {}
    for day in Weekday:
        told = get_path(one, (DAYS[day],))
        minute = _minute(text_at(told, key))
        if minute is None:
            continue
        length: int | None = None
        if key == "startTime":
            minutes = to_float(get_path(told, ("duration",)))
            if minutes is None or not 0 < minutes <= _DAY:
                continue
            length = round(minutes)
        found.setdefault((minute, length), set()).add(day)
    for (minute, length), days in found.items():
        yield (minute, frozenset(days)), length


# Writing


def charging_programmes(
    slots: Iterable[Slot], zone: tzinfo | None, now: datetime, *, one: bool
) -> list[dict[str, Any]]:
    """Write windows as charging programmes, all of them; `one` has the only one."""
    windows = [slot for slot in slots if slot.charge_window is not None]
    return _programmes(windows, zone, now, 0, one=one)


def climate_programmes(
    slots: Iterable[Slot], zone: tzinfo | None, now: datetime
) -> list[dict[str, Any]]:
    """Write departures as climate programmes, all of them."""
    departures = [slot for slot in slots if slot.charge_window is None]
    return _programmes(departures, zone, now, PROGRAMMES, one=False)


def changed_settings(settings: Mapping[str, Any], schedule: Schedule) -> dict[str, Any]:
    """Return the settings of a newer car with these timers in them."""
    window = schedule.preferred_window
    changed = dict(settings)
    known = settings.get("programs")
    changed["programs"] = [
        {
            **_known_programme(known, slot.number),
            "programActivationStatus": slot.enabled,
            "programType": _TYPES.get((slot.charge, slot.climate), "CHARGE"),
            "programDepartureTime": f"{slot.departure or time():%H:%M}",
            **{_activation(day): day in slot.days for day in Weekday},
        }
        for slot in schedule.slots
    ]
    changed["chargeModeRq"] = "ALWAYS" if window is None else "SCHEDULED"
    if window is not None:
        changed["chargeTimeStart"] = f"{window.start:%H:%M}"
        changed["chargeDuration"] = window.minutes
    return changed


def without_programmes(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a newer car with every programme off: then it charges."""
    return {
        **settings,
        "chargeModeRq": "ALWAYS",
        "programs": [
            {**one, "programActivationStatus": False}
            for one in settings["programs"]
            if isinstance(one, Mapping)
        ],
    }


def problems(schedule: Schedule, *, one: bool) -> tuple[ScheduleProblem, ...]:
    """Say what of a schedule does not fit into the programmes there are."""
    windows = [slot for slot in schedule.slots if slot.charge_window is not None]
    others = len(schedule.slots) - len(windows)
    if (len(windows) > PROGRAMMES and not one) or others > PROGRAMMES:
        return (ScheduleProblem(rule="too_many_slots"),)
    return ()


def _programmes(
    slots: Sequence[Slot],
    zone: tzinfo | None,
    now: datetime,
    before: int,
    *,
    one: bool,
) -> list[dict[str, Any]]:
    programmes: dict[int, dict[str, Any]] = {
        number_: {"id": number_, "activated": False}
        for number_ in range(1, PROGRAMMES + 1)
    }
    free = [
        number_ for number_ in programmes if number_ + before not in _numbers(slots)
    ]
    for slot in slots:
        at = slot.number - before
        if one:
            at = 1
        elif at not in programmes:
            at = free.pop(0)
        programme = programmes[at]
        programme["activated"] = slot.enabled or programme["activated"]
        programme |= _written(slot, zone, now)
    return list(programmes.values())


def _numbers(slots: Iterable[Slot]) -> set[int]:
    return {slot.number for slot in slots}


def _written(slot: Slot, zone: tzinfo | None, now: datetime) -> dict[str, Any]:
    """Write the days of one slot."""
    window = slot.charge_window
    begins = slot.departure if window is None else window.start
    if begins is None:
        return {}
    minute, days = _to_utc((begins.hour * 60 + begins.minute, slot.days), zone, now)
    text = f"T{_clock(minute):%H:%M}Z"
    told: dict[str, Any] = {"readyAtTime": text}
    if window is not None:
        told = {"startTime": text, "duration": window.minutes}
    return {DAYS[day]: dict(told) for day in sorted(days)}


def _known_programme(programmes: Any, slot_number: int) -> Mapping[str, Any]:
    """Return what a programme says besides, which is sent back as it came."""
    if isinstance(programmes, list) and 0 < slot_number <= len(programmes):
        known = programmes[slot_number - 1]
        return known if isinstance(known, Mapping) else {}
    return {}


# Clocks


def _to_local(moment: Moment, zone: tzinfo | None, now: datetime) -> Moment:
    if zone is None:
        return moment
    at = _next(moment, UTC, now)
    return _shifted(moment, _offset(at, zone))


def _to_utc(moment: Moment, zone: tzinfo | None, now: datetime) -> Moment:
    if zone is None:
        return moment
    at = _next(moment, zone, now)
    return _shifted(moment, -_offset(at, zone))


def _next(moment: Moment, zone: tzinfo, now: datetime) -> datetime:
    """Return when a moment of the week comes next by a clock; now where it never does."""
    minute, days = moment
    today = now.astimezone(zone).date()
    coming = (
        datetime.combine(today + timedelta(days=ahead), _clock(minute), zone)
        for ahead in range(8)
        if _weekday(today + timedelta(days=ahead)) in days
    )
    return next((at for at in coming if at > now), now)


def _offset(at: datetime, zone: tzinfo) -> int:
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)


def _shifted(moment: Moment, ahead: int) -> Moment:
    """Return a moment of the week on another clock; its days move along."""
    minute, days = moment
    carried, shifted = divmod(minute + ahead, _DAY)
    return shifted, frozenset(Weekday((day + carried) % 7) for day in days)


def _weekday(day: date) -> Weekday:
    return Weekday(day.weekday())


def _minute(text: str | None) -> int | None:
    said = None if text is None else _TIME.fullmatch(text)
    return None if said is None else int(said[1]) * 60 + int(said[2])


def _clock(minute: int) -> time:
    return time(*divmod(minute, 60))


def _window(start: int, length: int) -> Window:
    return Window(start=_clock(start), end=_clock((start + length) % _DAY))


def _activation(day: Weekday) -> str:
    return f"programActivation{day.name.capitalize()}"
