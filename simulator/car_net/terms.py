"""New terms: the page's model, and the form that accepts them."""

from collections.abc import Mapping
from typing import Any, Final

from .regions import Region

DOCUMENT: Final[Mapping[str, str | bool | int]] = {
    "id": "6c1f7d52-8f53-4f0e-9a37-2f5b8a1d7e10",
    "name": "TERMS_OF_USE",
    "language": "en",
    "url": "https://example.com/terms",
    "version": "3.1",
    "declinable": False,
    "updated": True,
    "skipLink": "",
    "declineLink": "login/decline",
    "majorVersion": 3,
    "minorVersion": 1,
    "changeSummary": "We have changed a few words.",
}
_NOT_SENT: Final = frozenset(
    {"skipLink", "declineLink", "majorVersion", "minorVersion", "changeSummary"}
)


def terms_model(relay_state: str, hmac: str, region: Region) -> dict[str, Any]:
    """Return the model of the page."""
    return {
        "template": "termsAndConditions",
        "relayState": relay_state,
        "hmac": hmac,
        "countryOfResidence": region.country.lower(),
        "legalDocuments": [dict(DOCUMENT)],
        "loginUrl": "login",
        "postAction": "terms-and-conditions",
        "error": None,
    }


def accepts(
    fields: Mapping[str, str], document: Mapping[str, Any], region: Region
) -> bool:
    """Return whether a form accepts the document as the page would."""
    wanted = {
        f"legalDocuments[0].{key}": _word(value)
        for key, value in document.items()
        if key not in _NOT_SENT
    }
    sent = {
        name: value for name, value in fields.items() if name.startswith("legalDoc")
    }
    return sent == wanted and fields.get("countryOfResidence") == region.country


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
