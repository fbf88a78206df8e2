"""An account at a broker at home, in a world."""

import asyncio
import json
from typing import Any

from carport.cloud.errors import SignInFailed
from carport.cloud.guard import GuardedDialog, SignInGuard, guarded_login
from carport.cloud.sign_in import SignInOutcome
from carport.makers.car_data.own_broker import OwnBroker
from tests.login_dialog import ScriptedDialog
from tests.service_context import context_of
from tests.world import World

from .account import Sink
from .home_broker import HomeBroker

VIN = "WBYZZZ041PV304001"
MINI = "WMWZZZ051NV305001"
HEADER = "vehicle.drivetrain.batteryManagement.header"


class Home:
    """A service at a broker at home."""

    def __init__(self, world: World, broker: HomeBroker) -> None:
        """Build the service, not signed in."""
        self.world, self.broker, self.sink = world, broker, Sink()
        self.stored: str | None = None
        self.task: asyncio.Task[None] | None = None
        self.rebuild()
        world.attach(self)

    def rebuild(self) -> None:
        """Build the service from what it kept."""
        clock = self.world.clock
        self.service = OwnBroker(
            context_of(
                clock,
                tokens=json.loads(self.stored) if self.stored else None,
                save_tokens=self.save,
            )
        )

    async def save(self, tokens: Any) -> None:
        """Keep tokens as on a disk."""
        self.stored = json.dumps(tokens)

    @property
    def in_flight(self) -> int:
        """What has not yet arrived on either side."""
        ours = self.service.connection
        if ours.in_flight or self.task is None or self.task.done():
            return ours.in_flight
        if ours.client_id is None:
            return 0
        return self.broker.sent - ours.received if self.broker.subscribers else 1

    async def log_in(self, **other: str) -> str:
        """Type what leads to the broker."""
        dialog = ScriptedDialog(credentials=self.typed(**other), clock=self.world.clock)
        return await self.world.result(self.service.login(dialog))

    def typed(self, **other: str) -> dict[str, str]:
        """Return what is typed."""
        return {
            "host": "127.0.0.1",
            "port": str(self.broker.port),
            "broker_user": "carport",
            "password": "at home",
            "vins": f"{VIN}, {MINI.lower()}",
            **other,
        }

    async def guarded(self, guard: SignInGuard, **other: str) -> SignInOutcome | None:
        """Sign in as the engine does, with the guard; return how it failed, if it did."""
        typed = ScriptedDialog(credentials=self.typed(**other), clock=self.world.clock)
        login = guarded_login(self.service, GuardedDialog(typed, self.service, guard))
        try:
            await self.world.result(login)
        except SignInFailed as error:
            return error.outcome
        return None

    async def follow(self) -> None:
        """Read along."""
        cars = await self.service.cars()
        self.broker.sent = 0
        self.task = asyncio.ensure_future(self.service.stream(cars, self.sink))
        await self.world.until(lambda: self.sink.grants)

    def push(self, level: int, topic: str = f"bmw/{VIN}", vin: str = VIN) -> None:
        """Publish as a bridge does."""
        entry = {"timestamp": self.world.clock.now().isoformat(), "value": level}
        content = {"vin": vin, "data": {HEADER: entry}}
        self.broker.publish(topic, json.dumps(content).encode())
