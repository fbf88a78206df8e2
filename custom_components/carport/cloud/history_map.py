"""The lists that a cloud keeps of a car as a table: fetched when somebody asks."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any

from ..car.history import Period
from .answer import Answer
from .contract import Car
from .parts import always
from .requests import Request

type ParseHistory = Callable[[Any, Period, datetime], Mapping[str, Any]]
"""Turns a body into one of the lists of `car/history.py`; the moment is now."""


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """A list that is fetched when somebody asks for it.

    `request` is the call, or makes it of the car, the period and the time it is now.
    Where several rows have one key, what they bring is put together; an `optional` one
    that is refused, or answered with nonsense, counts as an empty answer.
    """

    key: str
    request: Request | Callable[[Car, Period, datetime], Request]
    parse: ParseHistory
    _: KW_ONLY
    decode: Callable[[Answer], Any] = Answer.parsed
    optional: bool = False
    wanted: Callable[[Car], bool] = always
