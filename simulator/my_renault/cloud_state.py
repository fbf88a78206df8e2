"""What owners have changed at this cloud, kept over a restart of the simulator."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .account import AccountState, CarState


def to_json(account: AccountState) -> dict[str, Any]:
    """Turn what an account remembers into JSON."""
    return {
        "remembered": {
            device: until.timestamp() for device, until in account.remembered.items()
        },
        "cars": {vin: _car_to_json(car) for vin, car in account.cars.items()},
    }


def take_up(account: AccountState, kept: Mapping[str, Any]) -> None:
    """Go on with it; KeyError, TypeError or ValueError where it is none."""
    account.remembered = {
        device: _moment(until) for device, until in kept["remembered"].items()
    }
    for vin, data in kept["cars"].items():
        if vin in account.cars:
            _take_up_car(account.cars[vin], data)


def _car_to_json(car: CarState) -> dict[str, Any]:
    return {
        "charging": car.charging,
        "climate": car.climate,
        "settings": car.settings,
        "settings_at": car.settings_at and car.settings_at.timestamp(),
    }


def _take_up_car(car: CarState, data: Mapping[str, Any]) -> None:
    car.charging = list(data["charging"])
    car.climate = list(data["climate"])
    car.settings = dict(data["settings"])
    at = data["settings_at"]
    car.settings_at = None if at is None else _moment(at)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
