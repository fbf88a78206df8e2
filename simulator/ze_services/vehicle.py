"""The calls about a car: reads, commands, settings and history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
import re
from typing import Any, Final

from aiohttp import web

from carport.car.commands import (
    Command,
    SetChargeMode,
    SetSchedule,
    StartCharging,
    StartClimate,
    Wake,
)
from carport.car.signals import ChargeMode
from carport.twin.twin import AcceptedCommand, Twin

from ..cloud import Route, Site, routes_of
from . import answers, reads
from .account import SCOPES, ZONE, AccountState, CarState
from .answers import Refused
from .login import BASE, ZeRegister, parsed
from .week import DAYS, is_time, is_week, next_moment, schedule_for

_STATUS, _HISTORY, _CHARGE, _CALENDAR, _CLIMATE, _ = SCOPES
_MONTH: Final = re.compile(r"(0[1-9]|1[0-2])\d\d", re.ASCII)
_MEANS: Final = frozenset({"EMAIL", "SMS", "NONE"})
_QUIET: Final = "do_not_disturb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One call about one car."""

    request: web.Request
    account: AccountState
    vin: str
    car: CarState
    twin: Twin
    now: datetime


type Answering = Callable[[Visit], Awaitable[web.Response]]


class Vehicle:
    """Everything below `/vehicle`."""

    def __init__(self, site: Site, register: ZeRegister) -> None:
        """Serve the cars of a register's accounts."""
        self._site = site
        self._register = register

    def routes(self) -> tuple[Route, ...]:
        """Return the calls, each with the subscription it needs."""
        later = self._later
        calls: tuple[tuple[str, str, str | None, Answering], ...] = (
            ("GET", "/battery", _STATUS, self._battery),
            ("POST", "/battery", _STATUS, later(self._wake)),
            ("GET", "/battery/history", _HISTORY, later(self._failed_charges)),
            ("POST", "/air-conditioning", _CLIMATE, self._climate),
            ("GET", "/air-conditioning", _CLIMATE, self._climate_history),
            ("GET", "/air-conditioning/last", _CLIMATE, self._last_climate),
            ("GET", "/air-conditioning/scheduler", _CLIMATE, later(self._timer)),
            ("POST", "/air-conditioning/scheduler", _CLIMATE, self._set_timer),
            (
                "DELETE",
                "/air-conditioning/scheduler",
                _CLIMATE,
                later(self._remove_timer),
            ),
            ("POST", "/charge", _CHARGE, self._charge),
            ("GET", "/charge/history", _HISTORY, self._charge_history),
            ("GET", "/charge/siblings", None, later(self._siblings)),
            ("GET", "/settings/notification", None, self._notification_settings),
            ("PUT", "/settings/notification", None, self._set_notifications),
            ("GET", "/charge/scheduler/onboard", _CALENDAR, self._calendar),
            ("PUT", "/charge/scheduler/onboard", _CALENDAR, self._switch_off),
            ("PUT", "/charge/scheduler/offboard", _CALENDAR, self._write_calendar),
            ("POST", "/charge/scheduler/offboard/deploy", _CALENDAR, self._deploy),
        )
        car = f"{BASE}/vehicle/{{vin}}"
        return routes_of(
            (
                ("POST", f"{BASE}/vehicle", self._turn),
                *(
                    (method, f"{car}{path}", partial(self._visit, answering, scope))
                    for method, path, scope, answering in calls
                ),
            ),
            partial(answers.guarded, self._site.clock),
        )

    def _later(self, answering: Answering) -> Answering:
        """Have a call that was only found after the first description."""

        async def answer(visit: Visit) -> web.Response:
            self._need_later_calls()
            return await answering(visit)

        return answer

    def _need_later_calls(self) -> None:
        if not self._register.settings.later_calls:
            raise Refused(answers.NO_SUCH_CALL)

    async def _visit(
        self, answering: Answering, scope: str | None, request: web.Request
    ) -> web.StreamResponse:
        account = self._register.admit(request)
        now = self._site.clock.now()
        if account.migrated:
            return answers.moved(now, self._register.settings.moved_status)
        vin = request.match_info["vin"]
        # One car at a time: which one, the account says.
        turned = vin == account.active or not self._register.settings.later_calls
        if vin not in account.vins or not turned:
            raise Refused(answers.FORBIDDEN)
        if scope is not None and scope not in account.scopes:
            raise Refused(answers.FORBIDDEN)
        return await answering(
            Visit(
                request=request,
                account=account,
                vin=vin,
                car=account.cars[vin],
                twin=self._site.twin(vin),
                now=now,
            )
        )

    async def _turn(self, request: web.Request) -> web.StreamResponse:
        account = self._register.admit(request)
        self._need_later_calls()
        vin = (await parsed(request)).get("active_vehicle")
        if vin not in account.vins:
            raise Refused(answers.FORBIDDEN)
        account.active = vin
        return answers.json({"active_vehicle": vin})

    # Reads

    async def _battery(self, visit: Visit) -> web.Response:
        return answers.json(reads.battery(visit.twin, self._register.settings))

    async def _calendar(self, visit: Visit) -> web.Response:
        found = reads.calendar(visit.twin, visit.car)
        if found is None and visit.account.no_calendar == "nothing":
            return answers.nothing()
        return answers.json(found or {"enabled": False})

    async def _last_climate(self, visit: Visit) -> web.Response:
        events = self._climate_events(visit)
        return answers.json(events[0][1]) if events else answers.nothing()

    async def _timer(self, visit: Visit) -> web.Response:
        if (due := visit.car.climate_due) is None:
            return answers.nothing()
        return answers.json({"next_start": f"{due.astimezone(ZONE):%H%M}"})

    async def _notification_settings(self, visit: Visit) -> web.Response:
        return answers.json(visit.car.notification_settings)

    async def _siblings(self, visit: Visit) -> web.Response:
        # What stands in it, nobody has written down.
        return answers.json({})

    # Histories

    async def _climate_history(self, visit: Visit) -> web.Response:
        return _history(visit, self._climate_events(visit))

    async def _charge_history(self, visit: Visit) -> web.Response:
        events = list(reads.charge_events(visit.twin))
        return _history(visit, events[::-1])

    async def _failed_charges(self, visit: Visit) -> web.Response:
        return _history(visit, reads.failed_charges(visit.car, visit.twin, visit.now))

    def _climate_events(self, visit: Visit) -> list[reads.Event]:
        timeout = self._register.settings.timeout
        return reads.climate_events(visit.car, visit.now, timeout)

    # Commands

    async def _climate(self, visit: Visit) -> web.Response:
        self._take(visit, "climate", self._register.settings.repeat_window)
        visit.car.runs.append(self._send(visit.vin, StartClimate()))
        return self._taken()

    async def _charge(self, visit: Visit) -> web.Response:
        self._take(visit, "charge", self._register.settings.repeat_window)
        visit.car.charges.append(self._send(visit.vin, StartCharging()))
        return self._taken()

    async def _wake(self, visit: Visit) -> web.Response:
        self._take(visit, "wake", self._register.settings.wake_window)
        self._send(visit.vin, Wake())
        return self._taken()

    async def _set_timer(self, visit: Visit) -> web.Response:
        start = (await parsed(visit.request)).get("start")
        if not isinstance(start, str) or not is_time(start):
            raise Refused(answers.BAD_REQUEST)
        visit.car.stop_timer()
        visit.car.climate_due = next_moment(start, visit.now, ZONE)
        self.arm(visit.vin, visit.car)
        return self._taken()

    def arm(self, vin: str, car: CarState) -> None:
        """Wait for the moment at which a cabin is to be conditioned."""
        if car.climate_due is None:
            return
        wait = (car.climate_due - self._site.clock.now()).total_seconds()
        if wait < 0:
            car.stop_timer()  # Nobody was there to do it.
            return
        start = partial(self._start_by_timer, vin, car)
        car.climate_timer = self._site.clock.call_later(wait, start)

    def _start_by_timer(self, vin: str, car: CarState) -> None:
        car.stop_timer()
        car.runs.append(self._send(vin, StartClimate()))

    async def _remove_timer(self, visit: Visit) -> web.Response:
        if not self._register.settings.timer_can_be_removed:
            raise Refused(answers.NO_SUCH_CALL)
        visit.car.stop_timer()
        return self._taken()

    async def _write_calendar(self, visit: Visit) -> web.Response:
        body = await parsed(visit.request)
        if not isinstance(body.get("optimized_charge"), bool):
            raise Refused(answers.BAD_REQUEST)
        if body.keys() != {"optimized_charge", *DAYS}:
            raise Refused(answers.BAD_REQUEST)
        week = {day: body[day] for day in DAYS}
        if not is_week(week):
            raise Refused(answers.BAD_REQUEST)
        visit.car.calendar = week
        return self._taken()

    async def _deploy(self, visit: Visit) -> web.Response:
        if visit.car.calendar is None:
            raise Refused(answers.BAD_REQUEST)
        schedule = schedule_for(visit.car.calendar)
        self._send(visit.vin, SetSchedule(schedule=schedule))
        self._send(visit.vin, SetChargeMode(mode=ChargeMode.SCHEDULED))
        return self._taken()

    async def _switch_off(self, visit: Visit) -> web.Response:
        if await parsed(visit.request) != {"enabled": False}:
            raise Refused(answers.BAD_REQUEST)
        self._send(visit.vin, SetChargeMode(mode=ChargeMode.IMMEDIATE))
        return self._taken()

    async def _set_notifications(self, visit: Visit) -> web.Response:
        """Take all settings at once, or none."""
        body = await parsed(visit.request)
        quiet = body.get(_QUIET)
        ways = {key: way for key, way in body.items() if key != _QUIET}
        if (
            body.keys() != visit.car.notification_settings.keys()
            or not _MEANS.issuperset(ways.values())
        ):
            raise Refused(answers.BAD_REQUEST)
        if quiet is not None and not _is_quiet(quiet):
            raise Refused(answers.BAD_REQUEST)
        visit.car.notification_settings = body
        return self._taken()

    def _take(self, visit: Visit, kind: str, window: float) -> None:
        """Refuse a command of a kind that was taken a moment ago."""
        last = visit.car.taken_at.get(kind)
        if last is not None and (visit.now - last).total_seconds() < window:
            bare = not self._register.settings.repeat_body
            raise Refused(answers.TOO_SOON_BARE if bare else answers.TOO_SOON)
        visit.car.taken_at[kind] = visit.now

    def _send(self, vin: str, command: Command) -> AcceptedCommand:
        """Send a text message to the car, which takes its time."""
        settings = self._register.settings
        latency = self._site.rng.uniform(settings.latency_least, settings.latency_most)
        return self._site.twin(vin).accept(command, self._site.clock.now(), latency)

    def _taken(self) -> web.Response:
        return web.Response(status=self._register.settings.command_status)


def _history(visit: Visit, events: list[reads.Event]) -> web.Response:
    begin, end = (visit.request.query.get(key, "") for key in ("begin", "end"))
    if not (_MONTH.fullmatch(begin) and _MONTH.fullmatch(end)):
        raise Refused(answers.BAD_REQUEST)
    found = reads.within(events, begin, end)
    return answers.json(found) if found else answers.nothing()


def _is_quiet(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"start", "end"}
        and all(is_time(text) for text in value.values())
    )
