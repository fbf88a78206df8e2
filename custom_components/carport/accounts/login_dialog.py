"""The owner at the pages of a dialog, as a maker's sign-in sees them.

What the maker's code asks becomes a page; what the owner submits becomes its answer.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..cloud.clock import Clock
from ..cloud.credentials import CredentialField
from ..cloud.login import LoginAborted, Poll, Question, Resend, Visit, wait_for_approval
from ..cloud.sign_in import SignInOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """A form; without fields it is the one that the conversation began with."""

    fields: tuple[CredentialField, ...] | None
    page: str
    error: SignInOutcome | None
    placeholders: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """A code that was sent to the owner."""

    sent_to: str
    error: SignInOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """A decision."""

    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPage:
    """A page of the maker that the owner has to open; `over` when that is done."""

    visit: Visit
    over: asyncio.Event = field(default_factory=asyncio.Event)


type Page = AskPage | CodePage | ConfirmPage | VisitPage


class PageDialog:
    """Shows one page at a time, and waits until somebody answers it.

    While nobody is `there`, a maker whose page is to be visited is not asked either.
    """

    def __init__(self, credentials: Mapping[str, str], clock: Clock) -> None:
        """Begin with a form that is filled in."""
        self._credentials: Mapping[str, str] | None = credentials
        self.clock = clock
        self.page: Page | None = None
        self.turn = asyncio.Event()
        """Set while it is the owner's turn."""
        self.there = asyncio.Event()
        self._answer: asyncio.Future[Any] | None = None

    def answer(self, value: object) -> None:
        """Answer the open page; the conversation goes on."""
        answer, self._answer = self._answer, None
        self._close_page()
        if answer is not None:
            answer.set_result(value)

    def leave(self) -> bool:
        """Let the open page raise `LoginAborted`; False where none waits."""
        answer, self._answer = self._answer, None
        if answer is None:
            return False
        self._close_page()
        answer.set_exception(LoginAborted())
        return True

    async def ask(
        self,
        fields: Sequence[CredentialField] | None = None,
        *,
        page: str = "account",
        error: SignInOutcome | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """Return what the owner typed: first what is typed already."""
        typed, self._credentials = self._credentials, None
        if typed is not None and fields is None:
            return typed
        answer: Mapping[str, str] = await self._show(
            AskPage(
                fields=None if fields is None else tuple(fields),
                page=page,
                error=error,
                placeholders=placeholders or {},
            )
        )
        return answer

    async def code(
        self, sent_to: str, *, error: SignInOutcome | None = None
    ) -> str | Resend:
        """Return the code that was sent to the owner, or RESEND."""
        answer: str | Resend = await self._show(CodePage(sent_to=sent_to, error=error))
        return answer

    async def confirm(self, question: Question) -> bool:
        """Return whether the owner agrees to what the question says."""
        answer: bool = await self._show(ConfirmPage(question=question))
        return answer

    async def visit[T](self, visit: Visit, poll: Poll[T]) -> T:
        """Show link and code, and look until the owner has approved."""
        page = VisitPage(visit=visit)
        self._open_page(page)
        try:
            return await wait_for_approval(visit, poll, self.clock, self.there.wait)
        finally:
            self._close_page()
            page.over.set()

    async def _show(self, page: Page) -> Any:
        answer = self._answer = asyncio.get_running_loop().create_future()
        self._open_page(page)
        return await answer

    def _open_page(self, page: Page) -> None:
        self.page = page
        self.turn.set()

    def _close_page(self) -> None:
        self.page = None
        self.turn.clear()
