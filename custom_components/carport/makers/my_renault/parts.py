"""The parts of a car that the cloud is asked for, and how often, as a table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from ...car import signals as s
from ...cloud.answer import Answer
from ...cloud.parts import Part, ReadPart
from ...cloud.requests import Request, get
from . import readings as r
from .endpoints import ALERTS, GATEWAY, has, has_settings, kca, kcm

ATTRIBUTES: Final = ("data", "attributes")
_UPDATED: Final = (("lastUpdateTime",),)

_OFTEN: Final = timedelta(minutes=30)
_HOURLY: Final = timedelta(hours=1)
_TWO_HOURS: Final = timedelta(hours=2)
_SELDOM: Final = timedelta(hours=6)
_DAILY: Final = timedelta(days=1)


def _part(
    key: str, resource: str, path: Callable[[str], str] = kca, **more: Any
) -> Part:
    """Declare a resource of an adapter, for the cars that have it."""
    return Part(
        key=key,
        request=get(path(resource)),
        envelope=ATTRIBUTES,
        **{"wanted": has(resource), **more},
    )


def simple_parts() -> tuple[Part, ...]:
    """Return the parts that depend on nothing but the car."""
    return (
        _part(
            "battery",
            "battery-status",
            fields=r.BATTERY,
            read=r.read_battery,
            time_paths=(("timestamp",), ("lastUpdateTime",)),
            # What every reading is for: after an outage it is asked for again at once.
            retry=timedelta(),
        ),
        _part(
            "cockpit",
            "cockpit",
            fields=r.COCKPIT,
            read=r.read_cockpit,
            time_paths=(("timestamp",),),
            every=_OFTEN,
        ),
        _part(
            "climate",
            "hvac-status",
            fields=r.CLIMATE,
            read=r.read_climate,
            time_paths=_UPDATED,
            every=_OFTEN,
            watched=(s.CLIMATE_ACTIVE,),
        ),
        _part(
            "location",
            "location",
            read=r.read_location,
            time_paths=_UPDATED,
            # A car that was driven is asked at once: the odometer tells.
            every=_TWO_HOURS,
            moves=True,
        ),
        _part("charge_mode", "charge-mode", fields=r.CHARGE_MODE, every=_HOURLY),
        _part(
            "limits",
            "ev/soc-levels",
            kcm,
            fields=r.LIMITS,
            every=_HOURLY,
            wanted=has("soc-levels"),
        ),
        _part("tyres", "pressure", fields=r.PRESSURES, every=_SELDOM),
        _part("engine", "res-state", fields=r.ENGINE, every=_OFTEN),
        Part(
            key="alerts",
            request=ALERTS,
            decode=Answer.parsed,
            read=r.read_alerts,
            every=_SELDOM,
            wanted=has("alerts"),
        ),
    )


def lock_part(*, drives_left: bool) -> Part:
    """Return the part that tells lock and doors, for one side of the road."""
    return _part(
        "locks",
        "lock-status",
        fields=r.LOCKS,
        read=r.front_doors(drives_left=drives_left),
        time_paths=_UPDATED,
    )


def contract_part(request: Request) -> Part:
    """Return the part that tells until when the connected services are paid."""
    return Part(
        key="contracts",
        request=request,
        decode=Answer.parsed,
        read=r.read_contracts,
        every=_DAILY,
    )


def gateway_part(read: ReadPart) -> Part:
    """Return the part that tells of the car's gateway, and of its privacy."""
    return Part(
        key="gateway", request=GATEWAY, read=read, envelope=ATTRIBUTES, every=_DAILY
    )


def settings_parts(
    charging: ReadPart, climate: ReadPart, newer: ReadPart, calendar: ReadPart
) -> tuple[Part, ...]:
    """Return the parts that hold programmes; each is read by a function of its own."""
    return (
        _part("calendar", "charge-schedule", read=calendar, every=_HOURLY),
        _part(
            "charging_settings",
            "charging-settings",
            fields=r.CHARGING_SETTINGS,
            read=charging,
            every=_HOURLY,
        ),
        _part("climate_settings", "hvac-settings", read=climate, every=_HOURLY),
        _part(
            "settings",
            "ev/settings",
            kcm,
            fields=r.EV_SETTINGS,
            read=newer,
            every=_HOURLY,
            wanted=has_settings,
        ),
    )


def charges_part(read: ReadPart) -> Part:
    """Return the part that tells the last charges, for the count of energy."""
    return _part("charges", "charges", read=read, every=_HOURLY)
