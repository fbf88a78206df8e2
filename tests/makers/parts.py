"""Reads one part of a service's table from a body, without any call."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from yarl import URL

from carport.cloud.answer import Answer
from carport.cloud.contract import Car
from carport.cloud.field_map import ReadingBuilder
from carport.cloud.parts import Part


def read_part(
    parts: Iterable[Part],
    key: str,
    body: Any,
    received_at: datetime,
    channel: str,
    **car: Any,
) -> ReadingBuilder:
    """Return what the part reads from a body, of a car described like this."""
    part = next(part for part in parts if part.key == key)
    part = replace(part, decode=lambda answer: body)
    builder = ReadingBuilder(captured_at=None, received_at=received_at, channel=channel)
    answer = Answer(
        what=key,
        status=200,
        url=URL("https://cloud.example"),
        headers={},
        text="",
    )
    part.take(builder, answer, Car(vin="WVWZZZAUZGW900116", manufacturer="", **car))
    return builder
