"""What the cloud holds of the cars: the value of each key, and since when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from carport.twin.twin import Report, Twin

from ..cloud import Site
from .account import AccountState
from .descriptors import (
    CATALOGUE,
    DISPLAY_UNIT,
    KM_A_MILE,
    LEVEL_DISPLAYED,
    LEVEL_HEADER,
    Descriptor,
)

_LEVELS: Final = {"header": LEVEL_HEADER, "displayed": LEVEL_DISPLAYED}


@dataclass(frozen=True, slots=True)
class Held:
    """A value as the car sent it, and when."""

    value: Any
    at: datetime


type Listener = Callable[
    [AccountState, str, Mapping[str, Held], Mapping[str, Held]], None
]
"""Hears the account, the car, what is new of it, and what that was before."""


class Store:
    """The last values of every car; looking at them brings in what cars have sent."""

    def __init__(self, site: Site, listener: Listener) -> None:
        """Tell a listener whatever is new."""
        self._site = site
        self._listener = listener
        self._values: dict[str, dict[str, Held]] = {}
        self._taken: dict[str, Report] = {}

    def forget(self) -> None:
        """Know of the cars only what they send from now on."""
        self._values.clear()
        self._taken.clear()

    def look(self, account: AccountState, vin: str) -> dict[str, Held]:
        """Take up the car's last report, and return what is held of it."""
        twin = self._site.twin(vin)
        values = self._values.setdefault(vin, {})
        if self._taken.get(vin) is twin.report:
            return values
        first = vin not in self._taken
        self._taken[vin] = twin.report
        new = self._news(account, twin, values)
        old = {key: values[key] for key in new if key in values}
        values.update(new)
        if new and not first:
            self._listener(account, vin, new, old)
        return values

    def _news(
        self, account: AccountState, twin: Twin, values: dict[str, Held]
    ) -> dict[str, Held]:
        report = twin.report
        silent = {key for name, key in _LEVELS.items() if name != account.level_key}
        if account.frozen_level and report.state.charging:
            silent |= {key for key in _LEVELS.values() if key in values}
        new: dict[str, Held] = {}
        for key, descriptor in CATALOGUE.items():
            if key in silent:
                continue
            value = descriptor.read(report.state, twin.spec)
            if account.miles:
                value = _in_miles(descriptor, value)
            held = values.get(key)
            if value is None and held is None:
                continue
            if held is None or held.value != value:
                new[key] = Held(value, report.captured_at)
        return new


def _in_miles(descriptor: Descriptor, value: Any) -> Any:
    """Return a value as a car tells it whose display shows miles."""
    if descriptor.key == DISPLAY_UNIT:
        return "miles"
    if value is None or not descriptor.as_displayed:
        return value
    return round(value / KM_A_MILE)
