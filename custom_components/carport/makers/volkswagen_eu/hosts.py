"""The hosts of Volkswagen's European clouds, and where a car's data has its home."""

from typing import Final

from yarl import URL

from ...service.hosts import declared

IDENTITY_HOST: Final = "identity.vwgroup.io"

EXCHANGE: Final = "https://tokenrefreshservice.apps.emea.vwapps.io"
PROFILE: Final = "https://customer-profile.apps.emea.vwapps.io/v1/customers"
USERS: Final = "https://userinformationservice.apps.emea.vwapps.io/iaa"
MBB: Final = "https://mbboauth-1d.prd.ece.vwg-connect.com/mbbcoauth"
META: Final = "https://mal-1a.prd.ece.vwg-connect.com/api"
DATA: Final = "https://msg.volkswagen.de/fs-car"

_HOMES: Final = (
    "mal-3a.prd.eu.dp.vwg-connect.com",
    "fal-3a.prd.eu.dp.vwg-connect.com",
)
WE_CONNECT_HOSTS: Final = frozenset(
    {
        IDENTITY_HOST,
        *_HOMES,
        *(URL(base).host or "" for base in (EXCHANGE, PROFILE, USERS)),
        *(URL(base).host or "" for base in (MBB, META, DATA)),
    }
)


def data_base(home: object) -> str | None:
    """Return where a car's data is, by what the cloud calls its home region.

    The first region's own name leads to the old host; every other one has two
    hosts, `mal` for rights and `fal` for functions. None where it is no host of ours.
    """
    if not isinstance(home, str):
        return None
    try:
        url = URL(home)
    except ValueError:
        return None
    if not declared(url, WE_CONNECT_HOSTS):
        return None
    host = url.host or ""
    if host == URL(META).host:
        return DATA
    function = host.replace("mal", "fal", 1)
    return f"https://{function}/fs-car" if function in WE_CONNECT_HOSTS else None
