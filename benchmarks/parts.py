"""Parts that a script runs one after another, by their names on its command line."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from types import MappingProxyType
from typing import Final

_ROOT: Final = Path(__file__).parents[1]


def arguments_of(
    script: str,
    about: str | None,
    parts: Sequence[str],
    figures: Path,
    narrower: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> argparse.Namespace:
    """Read which parts are wanted, and whether their figures are kept in a file.

    Some parts may be narrowed, by what `narrower` has for them; those words are in
    `narrowed`.
    """
    parser = argparse.ArgumentParser(prog=script, description=about)
    words = f"some of: {', '.join(parts)}"
    narrowing = {word for some in narrower.values() for word in some}
    if narrowing:
        words += (
            f"; after {' or '.join(narrower)} also some of these, to measure only "
            f"them: {', '.join(sorted(narrowing))}"
        )
    parser.add_argument("words", nargs="*", metavar="part", help=words)
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"keep the figures in {figures.relative_to(_ROOT)}",
    )
    parser.add_argument("--here", choices=parts, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.parts = [word for word in arguments.words if word in parts]
    arguments.narrowed = [word for word in arguments.words if word in narrowing]
    if unknown := set(arguments.words) - {*parts, *narrowing}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    run = {arguments.here} if arguments.here else set(arguments.parts or parts)
    if arguments.narrowed and run - set(narrower):
        parser.error(f"only {' and '.join(narrower)} can be narrowed")
    if arguments.write and arguments.words:
        parser.error("only all parts together are kept")
    return arguments


def keep(figures: Path, title: str, head: str, found: Sequence[str]) -> None:
    """Write down what all parts have found."""
    text = "\n".join([f"# {title}\n", f"{fill(head, 100)}\n", *found])
    figures.write_text(text.rstrip() + "\n", encoding="utf-8")
