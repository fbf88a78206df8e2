"""How the benchmarks compare what was shown with what happened."""

from datetime import UTC, datetime, timedelta

from benchmarks.watching import evenly, foreseen, read_at, shown, together

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
END = BEGIN + timedelta(hours=3)


def at(minutes: float) -> datetime:
    """Return a moment by the minutes since the beginning."""
    return BEGIN + timedelta(minutes=minutes)


DOINGS = [
    (at(0), "parked"),
    (at(60), "driving"),
    (at(90), "parked"),
    (at(120), "charging"),
]
REPORTS = [at(0), at(60), *(at(minute) for minute in range(65, 90, 5)), at(90), at(125)]


def test_8_4_events_are_known_by_what_was_captured_after_them() -> None:
    """Neither by a look that came before the report, nor by an older report."""
    known = [(at(0), at(0)), (at(61), at(0)), (at(70), at(60)), (at(100), at(90))]
    seen = shown(DOINGS, known, BEGIN, END)
    assert seen.reads == 4
    assert seen.delays == {
        "departures": [10],
        "arrivals": [10],
        # Never known: it counts with its length.
        "charge starts": [60],
    }
    assert seen.share_wrong("driving") == "33%"
    assert seen.share_wrong("charging") == "100%"
    assert seen.share_wrong("parked") == "11%"
    assert together([seen, seen]).delay("departures") == "10 / 10"


def test_8_4_nobody_is_better_than_who_foresees() -> None:
    """With as many readings, or fewer."""
    count = 9
    moments = foreseen(DOINGS, REPORTS, BEGIN, END, count)
    assert len(moments) <= count
    best = shown(DOINGS, [(at(0), at(0)), *read_at(moments, REPORTS)], BEGIN, END)
    even = read_at(evenly(BEGIN, END, count), REPORTS)
    plain = shown(DOINGS, even, BEGIN, END)
    assert max(best.delays["departures"]) < 1
    assert max(best.delays["arrivals"]) < 1
    for doing in ("driving", "charging"):
        assert sum(best.ages[doing]) <= sum(plain.ages[doing])
        assert sum(best.wrong[doing]) <= sum(plain.wrong[doing])
