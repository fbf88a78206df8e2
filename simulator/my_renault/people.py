"""What is known of the cars before anybody changes it: models, and empty programmes."""

from collections.abc import Mapping
from typing import Any, Final

DAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
EMPTY_SLOTS: Final = tuple({"id": number, "activated": False} for number in range(1, 6))

DRIVEN: Final[Mapping[str, Any]] = {
    "delegatedActivated": False,
    "chargeModeRq": "ALWAYS",
    "chargeTimeStart": "00:00",
    "chargeDuration": 9000,
    "preconditioningTemperature": 20.0,
    "preconditioningHeatedStrgWheel": False,
    "preconditioningHeatedRightSeat": False,
    "preconditioningHeatedLeftSeat": False,
    "programs": [],
}
"""The settings of a newer car on its first day."""

_CODES: Final[Mapping[str, str]] = {
    "VF1AGVYA": "X101VE",
    "VF1AG000": "X102VE",
    "VF1RCB00": "XCB1VE",
    "VF1RJE00": "R5E1VE",
    "VFAA5E00": "A5E1AE",
    "UU1DBG00": "XBG1VE",
    "VF1BCB00": "X071VE",
    "VF1RJB00": "XJB1SU",
    "VF1RHN00": "XHN1SU",
    "VF1RZZ00": "X9Z9SU",
}


def model_of(vin: str) -> str:
    """Return the model that the first half of an invented VIN stands for."""
    return _CODES[vin[:8]]
