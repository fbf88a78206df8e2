"""Weeks of an account's cars: which was read when, and what it cost.

Home Assistant's core, the real account with its cadence, and the simulated cloud over
HTTP, all on one clock that is moved by hand from one reading to the next.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
import multiprocessing
import os
from pathlib import Path
import tempfile
from typing import Final

from custom_components.carport.const import CONF_POLL_PROFILE
from custom_components.carport.coordinator import AccountCoordinator
from custom_components.carport.makers.demo.twin import TwinSpec
from custom_components.carport.service.cadence import Profile
from custom_components.carport.service.ledger import Purpose
from simulator.accounts import Account
from simulator.app import Simulator
from simulator.clock import ManualClock

from .home import keep_quiet, opened_home, sign_up

START: Final = datetime(2026, 11, 2, 5, 0, 37, tzinfo=UTC)
"""A Monday, in the night or early in the morning where the cars are at home.

Not on the minute, as cars report: no home reads just when its car does.
"""
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whose cars are to be lived with, where, and how they are read.

    Read every so often where `every` says so, else by the account's own cadence.
    """

    account: Account
    twins: tuple[TwinSpec, ...]
    zone: str
    weeks: int
    every: timedelta | None = None
    profile: Profile = Profile.NORMAL


@dataclass(slots=True, kw_only=True)
class Lived:
    """What an account was asked, and what was known of its cars from when on."""

    known: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    """By VIN: when it was read, and when the car had captured what is known since."""
    calls: Counter[datetime] = field(default_factory=Counter)
    """The calls of each hour, of whatever purpose."""
    dry: set[date] = field(default_factory=set)
    """The days on which no calls were left for a reading that was due."""

    def reads_in(self, week: int) -> int:
        """Return how often cars were read in a week."""
        return sum(
            (moment - START) // WEEK == week
            for known in self.known.values()
            # The first one belongs to the sign-in.
            for moment, _ in known[1:]
        )

    def calls_in(self, week: int) -> int:
        """Return the calls of a week."""
        return sum(
            count
            for hour, count in self.calls.items()
            if (hour - START) // WEEK == week
        )

    def calls_by_day(self) -> Counter[date]:
        """Return the calls of each day, as limits count: by UTC."""
        days: Counter[date] = Counter()
        for hour, count in self.calls.items():
            days[hour.date()] += count
        return days


def live_all(plans: Iterable[Plan]) -> list[Lived]:
    """Live through plans, as many side by side as the machine has cores.

    Only counts and ages come of it, which are the same however long it takes.
    """
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        return list(pool.map(_live, plans))


def _live(plan: Plan) -> Lived:
    keep_quiet()
    return asyncio.run(_lived(plan))


async def _lived(plan: Plan) -> Lived:
    clock = ManualClock(START)
    account = replace(plan.account, vins=tuple(twin.vin for twin in plan.twins))
    simulator = Simulator(clock, (account,), plan.twins)
    await simulator.start()
    life = Lived()
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with opened_home(Path(folder), clock, plan.zone) as hass:
                coordinator = await sign_up(hass, account, simulator.address)
                hass.config_entries.async_update_entry(
                    coordinator.config_entry, options={CONF_POLL_PROFILE: plan.profile}
                )
                simulator.calls.clear()
                async for now in _moments(plan, coordinator, clock):
                    _note(life, coordinator, now)
                    # Taken at once, since the simulator forgets after a while.
                    life.calls.update(
                        call.at.replace(minute=0, second=0, microsecond=0)
                        for call in simulator.calls.find()
                    )
                    simulator.calls.clear()
    finally:
        await simulator.stop()
    return life


async def _moments(
    plan: Plan, coordinator: AccountCoordinator, clock: ManualClock
) -> AsyncIterator[datetime]:
    """Let time pass from reading to reading; yield when each one was."""
    end = START + WEEK * plan.weeks
    while True:
        yield clock.now()
        due = _due(plan, coordinator, clock.now())
        if due >= end:
            return
        clock.step(max((due - clock.now()).total_seconds(), 0))
        if plan.every is None:
            await coordinator.async_refresh()
        else:
            for vin in sorted(coordinator.shown_cars):
                await coordinator.async_read(vin)


def _due(plan: Plan, coordinator: AccountCoordinator, now: datetime) -> datetime:
    """Return when the next car is to be read, and may be."""
    if plan.every is not None:
        return now + plan.every
    dues = (coordinator.next_read(vin) for vin in coordinator.shown_cars)
    due = min(due for due in dues if due is not None)
    ledger = coordinator.ledger
    return due if ledger.allows(Purpose.READ) else max(due, ledger.opens_at())


def _note(life: Lived, coordinator: AccountCoordinator, now: datetime) -> None:
    """Note which cars were read just now, and how old that is; or why not."""
    if not coordinator.ledger.allows(Purpose.READ):
        life.dry.add(now.date())
    elif not coordinator.last_update_success:
        raise RuntimeError("a reading failed") from coordinator.last_exception
    for vin in coordinator.shown_cars:
        car = coordinator.garage.cars[vin]
        if car.channels[coordinator.account].attempted_at == now:
            life.known.setdefault(vin, []).append((now, car.captured_at or START))
