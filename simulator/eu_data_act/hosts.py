"""The portal's hosts, and one client at the identity host for each brand."""

from collections.abc import Mapping
import re
from typing import Final

from ..identity.region import Region

PORTAL: Final = "eu-data-act.drivesomethinggreater.com"
IDENTITY: Final = "identity.vwgroup.io"
HOSTS: Final = (PORTAL, IDENTITY)
REDIRECT: Final = f"https://{PORTAL}/login"
SCOPES: Final = frozenset({"openid", "cars", "profile"})

_VOLKSWAGEN: Final = "9b58543e-1c15-4193-91d5-8a14145bebb0@apps_vw-dilab_com"
_SEAT: Final = "f85e5b69-e3b2-43aa-9c0d-1b7d0e0b576f@apps_vw-dilab_com"
CLIENTS: Final[Mapping[str, str]] = {
    "volkswagen": _VOLKSWAGEN,
    "volkswagen_commercial": _VOLKSWAGEN,
    "audi": "cc29b87a-5e9a-4362-aecf-5adea6b01bbb@apps_vw-dilab_com",
    "skoda": "3ea88bf9-1d4e-4a68-b3ad-4098c1f1d246@apps_vw-dilab_com",
    "seat": _SEAT,
    "cupra": _SEAT,
    "bentley": "d38aac0f-3d89-4a63-8538-b75b31322c7b@apps_vw-dilab_com",
}
"""By brand."""
_WORDS: Final[Mapping[str, str]] = {
    "VOLKSWAGEN_PASSENGER_CARS": "volkswagen",
    "VOLKSWAGEN_COMMERCIAL_VEHICLES": "volkswagen_commercial",
}
"""The words in a sign-in's state that are not just the brand in capitals."""

_STATE: Final = re.compile(r"[a-z]{2}__[a-z]{2}__([A-Z_]+)")


def _region(client: str) -> Region:
    return Region(
        key="eu",
        base=PORTAL,
        clients={client: (REDIRECT,)},
        sign_in_client=client,
        locale="de-DE",
        country="DE",
        legal_entity="Volkswagen AG",
        issuer=f"https://{IDENTITY}",
    )


REGIONS: Final[Mapping[str, Region]] = {
    client: _region(client) for client in set(CLIENTS.values())
}
"""By client."""


def client_of_state(state: str) -> str | None:
    """Return the client of the brand that a state names; None where it is none."""
    found = _STATE.fullmatch(state)
    if found is None:
        return None
    return CLIENTS.get(_WORDS.get(found[1], found[1].lower()))
