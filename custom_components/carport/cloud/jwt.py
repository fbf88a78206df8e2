"""What a JSON web token says of itself, without a check of its signature."""

import base64
from collections.abc import Mapping
from typing import Any

from .bodies import parse_json
from .field_map import to_float


def end_of(token: str) -> float | None:
    """Return when a token ends by its own word, in epoch seconds."""
    return to_float(claims(token).get("exp"))


def end_by_our_clock(token: str, now: float) -> float | None:
    """Return when a token that was made just now ends, in epoch seconds.

    How long it lives it says itself; what time it is, our clock says, which need not
    show the maker's.
    """
    end, began = end_of(token), to_float(claims(token).get("iat"))
    if end is None or began is None or end <= began:
        return end
    return now + end - began


def claims(token: str) -> Mapping[str, Any]:
    """Return what a JSON web token says of itself, unchecked; empty if nothing."""
    try:
        payload = token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        found = parse_json(base64.urlsafe_b64decode(padded))
    except IndexError, ValueError:
        return {}
    return found if isinstance(found, dict) else {}
