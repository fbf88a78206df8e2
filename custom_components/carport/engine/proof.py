"""Proof: what a car's own readings say of a command that its cloud accepted."""

from collections.abc import Mapping
from datetime import datetime

from ..car.commands import Command
from ..car.receipts import Outcome
from ..car.refusals import Reason
from ..car.signals import Value
from ..car.snapshot import Reading
from ..cloud.contract import Confirmation, Progress, Ticket
from .cars import GarageCar


def judge(
    car: GarageCar,
    command: Command,
    look: Confirmation,
    before: Mapping[str, Reading],
    settled: datetime,
) -> tuple[Outcome, Reason | None] | None:
    """Return the verdict of one look; None while the car may still be at it."""
    if look.progress is Progress.FAILED:
        if look.reason is Reason.NO_ANSWER_FROM_CAR:
            return Outcome.TIMED_OUT, look.reason
        return Outcome.FAILED, look.reason or Reason.CAR_REFUSED
    if command.renews is not None:
        keys = [signal.key for signal in command.renews] or car.snapshot.readings
        fresh = any(_is_newer(car.snapshot.readings.get(key), before) for key in keys)
        return (Outcome.CONFIRMED, None) if fresh else None
    if not command.effects:
        done = look.progress is Progress.DONE
        return (Outcome.CONFIRMED, None) if done else None
    agrees = 0
    for signal, value in command.effects.items():
        reading = car.snapshot.readings.get(signal.key)
        if reading is None or not _is_newer(reading, before):
            continue
        if signal.agree(reading.value, value):
            agrees += 1
        elif reading.order >= settled and look.progress is not Progress.DONE:
            return Outcome.FAILED, Reason.CAR_DISAGREES
    readable = sum(signal.key in car.snapshot.readings for signal in command.effects)
    if agrees and agrees == readable:
        return Outcome.CONFIRMED, None
    if not readable and look.progress is Progress.DONE:
        # The car never shows this, but the service has the car's word for it.
        return Outcome.CONFIRMED, None
    return None


def contradicted(car: GarageCar, ticket: Ticket, since: datetime) -> bool:
    """Return whether the car has spoken since then, and said otherwise."""
    return any(
        reading.order >= since and not signal.agree(reading.value, value)
        for signal, value in ticket.command.effects.items()
        if (reading := car.snapshot.readings.get(signal.key)) is not None
    )


def _is_newer(reading: Reading | None, before: Mapping[str, Reading]) -> bool:
    if reading is None:
        return False
    known = before.get(reading.signal.key)
    return known is None or reading.order > known.order


def reported(car: GarageCar, command: Command) -> dict[str, Value]:
    """Return what the car says now of everything that the command changes."""
    return {
        signal.key: value
        for signal in command.effects
        if (value := car.snapshot.value(signal)) is not None
    }


def proof_time(car: GarageCar, command: Command) -> datetime | None:
    """Return when the car said what proves it; received, where no cloud dates it.

    None for what no reading shows, such as the horn: the cloud alone says that it is done.
    """
    if command.renews is None and not command.effects:
        return None
    keys = [signal.key for signal in (*command.effects, *(command.renews or ()))]
    times = [
        reading.order
        for key in keys or car.snapshot.readings
        if (reading := car.snapshot.readings.get(key)) is not None
    ]
    return max(times, default=None)
