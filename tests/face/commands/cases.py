"""What a row of the table of commands is made of: a press, and what it comes to.

Rows know no maker: each holds for every car whose service offers its command, so
that the same press has to do the same to all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from carport.car.commands import Command
from carport.car.schedule import Weekday
from carport.twin.weather import local_offset
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.limits import Limits
from simulator.my_renault.cloud import MyRenault
from simulator.ze_services.account import CarState
from simulator.ze_services.cloud import ZeServices

from ..owner import Owner

_PARIS: Final = ZoneInfo("Europe/Paris")
"""Where the owners of Renault's cars live, whose clocks tell another time."""

type Offered = Mapping[CommandKind, Limits]
type Fits = Callable[[Offered], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """An action of Home Assistant: on an entity, or one of Carport's on the car."""

    action: str
    key: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def control(self) -> tuple[str, str]:
        """What is pressed: platform and key of an entity, or domain and action."""
        domain, action = self.action.split(".")
        return domain, action if self.key is None else self.key


def press(action: str, key: str | None = None, **data: Any) -> Press:
    """Make a press."""
    return Press(action=action, key=key, data=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What can be seen at the car's end since a button was pressed."""

    owner: Owner
    commands_before: int = 0

    @property
    def obeyed(self) -> list[Command]:
        """The commands the car has heard and followed since, oldest first."""
        sent = self.owner.twin.commands
        return [
            accepted.command
            for number, accepted in sorted(sent.items())
            if number > self.commands_before and accepted.done
        ]


type Look = Callable[[Sight], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCase:
    """One press, the command it is, and what is true at the car's end afterwards.

    It must not be true before. `shown` is platform, key and state of what Home
    Assistant shows then, `hidden` the services that can tell nobody of it.
    """

    kind: CommandKind
    press: Press
    seen: Look
    shown: tuple[str, str, str] | None = None
    hidden: frozenset[str] = frozenset()
    unproven: frozenset[str] = frozenset()
    """Services that can at best accept it, since nothing ever shows it."""
    hears_late: bool = False
    """Whether it may be over before the car has heard: any fresh report is proof."""
    fits: Fits = lambda offered: True
    services: frozenset[str] | None = None
    """Those whose words these are; None for all."""
    first: tuple[Press, ...] = ()
    """What is pressed before."""
    rest: float = 0
    """Seconds that have to pass before."""
    soon: bool = False
    """Whether what the row before it began would be over by itself."""

    @property
    def name(self) -> str:
        """Say what is pressed."""
        said = [self.press.action, self.press.key, *self.press.data.values()]
        return " ".join(str(word) for word in said if word is not None)

    def is_for(self, owner: Owner) -> bool:
        """Return whether a car has this."""
        offered = owner.car.commands
        return (
            self.kind in offered
            and self.fits(offered)
            and (self.services is None or owner.account.service in self.services)
        )


# Which cars


def offers(kind: CommandKind) -> Fits:
    """Return whether a car can be told something else, too."""
    return lambda offered: kind in offered


def lacks(kind: CommandKind) -> Fits:
    """Return whether a car cannot be told something else."""
    return lambda offered: kind not in offered


def takes(kind: CommandKind, value: float | str) -> Fits:
    """Return whether a car takes this very number or word."""

    def fits(offered: Offered) -> bool:
        return value in (*offered[kind].words, *offered[kind].numbers)

    return fits


def bounded(kind: CommandKind) -> Fits:
    """Return whether a car takes a range of numbers."""
    return lambda offered: offered[kind].high is not None


def unbounded(kind: CommandKind) -> Fits:
    """Return whether a car knows its number itself."""
    return lambda offered: offered[kind].high is None


# What is seen


def state(**expected: Any) -> Look:
    """Expect these values of the car."""
    return lambda sight: all(
        getattr(sight.owner.twin.state, name) == value
        for name, value in expected.items()
    )


def heard(kind: CommandKind, **fields: Any) -> Look:
    """Expect that the car has followed such a command."""
    return lambda sight: any(
        str(command.kind) == kind
        and all(getattr(command, name) == value for name, value in fields.items())
        for command in sight.obeyed
    )


def timer(**expected: Any) -> Look:
    """Expect the car's first timer to be this."""

    def look(sight: Sight) -> bool:
        slots = sight.owner.twin.state.schedule.slots
        first = next((slot for slot in slots if slot.number == 1), None)
        return first is not None and all(
            getattr(first, name) == value for name, value in expected.items()
        )

    return look


def programmes(*, charge_at: time | None, warm_at: time | None) -> Look:
    """Expect that the car charges and warms up from then on, on every day of the week.

    Its timers are single days of its own clock, and those that are off are none.
    """

    def look(sight: Sight) -> bool:
        slots = sight.owner.twin.state.schedule.slots
        charges = [
            (slot.days, slot.charge_window.start)
            for slot in slots
            if slot.enabled and slot.charge_window is not None
        ]
        warms = [
            (slot.days, slot.departure)
            for slot in slots
            if slot.enabled and slot.climate and not slot.charge
        ]
        return _is_daily(sight, charges, charge_at) and _is_daily(sight, warms, warm_at)

    return look


def _is_daily(
    sight: Sight,
    found: Sequence[tuple[frozenset[Weekday], time | None]],
    wanted: time | None,
) -> bool:
    """Return whether something comes at a time on each day, or never."""
    if wanted is None:
        return not found
    now, home = sight.owner.world.clock.now(), sight.owner.twin.spec.home
    at = datetime.combine(now, wanted, _PARIS).astimezone(UTC)
    at += timedelta(seconds=local_offset(home.longitude))
    days = [day for days, _ in found for day in days]
    return sorted(days) == list(Weekday) and {one for _, one in found} == {at.time()}


def zoe_of(owner: Owner) -> CarState:
    """Return what Z.E. Services keep of a car, and the car itself does not know."""
    cloud = owner.world.simulator.clouds["ze_services"]
    assert isinstance(cloud, ZeServices)
    account = cloud.register.by_name(owner.account.username)
    assert account is not None
    return account.cars[owner.vin]


def climate_due(owner: Owner) -> datetime | None:
    """Return when the cabin is to be conditioned, which only Renault's clouds know."""
    if owner.account.service == "ze_services":
        return zoe_of(owner).climate_due
    cloud = owner.world.simulator.clouds["my_renault"]
    assert isinstance(cloud, MyRenault)
    account = cloud.register.by_name(owner.account.username)
    assert account is not None
    return account.cars[owner.vin].climate_due
