"""Many cars do not keep Home Assistant from everything else for long (8.4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from carport.twin.fleet import GARAGE, fleet
from custom_components.carport.const import DOMAIN
from custom_components.carport.engine import Yielding
from custom_components.carport.sensor import DataAgeSensor
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .demo_garage import DemoHome

CARS: Final = 30
AT_MOST: Final = 0.4
"""How much of all entities may come or go before others had their turn."""


@dataclass(slots=True)
class Steps:
    """How many entities came or went between two turns of the loop, at the most."""

    most: int = 0


@asynccontextmanager
async def watched(hass: HomeAssistant) -> AsyncIterator[Steps]:
    """Watch how many entities there are, at every turn of the loop."""
    steps = Steps()

    def there() -> int:
        states = hass.states.async_all()
        return sum(one.state != STATE_UNAVAILABLE for one in states)

    async def look() -> None:
        before = there()
        while True:
            await asyncio.sleep(0)
            steps.most, before = max(steps.most, abs(there() - before)), there()

    looking = asyncio.ensure_future(look())
    try:
        yield steps
    finally:
        looking.cancel()


async def test_8_4_set_up_and_reload_give_way_to_others(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """Entities are added and removed in small batches."""
    home.entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id="crowd",
        title="A crowd",
        unique_id="demo_crowd",
        data={"service": "demo", "region": "demo", "username": f"demo:{CARS}"},
    )
    async with watched(hass) as coming:
        await home.start()
    everything = len(hass.states.async_all())
    assert everything > 20 * CARS
    assert 0 < coming.most < AT_MOST * everything
    async with watched(hass) as going:
        assert await hass.config_entries.async_unload(home.entry.entry_id)
    assert 0 < going.most < AT_MOST * everything
    async with watched(hass) as again:
        assert await hass.config_entries.async_setup(home.entry.entry_id)
        await hass.async_block_till_done()
    assert 0 < again.most < AT_MOST * everything


async def test_8_4_who_waits_goes_on_one_after_the_other() -> None:
    """The stretches of many do not add up: others come in between."""
    yielding, order = Yielding(stretch=0), list[str]()

    async def long_work(name: str) -> None:
        for _ in range(3):
            await yielding.give_way()
            order.append(name)

    async def other() -> None:
        for _ in range(30):
            order.append(".")
            await asyncio.sleep(0)

    await asyncio.gather(*(long_work(name) for name in "ab"), other())
    worked = "".join(order)
    assert "ab" not in worked
    assert "ba" not in worked
    assert sorted(worked.replace(".", "")) == list("aaabbb")


async def test_8_4_small_things_of_many_are_done_in_their_order() -> None:
    """As many in a turn as one stretch is good for, and others come in between."""
    yielding, order = Yielding(stretch=0), list[str]()
    for name in "abc":
        yielding.call(partial(order.append, name))
    assert not order
    for _ in range(5):
        order.append(".")
        await asyncio.sleep(0)
    assert "".join(order) == ".a.b.c.."


async def test_8_4_what_fails_keeps_nothing_else_from_its_turn() -> None:
    """The failure is told by the loop, as an unhandled one."""
    yielding, order = Yielding(stretch=0), list[str]()
    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    yielding.call(partial(next, iter(())))
    yielding.call(partial(order.append, "a"))
    for _ in range(4):
        await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert len(told) == 1
    assert order == ["a"]


async def test_8_4_a_small_thing_is_done_at_once_where_there_is_little_else() -> None:
    """One car waits for nothing."""
    yielding, order = Yielding(stretch=60), list[str]()
    yielding.call(partial(order.append, "a"))
    assert order == ["a"]


def garage_of(cars: int, number: int = 1) -> MockConfigEntry:
    """Return an account with some of the cars of a large Demo garage."""
    all_cars = [spec.vin for spec in fleet(len(GARAGE) + 20)][len(GARAGE) :]
    shown = all_cars[(number - 1) * cars : number * cars]
    hidden = {spec.vin for spec in fleet(len(GARAGE) + 20)} - set(shown)
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=f"garage_{number}",
        title=f"Garage {number}",
        unique_id=f"demo_{number}",
        data={
            "service": "demo",
            "region": "demo",
            "username": f"garage {number}:{len(GARAGE) + 20}",
        },
        options={"hidden_cars": sorted(hidden)},
    )


async def test_8_4_ages_that_change_together_are_written_in_turns(
    hass: HomeAssistant, home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cars of a garage are often captured at the same moment."""
    cars = 6
    monkeypatch.setattr(DataAgeSensor, "entity_registry_enabled_default", True)
    home.entry = garage_of(cars)
    await home.start(**home.entry.options)
    await home.settle()
    home.coordinator.yielding = Yielding(stretch=0)
    ages = [one for one in hass.states.async_entity_ids() if one.endswith("_data_age")]
    assert len(ages) == cars
    before = {one: hass.states.get(one) for one in ages}
    home.clock.step(60)
    changed = []
    for _ in range(cars + 2):
        changed.append(sum(hass.states.get(one) != before[one] for one in ages))
        await asyncio.sleep(0)
    assert changed[-1] == cars
    assert max(after - earlier for earlier, after in pairwise(changed)) == 1


async def test_8_4_accounts_add_their_entities_one_after_the_other(
    hass: HomeAssistant,
) -> None:
    """Home Assistant gives each platform of an account a minute, and no more."""
    entries = [garage_of(3, number) for number in (1, 2, 3)]
    added: list[str] = []
    registry = er.async_get(hass)

    @callback
    def note(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        entry = registry.async_get(event.data["entity_id"])
        if entry is not None and event.data["action"] == "create":
            added.append(str(entry.config_entry_id))

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, note)
    for entry in entries:
        entry.add_to_hass(hass)
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert {entry.state for entry in entries} == {ConfigEntryState.LOADED}
    assert set(added) == {entry.entry_id for entry in entries}
    turns = [name for name, _ in groupby(added)]
    assert len(turns) == len(entries)
