"""The list of cars with the flags that say what each of them can do."""

from collections.abc import Mapping
from typing import Any, Final

from carport.twin.twin import Equipment, TwinSpec

from .regions import HUBS

_DEALER: Final = {
    "name": "Sample Motors",
    "country": "DE",
    "postalCode": "00000",
    "city": "Musterstadt",
    "street": "Musterweg 1",
}
_WEEKLY: Final = {"chargingControl": "WEEKLY_PLANNER", "lscType": "I_LSC_IMM"}
MODELS: Final[Mapping[str, Mapping[str, Any]]] = {
    "i3": {
        **_WEEKLY,
        "brand": "BMW_I",
        "bodytype": "I01",
        "driveTrain": "BEV",
        "color": "IONIC SILVER METALLIC",
        "colorCode": "B72",
    },
    "i3 +REX": {
        **_WEEKLY,
        "brand": "BMW_I",
        "bodytype": "I01",
        "driveTrain": "BEV_REX",
        "color": "MINERALGRAU METALLIC",
        "colorCode": "B39",
    },
    "225xe": {
        "chargingControl": "TWO_TIMES_TIMER",
        "lscType": "LSC_PHEV",
        "brand": "BMW",
        "bodytype": "F45",
        "driveTrain": "PHEV",
        "color": "ESTORILBLAU METALLIC",
        "colorCode": "B45",
    },
    "118d": {
        "chargingControl": "NOT_SUPPORTED",
        "lscType": "LSC_BASIS",
        "brand": "BMW",
        "bodytype": "F20",
        "driveTrain": "CONV",
        "color": "VALENCIA ORANGE METALLIC",
        "colorCode": "B44",
    },
}
_BY_EQUIPMENT: Final = {
    "doorLock": Equipment.REMOTE_LOCK,
    "doorUnlock": Equipment.REMOTE_LOCK,
    "hornBlow": Equipment.HORN,
    "lightFlash": Equipment.PARKING_LIGHTS,
    "climateNow": Equipment.CLIMATE,
    "vehicleFinder": Equipment.POSITION,
    "sendPoi": Equipment.POSITION,
}
_FEATURE_OF: Final = {
    "DOOR_LOCK": "doorLock",
    "DOOR_UNLOCK": "doorUnlock",
    "LIGHT_FLASH": "lightFlash",
    "HORN_BLOW": "hornBlow",
    "CLIMATE_NOW": "climateNow",
    "VEHICLE_FINDER": "vehicleFinder",
    "CHARGING_CONTROL": "chargingControl",
}


def drive_train(spec: TwinSpec) -> str:
    """Return the cloud's word for what drives the car."""
    return str(MODELS[spec.model]["driveTrain"])


def paint(spec: TwinSpec) -> str:
    """Return the cloud's name of the car's colour."""
    return str(MODELS[spec.model]["color"])


def steering(spec: TwinSpec) -> str:
    """Return on which side the driver sits: right in Britain."""
    british = 49.9 < spec.home.latitude < 61 and -8.7 < spec.home.longitude < 1.8
    return "RH" if british else "LH"


def is_supported(spec: TwinSpec, service: str) -> bool:
    """Return whether a car takes a service; charging now is never flagged."""
    if service == "CHARGE_NOW":
        return drive_train(spec) != "CONV"
    flag = _FEATURE_OF.get(service)
    return flag is not None and listed(spec, "eu")[flag] != "NOT_SUPPORTED"


def listed(spec: TwinSpec, region: str) -> dict[str, Any]:
    """Return one car of the list."""
    electrified = drive_train(spec) != "CONV"
    return {
        **{
            flag: "ACTIVATED" if needed in spec.equipment else "NOT_SUPPORTED"
            for flag, needed in _BY_EQUIPMENT.items()
        },
        **MODELS[spec.model],
        "remote360": "NOT_SUPPORTED",
        "countryCode": "V1-US" if region == "us" else "V1-DE",
        "smartSolution": "NOT_SUPPORTED",
        "hasAlarmSystem": True,
        "climateControl": "NOT_SUPPORTED",
        "climateFunction": "AIRCONDITIONING",
        "rangeMap": "RANGE_POLYGON" if electrified else "NOT_SUPPORTED",
        "hub": HUBS[region],
        "statisticsAvailable": Equipment.TRIPS in spec.equipment,
        "statisticsCommunityEnabled": electrified,
        "intermodalRouting": "AVAILABLE" if electrified else "NOT_AVAILABLE",
        "model": spec.model,
        "vin": spec.vin,
        "chargeNow": "NOT_SUPPORTED",
        "supportedChargingModes": ["AC_LOW", "AC_HIGH", "DC"] if electrified else [],
        "yearOfConstruction": int(spec.model_year),
        "licensePlate": spec.nickname,
        "onlineSearchMode": "MAP",
        "dealer": _DEALER,
        "lastDestinations": "SUPPORTED"
        if Equipment.POSITION in spec.equipment
        else "NOT_SUPPORTED",
        "steering": steering(spec),
        "vehicleFinderRestriction": "NONE",
        "hmiVersion": "ID4",
        "a4a": "USB_ONLY",
        "ipa": "NOT_SUPPORTED",
        "carCloud": "NOT_SUPPORTED",
    }
