"""Signing in by a code that the owner approves on the maker's own page (RFC 8628)."""

from collections.abc import Mapping, Set as AbstractSet
from datetime import timedelta
from typing import Final

from .answer import Answer
from .errors import BadAnswer, SignInFailed
from .field_map import text_at, to_float
from .hosts import declared
from .http import Transport
from .login import SlowDown, Visit
from .sign_in import SignInOutcome

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_LONGEST_CODE: Final = 3600.0
_LONGEST_PAUSE: Final = 60.0


def code_in(
    answer: Answer, transport: Transport, hosts: AbstractSet[str]
) -> tuple[str, Visit]:
    """Read the code that is asked with, and where the owner approves it.

    That has to be a page at one of these hosts. A link with the code in it that leads
    elsewhere is left out.
    """
    body = answer.json()
    code, user_code = text_at(body, "device_code"), text_at(body, "user_code")
    url = text_at(body, "verification_uri")
    complete = text_at(body, "verification_uri_complete")

    def is_theirs(address: str) -> bool:
        real = transport.resolve(answer.url, address)
        return real is not None and declared(real, hosts)

    if code is None or user_code is None or url is None or not is_theirs(url):
        raise BadAnswer(answer.what)
    lifetime, pause = to_float(body.get("expires_in")), to_float(body.get("interval"))
    visit = Visit(
        url=url,
        user_code=user_code,
        complete_url=complete if complete and is_theirs(complete) else None,
        expires_in=timedelta(seconds=min(max(lifetime or 300, 30), _LONGEST_CODE)),
        poll_every=timedelta(seconds=min(max(pause or 5, 1), _LONGEST_PAUSE)),
    )
    return code, visit


def raise_end(
    error: str | None,
    ends: Mapping[str, SignInOutcome],
    otherwise: SignInOutcome,
    later: AbstractSet[str] = frozenset(),
) -> None:
    """Raise what a refused look means; return while the owner has not decided."""
    if error == "authorization_pending" or error in later:
        return
    if error == "slow_down":
        raise SlowDown
    raise SignInFailed(ends.get(error or "", otherwise))
