"""Parts that a script runs one after another, by their names on its command line."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Final

_ROOT: Final = Path(__file__).parents[1]


def arguments_of(
    script: str, about: str | None, parts: Sequence[str], figures: Path
) -> argparse.Namespace:
    """Read which parts are wanted, and whether their figures are kept in a file."""
    parser = argparse.ArgumentParser(prog=script, description=about)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"some of: {', '.join(parts)}"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"keep the figures in {figures.relative_to(_ROOT)}",
    )
    parser.add_argument("--here", choices=parts, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if arguments.write and arguments.parts:
        parser.error("only all parts together are kept")
    return arguments


def keep(figures: Path, title: str, head: str, found: Sequence[str]) -> None:
    """Write down what all parts have found."""
    text = "\n".join([f"# {title}\n", f"{fill(head, 100)}\n", *found])
    figures.write_text(text.rstrip() + "\n", encoding="utf-8")
