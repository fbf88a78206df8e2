"""The menus that documents and texts name are those of Home Assistant, or Carport's own."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final

import hass_frontend
import pytest

from .documents import ROOT, pages

_MENU: Final = re.compile(r"\*([^*\n]+ → [^*\n]+)\*")
_FRONTEND: Final = Path(hass_frontend.__file__).parent / "static/translations"
_CARPORT: Final = ROOT / "custom_components/carport/translations/en.json"
_CARD: Final = ROOT / "frontend/src/i18n/en.json"
_OWN: Final = "Carport"
_OF_APPS: Final = {"Settings → Smart Home → API keys"}
"""Menus in a maker's app."""


def _texts(tree: Mapping[str, Any]) -> Iterator[str]:
    for value in tree.values():
        if isinstance(value, Mapping):
            yield from _texts(value)
        else:
            yield value


def _known() -> set[str]:
    files = [
        _CARPORT,
        _CARD,
        *_FRONTEND.glob("en-[0-9a-f]*.json"),
        *_FRONTEND.glob("*/en-[0-9a-f]*.json"),
    ]
    found = {
        text
        for file in files
        for text in _texts(json.loads(file.read_text(encoding="utf-8")))
    }
    card = json.loads(_CARD.read_text(encoding="utf-8"))
    # A service is offered with what works of it behind its name.
    names = {re.split(r" \(|: ", text)[0] for text in found}
    return found | names | {f"{_OWN}: {text}" for text in card.values()} | {_OWN}


def _named() -> Iterator[tuple[str, str]]:
    for page in (*pages(), _CARPORT):
        for menu in _MENU.findall(page.read_text(encoding="utf-8")):
            yield page.name, menu


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Return all English texts of Home Assistant's pages, and Carport's."""
    return _known()


@pytest.mark.parametrize(("page", "menu"), sorted(set(_named())))
def test_every_step_of_a_menu_is_there(page: str, menu: str, known: set[str]) -> None:
    """As it is written on the page that one looks for it on."""
    if menu not in _OF_APPS:
        assert [step for step in menu.split(" → ") if step not in known] == []
