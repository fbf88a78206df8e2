"""What the cloud has counted of a car's trips and charges, as far as it was told."""

from typing import Any, Final, NamedTuple

from carport.twin.memory import PastTrip
from carport.twin.physics import per_100_km
from carport.twin.state import to_datetime
from carport.twin.twin import Report, Twin, TwinSpec

from .reads import stamp
from .vehicle_list import drive_train

_SCORES: Final = {
    "efficiencyValue": 0.61,
    "drivingModeValue": 0.5,
    "accelerationValue": 0.42,
    "anticipationValue": 0.77,
    "totalConsumptionValue": 0.74,
    "auxiliaryConsumptionValue": 0.58,
}
_RECUPERATION: Final = 2.4
_FIRST_FUEL: Final = 0.4
"""Litres per 100 km, before the first trip."""
_CO2_A_KM: Final = 0.0104
_GREENER: Final = 5
_ELECTRIC_SHARE: Final = {"BEV": 1.0, "BEV_REX": 0.95, "PHEV": 0.4, "CONV": 0.0}
"""How much of its life a car has driven without its engine."""
_EVERYBODYS: Final = {
    "avgElectricConsumption": (0, 15.92, 34.1),
    "avgRecuperation": (0, 3.6, 13.5),
    "totalElectricDistance": (1, 14020.5, 80111.2),
    "avgCombinedConsumption": (0, 1.18, 6.1),
}


class Cycle(NamedTuple):
    """What was driven between two charges; the last one is not over yet."""

    kilometres: float
    over: bool


def known_trips(twin: Twin, report: Report) -> list[PastTrip]:
    """Return the trips the cloud knows of, oldest first."""
    told = report.captured_at.timestamp()
    return [
        trip for trip in twin.memory.trips if trip.arrived <= told and trip.distance
    ]


def last_trip(twin: Twin, report: Report) -> dict[str, Any]:
    """Return the last trip; nothing before the first one."""
    trips = known_trips(twin, report)
    if not trips:
        return {}
    trip = trips[-1]
    electric = electric_kilometres(trip, twin.spec)
    return {
        **_SCORES,
        "totalDistance": round(trip.distance),
        "electricDistance": round(electric, 1),
        "avgElectricConsumption": per_100_km(trip.energy, trip.distance) or 0,
        "avgRecuperation": _RECUPERATION,
        "avgCombinedConsumption": per_100_km(trip.fuel, trip.distance) or 0,
        "electricDistanceRatio": round(electric / trip.distance * 100),
        "savedFuel": 0,
        "date": stamp(to_datetime(trip.arrived)),
        "duration": round(trip.minutes),
    }


def electric_kilometres(trip: PastTrip, spec: TwinSpec) -> float:
    """Return how far the battery drove, by what each of the two sources gave."""
    electric = trip.energy / spec.consumption_electric
    burnt = trip.fuel / spec.consumption_fuel
    both = electric + burnt
    return trip.distance * electric / both if both else 0


def all_trips(twin: Twin, report: Report, *, community_only: bool) -> dict[str, Any]:
    """Return lifetime figures, the owner's own and everybody's for comparison."""
    spec, odometer = twin.spec, report.state.odometer
    trips = known_trips(twin, report)
    driven = sum(trip.distance for trip in trips)
    own: dict[str, dict[str, float]] = {
        "avgElectricConsumption": {
            "userAverage": per_100_km(sum(trip.energy for trip in trips), driven)
            or round(spec.consumption_electric, 1)
        },
        "avgRecuperation": {"userAverage": 2.9},
        "totalElectricDistance": {
            "userTotal": round(odometer * _ELECTRIC_SHARE[drive_train(spec)], 1)
        },
        "avgCombinedConsumption": {
            "userAverage": per_100_km(sum(trip.fuel for trip in trips), driven)
            or (0 if spec.tank is None else _FIRST_FUEL)
        },
        "chargecycleRange": _cycles_in_words(twin, trips),
    }
    theirs = {
        name: {"communityLow": low, "communityAverage": mean, "communityHigh": high}
        for name, (low, mean, high) in _EVERYBODYS.items()
    } | {"chargecycleRange": {"communityAverage": 118.4, "communityHigh": 198}}
    return {
        **{
            name: {**figures, **({} if community_only else own[name])}
            for name, figures in theirs.items()
        },
        "batterySizeMax": round((spec.battery_capacity or 0) * 1000),
        "savedCO2": round(odometer * _CO2_A_KM, 1),
        "savedCO2greenEnergy": round(odometer * _CO2_A_KM * _GREENER, 1),
        "totalSavedFuel": 0,
        "resetDate": "1970-01-01T01:00:00+0100",
    }


def _cycles_in_words(twin: Twin, trips: list[PastTrip]) -> dict[str, float]:
    cycles = cycles_of(twin, trips)
    done = [cycle.kilometres for cycle in cycles if cycle.over]
    figures = {"userCurrentChargeCycle": round(cycles[-1].kilometres, 1)}
    if done:
        figures["userAverage"] = round(sum(done) / len(done), 1)
        figures["userHigh"] = round(max(done), 1)
    return figures


def cycles_of(twin: Twin, trips: list[PastTrip]) -> list[Cycle]:
    """Return what was driven between charges; the last cycle still runs."""
    ends = [event.at for event in twin.memory.charges if not event.began]
    cycles = []
    since = float("-inf")
    for until in (*ends, float("inf")):
        driven = sum(trip.distance for trip in trips if since < trip.arrived <= until)
        cycles.append(Cycle(driven, until != float("inf")))
        since = until
    return cycles


def efficiency(twin: Twin, report: Report) -> dict[str, Any]:
    """Return the efficiency page; `--` stands for no value."""
    trip = last_trip(twin, report)
    electric = report.state.odometer * _ELECTRIC_SHARE[drive_train(twin.spec)]
    return {
        "modelType": drive_train(twin.spec),
        "efficiencyQuotient": 0,
        "lastTripList": [
            _figure("LASTTRIP_DELTA_KM", "KM", lastTrip=trip.get("totalDistance")),
            _figure("LASTTRIP_DELTA_TIME", "NONE", lastTrip=trip.get("duration")),
            _figure(
                "COMBINED_AVG_CONSUMED_LITERS_OVERALL",
                "L_PER_100KM",
                lastTrip=trip.get("avgCombinedConsumption") or None,
            ),
        ],
        "lifeTimeList": [
            _figure(
                "CUMULATED_ELECTRIC_DRIVEN_DISTANCE", "KM", lifeTime=round(electric)
            ),
            _figure("SAVED_LITERS_OVERALL", "LITER", lifeTime=0.0),
            {"name": "TIMESTAMP_STATISTICS_RESET", "lifeTime": "03.02.2019"},
        ],
        "characteristicList": [
            {"characteristic": name, "quantity": quantity}
            for name, quantity in (
                ("CONSUMPTION", 4),
                ("DRIVING_MODE", 3),
                ("CHARGING_BEHAVIOUR", 5),
                ("ELECTRIC_DRIVING", 4),
            )
        ],
    }


def _figure(name: str, unit: str, **value: float | None) -> dict[str, str]:
    said = {key: "--" if one is None else str(one) for key, one in value.items()}
    return {"name": name, "unit": unit, **said}
