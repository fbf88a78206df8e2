"""The vehicle health report: XML whose inner shape nobody has published.

Its elements are found by the names they ought to have, wherever they stand; the whole
goes along under the maker's own names.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from bs4 import Tag
from bs4.exceptions import ParserRejectedMarkup

from ...car.history import HealthCategory, HealthMessage, HealthReport
from ...car.signals import Health
from ...cloud.errors import BadAnswer
from ...cloud.field_map import capture_time, to_float
from ..volkswagen_group.markup import parsed
from .endpoints import HEALTH_REPORT

_ROOT: Final = "sharedtelemetricreport"
_DATES: Final = ("creationdate", "reportdate", "timestamp", "date")
_MILEAGES: Final = ("mileage", "odometer")
_LISTS: Final = ("warnings", "warninglist", "messages")
_TEXTS: Final = ("text", "description", "message", "title")
_PRIORITIES: Final = ("priority", "severity", "colour", "color")
_SEVERITIES: Final = {
    "high": Health.STOP,
    "red": Health.STOP,
    "medium": Health.SERVICE,
    "yellow": Health.SERVICE,
    "low": Health.NOTICE,
    "blue": Health.NOTICE,
    "white": Health.NOTICE,
}
_WORST_LAST: Final = tuple(Health)
_NOBODYS_BUSINESS: Final = frozenset({"vin", "userid"})
_ELSEWHERE: Final = "other"


def report_of(xml: str, received_at: datetime) -> HealthReport:
    """Return the report; a category for each that has something to say."""
    root = _root(xml)
    messages: dict[str, list[HealthMessage]] = {}
    for category, message in _messages(root):
        messages.setdefault(category, []).append(message)
    tree = _tree(root)
    categories = tuple(
        HealthCategory(category=name, severity=_worst(found), messages=tuple(found))
        for name, found in messages.items()
    )
    every = [message for found in messages.values() for message in found]
    # An empty list of warnings says that all is well; no list says nothing.
    well = Health.OK if not every and root.find(_LISTS) else None
    return HealthReport(
        captured_at=capture_time(_first(root, _DATES), received_at),
        health=well or _worst(every),
        odometer=to_float(_first(root, _MILEAGES)),
        categories=categories,
        details=tree if isinstance(tree, Mapping) else {},
    )


def _root(xml: str) -> Tag:
    _, prolog, rest = xml.partition("?>")
    try:
        page = parsed(rest if prolog else xml)
    except ParserRejectedMarkup:
        raise BadAnswer(HEALTH_REPORT.path) from None
    root = page.find(_ROOT)
    if not isinstance(root, Tag):
        raise BadAnswer(HEALTH_REPORT.path)
    return root


def _messages(root: Tag) -> Iterator[tuple[str, HealthMessage]]:
    for history_list in root.find_all(_LISTS):
        for row in history_list.find_all(recursive=False):
            if (text := _first(row, _TEXTS)) is not None:
                said = (_first(row, _PRIORITIES) or "").casefold()
                category = (_first(row, ("category",)) or _ELSEWHERE).casefold()
                yield category, HealthMessage(text=text, severity=_SEVERITIES.get(said))


def _worst(messages: Iterable[HealthMessage]) -> str | None:
    known = [Health(said.severity) for said in messages if said.severity is not None]
    return max(known, key=_WORST_LAST.index, default=None)


def _first(tag: Tag, names: Iterable[str]) -> str | None:
    """Return the text of the first element that has one of these names."""
    for name in names:
        found = tag.find(name)
        if isinstance(found, Tag) and (text := found.get_text(strip=True)):
            return text
    return None


def _tree(tag: Tag) -> Any:
    """Return what has children as an object, what comes more than once as a list."""
    children = [child for child in tag.children if isinstance(child, Tag)]
    if not children:
        return tag.get_text(strip=True)
    tree: dict[str, Any] = {}
    for child in children:
        if child.name in _NOBODYS_BUSINESS:
            continue
        known, value = tree.get(child.name), _tree(child)
        if known is None:
            tree[child.name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            tree[child.name] = [known, value]
    return tree
