"""Answers to an account's security question: which commands ask it, which were wrong."""

from ...service.pins import RefusedPins
from ...service.vault import Vault


class Answers(RefusedPins):
    """What is remembered of the question and of wrong answers, over restarts."""

    def __init__(self, vault: Vault) -> None:
        """Keep the memory in an account's vault."""
        super().__init__(vault)
        self._asking = vault

    def is_futile(self, service: str, answer: str) -> bool:
        """Return whether a command would only be asked for an answer known as wrong."""
        return service in self._services() and self.holds(answer)

    async def note_question(self, service: str) -> None:
        """Remember that a command asks the question."""
        if service not in (known := self._services()):
            await self._asking.keep(asks_answer=",".join((*known, service)))

    def _services(self) -> tuple[str, ...]:
        kept = self._asking.text("asks_answer")
        return tuple(kept.split(",")) if kept else ()
