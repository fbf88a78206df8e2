"""What waits to be published: bounded, in order, and never in anybody's way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

type Payload = str | bytes | Callable[[], str]
"""A text or an image, or what makes a text at the moment when it goes out."""

_PASSING_KEPT: Final = 1000
"""How many messages wait that nobody retains; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One message on its way to the broker."""

    topic: str
    payload: Payload
    retain: bool = False
    qos: int = 0
    sent: Callable[[], None] | None = None
    """Hears that the broker has it, or that something newer has taken its place."""

    @property
    def content(self) -> str | bytes:
        """What is sent now."""
        return self.payload() if callable(self.payload) else self.payload


class Outbox:
    """Messages in the order in which they were put.

    Of a retained topic only the newest is kept, so there are never more of them than
    topics, and none is lost. Putting one in costs the same however slow the broker is.
    """

    def __init__(self, passing_kept: int = _PASSING_KEPT) -> None:
        """Begin empty."""
        self._waiting: dict[str | int, Publication] = {}
        self._numbers: dict[int, None] = {}
        self._next_number = 0
        self._passing_kept = passing_kept
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self.dropped = 0
        """How many messages that nobody retains were given up."""

    def __len__(self) -> int:
        """Return how many messages wait."""
        return len(self._waiting)

    def put(
        self,
        topic: str,
        payload: Payload,
        *,
        retain: bool = False,
        qos: int = 0,
        sent: Callable[[], None] | None = None,
    ) -> None:
        """Have something published as soon as the broker takes it."""
        publication = Publication(
            topic=topic, payload=payload, retain=retain, qos=qos, sent=sent
        )
        if retain:
            replaced = self._waiting.get(topic)
            self._waiting[topic] = publication
            if replaced is not None and replaced.sent is not None:
                replaced.sent()
        else:
            self._put_passing(publication)
        self._empty.clear()
        self._filled.set()

    def _put_passing(self, publication: Publication) -> None:
        number = self._next_number
        self._next_number += 1
        self._waiting[number] = publication
        self._numbers[number] = None
        if len(self._numbers) > self._passing_kept:
            oldest = next(iter(self._numbers))
            del self._numbers[oldest], self._waiting[oldest]
            self.dropped += 1

    async def take(self) -> Publication:
        """Return the next message once there is one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        key = next(iter(self._waiting))
        if isinstance(key, int):
            del self._numbers[key]
        return self._waiting.pop(key)

    def sent(self, publication: Publication) -> None:
        """Note that the broker has what was taken."""
        if publication.sent is not None:
            publication.sent()
        if not self._waiting:
            self._empty.set()

    async def emptied(self) -> None:
        """Wait until the broker has everything."""
        await self._empty.wait()

    def give_back(self, publication: Publication) -> None:
        """Keep what the broker did not take, unless something newer took its place."""
        if publication.retain:
            if publication.topic not in self._waiting:
                self._waiting = {publication.topic: publication, **self._waiting}
            elif publication.sent is not None:
                publication.sent()
            self._filled.set()
        else:
            # A message twice is worse than one that nobody retains missed once.
            self.dropped += 1
