"""Tables, as they are printed and as they are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Final

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures with a title, and what has to be known to read them."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        """Return the table as it stands in a document."""
        widths = [
            max(len(row[column]) for row in (self.head, *self.rows))
            for column in range(len(self.head))
        ]
        lines = [
            _line(self.head, widths),
            _line(
                [
                    "-" * width if column == 0 else "-" * (width - 1) + ":"
                    for column, width in enumerate(widths)
                ],
                widths,
            ),
            *(_line(row, widths) for row in self.rows),
        ]
        notes = [f"\n{fill(note, _WIDTH)}" for note in self.notes]
        return "\n".join([f"## {self.title}", "", *lines, *notes])


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
