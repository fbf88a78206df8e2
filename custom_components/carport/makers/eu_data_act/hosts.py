"""The portal's hosts, and the seven brands that share it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PORTAL_HOST: Final = "eu-data-act.drivesomethinggreater.com"
IDENTITY_HOST: Final = "identity.vwgroup.io"
HOSTS: Final = frozenset({PORTAL_HOST, IDENTITY_HOST})
PORTAL: Final = f"https://{PORTAL_HOST}"

_VOLKSWAGEN: Final = "9b58543e-1c15-4193-91d5-8a14145bebb0"
_SEAT: Final = "f85e5b69-e3b2-43aa-9c0d-1b7d0e0b576f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One brand: its client at the identity host, and its word in the sign-in's state."""

    name: str
    client: str
    word: str

    @property
    def client_id(self) -> str:
        """The client's whole name."""
        return f"{self.client}@apps_vw-dilab_com"


BRANDS: Final[Mapping[str, Brand]] = {
    "volkswagen": Brand(
        name="Volkswagen", client=_VOLKSWAGEN, word="VOLKSWAGEN_PASSENGER_CARS"
    ),
    "volkswagen_commercial": Brand(
        name="Volkswagen Commercial Vehicles",
        client=_VOLKSWAGEN,
        word="VOLKSWAGEN_COMMERCIAL_VEHICLES",
    ),
    "audi": Brand(
        name="Audi", client="cc29b87a-5e9a-4362-aecf-5adea6b01bbb", word="AUDI"
    ),
    "skoda": Brand(
        name="Škoda", client="3ea88bf9-1d4e-4a68-b3ad-4098c1f1d246", word="SKODA"
    ),
    "seat": Brand(name="SEAT", client=_SEAT, word="SEAT"),
    "cupra": Brand(name="CUPRA", client=_SEAT, word="CUPRA"),
    "bentley": Brand(
        name="Bentley", client="d38aac0f-3d89-4a63-8538-b75b31322c7b", word="BENTLEY"
    ),
}
"""By the choice in the form."""
