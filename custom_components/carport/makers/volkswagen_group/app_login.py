"""Signing in as one of the group's apps: through the pages, to a code for tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import secrets

from yarl import URL

from ...cloud.http import Transport
from ...cloud.pkce import Pkce, new_pkce
from ...cloud.sign_in import SignInOutcome
from .identity_pages import AuthorizationRequest, authorize


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app: where its sign-in begins and ends, and what it asks for."""

    authorize: str
    hosts: frozenset[str]
    client_id: str
    redirect_uri: str
    scope: str
    response_type: str
    headers: Mapping[str, str]
    first_edition: bool = False
    """Sends what Car-Net's app sent: the proof key padded, without method and nonce."""
    after_500: SignInOutcome = SignInOutcome.MAKER_OUTAGE
    """What it means when the password is answered with 500."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a sign-in ends with: a code for tokens, what else came, and who it was."""

    code: str = field(repr=False)
    id_token: str | None = field(repr=False)
    pkce: Pkce = field(repr=False)
    user_id: str | None


async def sign_in(
    transport: Transport, app: App, username: str, password: str
) -> Grant:
    """Go through all pages; raise `SignInFailed` with what stood in the way."""
    pkce = new_pkce()
    query = {
        "prompt": "login",
        "response_type": app.response_type,
        "code_challenge": pkce.padded_challenge,
        "scope": app.scope,
        "redirect_uri": app.redirect_uri,
        "client_id": app.client_id,
    }
    if not app.first_edition:
        query["code_challenge"] = pkce.challenge
        query["code_challenge_method"] = "S256"
        query["nonce"] = secrets.token_urlsafe(32)
    request = AuthorizationRequest(
        authorize=URL(app.authorize).with_query(query),
        state=secrets.token_urlsafe(32),
        redirect_uri=app.redirect_uri,
        hosts=app.hosts,
        headers=app.headers,
        after_500=app.after_500,
    )
    response = await authorize(transport, request, username, password)
    return Grant(
        code=response.parameters["code"],
        id_token=response.parameters.get("id_token"),
        pkce=pkce,
        user_id=response.user_id,
    )
