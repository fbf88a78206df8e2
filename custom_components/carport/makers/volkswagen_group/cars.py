"""What the group's cars have in common, whichever cloud they are in."""

from datetime import date, datetime, timedelta
from typing import Final

from ...car import signals as s
from ...car.commands import Command
from ...car.refusals import Reason, Refusal
from ...car.snapshot import Snapshot
from ...car.switches import SwitchCommand
from ...cloud.contract import Car

_ELECTRIC: Final = ("e-", "id.")
_HYBRID: Final = ("gte", "hybrid")
_LONGEST_WAIT: Final = 10_000
"""Days that nobody announces an inspection ahead."""


def drive_of(model: str | None) -> str | None:
    """Tell the drive by the model's name, where the name tells it."""
    name = (model or "").casefold()
    if any(mark in name for mark in _HYBRID):
        return "hybrid"
    return "electric" if name.startswith(_ELECTRIC) else None


def needs_mains(
    car: Car, command: Command, snapshot: Snapshot, now: datetime
) -> Refusal | None:
    """Refuse what draws from the mains, where the car is not to use its battery."""
    draws = not isinstance(command, SwitchCommand) or command.on
    unplugged = snapshot.value(s.PLUGGED_IN) is False
    if draws and unplugged and snapshot.value(s.CLIMATE_ON_BATTERY) is False:
        return Refusal(reason=Reason.NOT_PLUGGED)
    return None


def day_after(moment: datetime | None, days: float | None) -> date | None:
    """Return the day some days after a moment; its hour would be invented."""
    if moment is None or days is None or abs(days) > _LONGEST_WAIT:
        return None
    return moment.date() + timedelta(days=days)
