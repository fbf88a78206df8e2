"""A car's one lane: what a command does that meets a running one."""

import asyncio
from enum import StrEnum
from typing import Final

from ..car.commands import Command, CommandKind, HonkAndFlash, StartClimate, Unlock
from ..car.refusals import Reason, Refusal
from ..car.switches import SetAuxiliaryHeating
from ..cloud.clock import Clock
from .cars import GarageCar, Tell, Waiter
from .channel import burns_fuel

WAITS: Final = 60.0
"""Seconds after which nobody waits any more for another command to end."""
_TURNS_TO_END: Final = 5
"""Turns of the loop from the last look at a command to its free lane."""


class WhenBusy(StrEnum):
    """What a command does when the car is at another one.

    `replace` takes the place of those that wait and concern the same thing; what was
    sent cannot be taken back, so it waits for that as `wait` does.
    """

    REFUSE = "refuse"
    WAIT = "wait"
    REPLACE = "replace"


def may_wait(car: GarageCar, command: Command) -> bool:
    """Return whether a command may be sent up to a minute after it was asked for.

    Nobody may be surprised by an open car, its horn, or a heater's exhaust.
    """
    if isinstance(command, SetAuxiliaryHeating):
        return not command.on
    if isinstance(command, StartClimate):
        limits = car.commands.get(CommandKind.START_CLIMATE)
        return limits is None or not burns_fuel(command.kind, limits)
    return not isinstance(command, (Unlock, HonkAndFlash))


async def take_turn(
    car: GarageCar, command: Command, clock: Clock, busy: WhenBusy, tell: Tell
) -> Refusal | None:
    """Return when the lane is free, or an equal command has it; else say why not.

    The caller has to take the lane before anything else is awaited. `tell` is called
    when the command begins to wait, and when it no longer does: its wish is shown.
    """
    if car.running is None or car.running.command == command:
        return None
    # What the car now shows may be the proof for what runs, and the reason why
    # this is asked: the lane is free some turns after everybody has heard of it.
    await _until_free(car)
    if busy is WhenBusy.REPLACE:
        _replace_waiting(car, command)
    if busy is not WhenBusy.REFUSE and may_wait(car, command):
        return await _wait(car, command, clock, tell)
    return _obstacle(car, command)


def leave_lane(car: GarageCar) -> None:
    """Free the lane of a car, and let those who wait look again."""
    car.running = None
    _look_again(car)


async def _wait(
    car: GarageCar, command: Command, clock: Clock, tell: Tell
) -> Refusal | None:
    waiter = Waiter(command=command)

    def expire() -> None:
        waiter.expired = True
        waiter.changed.set()

    car.waiting.append(waiter)
    timer = clock.call_later(WAITS, expire)
    tell()
    try:
        while not waiter.replaced:
            first = car.waiting[0] is waiter
            obstacle = _obstacle(car, command)
            if obstacle is None and (first or car.running is not None):
                return None
            if waiter.expired:
                return obstacle or Refusal(reason=Reason.BUSY)
            waiter.changed.clear()
            await waiter.changed.wait()
        return Refusal(reason=Reason.REPLACED, running=str(command.kind))
    finally:
        timer.cancel()
        car.waiting.remove(waiter)
        _look_again(car)
        tell()


def _obstacle(car: GarageCar, command: Command) -> Refusal | None:
    """Return what has the lane, unless it is the same wish."""
    if car.running is None or car.running.command == command:
        return None
    return Refusal(reason=Reason.BUSY, running=str(car.running.command.kind))


def _replace_waiting(car: GarageCar, command: Command) -> None:
    for waiter in car.waiting:
        if waiter.command != command and _same_thing(waiter.command, command):
            waiter.replaced = True
            waiter.changed.set()


def _same_thing(one: Command, other: Command) -> bool:
    """Return whether two commands decide about the same thing of a car."""
    return one.kind is other.kind or bool(one.effects.keys() & other.effects.keys())


def _look_again(car: GarageCar) -> None:
    for waiter in car.waiting:
        waiter.changed.set()


async def _until_free(car: GarageCar) -> None:
    """Let a command that has its proof already come to its end, and no more."""
    for _ in range(_TURNS_TO_END):
        if car.running is None:
            return
        await asyncio.sleep(0)
