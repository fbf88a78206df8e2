"""Every link between the documents leads somewhere."""

from pathlib import Path
import re
from typing import Final

import pytest

from .documents import ROOT, pages

_LINK: Final = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ALL: Final = (
    *pages(),
    *(ROOT / f"{name}.md" for name in ("ARCHITECTURE", "CONTRIBUTING", "SECURITY")),
)


def _anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings get."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in _HEADING.findall(page.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("page", _ALL, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file that is there, and to a heading of it."""
    lost = []
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            lost.append(f"{target}#{anchor}" if anchor else target)
    assert lost == []


def test_every_page_is_in_the_contents() -> None:
    """What the list does not name, nobody finds."""
    contents = ROOT / "docs/README.md"
    text = contents.read_text(encoding="utf-8")
    named = {(contents.parent / target).resolve() for target, _ in _LINK.findall(text)}
    inside = {page for page in pages() if page.is_relative_to(contents.parent)}
    assert inside - named == {contents}
