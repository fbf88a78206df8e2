"""The rows with a content: timers, destinations, notifications."""

from datetime import time
from typing import Any, Final

import pytest

from carport.car.schedule import Window
from carport.car.signals import ChargeMode
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.schedule import ScheduleLimits, Weekday

from .cases import CommandCase, Look, Offered, Sight, press, programmes, timer, zoe_of

_SCHEDULE: Final = CommandKind.SET_SCHEDULE
_DAYS: Final = [day.name.lower() for day in Weekday]
_DEPARTURE: Final = {
    "number": 1,
    "departure": "07:40",
    "days": _DAYS,
    "charge": True,
    "climate": True,
}
_NIGHT: Final = {
    "number": 1,
    "window_start": "22:00",
    "window_end": "05:30",
    "days": _DAYS,
}
_WARM: Final = {"number": 6, "departure": "07:45", "days": _DAYS, "climate": True}
_DEPOT: Final[dict[str, Any]] = {
    "name": "Depot",
    "location": {"latitude": 48.17713, "longitude": 11.55934},
    "street": "Beispielweg 3",
    "city": "Muenchen",
}


def _timers(offered: Offered) -> ScheduleLimits:
    limits = offered[_SCHEDULE].schedule
    assert limits is not None
    return limits


def _departs(offered: Offered) -> bool:
    """Return whether the first timer is a departure, for charging and climate."""
    return _timers(offered).departures and not _timers(offered).apart


def _has_windows_only(offered: Offered) -> bool:
    return not _timers(offered).departures


def _has_both_apart(offered: Offered) -> bool:
    return _timers(offered).apart


def _can_rest(offered: Offered) -> bool:
    return _departs(offered) and _timers(offered).slot_switch


def _has_main_switch(offered: Offered) -> bool:
    return _timers(offered).main_switch


def _all_timers(*, active: bool) -> Look:
    """Expect whether any timer counts; the Zoe knows that as its charge mode."""

    def look(sight: Sight) -> bool:
        state = sight.owner.twin.state
        if sight.owner.account.service == "ze_services":
            return (state.charge_mode is ChargeMode.SCHEDULED) is active
        return state.schedule.active is active

    return look


def _is_sent(sight: Sight) -> bool:
    """Look for the depot in the car's navigation."""
    found = next(iter(sight.owner.twin.state.destinations[-1:]), {})
    where = (_DEPOT["location"][name] for name in ("latitude", "longitude"))
    return bool(
        found.get("name") == _DEPOT["name"]
        and [found["latitude"], found["longitude"]] == pytest.approx(list(where))
    )


def _is_told_by_mail(sight: Sight) -> bool:
    """Look how the owner hears of a charge that began; where, each service knows."""
    owner = sight.owner
    if owner.account.service == "demo":
        events = owner.twin.state.notification_settings["events"]
        return list(events["charge_started"]) == ["email"]
    return bool(zoe_of(owner).notification_settings["charge_start"] == "EMAIL")


DEPARTURES: Final = (
    CommandCase(
        kind=_SCHEDULE,
        press=press("carport.set_schedule", slots=[_DEPARTURE]),
        seen=timer(enabled=True, departure=time(7, 40), charge=True, climate=True),
        shown=("time", "timer_1_time", "07:40:00"),
        fits=_departs,
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("time.set_value", "timer_1_time", time="06:45:00"),
        seen=timer(enabled=True, departure=time(6, 45), days=frozenset(Weekday)),
        shown=("time", "timer_1_time", "06:45:00"),
        fits=_departs,
    ),
    *(
        CommandCase(
            kind=_SCHEDULE,
            press=press(f"switch.turn_{word}", "timer_1"),
            seen=timer(enabled=word == "on", departure=time(6, 45)),
            shown=("switch", "timer_1", word),
            fits=_can_rest,
        )
        for word in ("off", "on")
    ),
)

WINDOWS: Final = (
    CommandCase(
        kind=_SCHEDULE,
        press=press("carport.set_schedule", slots=[_NIGHT]),
        seen=timer(charge_window=Window(start=time(22), end=time(5, 30))),
        shown=("time", "timer_1_time", "22:00:00"),
        fits=_has_windows_only,
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("time.set_value", "timer_1_time", time="21:15:00"),
        # A window is moved, not stretched.
        seen=timer(charge_window=Window(start=time(21, 15), end=time(4, 45))),
        shown=("time", "timer_1_time", "21:15:00"),
        fits=_has_windows_only,
    ),
)

APART: Final = (
    CommandCase(
        kind=_SCHEDULE,
        press=press("carport.set_schedule", slots=[_NIGHT, _WARM]),
        seen=programmes(charge_at=time(22), warm_at=time(7, 45)),
        shown=("time", "timer_6_time", "07:45:00"),
        fits=_has_both_apart,
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("time.set_value", "timer_1_time", time="21:15:00"),
        seen=programmes(charge_at=time(21, 15), warm_at=time(7, 45)),
        shown=("time", "timer_1_time", "21:15:00"),
        fits=_has_both_apart,
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("switch.turn_off", "timer_1"),
        seen=programmes(charge_at=None, warm_at=time(7, 45)),
        shown=("switch", "timer_1", "off"),
        fits=_has_both_apart,
    ),
    CommandCase(
        kind=_SCHEDULE,
        press=press("switch.turn_on", "timer_1"),
        seen=programmes(charge_at=time(21, 15), warm_at=time(7, 45)),
        shown=("switch", "timer_1", "on"),
        fits=_has_both_apart,
    ),
)
"""Charging and climate are programmes of their own, at Renault."""

MAIN_SWITCH: Final = tuple(
    CommandCase(
        kind=_SCHEDULE,
        press=press(f"switch.turn_{word}", "timers"),
        seen=_all_timers(active=word == "on"),
        shown=("switch", "timers", word),
        fits=_has_main_switch,
    )
    for word in ("off", "on")
)

SETTINGS: Final = (
    CommandCase(
        kind=CommandKind.SEND_DESTINATION,
        press=press("carport.send_destination", **_DEPOT),
        seen=_is_sent,
    ),
    CommandCase(
        kind=CommandKind.SET_NOTIFICATIONS,
        press=press(
            "carport.set_notification_settings", events={"charge_started": "email"}
        ),
        seen=_is_told_by_mail,
    ),
)
