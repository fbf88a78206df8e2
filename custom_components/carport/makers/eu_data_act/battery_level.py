"""The level of the battery: seven keys seem to tell it, and four mean something else."""

from collections.abc import Iterable, Iterator
from typing import Final

from ...car import signals as s
from ...cloud.field_map import to_float
from . import keys
from .dotted import is_measured
from .key_map import Said, View
from .spans import Known

_AGREE: Final = 3.0
"""Points by which two ways of telling the same level may differ."""
_VALID: Final = "VALID"
_VALUES: Final = (
    (keys.LEVEL_HIGH_VOLTAGE, keys.LEVEL_HIGH_VOLTAGE_STATE),
    (keys.LEVEL_GROUP, keys.LEVEL_GROUP_STATE),
)
"""Levels of the battery's own report, with the key that says whether they hold."""
_BETTER_THAN_RAW: Final = (
    keys.LEVEL_HIGH_VOLTAGE,
    keys.LEVEL_GROUP,
    keys.LEVEL_REPORT,
    keys.LEVEL_DISPLAYED,
)


def battery_level(view: View) -> Iterator[Said]:
    """Say the level by the best key, if the energy in the battery bears it out.

    Where nothing agrees with the energy the last value stays, and is known as doubtful.
    """
    found = list(_candidates(view))
    if not found:
        return
    by_energy = _by_energy(view)
    values = [value for value, _ in found]
    if max(values) - min(values) > _AGREE:
        view.contradictions.add(s.BATTERY_LEVEL.key)
    for value, known in found:
        if by_energy is None or abs(value - by_energy) <= _AGREE:
            yield Said(signal=s.BATTERY_LEVEL, value=value, known=known)
            return
    view.contradictions.add(s.BATTERY_LEVEL.key)


def _candidates(view: View) -> Iterable[tuple[float, Known]]:
    """Yield what the delivery says, best key first, and never how a charge began."""
    wanted = [key for key, state in _VALUES if _holds(view.text(state))]
    wanted += [keys.LEVEL_REPORT, keys.LEVEL_DISPLAYED]
    # The whole pack has another level than the part of it that the dashboard shows.
    if all(view.text(key) is None for key in _BETTER_THAN_RAW):
        wanted += [*keys.LEVEL_OTHERS, keys.LEVEL_RAW]
    for key in wanted:
        known = view.known(key)
        value = None if known is None else to_float(known.value)
        if known is not None and value is not None and 0 <= value <= 100:
            yield value, known


def _holds(state: str | None) -> bool:
    """Return whether a report's own word says that its value is one."""
    return (state or "").upper().rpartition("_")[2] == _VALID


def _by_energy(view: View) -> float | None:
    """Return the level that follows from the energy, if the same delivery tells it."""
    kinds = (keys.ENERGY_CURRENT_KIND, keys.ENERGY_MOST_KIND)
    measured = all(is_measured(view, kind) for kind in kinds)
    if not measured or not view.any_fresh(keys.ENERGY_CURRENT):
        return None
    current, most = view.number(keys.ENERGY_CURRENT), view.number(keys.ENERGY_MOST)
    return None if current is None or not most or most < 0 else 100 * current / most
