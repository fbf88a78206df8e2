"""A program without Home Assistant: two accounts, a reading and a command of each.

Run as `python -m tests.library_demo`; it is also the shortest example of the engine.
"""

import asyncio
from datetime import UTC, datetime
import json
import sys

import aiohttp

from carport.car import signals as s
from carport.car.commands import Command, Lock, Unlock
from carport.cloud.clock import SystemClock
from carport.engine import Account, AccountOptions, Engine, Login
from simulator.accounts import ACCOUNTS
from simulator.app import Simulator
from simulator.clock import JumpClock

_SPEED = 120.0
"""Cars take half a minute to obey; nobody has to wait for that here."""
_NIGHT = datetime(2026, 3, 10, 1, tzinfo=UTC)
"""The cars live by habits, and one that is driven refuses: at this hour they are at home."""


async def main() -> dict[str, object]:
    """Open both accounts, and tell what came of it."""
    simulator = Simulator(JumpClock(_NIGHT, _SPEED))
    await simulator.start()
    engine = await Engine.load(clock=SystemClock(_NIGHT, _SPEED))
    jar = aiohttp.DummyCookieJar()
    try:
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            demo = await engine.open(
                session,
                "demo",
                Login(service="demo", region="demo", username=""),
                clock=engine.clock,
            )
            told: dict[str, object] = {"demo": await _try(engine, demo)}
            owner = next(one for one in ACCOUNTS if one.service == "car_net")
            simulated = await engine.open(
                session,
                "simulated",
                Login(
                    service=owner.service,
                    region="us",
                    username=owner.username,
                    server=simulator.address,
                ),
                credentials={"username": owner.username, "password": owner.password},
                options=AccountOptions(pin=owner.pin),
            )
            told["simulated"] = await _try(engine, simulated)
            await engine.close()
    finally:
        await simulator.stop()
    told["loaded"] = sorted(
        {name.partition(".")[0] for name in sys.modules}
        & {"homeassistant", "custom_components"}
    )
    return told


async def _try(engine: Engine, account: Account) -> dict[str, object]:
    """Read an account's first car; unlock and lock it."""
    vin = min(account.shown_cars)
    car = await engine.read(vin)
    orders: tuple[Command, ...] = (Unlock(), Lock())
    receipts = [await engine.send(vin, order) for order in orders]
    return {
        "readings": len(car.snapshot.readings),
        "outcomes": [str(receipt.outcome) for receipt in receipts],
        "locked": car.reported(s.DOORS_LOCKED),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main())) + "\n")
