"""The one read and the commands, behind the key and the hourly limit."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
import json
from math import ceil
from typing import Any, Final

from aiohttp import web

from carport.twin.twin import Twin

from .. import refusal
from ..cloud import Route, Site, routes_of
from . import reads
from .account import AccountState, Key, KeyRegister
from .commands import ROWS, CommandRow
from .parts import PARTS
from .problems import Refused, invalid

BASE: Final = "/api/v1/vehicles/{vin}"

_OTHERS: Final = ("info", "operations")
_FREE: Final = frozenset({401, 403, 429})
"""What is refused with these does not count."""
_VIN_LENGTH: Final = 17
_LARGEST: Final = 10_000
_EMPTY_12V: Final = 0.1


@dataclass(slots=True, kw_only=True)
class Visit:
    """A call that was let in, and the car it is about."""

    request: web.Request
    account: AccountState
    key: Key
    twin: Twin


type Answering = Callable[[Visit], Awaitable[web.Response]]


class Vehicles:
    """Everything this cloud can do."""

    def __init__(self, site: Site, register: KeyRegister) -> None:
        """Serve the cars of a register."""
        self._site = site
        self._register = register

    def routes(self) -> tuple[Route, ...]:
        """Return the calls."""
        calls: list[tuple[str, str, Answering]] = [("GET", BASE, self._read)]
        calls += [
            (row.method, f"{BASE}/{row.path}", partial(self._command, row))
            for row in ROWS
        ]
        return routes_of(calls, lambda answering: partial(self._enter, answering))

    # Who is let in

    async def _enter(
        self, answering: Answering, request: web.Request
    ) -> web.StreamResponse:
        """Let a call in by its key; what it is told of key and limit comes along."""
        found = self._register.owner(request)
        vin = request.match_info["vin"]
        counted = vin if self._register.settings.limit_per == "vin" else ""
        if found is not None and not counted:
            counted = found[1].text
        try:
            answer = await self._answer(answering, request, found, vin, counted)
        except refusal.Refused as refused:
            answer = refused.answer
        if found is not None:
            if answer.status not in _FREE:
                self._register.use(counted)
            self._tell(answer, found[1], counted)
        return answer

    async def _answer(
        self,
        answering: Answering,
        request: web.Request,
        found: tuple[AccountState, Key] | None,
        vin: str,
        counted: str,
    ) -> web.Response:
        if self._register.settings.key_check_down:
            raise Refused(503, "The API key could not be validated.", retry_after=10)
        if found is None or found[1].revoked:
            raise Refused(401, "The API key is missing or not known.")
        account, key = found
        now = self._site.clock.now()
        if now >= key.expires_at:
            raise Refused(
                "api-key-expired",
                f"The API key expired on {reads.stamp(key.expires_at)}.",
            )
        if len(vin) != _VIN_LENGTH:
            raise invalid("vin", vin, f"{_VIN_LENGTH} characters")
        if vin not in key.vins:
            raise Refused("api-key-not-authorized", "The key is not for this vehicle.")
        if self._register.left(counted) <= 0:
            raise Refused(
                "rate-limit-exceeded",
                "The rate limit has been exceeded.",
                retry_after=ceil(self._register.wait(counted)),
            )
        if not _takes_json(request):
            raise Refused(406, "Only application/json can be delivered.")
        if vin not in account.vins:
            raise Refused(404, "No vehicle found for the given VIN.")
        return await answering(
            Visit(request=request, account=account, key=key, twin=self._site.twin(vin))
        )

    def _tell(self, answer: web.Response, key: Key, counted: str) -> None:
        answer.headers["X-API-Key-Expires-At"] = reads.stamp(key.expires_at)
        settings = self._register.settings
        if not settings.limit_headers:
            return
        wait = self._register.wait(counted)
        if settings.reset_form == "epoch":
            wait += self._site.clock.now().timestamp()
        answer.headers["RateLimit-Limit"] = str(int(settings.limit))
        answer.headers["RateLimit-Remaining"] = str(self._register.left(counted))
        answer.headers["RateLimit-Reset"] = str(ceil(wait))

    # The read

    async def _read(self, visit: Visit) -> web.Response:
        asked = visit.request.query.get("include")
        known = (*PARTS, *_OTHERS)
        wanted = known if asked is None else tuple(asked.split(","))
        for name in wanted:
            if name not in known:
                raise invalid("include", name, *known)
        vehicle: dict[str, Any] = {"vin": visit.twin.spec.vin}
        if "info" in wanted:
            vehicle |= reads.info(visit.twin)
        always = self._register.settings.unsupported == "always"
        errors = []
        for name, part in PARTS.items():
            if name not in wanted:
                continue
            if (ending := self._missing(visit, name)) is None:
                vehicle[name] = part.read(visit.twin)
            elif ending != "UNSUPPORTED" or asked is not None or always:
                errors.append(
                    {
                        "type": f"{part.word}_{ending}",
                        "description": f"{name}: {ending.lower()}.",
                    }
                )
        if "operations" in wanted and self._register.settings.operations:
            vehicle["operations"] = [
                {"name": row.operation}
                for row in ROWS
                if self._missing(visit, row.part) != "UNSUPPORTED"
            ]
        # An answer without errors has no list of them.
        return web.json_response(
            {"vehicle": vehicle, **({"errors": errors} if errors else {})}
        )

    def _missing(self, visit: Visit, name: str) -> str | None:
        """Return how a part is missing, None where it is there."""
        if not PARTS[name].fits(visit.twin.spec, self._register.settings):
            return "UNSUPPORTED"
        return visit.account.parts.get(name)

    # Commands

    async def _command(self, row: CommandRow, visit: Visit) -> web.Response:
        body = await _body(visit.request, row)
        match self._missing(visit, row.part):
            case "UNSUPPORTED":
                raise Refused("operation-not-supported", "The vehicle cannot do this.")
            case "DISABLED":
                raise Refused("operation-disabled", "This is disabled at present.")
        twin, account = visit.twin, visit.account
        if account.secondary:
            raise Refused("operation-not-authorized", "The vehicle refused the user.")
        commands = row.make(body, twin, account, visit.request.match_info.get("id", ""))
        settings = self._register.settings
        if account.guarded or twin.state.battery_12v < _EMPTY_12V:
            raise Refused(
                "vehicle-not-accepting-requests",
                "The vehicle does not accept requests at present.",
                retry_after=settings.pause,
            )
        if twin.faults.unreachable:
            await self._site.wait(visit.request, settings.patience)
            raise Refused(504, "The vehicle did not answer in time.")
        latency = self._site.rng.uniform(settings.latency_least, settings.latency_most)
        now = self._site.clock.now()
        for command in commands:
            twin.accept(command, now, latency)
        return web.Response(status=settings.command_status)


async def _body(request: web.Request, row: CommandRow) -> dict[str, Any]:
    """Return the fields of a body; nothing else is taken for one."""
    if request.content_type != "application/json":
        raise Refused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body has to be application/json."
        )
    if not row.fields:
        return {}
    raw = await request.read()
    try:
        content = json.loads(raw) if len(raw) <= _LARGEST else None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Refused(400, "The request body is malformed.")
    for name in content:
        if name not in row.fields:
            raise invalid(name, content[name], *sorted(row.fields))
    for name in row.required:
        if content.get(name) is None:
            raise invalid(name, None, "required")
    return content


def _takes_json(request: web.Request) -> bool:
    accepted = request.headers.get("Accept", "*/*")
    return any(
        part.partition(";")[0].strip() in {"*/*", "application/*", "application/json"}
        for part in accepted.split(",")
    )
