"""E-mails that the clouds send to owners; whoever tests a sign-in reads them here."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_KEPT: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One e-mail with a code in it."""

    at: datetime
    to: str
    service: str
    code: str
    language: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Turn the e-mail into JSON."""
        return {
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "to": self.to,
            "service": self.service,
            "code": self.code,
            "language": self.language,
        }


class Mailbox:
    """The e-mails of all owners; the oldest go when there are too many."""

    def __init__(self) -> None:
        """Begin empty."""
        self._mails: deque[Mail] = deque(maxlen=_KEPT)

    def send(self, mail: Mail) -> None:
        """Deliver an e-mail at once."""
        self._mails.append(mail)

    def to(self, address: str) -> list[Mail]:
        """Return what an address was sent, newest first."""
        wanted = address.casefold()
        return [mail for mail in reversed(self._mails) if mail.to.casefold() == wanted]

    def clear(self) -> None:
        """Throw everything away."""
        self._mails.clear()
