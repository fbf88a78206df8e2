"""The addresses of the pages: how one leads to the next."""

from typing import Final
from urllib.parse import quote, urlencode

from .account import IdentityAccount
from .flow import Flow

SERVICE: Final = "/signin-service/v1"
LOGIN: Final = "/u/login"
SSO: Final = "/oidc/v1/oauth/sso"
SUCCESS: Final = "/oidc/v1/oauth/client/callback/success"


def email_address(flow: Flow) -> str:
    """Return where a sign-in begins; relative, as a Location may be."""
    query = urlencode({"relayState": flow.relay_state})
    return f"{SERVICE}/signin/{flow.region.sign_in_client}?{query}"


def login_address(flow: Flow) -> str:
    """Return where a sign-in begins that asks for everything on one page."""
    return f"{LOGIN}?{urlencode({'state': flow.relay_state})}"


def password_address(flow: Flow, **more: str) -> str:
    """Return where the password is asked for, perhaps again."""
    query = {"relayState": flow.relay_state, "email": flow.email or "", **more}
    client = flow.region.sign_in_client
    return f"{SERVICE}/{client}/login/authenticate?{urlencode(query)}"


def terms_address(flow: Flow, **more: str) -> str:
    """Return where new terms are shown."""
    query = {"relayState": flow.relay_state, "hmac": flow.seal("show_terms"), **more}
    client = flow.region.sign_in_client
    return f"{SERVICE}/{client}/terms-and-conditions?{urlencode(query)}"


def sso_address(identity: str, flow: Flow, account: IdentityAccount) -> str:
    """Return where the way back begins once the password was right."""
    query = {
        "clientId": flow.region.sign_in_client,
        "relayState": flow.relay_state,
        "userId": account.user_id,
        "HMAC": flow.seal("sso"),
    }
    return f"{identity}{SSO}?{urlencode(query)}"


def consent_address(identity: str, flow: Flow, account: IdentityAccount) -> str:
    """Return where the owner's consent is looked up."""
    query = {
        "scopes": "openid",
        "relayState": flow.relay_state,
        "callback": f"{identity}/oidc/v1/oauth/client/callback",
        "hmac": flow.seal("consent"),
    }
    path = f"{SERVICE}/consent/users/{account.user_id}/{flow.region.sign_in_client}"
    return f"{identity}{path}?{urlencode(query)}"


def marketing_address(identity: str, flow: Flow, account: IdentityAccount) -> str:
    """Return where the owner is asked for one more consent."""
    query = {
        "relayState": flow.relay_state,
        # The spaces in it are as the real page has them.
        "callback": success_address(identity, flow, account, " dealers"),
        "hmac": flow.seal("marketing"),
    }
    client = flow.region.sign_in_client
    path = f"{SERVICE}/consent/marketing/users/{account.user_id}/{client}"
    return f"{path}?{urlencode(query, quote_via=quote)}"


def success_address(
    identity: str, flow: Flow, account: IdentityAccount, more: str = ""
) -> str:
    """Return the last address before that of the client that asked for the sign-in."""
    query = urlencode(
        {
            "user_id": account.user_id,
            "client_id": flow.region.sign_in_client,
            "scopes": "openid",
            "relayState": flow.relay_state,
            "hmac": flow.seal("success"),
        }
    )
    return f"{identity}{SUCCESS}?{query}&consentedScopes=openid{more}"
