"""Trips, lifetime figures, the navigation's charge and the efficiency page.

None of them says when the car told it, except the last trip.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from ...car import signals as s
from ...car.history import Period, Trip
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.field_map import (
    ReadingBuilder,
    field_at,
    get_path,
    to_datetime,
    to_float,
    unwrap,
)
from ...cloud.history_map import HistoryMapping
from . import endpoints as e, places
from .cars import has, is_electrified
from .readings import Fields, by_drive, health_report

LAST_TRIP_FIELDS: Final[Fields] = (
    field_at(s.LAST_TRIP_DISTANCE, "totalDistance", to_float),
    field_at(s.LAST_TRIP_DURATION, "duration", to_float),
    field_at(s.LAST_TRIP_ENDED_AT, "date", to_datetime),
)
_LAST_ELECTRIC_FIELDS: Final[Fields] = (
    field_at(s.LAST_TRIP_DISTANCE_ELECTRIC, "electricDistance", to_float),
    field_at(s.LAST_TRIP_CONSUMPTION_ELECTRIC, "avgElectricConsumption", to_float),
    field_at(s.LAST_TRIP_RECUPERATION, "avgRecuperation", to_float),
)
_LAST_FUEL_FIELDS: Final[Fields] = (
    field_at(s.LAST_TRIP_CONSUMPTION_FUEL, "avgCombinedConsumption", to_float),
)

_KILOWATT_HOURS: Final = 1000


def _capacity(value: Any) -> float | None:
    """Return watt-hours as kilowatt-hours; 0 stands for nothing known."""
    energy = to_float(value)
    return energy / _KILOWATT_HOURS if energy else None


_LIFETIME_FIELDS: Final[Fields] = (
    field_at(s.CONSUMPTION_ELECTRIC, "avgElectricConsumption.userAverage", to_float),
    field_at(s.RECUPERATION, "avgRecuperation.userAverage", to_float),
    field_at(
        s.DISTANCE_SINCE_CHARGE, "chargecycleRange.userCurrentChargeCycle", to_float
    ),
    field_at(s.DISTANCE_ELECTRIC, "totalElectricDistance.userTotal", to_float),
    field_at(s.BATTERY_CAPACITY, "batterySizeMax", _capacity),
    field_at(s.CO2_SAVED, "savedCO2", to_float),
)
_LIFETIME_FUEL_FIELDS: Final[Fields] = (
    field_at(s.CONSUMPTION_FUEL, "avgCombinedConsumption.userAverage", to_float),
    # The unit is a guess: litres, as everything about fuel is.
    field_at(s.FUEL_SAVED, "totalSavedFuel", to_float),
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


read_last_trip: Final = by_drive(_LAST_ELECTRIC_FIELDS, _LAST_FUEL_FIELDS)
# Those of all owners are for the list only.
read_all_trips: Final = by_drive(_LIFETIME_FIELDS, _LIFETIME_FUEL_FIELDS)


def read_navigation(builder: ReadingBuilder, body: Any, car: Car) -> None:
    """Read what the battery holds at most now, and on a plug-in hybrid what is in it.

    Other cars may say `soc` in per cent; there the capacity is all that is sure.
    """
    most = to_float(body.get("socMax", body.get("socmax")))
    if most is None or most <= 0:
        return
    builder.add(s.BATTERY_CAPACITY, most)
    energy = to_float(body.get("soc"))
    hybrid = car.drive == "hybrid" or str(body.get("driveTrain", "")).startswith("phev")
    if hybrid and energy is not None and 0 <= energy <= most:
        builder.add(s.BATTERY_ENERGY, energy)


def last_trip(body: Mapping[str, Any]) -> Trip | None:
    """Return the last trip as a line of the list; None where there was none."""
    data = unwrap(body, e.LAST_TRIP.path, "lastTrip")
    if not data:
        return None
    scores = {ours: to_float(data.get(theirs)) for theirs, ours in _SCORES.items()}
    return Trip(
        ended_at=to_datetime(data.get("date")),
        distance=to_float(data.get("totalDistance")),
        duration=to_float(data.get("duration")),
        distance_electric=to_float(data.get("electricDistance")),
        consumption_electric=to_float(data.get("avgElectricConsumption")),
        consumption_fuel=to_float(data.get("avgCombinedConsumption")),
        recuperation=to_float(data.get("avgRecuperation")),
        scores={key: value for key, value in scores.items() if value is not None},
    )


def lifetime(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return lifetime figures, the owner's own and those of all owners apart."""
    data = unwrap(body, e.ALL_TRIPS.path, "allTrips")
    own: dict[str, Any] = {}
    community: dict[str, Any] = {}
    for figure, whose, share, value in _shares(data):
        target = own if whose == "own" else community
        target.setdefault(figure, {})[share] = value
    totals = {
        ours: total
        for theirs, ours in _TOTALS.items()
        if (total := to_float(data.get(theirs))) is not None
    }
    since = to_datetime(data.get("resetDate"))
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
        "quotient": to_float(body.get("efficiencyQuotient")),
        "last_trip": _named(body.get("lastTripList"), "name", "lastTrip"),
        "lifetime": _named(body.get("lifeTimeList"), "name", "lifeTime"),
        "characteristics": _named(
            body.get("characteristicList"), "characteristic", "quantity"
        ),
    }


def _shares(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    for theirs, ours in _FIGURES.items():
        for key, (whose, share) in _SHARES.items():
            found = get_path(data, (theirs, key))
            if (value := to_float(found)) is not None:
                yield ours, whose, share, value


def _named(rows: Any, name: str, value: str) -> dict[str, float]:
    """Return what of a list of names and texts is a number."""
    return {
        row[name].lower(): found
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
        and isinstance(row.get(name), str)
        and (found := to_float(row.get(value))) is not None
    }


# The lists; the cloud knows no periods, so they are kept to here


def _trips(body: Any, period: Period, now: datetime) -> Mapping[str, Any]:
    trip = last_trip(body)
    asked_for = trip is not None and period.covers(trip.ended_at)
    return {"trips": [trip.to_json()] if trip is not None and asked_for else []}


def _lifetime(body: Any, period: Period, now: datetime) -> Mapping[str, Any]:
    # The marks for driving come with the next call, which not every car has.
    return {"lifetime": lifetime(body), "efficiency": {}}


def _efficiency(body: Any, period: Period, now: datetime) -> Mapping[str, Any]:
    return {"efficiency": efficiency(body) if body else {}}


def _destinations(body: Any, period: Period, now: datetime) -> Mapping[str, Any]:
    return {
        "destinations": [
            place.to_json()
            for place in places.destinations_of(body)
            if period.covers(place.sent_at)
        ]
    }


_has_statistics: Final = has("statisticsAvailable")

_row = partial(HistoryMapping, decode=Answer.json)

HISTORY: Final = (
    _row(key="trips", request=e.LAST_TRIP, parse=_trips, wanted=_has_statistics),
    _row(key="trips", request=e.ALL_TRIPS, parse=_lifetime, wanted=_has_statistics),
    _row(
        key="trips",
        request=e.EFFICIENCY,
        parse=_efficiency,
        wanted=lambda car: _has_statistics(car) and is_electrified(car),
        optional=True,
    ),
    _row(
        key="destinations",
        request=e.DESTINATIONS,
        parse=_destinations,
        wanted=has("lastDestinations"),
    ),
    _row(
        key="range_map",
        request=e.RANGE_MAP,
        parse=lambda body, period, now: places.geo_json(body),
        wanted=has("rangeMap"),
    ),
    _row(
        key="health_report",
        request=e.STATUS,
        parse=lambda body, period, now: health_report(body, now).to_json(),
    ),
)
