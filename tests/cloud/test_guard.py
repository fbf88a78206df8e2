"""The guard of sign-ins."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
import hashlib
import json
from typing import Any, ClassVar, override
from urllib.parse import quote

from aiohttp import ClientSession, encode_basic_auth, web
import pytest

from carport.car.commands import Command, CommandKind
from carport.car.limits import Limits
from carport.cloud.cadence import CadenceDefaults
from carport.cloud.contract import (
    Car,
    Confirmation,
    Context,
    ReadResult,
    Service,
    Ticket,
)
from carport.cloud.credentials import CredentialField, FieldKind
from carport.cloud.errors import (
    CloudError,
    NothingSent,
    NotSupported,
    SignInFailed,
    map_login_errors,
)
from carport.cloud.guard import SignInGuard, guarded_sign_in
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.service_info import Openness, ServiceInfo
from carport.cloud.sign_in import SignInOutcome
from simulator.clock import ManualClock
from tests.service_context import context_of

from .small_cloud import HOST, SmallCloud, hang_up

GOOD = {"username": "driver@example.com", "password": "right", "pin": "1234"}
BAD = {**GOOD, "password": "wrong"}


ENCODED: dict[str, Callable[[str], dict[str, Any]]] = {
    "basic_auth": lambda secret: {
        "headers": {"Authorization": encode_basic_auth("driver", secret)}
    },
    "in_the_path": lambda secret: {"path": f"/{quote(secret, safe='')}"},
    "in_the_query": lambda secret: {"params": {"p": secret}},
    "base64": lambda secret: {
        "json": {"p": base64.b64encode(secret.encode()).decode()}
    },
    "digest": lambda secret: {
        "form": {"p": hashlib.sha256(secret.encode()).hexdigest()}
    },
    "xml": lambda secret: {"xml": f"<p>{secret}</p>"},
    "reversed": lambda secret: {"headers": {"X-Key": secret[::-1]}},
}
"""How a service may send a secret, so that nothing but the service knows it again."""


class Attempts(Service):
    """A service that takes one password alone, and counts how often it is tried."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="door",
        name="Door",
        manufacturer="Carport",
        openness=Openness.DEMO,
        hosts={"us": frozenset()},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        cadence=CadenceDefaults(
            driving=60, charging=60, after_command=60, parked=60, asleep=60
        ),
        sign_ins_a_day=4,
    )
    tried = 0
    outcome: SignInOutcome | None = None

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        self.tried += 1
        if self.outcome is not None:
            raise SignInFailed(self.outcome)
        if credentials["password"] != "right":
            raise SignInFailed(SignInOutcome.WRONG_PASSWORD)
        return "account"

    @override
    async def cars(self) -> tuple[Car, ...]:
        return ()

    @override
    async def read(self, car: Car) -> ReadResult:
        return ReadResult()

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        raise NotSupported

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        return Confirmation()

    @override
    def commands(self, car: Car, observed: object) -> Mapping[CommandKind, Limits]:
        return {}


@pytest.fixture
def attempts(session: ClientSession, clock: ManualClock) -> Attempts:
    """Return a service that nobody has signed in to."""
    return Attempts(closed(session, clock))


def closed(session: ClientSession, clock: ManualClock) -> Context:
    """Return what a service has before its first sign-in."""
    transport = Transport(session, clock, HostMap(), Ledger(clock))
    return context_of(
        clock, transport, account="door", region="us", username=GOOD["username"]
    )


async def outcome_of(
    attempts: Attempts, credentials: Mapping[str, str], guard: SignInGuard
) -> SignInOutcome | None:
    """Sign in and return how that failed; None if it did not."""
    try:
        await guarded_sign_in(attempts, credentials, guard)
    except SignInFailed as error:
        return error.outcome
    return None


def kept(guard: SignInGuard, clock: ManualClock) -> SignInGuard:
    """Return the guard as it is after a restart."""
    return SignInGuard(clock, json.loads(json.dumps(guard.to_json())))


async def test_a_refused_password_is_never_sent_again(
    attempts: Attempts, clock: ManualClock
) -> None:
    """Also not after a restart, with another PIN, or days later."""
    changes: list[int] = []
    guard = SignInGuard(clock, changed=lambda: changes.append(1))
    assert await outcome_of(attempts, BAD, guard) is SignInOutcome.WRONG_PASSWORD
    assert changes
    guard = kept(guard, clock)
    clock.step(5 * 86400)
    for credentials in (BAD, {**BAD, "pin": "0000"}):
        outcome = await outcome_of(attempts, credentials, guard)
        assert outcome is SignInOutcome.WRONG_PASSWORD
    assert attempts.tried == 1
    assert await outcome_of(attempts, GOOD, guard) is None


async def test_too_many_tries_a_day(attempts: Attempts, clock: ManualClock) -> None:
    """Makers lock accounts for that; the guard stops before."""
    guard = SignInGuard(clock)
    for _ in range(4):
        assert await outcome_of(attempts, GOOD, guard) is None
        clock.step(3600)
    guard = kept(guard, clock)
    assert await outcome_of(attempts, GOOD, guard) is SignInOutcome.QUOTA
    other = {**GOOD, "username": "other@example.com"}
    assert await outcome_of(attempts, other, guard) is None
    assert attempts.tried == 5
    clock.step(20 * 3600)
    assert await outcome_of(attempts, GOOD, guard) is None


async def test_8_2_mistyping_uses_up_no_sign_in(
    attempts: Attempts, clock: ManualClock
) -> None:
    """Refusals have a count of their own, which is told; over restarts too."""
    guard, most = SignInGuard(clock), attempts.info.sign_ins_a_day
    for number in range(1, most):
        bad = {**BAD, "password": f"wrong {number}"}
        outcome = await outcome_of(attempts, bad, guard)
        assert outcome is SignInOutcome.WRONG_PASSWORD
        assert guard.refusals(attempts.info, bad).today == number
    guard = kept(guard, clock)
    for _ in range(most):
        assert await outcome_of(attempts, GOOD, guard) is None
    assert await outcome_of(attempts, GOOD, guard) is SignInOutcome.QUOTA


@pytest.mark.parametrize(
    "outcome", [SignInOutcome.MAKER_OUTAGE, SignInOutcome.UNKNOWN_ACCOUNT]
)
async def test_other_ends_condemn_no_password(
    attempts: Attempts, clock: ManualClock, outcome: SignInOutcome
) -> None:
    """Only a refused password is wrong for ever."""
    guard = SignInGuard(clock)
    attempts.outcome = outcome
    assert await outcome_of(attempts, GOOD, guard) is outcome
    attempts.outcome = None
    assert await outcome_of(attempts, GOOD, guard) is None


async def test_what_is_kept_says_nothing(
    attempts: Attempts, clock: ManualClock
) -> None:
    """No credential stands in the file."""
    guard = SignInGuard(clock)
    await outcome_of(attempts, BAD, guard)
    text = json.dumps(guard.to_json())
    assert not any(secret in text for secret in BAD.values())


async def test_7_5_a_password_is_refused_for_its_region_only(
    attempts: Attempts, clock: ManualClock
) -> None:
    """The same address may be another account elsewhere, with another password."""
    guard = SignInGuard(clock)
    guard.refuse(Attempts.info, "us", GOOD)
    guard = kept(guard, clock)
    with pytest.raises(SignInFailed) as caught:
        guard.check(Attempts.info, "us", GOOD)
    assert caught.value.outcome is SignInOutcome.WRONG_PASSWORD
    guard.check(Attempts.info, "ca", GOOD)
    assert await outcome_of(attempts, GOOD, guard) is SignInOutcome.WRONG_PASSWORD
    assert attempts.tried == 0


def test_it_can_be_written_while_others_sign_in(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that writes meets what is new, and loses nothing for it."""
    guard = SignInGuard(clock)
    guard.count(Attempts.info, GOOD)
    look = guard._recent  # noqa: SLF001 - where the thread is while another one signs in

    def look_while(times: Mapping[str, list[datetime]], who: str) -> list[datetime]:
        monkeypatch.undo()
        guard.count(Attempts.info, {**GOOD, "username": "another@example.com"})
        return look(times, who)

    monkeypatch.setattr(guard, "_recent", look_while)
    assert len(guard.to_json()["tries"]) == 1
    assert len(guard.to_json()["tries"]) == 2


class Pages(Attempts):
    """A service with a page before the call that carries the secret, in some form."""

    encode: Callable[[str], dict[str, Any]] = staticmethod(ENCODED["basic_auth"])
    host = HOST

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        with map_login_errors():
            await self._call("GET", without_secret=True)
            await self._call("POST", **self.encode(credentials["password"]))
            await self._call("GET", without_secret=True)
        raise SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD)

    async def _call(self, method: str, path: str = "/", **carried: Any) -> None:
        await self.context.transport.request(
            method,
            f"https://{self.host}{path}",
            purpose=Purpose.SIGN_IN,
            what="/",
            **carried,
        )


@pytest.fixture
def pages(session: ClientSession, clock: ManualClock, cloud: SmallCloud) -> Pages:
    """Return a service at a server on loopback."""
    transport = Transport(session, clock, HostMap(cloud.hosts), Ledger(clock))
    return Pages(replace(closed(session, clock), transport=transport))


def tries(guard: SignInGuard) -> int:
    """Return how many sign-ins of today count."""
    return sum(len(times) for times in guard.to_json()["tries"].values())


@pytest.mark.parametrize("encoded", ENCODED)
@pytest.mark.parametrize("failure", ["refused", "cut_off", "afterwards"])
async def test_8_5_a_secret_counts_as_sent_in_whatever_form(
    pages: Pages, cloud: SmallCloud, clock: ManualClock, encoded: str, failure: str
) -> None:
    """Nobody looks for it: what is not declared to carry none may have carried it."""
    pages.encode = ENCODED[encoded]
    guard = SignInGuard(clock)
    for number in (1, 2):
        cloud.answers.append(web.Response())
        if failure == "refused":
            cloud.answers.append(web.Response(status=503))
        elif failure == "cut_off":
            cloud.answers.append(hang_up)
        else:
            cloud.answers.extend((web.Response(), web.Response(status=503)))
        await outcome_of(pages, {**GOOD, "password": "p w/\u00e4"}, guard)
        assert not cloud.answers
        assert tries(guard) == number


async def test_8_5_a_page_declared_to_carry_no_secret_uses_up_no_sign_in(
    pages: Pages, cloud: SmallCloud, clock: ManualClock
) -> None:
    """It was refused before the secret was asked for."""
    guard = SignInGuard(clock)
    for answer in (web.Response(status=503), hang_up):
        cloud.answers.append(answer)
        assert await outcome_of(pages, GOOD, guard) is SignInOutcome.MAKER_OUTAGE
        assert tries(guard) == 0
    assert [method for method, *_ in cloud.requests] == ["GET", "GET"]


async def test_8_5_a_server_away_after_the_secret_was_sent_counts(
    pages: Pages, cloud: SmallCloud, clock: ManualClock
) -> None:
    """A call that reached nobody takes nothing back of those before it."""

    async def last_answer(request: web.Request) -> web.StreamResponse:
        pages.host = "nowhere.example"
        return web.Response()

    guard = SignInGuard(clock)
    cloud.answers.extend((web.Response(), last_answer))
    with pytest.raises(CloudError):
        await guarded_sign_in(pages, GOOD, guard)
    assert tries(guard) == 1
    with pytest.raises(CloudError):
        await guarded_sign_in(pages, GOOD, guard)
    assert tries(guard) == 1  # Nothing stands in for that host: nothing was sent.


async def test_8_5_without_any_proof_a_sign_in_counts(
    attempts: Attempts, clock: ManualClock
) -> None:
    """A service may have sent the secret over a wire of its own, such as MQTT."""
    guard = SignInGuard(clock)
    attempts.outcome = SignInOutcome.BROKER_REFUSED
    await outcome_of(attempts, GOOD, guard)
    assert tries(guard) == 1


@pytest.mark.parametrize("sent", [False, True])
async def test_8_5_the_word_of_a_service_gives_back_what_was_not_sent(
    pages: Pages, clock: ManualClock, sent: bool
) -> None:
    """It speaks of this attempt alone: what went out before is not undone by it."""

    class Refuses(Pages):
        @override
        async def sign_in(self, credentials: Mapping[str, str]) -> str:
            if sent:
                await self._call("POST", **self.encode(credentials["password"]))
            raise NothingSent(SignInOutcome.CLIENT_WRONG)

    guard = SignInGuard(clock)
    refuses = Refuses(pages.context)
    assert await outcome_of(refuses, GOOD, guard) is SignInOutcome.CLIENT_WRONG
    assert tries(guard) == sent
