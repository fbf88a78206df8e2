"""The data hosts: what they pass on to a car, and what became of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiohttp import web

from custom_components.carport.car.commands import Command, Wake
from custom_components.carport.makers.demo.twin import Twin

from ..bodies import json_object
from ..refusal import Refused
from . import orders, reads
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
_XML: Final = {
    "rs": "application/vnd.vwg.mbb.RemoteStandheizung_v2_0_0+xml",
    "rs_json": "application/vnd.vwg.mbb.RemoteStandheizung_v2_0_2+json",
    "rlu": "application/vnd.vwg.mbb.RemoteLockUnlock_v1_0_0+xml",
}
_ENVELOPES: Final = {
    "rs": "performActionResponse",
    "rlu": "rluActionResponse",
    "vsr": "CurrentVehicleDataResponse",
}

type Call = Callable[[web.Request], Any]


class CarOrders:
    """Everything that a data host passes on to one car."""

    def __init__(self, door: Admission) -> None:
        """Serve whoever the door lets in."""
        self._door = door

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
        """Return where what became of an order is got, by its path."""
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
        account, twin = self._door.licensed(request, host, "rbatterycharge_v1")
        wanted = orders.charger_order
        return await self._act(request, account, twin, "charger", wanted)

    async def _climate(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "rclima_v1")
        try:
            heater = orders.needs_heater(await _json(request))
        except orders.BadBody:
            raise Refused(refused(400)) from None
        if heater:
            operation = "rclima_v1/P_START_CLIMA_AU"
            self._door.check_pin(account, twin, request, operation)
        wanted = orders.climater_order
        return await self._act(request, account, twin, "climater", wanted)

    async def _set_timer(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "timerprogramming_v1")
        operation = "timerprogramming_v1/P_SETTINGS_AU"
        self._door.check_pin(account, twin, request, operation)
        return await self._act(request, account, twin, "timer", orders.timer_order)

    async def _act(
        self,
        request: web.Request,
        account: WeAccount,
        twin: Twin,
        family: str,
        wanted: Callable[[dict[str, Any], Twin], list[Command]],
    ) -> web.Response:
        body = await _json(request)
        number, left = self._order(account, twin, family, lambda: wanted(body, twin))
        kind = body["action"]["type"]
        said = {"type": kind, "actionId": int(number), "actionState": "queued"}
        return _accepted({"action": said}, left)

    async def _heat(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "rheating_v1")
        body = await _json(request, _XML["rs_json"])
        if "quickstart" in body.get("performAction", {}):
            self._door.check_pin(account, twin, request, "rheating_v1/P_QSACT")
        wanted = partial(orders.heater_order, body, twin)
        return self._ask(account, twin, "rs", wanted)

    async def _heat_xml(self, host: str | None, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "rheating_v1")
        _need_type(request, _XML["rs"])
        text = await request.text()
        self._door.check_pin(account, twin, request, "rheating_v1/P_QSACT")
        wanted = partial(orders.heater_xml_order, text, twin)
        return self._ask(account, twin, "rs", wanted)

    async def _lock(self, host: str | None, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "rlu_v1")
        _need_type(request, _XML["rlu"])
        text = await request.text()
        try:
            command = orders.lock_xml_order(text, twin)[0]
        except orders.BadBody:
            raise Refused(refused(400)) from None
        operation = f"rlu_v1/{command.kind.upper()}"
        self._door.check_pin(account, twin, request, operation)
        return self._ask(account, twin, "rlu", lambda: [command])

    async def _update(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "statusreport_v1", app=True)
        await _json(request)
        return self._ask(account, twin, "vsr", lambda: [Wake()])

    def _ask(
        self,
        account: WeAccount,
        twin: Twin,
        family: str,
        wanted: Callable[[], list[Command]],
    ) -> web.Response:
        number, left = self._order(account, twin, family, wanted)
        said = {"requestId": number, "vin": twin.spec.vin}
        return _accepted({_ENVELOPES[family]: said}, left)

    async def _honk(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.licensed(request, host, "rhonk_v1")
        body = await _json(request)
        number, left = self._order(
            account, twin, "honk", lambda: orders.honk_order(body, twin)
        )
        wish = body["honkAndFlashRequest"]
        account.actions[number].body = wish
        return _accepted(self._honked(number, wish, "REQUEST_IN_PROGRESS"), left)

    def _honked(self, number: str, wish: dict[str, Any], word: str) -> dict[str, Any]:
        said = {
            "id": int(number),
            "lastUpdated": reads.iso(self._door.site.clock.now()),
            **wish,
            "status": {"statusCode": word},
        }
        return {"honkAndFlashRequest": said}

    def _order(
        self,
        account: WeAccount,
        twin: Twin,
        family: str,
        wanted: Callable[[], list[Command]],
    ) -> tuple[str, int]:
        """Pass something on to the car; one at a time of each family."""
        try:
            commands = wanted()
        except orders.BadBody:
            raise Refused(refused(400)) from None
        for known in account.actions.values():
            same = known.vin == twin.spec.vin and known.family == family
            if same and word(self._door, known, twin, ACTION) in {"queued", "fetched"}:
                raise Refused(
                    refused(409, "business.1003", "A request is already pending")
                )
        left = self._door.remote(account, twin)
        now, settings = self._door.site.clock.now(), self._door.register.settings
        settle = settings.wake_settle if family == "vsr" else settings.settle
        made = [twin.order(command, now, settle) for command in commands][-1]
        number = account.number()
        account.actions[number] = Action(
            vin=twin.spec.vin, family=family, order=made.number, since=now
        )
        return number, left

    # What became of them

    async def _action(
        self, family: str, host: str, request: web.Request
    ) -> web.Response:
        account, twin = self._door.car(request, host)
        number = request.match_info["number"]
        action = account.actions.get(number)
        if action is None or (action.vin, action.family) != (twin.spec.vin, family):
            raise Refused(refused(404))
        said: dict[str, Any] = {
            "actionId": int(number),
            "actionState": word(self._door, action, twin, ACTION),
        }
        if said["actionState"] == ACTION.failed:
            said["errorCode"] = error(action, twin)
        return web.json_response({"action": said})

    async def _job(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.car(request, host)
        action = account.actions.get(request.match_info["number"])
        said: dict[str, Any] = {"vin": twin.spec.vin}
        if action is None or action.vin != twin.spec.vin:
            said["status"] = "request_not_found"
        else:
            said["status"] = word(self._door, action, twin, REQUEST)
            if said["status"] == REQUEST.failed:
                said["error"] = error(action, twin)
        return web.json_response({"requestStatusResponse": said})

    async def _update_data(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.car(request, host, app=True)
        action = account.actions.get(request.match_info["number"])
        if action is None or word(self._door, action, twin, REQUEST) != REQUEST.done:
            raise Refused(refused(404))
        return web.json_response({"RequestResponse": vsr(twin)})

    async def _honk_status(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._door.car(request, host)
        action = account.actions.get(request.match_info["number"])
        if action is None or action.vin != twin.spec.vin:
            raise Refused(refused(404))
        said = word(self._door, action, twin, REQUEST).upper()
        return web.json_response({"status": {"statusCode": said}})


def _accepted(body: dict[str, Any], left: int) -> web.Response:
    return web.json_response(
        body, status=202, headers={"X-RateLimit-Remaining": str(left)}
    )


def _need_type(request: web.Request, wanted: str) -> None:
    if request.content_type not in {wanted, wanted.lower()}:
        raise Refused(refused(415))


async def _json(
    request: web.Request, wanted: str = "application/json"
) -> dict[str, Any]:
    _need_type(request, wanted)
    if (body := await json_object(request)) is None:
        raise Refused(refused(400))
    return body
