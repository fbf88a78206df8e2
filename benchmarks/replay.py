"""Weeks of an account's cars: which was read when, and what it cost.

Home Assistant's core, the real account with its cadence, and the simulated cloud over
HTTP, all on one clock that is moved by hand from one reading to the next.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
import multiprocessing
import os
from pathlib import Path
import sys
import tempfile
import time
from typing import Any, Final

from carport.twin.twin import Twin, TwinSpec
from custom_components.carport.cloud.cadence import Profile
from custom_components.carport.cloud.ledger import Purpose
from custom_components.carport.const import CONF_POLL_PROFILE
from custom_components.carport.coordinator import AccountCoordinator
from simulator.accounts import Account
from simulator.app import Simulator
from simulator.clock import ManualClock

from .home import keep_quiet, login, opened_home

START: Final = datetime(2026, 11, 2, 5, 0, 37, tzinfo=UTC)
"""A Monday, in the night or early in the morning where the cars are at home.

Not on the minute, as cars report: no home reads just when its car does.
"""
WEEK: Final = timedelta(days=7)
SAMPLE: Final = timedelta(seconds=15)
_DRIVEN: Final = timedelta(minutes=2)
_CHARGED: Final = timedelta(minutes=1)
_SHM: Final = "/dev/shm"  # noqa: S108 - a folder of its own is made in it
_MEMORY: Final = _SHM if os.path.isdir(_SHM) else None  # noqa: PTH112 - once, at the start
"""Where a home's folder is without a disk, if the system has such a place.

Each reading is kept on the disk before and after, which there waits for all others that
write: that took most of the time, and is no part of what is counted.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whose cars are to be lived with, where, and how they are read.

    They are read by the account's own cadence.
    """

    account: Account
    twins: tuple[TwinSpec, ...]
    zone: str
    weeks: int
    lived_as: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the account at its cloud."""
    profile: Profile = Profile.NORMAL
    followed: bool = True
    """Whether what the cars really do is noted too, every few seconds of their lives."""
    told: bool = False
    """Whether a driver's phone and a wallbox tell Home Assistant what happens."""


@dataclass(slots=True, kw_only=True)
class Replayed:
    """What an account was asked, and what was known of its cars from when on."""

    known: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    """By VIN: when it was read, and when the car had captured what is known since."""
    doings: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    """By VIN: since when the simulator's own car did what, to some seconds."""
    reports: dict[str, list[datetime]] = field(default_factory=dict)
    """By VIN: when the car told its cloud anything."""
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


def replay_all(plans: Iterable[Plan]) -> list[Replayed]:
    """Live through plans, as many side by side as the machine has cores.

    Only counts and ages come of it, which are the same however long it takes. Each one
    tells when it is done, for those who wait.
    """
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        return list(pool.map(_replay, plans))


def _replay(plan: Plan) -> Replayed:
    keep_quiet()
    began = time.monotonic()
    life = asyncio.run(_replayed(plan))
    print(  # noqa: T201 - for who waits
        f"{plan.account.service}, {len(plan.twins)} cars, {plan.profile}: "
        f"{sum(life.calls.values())} calls, {time.monotonic() - began:.0f} s",
        file=sys.stderr,
        flush=True,
    )
    return life


async def _replayed(plan: Plan) -> Replayed:
    clock = ManualClock(START)
    account = replace(plan.account, vins=tuple(twin.vin for twin in plan.twins))
    simulator = Simulator(clock, (account,), plan.twins)
    cloud = simulator.clouds[account.service]
    cloud.apply_to_account(account.username, plan.lived_as)
    await simulator.start()
    life = Replayed()
    try:
        with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
            async with opened_home(Path(folder), clock, plan.zone) as hass:
                coordinator = await login(hass, account, simulator.address)
                hass.config_entries.async_update_entry(
                    coordinator.config_entry,
                    options={CONF_POLL_PROFILE: plan.profile},
                )
                simulator.calls.clear()
                followed = [twin.vin for twin in plan.twins if plan.followed]
                truth = Truth(life, simulator, followed)
                async for now in _moments(plan, coordinator, clock, truth):
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


type Event = tuple[datetime, str, timedelta]
"""When something happened, to which car, and how long after it that is looked at."""


class Truth:
    """What the simulator's own cars really do, looked at every few seconds."""

    def __init__(self, life: Replayed, simulator: Simulator, vins: list[str]) -> None:
        """Begin now."""
        self._life = life
        self._twins = {vin: simulator.twin(vin) for vin in vins}
        self._seen = START
        self.look_until(START)

    def look_until(self, end: datetime, *, told: bool = False) -> Event | None:
        """Let the cars live until a moment, and note what becomes different.

        Where that is `told` it ends there, and returns what it was.
        """
        event = None
        while self._seen <= end and event is None:
            for vin, twin in self._twins.items():
                twin.advance(self._seen)
                doings = self._life.doings.setdefault(vin, [])
                before = doings[-1][1] if doings else None
                if before != (doing := _doing(twin)):
                    # It began since the last look, and was perhaps reported at once.
                    began = self._seen if before is None else self._seen - SAMPLE
                    doings.append((began, doing))
                    if told and before is not None:
                        driven = "driving" in {before, doing}
                        event = self._seen, vin, _DRIVEN if driven else _CHARGED
                reports = self._life.reports.setdefault(vin, [])
                if not reports or reports[-1] != twin.report.captured_at:
                    reports.append(twin.report.captured_at)
            self._seen += SAMPLE
        return event


def _doing(twin: Twin) -> str:
    if twin.state.moving:
        return "driving"
    return "charging" if twin.state.charging else "parked"


async def _moments(
    plan: Plan, coordinator: AccountCoordinator, clock: ManualClock, truth: Truth
) -> AsyncIterator[datetime]:
    """Let time pass from reading to reading; yield when each one was."""
    end = START + WEEK * plan.weeks
    while True:
        yield clock.now()
        due = _due(coordinator)
        # Before anybody asks for them: what happened when does not depend on that.
        while event := truth.look_until(min(due, end), told=plan.told):
            when, vin, after = event
            clock.step(max((when - clock.now()).total_seconds(), 0))
            coordinator.runner.look_at(vin, after)
            due = _due(coordinator)
        if due >= end:
            return
        clock.step(max((due - clock.now()).total_seconds(), 0))
        await coordinator.async_refresh()


def _due(coordinator: AccountCoordinator) -> datetime:
    """Return when the next car is to be read, and may be."""
    ledger = coordinator.ledger
    due = _planned(coordinator)
    return due if ledger.allows(Purpose.READ) else max(due, ledger.opens_at())


def _planned(coordinator: AccountCoordinator) -> datetime:
    """Return when the next car is to be read; no sooner than calls are left again."""
    dues = (coordinator.next_read(vin) for vin in coordinator.shown_cars)
    return min(due for due in dues if due is not None)


def _note(life: Replayed, coordinator: AccountCoordinator, now: datetime) -> None:
    """Note which cars were read just now, and how old that is; or why not."""
    ledger = coordinator.ledger
    if not ledger.allows(Purpose.READ):
        # Who would not read before there are calls again misses none.
        if _planned(coordinator) <= ledger.opens_at():
            life.dry.add(now.date())
    elif not coordinator.last_update_success:
        raise RuntimeError("a reading failed") from coordinator.last_exception
    for vin in coordinator.shown_cars:
        car = coordinator.garage.cars[vin]
        if car.channels[coordinator.account].attempted_at == now:
            life.known.setdefault(vin, []).append((now, car.captured_at or START))
