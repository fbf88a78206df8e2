"""What is printed in the documents, for tests that run or check it."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.util.yaml import parse_yaml

ROOT: Final = Path(__file__).parents[1]
_YAML: Final = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def pages() -> tuple[Path, ...]:
    """Return the README and every page of the documents."""
    return ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))


def automations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where each automation is printed, and what it says."""
    for page in pages():
        texts = _YAML.findall(page.read_text(encoding="utf-8"))
        for number, text in enumerate(texts, 1):
            written = parse_yaml(text)
            if isinstance(written, dict) and "triggers" in written:
                place = f"{page.relative_to(ROOT)}, {number}"
                yield f"{place}: {written.get('alias')}", written
