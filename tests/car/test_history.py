"""Which moments belong to the time that a list is asked about."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from carport.car.history import ALWAYS, ChargeSession, Period, Trip

START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        (
            Period(start=START, end=END),
            [START, END - MOMENT],
            [START - MOMENT, END, None],
        ),
        (Period(start=START), [START, END], [START - MOMENT, None]),
        (Period(end=END), [START, END - MOMENT], [END, None]),
        (ALWAYS, [START, END, None], []),
    ],
)
def test_7_5_a_period_has_its_start_and_not_its_end(
    period: Period, inside: list[datetime | None], outside: list[datetime | None]
) -> None:
    """What has no date is in a list only where no dates are asked for."""
    assert all(period.covers(at) for at in inside)
    assert not any(period.covers(at) for at in outside)


def test_7_5_a_line_is_json_with_what_nobody_said_left_open() -> None:
    """Times are in ISO form, everything else as it is."""
    line = Trip(ended_at=START, distance=12.5, scores={"braking": 0.5}).to_json()
    assert line["ended_at"] == "2026-11-01T00:00:00+00:00"
    assert line["distance"] == 12.5
    assert line["scores"] == {"braking": 0.5}
    assert line["duration"] is None
    assert json.loads(json.dumps(line)) == line


def test_a_line_that_was_kept_needs_both_of_its_times() -> None:
    """A charge of which an end is missing cannot be put to any hour."""
    line = ChargeSession(
        started_at=START, ended_at=START + timedelta(hours=2), energy=7.5
    ).to_json()
    back = ChargeSession.from_json(json.loads(json.dumps(line)))
    assert back is not None
    assert (back.started_at, back.ended_at) == (START, START + timedelta(hours=2))
    assert back.energy == 7.5
    for gone in ("started_at", "ended_at"):
        assert ChargeSession.from_json({**line, gone: None}) is None
