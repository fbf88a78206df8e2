"""The guard of sign-ins."""

from collections.abc import Mapping
from datetime import datetime
import json
from typing import ClassVar, override

from aiohttp import ClientSession
import pytest

from carport.car.commands import Command, CommandKind
from carport.car.limits import Limits
from carport.cloud.cadence import CadenceDefaults
from carport.cloud.contract import (
    Car,
    Confirmation,
    Context,
    Openness,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
    Tokens,
)
from carport.cloud.credentials import CredentialField, FieldKind
from carport.cloud.errors import NotSupported, SignInFailed
from carport.cloud.guard import SignInGuard, guarded_sign_in
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger
from carport.cloud.sign_in import SignInOutcome
from simulator.clock import ManualClock

GOOD = {"username": "driver@example.com", "password": "right", "pin": "1234"}
BAD = {**GOOD, "password": "wrong"}


class Attempts(Service):
    """A service that only opens to one password, and counts who knocks."""

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
    knocks = 0
    outcome: SignInOutcome | None = None

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        self.knocks += 1
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
    """Return a closed door."""

    async def save(tokens: Tokens | None) -> None: ...

    return Attempts(
        Context(
            transport=Transport(session, clock, HostMap(), Ledger(clock)),
            clock=clock,
            account="door",
            region="us",
            username=GOOD["username"],
            tokens=None,
            save_tokens=save,
        )
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
    assert attempts.knocks == 1
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
    assert attempts.knocks == 5
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
    assert attempts.knocks == 0


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
