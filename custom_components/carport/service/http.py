"""The one HTTP transport: time-outs, bounded retries, redirects by hand, booking."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import json as json_module
import logging
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractCookieJar
from multidict import CIMultiDictProxy
from yarl import URL

from .clock import CLOCK_HEADER, Clock
from .errors import BadAnswer, Outage, Throttled, Unreached, error_for
from .hosts import HostMap, declared
from .ledger import Ledger, Purpose

_LOGGER: Final = logging.getLogger(__name__)

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PAUSES: Final = (1.0, 4.0)
_TIME_OUT: Final = 30.0
_DEFAULT_PAUSE: Final = 15 * 60.0
_LONGEST_PAUSE: Final = 24 * 3600.0
_HOPS: Final = 20
_PRIVATE: Final = frozenset({Purpose.SIGN_IN, Purpose.TOKEN})
_READING: Final = frozenset({Purpose.LIST, Purpose.READ})
_NO_LIMIT: Final = aiohttp.ClientTimeout(total=None, sock_connect=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer, under its real address."""

    what: str
    status: int
    url: URL
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    location: URL | None = field(default=None, repr=False)

    def parsed(self) -> Any:
        """Return the body, which has to be JSON of any shape."""
        try:
            return json_module.loads(self.text)
        except ValueError, RecursionError:
            raise BadAnswer(self.what, status=self.status) from None

    def json(self) -> dict[str, Any]:
        """Return the body, which has to be a JSON object."""
        body = self.parsed()
        if not isinstance(body, dict):
            raise BadAnswer(self.what, status=self.status)
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """The last answer of one kind, for diagnostics; not redacted."""

    status: int
    received_at: datetime
    text: str = field(repr=False)

    @property
    def body(self) -> Any:
        """The parsed JSON, or what else there was in one word."""
        if not self.text.strip():
            return "empty"
        try:
            return json_module.loads(self.text)
        except ValueError, RecursionError:
            return "html" if "<" in self.text[:200] else "text"


class Transport:
    """One account's way to its cloud.

    `in_flight` counts calls on the wire; `raw` keeps the last answer by path
    template, never that of a sign-in, a token or a PIN.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        clock: Clock,
        hosts: HostMap,
        ledger: Ledger,
    ) -> None:
        """Use a session without cookies of its own."""
        self.ledger: Final = ledger
        self.in_flight = 0
        self.raw: dict[str, RawAnswer] = {}
        self._session = session
        self._clock = clock
        self._hosts = hosts

    async def request(
        self,
        method: str,
        url: str | URL,
        *,
        purpose: Purpose,
        what: str,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        xml: str | None = None,
        params: Mapping[str, str] | None = None,
        jar: AbstractCookieJar | None = None,
        time_out: float = _TIME_OUT,
        repeatable: bool = False,
        allowed: Collection[int] = (200,),
        pause: float = _DEFAULT_PAUSE,
    ) -> Answer:
        """Make a call and return its answer if its status is allowed.

        `what` is the path template, which is all that errors and logs say. A
        repeatable call is tried twice more after an outage. `pause` is how long
        a 429 without a time of its own lasts.
        """
        address = URL(url) if isinstance(url, str) else url
        call = _Call(
            method=method,
            url=address.update_query(params) if params else address,
            purpose=purpose,
            what=what,
            headers=headers or {},
            json=json,
            form=form,
            xml=xml,
            jar=jar,
            time_out=time_out,
        )
        pauses = iter(_PAUSES if repeatable else ())
        while True:
            try:
                answer = await self._make(call)
                self._check(answer, purpose, allowed, pause)
            except Outage:
                if (wait := next(pauses, None)) is None:
                    raise
                await self._clock.sleep(wait)
            else:
                return answer

    async def follow(
        self,
        answer: Answer,
        *,
        purpose: Purpose,
        what: str,
        hosts: Collection[str],
        jar: AbstractCookieJar | None = None,
        headers: Mapping[str, str] | None = None,
        stop: str | None = None,
        watch: Callable[[Answer], object] | None = None,
        limit: int = _HOPS,
    ) -> Answer:
        """Follow redirects to the end, or to one whose target starts with `stop`.

        Only declared hosts are called. `watch` sees every answer first, and may
        end the journey by raising.
        """
        # Spelled as the targets are: the library shortens empty authorities.
        end = None if stop is None else str(URL(stop))
        for _ in range(limit):
            if watch is not None:
                watch(answer)
            target = answer.location
            if target is None or (end is not None and str(target).startswith(end)):
                return answer
            if not declared(target, hosts):
                break
            answer = await self.request(
                "GET",
                target,
                purpose=purpose,
                what=what,
                headers=headers,
                jar=jar,
                repeatable=False,
                allowed=_REDIRECTS | {200},
            )
        raise BadAnswer(what)

    def resolve(self, base: URL, address: str) -> URL | None:
        """Return the real address that a page or header names; None if it is none."""
        try:
            return self._hosts.real(base.join(URL(address)))
        except ValueError:
            return None

    def _check(
        self, answer: Answer, purpose: Purpose, allowed: Collection[int], pause: float
    ) -> None:
        if answer.status in allowed:
            return
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
            raise error_for(answer.what, answer.status)
        now = self._clock.now()
        wait = _retry_after(answer.headers.get("Retry-After"), now)
        until = now + timedelta(
            seconds=pause if wait is None else min(wait, _LONGEST_PAUSE)
        )
        if purpose in _READING:
            self.ledger.throttle(until)
        raise Throttled(answer.what, until=until, status=answer.status)

    async def _make(self, call: _Call) -> Answer:
        """Make one call on the wire, book it and keep what came back."""
        self.ledger.book(call.purpose)
        started = self._clock.now()
        try:
            status, headers, content = await self._exchange(call)
        except Outage as error:
            _LOGGER.debug(
                "%s %s failed: %s", call.method, call.what, type(error).__name__
            )
            raise
        self._clock.heard(headers.get(CLOCK_HEADER))
        _LOGGER.debug(
            "%s %s answered %s in %.2f s",
            call.method,
            call.what,
            status,
            (self._clock.now() - started).total_seconds(),
        )
        if call.jar is not None:
            call.jar.update_cookies_from_headers(
                headers.getall("Set-Cookie", []), call.url
            )
        text = content.decode("utf-8", "replace")
        answer = Answer(
            what=call.what,
            status=status,
            url=call.url,
            headers=headers,
            text=text,
            content=content,
            location=self._location(call.url, status, headers),
        )
        if call.purpose not in _PRIVATE:
            self.raw[call.what] = RawAnswer(
                status=status,
                received_at=self._clock.now(),
                text=text,
            )
        return answer

    async def _exchange(self, call: _Call) -> tuple[int, CIMultiDictProxy[str], bytes]:
        """Send the request and take the whole answer; name what goes wrong."""
        headers = dict(call.headers)
        if call.jar is not None and (cookies := call.jar.filter_cookies(call.url)):
            headers["Cookie"] = "; ".join(
                f"{name}={morsel.coded_value}" for name, morsel in cookies.items()
            )
        self.in_flight += 1
        try:
            async with (
                self._clock.timeout(call.time_out),
                self._session.request(
                    call.method,
                    self._hosts.wire(call.url),
                    headers=headers,
                    json=call.json,
                    data=call.form if call.xml is None else call.xml,
                    allow_redirects=False,
                    timeout=_NO_LIMIT,
                    middlewares=(_send_once,),
                ) as response,
            ):
                body = await response.read()
        except aiohttp.ClientConnectorError:
            raise Unreached(call.what) from None
        except TimeoutError, aiohttp.ClientError, OSError:
            # The cause is left out: it may name the whole address.
            raise Outage(call.what) from None
        finally:
            self.in_flight -= 1
        return response.status, response.headers, body

    def _location(
        self, url: URL, status: int, headers: Mapping[str, str]
    ) -> URL | None:
        """Return where a redirect leads, under its real address."""
        text = headers.get("Location")
        if status not in _REDIRECTS or text is None:
            return None
        return self.resolve(url, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One request as the transport is asked for it."""

    method: str
    url: URL
    purpose: Purpose
    what: str
    headers: Mapping[str, str]
    json: Any
    form: Mapping[str, str] | None
    xml: str | None
    jar: AbstractCookieJar | None
    time_out: float


class _CutOff(aiohttp.ClientError):
    """The connection broke while a request was under way."""


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a PUT again over another connection.

    It does so by itself when a kept connection turns out to be closed, but a
    command that may have arrived is never to be sent twice.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except aiohttp.ClientOSError, aiohttp.ServerDisconnectedError:
        raise _CutOff from None


def _retry_after(text: str | None, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, which may also hold a date."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0)
