"""A program that reads, commands and saves until it is killed: see `kills`."""

import asyncio
from contextlib import suppress
from pathlib import Path
import sys

from carport.car.commands import Lock, Unlock
from carport.cloud.clock import SystemClock
from carport.cloud.errors import CloudError, LoginExpired, SignInFailed
from carport.engine import AccountOptions, AccountStore, Engine, Login
from cli.files import FileStorage
from cli.sessions import http_session
from simulator.accounts import ACCOUNTS

SERVICE = "car_net"
SPEED = 600.0


async def main(folder: Path, address: str) -> None:
    """Go on with what is kept; sign in only where nothing is."""
    owner = next(one for one in ACCOUNTS if one.service == SERVICE)
    engine = await Engine.load(
        FileStorage(folder / "garage.json"), clock=SystemClock(speed=SPEED)
    )
    store = AccountStore(FileStorage(folder / "account.json"))
    await store.load()
    async with http_session() as session:
        account = await engine.open(
            session,
            "victim",
            Login(
                service=SERVICE, region="us", username=owner.username, server=address
            ),
            store=store,
            credentials=None
            if store.tokens
            else {"username": owner.username, "password": owner.password},
            options=AccountOptions(pin=owner.pin),
        )
        print("open", flush=True)  # noqa: T201 - the killer waits for it
        account.start()
        vin = min(account.shown_cars)
        for order in (Unlock(), Lock()) * 1000:
            with suppress(CloudError):
                await engine.read(vin)
                await engine.send(vin, order)
            await engine.save()


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
    except (LoginExpired, SignInFailed) as error:
        sys.exit(f"{type(error).__name__}")
