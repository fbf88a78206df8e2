"""How long a test waits for what happens by the wall clock."""

from typing import Final

PATIENCE: Final = 60.0
"""Seconds. Only what hangs takes that long: a busy machine is slow, but gets there."""
