"""What a way of reading shows of a car, beside what the car really did."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean, median, quantiles
from typing import Final

DOINGS: Final = ("driving", "charging", "parked")
EVENTS: Final = ("departures", "arrivals", "charge starts")
_SAMPLE: Final = timedelta(seconds=30)
_DELIVERED: Final = timedelta(seconds=10)
"""What a report takes to be in the cloud, generously."""

type Doings = Sequence[tuple[datetime, str]]
type Known = Sequence[tuple[datetime, datetime]]
"""When a car was read, and when it had captured what was known since."""


@dataclass(slots=True, kw_only=True)
class Shown:
    """How true what was shown is, over a span of time."""

    reads: int = 0
    ages: dict[str, list[float]] = field(default_factory=dict)
    """Minutes of age by what the car does, sampled."""
    wrong: dict[str, list[float]] = field(default_factory=dict)
    """Whether what was shown was captured before the car began what it does."""
    delays: dict[str, list[float]] = field(default_factory=dict)
    """Minutes until an event was known; all of its length where it never was."""

    def age(self, doing: str) -> str:
        """Return the mean age while the car does something."""
        return f"{fmean(self.ages[doing]):.1f}" if self.ages.get(doing) else "-"

    def delay(self, event: str) -> str:
        """Return after how many minutes an event is known: median and 90 per cent."""
        some = self.delays.get(event, [])
        if len(some) < 2:
            return "-"
        return f"{median(some):.0f} / {quantiles(some, n=10)[8]:.0f}"

    def share_wrong(self, doing: str) -> str:
        """Return the share of the time of a doing in which another one is shown."""
        return f"{fmean(self.wrong[doing]):.0%}" if self.wrong.get(doing) else "-"


def together(some: Iterable[Shown]) -> Shown:
    """Return what several cars' lives show together; reads are their mean."""
    lives = list(some)
    total = Shown(reads=round(fmean(life.reads for life in lives)))
    for life in lives:
        for kept, more in (
            (total.ages, life.ages),
            (total.wrong, life.wrong),
            (total.delays, life.delays),
        ):
            for key, values in more.items():
                kept.setdefault(key, []).extend(values)
    return total


def shares(shown: Shown) -> Mapping[str, float]:
    """Return which part of the time a car did what."""
    whole = sum(len(values) for values in shown.ages.values())
    return {
        doing: len(shown.ages[doing]) / whole
        for doing in DOINGS
        if shown.ages.get(doing)
    }


def shown(doings: Doings, known: Known, begin: datetime, end: datetime) -> Shown:
    """Compare what was known with what happened, from a moment to another."""
    moments = [moment for moment, _ in known]
    begins = [since for since, _ in doings]
    found = Shown(reads=sum(begin <= moment < end for moment in moments))
    now = begin
    while now < end:
        since, doing = doings[bisect_right(begins, now) - 1]
        captured_at = known[max(bisect_right(moments, now) - 1, 0)][1]
        age = (now - captured_at).total_seconds() / 60
        found.ages.setdefault(doing, []).append(age)
        found.wrong.setdefault(doing, []).append(float(captured_at < since))
        now += _SAMPLE
    for event, since, until in _events(doings, begin, end):
        known_at = next(
            (
                moment
                for moment, captured_at in known[bisect_right(moments, since) :]
                if captured_at >= since
            ),
            until,
        )
        delay = min(known_at, until) - since
        found.delays.setdefault(event, []).append(delay.total_seconds() / 60)
    return found


def read_at(
    moments: Iterable[datetime], reports: Sequence[datetime]
) -> list[tuple[datetime, datetime]]:
    """Return what reading at these moments brings, if a report is there at once."""
    return [
        (moment, reports[max(bisect_right(reports, moment - _DELIVERED) - 1, 0)])
        for moment in moments
    ]


def evenly(begin: datetime, end: datetime, count: int) -> list[datetime]:
    """Return so many moments, as far apart as can be."""
    return [begin + (end - begin) / count * number for number in range(count)]


def foreseen(
    doings: Doings,
    reports: Sequence[datetime],
    begin: datetime,
    end: datetime,
    count: int,
) -> list[datetime]:
    """Return when somebody would read so many times who knows what will happen.

    Right after the first report of everything new; what is left of the readings goes
    to reports of cars that drive or charge, evenly.
    """
    within = [report for report in reports if begin <= report < end]
    firsts = {
        within[place]
        for since, _ in doings
        if begin <= since < end and (place := _first_from(within, since)) is not None
    }
    begins = [since for since, _ in doings]
    others = [
        report
        for report in within
        if report not in firsts
        and doings[bisect_right(begins, report) - 1][1] != "parked"
    ]
    left = max(count - len(firsts), 0)
    step = max(len(others) / left, 1) if left else 0
    more = [
        others[int(step * number)]
        for number in range(left)
        if step * number < len(others)
    ]
    return sorted(moment + _DELIVERED for moment in [*sorted(firsts)[:count], *more])


def _first_from(reports: Sequence[datetime], since: datetime) -> int | None:
    place = bisect_right(reports, since - timedelta(microseconds=1))
    return place if place < len(reports) else None


def _events(
    doings: Doings, begin: datetime, end: datetime
) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield what happened, since when, and until when it lasted."""
    for number, (since, doing) in enumerate(doings):
        if number == 0 or not begin <= since < end:
            continue
        until = doings[number + 1][0] if number + 1 < len(doings) else end
        if doing == "driving":
            yield "departures", since, until
        elif doings[number - 1][1] == "driving":
            yield "arrivals", since, until
        if doing == "charging":
            yield "charge starts", since, until
