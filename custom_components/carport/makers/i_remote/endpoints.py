"""BMW's clouds by region, and their calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...cloud.bodies import PICTURE
from ...cloud.requests import get, post


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


# Calls

_VEHICLES: Final = "/webapi/v1/user/vehicles/"
_VEHICLE: Final = f"{_VEHICLES}{{vin}}"
# A command waits for the cloud only, but the cloud is slow at times.
_TIME_OUT: Final = 60.0

LIST: Final = get(_VEHICLES)
STATUS: Final = get(f"{_VEHICLE}/status")
PROFILE: Final = get(f"{_VEHICLE}/chargingprofile")
LAST_TRIP: Final = get(f"{_VEHICLE}/statistics/lastTrip")
ALL_TRIPS: Final = get(f"{_VEHICLE}/statistics/allTrips")
NAVIGATION: Final = get("/api/vehicle/navigation/v1/{vin}")
"""The only call that another host answers."""
EFFICIENCY: Final = get("/api/vehicle/efficiency/v1/{vin}")
DESTINATIONS: Final = get(f"{_VEHICLE}/destinations")
RANGE_MAP: Final = get(f"{_VEHICLE}/rangemap")
IMAGE: Final = get(
    f"{_VEHICLE}/image",
    params={"width": "640", "height": "360", "view": "FRONTSIDE"},
    headers={"Accept": "image/png"},
    bound=PICTURE,
)
# 500 is how the account's security question is asked.
EXECUTE: Final = post(
    f"{_VEHICLE}/executeService", time_out=_TIME_OUT, accepted=frozenset({200, 500})
)
EXECUTION: Final = get(f"{_VEHICLE}/serviceExecutionStatus")
SEND_PLACE: Final = post(
    f"{_VEHICLE}/sendpoi", time_out=_TIME_OUT, accepted=frozenset({200, 204})
)
