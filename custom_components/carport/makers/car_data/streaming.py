"""Keeping the stream up: tokens renewed in time, pauses kept, rivals recognised."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import logging
from typing import Final

from ...cloud.clock import Clock
from ...cloud.contract import StreamSink
from ...cloud.errors import CloudError, HostNotMapped, LoginExpired
from ...cloud.http import Transport
from .endpoints import STREAM_HOST, STREAM_PORT
from .reconnecting import LEAST, Reconnecting
from .stream import Message, StreamConnection, StreamLogin, StreamLost, StreamRefused
from .tokens import CarDataTokenManager, CarDataTokens

_LOGGER: Final = logging.getLogger(__name__)
_GAP: Final = timedelta(minutes=5)
_RENEW_AGAIN: Final = timedelta(minutes=5)
_FRESH: Final = timedelta(minutes=2)
"""A token of this age is one that was renewed because the broker refused."""


class Streaming:
    """The stream of an account, until it is cancelled."""

    def __init__(
        self,
        clock: Clock,
        transport: Transport,
        carport_store: CarDataTokenManager,
        take: Callable[[list[Message], StreamSink], object],
    ) -> None:
        """Bring messages to `take`."""
        self._clock = clock
        self._transport = transport
        self._manager = carport_store
        self._take = take
        self.connection = StreamConnection(clock)
        self.rules = Reconnecting()
        self.last_message_at: datetime | None = None
        self.alive_since: datetime | None = None
        self._ended_at: datetime | None = None
        self._refused_id: str | None = None

    async def run(self, sink: StreamSink) -> None:
        """Connect again and again; return where there is nothing to connect to.

        Raises `LoginExpired` when only the owner can go on.
        """
        try:
            address = self._transport.stream_address(STREAM_HOST, STREAM_PORT)
        except HostNotMapped:
            return
        signed_in = self._manager.signed_in_at
        self.rules.signed_in_at = datetime.fromtimestamp(signed_in, UTC)
        stale: CarDataTokens | None = None
        while True:
            try:
                tokens = await self._tokens(stale)
            except LoginExpired:
                raise
            except CloudError as error:
                _LOGGER.debug("No tokens for the stream: %s", type(error).__name__)
                await self._clock.sleep(self._wait_after_failure())
                continue
            if tokens.id is None:
                return  # The client has not subscribed to the stream.
            login = StreamLogin(
                address=address,
                topic=f"{tokens.gcid}/+",
                username=tokens.gcid,
                password=tokens.id,
            )
            stale, wait = None, LEAST
            try:
                await self.connection.run(
                    login,
                    granted=lambda: self._granted(sink),
                    take=lambda messages: self._heard(messages, sink),
                    until=self._until(tokens),
                )
            except StreamRefused as refusal:
                now = self._clock.now()
                if refusal.credentials:
                    wait = self.rules.refused_with(now, fresh=self._is_fresh(tokens))
                    stale = tokens if self.rules.may_force(now) else None
                else:
                    wait = self.rules.failed(now)
            except StreamLost:
                now = self._clock.now()
                lasted = self.alive_since is not None
                wait = self.rules.lost(now) if lasted else self.rules.failed(now)
            finally:
                self._end()
            sink.lost()
            await self._clock.sleep(wait.total_seconds())

    async def _tokens(self, stale: CarDataTokens | None) -> CarDataTokens:
        """Return good tokens; others than those that the broker refused."""
        if stale is None:
            return await self._manager.fresh()
        return await self._manager.renewed(stale)

    def _is_fresh(self, tokens: CarDataTokens) -> bool:
        """Return whether a refusal is the first of tokens that were just renewed.

        A further one of the same tokens may be about a connection that lingers.
        """
        age = self._clock.now().timestamp() - tokens.issued_at
        if tokens.id == self._refused_id or age >= _FRESH.total_seconds():
            return False
        self._refused_id = tokens.id
        return True

    def _until(self, tokens: CarDataTokens) -> datetime:
        """Return when to go on with other tokens.

        Those that could not be renewed in time are good until their end. They are kept
        for some minutes more before that is tried again, since each try costs the
        connection.
        """
        ends = datetime.fromtimestamp(tokens.expires_at, UTC)
        now = self._clock.now()
        renews = ends - timedelta(seconds=self._manager.ahead)
        return renews if renews > now else min(now + _RENEW_AGAIN, ends)

    def _wait_after_failure(self) -> float:
        return self.rules.failed(self._clock.now()).total_seconds()

    def _granted(self, sink: StreamSink) -> None:
        now = self._clock.now()
        self.rules.granted(now)
        self.alive_since = now
        sink.alive()

    def _heard(self, messages: list[Message], sink: StreamSink) -> None:
        now = self._clock.now()
        self.last_message_at = now
        self.rules.lived(now)
        self._take(messages, sink)

    def _end(self) -> None:
        if self.alive_since is not None:
            self._ended_at = self._clock.now()
        self.alive_since = None

    @property
    def is_good(self) -> bool:
        """Whether the stream tells what happens, short gaps aside.

        Every renewal of the tokens is such a gap, and no reason for a call. A stream
        that another program takes away again and again tells next to nothing.
        """
        if self.is_contested:
            return False
        if self.is_alive or self._ended_at is None:
            return self.is_alive
        return self._clock.now() - self._ended_at < _GAP

    @property
    def is_contested(self) -> bool:
        """Whether another program takes the stream away, as far as is known now."""
        self.rules.lived(self._clock.now())
        return self.rules.contested

    @property
    def is_alive(self) -> bool:
        """Whether the subscription is granted now."""
        return self.alive_since is not None
