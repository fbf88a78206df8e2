"""What is read of a car besides its status: how often, and of which cars."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from ...service.contract import Car
from ...service.rows import Harvest
from . import profile, statistics
from .cars import has, is_electrified
from .regions import Region

type Read = Callable[[Harvest, Mapping[str, Any], str | None], None]

VEHICLE: Final = "/webapi/v1/user/vehicles/{VIN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One slow answer; `moves` is whether a drive makes it old at once."""

    key: str
    what: str
    every: timedelta
    wanted: Callable[[Car], bool]
    read: Read
    moves: bool = False


def _has_statistics(car: Car) -> bool:
    return has(car, "statisticsAvailable")


PROFILE: Final = Part(
    key="charging_profile",
    what=profile.WHAT,
    every=timedelta(hours=2),
    wanted=lambda car: has(car, "chargingControl"),
    read=lambda harvest, body, drive: profile.read_profile(harvest, body),
)

# The figures of all trips come last: they name the battery's size more surely than
# the navigation, which tells what it holds at present.
PARTS: Final = (
    PROFILE,
    Part(
        key="last_trip",
        what=statistics.LAST_TRIP,
        every=timedelta(hours=6),
        wanted=_has_statistics,
        read=statistics.read_last_trip,
        moves=True,
    ),
    Part(
        key="navigation",
        what=statistics.NAVIGATION,
        every=timedelta(hours=6),
        wanted=is_electrified,
        read=statistics.read_navigation,
        moves=True,
    ),
    Part(
        key="all_trips",
        what=statistics.ALL_TRIPS,
        every=timedelta(hours=6),
        wanted=_has_statistics,
        read=statistics.read_all_trips,
        moves=True,
    ),
)


def address_of(what: str, car: Car, region: Region) -> str:
    """Return the address of one of a car's answers."""
    base = region.navigation if what == statistics.NAVIGATION else region.api
    return f"{base}{what.replace('{VIN}', car.vin)}"
