"""The set topics of the classic layout: which words they take, and what they ask."""

from collections.abc import Callable, Mapping
from typing import Final

from ..car import signals as s
from ..car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    SetTemperature,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
)
from ..car.switches import SetWindowHeating
from ..engine import GarageCar
from .refusals import Refused, TopicReason
from .values import flag_from, number_from

_LOWEST: Final = 16.0
_HIGHEST: Final = 28.0
_LONGEST_HONK: Final = 60


def _turned(on: Command, off: Command) -> Callable[[GarageCar, str], Command | None]:
    def build(car: GarageCar, text: str) -> Command:
        flag = flag_from(text)
        if flag is None:
            raise Refused(TopicReason.WRONG_PAYLOAD, allowed="0, 1, on, off")
        return on if flag else off

    return build


def _climatemp(car: GarageCar, text: str) -> Command:
    """Set the target, to half a degree; of a car that is off with the next start."""
    number = number_from(text)
    if number is None or not _LOWEST <= number <= _HIGHEST:
        raise Refused(TopicReason.WRONG_PAYLOAD, allowed="16.0 to 28.0")
    target = round(number * 2) / 2
    if CommandKind.SET_TEMPERATURE in car.commands:
        return SetTemperature(temperature=target)
    if car.shown(s.CLIMATE_ACTIVE):
        return StartClimate(temperature=target)
    raise Refused(TopicReason.UNKNOWN_COMMAND)


def _flash(car: GarageCar, text: str) -> Command | None:
    return _horn(car, HornMode.FLASH, text)


def _honk(car: GarageCar, text: str) -> Command | None:
    """Honk so many seconds, where the car lets that be chosen."""
    return _horn(car, HornMode.HONK, text)


def _horn(car: GarageCar, mode: HornMode, text: str) -> Command | None:
    number = number_from(text)
    flag = flag_from(text)
    seconds = number if mode is HornMode.HONK else None
    if flag is False or seconds == 0:
        return None
    if (flag is None and seconds is None) or not 0 <= (seconds or 0) <= _LONGEST_HONK:
        raise Refused(TopicReason.WRONG_PAYLOAD, allowed="1, on, seconds")
    limits = car.commands.get(CommandKind.HONK_AND_FLASH)
    if limits is not None and mode not in limits.words:
        mode = HornMode.HONK_AND_FLASH
    takes_seconds = limits is not None and limits.high is not None
    return HonkAndFlash(mode=mode, duration=seconds if takes_seconds else None)


COMMANDS: Final[Mapping[str, Callable[[GarageCar, str], Command | None]]] = {
    "charger": _turned(StartCharging(), StopCharging()),
    "clima": _turned(StartClimate(), StopClimate()),
    "climatemp": _climatemp,
    "window": _turned(SetWindowHeating(on=True), SetWindowHeating(on=False)),
    "flash": _flash,
    "honk": _honk,
}
"""By the last level of the topic; None is nothing to do."""

TROUBLE: Final[Mapping[str, str]] = {
    "charger": "charger",
    "clima": "clima",
    "climatemp": "clima/temp",
    "window": "clima/windowheat",
}
"""Where it is said that one of them did not work."""
