"""What the classic layout tells of a car: groups of topics, each in its words and order."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..car import signals as s
from ..car.signals import ChargingDetail, ChargingState, Position, Signal
from ..engine import ChannelState, GarageCar
from .settings import Private

type Lines = Iterator[tuple[str, str]]

_UNKNOWN: Final = "unbekannt"
_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Topics that are told together, and where it is said that they cannot be."""

    trouble: str
    say: Callable[[GarageCar, Collection[Private]], Lines]


def _state(car: GarageCar, allowed: Collection[Private]) -> Lines:
    best = car.best_channel
    online = best is not None and best.state in {
        ChannelState.OK,
        ChannelState.DEGRADED,
        ChannelState.THROTTLED,
    }
    yield "connect", "1" if online else "0"
    yield "door/lock", _lock_word(car)
    yield from _number("charger/range", _range(car))
    yield from _number("charger/level", car.reported(s.BATTERY_LEVEL))
    yield from _degrees("clima/temp/outside", car.reported(s.OUTSIDE_TEMPERATURE))


def _charger(car: GarageCar, allowed: Collection[Private]) -> Lines:
    yield from _number("charger/range", _range(car))
    yield from _number("charger/level", car.reported(s.BATTERY_LEVEL))
    word = _charging_word(car)
    if word is not None:
        yield "charger/active", word
        yield from _time(car, "charger/active/time", s.CHARGING_STATE, s.CHARGING)
    if (mode := _charge_mode(car)) is not None:
        yield "charger/mode", mode
    minutes = car.reported(s.TIME_TO_FULL)
    yield "charger/estimated", "65535" if minutes is None else f"{minutes:.0f}"
    for topic, signal in (
        ("charger/plug", s.PLUGGED_IN),
        ("charger/pluglock", s.PLUG_LOCKED),
    ):
        if (flag := car.reported(signal)) is not None:
            yield topic, "1" if flag else "0"
            yield from _time(car, f"{topic}/time", signal)


def _clima(car: GarageCar, allowed: Collection[Private]) -> Lines:
    yield from _degrees("clima/temp/outside", car.reported(s.OUTSIDE_TEMPERATURE))
    yield from _degrees("clima/temp/target", car.shown(s.TARGET_TEMPERATURE))
    active = car.reported(s.CLIMATE_ACTIVE)
    if active is not None:
        yield "clima/state", _climate_word(car) if active else "off"
        yield from _time(car, "clima/state/time", s.CLIMATE_ACTIVE)
    heated = car.reported(s.WINDOW_HEATING)
    if heated is not None:
        yield "clima/windowheat", "on" if heated else "off"
        yield from _time(car, "clima/windowheat/time", s.WINDOW_HEATING)
    if Private.PARKING_TIME in allowed:
        parked_at = car.reported(s.PARKED_AT)
        yield "clima/parktime", _UNKNOWN if parked_at is None else _moment(parked_at)


def _position(car: GarageCar, allowed: Collection[Private]) -> Lines:
    place = car.reported(s.PARKED_LOCATION) or car.reported(s.LOCATION)
    if not isinstance(place, Position):
        return
    yield "position/latitude", str(round(place.latitude * _MICRO))
    yield "position/longitude", str(round(place.longitude * _MICRO))
    yield "position/latlon", f"{place.latitude:.15g},{place.longitude:.15g}"
    if place.heading is not None:
        yield "position/heading", f"{place.heading:.0f}"
    yield "position/address", car.reported(s.PARKED_ADDRESS) or _UNKNOWN
    parked_at = car.reported(s.PARKED_AT)
    if parked_at is not None and Private.PARKING_TIME in allowed:
        yield "position/time", _moment(parked_at)
    yield "position", "ok"


STATE: Final = Group(trouble="connect", say=_state)
CHARGER: Final = Group(trouble="charger", say=_charger)
CLIMA: Final = Group(trouble="clima", say=_clima)
POSITION: Final = Group(trouble="position", say=_position)
FULLSTATE: Final = (STATE, CLIMA, POSITION, CHARGER)
"""The groups in the order in which they are told."""
GROUPS: Final[Mapping[str, Group]] = {
    "state": STATE,
    "charger": CHARGER,
    "clima": CLIMA,
    "position": POSITION,
}


def _number(topic: str, value: float | None) -> Lines:
    if value is not None:
        yield topic, f"{value:.0f}"


def _degrees(topic: str, value: float | None) -> Lines:
    if value is not None:
        yield topic, f"{value:.1f}"


def _time(car: GarageCar, topic: str, *signals: Signal[Any]) -> Lines:
    moment = car.snapshot.captured_at(*signals)
    if moment is not None:
        yield topic, _moment(moment)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _range(car: GarageCar) -> float | None:
    """Return the range of the main drive."""
    for signal in (s.RANGE_ELECTRIC, s.RANGE_TOTAL, s.RANGE_FUEL):
        if (value := car.reported(signal)) is not None:
            return value
    return None


def _lock_word(car: GarageCar) -> str:
    """Return the driver's door in one word; of a car that tells one lock, that."""
    is_open = car.reported(s.DOORS[0])
    if is_open:
        return "open"
    locked = car.reported(s.DOOR_LOCKS[0])
    if locked is None:
        locked = car.reported(s.DOORS_LOCKED)
    return "n/a" if locked is None else "locked" if locked else "closed"


_IDLE: Final = frozenset(
    {ChargingState.DISCONNECTED, ChargingState.CONNECTED, ChargingState.STOPPED}
)


def _charging_word(car: GarageCar) -> str | None:
    """Return what the charger does: 0 for off, words for all else, as it ever was."""
    if car.reported(s.CHARGING_PROBLEM):
        return "error"
    state = car.reported(s.CHARGING_STATE)
    if state is not None:
        return "0" if state in _IDLE else state
    charging = car.reported(s.CHARGING)
    return None if charging is None else "charging" if charging else "0"


def _charge_mode(car: GarageCar) -> str | None:
    """Return how it charges: by which current, or not at all."""
    kind = car.reported(s.CHARGING_TYPE)
    charging = car.reported(s.CHARGING)
    if charging is None:
        return None
    if car.reported(s.CHARGING_DETAIL) == ChargingDetail.CONSERVING:
        return "conditioning"
    if not charging:
        return "off"
    return None if kind is None else kind.upper()


def _climate_word(car: GarageCar) -> str:
    """Return whether the cabin is heated or cooled, as far as temperatures tell."""
    target = car.reported(s.TARGET_TEMPERATURE)
    now = car.reported(s.INSIDE_TEMPERATURE)
    if now is None:
        now = car.reported(s.OUTSIDE_TEMPERATURE)
    if target is None or now is None:
        return "on"
    return "heating" if target >= now else "cooling"
