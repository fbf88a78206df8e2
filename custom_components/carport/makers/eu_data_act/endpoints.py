"""The portal's calls."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from ...cloud.product import PRODUCT
from ...cloud.requests import Request, get, post

_EUDA: Final = "/proxy_api/euda-apim"
_REQUESTS: Final = f"{_EUDA}/datarequest/vehicles/{{vin}}"
_DELIVERY: Final = f"{_EUDA}/datadelivery/vehicles/{{vin}}/{{identifier}}"
_PARTIAL: Final = {"type": "partial"}

VEHICLES: Final = get(
    "/proxy_api/consent/me/vehicles", params={"viewPosition": "FRONT_LEFT"}
)
RELATION: Final = get("/proxy_api/vum/v2/users/me/relations/{vin}")
METADATA: Final = get(f"{_REQUESTS}/metadata/partial", accepted=frozenset({200, 404}))
"""404 says that there is no request."""
FILES: Final = get(
    f"{_DELIVERY}/list", headers=_PARTIAL, accepted=frozenset({200, 400, 404})
)
"""404 says that there is no file yet, 400 that one is being made."""


def download(name: str) -> Request:
    """Return the call for one file."""
    return get(f"{_DELIVERY}/download", headers={**_PARTIAL, "filename": name})


def create(body: Mapping[str, Any]) -> Request:
    """Return the call that creates a data request."""
    return post(f"{_REQUESTS}/requests/partial", dict(body))


def headers(cookie: str) -> dict[str, str]:
    """Return what every call carries: our name, the session, and a number of its own."""
    return {
        "User-Agent": PRODUCT,
        "Accept": "application/json",
        "traceId": str(uuid4()),
        "Cookie": cookie,
    }
