"""Running a service's stream: started, started again after a pause, stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from typing import Final

from ..cloud.clock import Clock
from ..cloud.contract import Car, ReadResult, Service
from ..cloud.errors import CloudError, LoginExpired, SignInFailed, Throttled

_LOGGER: Final = logging.getLogger(__name__)

_FIRST: Final = timedelta(minutes=1)
_MOST: Final = timedelta(minutes=30)
_AFTER_END: Final = timedelta(minutes=30)
"""A stream that ends by itself has nothing to connect to for now."""
_LASTED: Final = timedelta(minutes=2)

type Take = Callable[[str, ReadResult], object]
type OnChange = Callable[[], object]


class StreamRunner:
    """The stream of one account, and how alive it is."""

    def __init__(
        self,
        service: Service,
        cars: Callable[[], tuple[Car, ...]],
        take: Take,
        told: OnChange,
    ) -> None:
        """Bring readings to `take`; `told` hears that the stream came or went."""
        self._service = service
        self._cars = cars
        self._take = take
        self._told = told
        self.alive_since: datetime | None = None
        self.last_message_at: datetime | None = None
        self.failures = 0

    async def run(self) -> None:
        """Run the stream until cancelled."""
        while True:
            wait = _AFTER_END
            try:
                await self._service.stream(self._cars(), self)
            except Throttled as pause:
                wait = max(pause.until - self._clock.now(), _FIRST)
            except LoginExpired, SignInFailed:
                # Reading meets the same, and asks the owner; here it is only waited.
                wait = _MOST
            except CloudError as error:
                self.failures = 1 if self._has_lasted() else self.failures + 1
                wait = min(_FIRST * (1 << min(self.failures - 1, 10)), _MOST)
                _LOGGER.debug("The stream ended: %s", error)
            finally:
                self.alive_since = None
                self._told()
            await self._clock.sleep(wait.total_seconds())

    def take(self, vin: str, result: ReadResult) -> None:
        """Take readings of a car that came by themselves."""
        self.last_message_at = self._clock.now()
        self._take(vin, result)

    def alive(self) -> None:
        """Note that the stream is connected and was granted what it asked for."""
        self.alive_since = self._clock.now()
        self._told()

    def lost(self) -> None:
        """Note that the connection is gone; the service tries again by itself."""
        if self.alive_since is not None:
            self.alive_since = None
            self._told()

    def _has_lasted(self) -> bool:
        """Return whether the stream that ends now was a good one."""
        since = self.alive_since
        return since is not None and self._clock.now() - since >= _LASTED

    @property
    def _clock(self) -> Clock:
        return self._service.context.clock
