"""The owner at a terminal, as a maker's sign-in sees them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
import getpass
import io
import signal
import sys
from typing import Protocol

import segno

from carport.cloud.clock import Clock, SystemClock
from carport.cloud.credentials import CredentialField, FieldKind
from carport.cloud.errors import SignInFailed
from carport.cloud.guard import Refusals
from carport.cloud.login import (
    RESEND,
    LoginAborted,
    Poll,
    Question,
    Resend,
    Visit,
    wait_for_approval,
)
from carport.cloud.sign_in import SignInOutcome

from .output import Output
from .stopping import SIGNALS
from .words import say, say_field, say_option, say_outcome, say_question


class Prompter(Protocol):
    """Where answers come from."""

    there: bool
    """Whether somebody can answer at all."""

    def line(self, prompt: str) -> str:
        """Return a line that was typed."""

    def secret(self, prompt: str) -> str:
        """Return what was typed without being shown."""


class Keyboard:
    """The keyboard of the terminal; prompts stay out of the result."""

    def __init__(self) -> None:
        """Look whether there is one."""
        self.there = sys.stdin.isatty()

    def line(self, prompt: str) -> str:
        """Return a line that was typed."""
        with _interruptible():
            sys.stderr.write(prompt)
            sys.stderr.flush()
            line = sys.stdin.readline()
        if not line:
            raise LoginAborted
        return line.strip()

    def secret(self, prompt: str) -> str:
        """Return what was typed without being shown."""
        with _interruptible():
            try:
                return getpass.getpass(prompt, stream=sys.stderr)
            except EOFError:
                raise LoginAborted from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a signal end a prompt, which nothing else would before a line is typed."""
    before = {
        number: signal.signal(number, signal.default_int_handler) for number in SIGNALS
    }
    try:
        yield
    except KeyboardInterrupt:
        raise LoginAborted from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class TerminalDialog:
    """Asks line by line; where nobody can answer, only with what was given before."""

    def __init__(
        self,
        fields: Sequence[CredentialField],
        credentials: Mapping[str, str],
        keyboard: Prompter,
        out: Output,
        refusals: Callable[[], Refusals],
    ) -> None:
        """Begin with what was typed already; `refusals` counts those of the account."""
        self._fields = tuple(fields)
        self._credentials: Mapping[str, str] | None = credentials
        self._typed = dict(credentials)
        self._keyboard = keyboard
        self._out = out
        self._refusals = refusals
        self.clock: Clock = SystemClock()

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
        if not self._keyboard.there:
            raise LoginAborted if error is None else SignInFailed(error)
        if error is not None:
            self._out.note(say_outcome(str(error), refusals=self._refusals()), "yellow")
        if fields is not None:
            if page != "account":
                text = say(
                    "config", "step", page, "description", **(placeholders or {})
                )
                self._out.note(text)
            return ask_fields(fields, {}, self._keyboard)
        secrets = [field for field in self._fields if field.secret]
        self._typed |= ask_fields(secrets or self._fields, {}, self._keyboard)
        return dict(self._typed)

    async def code(
        self, sent_to: str, *, error: SignInOutcome | None = None
    ) -> str | Resend:
        """Return the code that was sent to the owner, or RESEND."""
        self._insist()
        if error is not None:
            self._out.note(say_outcome(str(error)), "yellow")
        self._out.note(f"The maker has sent a code to {sent_to}.")
        answer = ""
        while not answer:
            answer = self._keyboard.line("Code (or: again, to have another one sent): ")
        return RESEND if answer.casefold() == "again" else answer

    async def visit[T](self, visit: Visit, poll: Poll[T]) -> T:
        """Show link, code and QR code, and look until the owner has approved."""
        address = visit.complete_url or visit.url
        minutes = visit.expires_in // timedelta(minutes=1)
        self._out.note(
            f"Open this page, sign in there, and approve the code:\n{address}"
        )
        self._out.note(f"Code: {visit.user_code}", "bold")
        if self._out.notes.is_terminal:
            self._out.note(qr_code(address))
        self._out.note(f"Waiting for you, at most {minutes} minutes. Ctrl-C ends it.")
        return await wait_for_approval(visit, poll, self.clock)

    async def confirm(self, question: Question) -> bool:
        """Return whether the owner agrees to what the question says."""
        if not question.harmless:
            self._insist()
        self._out.note(say_question(question))
        if not self._keyboard.there:
            return True
        if question.url:
            self._out.note(question.url)
        return agrees(self._keyboard, "Agree")

    def _insist(self) -> None:
        """Leave where nobody can decide."""
        if not self._keyboard.there:
            raise LoginAborted


def agrees(keyboard: Prompter, what: str) -> bool:
    """Ask for a yes; everything else is a no."""
    return keyboard.line(f"{what}? [y/N] ").casefold() in {"y", "yes"}


def ask_fields(
    fields: Sequence[CredentialField], given: Mapping[str, str], keyboard: Prompter
) -> dict[str, str]:
    """Ask for what is not given yet; empty answers leave out what may be left out."""
    typed = dict(given)
    for field in fields:
        if field.key in typed:
            continue
        while True:
            answer = _ask_one(field, keyboard)
            if answer or not field.required:
                break
        if answer:
            typed[field.key] = answer
    return typed


def _ask_one(field: CredentialField, keyboard: Prompter) -> str:
    label = say_field(field)
    optional = "" if field.required else ", optional"
    if field.secret:
        hint = f" ({optional[2:]})" if optional else ""
        return keyboard.secret(f"{label}{hint}: ")
    match field.kind:
        case FieldKind.FLAG:
            return "true" if agrees(keyboard, label) else "false"
        case FieldKind.CHOICE:
            return choose(label, field, keyboard)
    suggested = field.suggested or ""
    hint = (
        f" [{suggested}{optional}]" if suggested else optional and f" ({optional[2:]})"
    )
    return keyboard.line(f"{label}{hint}: ") or suggested


def choose(label: str, field: CredentialField, keyboard: Prompter) -> str:
    """Let the owner choose one of a field's values, by its number or itself."""
    lines = [
        f"  {number}  {say_option(field.key, value)}"
        for number, value in enumerate(field.choices, 1)
    ]
    prompt = "\n".join([f"{label}:", *lines, f"[{field.suggested or 1}] "])
    while True:
        answer = keyboard.line(prompt)
        if not answer and not field.required:
            return ""
        answer = answer or field.suggested or field.choices[0]
        if answer in field.choices:
            return answer
        if answer.isdecimal() and 0 < int(answer) <= len(field.choices):
            return field.choices[int(answer) - 1]


def qr_code(address: str) -> str:
    """Return an address as a QR code made of blocks."""
    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out=drawn, compact=True)
    return drawn.getvalue()
