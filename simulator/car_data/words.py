"""How a twin's state reads in this cloud's words."""

from collections.abc import Callable
import json
from math import ceil
from typing import Any, Final

from carport.car.signals import ChargeMode
from carport.twin import physics
from carport.twin.twin import Drive, Equipment, TwinSpec, TwinState

type Reading = Callable[[TwinState, TwinSpec], Any]
"""Returns a native value, None for what the car never sends."""

_SOON: Final = 2000
_KM_A_PERCENT: Final = 15_000
"""After how many kilometres a battery has lost one more per cent of its capacity."""


def is_electric(spec: TwinSpec) -> bool:
    """Return whether a car can be plugged in."""
    return spec.drive is not Drive.COMBUSTION


def if_electric(read: Reading) -> Reading:
    """Let only cars that can be plugged in say something."""
    return lambda state, spec: read(state, spec) if is_electric(spec) else None


def if_fuelled(read: Reading) -> Reading:
    """Let only cars with a tank say something."""
    return lambda state, spec: read(state, spec) if spec.tank else None


def if_fitted(equipment: Equipment, read: Reading, without: Any = None) -> Reading:
    """Let only cars with an equipment say something."""
    return lambda state, spec: (
        read(state, spec) if equipment in spec.equipment else without
    )


def never(_state: TwinState, _spec: TwinSpec) -> None:
    """Say nothing: catalogued, and not sent by these cars."""


def battery_health(state: TwinState, _spec: TwinSpec) -> int:
    """Return what is left of a battery's capacity, in whole per cent."""
    return max(100 - round(state.odometer / _KM_A_PERCENT), 70)


def electric_range(state: TwinState, spec: TwinSpec, level: float) -> int:
    """Return the kilometres a charge level is good for."""
    per_100 = physics.consumption_electric(state, spec)
    return int(physics.capacity(spec) * level / per_100)


def fuel_range(state: TwinState, spec: TwinSpec) -> int:
    """Return the kilometres the tank is good for."""
    litres = (spec.tank or 0) * state.fuel_level / 100
    return int(litres / physics.consumption_fuel(state, spec) * 100)


def total_range(state: TwinState, spec: TwinSpec) -> int:
    """Return the range of a car with an engine; a battery alone says next to nothing."""
    return fuel_range(state, spec) if spec.tank else 0


def charging_status(state: TwinState, _spec: TwinSpec) -> str:
    """Return the word for what the charger does."""
    if not state.plugged_in:
        return "NOCHARGING"
    if state.charging:
        return "CHARGINGACTIVE"
    if physics.is_full(state) or state.charge_wish is False:
        return "CHARGINGENDED"
    waits = state.charge_mode is not ChargeMode.IMMEDIATE
    return "INITIALIZATION" if waits else "NOCHARGING"


def hv_status(state: TwinState, _spec: TwinSpec) -> str:
    """Return the older word for what the charger does."""
    if not state.plugged_in:
        return "INVALID"
    if state.charging:
        return "CHARGING"
    if physics.is_full(state):
        return "FINISHED_FULLY_CHARGED"
    return "WAITING_FOR_CHARGING"


def minutes_left(state: TwinState, spec: TwinSpec) -> int | None:
    """Return how long the charge goes on."""
    return ceil(physics.minutes_to_limit(state, spec)) if state.charging else None


def plug_word(state: TwinState, _spec: TwinSpec) -> str:
    """Return the word for the plug."""
    return "CONNECTED" if state.plugged_in else "DISCONNECTED"


def lock_word(state: TwinState, _spec: TwinSpec) -> str:
    """Return the word for the locks."""
    return "SECURED" if state.locked else "UNLOCKED"


def comfort_word(state: TwinState, _spec: TwinSpec) -> str:
    """Return the newer word for what the climate does."""
    if not state.climate_active:
        return "NOT_ACTIVE"
    heats = state.inside_temperature < state.target_temperature
    return "COMFORT_HEATING" if heats else "COMFORT_COOLING"


def activity_word(state: TwinState, _spec: TwinSpec) -> str:
    """Return the older word for what the climate does."""
    if not state.climate_active:
        return "INACTIVE"
    heats = state.inside_temperature < state.target_temperature
    return "HEATING" if heats else "COOLING"


def trip_end(state: TwinState, _spec: TwinSpec) -> str | None:
    """Return when the last trip ended, as the car writes it."""
    ended = state.last_trip_ended_at
    return None if ended is None else f"{ended:%d.%m.%Y %H:%M:%S} UTC"


def services_text(state: TwinState, _spec: TwinSpec) -> str:
    """Return the services that are due, as JSON in a text."""
    left = round(state.service_at_odometer - state.odometer)
    verdict = "OVERDUE" if left < 0 else "PENDING" if left < _SOON else "OK"

    def entry(number: int, title: str, **more: str | None) -> dict[str, Any]:
        return {
            "date": f"{state.service_due_at:%Y-%m}",
            "description": "Service due by distance or month.",
            "id": number,
            "messageType": "CBS",
            "status": verdict,
            "title": title,
            "text": "-",
            "unitOfLengthRemaining": str(left),
            **more,
        }

    inspection = f"{state.inspection_due_at:%Y-%m}"
    entries = [
        entry(1, "Engine oil"),
        entry(3, "Brake fluid", status="OK", unitOfLengthRemaining="-"),
        entry(100, "Vehicle check"),
        entry(
            32,
            "Statutory inspection",
            status="OK",
            date=inspection,
            unitOfLengthRemaining="-",
        ),
    ]
    return json.dumps(entries, separators=(",", ":"))


def messages_text(state: TwinState, _spec: TwinSpec) -> str:
    """Return the warnings, as JSON in a text."""
    if min(state.tyre_pressures) >= physics.LOW_TYRE:
        return "[]"
    entry = {
        "date": None,
        "description": "Check the tyre pressure when the tyres are cold.",
        "id": 955,
        "messageType": "CCM",
        "status": "NULL",
        "title": "Tyre pressure notification",
        "text": "-",
        "unitOfLengthRemaining": str(int(state.odometer)),
    }
    return json.dumps([entry], separators=(",", ":"))


def charge_level(state: TwinState, _spec: TwinSpec) -> int:
    """Return the charge level as the car shows it."""
    return round(state.battery_level)
