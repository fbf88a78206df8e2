"""Opening a Demo garage as Home Assistant would, on a clock of one's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from typing import Final

from aiohttp import ClientSession, DummyCookieJar

from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Tokens
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger
from carport.makers.demo.service import DemoGarage
from simulator.clock import ManualClock
from tests.service_context import context_of

SATURDAY_MORNING: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class GarageAdapter:
    """Builds garages that share a memory, as one account does over restarts."""

    session: ClientSession
    clock: ManualClock
    username: str
    stored: str | None = None
    saves: int = 0

    def build(self) -> DemoGarage:
        """Build the service from what it stored."""
        return DemoGarage(
            context_of(
                self.clock,
                Transport(self.session, self.clock, HostMap(), Ledger(self.clock)),
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
async def open_garage(username: str = "demo") -> AsyncIterator[GarageAdapter]:
    """Open a garage on a Saturday morning."""
    clock = ManualClock(SATURDAY_MORNING)
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield GarageAdapter(session=session, clock=clock, username=username)


async def snapshot_of(garage: DemoGarage, car: Car) -> Snapshot:
    """Return what is known of a car after one reading."""
    return Snapshot().merge((await garage.read(car)).readings).snapshot
