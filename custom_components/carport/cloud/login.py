"""Signing in as a conversation: what a maker's code may ask of the owner.

A service's `login` is one coroutine, written straight through. Whatever faces the
owner (a dialog in Home Assistant, a terminal, a script in the tests) answers it.
Nothing that sends an e-mail, opens a session or creates anything at the maker
happens but as the answer to such a question.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from .errors import SignInFailed
from .sign_in import SignInOutcome

if TYPE_CHECKING:
    from .clock import Clock
    from .credentials import CredentialField

type Poll[T] = Callable[[], Awaitable[T | None]]
"""Looks once whether the owner has approved; None while they have not."""


class Resend:
    """The owner's click on *send again* in place of a code."""


RESEND: Final = Resend()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page of the maker that the owner has to open, and what to enter there.

    `complete_url` carries the code already, where the maker has such a link.
    `poll_every` grows when the maker says *slow down*: `poll` may raise `SlowDown`.
    """

    url: str
    user_code: str
    complete_url: str | None = None
    expires_in: timedelta = timedelta(minutes=5)
    poll_every: timedelta = timedelta(seconds=5)


class SlowDown(Exception):
    """The maker wants to be asked less often: five seconds more between looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A decision with a consequence, put in words by its translation key."""

    key: str
    placeholders: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    harmless: bool = False
    """Whether a script in which nobody can decide takes it as agreed."""


class LoginDialog(Protocol):
    """The owner, as a maker's sign-in sees them.

    Each method returns what the owner answered, and raises `LoginAborted` when they
    leave. `error` is why the same thing is asked again; its text is the outcome's.
    """

    async def ask(
        self,
        fields: Sequence[CredentialField] | None = None,
        *,
        page: str = "account",
        error: SignInOutcome | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """Return what the owner typed, by the fields' keys.

        Without fields they are the service's own credentials. The first such call is
        answered by the form that was filled in before the conversation began.
        """

    async def code(
        self, sent_to: str, *, error: SignInOutcome | None = None
    ) -> str | Resend:
        """Return the code that was sent to the owner, or RESEND.

        `sent_to` is shown as it is: obfuscated by the maker, never a whole address.
        """

    async def visit[T](self, visit: Visit, poll: Poll[T]) -> T:
        """Show the link and the code, and look until the owner has approved.

        Returns what `poll` returned. When `visit.expires_in` is over it raises
        `SignInFailed(CODE_EXPIRED)`; what `poll` raises ends the conversation.
        """

    async def confirm(self, question: Question) -> bool:
        """Return whether the owner agrees to what the question says."""


class LoginAborted(Exception):
    """The owner left the conversation before its end."""


_SLOWER: Final = 5
"""Seconds by which a maker that says *slow down* wants longer pauses."""


async def wait_for_approval[T](
    visit: Visit,
    poll: Poll[T],
    clock: Clock,
    ready: Callable[[], Awaitable[object]] | None = None,
) -> T:
    """Look until the owner has approved; what `LoginDialog.visit` does besides showing.

    Before each look it waits until the face is `ready`, such as for its owner to be there.
    """
    ends = clock.now() + visit.expires_in
    pause = visit.poll_every.total_seconds()
    while True:
        await clock.sleep(pause)
        if ready is not None:
            await ready()
        if clock.now() >= ends:
            raise SignInFailed(SignInOutcome.CODE_EXPIRED)
        try:
            found = await poll()
        except SlowDown:
            pause += _SLOWER
            continue
        if found is not None:
            return found
