"""Signing in at Volkswagen's identity host for North America, for every app of it."""

from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from yarl import URL

from ...service.http import Transport
from ...service.identity_kit import Door, pass_through
from ...service.pkce import Pkce, new_pkce
from ...service.sign_in import SignInOutcome

IDENTITY_HOST: Final = "identity.na.vwgroup.io"

# No value is known to be enforced; these are what the app's sign-in view sent.
_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Language": "en-us",
    "User-Agent": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 13_3_1 like Mac OS X) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/13.0.5 Mobile/15E148 Safari/604.1"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The app we speak as: its cloud, its name there, and where a sign-in ends."""

    base: str
    client_id: str
    redirect_uri: str

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that a sign-in may visit."""
        return frozenset({URL(self.base).host or "", IDENTITY_HOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a sign-in ends with: a code for tokens, and who it was."""

    code: str = field(repr=False)
    pkce: Pkce = field(repr=False)
    user_id: str | None


async def sign_in(
    transport: Transport, client: Client, username: str, password: str
) -> Grant:
    """Go through all pages; raise `SignInFailed` with what stood in the way."""
    pkce = new_pkce()
    door = Door(
        authorize=URL(f"{client.base}/oidc/v1/authorize").with_query(
            redirect_uri=client.redirect_uri,
            scope="openid",
            prompt="login",
            # The app kept the padding; the cloud does not mind either way.
            code_challenge=pkce.padded_challenge,
            response_type="code",
            client_id=client.client_id,
        ),
        state=str(uuid4()),
        redirect_uri=client.redirect_uri,
        hosts=client.hosts,
        headers=_HEADERS,
        # The cloud's way of saying that the account is of the other country.
        after_500=SignInOutcome.WRONG_REGION,
    )
    arrival = await pass_through(transport, door, username, password)
    return Grant(code=arrival.parameters["code"], pkce=pkce, user_id=arrival.user_id)
