"""What owners have changed at this cloud, kept over a restart of the simulator."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from carport.car.commands import Command, StartCharging, StartClimate
from carport.twin.twin import AcceptedCommand

from .account import AccountState, CarState

_COMMANDS_KEPT: Final = 50


def to_json(account: AccountState) -> dict[str, Any]:
    """Turn what an account remembers into JSON."""
    return {
        "active": account.active,
        "cars": {vin: _car_to_json(car) for vin, car in account.cars.items()},
    }


def take_up(account: AccountState, kept: Mapping[str, Any]) -> None:
    """Go on with it; KeyError, TypeError or ValueError where it is none."""
    cars = {
        vin: _car_from_json(data)
        for vin, data in kept["cars"].items()
        if vin in account.cars
    }
    account.cars |= cars
    if kept["active"] in account.vins:
        account.active = kept["active"]


def _car_to_json(car: CarState) -> dict[str, Any]:
    return {
        "calendar": car.calendar,
        "notices": car.notification_settings,
        "climate_due": car.climate_due and car.climate_due.timestamp(),
        "runs": _commands_to_json(car.runs),
        "charges": _commands_to_json(car.charges),
        "taken_at": {kind: at.timestamp() for kind, at in car.taken_at.items()},
    }


def _car_from_json(data: Mapping[str, Any]) -> CarState:
    due = data["climate_due"]
    return CarState(
        calendar=data["calendar"],
        notification_settings=dict(data["notices"]),
        climate_due=None if due is None else _moment(due),
        runs=_commands_from_json(data["runs"], StartClimate()),
        charges=_commands_from_json(data["charges"], StartCharging()),
        taken_at={kind: _moment(at) for kind, at in data["taken_at"].items()},
    )


def _commands_to_json(commands: list[AcceptedCommand]) -> list[dict[str, Any]]:
    return [
        {"number": accepted.number, "due": accepted.due, "done": accepted.done}
        for accepted in commands[-_COMMANDS_KEPT:]
    ]


def _commands_from_json(
    kept: Iterable[Mapping[str, Any]], command: Command
) -> list[AcceptedCommand]:
    return [AcceptedCommand(command=command, **entry) for entry in kept]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
