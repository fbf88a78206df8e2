"""Places, the reach and the navigation's charge: what is read besides the status."""

from collections.abc import Mapping
import math
from typing import Any, Final

from carport.car.signals import Position
from carport.twin import physics
from carport.twin.state import to_datetime
from carport.twin.twin import Report, TwinSpec

from ..bmw_cars import DESTINATIONS
from .reads import stamp
from .vehicle_list import drive_train

_KM_A_DEGREE: Final = 111.2
_RANGES: Final = (("ECO_PRO_PLUS", 0.9), ("COMFORT", 0.7))
_CORNERS: Final = 36


_COUNTRIES: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "GBR": (49.9, 61.0, -8.7, 1.8),
    "USA": (24.5, 49.4, -125.0, -66.9),
    "CHN": (18.0, 53.6, 73.5, 135.1),
}
"""South, north, west and east of those in which there are cars besides Germany."""
# Invented: eleven numbers for each kind of road, and the car's masses as text.
_CURVES: Final[Mapping[str, str]] = {
    "eco": "1bf0,11a0,d40,cd0,cb0,cc0,df0,f10,1090,1090,1120",
    "norm": "1d80,1290,e10,d90,d50,d70,eb0,fd0,1190,1430,1950",
    "ecoEv": "c00,770,5a0,580,590,5e0,6d0,840,9b0,9b0,9b0",
    "normEv": "ca0,7e0,5f0,5d0,5e0,630,730,8b0,a40,bd0,e50",
    "kAccReg": "1440000",
    "kDecReg": "3390000",
    "kAccEco": "1540000",
    "kDecEco": "3240000",
    "kUp": "1800000",
    "kDown": "2700000",
}


def navigation(report: Report, spec: TwinSpec) -> dict[str, Any]:
    """Return the navigation's charge: kWh in a hybrid, per cent in other cars."""
    state, most = report.state, spec.battery_capacity or 0
    place = {
        "latitude": state.parked_position.latitude,
        "longitude": state.parked_position.longitude,
        "isoCountryCode": _country(state.parked_position),
        "auxPowerRegular": 1.3,
        "auxPowerEcoPro": 1.1,
        "auxPowerEcoProPlus": 0.5,
        **_CURVES,
        "vehicleMass": "1735",
        "pendingUpdate": False,
        "vehicleTracking": True,
    }
    if drive_train(spec) == "PHEV":
        energy = round(most * state.battery_level / 100, 3)
        return {**place, "soc": energy, "socMax": most, "driveTrain": "phev_otto"}
    train = drive_train(spec).lower()
    level = round(state.battery_level, 1)
    return {**place, "soc": level, "socmax": most, "driveTrain": train}


def _country(place: Position) -> str:
    return next(
        (
            code
            for code, (south, north, west, east) in _COUNTRIES.items()
            if south < place.latitude < north and west < place.longitude < east
        ),
        "DEU",
    )


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
        "createdAt": stamp(to_datetime(place["sent_at"])),
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
