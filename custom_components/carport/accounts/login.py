"""Trying an account in Home Assistant: with its sessions and its guard of sign-ins."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..cloud.contract import Tokens
from ..engine.login import (
    CLOUD_REFUSED,
    NO_CARS,
    SECRET_NEEDED,
    SERVER_CHANGED,
    SERVER_FAR,
    SERVER_INVALID,
    SERVER_LACKS_HOST,
    SERVER_NEEDS_SIGN_IN,
    SERVER_PLAIN,
    SERVER_UNREACHABLE,
    LoginFailed,
    LoginResult,
    Opener,
    message_key,
    open_named,
    try_login,
)
from ..makers.registry import SERVICES
from .data import async_get_store, carport_data
from .identity import Account, account_name
from .login_conversation import LoginConversation, LoginRequest
from .login_dialog import PageDialog
from .opening import async_open_account, pinned

__all__ = [
    "CLOUD_REFUSED",
    "NO_CARS",
    "SECRET_NEEDED",
    "SERVER_CHANGED",
    "SERVER_FAR",
    "SERVER_INVALID",
    "SERVER_LACKS_HOST",
    "SERVER_NEEDS_SIGN_IN",
    "SERVER_PLAIN",
    "SERVER_UNREACHABLE",
    "LoginFailed",
    "LoginResult",
    "async_check_server",
    "async_converse",
    "message_key",
]


@callback
def async_converse(
    hass: HomeAssistant, request: LoginRequest, flow: str
) -> LoginConversation:
    """Go on with the sign-in that is open for this account, or begin one."""
    data = carport_data(hass)
    known = data.conversations.get(request.key)
    if known is not None and known.take(flow):
        if known.asks_again(request):
            known.answer(request.credentials)
        return known
    return LoginConversation(
        hass,
        request,
        flow,
        login=partial(_async_try_login, hass, request),
        others=data.conversations,
        clock=data.clock,
    )


async def _async_try_login(
    hass: HomeAssistant, request: LoginRequest, talk: PageDialog
) -> LoginResult:
    """Sign in by talking, and list the cars; see `try_login`."""
    carport_store = await async_get_store(hass)
    return await try_login(
        _opener(hass, request.account),
        request.account.server,
        talk,
        carport_store.guard,
        carport_store.async_save,
        request.kept,
        agreed=request.agreed,
        anew=request.anew,
        hear_clock=partial(setattr, talk, "clock"),
    )


async def async_check_server(
    hass: HomeAssistant, account: Account, agreed: Collection[str]
) -> Mapping[str, Any]:
    """Make sure that the account's server answers, without a sign-in.

    Returns what is to be kept of it.
    """

    async def keep_nothing(tokens: Tokens | None) -> None:
        """Take no tokens: nobody signs in."""

    opened = await open_named(
        _opener(hass, account),
        tokens=None,
        save_tokens=keep_nothing,
        pin=None,
        agreed=agreed,
    )
    await opened.service.close()
    return {"tokens": None, **pinned(opened.pin)}


def _opener(hass: HomeAssistant, account: Account) -> Opener:
    return partial(
        async_open_account,
        hass,
        service_key=account.service,
        region=account.region,
        username=account_name(SERVICES[account.service].info, account.identity),
        server=account.server,
    )
