"""Signing in to CarData: a client id from the portal, a link, and the owner's approval."""

import re
from typing import Final

from ...cloud.errors import SignInFailed, map_login_errors
from ...cloud.login import LoginDialog
from ...cloud.sign_in import SignInOutcome
from .tokens import CarDataTokenManager, CarDataTokens

_CLIENT_ID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_ONCE_MORE: Final = frozenset(
    {
        SignInOutcome.CLIENT_UNKNOWN,
        SignInOutcome.CODE_EXPIRED,
        SignInOutcome.DEVICE_REFUSED,
    }
)
"""Ends after which another code, at a click of the owner, may do."""


async def login(talk: LoginDialog, carport_store: CarDataTokenManager) -> str:
    """Sign in, with as many codes as the owner asks for; return the account's id.

    A second refusal comes with the list of what has helped others.
    """
    typed = await talk.ask()
    refusals = 0
    while True:
        try:
            return (await _once(talk, carport_store, typed.get("client_id", ""))).gcid
        except SignInFailed as failed:
            outcome = failed.outcome
            if outcome not in _ONCE_MORE:
                raise
        if outcome is SignInOutcome.DEVICE_REFUSED:
            refusals += 1
            if refusals > 1:
                outcome = SignInOutcome.DEVICE_REFUSED_AGAIN
        typed = await talk.ask(error=outcome)


async def _once(
    talk: LoginDialog, carport_store: CarDataTokenManager, typed: str
) -> CarDataTokens:
    client_id = client_id_of(typed)
    if client_id is None:
        raise SignInFailed(SignInOutcome.CLIENT_UNKNOWN)
    with map_login_errors():
        visit, code = await carport_store.ask_for_code(client_id)
        return await talk.visit(visit, lambda: carport_store.look(code))


def client_id_of(typed: str) -> str | None:
    """Return a client id as BMW takes it, in lower case; None if it is none."""
    found = _CLIENT_ID.search(typed.strip().lower())
    return None if found is None else found[0]
