"""Answers that were recorded, with some of their values replaced or gone."""

import copy
from typing import Any

from hypothesis import strategies as st


def spoilt[T](draw: st.DrawFn, body: T, odd: st.SearchStrategy[Any]) -> T:
    """Return an answer in which some values have become odd ones or are gone."""
    root = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 6))):
        place: Any = root
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            child = place[key]
            if isinstance(child, (dict, list)) and child and draw(st.integers(0, 5)):
                place = child
                continue
            if draw(st.booleans()):
                place[key] = copy.deepcopy(draw(odd))
            else:
                del place[key]
            break
    return root
