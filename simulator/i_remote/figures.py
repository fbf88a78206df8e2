"""Statistics, places and the picture: what the cloud keeps besides the status."""

import math
import struct
from typing import Any, Final
import zlib

from custom_components.carport.makers.demo import physics
from custom_components.carport.makers.demo.state import moment
from custom_components.carport.makers.demo.twin import Report, TwinSpec

from .listing import drive_train
from .reads import stamp

_SCORES: Final = {
    "efficiencyValue": 0.61,
    "drivingModeValue": 0.5,
    "accelerationValue": 0.42,
    "anticipationValue": 0.77,
    "totalConsumptionValue": 0.74,
    "auxiliaryConsumptionValue": 0.58,
}
_CO2_A_KM: Final = 0.0104
_KM_A_DEGREE: Final = 111.2
_RANGES: Final = (("ECO_PRO_PLUS", 0.9), ("COMFORT", 0.7))
_CORNERS: Final = 36
VIEWS: Final = frozenset(
    {
        "FRONTSIDE",
        "FRONT",
        "REARSIDE",
        "REAR",
        "SIDE",
        "DASHBOARD",
        "DRIVERDOOR",
        "REARBIRDSEYE",
    }
)


def last_trip(report: Report) -> dict[str, Any]:
    """Return the last trip; nothing before the first one."""
    state = report.state
    distance = state.last_trip_distance
    if not distance or state.last_trip_ended_at is None:
        return {}
    return {
        **_SCORES,
        "totalDistance": round(distance),
        "electricDistance": round(distance, 1) if state.last_trip_energy else 0,
        "avgElectricConsumption": round(state.last_trip_energy / distance * 100, 1),
        "avgRecuperation": 2.4,
        "avgCombinedConsumption": round(state.last_trip_fuel / distance * 100, 1),
        "electricDistanceRatio": 100 if state.last_trip_energy else 0,
        "savedFuel": 0,
        "date": stamp(state.last_trip_ended_at),
        "duration": round(state.last_trip_minutes or 0),
    }


def all_trips(report: Report, spec: TwinSpec) -> dict[str, Any]:
    """Return lifetime figures, and those of everybody for comparison."""
    state = report.state
    consumption = round(spec.consumption_electric, 1)
    return {
        "avgElectricConsumption": _shares(0, 15.92, 34.1, userAverage=consumption),
        "avgRecuperation": _shares(0, 3.6, 13.5, userAverage=2.9),
        "chargecycleRange": {
            "communityAverage": 118.4,
            "communityHigh": 198,
            "userAverage": 84.1,
            "userHigh": 141,
            "userCurrentChargeCycle": round(state.trip_distance, 1),
        },
        "totalElectricDistance": _shares(
            1, 14020.5, 80111.2, userTotal=round(state.odometer * 0.9, 1)
        ),
        "avgCombinedConsumption": _shares(
            0, 1.18, 6.1, userAverage=0 if spec.tank is None else 0.4
        ),
        "batterySizeMax": round((spec.battery_capacity or 0) * 1000),
        "savedCO2": round(state.odometer * _CO2_A_KM, 1),
        "savedCO2greenEnergy": round(state.odometer * _CO2_A_KM * 5, 1),
        "totalSavedFuel": 0,
        "resetDate": "1970-01-01T01:00:00+0100",
    }


def _shares(low: float, average: float, high: float, **own: float) -> dict[str, Any]:
    return {
        "communityLow": low,
        "communityAverage": average,
        "communityHigh": high,
        **own,
    }


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


def efficiency(report: Report, spec: TwinSpec) -> dict[str, Any]:
    """Return the efficiency page; `--` stands for no value."""
    trip = last_trip(report)
    distance = str(trip["totalDistance"]) if trip else "--"
    return {
        "modelType": drive_train(spec),
        "efficiencyQuotient": 0,
        "lastTripList": [
            {"name": "LASTTRIP_DELTA_KM", "unit": "KM", "lastTrip": distance},
            {
                "name": "COMBINED_AVG_CONSUMED_LITERS_OVERALL",
                "unit": "L_PER_100KM",
                "lastTrip": "--",
            },
        ],
        "lifeTimeList": [
            {
                "name": "CUMULATED_ELECTRIC_DRIVEN_DISTANCE",
                "unit": "KM",
                "lifeTime": str(round(report.state.odometer)),
            },
            {"name": "SAVED_LITERS_OVERALL", "unit": "LITER", "lifeTime": "0.0"},
            {"name": "TIMESTAMP_STATISTICS_RESET", "lifeTime": "03.02.2019"},
        ],
        "characteristicList": [{"characteristic": "CONSUMPTION", "quantity": 4}],
    }


def destinations(report: Report) -> list[dict[str, Any]]:
    """Return the places that were sent to the car."""
    return [
        {
            "lat": place["latitude"],
            "lon": place["longitude"],
            "country": place["address"].get("country"),
            "city": place["address"].get("city"),
            "street": place["address"].get("street"),
            "type": "DESTINATION",
            "createdAt": stamp(moment(place["sent_at"])),
        }
        for place in report.state.destinations
    ]


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


def image(width: int, height: int) -> bytes:
    """Draw a car, as far as a grey box on white is one."""

    def row(line: int) -> bytes:
        body = height // 3 < line < 2 * height // 3
        left, middle = width // 8, width - 2 * (width // 8)
        inner = b"\x80" if body else b"\xff"
        return b"\0" + b"\xff" * left + inner * middle + b"\xff" * left

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(row(line) for line in range(height)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )
