"""Weeks of all accounts at once, with outages: what grows, what is left, what is asked."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
import gc
import json
import logging
from random import Random
import tracemalloc
from typing import Any, Final, override

import aiohttp

from carport.cloud.errors import CloudError
from carport.engine import AccountOptions, AccountStore, Engine, Login, MemoryStorage
from carport.makers.registry import SERVICES
from simulator.faults import FaultKind
from tests.makers.profiles import PROFILES
from tests.world import World

from .findings import Findings

_SERVICES: Final = (
    "car_net",
    "we_connect",
    "ze_services",
    "i_remote",
    "skoda",
    "my_renault",
    "eu_data_act",
)
"""Those that sign in without a person at a page."""
_STEP: Final = 3600.0
_TROUBLE: Final = 0.15
"""In how many hours something goes wrong."""
_MOST_GROWN: Final = 0.25
_MOST_KEPT: Final = 1_000_000


class _Errors(logging.Handler):
    """Counts lines with a traceback: nothing unforeseen may happen."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__(logging.WARNING)
        self.lines: Counter[str] = Counter()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.lines[record.getMessage()] += 1


async def run(days: int = 2, seed: int = 1) -> Findings:
    """Let all accounts live for so many days."""
    found = Findings(
        title="Soak",
        what=(
            "Driven cars of seven services in one engine, on a clock that is moved by the hour, "
            "while in every seventh hour something goes wrong at one of the clouds. Memory is "
            "what Python holds after the first third and at the end."
        ),
    )
    errors, rng = _Errors(), Random(seed)
    logging.getLogger("carport").addHandler(errors)
    try:
        async with AsyncExitStack() as stack:
            world = await stack.enter_async_context(World().opened())
            jar = aiohttp.DummyCookieJar()
            session = await stack.enter_async_context(
                aiohttp.ClientSession(cookie_jar=jar)
            )
            engine = await Engine.load(clock=world.clock)
            stores = {name: MemoryStorage() for name in _SERVICES}
            for name in _SERVICES:
                await _open(world, engine, session, name, AccountStore(stores[name]))
            await _live(world, engine, days, rng, found)
            kept = max(len(json.dumps(store.data)) for store in stores.values())
            calls = _calls(engine)
            await engine.close()
            await asyncio.sleep(0.1)
    finally:
        logging.getLogger("carport").removeHandler(errors)
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    found.figures |= {
        "days": f"{days}",
        "calls of the last day": ", ".join(
            f"{name} {count}" for name, count in calls.items()
        ),
        "largest file of an account": f"{kept / 1000:.0f} kB",
        "tasks left": f"{len(left) or 'none'}",
    }
    found.broken += [f"{count} times: {line}" for line, count in errors.lines.items()]
    if left:
        found.broken.append(
            f"tasks left: {', '.join(task.get_name() for task in left)}"
        )
    if kept > _MOST_KEPT:
        found.broken.append(f"an account keeps {kept} bytes")
    return found


async def _open(
    world: World,
    engine: Engine,
    session: aiohttp.ClientSession,
    name: str,
    store: AccountStore,
) -> None:
    owner, info = PROFILES[name].driver, SERVICES[name].info
    region = owner.region if owner.region in info.hosts else next(iter(info.hosts))
    account = await engine.open(
        session,
        name,
        Login(
            service=name,
            region=region,
            username=owner.username,
            server=world.simulator.address,
        ),
        store=store,
        credentials=owner.typed(info.sign_in_fields),
        options=AccountOptions(pin=owner.pin),
        clock=world.clock,
    )
    world.attach(account.transport)
    account.start()


async def _live(
    world: World, engine: Engine, days: int, rng: Random, found: Findings
) -> None:
    """Let time pass with trouble, and look at the memory on the way."""
    hours, early = days * 24, days * 8
    tracemalloc.start()
    first = 0
    for hour in range(hours):
        fault = None
        if rng.random() < _TROUBLE:
            kind: Any = rng.choice(
                (FaultKind.STATUS, FaultKind.HTML, FaultKind.TRUNCATED, FaultKind.DROP)
            )
            fault = world.control.fault(kind, path="*", host=None, status=503)
        await world.advance(_STEP)
        if fault is not None:
            world.control.clear_faults(fault.number)
        world.control.forget_calls()
        if hour == early:
            gc.collect()
            first = tracemalloc.get_traced_memory()[0]
    gc.collect()
    last = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    grown = last / first - 1 if first else 0.0
    found.figures["memory"] = (
        f"{first / 1e6:.1f} MB, then {last / 1e6:.1f} MB ({grown:+.0%})"
    )
    if grown > _MOST_GROWN:
        found.broken.append(f"memory grew by {grown:.0%}")
    # The clouds are well again: so has everything to be, within a day.
    await world.advance(timedelta(days=1).total_seconds())
    for name, account in engine.accounts.items():
        error = account.error
        if isinstance(error, CloudError):
            found.broken.append(f"{name} does not recover: {type(error).__name__}")


def _calls(engine: Engine) -> dict[str, int]:
    return {
        name: sum(account.ledger.counts_today().values())
        for name, account in engine.accounts.items()
    }
