"""Tokens for all callers, and the names of failed sign-ins, over real HTTP."""

import asyncio
from dataclasses import dataclass, field
from typing import override

from aiohttp import ClientSession, web
import pytest

from carport.cloud.account_state import AccountState
from carport.cloud.answer import Answer
from carport.cloud.contract import Tokens
from carport.cloud.errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    LoginExpired,
    NotPermitted,
    Outage,
    SignInFailed,
    Unreached,
    map_login_errors,
)
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.sign_in import SignInOutcome
from carport.cloud.token_manager import TokenManager
from simulator.clock import ManualClock
from tests.service_context import context_of

from .small_cloud import HOST, SmallCloud, never

LIFETIME = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """As little as a token can be."""

    access: str = field(repr=False)
    expires_at: float


class Tickets(TokenManager[Ticket]):
    """Tickets from a machine that numbers them."""

    what = "/ticket"

    @override
    async def _renew(self, tokens: Ticket) -> Ticket:
        answer = await self._transport.request(
            "POST",
            f"https://{HOST}/ticket",
            purpose=Purpose.TOKEN,
            what=self.what,
            json={"old": tokens.access},
            allowed=(200, 400),
        )
        if answer.status != 200:
            raise LoginExpired(self.what, status=answer.status)
        access = answer.json().get("ticket")
        if not isinstance(access, str):
            raise BadAnswer(self.what)
        ticket = Ticket(access=access, expires_at=self._now() + LIFETIME)
        return await self._keep(ticket, access=access)


@dataclass
class Booth:
    """A token manager, the cloud it asks, and the disk."""

    cloud: SmallCloud
    clock: ManualClock
    transport: Transport
    manager: Tickets = field(init=False)
    saving: asyncio.Event = field(default_factory=asyncio.Event)
    safe: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Start with a ticket that is new."""
        self.safe.set()
        context = context_of(
            self.clock, self.transport, account="booth", save_tokens=self._save
        )
        end = self.clock.now().timestamp() + LIFETIME
        first = Ticket(access="first", expires_at=end)
        self.manager = Tickets(context, AccountState(context), first)

    async def _save(self, tokens: Tokens | None) -> None:
        self.saving.set()
        await self.safe.wait()

    def will_give(self, *tickets: str) -> None:
        """Let the cloud give these tickets, one after the other."""
        for ticket in tickets:
            self.cloud.answers.append(web.json_response({"ticket": ticket}))

    def will_refuse(self, status: int = 400) -> None:
        """Let the cloud refuse once."""
        self.cloud.answers.append(web.Response(status=status))

    async def enter(self, ticket: Ticket) -> Answer:
        """Make a call with a ticket."""
        return await self.transport.request(
            "GET", f"https://{HOST}/in/{ticket.access}", purpose=Purpose.READ, what="in"
        )


@pytest.fixture
def booth(session: ClientSession, clock: ManualClock, cloud: SmallCloud) -> Booth:
    """Open a booth."""
    hosts = HostMap(cloud.hosts)
    return Booth(cloud, clock, Transport(session, clock, hosts, Ledger(clock)))


async def test_a_refused_call_is_made_once_more(booth: Booth) -> None:
    """With other tokens; when those are refused too, that is the end of it."""
    booth.will_refuse(401)
    booth.will_give("second")
    await booth.manager.authorised(booth.enter)
    assert booth.cloud.paths == ["/in/first", "/ticket", "/in/second"]
    booth.will_refuse(401)
    booth.will_give("third")
    booth.will_refuse(401)
    with pytest.raises(LoginExpired):
        await booth.manager.authorised(booth.enter)
    assert booth.cloud.paths[3:] == ["/in/second", "/ticket", "/in/third"]


@pytest.mark.parametrize("status", [403, 404, 409])
async def test_another_refusal_is_not_the_tokens(booth: Booth, status: int) -> None:
    """What is not about them does not cost others."""
    booth.will_refuse(status)
    with pytest.raises(CloudError):
        await booth.manager.authorised(booth.enter)
    assert booth.cloud.paths == ["/in/first"]


@pytest.mark.parametrize("status", [403, 404])
async def test_8_1_a_renewal_that_is_not_found_is_tried_again(
    booth: Booth, clock: ManualClock, status: int
) -> None:
    """Section 1: it is no word about the car, and asks nobody for the password."""
    clock.step(LIFETIME + 1)
    booth.will_refuse(status)
    with pytest.raises(BadAnswer):
        await booth.manager.authorised(booth.enter)
    booth.will_give("second")
    await booth.manager.authorised(booth.enter)
    assert booth.cloud.paths == ["/ticket", "/ticket", "/in/second"]


async def test_who_comes_late_gets_what_is_there(booth: Booth) -> None:
    """Tokens that were renewed since are not renewed again."""
    booth.will_give("second", "third")
    stale = await booth.manager.fresh()
    assert (await booth.manager.renewed(stale)).access == "second"
    assert (await booth.manager.renewed(stale)).access == "second"
    assert booth.cloud.paths == ["/ticket"]


async def test_tokens_are_safe_before_they_are_used(booth: Booth) -> None:
    """A caller that asks while they are written gets the old ones."""
    booth.will_give("second")
    booth.safe.clear()
    stale = await booth.manager.fresh()
    renewal = asyncio.create_task(booth.manager.renewed(stale))
    await booth.saving.wait()
    assert (await booth.manager.fresh()).access == "first"
    assert not renewal.done()
    booth.safe.set()
    assert (await renewal).access == "second"


async def test_only_what_is_harmless_is_suffered(booth: Booth) -> None:
    """Tokens that last a moment longer do not hide any other trouble."""
    booth.clock.step(LIFETIME - 60)
    booth.will_refuse(503)
    assert (await booth.manager.fresh()).access == "first"
    with pytest.raises(BadAnswer):
        await booth.manager.fresh()
    booth.clock.step(60)
    booth.will_refuse(503)
    with pytest.raises(Outage):
        await booth.manager.fresh()


async def test_what_is_over_is_not_asked_for_again(booth: Booth) -> None:
    """The error says the call's template and its status, and no token."""
    booth.will_refuse()
    stale = await booth.manager.fresh()
    with pytest.raises(LoginExpired, match=r"^/ticket answered 400$"):
        await booth.manager.renewed(stale)
    for call in (booth.manager.fresh(), booth.manager.renewed(stale)):
        with pytest.raises(LoginExpired, match=r"^/ticket$"):
            await call
    assert booth.cloud.paths == ["/ticket"]


async def test_closing_stops_a_renewal(booth: Booth) -> None:
    """Nobody waits for a cloud that does not answer."""
    asked = asyncio.Event()

    async def hold(request: web.Request) -> web.StreamResponse:
        """Say that the call came in, and nothing else."""
        asked.set()
        return await never(request)

    booth.cloud.answers.append(hold)
    stale = await booth.manager.fresh()
    renewal = asyncio.create_task(booth.manager.renewed(stale))
    await asked.wait()
    await booth.manager.close()
    with pytest.raises(asyncio.CancelledError):
        await renewal
    assert booth.transport.in_flight == 0


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Outage("/x", status=503), SignInOutcome.MAKER_OUTAGE),
        (Unreached("/x"), SignInOutcome.MAKER_OUTAGE),
        (ClosedByMaker("/x"), SignInOutcome.CLIENT_REFUSED),
        (BadAnswer("/x"), SignInOutcome.PAGE_NOT_UNDERSTOOD),
        (LoginExpired("/x"), SignInOutcome.PAGE_NOT_UNDERSTOOD),
        (NotPermitted("/x"), SignInOutcome.CONSENT_MISSING),
        (SignInFailed(SignInOutcome.NEW_TERMS), SignInOutcome.NEW_TERMS),
    ],
)
def test_the_ends_of_a_sign_in(error: CloudError, outcome: SignInOutcome) -> None:
    """Each error has its name, a cloud may have its own, and none blames the owner."""
    own: dict[type[CloudError], SignInOutcome] = {
        NotPermitted: SignInOutcome.CONSENT_MISSING
    }
    with pytest.raises(SignInFailed) as caught, map_login_errors(own):
        raise error
    assert caught.value.outcome is outcome


def test_other_errors_are_ours() -> None:
    """A mistake of the program is not the maker's."""
    with pytest.raises(ZeroDivisionError), map_login_errors():
        raise ZeroDivisionError
