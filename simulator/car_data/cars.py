"""What calls of their own tell of a car: basic data, charges, places, tyres, a picture."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from carport.twin.memory import ChargeEvent
from carport.twin.twin import Equipment, Twin

from ..pictures import picture
from .containers import stamp
from .words import is_electric

_MODELS: Final[Mapping[str, Mapping[str, Any]]] = {
    "i4 eDrive40": {
        "brand": "BMWi",
        "series": "4",
        "seriesDevt": "G26",
        "modelKey": "71AW",
        "modelRange": "4",
        "bodyType": "Gran Coupe",
        "numberOfDoors": 5,
        "driveTrain": "BEV",
        "propulsionType": "E",
        "engine": "XE2",
        "chargingModes": ["AC_HIGH", "AC_LOW", "DC"],
        "headUnit": "HU_MGU",
        "colourCodeRaw": "C4P",
        "colourDescription": "MINERAL GREY METALLIC",
    },
    "Cooper S": {
        "brand": "MINI",
        "series": "MINI",
        "seriesDevt": "F56",
        "modelKey": "XR92",
        "modelRange": "HATCH",
        "bodyType": "Hatch",
        "numberOfDoors": 3,
        "driveTrain": "CONV",
        # Found on petrol cars too: it is not what it looks like.
        "propulsionType": "BE",
        "engine": "B46",
        "headUnit": "HU_ENTRYNAV",
        "colourCodeRaw": "C3E",
        "colourDescription": "BRITISH RACING GREEN",
    },
}
_PAINT: Final = {"BMWi": "MINERALGRAU METALLIC", "MINI": "VALENCIA ORANGE METALLIC"}
_STREET: Final = "Musterweg 1"
_TOWN: Final = "Musterstadt"
_CORNERS: Final = ("frontLeft", "frontRight", "rearLeft", "rearRight")
_WEAR: Final = 12_000


def basic_data(twin: Twin) -> dict[str, Any]:
    """Return the facts of a car; empty ones are left out."""
    spec = twin.spec
    content: dict[str, Any] = {
        "vin": spec.vin,
        "modelName": spec.model,
        **_MODELS[spec.model],
        "hasNavi": True,
        "hasSunRoof": Equipment.SUNROOF in spec.equipment,
        "puStep": "0725",
        "steering": "LL",
        "countryCode": "DE",
        "constructionDate": f"{spec.model_year}-03-20T00:00:00.000+0000",
        "fullSAList": "01DF,0302,0322,05AC,06AE",
        "simStatus": "ACTIVE",
        "isTelematicsCapable": True,
    }
    if spec.battery_capacity:
        content["hvsMaxEnergyAbsolute"] = str(spec.battery_capacity)
    return content


def image(twin: Twin) -> bytes:
    """Return the picture of a car."""
    brand = _MODELS[twin.spec.model]["brand"]
    return picture("SIDE", _PAINT[brand], 640, 360)


def charges(
    twin: Twin, since: datetime, until: datetime, units: str
) -> list[dict[str, Any]]:
    """Return the charges of a period, in no promised order."""
    sessions: list[dict[str, Any]] = []
    began: ChargeEvent | None = None
    for event in twin.memory.charges:
        if event.began:
            began = event
            continue
        if began is not None and since.timestamp() <= began.at <= until.timestamp():
            sessions.append(_session(twin, began, event, units))
        began = None
    return sessions


def _session(
    twin: Twin, began: ChargeEvent, ended: ChargeEvent, units: str
) -> dict[str, Any]:
    spec, seconds = twin.spec, round(ended.at - began.at)
    energy = (ended.level - began.level) / 100 * (spec.battery_capacity or 0) / 0.9
    power = energy / seconds * 3600 if seconds else 0
    block = {
        "startTime": round(began.at),
        "endTime": round(ended.at),
        "averagePowerGridKw": round(power, 1),
    }
    return {
        "startTime": round(began.at),
        "endTime": round(ended.at),
        "timeZone": "Europe/Berlin",
        "totalChargingDurationSec": seconds,
        "displayedStartSoc": round(began.level),
        "displayedSoc": round(ended.level),
        "energyConsumedFromPowerGridKwh": round(energy, 1),
        "isPreconditioningActivated": False,
        "mileage": int(_odometer_at(twin, began.at)),
        "mileageUnits": units,
        "chargingCostInformation": {
            "currency": "EUR",
            "calculatedChargingCost": round(energy * 0.3, 2),
            "calculatedSavings": 0.0,
        },
        "chargingLocation": {
            "municipality": _TOWN,
            "formattedAddress": f"{_STREET}, 12345 {_TOWN}",
            "streetAddress": _STREET,
            "mapMatchedLatitude": round(spec.home.latitude, 3),
            "mapMatchedLongitude": round(spec.home.longitude, 3),
        },
        "chargingBlocks": [block],
    }


def _odometer_at(twin: Twin, moment: float) -> float:
    """Return the kilometres driven by then, as far as trips are remembered."""
    odometer = twin.spec.odometer
    for trip in twin.memory.trips:
        if trip.arrived > moment:
            break
        odometer = trip.odometer
    return odometer


def places(twin: Twin) -> list[dict[str, Any]]:
    """Return how a car charges at the places it knows; none for one never charged."""
    spec = twin.spec
    if not is_electric(spec) or not twin.memory.charges:
        return []
    last = datetime.fromtimestamp(twin.memory.charges[-1].at, UTC)
    hours = {
        "startChargingTimePeriodHour": 0,
        "startChargingTimePeriodMinute": 30,
        "stopChargingTimePeriodHour": 4,
        "stopChargingTimePeriodMinute": 30,
    }
    return [
        {
            "id": "lbcs-1",
            "clusterLocationId": "home-1",
            "lastUpdated": stamp(last),
            "lastVisit": stamp(last),
            "visits": len(twin.memory.charges),
            "latitude": round(spec.home.latitude, 3),
            "longitude": round(spec.home.longitude, 3),
            "chargingMode": "IMMEDIATE_CHARGING",
            "optimizedChargingPreference": "NO_PRESELECTION",
            **hours,
            "chargingTimeWindows": [hours],
            "vehicleIdWithGcid": "sim-vehicle-1",
            "acCurrentLimitFlag": "ACTIVE",
            "acCurrentLimit": float(spec.amperes),
            "acousticLimit": "NO_ACTION",
            "flapLock": "NO_ACTION",
            "chargingPlug": "NO_ACTION",
        }
    ]


def tyres(twin: Twin) -> dict[str, Any]:
    """Return the tyre diagnosis; a car without tyre data answers labels and zeros."""
    known = is_electric(twin.spec)
    lost = twin.report.state.tyre_loss > 0
    mounted: dict[str, Any] = {
        "label": "Mounted",
        "aggregatedQualityStatus": _quality(known),
        **{corner: _tyre(corner, twin, known, lost) for corner in _CORNERS},
    }
    return {
        "passengerCar": {
            "mountedTyres": mounted,
            "unmountedTyres": {
                "label": "Unmounted",
                "aggregatedQualityStatus": {"label": "Data source"},
            },
        },
        "errors": [],
    }


def _quality(known: bool) -> dict[str, Any]:
    if not known:
        return {"label": "Data source"}
    return {"label": "Data source", "qualityStatus": "OK", "value": "Good"}


def _tyre(corner: str, twin: Twin, known: bool, lost: bool) -> dict[str, Any]:
    if not known:
        return {
            "label": f"{corner} tyre",
            "dimension": {"label": "Dimension", "sectionWidth": 0, "rimDiameter": 0},
            "tyreWear": {"label": "Service due in", "dueMileage": 0},
            "tyreDefect": {"label": "Tyre pressure status"},
            "runFlat": {"label": "Run-flat tyres", "runFlat": False},
            "season": {"label": "Season"},
        }
    driven = twin.report.state.odometer - twin.spec.odometer
    left = max(round(_WEAR - driven), 0)
    damaged = lost and _CORNERS.index(corner) == twin.spec.leaking_tyre
    return {
        "label": f"{corner} tyre",
        "dimension": {
            "label": "Dimension",
            "value": "225/55 R18 98V",
            "sectionWidth": 225,
            "aspectRatio": 55,
            "constructionType": "R",
            "rimDiameter": 18,
            "loadIndex": 98,
            "speedRating": "V",
        },
        "tyreWear": {
            "label": "Service due in",
            "value": f"{left} km",
            "status": "OK",
            "statusColor": "GREEN",
            "dueMileage": left,
            "unit": "KILOMETER",
        },
        "tyreDefect": {
            "label": "Tyre pressure status",
            "value": "Puncture" if damaged else "No defect",
            "status": "DEFECT" if damaged else "OK",
            "statusColor": "RED" if damaged else "GREEN",
        },
        "mountingDate": {
            "label": "Mounting date",
            "mountingDate": "2025-04-02",
            "value": "02.04.2025",
        },
        "season": {"label": "Season", "season": "SUMMER", "value": "Summer"},
        "runFlat": {"label": "Run-flat tyres", "runFlat": False, "value": "No"},
        "qualityStatus": _quality(known),
        "tread": {
            "label": "Tyre tread",
            "manufacturer": "Sample",
            "treadDesign": "Tour",
            "carcass": "R",
            "value": "Sample Tour",
        },
    }
