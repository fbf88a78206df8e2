"""Answers of We Connect, read as the service reads them."""

import json
from typing import Any

from multidict import CIMultiDict
from yarl import URL

from carport.cloud.answer import Answer
from carport.cloud.contract import Car
from carport.cloud.field_map import ReadingBuilder
from carport.makers.we_connect.parts import PARTS

NOBODY = Car(vin="WVWZZZ3CZME167891", manufacturer="Volkswagen")
BY_KEY = {part.key: part for part in PARTS}


def answer(body: Any) -> Answer:
    """Return an answer with this body."""
    return Answer(
        what="/sample",
        status=200,
        url=URL("https://msg.volkswagen.de/fs-car"),
        headers=CIMultiDict(),
        text=json.dumps(body),
    )


def decoded(key: str, body: Any) -> Any:
    """Return what is in the envelope of a part's answer."""
    return BY_KEY[key].decode(answer(body))


def read_part(key: str, body: Any, now: Any, channel: str = "home") -> ReadingBuilder:
    """Read the answer of a part, as it came at a time."""
    builder = ReadingBuilder(captured_at=None, received_at=now, channel=channel)
    BY_KEY[key].take(builder, answer(body), NOBODY)
    return builder
