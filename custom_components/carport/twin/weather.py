"""The weather around a twin: by season, hour and chance, the same for every run."""

from functools import lru_cache
from math import cos, pi
from random import Random
from typing import Final

DAY: Final = 86_400
_YEAR: Final = 365.2425 * DAY
_COLDEST_DAY: Final = 20 * DAY
_WARMEST_HOUR: Final = 15
_YEARLY_MEAN: Final = 10.0
_YEARLY_SWING: Final = 9.5
_DAILY_SWING: Final = 4.0
_VARIATION: Final = 5.0


def outside_temperature(seconds: float, latitude: float, longitude: float) -> float:
    """Return the temperature in °C at a moment, in epoch seconds."""
    season = cos(2 * pi * (seconds - _COLDEST_DAY) / _YEAR)
    if latitude < 0:
        season = -season
    local = seconds + local_offset(longitude)
    day, second = divmod(local, DAY)
    hour = cos(2 * pi * (second / 3600 - _WARMEST_HOUR) / 24)
    share = second / DAY
    rng = _random(int(day)) * (1 - share) + _random(int(day) + 1) * share
    return _YEARLY_MEAN - _YEARLY_SWING * season + _DAILY_SWING * hour + rng


def local_offset(longitude: float) -> float:
    """Return the seconds that the sun's clock is ahead of UTC, in whole hours."""
    return round(longitude / 15) * 3600


@lru_cache(maxsize=64)
def _random(day: int) -> float:
    return Random(day).uniform(-_VARIATION, _VARIATION)
