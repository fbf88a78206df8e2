"""BMW's clouds by region, and which one is a car's home."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One region's cloud; `hub` is its name in the list of cars."""

    hub: str
    api: str
    navigation: str

    @property
    def token(self) -> str:
        """Where the password is traded for a token.

        The path moved within the same host later, and in two regions to another one;
        this is the one the service was documented with, and it closed for all.
        """
        return f"{self.api}/webapi/oauth/token/"


_NAVIGATION: Final = "https://www.bmw-connecteddrive.de"

REGIONS: Final[Mapping[str, Region]] = {
    "eu": Region(
        hub="HUB_ECE", api="https://b2vapi.bmwgroup.com", navigation=_NAVIGATION
    ),
    # No portal of their own is known for the navigation's charge: the API says it too.
    "us": Region(
        hub="HUB_US",
        api="https://b2vapi.bmwgroup.us",
        navigation="https://b2vapi.bmwgroup.us",
    ),
    "cn": Region(
        hub="HUB_CN",
        api="https://b2vapi.bmwgroup.cn:8592",
        navigation="https://b2vapi.bmwgroup.cn:8592",
    ),
}

_BY_HUB: Final = {region.hub: region for region in REGIONS.values()}

HOSTS: Final = frozenset(
    {
        "b2vapi.bmwgroup.com",
        "b2vapi.bmwgroup.us",
        "b2vapi.bmwgroup.cn",
        "www.bmw-connecteddrive.de",
    }
)
"""Any account may have a car of any region, which only that region answers for."""


def home_of(hub: str | None, account: Region) -> Region:
    """Return the cloud that answers for a car: its own, else the account's."""
    return _BY_HUB.get(hub or "", account)
