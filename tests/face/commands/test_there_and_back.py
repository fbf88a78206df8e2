"""Every command of every service and car: pressed, done by the car, proven, shown.

The cars of an account are set up once and take the rows one after another, as a day
goes; each row fails by its own name. A command that no row covers fails, too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.limits import Limits
from custom_components.carport.car.receipts import Receipt
from custom_components.carport.car.switches import SwitchCommand
from custom_components.carport.services import ACTIONS
from homeassistant.core import HomeAssistant

from ...makers.demo.profile import DEMO
from ...world import World
from ..owner import AMERICAN, READERS, TESTERS, Owner, owner_of
from . import body, charging, climate, settings
from .cases import CommandCase, Press, Sight

ROWS: Final = (
    *body.DOORS,
    *settings.DEPARTURES,
    *settings.WINDOWS,
    *settings.APART,
    *settings.MAIN_SWITCH,
    *charging.MODES,
    *charging.NOW,
    *charging.SETTINGS,
    *climate.CABIN,
    *climate.GLASS,
    *climate.HEATERS,
    *body.HORN,
    *settings.SETTINGS,
    *body.REPORTS,
)
_BREATH: Final = 100.0
"""Seconds between two commands: some clouds take none of a kind sooner."""
_SPARES: Final = {"my_renault": 600.0}
"""Seconds between two commands where Carport itself may make few calls an hour."""
_ROOM_LEFT: Final = 60.0
"""A level from which a car charges for hours; it may have done so since the start."""

_SWITCHED: Final = {command.kind for command in SwitchCommand.__subclasses__()}
_CHOSEN: Final = {
    CommandKind.SET_CHARGE_CURRENT: "current",
    CommandKind.SET_CHARGE_MODE: "mode",
    CommandKind.HONK_AND_FLASH: "mode",
}
"""Commands that take one of a few words, and the parameter that holds it."""
_CONTROLS: Final = frozenset(
    {"button", "climate", "lock", "number", "select", "switch", "time"}
)
_NOT_THE_CARS: Final = frozenset({("button", "refresh"), ("select", "poll_profile")})
"""What is about reading alone, and sends no car anything."""


@pytest.mark.parametrize(
    "username", [*TESTERS.values(), *READERS.values(), AMERICAN, DEMO]
)
async def test_there_and_back(
    hass: HomeAssistant,
    hass_world: World,
    subtests: pytest.Subtests,
    username: str,
) -> None:
    """What was pressed is true of the car, proven, and shown; nothing is left out."""
    owner = owner_of(hass, hass_world, username)
    await owner.set_up()
    await owner.confirm_heaters()
    await owner.enable("button", "wake")
    # How many commands it takes in a row is told by the tests of its bad days.
    owner.control.service("car_net", bucket_size=None)
    owner.control.service("skoda", limit=10_000)
    for vin in owner.account.vins:
        one = owner.about(vin)
        await _plug_in(one)
        rows = [row for row in ROWS if row.is_for(one)]
        receipts = []
        for row in rows:
            with subtests.test(f"{one.twin.spec.model}: {row.name}"):
                receipts.append(await _carry(one, row))
        with subtests.test(f"{one.twin.spec.model}: nothing is left out"):
            pressed = {one.control for row in rows for one in (*row.first, row.press)}
            untold = set(_wanted(one.car.commands)) - set(_tried(receipts))
            unpressed = _controls(one) - pressed
            assert (untold, unpressed) == (set(), set())


async def _plug_in(owner: Owner) -> None:
    """Put the cable in, where there is one, with room to charge, and let the car tell."""
    twin, world = owner.twin, owner.world
    if CommandKind.START_CHARGING in owner.car.commands:
        twin.state.plugged_in = True
        twin.state.battery_level = min(twin.state.battery_level, _ROOM_LEFT)
        twin.wake(world.clock.now(), latency=0)
        await world.advance(30)
        await owner.do("button", "press", "refresh")
        assert owner.state("binary_sensor", "plugged_in").state == "on"


async def _carry(owner: Owner, row: CommandCase) -> Receipt:
    """Press, and look at the car, the receipt and Home Assistant."""
    service, world = owner.account.service, owner.world
    pause = _BREATH if row.soon else _SPARES.get(service, _BREATH)
    await world.advance(pause + row.rest)
    for press in row.first:
        await _press(owner, press)
    before = Sight(owner=owner, commands_before=max(owner.twin.commands, default=0))
    assert not row.seen(before), "it is so already, which would prove nothing"
    await _press(owner, row.press)
    if service in row.unproven or row.hears_late:
        await world.advance(_BREATH)
    assert row.seen(before), "the car is otherwise"
    receipt = owner.car.receipts[-1]
    outcome = "accepted" if service in row.unproven else "confirmed"
    assert (receipt.command, receipt.outcome) == (row.kind, outcome)
    assert owner.state("event", "last_command").attributes["event_type"] == outcome
    if row.shown is not None and service not in row.hidden:
        platform, key, expected = row.shown
        assert owner.state(platform, key).state == expected
    return receipt


async def _press(owner: Owner, press: Press) -> None:
    domain, action = press.action.split(".")
    await owner.world.result(owner.call(domain, action, press.key, **press.data))


# What there is to try


def _wanted(offered: Mapping[CommandKind, Limits]) -> Iterator[tuple[Any, ...]]:
    """Yield what a car can be told: both ways, and each word."""
    for kind, limits in offered.items():
        if kind in _SWITCHED:
            yield from ((kind, True), (kind, False))
        elif kind is CommandKind.SCHEDULE_CLIMATE:
            yield from ((kind, "planned"), (kind, "dropped"))
        elif kind in _CHOSEN:
            yield from ((kind, word) for word in limits.words)
        else:
            yield (kind,)


def _tried(receipts: list[Receipt]) -> Iterator[tuple[Any, ...]]:
    """Yield what was told a car, in the same terms."""
    for receipt in receipts:
        kind, told = receipt.command, receipt.parameters
        if kind in _SWITCHED:
            yield kind, told["on"]
        elif kind is CommandKind.SCHEDULE_CLIMATE:
            yield kind, "dropped" if told["at"] is None else "planned"
        elif kind in _CHOSEN:
            yield kind, told[_CHOSEN[kind]]
        else:
            yield (kind,)


def _controls(owner: Owner) -> set[tuple[str, str]]:
    """Return every entity and action by which the car can be told something."""
    entities = {
        (platform, key)
        for platform, key in owner.entities()
        if platform in _CONTROLS
        # Timers differ by their number alone.
        and not (key.startswith("timer_") and not key.startswith("timer_1"))
    }
    actions = {
        ("carport", action.name)
        for action in ACTIONS
        if action.kind in owner.car.commands
    }
    if CommandKind.LOCK not in owner.car.commands:
        entities.discard(("lock", "doors"))  # It shows, and takes nothing.
    return (entities | actions) - _NOT_THE_CARS
