"""What a JSON web token says of itself, unchecked: whoever made it checks it."""

import base64
import binascii
from collections.abc import Mapping
import json
from typing import Any

from .rows import number


def end_of(token: str) -> float | None:
    """Return when a token ends by its own word, in epoch seconds."""
    return number(claims(token).get("exp"))


def claims(token: str) -> Mapping[str, Any]:
    """Return what a JSON web token says of itself, unchecked; empty if nothing."""
    try:
        payload = token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded))
    except IndexError, ValueError, binascii.Error:
        return {}
    return found if isinstance(found, dict) else {}
