"""What an attack tried, and what broke."""

from dataclasses import dataclass, field

from benchmarks.table import Table


@dataclass(slots=True, kw_only=True)
class Findings:
    """The figures of one attack, and everything that should not have happened."""

    title: str
    what: str
    """What was tried, in a sentence or two."""
    figures: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def table(self) -> Table:
        """Return the findings as a table."""
        broken = [("**broken**", line) for line in self.broken] or [
            ("broken", "nothing")
        ]
        return Table(
            title=self.title,
            head=("", "found"),
            rows=[*self.figures.items(), *broken],
            notes=(self.what,),
        )
