"""One process that serves shared accounts and takes commands by standard input.

It prints a line of JSON for whatever happens: what opens, what is left, what was cut off
by a crash, and what became of commands.
"""

import asyncio
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import sys
from typing import Any

from carport.car.commands import Lock, Unlock
from carport.cloud.errors import CloudError
from carport.engine.storage import LeaseLost, StorageUnreachable
from cli.cipher import Cipher
from cli.database import key_path
from cli.journal import cut_off, journalled
from cli.postgres import Database
from cli.postgres_home import PostgresHome
from cli.serving import Served, Serving
from cli.sessions import Session, open_accounts


def tell(what: str, **more: Any) -> None:
    """Print what happened."""
    at = datetime.now(UTC).isoformat()
    sys.stdout.write(json.dumps({"event": what, "at": at, **more}) + "\n")
    sys.stdout.flush()


async def main(lease: float, most: int) -> None:
    """Serve until standard input ends."""
    path = Path(os.environ["CARPORT_HOME"])
    home = PostgresHome(
        path,
        Database(os.environ["CARPORT_DATABASE"], patience=1),
        Cipher.from_file(key_path(path)),
        lease=lease,
    )
    home.whole = False

    def opened(served: Served) -> None:
        name = served.record.name
        tell("opened", account=name)
        for one in cut_off(home.journal(name)):
            tell("cut_off", account=name, **one.as_dict())

    def closed(served: Served) -> None:
        tell("left", account=served.record.name)

    async with open_accounts(home, ()) as session:
        serving = Serving(
            session=session, home=home, most=most, opened=opened, closed=closed
        )
        task = asyncio.get_running_loop().create_task(serving.run())
        commands = set()
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        tell("ready")
        while line := await reader.readline():
            word, vin = line.decode().split()
            one = asyncio.ensure_future(send(session, home, word, vin))
            commands.add(one)
            one.add_done_callback(commands.discard)
        task.cancel()
        await serving.close()


async def send(session: Session, home: PostgresHome, word: str, vin: str) -> None:
    """Send a command as every face does: journalled before it goes out."""
    car = session.engine.cars.get(vin)
    if car is None or not car.channels:
        tell("receipt", vin=vin, outcome="refused", reason="not_here")
        return
    if word == "read":
        try:
            await session.engine.read(vin)
        except CloudError as error:
            tell("read", vin=vin, error=type(error).__name__)
        else:
            tell("read", vin=vin, error=None)
        return
    command = {"lock": Lock(), "unlock": Unlock()}[word]
    now = session.engine.garage.clock_of(car).now()
    try:
        with journalled(home.journal(str(car.owner)), vin, command, now):
            tell("sending", vin=vin)
            receipt = await session.engine.send(vin, command)
    except (LeaseLost, StorageUnreachable) as error:
        tell("receipt", vin=vin, outcome="refused", reason=type(error).__name__)
        return
    tell("receipt", vin=vin, outcome=receipt.outcome, reason=receipt.reason)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2])))
