"""What the cars of all makers' clouds have in common."""

from dataclasses import replace
from typing import Any

from carport.twin.twin import TwinSpec


def parked(like: TwinSpec, vin: str, *, seed: int, **other: Any) -> TwinSpec:
    """Return a car like another that stays put, so that a test meets it as it expects."""
    return replace(like, vin=vin, seed=seed, routine=None, **other)
