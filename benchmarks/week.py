"""A simulated fortnight of one car: how many calls, and how true what is shown is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from carport.twin.twin import TwinSpec

from .replay import START, WEEK, Plan, Replayed, replay_all
from .services import Measured, Owner, owned
from .table import Table
from .watching import (
    DOINGS,
    EVENTS,
    Shown,
    evenly,
    foreseen,
    read_at,
    shares,
    shown,
    together,
)

_WEEKS: Final = 2
_LIVES: Final = 2
"""The same habits with other random numbers: one week alone says little."""
_LIVED: Final = (
    f"{_LIVES} cars with the same habits and other random numbers; they spend {{shares}}. "
    "The simulated car reports {reports}."
)
_NOTE: Final = (
    "In all of these tables: the truth is the simulator's own car, which was read. All calls "
    "are readings with every part of them, the renewal of tokens, and the list of cars. The "
    "age is the mean of what is shown, in minutes, by the car's own time. An event is *known* "
    "when something is shown that the car captured after it; the two figures are the minutes "
    "after which half and nine tenths of them are known (one that was over before counts with "
    "its length). *Shown wrong* is the share of the time spent driving or charging in which "
    "what is shown was captured before that began. *Every so often* and *at equal cost*, as many "
    "readings as Carport's in even pauses, find the car's last report in the cloud whenever "
    "they look, which no real service promises; *foreseen* has at most as many, and "
    "knows what will happen. *Told by Home Assistant* is Carport when a driver's phone and "
    "a wallbox are named in the options of the car. In the first week nobody knows the car's "
    "days. MyRenault dates some parts itself, which then look younger than the car's report; its "
    "and Z.E. Services' cars do not report while they are driven. Z.E. Services tells neither distance nor place, so that no departure can be learnt "
    "there."
)


async def tables(*only: str) -> list[Table]:
    """Live through the weeks once for every car, and compare ways of reading."""
    owners = [
        (measured, owner) for measured in owned(only) for owner in measured.owners
    ]
    plans = [plan for one in owners for plan in _plans(*one)]
    lives = iter(replay_all(plans))
    found = [
        _table(*one, [next(lives) for _ in range(_LIVES)], [next(lives)])
        for one in owners
    ]
    return [*found[:-1], replace(found[-1], notes=(*found[-1].notes, _NOTE))]


def _plans(measured: Measured, owner: Owner) -> Iterator[Plan]:
    """Live some lives by the cadence, and one more with what Home Assistant knows."""
    for number, told in (*((number, False) for number in range(_LIVES)), (0, True)):
        yield Plan(
            account=measured.account,
            twins=(replace(owner.spec, seed=owner.spec.seed + number),),
            zone=owner.zone,
            lived_as=measured.lived_as,
            weeks=_WEEKS,
            told=told,
        )


def _table(
    measured: Measured,
    owner: Owner,
    lives: Sequence[Replayed],
    told: Sequence[Replayed],
) -> Table:
    vin = owner.spec.vin
    rows = []
    for week in range(_WEEKS):
        begin, end = START + WEEK * week, START + WEEK * (week + 1)
        ours = [shown(life.doings[vin], life.known[vin], begin, end) for life in lives]
        others: dict[str, list[Shown]] = {}
        for life, own in zip(lives, ours, strict=True):
            doings, reports = life.doings[vin], life.reports[vin]
            often = WEEK // timedelta(minutes=measured.fixed)
            ways = {
                f"every {measured.fixed} minutes": evenly(begin, end, often),
                "at equal cost": evenly(begin, end, max(own.reads, 1)),
                "foreseen": foreseen(doings, reports, begin, end, own.reads),
            }
            for way, moments in ways.items():
                known = read_at([begin, *moments], reports)
                others.setdefault(way, []).append(shown(doings, known[1:], begin, end))
        learned = "learning" if week == 0 else "habits learned"
        calls = sum(life.calls_in(week) for life in lives) / _LIVES / 7
        rows += [
            _row(f"Week {week + 1}, {way}", together(some))
            for way, some in others.items()
        ]
        rows.append(
            _row(f"Week {week + 1}, **Carport**, {learned}", together(ours), calls)
        )
        hinted = [shown(life.doings[vin], life.known[vin], begin, end) for life in told]
        rows.append(
            _row(
                f"Week {week + 1}, Carport, told by Home Assistant",
                together(hinted),
                sum(life.calls_in(week) for life in told) / len(told) / 7,
            )
        )
    spent = ", ".join(
        f"{share:.0%} {doing}" for doing, share in shares(together(ours)).items()
    )
    return Table(
        title=f"A simulated week at {measured.info.name}: {owner.car}",
        head=(
            "",
            "readings a day",
            "all calls a day",
            *(f"age {doing}" for doing in DOINGS),
            *(f"{event} known after" for event in EVENTS),
            *(f"{doing} shown wrong" for doing in DOINGS[:2]),
        ),
        rows=rows,
        notes=(_LIVED.format(shares=spent, reports=_reports(owner.spec)),),
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


def _row(name: str, week: Shown, calls: float | None = None) -> tuple[str, ...]:
    return (
        name,
        f"{week.reads / 7:.0f}",
        "-" if calls is None else f"{calls:.0f}",
        *(week.age(doing) for doing in DOINGS),
        *(week.delay(event) for event in EVENTS),
        *(week.share_wrong(doing) for doing in DOINGS[:2]),
    )
