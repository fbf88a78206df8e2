"""The countries whose owners the portal serves, and the language it speaks with them.

Only the language of pages depends on it, and which of them come between sign-in and
portal.
"""

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = {
    "AT": "de",
    "BE": "nl",
    "BG": "bg",
    "CY": "el",
    "CZ": "cs",
    "DE": "de",
    "DK": "da",
    "EE": "et",
    "ES": "es",
    "FI": "fi",
    "FR": "fr",
    "GR": "el",
    "HR": "hr",
    "HU": "hu",
    "IE": "en",
    "IS": "en",
    "IT": "it",
    "LI": "de",
    "LT": "lt",
    "LU": "fr",
    "LV": "lv",
    "MT": "en",
    "NL": "nl",
    "NO": "no",
    "PL": "pl",
    "PT": "pt",
    "RO": "ro",
    "SE": "sv",
    "SI": "sl",
    "SK": "sk",
}
USUAL: Final = "DE"


def market(country: str | None) -> tuple[str, str]:
    """Return a country that the portal serves, and its language."""
    code = USUAL if country is None or country not in LANGUAGES else country
    return code, LANGUAGES[code]


def accepted_languages(country: str | None) -> str:
    """Return what a browser of that country would say that it understands."""
    code, language = market(country)
    return f"{language}-{code},{language};q=0.9,en;q=0.8"
