"""The parts of a car that are read one by one: a table."""

from datetime import timedelta
from typing import Final

from ...cloud.parts import Part
from . import endpoints as e, history, readings
from .cars import has, is_electrified
from .schedule import read_profile

STATUS: Final = "status"
PROFILE: Final = "charging_profile"
_SELDOM: Final = timedelta(hours=6)


# The figures of all trips come last: they name the battery's size more surely than
# the navigation, which tells what it holds at present.
PARTS: Final = (
    Part(
        key=STATUS,
        request=e.STATUS,
        envelope=("vehicleStatus",),
        time_paths=readings.TIME_PATHS,
        fields=readings.STATUS_FIELDS,
        read=readings.read_status,
        required=True,
    ),
    Part(
        key=PROFILE,
        request=e.PROFILE,
        read=read_profile,
        every=timedelta(hours=2),
        wanted=has("chargingControl"),
    ),
    Part(
        key="last_trip",
        request=e.LAST_TRIP,
        envelope=("lastTrip",),
        fields=history.LAST_TRIP_FIELDS,
        read=history.read_last_trip,
        every=_SELDOM,
        moves=True,
        wanted=has("statisticsAvailable"),
    ),
    Part(
        key="navigation",
        request=e.NAVIGATION,
        read=history.read_navigation,
        every=_SELDOM,
        moves=True,
        wanted=is_electrified,
    ),
    Part(
        key="all_trips",
        request=e.ALL_TRIPS,
        envelope=("allTrips",),
        read=history.read_all_trips,
        every=_SELDOM,
        moves=True,
        wanted=has("statisticsAvailable"),
    ),
)
