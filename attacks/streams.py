"""The streams that there are, followed over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
import json
from typing import Any, Final

from simulator.car_data import CarData as CarDataCloud
from simulator.car_data.messages import burst
from tests.makers.car_data.account import CarDataAccount, Sink
from tests.makers.car_data.home import VIN, Home
from tests.makers.car_data.home_broker import HomeBroker
from tests.makers.profiles import PROFILES
from tests.world import World

from .accounts import account_of, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream that is followed, and how something is sent by it."""

    world: World
    vin: str
    sink: Sink
    follower: asyncio.Task[None]
    publish: Callable[[bytes], None]
    drop: Callable[[], None]
    """Breaks the connection."""
    secrets: frozenset[str]
    """What nobody may say of it."""


def messages_of(stream: Stream) -> list[bytes]:
    """Return messages as BMW sends them of the car, with everything that it tells."""
    cloud = stream.world.simulator.clouds["car_data"]
    assert isinstance(cloud, CarDataCloud)
    account = next(one for one in cloud.register.accounts if stream.vin in one.vins)
    held = cloud.broker.store.look(account, stream.vin)
    none: Mapping[str, Any] = {}
    return list(
        burst(
            account,
            cloud.register.settings,
            stream.vin,
            held,
            none,
            stream.world.clock.now(),
        )
    )


@asynccontextmanager
async def from_bmw() -> AsyncIterator[Stream]:
    """Follow BMW's stream."""
    async with account_of(PROFILES["car_data"]) as account:
        assert isinstance(account, CarDataAccount)
        await account.enter()
        (car, *_) = await account.follow()

        def publish(payload: bytes) -> None:
            account.cloud.broker.publish(account.gcid, car.vin, payload)

        yield Stream(
            world=account.world,
            vin=car.vin,
            sink=account.sink,
            follower=account.streams[0],
            publish=publish,
            drop=lambda: account.cloud.broker.drop(account.gcid),
            secrets=frozenset(
                {car.vin, account.gcid, *texts(json.loads(account.stored or "{}"))}
            ),
        )
        await account.leave()


@asynccontextmanager
async def at_home() -> AsyncIterator[Stream]:
    """Read along at a broker at home."""
    async with World().opened() as world, HomeBroker() as broker:
        home = Home(world, broker)
        await home.log_in()
        await home.follow()
        assert home.task is not None
        yield Stream(
            world=world,
            vin=VIN,
            sink=home.sink,
            follower=home.task,
            publish=lambda payload: broker.publish(f"bmw/{VIN}", payload),
            drop=broker.drop,
            secrets=frozenset(
                {VIN, "at home", *texts(json.loads(home.stored or "{}"))}
            ),
        )
        home.task.cancel()
        await asyncio.wait({home.task})


STREAMS: Final[Mapping[str, Callable[[], AbstractAsyncContextManager[Stream]]]] = {
    "car_data": from_bmw,
    "car_data_broker": at_home,
}
"""How each service with a stream is followed."""
