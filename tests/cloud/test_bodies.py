"""Answers of any size, depth and spelling, over real HTTP (5.2, 5.9, and 1: BOM)."""

import asyncio
import base64
from collections.abc import Iterator
import gzip
import json
import tracemalloc
from typing import Any
import zlib

from aiohttp import ClientSession, web
import pytest

from carport.cloud import bodies
from carport.cloud.answer import Answer
from carport.cloud.errors import BadAnswer, LoginExpired, Outage, Throttled
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.jwt import claims
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.rest_reads import picture_in
from carport.cloud.server import fetch_index
from simulator.clock import ManualClock

from .small_cloud import HOST, Handler, SmallCloud

_MIB = 1024 * 1024
_ROOM = 40 * _MIB


@pytest.fixture
def transport(
    session: ClientSession, clock: ManualClock, cloud: SmallCloud
) -> Transport:
    """Return a transport to the server on loopback."""
    return Transport(session, clock, HostMap(cloud.hosts), Ledger(clock))


@pytest.fixture
def flat() -> Iterator[None]:
    """Fail when far more memory is taken than the largest answer needs."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < _ROOM
    finally:
        tracemalloc.stop()


async def get(transport: Transport, purpose: Purpose = Purpose.READ) -> Answer:
    """Read a car."""
    return await transport.request(
        "GET", f"https://{HOST}/car", purpose=purpose, what="car"
    )


class Endless:
    """A body without an end, and how much of it was taken."""

    def __init__(self, status: int = 200, length: int | None = None) -> None:
        """Answer with a status; `length` is what is announced."""
        self.sent = 0
        self._status, self._length = status, length

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Send until the caller hangs up."""
        response = web.StreamResponse(status=self._status)
        response.content_length = self._length
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 65536)
                self.sent += 65536
        except ConnectionError:
            return response


def bomb() -> bytes:
    """Return about a MiB of gzip that would become a GiB."""
    stream = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    head = stream.compress(b"[") + stream.flush(zlib.Z_FULL_FLUSH)
    again = stream.compress(b" " * _MIB) + stream.flush(zlib.Z_FULL_FLUSH)
    return head + again * 1024


def packed(content: bytes, encoding: str, status: int = 200) -> web.Response:
    """Answer with a body that is said to be compressed so."""
    return web.Response(
        body=content, status=status, headers={"Content-Encoding": encoding}
    )


@pytest.mark.usefixtures("flat")
@pytest.mark.parametrize("purpose", [Purpose.READ, Purpose.SIGN_IN, Purpose.HISTORY])
async def test_5_2_an_endless_body_is_a_bad_answer(
    transport: Transport, cloud: SmallCloud, purpose: Purpose
) -> None:
    """It is hung up on, long before memory runs out."""
    endless = Endless()
    cloud.answers.append(endless)
    with pytest.raises(BadAnswer):
        await get(transport, purpose)
    assert endless.sent < 16 * _MIB
    assert transport.in_flight == 0
    assert (await get(transport, purpose)).json() == {}


@pytest.mark.usefixtures("flat")
@pytest.mark.parametrize(
    ("status", "error"), [(401, LoginExpired), (429, Throttled), (503, Outage)]
)
async def test_5_2_a_refusal_with_an_endless_body_is_that_refusal(
    transport: Transport,
    cloud: SmallCloud,
    status: int,
    error: type[Exception],
) -> None:
    """The status says enough: a pause or a lost sign-in is not passed off as else."""
    cloud.answers.append(Endless(status))
    with pytest.raises(error):
        await get(transport)


@pytest.mark.usefixtures("flat")
async def test_5_2_a_length_beyond_the_bound_is_not_waited_for(
    transport: Transport, cloud: SmallCloud
) -> None:
    """What is announced as too long is not even begun."""
    endless = Endless(length=2**40)
    cloud.answers.append(endless)
    with pytest.raises(BadAnswer):
        await get(transport)


@pytest.mark.usefixtures("flat")
async def test_5_2_a_bomb_is_a_bad_answer(
    transport: Transport, cloud: SmallCloud
) -> None:
    """A MiB on the wire is not made a GiB in memory."""
    content = bomb()
    assert len(content) < 1.2 * _MIB
    cloud.answers.append(packed(content, "gzip"))
    with pytest.raises(BadAnswer):
        await get(transport)
    cloud.answers.append(packed(content, "gzip", status=401))
    with pytest.raises(LoginExpired):
        await get(transport)


@pytest.mark.usefixtures("flat")
@pytest.mark.parametrize("kind", ["endless", "bomb", "deep"])
async def test_5_2_a_server_index_has_bounds_too(
    session: ClientSession, cloud: SmallCloud, kind: str
) -> None:
    """Something else may listen where a server was."""
    answers: dict[str, web.StreamResponse | Handler] = {
        "endless": Endless(),
        "bomb": packed(bomb(), "gzip"),
        "deep": web.Response(text='{"hosts":' + "[" * 100_000),
    }
    cloud.answers.append(answers[kind])
    with pytest.raises(BadAnswer):
        await fetch_index(session, cloud.origin)


@pytest.mark.usefixtures("flat")
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "[" * 80 + "]" * 80,
        "[" + "[]," * 1_000_000 + "[]]",
        '{"km": ' + "9" * 400 + "}",
        '{"km": ' + "9" * 5000 + "}",
        '{"km": -9223372036854775809}',
        '{"km": 1e999}',
        '{"km": NaN}',
        '{"km": [-Infinity]}',
    ],
    ids=lambda text: f"{text[:9]}…{len(text)}",
)
async def test_5_2_nesting_and_numbers_beyond_all_figures(
    transport: Transport, cloud: SmallCloud, text: str
) -> None:
    """A typed error, and no stack that overflows later while saving."""
    cloud.answers.append(web.Response(text=text))
    answer = await get(transport)
    with pytest.raises(BadAnswer):
        answer.parsed()
    assert transport.raw["car"].body == "text"


_SAID = {"name": "Käfer", "list": list(range(5000))}
_PLAIN = json.dumps(_SAID, ensure_ascii=False).encode()
_HALF = len(_PLAIN) // 2


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (_PLAIN, "identity"),
        (gzip.compress(_PLAIN), "gzip"),
        (gzip.compress(_PLAIN), "X-GZIP"),
        (gzip.compress(_PLAIN[:_HALF]) + gzip.compress(_PLAIN[_HALF:]), "gzip"),
        (zlib.compress(_PLAIN), "deflate"),
        (zlib.compress(_PLAIN)[2:-4], "deflate"),
    ],
)
async def test_5_2_honest_compression_is_undone(
    transport: Transport, cloud: SmallCloud, content: bytes, encoding: str
) -> None:
    """In all the ways that servers have."""
    cloud.answers.append(packed(content, encoding))
    assert (await get(transport)).json() == _SAID
    _, _, headers, _ = cloud.requests[0]
    assert headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (_PLAIN, "gzip"),
        (gzip.compress(_PLAIN)[:-9], "gzip"),
        (gzip.compress(b"") * 100 + gzip.compress(_PLAIN), "gzip"),
        (zlib.compress(_PLAIN)[:-5], "deflate"),
        (zlib.compress(_PLAIN) * 2, "deflate"),
        (_PLAIN, "br"),
        (_PLAIN, "zstd"),
        (gzip.compress(gzip.compress(_PLAIN)), "gzip, gzip"),
    ],
)
async def test_5_2_what_cannot_be_undone_is_a_bad_answer(
    transport: Transport, cloud: SmallCloud, content: bytes, encoding: str
) -> None:
    """Cut short, of another kind, or one that was not asked for."""
    cloud.answers.append(packed(content, encoding))
    with pytest.raises(BadAnswer):
        await get(transport)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (_PLAIN, "application/json"),
        (b"\xef\xbb\xbf" + _PLAIN, "application/json"),
        (_PLAIN, "application/json; charset=iso-8859-1"),
        (_PLAIN, "application/json; charset=utf-16"),
        (_PLAIN.decode().encode("iso-8859-1"), "text/json; charset=ISO-8859-1"),
        (_PLAIN.decode().encode("utf-16"), "application/json"),
        (_PLAIN.decode().encode("utf-16"), 'text/json; charset="UTF-16"'),
        (_PLAIN.decode().encode("utf-16-le"), "text/json; charset=utf-16"),
        (_PLAIN.decode().encode("utf-16-be"), "text/json; charset=utf-16"),
        (_PLAIN.decode().encode("utf-16-be"), "text/json;charset=utf-16be"),
        (b"\xfe\xff" + _PLAIN.decode().encode("utf-16-be"), "text/json"),
    ],
)
async def test_1_json_with_a_mark_or_in_another_encoding(
    transport: Transport, cloud: SmallCloud, content: bytes, content_type: str
) -> None:
    """A byte order mark and declared encodings are read."""
    cloud.answers.append(
        web.Response(body=content, headers={"Content-Type": content_type})
    )
    assert (await get(transport)).json() == _SAID


async def test_5_1_texts_are_cleaned_where_they_come_in(
    transport: Transport, cloud: SmallCloud
) -> None:
    """Half an emoji and control characters stop no save; whole emojis stay."""
    said = '{"n\\ud83d": ["Half \\ud83d", "\\u0000a\\r\\nb", "\\ud83d\\ude97 \u202f"]}'
    cloud.answers.append(web.Response(text=said))
    found: Any = (await get(transport)).json()
    assert found == {"n\ufffd": ["Half \ufffd", " a  b", "\U0001f697 \u202f"]}
    json.dumps(found, ensure_ascii=False).encode()


async def test_5_1_headers_are_cleaned_where_they_come_in(
    transport: Transport, cloud: SmallCloud
) -> None:
    """What is no UTF-8 on the wire could be kept as a cookie, and not be saved."""

    async def rude(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(
            b"HTTP/1.1 200 OK\r\nX-Token: a\xffb\r\nContent-Length: 2\r\n\r\n{}"
        )
        await asyncio.sleep(0)
        request.transport.close()
        return web.Response()

    cloud.answers.append(rude)
    assert (await get(transport)).headers["X-Token"] == "a\ufffdb"


async def test_5_9_a_token_that_cannot_be_sent_is_a_typed_error(
    transport: Transport, cloud: SmallCloud
) -> None:
    """A line break in a header is no way into the next request."""
    for value in ("a\r\nX: b", "a\nb", "\0"):
        with pytest.raises(BadAnswer):
            await transport.request(
                "GET",
                f"https://{HOST}/car",
                purpose=Purpose.READ,
                what="car",
                headers={"Authorization": value},
            )
    assert cloud.requests == []
    assert transport.in_flight == 0


def test_5_9_a_token_nested_too_deep_says_nothing() -> None:
    """Unreadable claims are none."""
    deep = "[" * 100_000
    assert claims(f"a.{base64.urlsafe_b64encode(deep.encode()).decode()}.b") == {}


def test_5_2_every_kind_has_a_bound() -> None:
    """Nothing inflates without an end."""
    for bound in (bodies.ANSWER, bodies.PAGE, bodies.PICTURE, bodies.INDEX):
        assert 0 < bound.wire <= bound.inflated <= 8 * _MIB


@pytest.mark.parametrize(
    ("kind", "body", "taken"),
    [
        ("image/png", b"\x89PNG", True),
        ("IMAGE/JPEG; q=1", b"\xff\xd8", True),
        ("image/png", b"", False),
        # A browser would run what stands in it.
        ("image/svg+xml", b"<svg onload='x()'/>", False),
        ("text/html", b"<script>x()</script>", False),
        ("application/octet-stream", b"\x89PNG", False),
    ],
)
async def test_5_9_a_picture_is_nothing_that_a_browser_runs(
    transport: Transport, cloud: SmallCloud, kind: str, body: bytes, taken: bool
) -> None:
    """Only what is an image of pixels, and has some."""
    cloud.answers.append(web.Response(body=body, headers={"Content-Type": kind}))
    answer = await get(transport)
    if taken:
        assert picture_in(answer).content == body
    else:
        with pytest.raises(BadAnswer):
            picture_in(answer)
