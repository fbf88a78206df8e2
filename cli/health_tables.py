"""What `carport health` and `carport notifications` print, in words instead of keys."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from rich.table import Table

from .tables import grid, rows_table
from .words import say_signal, say_time, say_word

_HEALTH: Final = "health"
_WAYS: Final = {"email": "e-mail", "text": "text message"}


def health_tables(report: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the verdict, the parts of the car, and what has to be done by when."""
    verdict = grid("", "Value")
    if (read_at := report.get("captured_at")) is not None:
        verdict.add_row("Read", say_time(datetime.fromisoformat(read_at)))
    if (health := report.get(_HEALTH)) is not None:
        verdict.add_row(say_signal(_HEALTH), say_word(_HEALTH, health))
    if (odometer := report.get("odometer")) is not None:
        verdict.add_row(say_signal("odometer"), f"{odometer:.0f} km")
    yield verdict
    if categories := report.get("categories"):
        yield _parts(categories)
    if maintenance := report.get("maintenance"):
        yield _maintenance(maintenance)
    if details := report.get("details"):
        yield rows_table([dict(details)])


def _parts(categories: list[Mapping[str, Any]]) -> Table:
    table = grid("Part", "State", "Messages")
    for one in categories:
        messages = (str(line["text"]) for line in one.get("messages") or ())
        name = say_signal(f"{_HEALTH}_{one['category']}").rpartition(": ")[2]
        table.add_row(
            name[:1].upper() + name[1:],
            say_word(_HEALTH, str(one.get("severity") or "–")),
            ", ".join(messages) or "–",
        )
    return table


def _maintenance(rows: list[Mapping[str, Any]]) -> Table:
    table = grid("Maintenance", "Left", "Due", right=("Left",))
    for one in rows:
        distance = one.get("distance")
        table.add_row(
            _words(str(one["kind"])),
            "–" if distance is None else f"{distance:.0f} km",
            str(one.get("due_on") or "–"),
        )
    return table


def notifications_table(events: Mapping[str, Any]) -> Table:
    """Return by which way the maker tells of what; the key is what --set takes."""
    table = grid("Tells of", "By", "Key")
    for event, ways in events.items():
        told = (_WAYS.get(str(way), _words(str(way)).lower()) for way in ways)
        table.add_row(_words(event), ", ".join(told) or "–", event)
    return table


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()
