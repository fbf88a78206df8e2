"""What the owner chose for the broker: topics, and what each car may tell and be told."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import re
from typing import Final

from ..car import signals as s
from ..cloud.contract import Car

OWN_BASE: Final = "carport"
DISCOVERY_PREFIX: Final = "homeassistant"
CLASSIC_BASE: Final = "/weconnectMQTT"
BRIDGE: Final = "bridge"
"""The level below the base that is the bridge's own, and no car's."""
RESERVED: Final = frozenset({BRIDGE, "active", "get", "service", "set"})
"""Levels that mean something else in one of the layouts, and can be no car's."""

_NOT_PLAIN: Final = re.compile(r"[^a-z0-9]+")
_TOPIC_LEVEL: Final = re.compile(r"[^\s+#/$][^\s+#/]{0,63}")


class Layout(StrEnum):
    """Which topics the bridge speaks."""

    OWN = "own"
    DISCOVERY = "discovery"
    CLASSIC = "weconnectmqtt"


class Private(StrEnum):
    """What tells where people are, and goes out only if the owner says so."""

    PLACE = "place"
    PARKING_TIME = "parking_time"
    TRIPS = "trips"


PRIVATE_SIGNALS: Final[Mapping[str, Private]] = {
    **{
        signal.key: Private.PLACE
        for signal in (s.LOCATION, s.PARKED_LOCATION, s.PARKED_ADDRESS)
    },
    s.PARKED_AT.key: Private.PARKING_TIME,
    **{key: Private.TRIPS for key in s.SIGNALS if key.startswith("last_trip_")},
}
"""The signals that are private. They are never retained, whatever is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarSettings:
    """What the owner chose for one car.

    `commands` are the words of `permissions`; without any the car only tells.
    """

    topic: str
    commands: frozenset[str] = frozenset()
    publish: frozenset[Private] = frozenset()

    def tells(self, key: str) -> bool:
        """Return whether a signal goes out at all."""
        private = PRIVATE_SIGNALS.get(key)
        return private is None or private in self.publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the owner chose for the bridge."""

    layouts: frozenset[Layout] = frozenset({Layout.OWN})
    own_base: str = OWN_BASE
    discovery_prefix: str = DISCOVERY_PREFIX
    classic_base: str = CLASSIC_BASE
    cars: Mapping[str, CarSettings] = field(default_factory=dict)
    """By VIN; a car that is not in here tells under a topic of its name, and no more."""


def settings_of(settings: Settings, cars: Iterable[Car]) -> dict[str, CarSettings]:
    """Return what holds for each car, with a topic that no other of them has.

    Cars of one name tell under it with the ends of their VINs, each of them: whichever
    came first would have another topic after a restart.
    """
    cars = tuple(cars)
    taken = {*RESERVED, *(one.topic for one in settings.cars.values())}
    names = Counter(_name(car) for car in cars if car.vin not in settings.cars)
    found = {}
    for car in cars:
        name = _name(car)
        if name in taken or names[name] > 1:
            name = f"{name}-{car.vin[-4:].lower()}"
        found[car.vin] = settings.cars.get(car.vin) or CarSettings(topic=name)
    return found


def _name(car: Car) -> str:
    return plain_name(car.nickname or car.model or car.manufacturer)


def plain_name(name: str) -> str:
    """Return a name as one level of a topic: small letters, figures and hyphens."""
    return _NOT_PLAIN.sub("-", name.casefold()).strip("-") or "car"


def is_topic_level(name: str) -> bool:
    """Return whether a text can be one level of a topic."""
    return _TOPIC_LEVEL.fullmatch(name) is not None and name not in RESERVED
