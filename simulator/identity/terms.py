"""New terms: the page that shows them, and the form that accepts them."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from ..cloud import Handler
from .account import SignInMode
from .addresses import SERVICE, consent_address
from .browsers import Browsers
from .flow import Refused
from .pages import redirect
from .region import Region

_DOCUMENT: Final[Mapping[str, str | bool | int]] = {
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


class Terms:
    """The page that is in the way until its terms are accepted."""

    def __init__(self, browsers: Browsers) -> None:
        """Show them to these browsers."""
        self._browsers = browsers

    def calls(self) -> tuple[tuple[str, str, Handler], ...]:
        """Return what the identity host answers of this."""
        path = f"{SERVICE}/{{client}}/terms-and-conditions"
        return ("GET", path, self._show), ("POST", path, self._take)

    async def _show(self, request: web.Request) -> web.Response:
        hmac = request.query.get("hmac")
        session, flow, _ = self._browsers.hop(request, "show_terms", hmac)
        model = _model(flow.relay_state, flow.seal("terms"), flow.region)
        return self._browsers.script(request, session, flow, model)

    async def _take(self, request: web.Request) -> web.Response:
        flow, fields = await self._browsers.form(request, "terms")
        account = flow.account
        if account is None or not flow.accepted:
            raise Refused
        if not _accepts(fields, _DOCUMENT, flow.region):
            raise Refused
        del flow.seals["terms"]
        account.sign_in = SignInMode.OK
        identity = self._browsers.origin(request)
        return redirect(consent_address(identity, flow, account))


def _model(relay_state: str, hmac: str, region: Region) -> dict[str, Any]:
    """Return the model of the page."""
    return {
        "template": "termsAndConditions",
        "relayState": relay_state,
        "hmac": hmac,
        "countryOfResidence": region.country.lower(),
        "legalDocuments": [dict(_DOCUMENT)],
        "loginUrl": "login",
        "postAction": "terms-and-conditions",
        "error": None,
    }


def _accepts(
    fields: Mapping[str, str], document: Mapping[str, Any], region: Region
) -> bool:
    """Return whether a form accepts the document; some send all of its keys."""
    sent = {
        name: value for name, value in fields.items() if name.startswith("legalDoc")
    }
    known = {f"legalDocuments[0].{key}": value for key, value in document.items()}
    needed = known.keys() - {f"legalDocuments[0].{key}" for key in _NOT_SENT}
    return (
        needed <= sent.keys() <= known.keys()
        and all(value in _words(known[name]) for name, value in sent.items())
        and fields.get("countryOfResidence") == region.country
    )


def _words(value: Any) -> tuple[str, ...]:
    """Return how a value may be written: clients differ where it is true or false."""
    if isinstance(value, bool):
        return str(value), "yes" if value else "no"
    return (str(value),)
