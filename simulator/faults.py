"""Bad days on demand: which calls go wrong, how, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
import io
import json
from random import Random
from typing import Any, Final
import zipfile

from .cloud import Damage
from .settings import ControlError

_ZIP: Final = b"PK"
_MOST_GARBLED: Final = 4


class FaultKind(StrEnum):
    """How a call can go wrong."""

    STATUS = "status"
    HTML = "html"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    GARBLED = "garbled"
    DROP = "drop"
    DROP_AFTER = "drop_after"
    SLOW = "slow"
    DAMAGE = "damage"
    CHANGE = "change"


EXPLAINED: Final[Mapping[FaultKind, str]] = {
    FaultKind.STATUS: "refused with `status`, and Retry-After if `retry_after`",
    FaultKind.HTML: "200 with a page in place of JSON",
    FaultKind.EMPTY: "200 with nothing in it",
    FaultKind.TRUNCATED: "the answer's second half is missing",
    FaultKind.GARBLED: "some bytes of the answer are others, whatever it is",
    FaultKind.DROP: "the connection breaks before anything was done",
    FaultKind.DROP_AFTER: "it was done, then the connection breaks",
    FaultKind.SLOW: "answered `seconds` late by the clock",
    FaultKind.DAMAGE: "the JSON is spoilt in one of the service's named ways: `damage`",
    FaultKind.CHANGE: "the JSON with `set` (path to value) and `remove` (paths); * fits",
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong with the calls it fits, `count` times or always."""

    number: int
    kind: FaultKind
    path: str = "*"
    method: str | None = None
    host: str | None = None
    account: str | None = None
    count: int | None = None
    status: int = 503
    retry_after: str | int | None = None
    seconds: float = 30
    damage: str | None = None
    set: dict[str, Any] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    hits: int = 0

    def fits(self, method: str, host: str, path: str, account: str | None) -> bool:
        """Return whether a call goes wrong in this way."""
        return (
            self.count != 0
            and fnmatchcase(path, self.path)
            and self.method in {None, method}
            and self.host in {None, host}
            and self.account in {None, account}
        )

    def hit(self) -> None:
        """Count a call that went wrong."""
        self.hits += 1
        if self.count is not None:
            self.count -= 1


def make_fault(number: int, wish: Mapping[str, Any], damages: set[str]) -> Fault:
    """Make a fault of what was asked for."""
    known = set(Fault.__dataclass_fields__) - {"number", "hits"}
    if unknown := sorted(wish.keys() - known):
        raise ControlError(f"unknown: {', '.join(unknown)}; known: {sorted(known)}")
    try:
        kind = FaultKind(wish["kind"])
    except KeyError, ValueError:
        raise ControlError(f"kind takes {' | '.join(FaultKind)}") from None
    for name in ("count", "status", "seconds"):
        if not isinstance(wish.get(name, 1), (int, float, type(None))):
            raise ControlError(f"{name} takes a number")
    if not isinstance(wish.get("set", {}), dict):
        raise ControlError("set takes an object of paths and values")
    if not isinstance(wish.get("remove", []), list):
        raise ControlError("remove takes a list of paths")
    if kind is FaultKind.DAMAGE and wish.get("damage") not in damages:
        raise ControlError(f"damage takes {' | '.join(sorted(damages))}")
    return Fault(number=number, **{**wish, "kind": kind})


def spoil(
    body: bytes, fault: Fault, damages: Mapping[str, Damage], rng: Random
) -> bytes:
    """Return an answer's body as the fault leaves it; JSON in a ZIP is JSON too."""
    if fault.kind is FaultKind.TRUNCATED:
        return body[: len(body) // 2]
    if fault.kind is FaultKind.GARBLED:
        return garbled(body, rng)
    if body.startswith(_ZIP):
        return _spoil_archive(body, fault, damages, rng)
    try:
        content = json.loads(body)
    except ValueError:
        return body  # Only JSON can be spoilt this way.
    if fault.kind is FaultKind.DAMAGE:
        damage = damages.get(fault.damage or "")
        content = content if damage is None else damage(content)
    else:
        for path, value in fault.set.items():
            put(content, path, value)
        for path in fault.remove:
            remove(content, path)
    return json.dumps(content, separators=(",", ":")).encode()


def garbled(body: bytes, rng: Random) -> bytes:
    """Return a body of which a few bytes are others."""
    changed = bytearray(body)
    count = min(rng.randint(1, _MOST_GARBLED), len(body))
    for place in rng.sample(range(len(body)), count):
        changed[place] ^= rng.randrange(1, 256)
    return bytes(changed)


def _spoil_archive(
    body: bytes, fault: Fault, damages: Mapping[str, Damage], rng: Random
) -> bytes:
    room = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as archive,
        zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as spoilt,
    ):
        for entry in archive.infolist():
            content = spoil(archive.read(entry), fault, damages, rng)
            spoilt.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return room.getvalue()


def put(content: Any, path: str, value: Any) -> None:
    """Set what a path such as `data.exteriorStatus.*` leads to."""
    for parent, key in _places(content, path.split(".")):
        parent[key] = value


def remove(content: Any, path: str) -> None:
    """Take away what a path leads to."""
    for parent, key in reversed(_places(content, path.split("."))):
        if isinstance(parent, list) or key in parent:
            del parent[key]


def _places(content: Any, path: list[str]) -> list[tuple[Any, Any]]:
    """Return parent and key of everything that a path fits."""
    key, *rest = path
    if isinstance(content, list):
        numbers = range(len(content))
        keys: list[Any] = [at for at in numbers if key in {"*", str(at)}]
    elif isinstance(content, dict):
        keys = list(content) if key == "*" else [key]
    else:
        return []
    if not rest:
        return [(content, at) for at in keys]
    inner = [
        content[at] for at in keys if not isinstance(content, dict) or at in content
    ]
    return [place for child in inner for place in _places(child, rest)]
