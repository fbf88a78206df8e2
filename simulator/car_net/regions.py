"""The two countries: each with its own base, clients and sign-in, never mixed."""

from collections.abc import Mapping
from typing import Final

from ..identity.region import Region

IDENTITY: Final = "identity.na.vwgroup.io"
CALLBACK: Final = "/oidc/v1/callback"

_CAR_NET_REDIRECT: Final = "car-net:///oauth-callback"

REGIONS: Final[Mapping[str, Region]] = {
    "us": Region(
        key="us",
        base="b-h-s.spr.us00.p.con-veh.net",
        clients={
            "2dae49f6-830b-4180-9af9-59dd0d060916@apps_vw-dilab_com": (
                _CAR_NET_REDIRECT,
            )
        },
        sign_in_client="b680e751-7e1f-4008-8ec1-3a528183d215@apps_vw-dilab_com",
        locale="en-US",
        country="US",
        legal_entity="Volkswagen of America",
        issuer=f"https://{IDENTITY}",
    ),
    # Nobody has published Canada's client of this generation: the two that are
    # known for this host stand in for it, with the redirect of this generation.
    "ca": Region(
        key="ca",
        base="b-h-s.spr.ca00.p.con-veh.net",
        clients={
            "69eb3c39-d2be-4006-8197-37cc4971e8fe_MYVW_ANDROID": (_CAR_NET_REDIRECT,),
            "70e4f425-9ee8-4430-a5b1-b58b69a9b3bf_MYVW_IOS": (_CAR_NET_REDIRECT,),
        },
        sign_in_client="b43c9f82-b343-463d-8d11-e2d3940ce2a8@apps_vw-dilab_com",
        locale="en-CA",
        country="CA",
        legal_entity="Volkswagen Group Canada",
        issuer=f"https://{IDENTITY}",
    ),
}


def region_of_base(host: str) -> Region:
    """Return the country whose base this is."""
    return next(region for region in REGIONS.values() if region.base == host)


def region_of_sign_in(client: str) -> Region | None:
    """Return the country whose sign-in this is."""
    for region in REGIONS.values():
        if region.sign_in_client == client:
            return region
    return None
