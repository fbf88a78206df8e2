"""What a car says of its charging: state, power and time left, each by its own time."""

from datetime import datetime, timedelta
from typing import Final

from ...car import signals as s
from ...car.signals import ChargingState
from ...cloud.field_map import ReadingBuilder, to_float
from . import words
from .entries import Entries, Entry

_CHARGING: Final = "vehicle.drivetrain.electricEngine.charging"

STATUS: Final = f"{_CHARGING}.status"
TIME_REMAINING: Final = f"{_CHARGING}.timeRemaining"
POWER: Final = "vehicle.powertrain.electric.battery.charging.power"
VOLTAGE: Final = f"{_CHARGING}.acVoltage"
AMPERES: Final = f"{_CHARGING}.acAmpere"
PHASES: Final = f"{_CHARGING}.phaseNumber"
METHOD: Final = f"{_CHARGING}.method"
_PORT: Final = "vehicle.body.chargingPort"
PLUGS: Final = (
    "vehicle.powertrain.tractionBattery.charging.port.anyPosition.isPlugged",
    f"{_PORT}.status",
    f"{_PORT}.combinedStatus",
    f"{_PORT}.dcStatus",
)
"""Whether a cable is in, best first."""
SAME_REPORT: Final = timedelta(minutes=1)
"""Descriptors of one report differ by seconds; then the better one counts."""
_FULL: Final = 99.5
_MOST_KILOWATTS: Final = 400


def charging_state(entries: Entries) -> tuple[ChargingState, datetime] | None:
    """Return what the charger does, by its newer word or else its older one.

    The end of a charge may never be told, but a cable that is out has ended it.
    """
    for name, convert in (
        (STATUS, words.CHARGING_STATUS),
        (f"{_CHARGING}.hvStatus", words.HV_STATUS),
    ):
        entry = entries.get(name)
        if entry is not None and (state := convert(entry.value)) is not None:
            out_at = _unplugged_at(entries)
            charging = state is ChargingState.CHARGING
            if charging and out_at is not None and out_at > entry.captured_at:
                return ChargingState.DISCONNECTED, out_at
            return state, entry.captured_at
    return None


def _unplugged_at(entries: Entries) -> datetime | None:
    """Return since when no cable is in, by the best of the newest words for it."""
    told = [
        (entry.captured_at, plugged)
        for name in PLUGS
        if (entry := entries.get(name)) is not None
        and (plugged := words.PLUGGED_IN(entry.value)) is not None
    ]
    newest = max((at for at, _ in told), default=None)
    if newest is None:
        return None
    at, plugged = next(one for one in told if newest - one[0] <= SAME_REPORT)
    return None if plugged else at


def read_charging(builder: ReadingBuilder, entries: Entries) -> None:
    """Read what the charger does, and what that says of power and time."""
    found = charging_state(entries)
    plugged_in = builder.value(s.PLUGGED_IN)
    if found is None:
        return
    state, at = found
    charging = state is ChargingState.CHARGING
    level = builder.value(s.BATTERY_LEVEL)
    if state is ChargingState.STOPPED and level is not None:
        limit = builder.value(s.CHARGE_LIMIT) or 100
        if level >= min(limit, _FULL):
            state = ChargingState.COMPLETE
    if not charging and plugged_in is False:
        state = ChargingState.DISCONNECTED
    elif state is ChargingState.DISCONNECTED and plugged_in:
        state = ChargingState.CONNECTED
    status = entries.get(STATUS)
    fails = status is not None and status.value == "CHARGINGERROR"
    if status is not None:
        builder.add(s.CHARGING_PROBLEM, fails, status.captured_at)
    # Not charging may be plugged in or not, where nobody says.
    unknown = state is ChargingState.DISCONNECTED and plugged_in is None
    if not fails and not unknown:
        builder.add(s.CHARGING_STATE, str(state), at)
    builder.add(s.CHARGING, charging, at)
    if charging:
        _read_power(builder, entries, at)
        _read_time(builder, entries, at)
        _read_method(builder, entries, at)
    else:
        builder.add(s.CHARGING_POWER, 0.0, at)
        builder.end(s.TIME_TO_FULL, at)
        builder.end(s.CHARGING_TYPE, at)


def _read_power(builder: ReadingBuilder, entries: Entries, began: datetime) -> None:
    """Read the power; compute it where the car does not say it, while it charges."""
    power = entries.get(POWER)
    if power is not None and power.captured_at >= began - SAME_REPORT:
        kilowatts = _kilowatts(power)
        if kilowatts is not None:
            builder.add(s.CHARGING_POWER, kilowatts, power.captured_at)
            return
    volts, amperes, phases = (entries.get(name) for name in (VOLTAGE, AMPERES, PHASES))
    if volts is None or amperes is None:
        return
    lines = 1 if phases is None else words.PHASES(phases.value) or 1
    said = (to_float(volts.value), to_float(amperes.value))
    if said[0] and said[1]:
        newest = max(volts.captured_at, amperes.captured_at)
        builder.add(s.CHARGING_POWER, said[0] * said[1] * lines / 1000, newest)


def _kilowatts(power: Entry) -> float | None:
    """Return a power; it is in watts unless the unit, or its size, says otherwise."""
    value = to_float(power.value)
    if value is None:
        return None
    unit = (power.unit or "").casefold()
    if unit == "kw" or (not unit and 0 < value <= _MOST_KILOWATTS):
        return value
    return value / 1000


def _read_time(builder: ReadingBuilder, entries: Entries, began: datetime) -> None:
    for name in (TIME_REMAINING, f"{_CHARGING}.timeToFullyCharged"):
        left = entries.get(name)
        if left is not None and left.captured_at >= began - SAME_REPORT:
            minutes = to_float(left.value)
            if minutes is not None:
                builder.add(s.TIME_TO_FULL, minutes, left.captured_at)
                return


def _read_method(builder: ReadingBuilder, entries: Entries, began: datetime) -> None:
    """Read the kind of current, by how the name of the plug begins.

    It is said when the cable is plugged in, which may be before a pause.
    """
    method = entries.get(METHOD)
    word = "" if method is None else str(method.value).casefold()
    kind = next((kind for kind in ("ac", "dc") if word.startswith(f"{kind}_")), None)
    if method is not None and kind is not None:
        builder.add(s.CHARGING_TYPE, kind, max(method.captured_at, began))
