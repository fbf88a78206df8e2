"""What the first calls to a cloud were like, told without a single value of theirs.

For owners of accounts at clouds that the project has never been let into: what they
send tells what was different, and neither who they are nor how to get in.
"""

from collections.abc import Mapping
import re
from typing import Any, Final

from .bodies import parse_json

_MOST: Final = 80
_KEYS: Final = 60
_DEPTH: Final = 8
_PAGE: Final = 200_000
_WORD: Final = re.compile(r"[A-Za-z_$][A-Za-z_.:-]{0,40}[0-9]{0,2}")
_FIELD: Final = re.compile(
    r"<(?:input|select|textarea|button)\b[^>]{0,400}?\bname\s*=\s*[\"']?([^\"'\s>]{1,60})",
    re.IGNORECASE,
)
_HIDDEN: Final = "*"
_TYPES: Final[Mapping[type, str]] = {
    bool: "flag",
    int: "number",
    float: "number",
    str: "text",
    type(None): "null",
}


class Trace:
    """The first calls of a sign-in or a run; later ones are no longer noted."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.calls: list[dict[str, Any]] = []

    def note(
        self,
        method: str,
        host: str | None,
        what: str,
        status: int,
        text: str,
        *,
        sent: Mapping[str, Any] | None = None,
        binary: bool = False,
    ) -> None:
        """Note a call by its template and the outline of its answer."""
        if len(self.calls) < _MOST:
            call: dict[str, Any] = {
                "method": method,
                "host": ".".join((host or "").split(".")[-2:]),
                "what": what,
                "status": status,
                **(_outline(text) if not binary else {"kind": "binary"}),
            }
            if sent:
                call["sent"] = sorted({word(name) for name in sent})
            self.calls.append(call)

    def note_failure(self, method: str, host: str | None, what: str, how: str) -> None:
        """Note a call without an answer."""
        if len(self.calls) < _MOST:
            self.calls.append(
                {
                    "method": method,
                    "host": ".".join((host or "").split(".")[-2:]),
                    "what": what,
                    "failed": how,
                }
            )

    def lines(self) -> list[str]:
        """Tell the calls in one line each, for people to read and to send."""
        return [
            " ".join(
                f"{key}={_short(value)}" if key not in _BARE else str(value)
                for key, value in call.items()
            )
            for call in self.calls
        ]


_BARE: Final = frozenset({"method", "host", "what", "status", "kind"})


def word(name: object) -> str:
    """Return a name if it is a word of a program; what may be somebody's is hidden."""
    text = str(name)
    return text if _WORD.fullmatch(text) else _HIDDEN


def shape(data: Any, depth: int = _DEPTH) -> Any:
    """Return the keys and types of JSON, without any value."""
    if isinstance(data, Mapping):
        if depth == 0:
            return "object"
        names: dict[str, Any] = {}
        for key, value in list(data.items())[:_KEYS]:
            names.setdefault(word(key), shape(value, depth - 1))
        return names
    if isinstance(data, list):
        return [shape(data[0], depth - 1)] if data and depth else []
    return _TYPES.get(type(data), "other")


def _outline(text: str) -> dict[str, Any]:
    """Say what kind of page it is, and what it is made of."""
    if not text.strip():
        return {"kind": "empty"}
    try:
        return {"kind": "json", "keys": shape(parse_json(text))}
    except ValueError:
        pass
    head = text[:_PAGE].lstrip()
    if not head.startswith("<"):
        return {"kind": "text"}
    fields = sorted({word(name) for name in _FIELD.findall(head)})
    if "<html" not in head[:2000].lower() and not fields:
        return {"kind": "xml"}
    return {"kind": "html", "fields": fields}


def _short(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(value) or "–"
    return str(value).replace("'", "").replace(" ", "")
