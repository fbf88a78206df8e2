"""German says *du*, as Home Assistant's own German does."""

import re
from typing import Final

import pytest

from .test_texts import TEXTS, leaves

# In the middle of a sentence a capital *Sie* is an owner; at its beginning it may be a thing.
_FORMAL: Final = re.compile(
    r"(?<![.:!?;…(] )(?<!^)\b(?:Sie|Ihnen)\b|\bIhr(?:e[mnrs]?)?\b|\b[A-ZÄÖÜ]\w+en Sie\b"
)


def test_no_text_is_formal() -> None:
    """Neither pronouns nor imperatives of *Sie* are left."""
    formal = {key: text for key, text in leaves(TEXTS["de"]) if _FORMAL.search(text)}
    assert formal == {}


@pytest.mark.parametrize(
    "text",
    [
        "Warten Sie, bis es fertig ist.",
        "Mit Ihrem Passwort ist alles in Ordnung.",
        "Bis Sie geantwortet haben, geht nichts.",
        "Der Hersteller verlangt Ihre Einwilligung.",
    ],
)
def test_the_search_finds_formal_texts(text: str) -> None:
    """Each kind of leftover that there was."""
    assert _FORMAL.search(text)


def test_the_search_leaves_things_alone() -> None:
    """*Sie* is a thing at the beginning of a sentence."""
    assert not _FORMAL.search("Das ist eine Nummer. Sie hat 17 Zeichen.")
