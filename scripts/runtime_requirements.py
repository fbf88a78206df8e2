#!/usr/bin/env python3
"""Print what Home Assistant would install by itself when the demo and the tests run."""

from collections.abc import Iterator
import json
from pathlib import Path
import sys

import homeassistant
from homeassistant import bootstrap
from homeassistant.requirements import DISCOVERY_INTEGRATIONS

COMPONENTS = Path(homeassistant.__file__).parent / "components"
CARPORT = Path(__file__).parents[1] / "custom_components" / "carport"
LOADED = {
    *bootstrap.CRITICAL_INTEGRATIONS,
    *bootstrap.DEFAULT_INTEGRATIONS,
    "config",
    "energy",
    "history",
    "logbook",
    "map",
}


def requirements(folder: Path, seen: set[Path]) -> Iterator[str]:
    """Walk an integration and all it needs, each once."""
    manifest = folder / "manifest.json"
    if folder in seen or not manifest.is_file():
        return
    seen.add(folder)
    content = json.loads(manifest.read_text(encoding="utf-8"))
    yield from content.get("requirements", ())
    needed = [
        *content.get("dependencies", ()),
        *content.get("after_dependencies", ()),
        *(
            domain
            for domain, keys in DISCOVERY_INTEGRATIONS.items()
            if any(key in content for key in keys)
        ),
    ]
    for domain in needed:
        yield from requirements(COMPONENTS / domain, seen)


seen: set[Path] = set()
found = {
    requirement
    for folder in (CARPORT, *(COMPONENTS / domain for domain in sorted(LOADED)))
    for requirement in requirements(folder, seen)
}
sys.stdout.writelines(f"{requirement}\n" for requirement in sorted(found))
