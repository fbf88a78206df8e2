"""Every link of the product to its own repository leads somewhere."""

from pathlib import Path
import re
from typing import Final

from .documents import ROOT

_OWN: Final = re.compile(
    r"https://github\.com/carport-ha/carport(?:/blob/main/([\w/.-]+))?(?:#([\w-]+))?"
    r"(?![\w/#-])"
)
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


def test_every_link_of_the_product_leads_somewhere() -> None:
    """What repairs, forms and devices lead to is in this repository."""
    found = {
        (source.relative_to(ROOT), path, anchor)
        for folder in ("custom_components", "cli", "simulator", "blueprints")
        for source in (ROOT / folder).rglob("*")
        if source.suffix in {".py", ".json", ".yaml"}
        for path, anchor in _OWN.findall(source.read_text(encoding="utf-8"))
    }
    assert {path for _, path, _ in found} >= {"docs/troubleshooting.md"}
    lost = [
        f"{source}: {path}#{anchor}"
        for source, path, anchor in sorted(found)
        if not _leads_somewhere(ROOT / (path or "README.md"), anchor)
    ]
    assert lost == []


def _leads_somewhere(page: Path, anchor: str) -> bool:
    if not page.is_file() or not anchor:
        return page.is_file()
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return anchor in {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in headings
    }
