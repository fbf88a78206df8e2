"""What owners may ask of a car: each answered at once, done when the car has heard."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
import re
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from carport.car.commands import (
    Command,
    HonkAndFlash,
    HornMode,
    SetChargeLimit,
    SetChargeLimitMin,
    SetChargeMode,
    SetSchedule,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Wake,
)
from carport.car.signals import ChargeMode
from carport.twin.twin import AcceptedCommand

from ..bodies import json_object
from ..cloud import Site
from . import answers, models, programmes
from .account import CarState, Pending
from .answers import Refusal
from .reads import Look
from .settings import Settings

_START_AT: Final = "/data/attributes/startDateTime"
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_CLIMATE: Final = "climate"
_CHARGE: Final = "charge"
_SETTING_TAKES: Final = 3
"""How many times longer a setting takes than a wish for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One command on its way in: whose car, and what stands in the body."""

    vin: str
    look: Look
    body: dict[str, Any]

    @property
    def car(self) -> CarState:
        """What the cloud keeps of the car."""
        return self.look.car

    @property
    def settings(self) -> Settings:
        """The service's figures."""
        return self.look.settings


type Doing = Callable[[Wish, Mapping[str, Any]], None]


class Commands:
    """Everything that is sent rather than read."""

    def __init__(self, site: Site) -> None:
        """Pass orders on to the cars of a site."""
        self._site = site

    async def obey(
        self, resource: str, look: Look, request: web.Request
    ) -> web.Response:
        """Take one command for a car, or refuse it."""
        if request.content_type != "application/vnd.api+json":
            raise answers.refuse(answers.BAD_FORMAT)
        body = await json_object(request)
        if body is None:
            raise answers.refuse(answers.BAD_FORMAT)
        wish = Wish(vin=look.twin.spec.vin, look=look, body=body)
        return await self._answerings()[resource](wish)

    def _answerings(self) -> Mapping[str, Callable[[Wish], Awaitable[web.Response]]]:
        enveloped: Mapping[str, tuple[str, Doing]] = {
            models.HVAC_START: ("HvacStart", self._hvac),
            models.HVAC_SCHEDULE: ("HvacSchedule", self._hvac_schedule),
            models.CHARGING_START: ("ChargingStart", self._charging_start),
            models.KCM_START: ("ChargingStart", self._kcm_start),
            models.KCM_PAUSE: ("ChargePauseResume", self._pause),
            models.SET_CHARGE_MODE: ("ChargeMode", self._charge_mode),
            models.SET_CHARGE_SCHEDULE: ("ChargeSchedule", self._charge_schedule),
            models.KCM_SCHEDULE: ("ChargeSchedule", self._charge_schedule),
            models.HORN_LIGHTS: ("HornLights", self._horn),
            models.REFRESH_LOCATION: ("RefreshLocation", self._refresh),
        }
        return {
            **{
                resource: partial(self._enveloped, kind, doing)
                for resource, (kind, doing) in enveloped.items()
            },
            models.SOC_LEVELS: self._soc_levels,
            models.KCM_SETTINGS: self._ev_settings,
        }

    async def _enveloped(self, kind: str, doing: Doing, wish: Wish) -> web.Response:
        data = wish.body.get("data")
        if not isinstance(data, dict) or data.get("type") != kind:
            raise answers.refuse(answers.BAD_FORMAT)
        attributes = data.get("attributes", {})
        if not isinstance(attributes, dict):
            raise answers.refuse(answers.BAD_FORMAT)
        doing(wish, attributes)
        return answers.kamereon({"data": {**data, "id": str(uuid4())}})

    # Climate

    def _hvac(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        model, action = wish.car.model, asked.get("action")
        if action == "start":
            warmth = asked.get("targetTemperature")
            if not isinstance(warmth, (int, float)) or isinstance(warmth, bool):
                raise answers.refuse(
                    answers.invalid("/data/attributes/targetTemperature", "must be set")
                )
            start = StartClimate(temperature=float(warmth))
            due = _later(wish, asked)
            if due is None:
                self._order(wish, start)
            else:
                self.arm(wish.vin, wish.car, _CLIMATE, due, start)
            return
        if action not in {"cancel", model.stop_word}:
            raise answers.refuse(answers.BAD_FORMAT)
        self._disarm(wish.car, _CLIMATE)
        if action == model.stop_word and model.cancels:
            self._order(wish, StopClimate())

    def _hvac_schedule(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        schedules = asked.get("schedules")
        _check(programmes.climate_problem(schedules))
        self._programme(wish, climate=programmes.all_slots(schedules or []))

    # Charging

    def _charging_start(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        if asked.get("action") != "start":
            raise answers.refuse(answers.BAD_FORMAT)
        if not self._ignored(wish):
            self._order(wish, StartCharging())

    def _kcm_start(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        if asked.get("action") != "start":
            raise answers.refuse(answers.BAD_FORMAT)
        due = _later(wish, asked)
        if due is None:
            self._disarm(wish.car, _CHARGE)
            self._order(wish, StartCharging())
            return
        self._order(wish, StopCharging())
        self.arm(wish.vin, wish.car, _CHARGE, due, StartCharging())

    def _pause(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        commands: Mapping[object, Command] = {
            "pause": StopCharging(),
            "resume": StartCharging(),
        }
        command = commands.get(asked.get("action"))
        if command is None:
            raise answers.refuse(answers.BAD_FORMAT)
        if not self._ignored(wish):
            self._order(wish, command)

    def _ignored(self, wish: Wish) -> bool:
        return wish.settings.zoe_ignores and wish.car.model.code == "X102VE"

    def _charge_mode(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        modes = {
            "always_charging": ChargeMode.IMMEDIATE,
            "schedule_mode": ChargeMode.SCHEDULED,
        }
        mode = modes.get(str(asked.get("action")))
        if mode is None:
            raise answers.refuse(answers.BAD_FORMAT)
        if any(
            accepted.done is None and accepted.due > wish.look.now.timestamp()
            for accepted in wish.look.twin.commands.values()
            if isinstance(accepted.command, SetChargeMode)
        ):
            raise answers.refuse(answers.IN_PROGRESS)
        self._order(wish, SetChargeMode(mode=mode), setting=True)

    def _charge_schedule(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        schedules = asked.get("schedules")
        same = wish.car.model.same_time_each_day
        _check(programmes.charging_problem(schedules, same_time=same))
        self._programme(wish, charging=programmes.all_slots(schedules or []))

    async def _soc_levels(self, wish: Wish) -> web.Response:
        low, high = wish.body.get("socMin"), wish.body.get("socTarget")
        # The server hardly checks: what makes no sense, the car declines.
        if not isinstance(low, int) or not isinstance(high, int):
            raise answers.refuse(answers.BAD_FORMAT)
        self._order(wish, SetChargeLimitMin(percent=low), setting=True)
        self._order(wish, SetChargeLimit(percent=high), setting=True)
        return _queued("SOC_SYNCH")

    async def _ev_settings(self, wish: Wish) -> web.Response:
        _check(programmes.settings_problem(wish.body))
        sent = {
            name: value
            for name, value in wish.body.items()
            if name != "lastSettingsUpdateTimestamp"
        }
        scheduled = sent["chargeModeRq"] == "SCHEDULED"
        on = any(one["programActivationStatus"] for one in sent["programs"])
        self._programme(wish, settings=sent)
        if not on and not scheduled:
            # With nothing left to wait for, a plugged car begins.
            self._order(wish, StartCharging())
        return _queued("EV_SETTINGS")

    def _programme(self, wish: Wish, **changed: Any) -> None:
        """Send the car all its programmes, and show them once it has them."""
        car, look = wish.car, wish.look
        wanted: dict[str, Any] = {
            "charging": car.charging,
            "climate": car.climate,
            "settings": car.settings,
        }
        for pending in car.pending:
            wanted |= pending.shows
        wanted |= changed
        schedule = programmes.schedule_for(
            look.twin.spec, look.now, look.zone, **wanted
        )
        # Each holds all programmes, so none may overtake the one before.
        after = max((pending.order.due for pending in car.pending), default=0)
        accepted = self._order(
            wish, SetSchedule(schedule=schedule), setting=True, after=after
        )
        car.pending.append(Pending(order=accepted, shows=changed))
        if "climate" not in changed:
            by_programme = any(slot.charge for slot in schedule.slots)
            mode = ChargeMode.SCHEDULED if by_programme else ChargeMode.IMMEDIATE
            self._order(wish, SetChargeMode(mode=mode), setting=True)

    # Horn, lights, position

    def _horn(self, wish: Wish, asked: Mapping[str, Any]) -> None:
        targets = {"horn": HornMode.HONK, "lights": HornMode.FLASH}
        mode = targets.get(str(asked.get("target")))
        if mode is None or asked.get("action") != "start":
            raise answers.refuse(answers.BAD_FORMAT)
        self._order(wish, HonkAndFlash(mode=mode))

    def _refresh(self, wish: Wish, _asked: Mapping[str, Any]) -> None:
        self._order(wish, Wake())

    # On their way

    def arm(
        self, vin: str, car: CarState, what: str, due: datetime, command: Command
    ) -> None:
        """Wait for the moment at which something is to begin."""
        self._disarm(car, what)
        setattr(car, f"{what}_due", due)
        wait = (due - self._site.clock.now()).total_seconds()

        def ring() -> None:
            self._disarm(car, what)
            self._site.twin(vin).accept(command, self._site.clock.now(), 0)

        car.timers[what] = self._site.clock.call_later(max(wait, 0), ring)

    def _disarm(self, car: CarState, what: str) -> None:
        setattr(car, f"{what}_due", None)
        if (timer := car.timers.pop(what, None)) is not None:
            timer.cancel()

    def _order(
        self, wish: Wish, command: Command, *, setting: bool = False, after: float = 0
    ) -> AcceptedCommand:
        """Send the car a command, which it hears after a moment at the earliest."""
        settings, now = wish.settings, wish.look.now
        latency = self._site.rng.uniform(settings.latency_least, settings.latency_most)
        times = _SETTING_TAKES if setting else 1
        latency = max(latency * times, after - now.timestamp())
        return wish.look.twin.accept(command, now, latency)


def _later(wish: Wish, asked: Mapping[str, Any]) -> datetime | None:
    """Return when something is to begin, None for now; it has to be in the future."""
    text = asked.get("startDateTime")
    if text is None:
        return None
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise answers.refuse(answers.invalid(_START_AT, "must be a date"))
    try:
        due = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise answers.refuse(answers.invalid(_START_AT, "must be a date")) from None
    if due <= wish.look.now:
        raise answers.refuse(answers.invalid(_START_AT, "must be a future date"))
    return due


def _check(problem: Refusal | None) -> None:
    if problem is not None:
        raise answers.refuse(problem)


def _queued(kind: str) -> web.Response:
    return answers.kamereon(
        {"commandId": str(uuid4()), "type": kind, "status": "CREATED"}
    )
