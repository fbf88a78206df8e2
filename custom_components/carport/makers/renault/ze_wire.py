"""The one base of ZE Services, its refusals, and what it says of itself."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from ...service.errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    NotSupported,
    Throttled,
    error_for,
)
from ...service.http import Answer
from ...service.rows import number

HOST: Final = "www.services.renault-ze.com"
BASE: Final = f"https://{HOST}/api"

# An empty 202 was seen for commands, an empty 204 for lists with nothing in them.
TAKEN: Final = (200, 201, 202, 204)
REFUSALS: Final = (400, 401, 403, 404, 405, 409, 410, 422, 423, 451, 500, 501, 503)
"""Refusals that may have a code of their own, and so are read before they are named."""

# The account's country has moved on to MyRenault; for ever. Nobody wrote down with
# which status that is said, so the code counts whatever it comes with.
_MOVED_COUNTRY: Final = 403900
# Some calls were found by later clients, and need not be there in every cloud.
_NO_SUCH_CALL: Final = frozenset({404, 405, 410, 501})
# How long to leave the car alone once a command came too soon; nobody knows.
_TOO_SOON: Final = timedelta(minutes=5)


def refusal(answer: Answer) -> Mapping[str, Any]:
    """Return what an error body says; empty where it is none."""
    try:
        return answer.json()
    except BadAnswer:
        return {}


def is_moved(answer: Answer) -> bool:
    """Return whether the account's country was moved to the maker's next cloud."""
    return number(refusal(answer).get("code")) == _MOVED_COUNTRY


def moved_to(answer: Answer) -> str | None:
    """Return where the maker sends the owner of an account that was moved."""
    links = refusal(answer).get("redirectURLs")
    address = links.get("website") if isinstance(links, Mapping) else None
    if isinstance(address, str) and address.startswith("https://"):
        return address.partition("?")[0]
    return None


def error_of(answer: Answer, now: datetime) -> CloudError:
    """Name a refusal; a 503 in the cloud's own words means asked again too soon."""
    if is_moved(answer):
        return ClosedByMaker(answer.what, status=answer.status)
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and "code" in refusal(answer):
        until = now + _TOO_SOON
        return Throttled(answer.what, until=until, status=answer.status, alone=True)
    if answer.status in _NO_SUCH_CALL:
        return NotSupported(answer.what, status=answer.status)
    return error_for(answer.what, answer.status)


def body_of(answer: Answer) -> Any:
    """Return a JSON body; None where the cloud says that there is nothing."""
    if answer.status == HTTPStatus.NO_CONTENT:
        return None
    return answer.parsed()


def listed(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the entries of a list, which may be no body at all."""
    body = body_of(answer)
    if body is None:
        return []
    if not isinstance(body, list):
        raise BadAnswer(answer.what, status=answer.status)
    return [entry for entry in body if isinstance(entry, Mapping)]


def vins(entries: Collection[Any]) -> list[str]:
    """Return the VINs among what an account lists as its cars."""
    found = [
        entry.get("VIN") if isinstance(entry, Mapping) else None for entry in entries
    ]
    return list(dict.fromkeys(vin for vin in found if isinstance(vin, str) and vin))
