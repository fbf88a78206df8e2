"""The one HTTP transport: time-outs, bounded retries, redirects by hand, booking."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
import logging
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractCookieJar
from multidict import CIMultiDict
from yarl import URL

from ..car.bounds import clean_text
from .answer import REDIRECTS, Answer, RawAnswer
from .bodies import (
    ANSWER,
    ENCODINGS,
    PAGE,
    BadBody,
    Bound,
    is_binary,
    read_body,
    text_of,
)
from .clock import CLOCK_HEADER, Clock
from .errors import BadAnswer, HostNotMapped, Outage, Throttled, Unreached, error_for
from .exposure import Exposure
from .hosts import HostMap, StreamAddress, declared
from .ledger import Ledger, Purpose
from .time_limit import cut_off, limit_to_begin
from .trace import Trace

_LOGGER: Final = logging.getLogger(__name__)

_PAUSES: Final = (1.0, 4.0)
_TIME_OUT: Final = 30.0
_DEFAULT_PAUSE: Final = 15 * 60.0
_LONGEST_PAUSE: Final = 24 * 3600.0
_HOPS: Final = 20
_PRIVATE: Final = frozenset({Purpose.SIGN_IN, Purpose.TOKEN})
_READING: Final = frozenset({Purpose.LIST, Purpose.READ})
_NO_LIMIT: Final = aiohttp.ClientTimeout(total=None, sock_connect=None)


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
        self.exposure = Exposure()
        self.trace = Trace()
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
        bound: Bound | None = None,
        without_secret: bool = False,
    ) -> Answer:
        """Make a call and return its answer if its status is allowed.

        `what` is the path template, which is all that errors and logs say. A
        repeatable call is tried twice more after an outage. `pause` is how long
        a 429 without a time of its own lasts. What is longer than its `bound` is a
        bad answer; without one the purpose says what it may be. A call `without_secret`
        has nothing in it that a sign-in may be refused for, in whatever form: one that
        ends with such calls alone uses up none of a day's sign-ins.
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
            bound=bound or (PAGE if purpose in _PRIVATE else ANSWER),
            without_secret=without_secret,
        )
        pauses = iter(_PAUSES if repeatable else ())
        limit = limit_to_begin(purpose)
        while True:
            if limit is not None:
                limit.admit(call.url.authority, what)
            try:
                answer = await self._make(call)
                self._check(answer, purpose, allowed, pause)
            except Outage as error:
                wait = next(pauses, None)
                if limit is not None and (wait is None or limit.over):
                    limit.note(call.url.authority, error)
                    raise
                if wait is None:
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
        headers: Callable[[Answer], Mapping[str, str]] | None = None,
        stop: str | None = None,
        watch: Callable[[Answer], object] | None = None,
        limit: int = _HOPS,
        without_secret: bool = False,
    ) -> Answer:
        """Follow redirects to the end, or to one whose target starts with `stop`.

        Only declared hosts are called. `watch` sees every answer first, and may
        end the journey by raising; `headers` are those of the call that follows it.
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
                headers=None if headers is None else headers(answer),
                jar=jar,
                repeatable=False,
                allowed=REDIRECTS | {200},
                without_secret=without_secret,
            )
        raise BadAnswer(what)

    def stream_address(self, host: str, port: int) -> StreamAddress:
        """Return where a real stream is reached, and whether in TLS."""
        return self._hosts.stream(host, port)

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
        wait = answer.retry_after(now)
        until = now + timedelta(
            seconds=pause if wait is None else min(wait, _LONGEST_PAUSE)
        )
        if purpose in _READING:
            self.ledger.throttle(until)
        raise Throttled(answer.what, until=until, status=answer.status)

    async def departing(self, purpose: Purpose) -> None:
        """Do what has to be done just before a call goes out, such as to forbid it.

        A face that shares accounts with other processes raises `CloudError` here.
        """

    async def _make(self, call: _Call) -> Answer:
        """Make one call on the wire, book it and keep what came back."""
        await self.departing(call.purpose)
        self.ledger.book(call.purpose)
        started = self._clock.now()
        without_secret = call.without_secret
        try:
            status, headers, content = await self._exchange(call)
        except HostNotMapped:
            without_secret = True
            raise
        except (Outage, BadAnswer) as error:
            without_secret |= isinstance(error, Unreached)
            self.trace.note_failure(
                call.method, call.url.host, call.what, type(error).__name__
            )
            _LOGGER.debug(
                "%s %s failed: %s", call.method, call.what, type(error).__name__
            )
            raise
        finally:
            self.exposure.note(without_secret=without_secret)
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
        content_type = headers.get("Content-Type", "")
        binary = is_binary(content, content_type)
        text = "" if binary else text_of(content, content_type)
        answer = Answer(
            what=call.what,
            status=status,
            url=call.url,
            headers=headers,
            text=text,
            content=content,
            location=self._location(call.url, status, headers),
        )
        sent = call.json if isinstance(call.json, Mapping) else call.form
        self.trace.note(
            call.method,
            call.url.host,
            call.what,
            status,
            text,
            sent=sent,
            binary=binary,
        )
        if call.purpose not in _PRIVATE:
            self.raw[call.what] = RawAnswer(
                status=status,
                received_at=self._clock.now(),
                text=text,
                binary=binary,
            )
        return answer

    async def _exchange(self, call: _Call) -> tuple[int, CIMultiDict[str], bytes]:
        """Send the request and take the whole answer; name what goes wrong."""
        headers = {"Accept-Encoding": ENCODINGS, **call.headers}
        if call.jar is not None and (cookies := call.jar.filter_cookies(call.url)):
            headers["Cookie"] = "; ".join(
                f"{name}={morsel.coded_value}" for name, morsel in cookies.items()
            )
        if self._session.closed:
            # The face closes it with the account; what asks on comes too late.
            raise Unreached(call.what)
        self.in_flight += 1
        try:
            async with (
                self._clock.timeout(call.time_out),
                cut_off(call.purpose),
                self._session.request(
                    call.method,
                    self._hosts.wire(call.url),
                    headers=headers,
                    json=call.json,
                    data=call.form if call.xml is None else call.xml,
                    allow_redirects=False,
                    timeout=_NO_LIMIT,
                    middlewares=(_send_once,),
                    auto_decompress=False,
                ) as response,
            ):
                body = await self._body(call, response)
        except aiohttp.ClientConnectorError:
            raise Unreached(call.what) from None
        except TimeoutError, aiohttp.ClientError, OSError:
            # The cause is left out: it may name the whole address.
            raise Outage(call.what) from None
        except ValueError:
            # What the cloud gave us to send, such as a token, cannot be sent.
            raise BadAnswer(call.what) from None
        finally:
            self.in_flight -= 1
        # Bytes that are no UTF-8 come out of the library as halves of characters.
        told = CIMultiDict(
            (name, clean_text(value)) for name, value in response.headers.items()
        )
        return response.status, told, body

    async def _body(self, call: _Call, response: aiohttp.ClientResponse) -> bytes:
        """Take a body within its bound; a refusal is told by its status without one."""
        try:
            return await read_body(response, call.bound)
        except BadBody:
            if response.ok and response.status not in REDIRECTS:
                raise BadAnswer(call.what, status=response.status) from None
            return b""

    def _location(
        self, url: URL, status: int, headers: Mapping[str, str]
    ) -> URL | None:
        """Return where a redirect leads, under its real address."""
        text = headers.get("Location")
        if status not in REDIRECTS or text is None:
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
    bound: Bound
    without_secret: bool


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
