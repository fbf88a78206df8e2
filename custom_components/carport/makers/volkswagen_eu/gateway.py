"""The way to the cars' services: tokens, headers, and what their errors mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import json
from typing import Any, Final

from ...service.contract import Context
from ...service.errors import (
    Busy,
    CloudError,
    LoginExpired,
    NotPermitted,
    Outage,
    PinRefused,
    Throttled,
    error_for,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.rows import dig, number
from .tokens import Tier

_ACCEPT: Final = "application/json, application/vnd.volkswagenag.com-error-v1+json, */*"
# Mandatory for some calls, whatever they say.
_APP: Final = {
    "X-App-Name": "We Connect",
    "X-App-Version": "5.8.0",
    "Accept-Language": "en-US",
}
_TIME_OUT: Final = 60.0
_PAUSE: Final = timedelta(minutes=15)
_LONGEST_LOCK: Final = 24 * 3600
_JUDGED: Final = (200, 202, 204, 400, 401, 403, 404, 409)

_BY_CODE: Final[Mapping[str, type[CloudError]]] = {
    "gw.error.authentication": LoginExpired,
    "mbbc.rolesandrights.invalidSecurityPin": PinRefused,
    "mbbc.rolesandrights.servicelocallydisabled": NotPermitted,
    # Legitimation pending, or a privacy setting in the car.
    "VSR.9007": NotPermitted,
    # The position took too long; it may come next time.
    "CF.technical.9031": Outage,
    "business.1003": Busy,
}
_INNER_THROTTLE: Final = "VSR.9025"
_WRONG_PIN: Final = "SECURITY_PIN_INVALID"


class PinLocked(PinRefused):
    """No PIN is taken until then, so that this one may well be right."""

    def __init__(
        self, what: str, *, until: datetime, status: int | None = None
    ) -> None:
        """Say when the next one is taken."""
        super().__init__(what, status=status)
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: a base, and a path template whose braces are filled in."""

    base: str
    path: str
    method: str = "GET"
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] | None = None
    accept: str = _ACCEPT
    json: Any = field(default=None, repr=False)
    xml: str | None = field(default=None, repr=False)
    content_type: str | None = None
    security_token: str | None = field(default=None, repr=False)
    pause: float = _PAUSE.total_seconds()
    """How long a refusal for too many calls lasts that says no time."""

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.base}{self.path.format_map(self.values)}"


class Gateway:
    """Makes calls with tokens of one tier, and names what goes wrong."""

    def __init__(self, context: Context, tokens: Tier) -> None:
        """Use an account's transport."""
        self._transport = context.transport
        self._clock = context.clock
        self._tokens = tokens

    async def call(self, call: Call, purpose: Purpose) -> Answer:
        """Make a call; again with other tokens if these are refused."""
        return await self._tokens.authorised(
            lambda tokens: self._send(call, purpose, tokens.access)
        )

    async def json(self, call: Call, purpose: Purpose) -> Mapping[str, Any]:
        """Make a call that is answered with a JSON object."""
        return (await self.call(call, purpose)).json()

    async def _send(self, call: Call, purpose: Purpose, token: str) -> Answer:
        headers = {**_APP, "Accept": call.accept, "Authorization": f"Bearer {token}"}
        if call.content_type is not None:
            headers["Content-Type"] = call.content_type
        if call.security_token is not None:
            headers["X-MBBSecToken"] = call.security_token
        answer = await self._transport.request(
            call.method,
            call.url,
            purpose=purpose,
            what=call.path,
            headers=headers,
            params=call.params,
            json=call.json,
            xml=call.xml,
            time_out=_TIME_OUT,
            repeatable=call.method == "GET",
            allowed=_JUDGED,
            pause=call.pause,
        )
        if answer.status < 400:
            return answer
        raise self._error(answer)

    def _error(self, answer: Answer) -> CloudError:
        said = _said(answer.text)
        code, now = said.get("errorCode"), self._clock.now()
        if code == _INNER_THROTTLE:
            return Throttled(answer.what, until=now + _PAUSE, status=answer.status)
        kind = _BY_CODE.get(code) if isinstance(code, str) else None
        if kind is None:
            return error_for(answer.what, answer.status)
        if kind is PinRefused and _is_locked(said):
            wait = number(dig(said, ("details", "delay"))) or 0
            until = now + timedelta(seconds=min(max(wait, 0), _LONGEST_LOCK))
            return PinLocked(answer.what, until=until, status=answer.status)
        return kind(answer.what, status=answer.status)


def _said(text: str) -> Mapping[str, Any]:
    """Return what is in the envelope of an error."""
    try:
        found = dig(json.loads(text), ("error",))
    except ValueError, RecursionError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _is_locked(said: Mapping[str, Any]) -> bool:
    """Return whether a PIN was refused for another reason than being wrong."""
    reason = dig(said, ("details", "reason"))
    return isinstance(reason, str) and reason != _WRONG_PIN
