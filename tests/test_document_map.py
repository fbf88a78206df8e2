"""The map of the house names each file where it stands."""

import re
from typing import Final

import pytest

from .documents import ROOT

HOUSE: Final = ROOT / "custom_components" / "carport"
ROOMS: Final = sorted(
    folder.name
    for folder in HOUSE.iterdir()
    if (folder / "__init__.py").exists() and folder.name != "makers"
)
"""Makers are told by their folders alone."""
_ROOM: Final = re.compile(r"^ {2,4}(\w+)/ +")
_ROOT: Final = ""


def named() -> dict[str, set[str]]:
    """Return the files that the map names, by their rooms; the root has no name."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    _, _, text = text.partition("custom_components/carport/\n")
    house, _, _ = text.partition("\ncarport/ ")
    room, found = _ROOT, {_ROOT: set[str]()}
    for line in house.splitlines():
        if "──" in line:
            continue
        if head := _ROOM.match(line):
            room = head[1]
            found[room] = set()
        files, *_ = re.split(r" {2,}", line[head.end() if head else 0 :].strip())
        found[room].update(files.split())
    return found


@pytest.mark.parametrize("room", [_ROOT, *ROOMS])
def test_the_map_names_each_file(room: str) -> None:
    """Also when a file was moved, renamed, or split."""
    files = {file.stem for file in (HOUSE / room).glob("*.py")}
    if room != _ROOT:
        files.discard("__init__")
    assert {name for name in named()[room] if not name.endswith("/")} == files
