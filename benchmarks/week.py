"""A simulated fortnight of one car: how many calls, and how old the data is."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean
from typing import Final

from custom_components.carport.makers.demo.twin import Twin, TwinSpec

from .lives import START, WEEK, Lived, Plan, live_all
from .services import MEASURED, Measured, Owner
from .table import Table

_WEEKS: Final = 2
_SAMPLE: Final = timedelta(seconds=15)
_EVERY_FIVE_MINUTES: Final = timedelta(minutes=5)
_LIVES: Final = 3
"""The same habits with other luck: one week alone says little."""
_DOINGS: Final = ("driving", "charging", "parked")
_LIVED: Final = (
    f"Mean of {_LIVES} cars with the same habits and other luck; they spend {{shares}}. "
    "The simulated car reports {reports}."
)
_NOTE: Final = (
    "In all of these tables: all calls are readings with every part of them, the renewal "
    "of tokens, and the list of cars. The age is that of what is shown, by the car's own "
    "time: a car that drives off or begins to charge after hours is hours old until the "
    "first reading, which is what the means while driving and charging are made of: "
    "few starts seen late decide them, so they scatter. In the first week nobody knows "
    "when that is. Z.E. Services tells "
    "neither distance nor place, so that no departure can be learnt there."
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
    owners = [(measured, owner) for measured in MEASURED for owner in measured.owners]
    plans = [plan for one in owners for plan in _plans(*one)]
    weeks = iter(
        [
            _weeks(plan.twins[0], life)
            for plan, life in zip(plans, live_all(plans), strict=True)
        ]
    )
    found = [
        _table(
            *one,
            ours=[next(weeks) for _ in range(_LIVES)],
            fixed=[next(weeks) for _ in range(_LIVES)],
        )
        for one in owners
    ]
    return [*found[:-1], replace(found[-1], notes=(*found[-1].notes, _NOTE))]


def _plans(measured: Measured, owner: Owner) -> Iterator[Plan]:
    """Read every life by the cadence, then every life at fixed times."""
    for every in (None, _EVERY_FIVE_MINUTES):
        for number in range(_LIVES):
            yield Plan(
                account=measured.account,
                twins=(replace(owner.spec, seed=owner.spec.seed + number),),
                zone=owner.zone,
                weeks=_WEEKS,
                every=every,
            )


def _table(
    measured: Measured,
    owner: Owner,
    *,
    ours: Sequence[Sequence[Week]],
    fixed: Sequence[Sequence[Week]],
) -> Table:
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
        title=f"A simulated week at {measured.info.name}: {owner.car}",
        head=(
            "",
            "readings a day",
            "all calls a day",
            *(f"age {doing} (min)" for doing in _DOINGS),
        ),
        rows=rows,
        notes=(_LIVED.format(shares=shares, reports=_reports(owner.spec)),),
    )


def _reports(spec: TwinSpec) -> str:
    """Say when a car tells its cloud anything."""
    pauses = (("driving", spec.reports_driving), ("charging", spec.reports_charging))
    regular = ", ".join(
        f"every {pause / 60:g} min while {doing}" for doing, pause in pauses if pause
    )
    events = (
        "at every event"
        if spec.talkative
        else "when it is parked, locked or plugged in"
    )
    return f"{regular}, and {events}" if regular else events


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


def _weeks(spec: TwinSpec, life: Lived) -> list[Week]:
    """Compare what was known of a car with the truth."""
    return [
        Week(
            reads=life.reads_in(number),
            calls=life.calls_in(number),
            ages={doing: fmean(some) / 60 for doing, some in ages.items()},
            shares={
                doing: len(some) * (_SAMPLE / WEEK) for doing, some in ages.items()
            },
        )
        for number, ages in enumerate(_ages(spec, life.known[spec.vin]))
    ]


def _ages(spec: TwinSpec, known: list[tuple[datetime, datetime]]) -> Iterator[Ages]:
    """Sample the truth, and how old what was known then was; a week at a time."""
    twin = Twin(spec, START)
    moments = [moment for moment, _ in known]
    now = START
    for _ in range(_WEEKS):
        ages: Ages = {}
        for _ in range(WEEK // _SAMPLE):
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
