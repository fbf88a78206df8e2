"""The transport, over real HTTP."""

import asyncio
import logging

from aiohttp import ClientSession, CookieJar, web
import pytest

from carport.cloud.answer import Answer
from carport.cloud.errors import (
    BadAnswer,
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    Outage,
    Throttled,
    Unreached,
)
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from simulator.clock import ManualClock

from .small_cloud import (
    HOST,
    OTHER_HOST,
    SmallCloud,
    hang_up,
    never,
    pass_time,
    redirect,
)

URL = f"https://{HOST}/cars/1"
WHAT = "/cars/{id}"


@pytest.fixture
def transport(
    session: ClientSession, clock: ManualClock, cloud: SmallCloud
) -> Transport:
    """Return a transport to the server on loopback."""
    hosts = HostMap(cloud.hosts)
    return Transport(session, clock, hosts, Ledger(clock))


async def get(transport: Transport, **arguments: object) -> Answer:
    """Read a car."""
    return await transport.request(
        "GET",
        URL,
        **{"purpose": Purpose.READ, "what": WHAT, **arguments},  # type: ignore[arg-type] # a test's own mixture
    )


async def test_an_answer_under_its_real_address(
    transport: Transport, cloud: SmallCloud
) -> None:
    """Makers never see where the server really is."""
    cloud.answers.append(web.json_response({"km": 3}))
    answer = await get(transport, params={"unit": "k m"})
    assert answer.json() == {"km": 3}
    assert str(answer.url) == f"{URL}?unit=k+m"
    assert cloud.paths == ["/cars/1?unit=k+m"]
    assert transport.ledger.counts_today() == {"read": 1}
    assert transport.in_flight == 0


@pytest.mark.parametrize("body", ["<html>", "", "[1]", "nonsense", "[" * 100_000])
async def test_other_than_an_object_is_a_bad_answer(
    transport: Transport, cloud: SmallCloud, body: str
) -> None:
    """HTML in place of JSON is named, whatever it holds."""
    cloud.answers.append(web.Response(text=body, content_type="text/html"))
    answer = await get(transport)
    with pytest.raises(BadAnswer):
        answer.json()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, CloudError),
        (401, LoginExpired),
        (403, NotPermitted),
        (404, NotSupported),
        (500, Outage),
        (503, Outage),
        (302, CloudError),
    ],
)
async def test_statuses_become_errors(
    transport: Transport, cloud: SmallCloud, status: int, error: type[CloudError]
) -> None:
    """A status is looked at once, and named."""
    cloud.answers.append(web.Response(status=status))
    with pytest.raises(error) as caught:
        await get(transport)
    assert caught.value.status == status
    assert str(caught.value) == f"{WHAT} answered {status}"


async def test_an_allowed_status_is_an_answer(
    transport: Transport, cloud: SmallCloud
) -> None:
    """A caller may want to read a refusal itself."""
    cloud.answers.append(web.json_response({"error": "x"}, status=401))
    assert (await get(transport, allowed=(200, 401))).status == 401


async def test_repeatable_calls_are_tried_twice_more(
    transport: Transport, cloud: SmallCloud, clock: ManualClock
) -> None:
    """Reading again does no harm, and every try is booked."""
    cloud.answers.extend([web.Response(status=503), hang_up])
    answer = await pass_time(
        clock, asyncio.create_task(get(transport, repeatable=True))
    )
    assert answer.status == 200
    assert transport.ledger.counts_today() == {"read": 3}


async def test_repeats_are_bounded(
    transport: Transport, cloud: SmallCloud, clock: ManualClock
) -> None:
    """Three tries are enough."""
    cloud.answers.extend(web.Response(status=500) for _ in range(9))
    with pytest.raises(Outage):
        await pass_time(clock, asyncio.create_task(get(transport, repeatable=True)))
    assert len(cloud.requests) == 3


async def test_a_refusal_is_not_repeated(
    transport: Transport, cloud: SmallCloud
) -> None:
    """Only outages may mend themselves."""
    cloud.answers.append(web.Response(status=403))
    with pytest.raises(NotPermitted):
        await get(transport, repeatable=True)
    assert len(cloud.requests) == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
async def test_a_command_is_sent_once_also_over_a_kept_connection(
    transport: Transport, cloud: SmallCloud, method: str
) -> None:
    """A PUT that may have arrived is not sent again by the library either."""
    await get(transport)
    cloud.answers.append(hang_up)
    with pytest.raises(Outage) as caught:
        await transport.request(
            method, URL, purpose=Purpose.COMMAND, what=WHAT, json={"lock": True}
        )
    assert caught.value.arrived
    assert [method for method, *_ in cloud.requests] == ["GET", method]


async def test_nobody_there(
    session: ClientSession, clock: ManualClock, unused_tcp_port: int
) -> None:
    """What was never connected was never sent."""
    hosts = HostMap({HOST: f"http://127.0.0.1:{unused_tcp_port}"})
    transport = Transport(session, clock, hosts, Ledger(clock))
    with pytest.raises(Unreached) as caught:
        await get(transport)
    assert not caught.value.arrived
    assert caught.value.__cause__ is None


async def test_a_time_out_by_the_clock(
    transport: Transport, cloud: SmallCloud, clock: ManualClock
) -> None:
    """A slow cloud is an outage; the request may have arrived."""
    cloud.answers.append(never)
    started = clock.now()
    with pytest.raises(Outage) as caught:
        await pass_time(clock, asyncio.create_task(get(transport, time_out=7)))
    assert caught.value.arrived
    assert (clock.now() - started).total_seconds() == 7
    assert transport.in_flight == 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Sat, 21 Nov 2026 08:05:00 GMT", 300),
        # Without a zone that is known, a date has none for the parser either.
        ("Sat, 21 Nov 2026 08:05:00 -0000", 300),
        ("Sat, 21 Nov 2026 08:05:00", 300),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0),
        ("soon", 40),
        (None, 40),
        ("999999999", 24 * 3600),
    ],
)
async def test_too_many_calls(
    transport: Transport,
    cloud: SmallCloud,
    clock: ManualClock,
    header: str | None,
    seconds: float,
) -> None:
    """The cloud's own pause counts, within reason; else the service's."""
    headers = {} if header is None else {"Retry-After": header}
    cloud.answers.append(web.Response(status=429, headers=headers))
    with pytest.raises(Throttled) as caught:
        await get(transport, pause=40)
    assert (caught.value.until - clock.now()).total_seconds() == seconds
    assert (transport.ledger.throttled_until is not None) is (seconds > 0)


async def test_a_throttled_command_does_not_stop_reading(
    transport: Transport, cloud: SmallCloud
) -> None:
    """Commands may have a ration of their own."""
    cloud.answers.append(web.Response(status=429))
    with pytest.raises(Throttled):
        await get(transport, purpose=Purpose.COMMAND)
    assert transport.ledger.throttled_until is None


async def test_raw_answers_are_kept_but_not_secrets(
    transport: Transport, cloud: SmallCloud, clock: ManualClock
) -> None:
    """Diagnostics get the last answer of each kind, never that of a sign-in."""
    bodies = ['{"a": 1}', "<html>", "words", " "]
    for number, body in enumerate(bodies):
        cloud.answers.append(web.Response(text=body))
        await get(transport, what=f"/{number}")
    for purpose in (Purpose.SIGN_IN, Purpose.TOKEN):
        await get(transport, what=f"/{purpose}", purpose=purpose)
    assert {what: raw.body for what, raw in transport.raw.items()} == {
        "/0": {"a": 1},
        "/1": "html",
        "/2": "text",
        "/3": "empty",
    }
    assert transport.raw["/0"].received_at == clock.now()
    assert transport.raw["/0"].status == 200


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream"])
async def test_7_2_h_a_picture_is_never_made_a_text(
    transport: Transport, cloud: SmallCloud, kind: str
) -> None:
    """Its bytes are the answer's, and diagnostics keep that it was one."""
    picture = b"\x89PNG\r\n" + bytes(range(256)) * 40
    cloud.answers.append(web.Response(body=picture, content_type=kind))
    answer = await get(transport, what="/picture", purpose=Purpose.HISTORY)
    assert answer.content == picture
    assert answer.text == ""
    kept = transport.raw["/picture"]
    assert (kept.text, kept.body) == ("", "binary")


async def test_nothing_secret_is_logged(
    transport: Transport, cloud: SmallCloud, caplog: pytest.LogCaptureFixture
) -> None:
    """Method, template, status and time are all that debugging sees."""
    caplog.set_level(logging.DEBUG)
    cloud.answers.append(web.Response(status=500, text="marked-body"))
    with pytest.raises(Outage) as caught:
        await transport.request(
            "POST",
            f"https://{HOST}/marked-path",
            purpose=Purpose.COMMAND,
            what=WHAT,
            headers={"Authorization": "marked-header"},
            form={"password": "marked-form"},
            params={"id": "marked-parameter"},
        )
    ours = [record for record in caplog.records if "carport" in record.name]
    assert [record.getMessage() for record in ours] == [
        f"POST {WHAT} answered 500 in 0.00 s"
    ]
    assert "marked" not in str(caught.value) + repr(caught.value)


async def test_cookies_belong_to_the_real_hosts(
    transport: Transport, cloud: SmallCloud
) -> None:
    """A jar goes with a sign-in, and its cookies only where they came from."""
    jar = CookieJar(quote_cookie=False)
    cloud.answers.append(
        redirect(f"https://{HOST}/next", "flow=a/b=; Secure; HttpOnly", "x=1; Path=/no")
    )
    await get(transport, jar=jar, allowed=(302,), purpose=Purpose.SIGN_IN)
    await get(transport, jar=jar)
    await transport.request(
        "GET", f"https://{OTHER_HOST}/", purpose=Purpose.READ, what="/", jar=jar
    )
    sent = [headers.get("Cookie") for _, _, headers, _ in cloud.requests]
    assert sent == [None, "flow=a/b=", None]


async def follow(transport: Transport, first: Answer, **more: object) -> Answer:
    """Follow redirects as a sign-in does."""
    return await transport.follow(
        first,
        **{  # type: ignore[arg-type] # a test's own mixture
            "purpose": Purpose.SIGN_IN,
            "what": "page",
            "hosts": {HOST, OTHER_HOST},
            "stop": "car-net:///oauth-callback",
            **more,
        },
    )


async def test_redirects_are_followed_to_the_app(
    transport: Transport, cloud: SmallCloud
) -> None:
    """Relative, real and stand-in targets are all the same to a sign-in."""
    cloud.answers.extend(
        [
            redirect("../b?c=1"),
            redirect(f"{cloud.other_origin}/at-the-other"),
            redirect(f"https://{HOST}/last"),
            redirect("car-net:///oauth-callback?state=s&code=c"),
        ]
    )
    seen: list[str] = []
    first = await get(transport, allowed=(302,))
    end = await follow(
        transport, first, watch=lambda answer: seen.append(str(answer.url))
    )
    assert seen == [
        URL,
        f"https://{HOST}/b?c=1",
        f"https://{OTHER_HOST}/at-the-other",
        f"https://{HOST}/last",
    ]
    assert end.location is not None
    assert dict(end.location.query) == {"state": "s", "code": "c"}


async def test_a_page_ends_the_journey(transport: Transport, cloud: SmallCloud) -> None:
    """What is no redirect is where we arrive."""
    cloud.answers.extend([redirect("/page"), web.Response(text="here")])
    end = await follow(transport, await get(transport, allowed=(302,)))
    assert (end.text, end.location) == ("here", None)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        f"http://{HOST}/",
        "other-app:///oauth-callback",
        "https://[/",
    ],
)
async def test_undeclared_targets_are_not_called(
    transport: Transport, cloud: SmallCloud, target: str
) -> None:
    """A redirect to somewhere else ends the sign-in, without a call."""
    cloud.answers.append(redirect(target))
    first = await get(transport, allowed=(302,))
    if first.location is None:
        assert await follow(transport, first) is first
    else:
        with pytest.raises(BadAnswer):
            await follow(transport, first)
    assert len(cloud.requests) == 1


async def test_going_round_in_circles(transport: Transport, cloud: SmallCloud) -> None:
    """A limit of hops ends it."""
    cloud.answers.extend(redirect("/again") for _ in range(30))
    with pytest.raises(BadAnswer):
        await follow(transport, await get(transport, allowed=(302,)), limit=5)
    assert len(cloud.requests) == 6
