"""BMW's words that are the same in all of its services."""

from typing import Any, Final

from ...car.signals import ChargeEnd, ChargeMode
from ...cloud.field_map import mapped

CHARGE_END: Final = mapped(
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
CHARGE_FAILED: Final = mapped({"FAILED": True, "SUCCESS": False})

CHARGE_MODE: Final = mapped(
    {
        "IMMEDIATE_CHARGING": ChargeMode.IMMEDIATE,
        "DELAYED_CHARGING": ChargeMode.SCHEDULED,
    }
)

# INVALID stands for a part the car does not have; it is never open.
OPEN: Final = mapped(
    {
        "CLOSED": False,
        "OPEN": True,
        "INTERMEDIATE": True,
        "OPEN_TILT": True,
        "INTERMEDIATE_TILT": True,
        "TILT": True,
    }
)

# SECURED is locked by the key; the selective words mean all but the driver's door.
LOCKED: Final = mapped(
    {
        "LOCKED": True,
        "SECURED": True,
        "UNLOCKED": False,
        "SELECTIVE_LOCKED": False,
        "SELECTIVE-LOCKED": False,
        "SELECTIVELOCKED": False,
    }
)

_DRIVES: Final = mapped(
    {
        "CONV": "combustion",
        "PHEV": "hybrid",
        "BEV": "electric",
        # Electric, with a petrol engine that extends the range.
        "BEV_REX": "hybrid",
    }
)

_MAKES: Final = mapped(
    {
        "MINI": "MINI",
        "TOYOTA-SUPRA": "Toyota",
        "ROLLS-ROYCE": "Rolls-Royce",
    }
)


def make_of(brand: Any) -> str:
    """Return the car's make; its motorcycles and electric cars are BMWs too."""
    return _MAKES(brand) or "BMW"


def drive_of(drive_train: Any) -> str | None:
    """Return what drives the car, in the contract's words."""
    return _DRIVES(drive_train)
