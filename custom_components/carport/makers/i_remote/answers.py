"""Answers to an account's security question: which commands ask it, which were wrong."""

from ...cloud.account_state import AccountState
from ...cloud.clock import Clock
from ...cloud.pins import PinGuard


class Answers(PinGuard):
    """What is remembered of the question and of wrong answers, over restarts."""

    def __init__(self, account_state: AccountState, clock: Clock) -> None:
        """Keep what is known in the account's state."""
        super().__init__(account_state, clock)
        self._reading = account_state

    def asks(self, service: str) -> bool:
        """Return whether a command is known to ask the question."""
        return service in self._services()

    async def note_question(self, service: str) -> None:
        """Remember that a command asks the question."""
        if service not in (known := self._services()):
            await self._reading.keep(asks_answer=",".join((*known, service)))

    def _services(self) -> tuple[str, ...]:
        kept = self._reading.text("asks_answer")
        return tuple(kept.split(",")) if kept else ()
