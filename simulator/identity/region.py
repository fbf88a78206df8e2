"""A country or continent, as the identity host tells it apart from others."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One part of the cloud; `clients` maps a client to its redirects."""

    key: str
    base: str
    clients: Mapping[str, tuple[str, ...]]
    sign_in_client: str
    locale: str
    country: str
    legal_entity: str
    issuer: str
    """Who the tokens say has made them."""
