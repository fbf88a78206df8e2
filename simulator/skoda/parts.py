"""The parts of an answer: which cars have them, and by which word they are missed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from carport.twin.twin import Drive, Equipment, Twin, TwinSpec

from . import reads
from .profiles import charging_profiles
from .settings import Settings

ENDINGS: Final = ("UNSUPPORTED", "DISABLED", "UNAVAILABLE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an answer."""

    word: str
    read: Callable[[Twin], dict[str, Any]]
    fits: Callable[[TwinSpec, Settings], bool]


def _part(
    word: str,
    read: Callable[[Twin], dict[str, Any]],
    needs: Equipment | None = None,
) -> Part:
    return Part(
        word=word,
        read=read,
        fits=lambda spec, settings: needs is None or needs in spec.equipment,
    )


def _plugged(word: str, read: Callable[[Twin], dict[str, Any]]) -> Part:
    return Part(
        word=word,
        read=read,
        fits=lambda spec, settings: spec.drive is not Drive.COMBUSTION,
    )


PARTS: Final[Mapping[str, Part]] = {
    "status": _part("VEHICLE_STATUS", reads.status, Equipment.DOORS),
    "fuelStatus": Part(
        word="FUEL_STATUS",
        read=reads.fuel_status,
        fits=lambda spec, settings: (
            spec.drive is not Drive.ELECTRIC or settings.electric_fuel_status
        ),
    ),
    "odometer": _part("ODOMETER", reads.odometer),
    "parkingPosition": _part(
        "PARKING_POSITION", reads.parking_position, Equipment.POSITION
    ),
    "airConditioning": _part(
        "AIR_CONDITIONING", reads.air_conditioning, Equipment.CLIMATE
    ),
    "auxiliaryHeating": _part(
        "AUXILIARY_HEATING", reads.auxiliary_heating, Equipment.AUXILIARY_HEATING
    ),
    "activeVentilation": _part(
        "ACTIVE_VENTILATION", reads.active_ventilation, Equipment.VENTILATION
    ),
    "charging": _plugged("CHARGING", reads.charging),
    "chargingProfiles": _plugged("CHARGING_PROFILES", charging_profiles),
}
