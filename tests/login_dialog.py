"""The owner in a test of a sign-in: answers what a maker's code asks, from a script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carport.cloud.login import LoginAborted, Poll, Question, Resend, SlowDown, Visit
from carport.cloud.sign_in import SignInOutcome

if TYPE_CHECKING:
    from carport.cloud.clock import Clock
    from carport.cloud.credentials import CredentialField

from carport.cloud.errors import SignInFailed


@dataclass(slots=True, kw_only=True)
class ScriptedDialog:
    """Answers with the credentials first, then by a function for each question.

    What has no function is a question that the test did not expect: the owner leaves.
    `asked` keeps every question in order, by its kind and what it said.
    """

    credentials: Mapping[str, str]
    clock: Clock
    on_ask: Callable[[str, SignInOutcome | None], Mapping[str, str]] | None = None
    on_code: Callable[[str, SignInOutcome | None], str | Resend] | None = None
    on_visit: Callable[[Visit], object] | None = None
    on_confirm: Callable[[Question], bool] | None = None
    asked: list[tuple[str, Any]] = field(default_factory=list)
    _begun: bool = False

    async def ask(
        self,
        fields: Sequence[CredentialField] | None = None,
        *,
        page: str = "account",
        error: SignInOutcome | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """Give the credentials once, then what the script says."""
        self.asked.append(("ask", error or page))
        if not self._begun and fields is None:
            self._begun = True
            return self.credentials
        if self.on_ask is None:
            raise LoginAborted
        return self.on_ask(page, error)

    async def code(
        self, sent_to: str, *, error: SignInOutcome | None = None
    ) -> str | Resend:
        """Give the code that the script finds."""
        self.asked.append(("code", error or sent_to))
        if self.on_code is None:
            raise LoginAborted
        return self.on_code(sent_to, error)

    async def visit[T](self, visit: Visit, poll: Poll[T]) -> T:
        """Let the script approve, and look as often as the maker wants it."""
        self.asked.append(("visit", visit.user_code))
        if self.on_visit is None:
            raise LoginAborted
        self.on_visit(visit)
        ends = self.clock.now() + visit.expires_in
        pause = visit.poll_every.total_seconds()
        while self.clock.now() < ends:
            await self.clock.sleep(pause)
            try:
                found = await poll()
            except SlowDown:
                pause += 5
                continue
            if found is not None:
                return found
        raise SignInFailed(SignInOutcome.CODE_EXPIRED)

    async def confirm(self, question: Question) -> bool:
        """Decide as the script says."""
        self.asked.append(("confirm", question.key))
        if self.on_confirm is None:
            raise LoginAborted
        return self.on_confirm(question)
