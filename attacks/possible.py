"""Whether readings are possible, whatever they were made of."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
import json
from typing import Final

from carport.car.bounds import is_possible_capture
from carport.car.signals import SIGNALS
from carport.car.snapshot import Reading

_AHEAD: Final = timedelta(days=1)


def broken_in(readings: Iterable[Reading], now: datetime) -> Iterator[str]:
    """Yield what is wrong with readings: they have to be possible, and be saved."""
    for reading in readings:
        signal, value = reading.signal, reading.value
        if SIGNALS.get(signal.key) is not signal:
            yield f"unknown signal {signal.key}"
        accepted = None if value is None else signal.accept(value)
        # What the garage refuses never becomes a value.
        if accepted is not None:
            try:
                json.dumps(signal.encode(accepted), allow_nan=False).encode()
            except ValueError:
                yield f"{signal.key} cannot be saved"
        if reading.captured_at is not None and not is_possible_capture(
            reading.captured_at, now + _AHEAD
        ):
            yield f"{signal.key} captured at {reading.captured_at}"
