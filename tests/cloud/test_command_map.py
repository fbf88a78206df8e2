"""When the effect of a command is looked for: the gaps of the table."""

from datetime import UTC, datetime, timedelta

import pytest

from carport.car.commands import CommandKind, Lock
from carport.cloud.command_map import CommandMapping, CommandTracker
from carport.cloud.contract import Car, Ticket
from carport.cloud.requests import post

VIN = "WVWZZZAUZGW900116"
START = datetime(2026, 11, 28, 8, tzinfo=UTC)
CAR = Car(vin=VIN, manufacturer="Volkswagen")
TICKET = Ticket(vin=VIN, command=Lock(), accepted_at=START)


def looks(
    after: float, every: float | tuple[float, ...], step: int = 1, total: int = 120
) -> list[int]:
    """Return at which seconds a look is allowed to somebody who asks all the time."""
    tracker = CommandTracker()
    mapping = CommandMapping(
        kind=CommandKind.LOCK,
        request=post("/lock"),
        look_after=after,
        look_every=every,
    )
    return [
        second
        for second in range(0, total, step)
        if tracker.may_look(TICKET, mapping, START + timedelta(seconds=second))
    ]


@pytest.mark.parametrize(
    ("after", "every", "expected"),
    [
        (25, 30, [25, 55, 85, 115]),
        (20, (8, 16, 32), [20, 28, 44, 76, 108]),
        (0, (60,), [0, 60]),
    ],
)
def test_gaps_between_looks(
    after: float, every: float | tuple[float, ...], expected: list[int]
) -> None:
    """The last gap holds from then on."""
    assert looks(after, every) == expected


def test_no_gap_is_no_ration() -> None:
    """Without a gap the car is looked at each time there is a chance to."""
    assert looks(0, 0, step=40) == [0, 40, 80]


def test_a_new_command_is_looked_at_at_once() -> None:
    """Whatever was looked at for the one before it."""
    tracker = CommandTracker()
    mapping = CommandMapping(
        kind=CommandKind.LOCK, request=post("/lock"), look_every=60
    )
    assert tracker.may_look(TICKET, mapping, START)
    assert not tracker.may_look(TICKET, mapping, START + timedelta(seconds=5))
    tracker.begin(CAR)
    assert tracker.may_look(TICKET, mapping, START + timedelta(seconds=5))
