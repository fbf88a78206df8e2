"""The hosts of the European cloud, and its one client."""

from typing import Final

from ..identity.region import Region

IDENTITY: Final = "identity.vwgroup.io"
EXCHANGE: Final = "tokenrefreshservice.apps.emea.vwapps.io"
PROFILE: Final = "customer-profile.apps.emea.vwapps.io"
USERS: Final = "userinformationservice.apps.emea.vwapps.io"
MBB: Final = "mbboauth-1d.prd.ece.vwg-connect.com"
META: Final = "mal-1a.prd.ece.vwg-connect.com"
DATA: Final = "msg.volkswagen.de"
OTHER_META: Final = "mal-3a.prd.eu.dp.vwg-connect.com"
OTHER_DATA: Final = "fal-3a.prd.eu.dp.vwg-connect.com"

HOSTS: Final = (
    IDENTITY,
    EXCHANGE,
    PROFILE,
    USERS,
    MBB,
    META,
    DATA,
    OTHER_META,
    OTHER_DATA,
)

CLIENT: Final = "9496332b-ea03-4091-a224-8c746b885068@apps_vw-dilab_com"
REDIRECT: Final = "carnet://identity-kit/login"
SCOPE: Final = "openid profile mbb cars birthdate nickname address phone"

EUROPE: Final = Region(
    key="eu",
    base=EXCHANGE,
    clients={CLIENT: (REDIRECT,)},
    sign_in_client=CLIENT,
    locale="de-DE",
    country="DE",
    legal_entity="Volkswagen AG",
    issuer=f"https://{IDENTITY}",
)


def home_of(vin: str) -> str:
    """Return the host that has a car's data: half of them have moved."""
    return OTHER_DATA if int(vin[-1]) % 2 else DATA


def home_uri(vin: str) -> str:
    """Return what the cloud calls the home region of a car: never the data host."""
    meta = OTHER_META if home_of(vin) == OTHER_DATA else META
    return f"https://{meta}/api"
