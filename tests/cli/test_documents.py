"""What the documents print for a terminal: every command, configuration and word."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
import re
import shlex
from typing import Any, Final

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from carport.mqtt.permissions import GROUPS
from carport.mqtt.refusals import TopicReason
from carport.mqtt.requests import CONTROLS
from carport.mqtt.settings import Layout, Private
from cli.app import app
from cli.bridge_file import BridgeFile, parse
from cli.command_table import COMMANDS
from cli.exits import Exit
from tests.documents import DOCS, ROOT, blocks, cells, column, pages

MQTT: Final = DOCS / "mqtt.md"
COMMAND_LINE: Final = DOCS / "command_line.md"
FILE: Final = Path("bridge.toml")
STAND_INS: Final = {
    "ACCOUNT": "car_net",
    "CAR": "aurora",
    "FILE": __file__,
    "LIST": "trips",
    "PROFILE": "saver",
    "SERVICE": "demo",
}
"""What the documents leave for the reader to fill in."""


def _printed() -> Iterator[tuple[str, str]]:
    """Yield where a command is printed, and the command without its name."""
    for page in pages():
        for block in blocks(page, ""):
            for line in block.splitlines():
                if hit := re.match(r"(?:sudo )?(?:\S*/)?carport (\w.*)", line.strip()):
                    yield page.name, hit[1].split("  #")[0].strip()
    for row in cells(COMMAND_LINE):
        if row and row[0].startswith("`"):
            names = re.findall(r"`([^`]+)`", row[0])
            yield from ((COMMAND_LINE.name, name) for name in names)


def _ways(written: str) -> Iterator[list[str]]:
    """Yield a command without what stands in brackets, and with it."""
    parts = re.split(r"(\[[^\]]+\])", written)
    choices = [("", part[1:-1]) if part.startswith("[") else (part,) for part in parts]
    for chosen in product(*choices):
        words = shlex.split(" ".join(chosen))
        yield [STAND_INS.get(word, word) for word in words]


def _parse(command: Any, words: list[str], parent: Any = None) -> None:
    """Let the command read its words, and do nothing; raise where it cannot."""
    context = command.make_context(words[0], words[1:], parent=parent)
    if isinstance(command, TyperGroup) and (rest := words[1:]):
        # None of the printed commands has options before its name.
        _, below, left = command.resolve_command(context, rest)
        _parse(below, [rest[0], *left], context)


PRINTED: Final = sorted(
    {(page, written) for page, written in _printed() if written.split()[0].islower()}
)


@pytest.mark.parametrize(("page", "written"), PRINTED)
def test_every_printed_command_is_one(page: str, written: str) -> None:
    """With its arguments and options, as they are printed."""
    if not any(written.split(maxsplit=1)[0] in rows for rows in COMMANDS.values()):
        pytest.fail(f"{page}: there is no command {written}")
    for words in _ways(written):
        _parse(get_command(app), ["carport", *words])


def test_every_command_is_documented() -> None:
    """None is only in the help."""
    text = "".join(page.read_text(encoding="utf-8") for page in pages())
    known = {name for rows in COMMANDS.values() for name in rows}
    assert {name for name in known if f"carport {name}" not in text} <= {
        written.split()[0] for _, written in PRINTED
    }


def test_the_exit_codes() -> None:
    """As programs go by them."""
    said = {row[0] for row in cells(COMMAND_LINE) if row and row[0].isdigit()}
    assert said == {str(int(code)) for code in Exit}


@pytest.mark.parametrize(
    ("page", "block"),
    [(page, block) for page in pages() for block in blocks(page, "toml")],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_printed_configuration_is_right(page: Path, block: str) -> None:
    """The bridge takes it, and it says something."""
    assert parse(block, FILE) != BridgeFile(), page.name


def test_every_key_of_the_configuration_is_named() -> None:
    """By table, with what it may hold where that is a word."""
    text = MQTT.read_text(encoding="utf-8")
    broker = BridgeFile().broker.__dataclass_fields__
    words = {*broker, *Layout, *Private, *GROUPS, *TopicReason, *CONTROLS}
    assert {word for word in words if not re.search(rf'[`"]{word}["`]', text)} == set()
    assert column(MQTT, "Word") == [f"`{word}`" for word in GROUPS]


def test_every_variable_of_the_surroundings_is_named() -> None:
    """Those of the broker by their ends."""
    text = MQTT.read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:CARPORT_MQTT)?_([A-Z_]+)`", text))
    source = (ROOT / "cli/bridge_setup.py").read_text(encoding="utf-8")
    read = re.findall(
        r"\{_PREFIX\}([A-Z_]+)|^    \"([A-Z_]+)\": ", source, re.MULTILINE
    )
    assert named == {one or other for one, other in read}


def test_nothing_is_installed_from_an_index_by_its_name() -> None:
    """What has that name there is not ours."""
    for page in (*pages(), *(ROOT / "cli").glob("*.py")):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"pipx? install [\"']?carport", text), page.name
