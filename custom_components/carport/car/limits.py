"""Limits: what a car takes for one command, and what is wrong with a wish."""

from dataclasses import dataclass
import math
from typing import Final

from .refusals import Refusal, out_of_limits
from .schedule import ScheduleLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a car allows for one command; data, checked before anything is sent.

    `low`, `high` and `step` bound the command's number in its signal's unit,
    `words` are the words it takes in place of a number (or its modes), and
    `numbers` the only numbers it takes where they are no even steps.
    """

    low: float | None = None
    high: float | None = None
    step: float | None = None
    words: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    needs_pin: bool = False
    needs_plug: bool = False
    provable: bool = True
    """Whether a later reading can show the effect."""
    reports_completion: bool = True
    """Whether a service that tells completion tells it of this command too."""
    verify_after: float | None = None
    """Seconds until the car's state can show it, where the service's do not fit."""
    timeout: float | None = None
    """Seconds after which it counts as timed out, where the service's do not fit."""
    burns_fuel: bool = False
    """Whether it may run a heater that burns fuel, which can kill in a closed garage."""
    schedule: ScheduleLimits | None = None
    """What the car's timers can express, for `SetSchedule`."""


def check_number(name: str, value: float | str, limits: Limits) -> Refusal | None:
    """Check a number, or a word in place of one, against the limits."""
    if isinstance(value, str):
        fits = value in limits.words
    elif limits.numbers:
        fits = value in limits.numbers
    elif limits.words and limits.low is None and limits.high is None:
        # Some cars take nothing but words.
        fits = False
    else:
        fits = (
            (limits.low is None or value >= limits.low)
            and (limits.high is None or value <= limits.high)
            and _on_step(value, limits)
        )
    return None if fits else out_of_limits(name, describe(limits))


def nearest(value: float, limits: Limits) -> float:
    """Return the value on the car's steps that is nearest; units rarely fit them."""
    if limits.step is None:
        return value
    low = limits.low or 0
    steps = (value - low) / limits.step
    return low + round(steps) * limits.step if math.isfinite(steps) else value


def check_word(name: str, value: str, limits: Limits) -> Refusal | None:
    """Check a word against the limits."""
    if value in limits.words:
        return None
    return out_of_limits(name, ", ".join(limits.words))


def describe(limits: Limits) -> str:
    """Say what is allowed, in figures and the maker's words."""
    parts = [f"{number:g}" for number in limits.numbers]
    if not parts and limits.low is not None and limits.high is not None:
        if limits.step is None:
            parts.append(f"{limits.low:g}–{limits.high:g}")
        else:
            second = limits.low + limits.step
            parts.append(f"{limits.low:g}, {second:g} … {limits.high:g}")
    return ", ".join([*parts, *limits.words])


_STEP_TOLERANCE: Final = 1e-6


def _on_step(value: float, limits: Limits) -> bool:
    if limits.step is None:
        return True
    steps = (value - (limits.low or 0)) / limits.step
    return abs(steps - round(steps)) < _STEP_TOLERANCE
