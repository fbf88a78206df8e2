"""Pages and documents in markup, parsed only as far as they are of a sane size."""

from typing import Final

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

_MOST_TAGS: Final = 10_000
"""More of them than any page has; each costs time in which nothing else goes on."""


def parsed(markup: str) -> BeautifulSoup:
    """Return what markup holds; `ParserRejectedMarkup` if it is none, or too much."""
    if markup.count("<") > _MOST_TAGS:
        raise ParserRejectedMarkup("too many tags")
    return BeautifulSoup(markup, "html.parser")
