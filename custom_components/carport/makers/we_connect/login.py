"""The app that signs in at Volkswagen's identity host for Europe."""

from typing import Final

from ..volkswagen_group.app_login import App
from .endpoints import IDENTITY_HOST

WE_CONNECT_APP: Final = App(
    authorize=f"https://{IDENTITY_HOST}/oidc/v1/authorize",
    hosts=frozenset({IDENTITY_HOST}),
    client_id="9496332b-ea03-4091-a224-8c746b885068@apps_vw-dilab_com",
    redirect_uri="carnet://identity-kit/login",
    scope="openid profile mbb cars birthdate nickname address phone",
    response_type="code id_token token",
    headers={
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "en-US,en;q=0.9",
        "User-Agent": (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 15_2 like Mac OS X) "
            "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.2 Mobile/15E148"
        ),
        "X-Requested-With": "de.volkswagen.carnet.eu.eremote",
    },
)
