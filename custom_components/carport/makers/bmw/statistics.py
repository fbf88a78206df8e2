"""Trips, lifetime figures, the navigation's charge and the efficiency page.

None of them says when the car told it, except the last trip.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...car import signals as s
from ...car.histories import Trip
from ...service.rows import Harvest, Row, dig, moment, number, opened

LAST_TRIP: Final = "/webapi/v1/user/vehicles/{VIN}/statistics/lastTrip"
ALL_TRIPS: Final = "/webapi/v1/user/vehicles/{VIN}/statistics/allTrips"
NAVIGATION: Final = "/api/vehicle/navigation/v1/{VIN}"
EFFICIENCY: Final = "/api/vehicle/efficiency/v1/{VIN}"

_LAST_TRIP_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(signal=s.LAST_TRIP_DISTANCE, path=("totalDistance",), convert=number),
    Row(signal=s.LAST_TRIP_DURATION, path=("duration",), convert=number),
    Row(signal=s.LAST_TRIP_ENDED_AT, path=("date",), convert=moment),
)
_LAST_ELECTRIC_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(
        signal=s.LAST_TRIP_DISTANCE_ELECTRIC,
        path=("electricDistance",),
        convert=number,
    ),
    Row(
        signal=s.LAST_TRIP_CONSUMPTION_ELECTRIC,
        path=("avgElectricConsumption",),
        convert=number,
    ),
    Row(signal=s.LAST_TRIP_RECUPERATION, path=("avgRecuperation",), convert=number),
)
_LAST_FUEL_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(
        signal=s.LAST_TRIP_CONSUMPTION_FUEL,
        path=("avgCombinedConsumption",),
        convert=number,
    ),
)

_KILOWATT_HOURS: Final = 1000


def _capacity(value: Any) -> float | None:
    """Return watt-hours as kilowatt-hours; 0 stands for nothing known."""
    energy = number(value)
    return energy / _KILOWATT_HOURS if energy else None


_LIFETIME_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(
        signal=s.CONSUMPTION_ELECTRIC,
        path=("avgElectricConsumption", "userAverage"),
        convert=number,
    ),
    Row(signal=s.RECUPERATION, path=("avgRecuperation", "userAverage"), convert=number),
    Row(
        signal=s.DISTANCE_SINCE_CHARGE,
        path=("chargecycleRange", "userCurrentChargeCycle"),
        convert=number,
    ),
    Row(
        signal=s.DISTANCE_ELECTRIC,
        path=("totalElectricDistance", "userTotal"),
        convert=number,
    ),
    Row(signal=s.BATTERY_CAPACITY, path=("batterySizeMax",), convert=_capacity),
    Row(signal=s.CO2_SAVED, path=("savedCO2",), convert=number),
)
_LIFETIME_FUEL_ROWS: Final[tuple[Row[Any], ...]] = (
    Row(
        signal=s.CONSUMPTION_FUEL,
        path=("avgCombinedConsumption", "userAverage"),
        convert=number,
    ),
    # The unit is a guess: litres, as everything about fuel is.
    Row(signal=s.FUEL_SAVED, path=("totalSavedFuel",), convert=number),
)

_SCORES: Final = {
    "efficiencyValue": "efficiency",
    "drivingModeValue": "driving_mode",
    "accelerationValue": "acceleration",
    "anticipationValue": "anticipation",
    "totalConsumptionValue": "total_consumption",
    "auxiliaryConsumptionValue": "auxiliary_consumption",
}
_FIGURES: Final = {
    "avgElectricConsumption": "consumption_electric",
    "avgRecuperation": "recuperation",
    "chargecycleRange": "charge_cycle_distance",
    "totalElectricDistance": "distance_electric",
    "avgCombinedConsumption": "consumption_fuel",
}
_SHARES: Final = {
    "communityLow": ("community", "low"),
    "communityAverage": ("community", "average"),
    "communityHigh": ("community", "high"),
    "userAverage": ("own", "average"),
    "userHigh": ("own", "high"),
    "userTotal": ("own", "total"),
    "userCurrentChargeCycle": ("own", "current"),
}
_TOTALS: Final = {
    "savedCO2": "co2_saved",
    "savedCO2greenEnergy": "co2_saved_green_energy",
    "totalSavedFuel": "fuel_saved",
}


def read_last_trip(
    harvest: Harvest, body: Mapping[str, Any], drive: str | None
) -> None:
    """Read the last trip; a car without one answers with nothing in it."""
    data = opened(body, LAST_TRIP, "lastTrip")
    harvest.take(_LAST_TRIP_ROWS, data)
    if drive != "combustion":
        harvest.take(_LAST_ELECTRIC_ROWS, data)
    if drive != "electric":
        harvest.take(_LAST_FUEL_ROWS, data)


def read_all_trips(
    harvest: Harvest, body: Mapping[str, Any], drive: str | None
) -> None:
    """Read the owner's own figures; those of all owners are for the list only."""
    data = opened(body, ALL_TRIPS, "allTrips")
    if drive != "combustion":
        harvest.take(_LIFETIME_ROWS, data)
    if drive != "electric":
        harvest.take(_LIFETIME_FUEL_ROWS, data)


def read_navigation(
    harvest: Harvest, body: Mapping[str, Any], drive: str | None
) -> None:
    """Read what the battery holds at most now, and on a plug-in hybrid what is in it.

    Other cars may say `soc` in per cent; there the capacity is all that is sure.
    """
    most = number(body.get("socMax", body.get("socmax")))
    if most is None or most <= 0:
        return
    harvest.add(s.BATTERY_CAPACITY, most)
    energy = number(body.get("soc"))
    hybrid = drive == "hybrid" or str(body.get("driveTrain", "")).startswith("phev")
    if hybrid and energy is not None and 0 <= energy <= most:
        harvest.add(s.BATTERY_ENERGY, energy)


def last_trip(body: Mapping[str, Any]) -> Trip | None:
    """Return the last trip as a line of the list; None where there was none."""
    data = opened(body, LAST_TRIP, "lastTrip")
    if not data:
        return None
    scores = {ours: number(data.get(theirs)) for theirs, ours in _SCORES.items()}
    return Trip(
        ended_at=moment(data.get("date")),
        distance=number(data.get("totalDistance")),
        duration=number(data.get("duration")),
        distance_electric=number(data.get("electricDistance")),
        consumption_electric=number(data.get("avgElectricConsumption")),
        consumption_fuel=number(data.get("avgCombinedConsumption")),
        recuperation=number(data.get("avgRecuperation")),
        scores={key: value for key, value in scores.items() if value is not None},
    )


def lifetime(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return lifetime figures, the owner's own and those of all owners apart."""
    data = opened(body, ALL_TRIPS, "allTrips")
    own: dict[str, Any] = {}
    community: dict[str, Any] = {}
    for figure, whose, share, value in _shares(data):
        target = own if whose == "own" else community
        target.setdefault(figure, {})[share] = value
    totals = {
        ours: total
        for theirs, ours in _TOTALS.items()
        if (total := number(data.get(theirs))) is not None
    }
    since = moment(data.get("resetDate"))
    # The epoch's first day stands for statistics that were never reset.
    counted = since is not None and since.timestamp() > 0
    return {
        "since": since.isoformat() if since is not None and counted else None,
        "battery_capacity": _capacity(data.get("batterySizeMax")),
        **totals,
        "own": own,
        "community": community,
    }


def efficiency(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the efficiency page's figures by the maker's names; `--` is no value."""
    return {
        "quotient": number(body.get("efficiencyQuotient")),
        "last_trip": _named(body.get("lastTripList"), "name", "lastTrip"),
        "lifetime": _named(body.get("lifeTimeList"), "name", "lifeTime"),
        "characteristics": _named(
            body.get("characteristicList"), "characteristic", "quantity"
        ),
    }


def _shares(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    for theirs, ours in _FIGURES.items():
        for key, (whose, share) in _SHARES.items():
            found = dig(data, (theirs, key))
            if (value := number(found)) is not None:
                yield ours, whose, share, value


def _named(rows: Any, name: str, value: str) -> dict[str, float]:
    """Return what of a list of names and texts is a number."""
    return {
        row[name].lower(): found
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
        and isinstance(row.get(name), str)
        and (found := number(row.get(value))) is not None
    }
