"""A delivery as readings: both formats side by side, since newer cars speak both."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ...car.signals import Signal
from ...car.snapshot import Reading
from . import dotted, flat
from .archive import Delivery
from .battery_level import battery_level
from .key_map import Gone, KeyMapping, Rule, Said, View
from .spans import Memory, contradicted

_ROUNDING: Final = 1.0
"""By what the same figure may differ in the two formats, which round it differently."""
_RULES: Final[tuple[Rule, ...]] = (battery_level, *dotted.RULES, *flat.RULES)
_KEY_MAP: Final[tuple[KeyMapping, ...]] = (*dotted.KEY_MAP, *flat.KEY_MAP)


@dataclass(slots=True, kw_only=True)
class Readings:
    """What a delivery, or several one after the other, say of a car.

    `contradictions` are the signals, and the keys, that said two things at once.
    """

    readings: list[Reading] = field(default_factory=list)
    placeholders: Counter[str] = field(default_factory=Counter)
    contradictions: set[str] = field(default_factory=set)


def read_delivery(
    delivery: Delivery, memory: Memory, received_at: datetime, channel: str
) -> Readings:
    """Take a delivery into the memory of its car, and return what it says."""
    view = View(memory=memory, fresh=memory.take(delivery))
    found = _said(view, received_at, channel)
    found.contradictions = view.contradictions | contradicted(delivery.entries)
    return found


def read_memory(memory: Memory, received_at: datetime, channel: str) -> Readings:
    """Return what is known of a car without a new delivery, as after a restart."""
    view = View(memory=memory, fresh=frozenset(memory.known))
    return _said(view, received_at, channel)


def _said(view: View, received_at: datetime, channel: str) -> Readings:
    found = Readings()
    for said in _chosen(_all(view), view):
        if isinstance(said.value, Gone):
            found.readings.append(_reading(said, None, received_at, channel))
            continue
        value = said.signal.accept(said.value)
        if value is None:
            found.placeholders[said.signal.key] += 1
            continue
        found.readings.append(_reading(said, value, received_at, channel))
    return found


def _all(view: View) -> Iterable[Said]:
    for rule in _RULES:
        yield from rule(view)
    for mapping in _KEY_MAP:
        yield from mapping.say(view)


def _chosen(all_said: Iterable[Said], view: View) -> Iterable[Said]:
    """Return what is said of each signal once: what certainly is the youngest."""
    chosen: dict[str, Said] = {}
    for said in all_said:
        key = said.signal.key
        other = chosen.get(key)
        if other is None:
            chosen[key] = said
            continue
        if not _agree(said.signal, said, other):
            view.contradictions.add(key)
        if _begins(said) > _begins(other):
            chosen[key] = said
    return chosen.values()


def _begins(said: Said) -> datetime:
    return said.known.not_before or said.known.captured_at


def _agree(signal: Signal[Any], said: Said, other: Said) -> bool:
    value, with_value = signal.accept(said.value), signal.accept(other.value)
    if value is None or with_value is None:
        return True
    if isinstance(value, float) and isinstance(with_value, float):
        return abs(value - with_value) <= _ROUNDING
    return signal.agree(value, with_value)


def _reading(said: Said, value: Any, received_at: datetime, channel: str) -> Reading:
    return Reading(
        signal=said.signal,
        value=value,
        captured_at=said.known.captured_at,
        not_before=said.known.not_before,
        changed_at=said.known.changed_at,
        received_at=received_at,
        channel=channel,
    )
