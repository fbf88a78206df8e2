"""Home Assistant with a thousand cars of the Demo garage and all their entities."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import gc
from pathlib import Path
import resource
import sys
import tempfile
import time
from typing import Any, Final
from unittest.mock import patch

from carport.twin.fleet import GARAGE, fleet
from custom_components.carport.car import signals as s
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.contract import Car, ReadResult
from custom_components.carport.const import DOMAIN
from custom_components.carport.coordinator import AccountCoordinator
from custom_components.carport.engine import GarageCar, Topic
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.core import HomeAssistant, StateMachine
from homeassistant.helpers.entity import Entity
from simulator.clock import JumpClock

from .home import add_account, loaded, opened_home, start
from .loop_watch import Watched, watched
from .table import Table

CARS: Final = 1000
_ACCOUNTS: Final = 8
"""Home Assistant allows 10,000 entities an account; so the cars are in several."""
_NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ROUNDS: Final = 5
_DUE_AFTER: Final = 1200.0
"""Seconds after which every parked car is due again."""
_STEADY: Final = 60.0
_WARM: Final = 3.0
_SPREAD: Final = timedelta(hours=3)
_SPREAD_STEP: Final = 60.0
_MS: Final = 1000.0
_WORTH_TELLING: Final = 0.005
_NOTE: Final = (
    "Times are processor time of the event loop's thread, the least of "
    f"{_ROUNDS} rounds where there are several (of a stall the longest), in a real core "
    "without pages and recorder. A stall is one turn of the event loop, with all the "
    "callbacks that are ready. Collections of Python's garbage are no part of it, and "
    "told apart: they take as long as all of Home Assistant takes to look through, and how "
    "often they come is set for the whole process, so Carport leaves that alone. Nor are "
    "timers of Home Assistant's own, such as new tokens for all pictures every five "
    "minutes, and keeping the states of all entities every quarter of an hour. All entities are enabled. The cars are in "
    f"{_ACCOUNTS} accounts, because Home Assistant allows 10,000 entities in one. A "
    "poll reads every car. *The same answer* is what the Demo garage gives while "
    "nothing happens; *an equal answer* is what a cloud gives, new readings with the "
    "values and times already known (without the time it takes to read them out of "
    "JSON)."
)


@dataclass(slots=True)
class Written:
    """The entities whose state was written, in order."""

    entity_ids: list[str] = field(default_factory=list)


async def tables() -> list[Table]:
    """Set the crowd up, poll it, change one thing, watch it, start it again."""
    with tempfile.TemporaryDirectory() as folder:
        clock = JumpClock(_NOON)
        async with opened_home(Path(folder), clock) as hass:
            await start(hass)
            rows, accounts = await _set_up(hass)
            rows += await _poll(accounts, clock)
            rows += _change(hass, accounts)
            rows += await _steady(accounts, clock)
            await _polled(accounts, clock)
            rows += await _reload(hass, accounts[0])
        rows += await _start_again(Path(folder), JumpClock(clock.now()))
    return [
        Table(
            title=f"Home Assistant with {CARS} cars",
            head=("", "measured", "aim"),
            rows=rows,
            notes=(_NOTE,),
        )
    ]


async def _set_up(
    hass: HomeAssistant,
) -> tuple[list[tuple[str, ...]], list[AccountCoordinator]]:
    vins = [spec.vin for spec in fleet(CARS + len(GARAGE))]
    gc.collect()
    memory, began = _memory(), time.thread_time()
    accounts = []
    with (
        patch.object(Entity, "entity_registry_enabled_default", new=True),
        watched() as seen,
    ):
        await asyncio.sleep(0)
        for number in range(_ACCOUNTS):
            first = len(GARAGE) + number * CARS // _ACCOUNTS
            shown = set(vins[first : first + CARS // _ACCOUNTS])
            accounts.append(
                await add_account(
                    hass,
                    {
                        "service": DemoGarage.info.key,
                        "region": "demo",
                        "username": f"fleet {number}:{len(vins)}",
                    },
                    {"hidden_cars": [vin for vin in vins if vin not in shown]},
                )
            )
    spent = time.thread_time() - began
    gc.collect()
    entities = len(hass.states.async_all())
    grown = (_memory() - memory) / entities
    return [
        ("entities", f"{entities:,}", ""),
        ("set-up", f"{spent:.1f} s", ""),
        ("set-up of an entity", f"{spent / entities * _MS:.2f} ms", ""),
        _stall("longest stall during the set-up", seen, "under 50 ms"),
        (
            "longest collection of garbage during the set-up",
            f"{seen.longest_collection * _MS:.0f} ms",
            "",
        ),
        ("memory of an entity, Home Assistant's part included", f"{grown:,.0f} B", ""),
    ], accounts


async def _poll(
    accounts: list[AccountCoordinator], clock: JumpClock
) -> list[tuple[str, ...]]:
    same = [await _polled(accounts, clock) for _ in range(_ROUNDS)]
    with patch.object(DemoGarage, "read", _read_anew):
        equal = [await _polled(accounts, clock) for _ in range(_ROUNDS)]
    return [
        ("states written by an unchanged poll", _writes(same + equal), "none"),
        (
            "unchanged poll of a car, the same answer",
            f"{_least(same) / CARS * _MS:.3f} ms",
            "under 0.1 ms",
        ),
        (
            "unchanged poll of a car, an equal answer",
            f"{_least(equal) / CARS * _MS:.3f} ms",
            "under 0.1 ms",
        ),
        _stall(
            "longest stall during an unchanged poll",
            max((seen for seen, _ in same + equal), key=lambda seen: seen.longest),
            "under 20 ms",
        ),
    ]


async def _polled(
    accounts: list[AccountCoordinator], clock: JumpClock
) -> tuple[Watched, Written]:
    """Let every car become due, and read them all."""
    await _step(clock, _DUE_AFTER)
    await _settle()
    with watched() as seen, _written() as written:
        await asyncio.sleep(0)
        await asyncio.gather(*(account.async_refresh() for account in accounts))
    return seen, written


_read = DemoGarage.read


async def _read_anew(garage: DemoGarage, car: Car) -> ReadResult:
    return replace(await _read(garage, car))


def _change(
    hass: HomeAssistant, accounts: list[AccountCoordinator]
) -> list[tuple[str, ...]]:
    """Report one new value of one car, several times."""
    account = accounts[0]
    car = account.ownership.cars[0]
    spent = []
    exact = True
    for number in range(_ROUNDS):
        topics = (s.ODOMETER.key, Topic.CAPTURED)
        subscribers = _subscribers(car, topics)
        result = _further(car, account.account, number)
        with _written() as written:
            began = time.thread_time()
            account.garage.take(car.vin, account.account, result)
            spent.append(time.thread_time() - began)
        exact = exact and sorted(written.entity_ids) == sorted(subscribers)
    return [
        (
            "states written by one changed signal, of its subscribers",
            f"{len(written.entity_ids)} of {len(subscribers)}",
            "exactly these" if exact else "exactly these (missed)",
        ),
        ("one changed signal", f"{min(spent) * _MS:.2f} ms", ""),
    ]


def _further(car: GarageCar, account: str, number: int) -> ReadResult:
    known = car.snapshot.readings[s.ODOMETER.key]
    later = (car.captured_at or _NOON) + timedelta(seconds=1)
    return ReadResult(
        readings=(
            Reading(
                signal=s.ODOMETER,
                value=(car.reported(s.ODOMETER) or 0) + number + 1,
                captured_at=later,
                received_at=known.received_at,
                channel=account,
            ),
        )
    )


def _subscribers(car: GarageCar, topics: tuple[str, ...]) -> set[str]:
    """Return the entities that want to hear of any of the topics."""
    calls = {call for topic in topics for call in car.listeners.get(topic, ())}
    entities: list[Any] = [getattr(call, "__self__", None) for call in calls]
    return {one.entity_id for one in entities if isinstance(one, Entity)}


async def _steady(
    accounts: list[AccountCoordinator], clock: JumpClock
) -> list[tuple[str, ...]]:
    """Watch a minute in which cars come due one after another, as after days."""
    for _ in range(int(_SPREAD.total_seconds() / _SPREAD_STEP)):
        await _step(clock, _SPREAD_STEP)
        for account in accounts:
            await account.async_refresh()
    with watched() as seen, _written() as written:
        await asyncio.sleep(_STEADY)
    return [
        _stall("longest stall in a minute", seen, "under 20 ms"),
        *(
            (
                f"Home Assistant's own timer in a minute, {who}",
                f"{took * _MS:.1f} ms",
                "",
            )
            for who, took in seen.homes_own.items()
            if took > _WORTH_TELLING
        ),
        ("event loop busy in a minute", f"{seen.busy / _STEADY:.2%}", ""),
        ("states written in a minute (ages of data)", f"{len(written.entity_ids)}", ""),
    ]


async def _reload(
    hass: HomeAssistant, account: AccountCoordinator
) -> list[tuple[str, ...]]:
    """Load one account anew, as after a change of its options."""
    cars = len(account.shown_cars)
    with watched() as seen:
        await asyncio.sleep(0)
        await hass.config_entries.async_reload(account.config_entry.entry_id)
        await hass.async_block_till_done()
    loaded(hass, account.config_entry)
    return [
        _stall(f"longest stall during a reload of {cars} cars", seen, "under 20 ms"),
    ]


def _stall(what: str, seen: Watched, aim: str) -> tuple[str, ...]:
    print(f"{what}: {seen.longest * _MS:.1f} ms, of {seen.who}", file=sys.stderr)  # noqa: T201 - for who looks for it
    return what, f"{seen.longest * _MS:.1f} ms", aim


async def _start_again(folder: Path, clock: JumpClock) -> list[tuple[str, ...]]:
    """Start with everything known; nothing is read merely because of that."""
    reads = 0

    async def count(garage: DemoGarage, car: Car) -> ReadResult:
        nonlocal reads
        reads += 1
        return await _read(garage, car)

    with patch.object(DemoGarage, "read", count):
        began = time.thread_time()
        async with opened_home(folder, clock) as hass:
            await start(hass)
            spent = time.thread_time() - began
            entities = len(hass.states.async_all())
            for entry in hass.config_entries.async_entries(DOMAIN):
                loaded(hass, entry)
    return [
        (f"start with {entities:,} known entities", f"{spent:.1f} s", ""),
        ("readings because of the start", f"{reads}", "none"),
    ]


async def _step(clock: JumpClock, seconds: float) -> None:
    """Let time pass, and everything that was waiting for it happen."""
    clock.step(seconds)
    for _ in range(5):
        await asyncio.sleep(0.002)


async def _settle() -> None:
    """Wait until nothing is written any more: ages are, when time has passed."""
    with _written() as written:
        seen = -1
        while seen < len(written.entity_ids):
            seen = len(written.entity_ids)
            await asyncio.sleep(0.1)


@contextmanager
def _written() -> Iterator[Written]:
    """Note every write of a state, also of one that is as before."""
    written = Written()
    write = StateMachine.async_set_internal

    def noted(machine: StateMachine, entity_id: str, *details: Any, **more: Any) -> Any:
        written.entity_ids.append(entity_id)
        return write(machine, entity_id, *details, **more)

    with patch.object(StateMachine, "async_set_internal", noted):
        yield written


def _least(polls: list[tuple[Watched, Written]]) -> float:
    return min(seen.busy for seen, _ in polls)


def _writes(polls: list[tuple[Watched, Written]]) -> str:
    return str(max(len(written.entity_ids) for _, written in polls) or "none")


def _memory() -> int:
    """Return the bytes of memory that the process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
