"""What is printed in the documents, for tests that run or check it."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
_BLOCK: Final = r"^```{language}\n(.*?)^```"


def pages() -> tuple[Path, ...]:
    """Return the README and every page of the documents."""
    return ROOT / "README.md", *sorted(DOCS.rglob("*.md"))


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a page in one language; those of a terminal have none."""
    pattern = _BLOCK.format(language=language)
    text = page.read_text(encoding="utf-8")
    return re.findall(pattern, text, re.MULTILINE | re.DOTALL)


def automations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where each automation is printed, and what it says."""
    for place, written in yamls():
        if "triggers" in written:
            yield f"{place}: {written.get('alias')}", written


def yamls() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where each block of YAML is printed, and what it says."""
    # Where the command is tested there need not be a Home Assistant.
    from homeassistant.util.yaml import parse_yaml  # noqa: PLC0415

    for page in pages():
        for number, text in enumerate(blocks(page, "yaml"), 1):
            written = parse_yaml(text)
            if isinstance(written, dict):
                yield f"{page.relative_to(ROOT)}, {number}", written


def cells(page: Path) -> list[list[str]]:
    """Return the rows of all tables of a page, with their headings."""
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = (line.strip() for line in lines if line.lstrip().startswith("|"))
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))]
        for row in rows
        if not set(row) <= set("|:- ")
    ]


def table(page: Path, heading: str) -> list[list[str]]:
    """Return the rows of the table whose first column has this heading."""
    text = page.read_text(encoding="utf-8")
    (found, *_) = re.finditer(rf"^ *\| {re.escape(heading)} \|", text, re.MULTILINE)
    start = found.start()
    lines = text[start:].split("\n\n", 1)[0].splitlines()
    return [
        [cell.strip() for cell in row.strip().strip("|").split("|")]
        for row in lines
        if not set(row) <= set("|:- ")
    ]


def column(page: Path, heading: str) -> list[str]:
    """Return the first column of that table, without its heading."""
    return [row[0] for row in table(page, heading)][1:]
