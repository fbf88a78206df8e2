"""What was called, for tests and for people who want to look: no secrets."""

from dataclasses import asdict, dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final

_KEPT: Final = 20_000


@dataclass(slots=True, kw_only=True)
class Call:
    """One request as it came in; without its query, which may hold a secret."""

    at: datetime
    method: str
    host: str
    path: str
    account: str | None = None
    status: int | None = None
    """None while it is under way, 0 where the connection was dropped."""

    def to_json(self) -> dict[str, Any]:
        """Turn the call into JSON."""
        return {**asdict(self), "at": self.at.isoformat().replace("+00:00", "Z")}


class CallLog:
    """The calls of all hosts, in order."""

    def __init__(self) -> None:
        """Begin empty."""
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """Keep a call; the oldest go when there are too many."""
        self._calls.append(call)
        del self._calls[:-_KEPT]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def find(
        self,
        path: str = "*",
        *,
        method: str | None = None,
        account: str | None = None,
        host: str | None = None,
    ) -> list[Call]:
        """Return the calls that match; the path is a pattern."""
        return [
            call
            for call in self._calls
            if fnmatchcase(call.path, path)
            and method in {None, call.method}
            and account in {None, call.account}
            and host in {None, call.host}
        ]
