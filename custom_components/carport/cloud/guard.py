"""The guard of sign-ins: refused passwords are remembered, and tries are counted.

One guard serves all accounts and outlives them, so that neither a restart nor a
second form sends a refused password again or locks the owner's account.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
import hmac
import secrets
from typing import Any, Final

from ..car.bounds import moment_from
from .clock import Clock
from .contract import Service
from .credentials import CredentialField, FieldKind
from .errors import CloudError, NothingSent, SignInFailed
from .exposure import Exposure
from .login import LoginAborted, LoginDialog, Poll, Question, Resend, Visit
from .service_info import ServiceInfo
from .sign_in import SignInOutcome

_DAY: Final = timedelta(days=1)
_MOST_REFUSED: Final = 200

CONDEMNING: Final = frozenset({SignInOutcome.WRONG_PASSWORD, SignInOutcome.KEY_REFUSED})
"""Ends after which the same credentials are never sent again."""

_NEVER_JUDGED: Final = frozenset({FieldKind.PIN, FieldKind.FLAG, FieldKind.VINS})
"""Kinds that no sign-in is refused for: another value makes no other credential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """How many credentials of an account were refused within a day, and how many may be."""

    today: int
    most: int

    @property
    def told(self) -> dict[str, str]:
        """The numbers, for a text."""
        return {"refusals": str(self.today), "most": str(self.most)}


class SignInGuard:
    """What was refused, and how often each account tried within a day.

    Sign-ins and refusals have a count each, so that mistyping does not use up the
    sign-ins that the right password is good for.
    """

    def __init__(
        self,
        clock: Clock,
        data: Mapping[str, Any] | None = None,
        changed: Callable[[], object] | None = None,
    ) -> None:
        """Go on from what was kept; `changed` is called when there is more to keep."""
        data = data or {}
        self._clock = clock
        self._changed = changed
        self._salt: str = data.get("salt") or secrets.token_hex(16)
        self._refused = _refused_from(data.get("refused"), data.get("keys"))
        # A torn date must not cost what is known of refused passwords.
        self._tries = _moments_from(data.get("tries"))
        self._refusals = _moments_from(data.get("refusals"))

    def check(
        self, info: ServiceInfo, region: str, credentials: Mapping[str, str]
    ) -> None:
        """Raise `SignInFailed` if these must not be sent: refused, or too many tries."""
        for digest in self._digests(info, region, credentials):
            if (outcome := self._refused.get(digest)) is not None:
                raise SignInFailed(outcome)
        who = self._who(info, credentials)
        for times in (self._tries, self._refusals):
            if len(self._recent(times, who)) >= info.sign_ins_a_day:
                raise SignInFailed(SignInOutcome.QUOTA)

    def count(self, info: ServiceInfo, credentials: Mapping[str, str]) -> None:
        """Note that a sign-in is tried now."""
        self._note(self._tries, self._who(info, credentials))

    def forgive(self, info: ServiceInfo, credentials: Mapping[str, str]) -> None:
        """Take the last try back: the maker has seen nothing of these."""
        if tries := self._tries.get(self._who(info, credentials)):
            tries.pop()
            if self._changed is not None:
                self._changed()

    def refuse(
        self,
        info: ServiceInfo,
        region: str,
        credentials: Mapping[str, str],
        outcome: SignInOutcome = SignInOutcome.WRONG_PASSWORD,
    ) -> None:
        """Remember that the maker refused these; the try counts as a refusal instead."""
        who = self._who(info, credentials)
        if tries := self._tries.get(who):
            tries.pop()
        digest, *_ = self._digests(info, region, credentials)
        self._refused[digest] = outcome
        while len(self._refused) > _MOST_REFUSED:
            del self._refused[next(iter(self._refused))]
        self._note(self._refusals, who)

    def refusals(self, info: ServiceInfo, credentials: Mapping[str, str]) -> Refusals:
        """Return how many credentials of this account were refused within a day."""
        recent = self._recent(self._refusals, self._who(info, credentials))
        return Refusals(today=len(recent), most=info.sign_ins_a_day)

    def to_json(self) -> dict[str, Any]:
        """Turn the guard into JSON; no credential can be read from it."""
        kept = {
            "salt": self._salt,
            "refused": list(self._refused),
            "tries": self._moments(self._tries),
        }
        keys = [
            digest
            # It may be written by another thread, while somebody signs in.
            for digest, end in tuple(self._refused.items())
            if end is SignInOutcome.KEY_REFUSED
        ]
        refusals = self._moments(self._refusals)
        return (
            kept
            | ({"keys": keys} if keys else {})
            | ({"refusals": refusals} if refusals else {})
        )

    def _note(self, times: dict[str, list[datetime]], who: str) -> None:
        times[who] = [*self._recent(times, who), self._clock.now()]
        if self._changed is not None:
            self._changed()

    def _recent(self, times: Mapping[str, list[datetime]], who: str) -> list[datetime]:
        now = self._clock.now()
        return [moment for moment in times.get(who, ()) if now - moment < _DAY]

    def _moments(self, times: Mapping[str, list[datetime]]) -> dict[str, list[str]]:
        return {
            who: [moment.isoformat() for moment in recent]
            for who in tuple(times)
            if (recent := self._recent(times, who))
        }

    def _who(self, info: ServiceInfo, credentials: Mapping[str, str]) -> str:
        """Return a name for the account that says nothing of its owner."""
        fields = info.identifying or tuple(
            field for field in info.sign_in_fields if not field.secret
        )
        shown = (field.normalised(credentials.get(field.key, "")) for field in fields)
        message = "\0".join((info.key, *shown)).casefold()
        return hmac.new(
            self._salt.encode(),
            message.encode("utf-8", "surrogatepass"),
            hashlib.sha256,
        ).hexdigest()[:16]

    def _digests(
        self, info: ServiceInfo, region: str, credentials: Mapping[str, str]
    ) -> list[str]:
        """Return the digest of these credentials, and the one that they had before.

        Digests are slow to guess. Those of the first edition took names as typed.
        """
        judged = [
            (field, credentials.get(field.key, ""))
            for field in info.credentials
            if field.kind not in _NEVER_JUDGED
        ]
        now = [field.normalised(value) for field, value in judged]
        before = [value for _, value in judged]
        return [
            hashlib.scrypt(
                "\0".join((info.key, region, *values)).encode("utf-8", "surrogatepass"),
                salt=self._salt.encode(),
                n=2**12,
                r=8,
                p=1,
            ).hex()
            for values in ([now] if now == before else [now, before])
        ]


class GuardedDialog:
    """The owner, with the guard between what they type and the maker."""

    def __init__(self, talk: LoginDialog, service: Service, guard: SignInGuard) -> None:
        """Guard the conversation of a service."""
        self._talk = talk
        self._service = service
        self._guard = guard
        self._sent: Mapping[str, str] | None = None

    async def ask(
        self,
        fields: Sequence[CredentialField] | None = None,
        *,
        page: str = "account",
        error: SignInOutcome | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """Return what the owner typed; `SignInFailed` if it must not be sent."""
        self.ended(error)
        typed = await self._talk.ask(
            fields, page=page, error=error, placeholders=placeholders
        )
        if fields is None:
            info = self._service.info
            self._guard.check(info, self._service.context.region, typed)
            self._guard.count(info, typed)
            self._sent = typed
            self._service.context.transport.exposure = Exposure()
        return typed

    async def code(
        self, sent_to: str, *, error: SignInOutcome | None = None
    ) -> str | Resend:
        """Return the code that was sent to the owner, or RESEND."""
        return await self._talk.code(sent_to, error=error)

    async def visit[T](self, visit: Visit, poll: Poll[T]) -> T:
        """Return what is polled once the owner has approved."""
        return await self._talk.visit(visit, poll)

    async def confirm(self, question: Question) -> bool:
        """Return whether the owner agrees."""
        return await self._talk.confirm(question)

    def ended(
        self, outcome: SignInOutcome | None, *, nothing_sent: bool = False
    ) -> None:
        """Remember what was sent if this outcome condemns it.

        A server that never asked for a secret, or was not there, uses up no sign-in: only
        what proves that gives the try back, the calls or the service's own word.
        """
        if self._sent is None:
            return
        exposure = self._service.context.transport.exposure
        forgiven = exposure.kept_back or (nothing_sent and not exposure.exposed)
        info, region = self._service.info, self._service.context.region
        if outcome in CONDEMNING:
            self._guard.refuse(info, region, self._sent, outcome)
        elif forgiven:
            self._guard.forgive(info, self._sent)
        self._sent = None


class TypedCredentials:
    """A dialog with nobody behind it: it has the credentials, and no answer besides."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        """Keep the only answer there is."""
        self._credentials = credentials

    async def ask(
        self,
        fields: Sequence[CredentialField] | None = None,
        *,
        page: str = "account",
        error: SignInOutcome | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """Give the credentials, unless they were not good enough."""
        if error is not None:
            raise SignInFailed(error)
        if fields is not None:
            raise LoginAborted
        return self._credentials

    async def code(
        self, sent_to: str, *, error: SignInOutcome | None = None
    ) -> str | Resend:
        """Say that a code is wanted, which only the owner has."""
        raise SignInFailed(SignInOutcome.CODE_WANTED)

    async def visit[T](self, visit: Visit, poll: Poll[T]) -> T:
        """Leave: nobody opens the page."""
        raise LoginAborted

    async def confirm(self, question: Question) -> bool:
        """Leave: nobody decides."""
        raise LoginAborted


async def guarded_login(service: Service, guarded: GuardedDialog) -> str:
    """Sign in by talking, with nothing sent that the guard forbids."""
    try:
        return await service.login(guarded)
    except CloudError as error:
        guarded.ended(
            error.outcome if isinstance(error, SignInFailed) else None,
            nothing_sent=isinstance(error, NothingSent),
        )
        raise


async def guarded_sign_in(
    service: Service, credentials: Mapping[str, str], guard: SignInGuard
) -> str:
    """Sign in with nobody to ask."""
    return await guarded_login(
        service, GuardedDialog(TypedCredentials(credentials), service, guard)
    )


def _refused_from(kept: object, keys: object) -> dict[str, SignInOutcome]:
    """Bring back what was refused, and which of it were keys."""
    known = (
        {digest for digest in keys if isinstance(digest, str)}
        if isinstance(keys, list)
        else set()
    )
    return {
        digest: SignInOutcome.KEY_REFUSED
        if digest in known
        else SignInOutcome.WRONG_PASSWORD
        for digest in (kept if isinstance(kept, list) else ())
        if isinstance(digest, str)
    }


def _moments_from(kept: object) -> dict[str, list[datetime]]:
    return {
        who: [when for text in moments if (when := moment_from(text)) is not None]
        for who, moments in (kept.items() if isinstance(kept, Mapping) else ())
        if isinstance(moments, list)
    }
