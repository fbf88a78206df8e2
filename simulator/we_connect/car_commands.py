"""The data hosts: what they pass on to a car, and what became of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiohttp import web

from carport.car.commands import Command, Wake
from carport.twin.twin import Twin

from ..bodies import json_object
from ..refusal import Refused
from . import command_bodies, reads
from .account import Action, WeAccount
from .admission import Admission
from .answers import refused
from .hosts import DATA
from .progress import ACTION, REQUEST, error, word
from .report import vsr

_CAR: Final = "VW/{country}/vehicles/{vin}"
_BS: Final = "/fs-car/bs"
_CHARGER: Final = f"{_BS}/batterycharge/v1/{_CAR}/charger/actions"
_CLIMATER: Final = f"{_BS}/climatisation/v1/{_CAR}/climater/actions"
_TIMER: Final = f"{_BS}/departuretimer/v1/{_CAR}/timer/actions"
_VSR: Final = f"{_BS}/vsr/v1/{_CAR}/requests"
_HONK: Final = f"{_BS}/rhf/v1/{_CAR}/honkAndFlash"
_MBB: Final = "application/vnd.vwg.mbb"
_JSON: Final = "application/json"
_HEATER_XML: Final = tuple(
    f"{_MBB}.RemoteStandheizung_{version}+xml" for version in ("v2_0_0", "v2_0_2")
)
_HEATER_JSON: Final = (f"{_MBB}.RemoteStandheizung_v2_0_2+json", _JSON)
_LOCK_XML: Final = f"{_MBB}.RemoteLockUnlock_v1_0_0+xml"
# How the type of a timer in XML is called nobody has recorded: this is by the pattern.
_ACTION_XML: Final = {
    "charger": f"{_MBB}.ChargerAction_v1_0_0+xml",
    "climater": f"{_MBB}.ClimaterAction_v1_0_0+xml",
    "timer": f"{_MBB}.DepartureTimerAction_v1_0_0+xml",
}
_ENVELOPES: Final = {
    "rs": "performActionResponse",
    "rlu": "rluActionResponse",
    "vsr": "CurrentVehicleDataResponse",
}

type Call = Callable[[web.Request], Any]


class CarCommands:
    """Everything that a data host passes on to one car."""

    def __init__(self, admission: Admission) -> None:
        """Serve a request that is admitted."""
        self._admission = admission

    def calls(self, host: str) -> dict[str, Call]:
        """Return what is posted, by its path."""
        at_home: dict[str, Callable[..., Any]] = {
            _CHARGER: self._charge,
            _CLIMATER: self._climate,
            _TIMER: self._set_timer,
            _VSR: self._update,
            _HONK: self._honk,
            f"{_BS}/rs/v1/{_CAR}/action": self._heat,
        }
        # Some clients send these two to the old host whatever the car's home is.
        anywhere: dict[str, Callable[..., Any]] = {
            f"{_BS}/rs/v1/{_CAR}/actions": self._heat_xml,
            f"{_BS}/rlu/v1/{_CAR}/actions": self._lock,
        }
        home = None if host == DATA else host
        return {
            **{path: partial(call, host) for path, call in at_home.items()},
            **{path: partial(call, home) for path, call in anywhere.items()},
        }

    def outcomes(self, host: str) -> dict[str, Call]:
        """Return where what became of a command is got, by its path."""
        calls: dict[str, Callable[..., Any]] = {
            f"{_CHARGER}/{{number}}": partial(self._action, "charger"),
            f"{_CLIMATER}/{{number}}": partial(self._action, "climater"),
            f"{_TIMER}/{{number}}": partial(self._action, "timer"),
            f"{_VSR}/{{number}}/jobstatus": self._job,
            f"{_VSR}/{{number}}/status": self._update_data,
            f"{_BS}/rs/v1/{_CAR}/requests/{{number}}/status": self._job,
            f"{_BS}/rlu/v1/{_CAR}/requests/{{number}}/status": self._job,
            f"{_HONK}/{{number}}/status": self._honk_status,
        }
        return {path: partial(call, host) for path, call in calls.items()}

    async def _charge(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "rbatterycharge_v1")
        wanted = command_bodies.charger_commands
        return await self._act(request, account, twin, "charger", wanted)

    async def _climate(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "rclima_v1")
        try:
            heater = command_bodies.needs_heater(
                await _action_body(request, "climater")
            )
        except command_bodies.BadBody:
            raise Refused(refused(400)) from None
        if heater:
            operation = "rclima_v1/P_START_CLIMA_AU"
            self._admission.check_pin(account, twin, request, operation)
        wanted = command_bodies.climater_commands
        return await self._act(request, account, twin, "climater", wanted)

    async def _set_timer(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "timerprogramming_v1")
        return await self._act(
            request, account, twin, "timer", command_bodies.timer_commands
        )

    async def _act(
        self,
        request: web.Request,
        account: WeAccount,
        twin: Twin,
        family: str,
        wanted: Callable[[command_bodies.Body, Twin], list[Command]],
    ) -> web.Response:
        body = await _action_body(request, family)
        number, left = self._send(account, twin, family, lambda: wanted(body, twin))
        kind = body["action"]["type"]
        said = {"type": kind, "actionId": int(number), "actionState": "queued"}
        return _accepted({"action": said}, left)

    async def _heat(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "rheating_v1")
        if _has_type(request, *_HEATER_XML):
            return await self._warm_xml(account, twin, request)
        body = await _json(request, *_HEATER_JSON)
        if "quickstart" in body.get("performAction", {}):
            self._admission.check_pin(account, twin, request, "rheating_v1/P_QSACT")
        wanted = partial(command_bodies.heater_commands, body, twin)
        return self._ask(account, twin, "rs", wanted)

    async def _heat_xml(self, host: str | None, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "rheating_v1")
        return await self._warm_xml(account, twin, request, always=True)

    async def _warm_xml(
        self, account: WeAccount, twin: Twin, request: web.Request, always: bool = False
    ) -> web.Response:
        """Start or stop the heater; the eldest call wants the S-PIN even to stop it."""
        _need_type(request, *_HEATER_XML)
        text = await request.text()
        try:
            starts = command_bodies.starts_heater(text)
        except command_bodies.BadBody:
            raise Refused(refused(400)) from None
        if always or starts:
            self._admission.check_pin(account, twin, request, "rheating_v1/P_QSACT")
        wanted = partial(command_bodies.heater_xml_commands, text, twin)
        return self._ask(account, twin, "rs", wanted)

    async def _lock(self, host: str | None, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "rlu_v1")
        _need_type(request, _LOCK_XML)
        text = await request.text()
        try:
            command = command_bodies.lock_xml_commands(text, twin)[0]
        except command_bodies.BadBody:
            raise Refused(refused(400)) from None
        operation = f"rlu_v1/{command.kind.upper()}"
        self._admission.check_pin(account, twin, request, operation)
        return self._ask(account, twin, "rlu", lambda: [command])

    async def _update(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(
            request, host, "statusreport_v1", app=True
        )
        if request.body_exists:
            await _json(request)
        return self._ask(account, twin, "vsr", lambda: [Wake()])

    def _ask(
        self,
        account: WeAccount,
        twin: Twin,
        family: str,
        wanted: Callable[[], list[Command]],
    ) -> web.Response:
        number, left = self._send(account, twin, family, wanted)
        said = {"requestId": number, "vin": twin.spec.vin}
        return _accepted({_ENVELOPES[family]: said}, left)

    async def _honk(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(request, host, "rhonk_v1")
        body = await _json(request)
        number, left = self._send(
            account, twin, "honk", lambda: command_bodies.honk_commands(body, twin)
        )
        wish = {
            "serviceDuration": command_bodies.HONKS_FOR,
            **body["honkAndFlashRequest"],
        }
        account.actions[number].body = wish
        return _accepted(self._honked(number, wish, "REQUEST_IN_PROGRESS"), left)

    def _honked(self, number: str, wish: dict[str, Any], word: str) -> dict[str, Any]:
        said = {
            "id": int(number),
            "lastUpdated": reads.iso(self._admission.site.clock.now()),
            **wish,
            "status": {"statusCode": word},
        }
        return {"honkAndFlashRequest": said}

    def _send(
        self,
        account: WeAccount,
        twin: Twin,
        family: str,
        wanted: Callable[[], list[Command]],
    ) -> tuple[str, int]:
        """Pass something on to the car; one at a time of each family."""
        try:
            commands = wanted()
        except command_bodies.BadBody:
            raise Refused(refused(400)) from None
        for known in account.actions.values():
            same = known.vin == twin.spec.vin and known.family == family
            if same and word(self._admission, known, twin, ACTION) in {
                "queued",
                "fetched",
            }:
                raise Refused(
                    refused(409, "business.1003", "A request is already pending")
                )
        left = self._admission.remote(account, twin)
        now, settings = (
            self._admission.site.clock.now(),
            self._admission.register.settings,
        )
        latency = settings.wake_latency if family == "vsr" else settings.latency
        made = [twin.accept(command, now, latency) for command in commands][-1]
        number = account.number()
        account.actions[number] = Action(
            vin=twin.spec.vin, family=family, number=made.number, since=now
        )
        return number, left

    # What became of them

    async def _action(
        self, family: str, host: str, request: web.Request
    ) -> web.Response:
        account, twin = self._admission.car(request, host)
        number = request.match_info["number"]
        action = account.actions.get(number)
        if action is None or (action.vin, action.family) != (twin.spec.vin, family):
            raise Refused(refused(404))
        said: dict[str, Any] = {
            "actionId": int(number),
            "actionState": word(self._admission, action, twin, ACTION),
        }
        if said["actionState"] == ACTION.failed:
            said["errorCode"] = error(action, twin)
        return web.json_response({"action": said})

    async def _job(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.car(request, host)
        action = account.actions.get(request.match_info["number"])
        said: dict[str, Any] = {"vin": twin.spec.vin}
        if action is None or action.vin != twin.spec.vin:
            said["status"] = "request_not_found"
        else:
            said["status"] = word(self._admission, action, twin, REQUEST)
            if said["status"] == REQUEST.failed:
                said["error"] = error(action, twin)
        return web.json_response({"requestStatusResponse": said})

    async def _update_data(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.car(request, host, app=True)
        action = account.actions.get(request.match_info["number"])
        if (
            action is None
            or word(self._admission, action, twin, REQUEST) != REQUEST.done
        ):
            raise Refused(refused(404))
        return web.json_response({"RequestResponse": vsr(twin)})

    async def _honk_status(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.car(request, host)
        action = account.actions.get(request.match_info["number"])
        if action is None or action.vin != twin.spec.vin:
            raise Refused(refused(404))
        said = word(self._admission, action, twin, REQUEST).upper()
        return web.json_response({"status": {"statusCode": said}})


def _accepted(body: dict[str, Any], left: int) -> web.Response:
    return web.json_response(
        body, status=202, headers={"X-RateLimit-Remaining": str(left)}
    )


def _has_type(request: web.Request, *wanted: str) -> bool:
    return request.content_type.lower() in {kind.lower() for kind in wanted}


def _need_type(request: web.Request, *wanted: str) -> None:
    if not _has_type(request, *wanted):
        raise Refused(refused(415))


async def _action_body(request: web.Request, family: str) -> command_bodies.Body:
    """Return an action, in JSON or in the XML of its family."""
    if not _has_type(request, _ACTION_XML[family]):
        return await _json(request)
    try:
        return command_bodies.action_of_xml(await request.text())
    except command_bodies.BadBody:
        raise Refused(refused(400)) from None


async def _json(request: web.Request, *wanted: str) -> dict[str, Any]:
    _need_type(request, *(wanted or (_JSON,)))
    if (body := await json_object(request)) is None:
        raise Refused(refused(400))
    return body
