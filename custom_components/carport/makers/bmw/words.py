"""BMW's words for what its cars report, the same in all of its services."""

from typing import Any, Final

from ...car.signals import ChargeEnd, ChargeMode
from ...service.rows import word

# INVALID stands for a part the car does not have; it is never open.
OPEN: Final = word(
    {
        "CLOSED": False,
        "OPEN": True,
        "INTERMEDIATE": True,
        "OPEN_TILT": True,
        "TILT": True,
    }
)

# SECURED is locked by the key; the selective words mean all but the driver's door.
LOCKED: Final = word(
    {
        "LOCKED": True,
        "SECURED": True,
        "UNLOCKED": False,
        "SELECTIVE_LOCKED": False,
        "SELECTIVE-LOCKED": False,
        "SELECTIVELOCKED": False,
    }
)

CHARGE_END: Final = word(
    {
        "CHARGING_GOAL_REACHED": ChargeEnd.GOAL_REACHED,
        "END_REQUESTED_BY_DRIVER": ChargeEnd.REQUESTED,
        "CONNECTOR_REMOVED": ChargeEnd.UNPLUGGED,
        "POWERGRID_FAILED": ChargeEnd.POWER_FAILED,
        "HV_SYSTEM_FAILURE": ChargeEnd.CAR_FAILED,
        "CHARGING_STATION_FAILURE": ChargeEnd.STATION_FAILED,
        "PARKING_LOCK_FAILED": ChargeEnd.NO_PARKING_LOCK,
        "NO_PARKING_LOCK": ChargeEnd.NO_PARKING_LOCK,
    }
)
CHARGE_FAILED: Final = word({"FAILED": True, "SUCCESS": False})

CHARGE_MODE: Final = word(
    {
        "IMMEDIATE_CHARGING": ChargeMode.IMMEDIATE,
        "DELAYED_CHARGING": ChargeMode.SCHEDULED,
    }
)

_DRIVES: Final = word(
    {
        "CONV": "combustion",
        "PHEV": "hybrid",
        "BEV": "electric",
        # Electric, with a petrol engine that extends the range.
        "BEV_REX": "hybrid",
    }
)
_MAKES: Final = {"BMW": "BMW", "BMW_I": "BMW", "BMWI": "BMW", "MINI": "MINI"}


def drive_of(drive_train: Any) -> str | None:
    """Return what drives the car, in the contract's words."""
    return _DRIVES(drive_train)


def make_of(brand: Any) -> str:
    """Return the car's make."""
    return _MAKES.get(brand.upper(), "BMW") if isinstance(brand, str) else "BMW"
