"""Sign-ins under way: each runs beside the pages, and outlives them for a while.

Who closes the dialog while a code is on its way finds the same page again, without
another message. Only administrators can add accounts, so only they can.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback

from ..cloud.clock import Clock, SystemClock
from ..cloud.credentials import FieldKind
from ..cloud.login import LoginAborted
from ..const import DOMAIN
from ..engine.login import LoginResult
from ..makers.registry import SERVICES
from .identity import Account, normalised
from .login_dialog import AskPage, Page, PageDialog

KEPT_FOR: Final = timedelta(minutes=10)

_DECIDING: Final = frozenset({FieldKind.CHOICE, FieldKind.TEXT})
"""Kinds by which two sign-ins to one account differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRequest:
    """What a form asks for: an account, and how it is signed in to.

    `entry_id` is that of a known account, and `kept` what its store has. See
    `try_login` for the rest.
    """

    account: Account
    credentials: Mapping[str, str] = field(repr=False)
    entry_id: str | None = None
    kept: Mapping[str, Any] | None = field(default=None, repr=False)
    agreed: Collection[str] = ()
    anew: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What two requests for the same sign-in have in common."""
        account = self.account
        info = SERVICES[account.service].info
        identity = normalised(info, account.identity)
        # Another country is another sign-in; another secret or tick is not.
        typed = tuple(
            field.normalised(self.credentials.get(field.key, ""))
            for field in info.sign_in_fields
            if field.kind in _DECIDING and not field.identifies
        )
        return (
            self.entry_id,
            account.service,
            account.region,
            account.server,
            self.anew,
            identity,
            typed,
        )


type Login = Callable[[PageDialog], Coroutine[Any, Any, LoginResult]]
"""Signs in by talking."""
type Conversations = dict[tuple[object, ...], LoginConversation]
"""The open ones, by the keys of their requests."""


class LoginConversation:
    """One sign-in, and the page it has open."""

    def __init__(
        self,
        hass: HomeAssistant,
        request: LoginRequest,
        flow: str,
        *,
        login: Login,
        others: Conversations,
        clock: Clock | None,
    ) -> None:
        """Begin among the open ones; what the form has is the first answer."""
        self._hass = hass
        self._key = request.key
        self._others = others
        self._clock: Clock = clock or SystemClock()
        self._dialog = PageDialog(request.credentials, self._clock)
        self._dialog.there.set()
        self._flow: str | None = flow
        """The dialog that has it open; None while nobody has."""
        self._since: datetime = self._clock.now()
        """When somebody was last there for certain."""
        self._end: asyncio.Task[None] | None = None
        self._failed = False
        self._task = hass.async_create_background_task(
            login(self._dialog), f"{DOMAIN} sign-in"
        )
        self._task.add_done_callback(self._done)
        others[self._key] = self

    def asks_again(self, request: LoginRequest) -> bool:
        """Return whether the form that this request is from is what it asks for."""
        page = self._dialog.page
        return (
            request.key == self._key
            and isinstance(page, AskPage)
            and page.fields is None
        )

    async def next(self) -> Page | LoginResult:
        """Return the page that is open, or what the sign-in brought.

        Raises `LoginFailed`, or `LoginAborted` when it was left.
        """
        await self._dialog.turn.wait()
        if (page := self._dialog.page) is not None:
            return page
        self._forget()
        if self._task.cancelled():
            raise LoginAborted
        return self._task.result()

    @property
    def page(self) -> Page | None:
        """The page that is open; None while the maker is asked."""
        return self._dialog.page

    def answer(self, value: object) -> None:
        """Answer the open page."""
        self._since = self._clock.now()
        self._dialog.answer(value)

    @callback
    def take(self, flow: str) -> bool:
        """Go on in another dialog, unless it is too late for that."""
        if self._clock.now() - self._since > KEPT_FOR:
            self.close()
            return False
        before, self._flow = self._flow, flow
        self._since = self._clock.now()
        if self._end is not None:
            self._end.cancel()
            self._end = None
        self._dialog.there.set()
        if before is not None and before != flow:
            self._hass.config_entries.flow.async_abort(before)
        return True

    @callback
    def leave(self, flow: str) -> None:
        """Keep it for an owner who comes back; nothing is asked of the maker meanwhile."""
        if self._flow != flow:
            return
        self._flow = None
        self._since = self._clock.now()
        self._dialog.there.clear()
        if self._failed:
            self._forget()
            return
        self._end = self._hass.async_create_background_task(
            self._async_end(), f"{DOMAIN} end of a sign-in"
        )

    @callback
    def close(self) -> None:
        """End it for good."""
        self._forget()
        if not self._dialog.leave():
            self._task.cancel()

    async def _async_end(self) -> None:
        await self._clock.sleep(KEPT_FOR.total_seconds())
        self._end = None
        self.close()

    def _forget(self) -> None:
        if self._end is not None:
            self._end.cancel()
        if self._others.get(self._key) is self:
            del self._others[self._key]

    def _done(self, task: asyncio.Task[LoginResult]) -> None:
        # What nobody waits for is no error of anybody.
        self._failed = task.cancelled() or task.exception() is not None
        if self._failed and self._flow is None:
            self._forget()
        self._dialog.turn.set()
