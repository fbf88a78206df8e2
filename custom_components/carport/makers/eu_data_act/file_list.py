"""The portal's answers about cars and files, whatever they are wrapped in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Any, Final

from ...car.bounds import clean_label, is_vin
from ...cloud.field_map import text_at, to_datetime

_FILES: Final = ("files", "items", "data")
_NO_CONTENT: Final = "no_content"
_NAME: Final = re.compile(r"[\w.-]{1,120}\.zip", re.ASCII)
_MOST_FILES: Final = 200
_MOST_CARS: Final = 50
_MOST_DEPTH: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the list."""

    name: str
    created_at: datetime

    @property
    def empty(self) -> bool:
        """Whether its name says that there is nothing in it."""
        return _NO_CONTENT in self.name


def vins_in(body: Any) -> list[str]:
    """Return the cars in an answer, wherever in it they stand.

    Where none is called a VIN, whatever looks like one is taken for one.
    """
    found = list(_vins(body, _MOST_DEPTH, named=True))
    found = found or list(_vins(body, _MOST_DEPTH, named=False))
    return list(dict.fromkeys(found))[:_MOST_CARS]


def nickname_in(body: Any) -> str | None:
    """Return what the owner calls a car."""
    return clean_label(text_at(body, "relation", "vehicleNickname"))


def files_in(body: Any, now: datetime) -> list[File]:
    """Return the files of a list, oldest first; what is no file is left out."""
    rows = body
    if isinstance(body, Mapping):
        rows = next((body[key] for key in _FILES if key in body), [])
    found: dict[str, File] = {}
    for row in rows[:_MOST_FILES] if isinstance(rows, list) else ():
        name, created = text_at(row, "name"), to_datetime(text_at(row, "createdOn"))
        if name is not None and created is not None and _NAME.fullmatch(name):
            found[name] = File(name=name, created_at=min(created, now))
    return sorted(found.values(), key=lambda file: (file.created_at, file.name))


def _vins(body: Any, depth: int, *, named: bool, key: str = "") -> Iterator[str]:
    if is_vin(body) and (not named or key.casefold() == "vin"):
        yield body
    elif depth and isinstance(body, Mapping):
        for name, item in body.items():
            yield from _vins(item, depth - 1, named=named, key=str(name))
    elif depth and isinstance(body, list):
        for item in body:
            yield from _vins(item, depth - 1, named=named, key=key)
