"""The past of a twin: nobody's car begins its life at the moment it is added."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from .spec import TwinSpec
from .twin import Twin

PAST: Final = timedelta(days=14)
_STOOD: Final = timedelta(days=1)
"""How long a car that nobody drives has stood, at least."""


def grown(spec: TwinSpec, now: datetime) -> Twin:
    """Return a car with two weeks behind it, up to the last midnight at the latest."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if spec.routine is None:
        return Twin(spec, midnight - _STOOD)
    return Twin(spec, midnight - PAST, life_until(spec, midnight))


@lru_cache(maxsize=32)
def life_until(spec: TwinSpec, midnight: datetime) -> Mapping[str, Any]:
    """Live the past without the reports on the way, which nobody will ever read."""
    silent = replace(spec, reports_driving=None, reports_charging=None)
    twin = Twin(silent, midnight - PAST)
    twin.advance(midnight)
    return twin.to_json()
