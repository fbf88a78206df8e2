"""JSON with something else in some places of it."""

from collections.abc import Iterator
import json
from random import Random
from typing import Any, Final

_DEEP: Final[Any] = json.loads("[" * 40 + "]" * 40)
UGLY: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    -1e308,
    2**63,
    2**64 + 1,
    0.1 + 0.2,
    "",
    " ",
    "null",
    "NaN",
    "-0",
    "1e400",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2026-02-30T25:61:61Z",
    "1970-01-01",
    "\ud83d",
    "\x00\x1b[31m",
    "\u202e" * 50,
    "A" * 100_000,
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "{{ states }}",
    "http://127.0.0.1:1/",
    float("nan"),
    float("inf"),
    10**400,
    [],
    {},
    [[]],
    [None] * 500,
    {"": {"": None}},
    _DEEP,
)
"""What stands in a place instead."""
_GONE: Final = 0.15
_DOUBLED: Final = 0.1
"""How often a place is gone, or there twice, and not merely another."""


class Spoiler:
    """Puts something else in some places, and remembers where it was last."""

    def __init__(self, rng: Random) -> None:
        """Have hurt nothing yet."""
        self._rng = rng
        self.hurt = ""
        """The last place that was spoilt, and what stood there."""
        self.share = 1.0
        """How many of the answers are spoilt."""

    def spoil(self, content: Any) -> Any:
        """Return JSON in which one to four places are others."""
        rng = self._rng
        if rng.random() >= self.share:
            return content
        places = list(_places(content, ()))
        for place in rng.sample(places, min(rng.randint(1, 4), len(places))):
            how, ugly = rng.random(), rng.choice(UGLY)
            if how < _GONE:
                said, content = "gone", _without(content, place)
            elif how < _GONE + _DOUBLED:
                said, content = "twice", _twice(content, place)
            else:
                said, content = repr(ugly)[:30], _replaced(content, place, ugly)
            self.hurt = f"{'.'.join(map(str, place))} = {said}"
        return content


def _places(content: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value."""
    for key, value in _children(content):
        yield (*path, key)
        yield from _places(value, (*path, key))


def _children(content: Any) -> list[tuple[Any, Any]]:
    if isinstance(content, dict):
        return list(content.items())
    return list(enumerate(content)) if isinstance(content, list) else []


def _replaced(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with another value at the end of a way."""
    return _changed(content, path, lambda key, _: [(key, value)])


def _without(content: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy in which the end of a way is gone."""
    return _changed(content, path, lambda _key, _value: [])


def _twice(content: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy with a value there twice: under another name too, or once more."""
    return _changed(content, path, lambda key, old: [(key, old), (f"{key}_", old)])


def _changed(content: Any, path: tuple[Any, ...], change: Any) -> Any:
    """Return a copy in which other items stand for one; itself if that is gone."""
    key, *rest = path
    changed: list[tuple[Any, Any]] = []
    for one, value in _children(content):
        if one != key:
            changed.append((one, value))
        elif rest:
            changed.append((one, _changed(value, tuple(rest), change)))
        else:
            changed += change(one, value)
    if isinstance(content, dict):
        return dict(changed)
    return [value for _, value in changed] if isinstance(content, list) else content
