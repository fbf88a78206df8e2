"""What follows from a car's readings, for every maker: one row for each signal.

A derived reading is as old as the youngest reading it comes from. It never takes
the place of what a maker says itself.
"""

from collections.abc import Callable, Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass, replace
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
_MOTION: Final = (
    s.MOVING,
    s.IGNITION,
    s.SPEED,
    s.PARKING_BRAKE,
    s.PLUGGED_IN,
    s.LOCATION,
    s.PARKED_LOCATION,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A signal, the readings it follows from, and how.

    One that `lapses` is unknown as soon as it does not follow any more; the others keep
    what followed last.
    """

    signal: Signal[Any]
    sources: tuple[Signal[Any], ...]
    infer: Callable[[Snapshot], Value | None]
    lapses: bool = False


def derive(
    before: Snapshot, snapshot: Snapshot, changed: AbstractSet[str]
) -> tuple[Reading, ...]:
    """Return what follows anew from the readings that are not those of before.

    A reading that was only confirmed moves its time, and so what follows from it;
    `changed` spares the look at them all when it says that something is different.
    """
    ended = tuple(_endings(snapshot))
    if ended:
        snapshot = snapshot.merge(ended).snapshot
        changed = changed | {reading.signal.key for reading in ended}
    return ended + tuple(
        reading
        for rule in RULES
        if _is_due(rule, before, snapshot, changed)
        and (reading := _infer(rule, snapshot)) is not None
    )


def _endings(snapshot: Snapshot) -> Iterator[Reading]:
    """Yield what is no longer so, since what it belongs to has ended."""
    for signal, source, at_once, then in ENDINGS:
        known, end = (snapshot.readings.get(key) for key in (signal.key, source.key))
        if known is None or known.value is None or known.value == then:
            continue
        if end is None or end.value is not False:
            continue
        # What the maker says in the same report as the end it means for later.
        if end.order > known.order or (at_once and end.order == known.order):
            yield replace(end, signal=signal, value=then, channel=known.channel)


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
    if value is None and rule.signal.key not in snapshot.readings:
        # What was never known cannot be over.
        return None
    sources = list(_known(snapshot, rule.sources))
    if (
        value is None
        and not rule.lapses
        and all(reading.value is not None for reading in sources)
    ):
        # Nothing is over: what followed before stays, with its age.
        return None
    captures = [reading.captured_at for reading in sources]
    dated = [captured_at for captured_at in captures if captured_at is not None]
    return Reading(
        signal=rule.signal,
        value=value,
        captured_at=max(dated) if len(dated) == len(captures) else None,
        received_at=max(reading.received_at for reading in sources),
        channel=DERIVED,
        not_before=_begin_of(sources),
    )


def _begin_of(sources: Iterable[Reading]) -> datetime | None:
    """Return since when it may be so, if one of the sources is dated only roughly."""
    if all(reading.not_before is None for reading in sources):
        return None
    return min(reading.not_before or reading.order for reading in sources)


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
    if snapshot.value(s.MOVING) or snapshot.value(s.IGNITION):
        return False
    if locked is False or _any_open(snapshot, _OPENINGS):
        # Many clouds never say that a car drives, and it drives unlocked.
        return True if _stands(snapshot) else None
    # Closed doors alone keep nobody out.
    return None if locked is None else False


def _stands(snapshot: Snapshot) -> bool:
    """Return whether something proves that the car stands."""
    here, parked = snapshot.value(s.LOCATION), snapshot.value(s.PARKED_LOCATION)
    return (
        snapshot.value(s.MOVING) is False
        or snapshot.value(s.IGNITION) is False
        or snapshot.value(s.SPEED) == 0
        or bool(snapshot.value(s.PARKING_BRAKE))
        or bool(snapshot.value(s.PLUGGED_IN))
        or (here is not None and parked is not None and here.is_near(parked))
    )


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
    if not snapshot.is_exact(s.TIME_TO_FULL):
        return None
    if snapshot.value(s.CHARGING) is False:
        return None
    end = _to_the_minute(minutes.captured_at + timedelta(minutes=left))
    known = snapshot.value(s.CHARGE_COMPLETE_AT)
    return known if known is not None and abs(end - known) < _STEADY else end


def _to_the_minute(moment: datetime) -> datetime:
    half_up = moment.astimezone(UTC) + timedelta(seconds=30)
    return half_up.replace(second=0, microsecond=0)


ENDINGS: Final[tuple[tuple[Signal[Any], Signal[bool], bool, Value | None], ...]] = (
    (s.CHARGING, s.PLUGGED_IN, False, False),
    (s.CHARGING_STATE, s.PLUGGED_IN, False, str(ChargingState.DISCONNECTED)),
    (s.TIME_TO_FULL, s.PLUGGED_IN, True, None),
    (s.TIME_TO_FULL, s.CHARGING, False, None),
    (s.CHARGE_COMPLETE_AT, s.PLUGGED_IN, True, None),
    (s.CHARGE_COMPLETE_AT, s.CHARGING, True, None),
    (s.CLIMATE_UNTIL, s.CLIMATE_ACTIVE, False, None),
    (s.CLIMATE_STARTS_AT, s.CLIMATE_SCHEDULED, False, None),
)
"""What is over when something else has ended, at once or by a later report only, and what
is so instead, if that is known.

The cable ends a charge, whatever unknown word its maker has for what comes after.
"""

RULES: Final = (
    Rule(signal=s.DOORS_OPEN, sources=s.DOORS, infer=_doors_open),
    Rule(signal=s.WINDOWS_OPEN, sources=_WINDOWS, infer=_windows_open),
    Rule(
        signal=s.UNSECURED,
        sources=(s.DOORS_LOCKED, *_OPENINGS, *_MOTION),
        infer=_unsecured,
        lapses=True,
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
