"""The app that signs in at Volkswagen's identity host for North America."""

from typing import Final

from ...cloud.sign_in import SignInOutcome
from ..volkswagen_group.app_login import App
from . import endpoints as e

IDENTITY_HOST: Final = "identity.na.vwgroup.io"

CAR_NET_APP: Final = App(
    authorize=f"{e.BASE}{e.AUTHORIZE}",
    hosts=frozenset({e.HOST, IDENTITY_HOST}),
    client_id=e.CLIENT_ID,
    redirect_uri=e.REDIRECT_URI,
    scope="openid",
    response_type="code",
    first_edition=True,
    # No value is known to be enforced; these are what the app's sign-in view sent.
    headers={
        "Accept": "*/*",
        "Accept-Language": "en-us",
        "User-Agent": (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 13_3_1 like Mac OS X) "
            "AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/13.0.5 Mobile/15E148 Safari/604.1"
        ),
    },
    # The cloud's way of saying that the account is of the other country.
    after_500=SignInOutcome.WRONG_REGION,
)
