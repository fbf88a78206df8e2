"""Opening a Demo garage as Home Assistant would, on a clock of one's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from typing import Final

from aiohttp import ClientSession, DummyCookieJar

from custom_components.carport.car.snapshot import Snapshot
from custom_components.carport.makers.demo.garage import DemoGarage
from custom_components.carport.service.contract import Car, Context, Tokens
from custom_components.carport.service.hosts import HostMap
from custom_components.carport.service.http import Transport
from custom_components.carport.service.ledger import Ledger
from simulator.clock import ManualClock

SATURDAY_MORNING: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class GarageDoor:
    """Builds garages that share a memory, as one account does over restarts."""

    session: ClientSession
    clock: ManualClock
    username: str
    stored: str | None = None
    saves: int = 0

    def build(self) -> DemoGarage:
        """Build the service from what it stored."""
        ledger = Ledger(self.clock)
        return DemoGarage(
            Context(
                transport=Transport(self.session, self.clock, HostMap(), ledger),
                clock=self.clock,
                account="garage",
                region="demo",
                username=self.username,
                tokens=None if self.stored is None else json.loads(self.stored),
                save_tokens=self.save,
            )
        )

    async def save(self, tokens: Tokens | None) -> None:
        """Store tokens as JSON, as on a disk."""
        self.stored = json.dumps(tokens)
        self.saves += 1


@asynccontextmanager
async def open_garage(username: str = "demo") -> AsyncIterator[GarageDoor]:
    """Open a garage on a Saturday morning."""
    clock = ManualClock(SATURDAY_MORNING)
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield GarageDoor(session=session, clock=clock, username=username)


async def snapshot_of(garage: DemoGarage, car: Car) -> Snapshot:
    """Return what is known of a car after one reading."""
    return Snapshot().merge((await garage.read(car)).readings).snapshot
