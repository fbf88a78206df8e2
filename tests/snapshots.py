"""What a car is known to have reported, in a test that has no car."""

from datetime import datetime
from typing import Any

from carport.car.signals import Signal, Value
from carport.car.snapshot import Reading, Snapshot


def reported(
    captured_at: datetime,
    *values: tuple[Signal[Any], Value],
    received_at: datetime | None = None,
) -> Snapshot:
    """Return a snapshot with these values, all captured at the same moment."""
    return (
        Snapshot()
        .merge(
            Reading(
                signal=signal,
                value=value,
                captured_at=captured_at,
                received_at=received_at or captured_at,
                channel="home",
            )
            for signal, value in values
        )
        .snapshot
    )
