"""What the cars' cloud says of a car, as tables: part, field, signal."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.bounds import clean_text
from ...car.signals import ChargeMode, ChargingDetail, ChargingState, Record
from ...cloud.contract import Car
from ...cloud.field_map import (
    FieldMapping,
    ReadingBuilder,
    field_at,
    get_path,
    mapped,
    position_at,
    text_at,
    to_datetime,
    to_float,
)
from ...cloud.parts import ReadPart
from .endpoints import model
from .models import NO_CLIMATE_STATE, ODD_BATTERY, WATTS

_DAILY: Final = timedelta(days=1)
_MILLIBAR: Final = 1000

_PLUGGED: Final[Mapping[float, bool]] = {0: False, 1: True}
"""What other numbers mean nobody knows: 3 was seen, and minus ones."""

_STATES: Final[Mapping[float, tuple[ChargingState | None, ChargingDetail | None]]] = {
    0.0: (None, ChargingDetail.NOT_READY),
    0.1: (ChargingState.CONNECTED, ChargingDetail.WAITING_FOR_TIMER),
    0.2: (ChargingState.COMPLETE, ChargingDetail.TARGET_REACHED),
    0.3: (ChargingState.CONNECTED, ChargingDetail.WAITING_FOR_POWER),
    0.4: (ChargingState.DISCONNECTED, ChargingDetail.NOT_READY),
    1.0: (ChargingState.CHARGING, ChargingDetail.CHARGING),
    -1.0: (None, ChargingDetail.FAULT),
    -1.3: (ChargingState.CONNECTED, ChargingDetail.WAITING_FOR_POWER),
    -1.4: (ChargingState.CONNECTED, ChargingDetail.DISCHARGING),
    -1.5: (ChargingState.CONNECTED, ChargingDetail.DISCHARGING),
    -1.6: (ChargingState.CHARGING, ChargingDetail.CHARGING),
}
"""What the charging status says; -1.1 says that there is none."""
_FAULT: Final = -1.0
_IMPLIES_PLUG: Final = frozenset({1.0, 0.1, 0.2, 0.3, -1.3, -1.5, -1.6})

_RUNNING: Final = mapped({"21": True, "42": True, "10": False, "11": False})
_IS_OPEN: Final = mapped({"open": True, "closed": False})


def _on(value: Any) -> bool | None:
    """Read on and off, which were numbers for some weeks."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {0: False, 1: True}.get(value)
    return mapped({"on": True, "off": False})(value)


def _bars(value: Any) -> float | None:
    millibars = to_float(value)
    return None if millibars is None else millibars / _MILLIBAR


def is_watts(car: Car, gateway: str | None) -> bool:
    """Return whether a car's charging power is in watts, and what really flows."""
    return model(car) in WATTS or gateway == "GDC"


BATTERY: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.BATTERY_LEVEL, "batteryLevel", to_float),
    field_at(s.RANGE_ELECTRIC, "batteryAutonomy", to_float, also=(("rangeHvacOff",),)),
    field_at(s.BATTERY_CAPACITY, "batteryCapacity", to_float, absent=(0,)),
)


def read_battery(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read what depends on model, or on other fields."""
    if not isinstance(data, Mapping):
        return
    status = to_float(data.get("chargingStatus", data.get("chargeStatus")))
    status = None if status is None else round(status, 1)
    plugged = _plugged(data.get("plugStatus"), status)
    if plugged is not None:
        builder.add(s.PLUGGED_IN, plugged)
    elif "plugStatus" in data:
        builder.placeholders[s.PLUGGED_IN.key] += 1
    _read_charging(builder, status, plugged, car)
    if builder.value(s.CHARGING):
        _add(builder, s.TIME_TO_FULL, data, "chargingRemainingTime")
    if model(car) in ODD_BATTERY:
        return
    _add(builder, s.BATTERY_TEMPERATURE, data, "batteryTemperature")
    if to_float(data.get("batteryAvailableEnergy")):
        _add(builder, s.BATTERY_ENERGY, data, "batteryAvailableEnergy")


def read_watts(builder: ReadingBuilder, data: Any) -> None:
    """Read the power of the cars that tell the real one, in watts."""
    watts = to_float(get_path(data, ("chargingInstantaneousPower",)))
    if watts is not None:
        builder.add(s.CHARGING_POWER, watts / 1000)
    elif builder.value(s.CHARGING) is False:
        builder.add(s.CHARGING_POWER, 0)


def _plugged(said: Any, status: float | None) -> bool | None:
    plug = to_float(said)
    if plug is not None and plug in _PLUGGED:
        return _PLUGGED[plug]
    # Where the plug says nothing, the charging does.
    return True if plug is None and status in _IMPLIES_PLUG else None


def _read_charging(
    builder: ReadingBuilder, status: float | None, plugged: bool | None, car: Car
) -> None:
    if status is None or status not in _STATES:
        if status is not None:
            builder.placeholders[s.CHARGING_STATE.key] += 1
        return
    state, detail = _STATES[status]
    # The first Zoe says so whenever it does not charge.
    fault = status == _FAULT and model(car) not in WATTS
    builder.add(s.CHARGING, state is ChargingState.CHARGING)
    builder.add(s.CHARGING_PROBLEM, fault)
    if state is None and not fault and plugged is not None:
        state = ChargingState.CONNECTED if plugged else ChargingState.DISCONNECTED
    if state is not None:
        builder.add(s.CHARGING_STATE, str(state))
    if detail is ChargingDetail.FAULT and not fault:
        detail = ChargingDetail.NOT_READY
    if detail is not None:
        builder.add(s.CHARGING_DETAIL, str(detail))


def _add(
    builder: ReadingBuilder, signal: s.Signal[float], data: Mapping[str, Any], key: str
) -> None:
    if data.get(key) is not None:
        builder.add(signal, to_float(data[key]))


COCKPIT: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.ODOMETER, "totalMileage", to_float, absent=(0,)),
)


def read_cockpit(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read the fuel of cars that burn some; of others it is always nothing."""
    if not isinstance(data, Mapping) or car.drive == "electric":
        return
    _add(builder, s.RANGE_FUEL, data, "fuelAutonomy")
    _add(builder, s.FUEL_VOLUME, data, "fuelQuantity")


CLIMATE: Final[tuple[FieldMapping[Any], ...]] = (
    FieldMapping(
        signal=s.OUTSIDE_TEMPERATURE, path=("externalTemperature",), convert=to_float
    ),
    FieldMapping(
        signal=s.INSIDE_TEMPERATURE, path=("internalTemperature",), convert=to_float
    ),
)


def read_climate(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read whether the cabin is conditioned, and when it will be."""
    if not isinstance(data, Mapping):
        return
    if model(car) not in NO_CLIMATE_STATE and data.get("hvacStatus") is not None:
        builder.add(s.CLIMATE_ACTIVE, _on(data["hvacStatus"]))
    # Whether anything is to come changes without a report of the car.
    starts_at = to_datetime(data.get("nextHvacStartDate"))
    ahead = starts_at is not None and starts_at > builder.received_at
    now = builder.received_at
    builder.add(s.CLIMATE_SCHEDULED, ahead, now)
    if starts_at is not None and ahead:
        builder.add(s.CLIMATE_STARTS_AT, starts_at, now)
    else:
        builder.end(s.CLIMATE_STARTS_AT, now)


def read_location(builder: ReadingBuilder, data: Any, _car: Car) -> None:
    """Read where the car was parked last; it says nothing while it drives."""
    place = position_at(data, "gpsLatitude", "gpsLongitude", "gpsDirection")
    if place is not None:
        builder.add(s.LOCATION, place)
        builder.add(s.PARKED_LOCATION, place)


_MODE: Final = mapped(
    {
        "always": ChargeMode.IMMEDIATE,
        "always_charging": ChargeMode.IMMEDIATE,
        "scheduled": ChargeMode.SCHEDULED,
        "schedule_mode": ChargeMode.SCHEDULED,
        "delayed": ChargeMode.TIMER,
    }
)
CHARGE_MODE: Final = (field_at(s.CHARGE_MODE, "chargeMode", _MODE),)
CHARGING_SETTINGS: Final = (field_at(s.CHARGE_MODE, "mode", _MODE),)
EV_SETTINGS: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.CHARGE_MODE, "chargeModeRq", _MODE),
    field_at(s.TARGET_TEMPERATURE, "preconditioningTemperature", to_float),
)
LIMITS: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.CHARGE_LIMIT, "socTarget", to_float),
    field_at(s.CHARGE_LIMIT_MIN, "socMin", to_float),
)
_DOORS: Final = ("Driver", "Passenger", "RearLeft", "RearRight")
LOCKS: Final[tuple[FieldMapping[Any], ...]] = (
    field_at(s.DOORS_LOCKED, "lockStatus", mapped({"locked": True, "unlocked": False})),
    *(
        FieldMapping(
            signal=signal,
            path=(f"doorStatus{door}",),
            also=((f"statusDoor{door}",),),
            convert=_IS_OPEN,
        )
        for signal, door in zip(s.DOORS[2:], _DOORS[2:], strict=True)
    ),
    FieldMapping(
        signal=s.BOOT,
        path=("hatchStatus",),
        also=(("statusDoorTailGate",),),
        convert=_IS_OPEN,
    ),
)
PRESSURES: Final[tuple[FieldMapping[Any], ...]] = tuple(
    FieldMapping(signal=signal, path=(f"{corner}Pressure",), convert=_bars, absent=(0,))
    for signal, corner in zip(s.TYRE_PRESSURES, ("fl", "fr", "rl", "rr"), strict=True)
)
ENGINE: Final = (field_at(s.IGNITION, "code", _RUNNING),)


def front_doors(*, drives_left: bool) -> ReadPart:
    """Return how the front doors are read: the driver's is where the wheel is."""
    sides = (1, 0) if drives_left else (0, 1)

    def read(builder: ReadingBuilder, data: Any, _car: Car) -> None:
        for side, door in zip(sides, _DOORS[:2], strict=True):
            for key in (f"doorStatus{door}", f"statusDoor{door}"):
                if (said := get_path(data, (key,))) is not None and _IS_OPEN(
                    said
                ) is not None:
                    builder.add(s.DOORS[side], _IS_OPEN(said))
                    break

    return read


def read_alerts(builder: ReadingBuilder, data: Any, _car: Car) -> None:
    """Read the maintenance alerts, as messages in the maker's words."""
    if not isinstance(data, list):
        return
    messages: list[Record] = []
    for alert in data:
        active = text_at(alert, "status") != "INACTIVE"
        title = text_at(alert, "alertCodeTitle") or text_at(alert, "alertCode")
        if active and title is not None:
            text = text_at(alert, "alertCodeDescription")
            words = title if text is None else f"{title}: {text}"
            messages.append({"severity": "notice", "text": clean_text(words, 255)})
    builder.add(s.HEALTH_MESSAGES, tuple(messages))
    worst = s.Health.NOTICE if messages else s.Health.OK
    builder.add(s.HEALTH, str(worst))


def contract_end(data: Any) -> datetime | None:
    """Return when the connected services end; None where one goes on without an end."""
    ends: list[datetime] = []
    past: list[datetime] = []
    for one in data if isinstance(data, list) else ():
        if text_at(one, "type") != "CONNECTED_SERVICES":
            continue
        active = text_at(one, "status") == "ACTIVE"
        end = to_datetime(text_at(one, "endDate"))
        if end is None:
            if active:
                return None
            continue
        # The contract holds through its last day.
        end = datetime.combine(end.date(), time.min, UTC) + _DAILY
        (ends if active else past).append(end)
    return max(ends or past, default=None)


def read_contracts(builder: ReadingBuilder, data: Any, _car: Car) -> None:
    """Read until when the connected services are paid."""
    if (end := contract_end(data)) is not None:
        builder.add(s.SERVICE_EXPIRES_AT, end)
