"""A simulated fortnight of one car: how many calls, and how old the data is.

Home Assistant's core, the real account with its cadence, and the simulated Car-Net
over HTTP, all on one clock that is moved by hand from one reading to the next.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
import tempfile
from typing import Final

from custom_components.carport.coordinator import AccountCoordinator
from custom_components.carport.makers.demo.roster import GARAGE
from custom_components.carport.makers.demo.twin import Twin, TwinSpec
from simulator.accounts import TWINS, Account
from simulator.app import Simulator
from simulator.clock import ManualClock

from .home import opened_home, sign_up
from .table import Table

_START: Final = datetime(2026, 11, 2, 5, tzinfo=UTC)
"""A Monday at midnight where the car lives."""
_ZONE: Final = "America/New_York"
_WEEK: Final = timedelta(days=7)
_WEEKS: Final = 2
_SAMPLE: Final = timedelta(seconds=15)
_EVERY_FIVE_MINUTES: Final = timedelta(minutes=5)
_LIVES: Final = 5
"""The same habits with other luck: one week alone says little."""
_DOINGS: Final = ("driving", "charging", "parked")
_LIVED: Final = (
    "Mean of {lives} cars with the same habits and other luck; they spend {shares}."
)
_NOTE: Final = (
    "All calls: readings, and the renewal of tokens that live for half an hour. The age "
    "is that of what is shown, by the car's own time: a car that drives off after hours "
    "is hours old until the first reading, which is what the mean while driving is made "
    "of. In the first week nobody knows when it drives off. The simulated car reports "
    "every 90 s while driving, every 5 minutes while charging, and when it is parked, "
    "locked or plugged in."
)

type Ages = dict[str, list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What one way of reading costs and brings in one week."""

    reads: int
    calls: int
    ages: Mapping[str, float]
    """Mean age in minutes by what the car does."""
    shares: Mapping[str, float]
    """Share of the week by what the car does."""


async def tables() -> list[Table]:
    """Live through the weeks once for every way of reading."""
    # One of another owner, as if it were a car of this cloud.
    stranger = replace(GARAGE[0], talkative=False)
    return [
        await _table(TWINS[0], "an e-Golf", _ZONE),
        await _table(TWINS[1], "a Passat", _ZONE),
        await _table(stranger, "another owner's car, not tuned for", "Europe/Berlin"),
    ]


async def _table(spec: TwinSpec, model: str, zone: str) -> Table:
    lives = [replace(spec, seed=spec.seed + number) for number in range(_LIVES)]
    ours = [await _weeks(life, zone, every=None) for life in lives]
    fixed = [await _weeks(life, zone, every=_EVERY_FIVE_MINUTES) for life in lives]
    rows = []
    for number in range(_WEEKS):
        learned = "learning" if number == 0 else "habits learned"
        old = _mean(weeks[number] for weeks in fixed)
        new = _mean(weeks[number] for weeks in ours)
        rows += [
            _row(f"Week {number + 1}, every 5 minutes", old),
            _row(f"Week {number + 1}, Carport, {learned}", new),
            (
                "Carport in per cent",
                f"{new.reads / old.reads:.0%}",
                f"{new.calls / old.calls:.0%}",
                *(
                    f"{new.ages[doing] / old.ages[doing]:.0%}"
                    if doing in new.ages
                    else "-"
                    for doing in _DOINGS
                ),
            ),
        ]
    shares = ", ".join(f"{share:.0%} {doing}" for doing, share in new.shares.items())
    return Table(
        title=f"A simulated week at Car-Net: {model}",
        head=(
            "",
            "readings a day",
            "all calls a day",
            *(f"age {doing} (min)" for doing in _DOINGS),
        ),
        rows=rows,
        notes=(_LIVED.format(lives=_LIVES, shares=shares), _NOTE),
    )


def _row(name: str, week: Week) -> tuple[str, ...]:
    return (
        name,
        f"{week.reads / 7:.0f}",
        f"{week.calls / 7:.0f}",
        *(
            f"{week.ages[doing]:.1f}" if doing in week.ages else "-"
            for doing in _DOINGS
        ),
    )


def _mean(weeks: Iterable[Week]) -> Week:
    known = list(weeks)
    return Week(
        reads=round(fmean(week.reads for week in known)),
        calls=round(fmean(week.calls for week in known)),
        ages={
            doing: fmean(week.ages[doing] for week in known) for doing in known[0].ages
        },
        shares={
            doing: fmean(week.shares[doing] for week in known)
            for doing in known[0].shares
        },
    )


async def _weeks(spec: TwinSpec, zone: str, every: timedelta | None) -> list[Week]:
    """Read a car by its cadence or at fixed times, and compare with the truth."""
    clock = ManualClock(_START)
    account = Account(
        service="car_net",
        region="us",
        username="driver@example.com",
        password="Open-Road-2016",
        vins=(spec.vin,),
    )
    simulator = Simulator(clock, (account,), (spec,))
    await simulator.start()
    known: list[tuple[datetime, datetime]] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with opened_home(Path(folder), clock, zone) as hass:
                coordinator = await sign_up(
                    hass,
                    {"service": account.service},
                    {
                        "username": account.username,
                        "password": account.password,
                        "own_server": {"server": simulator.address},
                    },
                )
                simulator.calls.clear()
                async for moment in _reads(coordinator, clock, spec.vin, every):
                    captured_at = coordinator.garage.cars[spec.vin].captured_at
                    known.append((moment, captured_at or _START))
        calls = Counter(
            (call.path.startswith("/rvs/"), (call.at - _START) // _WEEK)
            for call in simulator.calls.find()
        )
    finally:
        await simulator.stop()
    return [
        Week(
            reads=calls[True, number],
            calls=calls[True, number] + calls[False, number],
            ages={doing: fmean(some) / 60 for doing, some in ages.items()},
            shares={
                doing: len(some) * (_SAMPLE / _WEEK) for doing, some in ages.items()
            },
        )
        for number, ages in enumerate(_ages(spec, known))
    ]


async def _reads(
    coordinator: AccountCoordinator,
    clock: ManualClock,
    vin: str,
    every: timedelta | None,
) -> AsyncIterator[datetime]:
    """Let time pass from reading to reading; yield when each one was."""
    end = _START + _WEEK * _WEEKS
    while True:
        yield clock.now()
        due = coordinator.next_read(vin) if every is None else clock.now() + every
        if due is None or due >= end:
            return
        clock.step((due - clock.now()).total_seconds())
        if every is None:
            await coordinator.async_refresh()
        else:
            await coordinator.async_read(vin)


def _ages(spec: TwinSpec, known: list[tuple[datetime, datetime]]) -> Iterator[Ages]:
    """Sample the truth, and how old what was known then was; a week at a time."""
    twin = Twin(spec, _START)
    moments = [moment for moment, _ in known]
    now = _START
    for _ in range(_WEEKS):
        ages: Ages = {}
        for _ in range(_WEEK // _SAMPLE):
            twin.advance(now)
            captured_at = known[bisect_right(moments, now) - 1][1]
            ages.setdefault(_doing(twin), []).append(
                (now - captured_at).total_seconds()
            )
            now += _SAMPLE
        yield ages


def _doing(twin: Twin) -> str:
    if twin.state.moving:
        return "driving"
    return "charging" if twin.state.charging else "parked"
