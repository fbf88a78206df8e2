"""What follows from a car's readings, whoever made it: one row for each signal.

A derived reading is as old as the youngest reading it comes from. It never takes
the place of what a maker says itself.
"""

from collections.abc import Callable, Iterator, Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from . import signals as s
from .signals import ChargingState, Signal, Value
from .snapshot import Reading, Snapshot

DERIVED: Final = "derived"
"""The channel of a derived reading; no account has this name."""

_STEADY: Final = timedelta(minutes=2)
"""An expected end that moves by less keeps its value: cars say minutes in fives."""
_FULL: Final = 100.0

_WINDOWS: Final = (*s.WINDOWS, s.SUNROOF, s.ROOF)
_OPENINGS: Final = (*s.DOORS, *_WINDOWS, s.BOOT, s.BONNET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A signal, the readings it follows from, and how."""

    signal: Signal[Any]
    sources: tuple[Signal[Any], ...]
    infer: Callable[[Snapshot], Value | None]


def derive(
    before: Snapshot, snapshot: Snapshot, changed: AbstractSet[str]
) -> tuple[Reading, ...]:
    """Return what follows anew from the readings that are not those of before.

    A reading that was only confirmed moves its time, and so what follows from it;
    `changed` spares the look at them all when it says that something is different.
    """
    return tuple(
        reading
        for rule in RULES
        if _is_due(rule, before, snapshot, changed)
        and (reading := _infer(rule, snapshot)) is not None
    )


def _is_due(
    rule: Rule, before: Snapshot, snapshot: Snapshot, changed: AbstractSet[str]
) -> bool:
    known = snapshot.readings.get(rule.signal.key)
    if known is not None and known.channel != DERIVED:
        return False
    return any(
        source.key in changed
        or before.readings.get(source.key) is not snapshot.readings.get(source.key)
        for source in rule.sources
    )


def _infer(rule: Rule, snapshot: Snapshot) -> Reading | None:
    value = rule.infer(snapshot)
    if value is None:
        return None
    sources = list(_known(snapshot, rule.sources))
    captures = [reading.captured_at for reading in sources]
    dated = [captured_at for captured_at in captures if captured_at is not None]
    return Reading(
        signal=rule.signal,
        value=value,
        captured_at=max(dated) if len(dated) == len(captures) else None,
        received_at=max(reading.received_at for reading in sources),
        channel=DERIVED,
    )


def _known(snapshot: Snapshot, signals: tuple[Signal[Any], ...]) -> Iterator[Reading]:
    for signal in signals:
        if (reading := snapshot.readings.get(signal.key)) is not None:
            yield reading


def _any_open(snapshot: Snapshot, signals: tuple[Signal[bool], ...]) -> bool | None:
    """Return whether any of them is open; None while nothing is known of them."""
    states = [snapshot.value(signal) for signal in signals]
    if all(state is None for state in states):
        return None
    return True in states


def _doors_open(snapshot: Snapshot) -> bool | None:
    return _any_open(snapshot, s.DOORS)


def _windows_open(snapshot: Snapshot) -> bool | None:
    return _any_open(snapshot, _WINDOWS)


def _unsecured(snapshot: Snapshot) -> bool | None:
    """Return whether anybody could get in; nobody can while it drives."""
    locked = snapshot.value(s.DOORS_LOCKED)
    is_open = _any_open(snapshot, _OPENINGS)
    if locked is None and is_open is None:
        return None
    if snapshot.value(s.MOVING):
        return False
    return locked is False or is_open is True


def _range_total(snapshot: Snapshot) -> float | None:
    ranges = [
        distance
        for signal in (s.RANGE_ELECTRIC, s.RANGE_FUEL)
        if (distance := snapshot.value(signal)) is not None
    ]
    return sum(ranges) if ranges else None


def _battery_energy(snapshot: Snapshot) -> float | None:
    capacity = snapshot.value(s.BATTERY_CAPACITY)
    level = snapshot.value(s.BATTERY_LEVEL)
    if capacity is None or level is None:
        return None
    return round(capacity * level / 100, 1)


def _charging_state(snapshot: Snapshot) -> str | None:
    if snapshot.value(s.CHARGING):
        return ChargingState.CHARGING
    plugged_in = snapshot.value(s.PLUGGED_IN)
    if plugged_in is None:
        return None
    if not plugged_in:
        return ChargingState.DISCONNECTED
    level = snapshot.value(s.BATTERY_LEVEL)
    limit = snapshot.value(s.CHARGE_LIMIT) or _FULL
    if level is not None and level >= limit:
        return ChargingState.COMPLETE
    return ChargingState.CONNECTED


def _charge_complete_at(snapshot: Snapshot) -> datetime | None:
    """Return when charging ends by the minutes left when the car counted them."""
    minutes = snapshot.readings.get(s.TIME_TO_FULL.key)
    left = snapshot.value(s.TIME_TO_FULL)
    if minutes is None or minutes.captured_at is None or not left:
        return None
    if snapshot.value(s.CHARGING) is False:
        return None
    end = _to_the_minute(minutes.captured_at + timedelta(minutes=left))
    known = snapshot.value(s.CHARGE_COMPLETE_AT)
    return known if known is not None and abs(end - known) < _STEADY else end


def _to_the_minute(moment: datetime) -> datetime:
    half_up = moment.astimezone(UTC) + timedelta(seconds=30)
    return half_up.replace(second=0, microsecond=0)


RULES: Final = (
    Rule(signal=s.DOORS_OPEN, sources=s.DOORS, infer=_doors_open),
    Rule(signal=s.WINDOWS_OPEN, sources=_WINDOWS, infer=_windows_open),
    Rule(
        signal=s.UNSECURED,
        sources=(s.DOORS_LOCKED, *_OPENINGS, s.MOVING),
        infer=_unsecured,
    ),
    Rule(
        signal=s.RANGE_TOTAL,
        sources=(s.RANGE_ELECTRIC, s.RANGE_FUEL),
        infer=_range_total,
    ),
    Rule(
        signal=s.BATTERY_ENERGY,
        sources=(s.BATTERY_CAPACITY, s.BATTERY_LEVEL),
        infer=_battery_energy,
    ),
    Rule(
        signal=s.CHARGING_STATE,
        sources=(s.CHARGING, s.PLUGGED_IN, s.BATTERY_LEVEL, s.CHARGE_LIMIT),
        infer=_charging_state,
    ),
    Rule(
        signal=s.CHARGE_COMPLETE_AT,
        sources=(s.TIME_TO_FULL, s.CHARGING),
        infer=_charge_complete_at,
    ),
)
