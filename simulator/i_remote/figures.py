"""Places, the reach and the navigation's charge: what is read besides the status."""

from collections.abc import Mapping
import math
from typing import Any, Final

from custom_components.carport.makers.demo import physics
from custom_components.carport.makers.demo.state import moment
from custom_components.carport.makers.demo.twin import Report, TwinSpec

from ..bmw_cars import DESTINATIONS
from .listing import drive_train
from .reads import stamp

_KM_A_DEGREE: Final = 111.2
_RANGES: Final = (("ECO_PRO_PLUS", 0.9), ("COMFORT", 0.7))
_CORNERS: Final = 36


def navigation(report: Report, spec: TwinSpec) -> dict[str, Any]:
    """Return the navigation's charge: kWh in a hybrid, per cent in other cars."""
    state, most = report.state, spec.battery_capacity or 0
    place = {
        "latitude": state.parked_position.latitude,
        "longitude": state.parked_position.longitude,
        "isoCountryCode": "DEU",
        "auxPowerRegular": 1.3,
        "vehicleMass": "1735",
        "pendingUpdate": False,
        "vehicleTracking": True,
    }
    if drive_train(spec) == "PHEV":
        energy = round(most * state.battery_level / 100, 3)
        return {**place, "soc": energy, "socMax": most, "driveTrain": "phev_otto"}
    return {**place, "soc": round(state.battery_level, 1), "socmax": most}


def destinations(report: Report, spec: TwinSpec) -> list[Mapping[str, Any]]:
    """Return the places that were sent to the car, those of earlier years first."""
    return [
        *DESTINATIONS.get(spec.vin, ()),
        *map(_destination, report.state.destinations),
    ]


def _destination(place: Mapping[str, Any]) -> dict[str, Any]:
    address = place["address"]
    return {
        "lat": place["latitude"],
        "lon": place["longitude"],
        "country": address.get("country"),
        "city": address.get("city"),
        "street": address.get("street"),
        "type": "DESTINATION",
        "createdAt": stamp(moment(place["sent_at"])),
    }


def range_map(report: Report, spec: TwinSpec) -> dict[str, Any]:
    """Return how far the car gets, in every direction, in two modes."""
    here = report.state.parked_position
    full = physics.capacity(spec) / spec.consumption_electric * 100
    reach = full * report.state.battery_level / 100 / _KM_A_DEGREE
    return {
        "center": {"lat": here.latitude, "lon": here.longitude},
        "quality": "AVERAGE",
        "rangemaps": [
            {
                "type": kind,
                "polyline": [
                    _around(here.latitude, here.longitude, reach * share, corner)
                    for corner in range(_CORNERS)
                ],
            }
            for kind, share in _RANGES
        ],
    }


def _around(latitude: float, longitude: float, reach: float, corner: int) -> Any:
    angle = 2 * math.pi * corner / _CORNERS
    uneven = reach * (0.85 + 0.15 * math.sin(3 * angle))
    east = uneven * math.sin(angle) / math.cos(math.radians(latitude))
    return {
        "lat": round(latitude + uneven * math.cos(angle), 5),
        "lon": round(longitude + east, 5),
    }
