"""Signing in at Volkswagen's identity host for Europe, for every app of it."""

from dataclasses import dataclass, field
import secrets
from typing import Final

from yarl import URL

from ...service.forms import not_understood
from ...service.http import Transport
from ...service.identity_kit import Door, pass_through
from ...service.pkce import Pkce, new_pkce
from .hosts import IDENTITY_HOST

_HEADERS: Final = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
    "User-Agent": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 15_2 like Mac OS X) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.2 Mobile/15E148"
    ),
    "X-Requested-With": "de.volkswagen.carnet.eu.eremote",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The app we speak as: its name at the identity host, and where it is called."""

    client_id: str
    redirect_uri: str
    scope: str
    response_type: str


WE_CONNECT_APP: Final = App(
    client_id="9496332b-ea03-4091-a224-8c746b885068@apps_vw-dilab_com",
    redirect_uri="carnet://identity-kit/login",
    scope="openid profile mbb cars birthdate nickname address phone",
    response_type="code id_token token",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a sign-in ends with: a code for tokens, and who it was."""

    code: str = field(repr=False)
    id_token: str = field(repr=False)
    pkce: Pkce = field(repr=False)
    user_id: str


async def sign_in(
    transport: Transport, app: App, username: str, password: str
) -> Grant:
    """Go through all pages; raise `SignInFailed` with what stood in the way."""
    pkce = new_pkce()
    door = Door(
        authorize=URL(f"https://{IDENTITY_HOST}/oidc/v1/authorize").with_query(
            prompt="login",
            nonce=secrets.token_urlsafe(32),
            response_type=app.response_type,
            # The old clients wrote it in lower case; both are taken.
            code_challenge_method="S256",
            code_challenge=pkce.challenge,
            scope=app.scope,
            redirect_uri=app.redirect_uri,
            client_id=app.client_id,
        ),
        state=secrets.token_urlsafe(32),
        redirect_uri=app.redirect_uri,
        hosts=frozenset({IDENTITY_HOST}),
        headers=_HEADERS,
    )
    arrival = await pass_through(transport, door, username, password)
    id_token = arrival.parameters.get("id_token")
    if not id_token or arrival.user_id is None:
        raise not_understood()
    return Grant(
        code=arrival.parameters["code"],
        id_token=id_token,
        pkce=pkce,
        user_id=arrival.user_id,
    )
