"""CarData's words, in ours. REST and stream write the same ones in different types."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from ...car.signals import ChargingState, Value
from ...cloud.field_map import mapped, to_bool
from ..bmw_group import words as bmw

_ASN: Final = "ASN_"


def _stripped[T: Value](
    convert: Callable[[Any], T | None],
) -> Callable[[Any], T | None]:
    """Take a word without the prefix that some cars put before it."""

    def read(value: Any) -> T | None:
        if isinstance(value, str):
            value = value.removeprefix(_ASN).removeprefix("COMFORT_")
        return convert(value)

    return read


def _either(
    words: Callable[[Any], bool | None],
) -> Callable[[Any], bool | None]:
    """Take a truth value, or one of some words for it."""

    def read(value: Any) -> bool | None:
        known = to_bool(value)
        return words(value) if known is None else known

    return _stripped(read)


TRUE: Final = _either(mapped({"isTrue": True, "isFalse": False}))
OPEN: Final = _stripped(bmw.OPEN)
IS_OPEN: Final = _either(
    mapped({"isTrue": True, "isFalse": False, "OPEN": True, "CLOSED": False})
)
ROOF: Final = mapped(
    {
        "CLOSED": False,
        "CLOSEDSECURED": False,
        "EMERGENCYLOCKED": False,
        "HARDTOPMOUNTED": False,
        "OPEN": True,
        "OPENSECURED": True,
        "INTERMEDIATEPOSITION": True,
        "LOADINGPOSITION": True,
        "LOADINGPOSITIONIMMEDIATE": True,
    }
)
LOCKED: Final = _stripped(bmw.LOCKED)
PLUGGED_IN: Final = _either(
    mapped({"CONNECTED": True, "DISCONNECTED": False, "isTrue": True, "isFalse": False})
)
PLUG_LOCKED: Final = mapped(
    {"CHARGING_CABLE_LOCKED": True, "CHARGING_CABLE_NOT_LOCKED": False}
)
CHARGING_STATUS: Final = mapped(
    {
        "NOCHARGING": ChargingState.DISCONNECTED,
        "INITIALIZATION": ChargingState.STARTING,
        "CHARGINGACTIVE": ChargingState.CHARGING,
        "CHARGINGPAUSED": ChargingState.PAUSED,
        "CHARGINGENDED": ChargingState.STOPPED,
        "CHARGINGERROR": ChargingState.STOPPED,
    }
)
HV_STATUS: Final = mapped(
    {
        "CHARGING": ChargingState.CHARGING,
        "NOT_CHARGING": ChargingState.DISCONNECTED,
        "WAITING_FOR_CHARGING": ChargingState.STARTING,
        "FINISHED_FULLY_CHARGED": ChargingState.COMPLETE,
        "FINISHED_NOT_FULL": ChargingState.STOPPED,
        "ERROR": ChargingState.STOPPED,
    }
)
PHASES: Final = mapped({"1-PHASES": 1, "2-PHASES": 2, "3-PHASES": 3})
CLIMATE_ACTIVE: Final = _stripped(
    mapped(
        {
            "NOT_ACTIVE": False,
            "STANDBY": False,
            "INACTIVE": False,
            "HEATING": True,
            "COOLING": True,
            "VENTILATION": True,
            "DEFROST": True,
        }
    )
)

_DAYS: Final = ("%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y", "%Y-%m")


def day_and_time(value: Any) -> datetime | None:
    """Return a moment such as `17.01.2027 00:00:00 UTC`, or a month such as 2027-07."""
    if not isinstance(value, str):
        return None
    text = value.strip().removesuffix("UTC").strip()
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
