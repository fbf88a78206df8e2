"""Let the MQTT bridge live for a simulated month, with a broker that restarts every day.

`python -m scripts.soak [days]`. Real mosquitto, the Demo garage's cars, a clock by
hand. It ends with an error if the broker ever lacks what it should retain, if a command
is done twice or not answered, or if memory grows.
"""

import asyncio
from datetime import UTC, datetime, timedelta
import gc
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
import time
import tracemalloc
from typing import Final

from carport.engine import Engine, GarageCar, Login
from carport.mqtt.bridge import Bridge
from carport.mqtt.connection import Broker, Connection
from carport.mqtt.settings import PRIVATE_SIGNALS, CarSettings, Settings
from carport.mqtt.values import text_of
from carport.twin.fleet import GARAGE
from cli.bridging import AccountGateway, note_error
from cli.home import AccountRecord, GarageStorage, Home
from cli.sessions import Session, http_session
from simulator.clock import ManualClock
from tests.mqtt.broker import LOOPBACK, Mosquitto, listening

_DAYS: Final = 30
_STEP: Final = 120
_DAY: Final = 86_400
_TURNS: Final = 20
_SETTLED: Final = 5
"""Days until everything was seen once: after them memory stays what it is."""
_GROWTH: Final = 100_000
"""Bytes that the bridge may be larger after that: it remembers a thousand calls."""
_NAMED: Final = 5
"""How many places are named that hold more than they did."""
_OURS: Final = ("*/carport/mqtt/*", "*/aiomqtt/*", "*/paho/*", "*/asyncio/*")
"""What the bridge is made of: the twins remember their lives, cars their trips."""
_BEGIN: Final = datetime(2026, 3, 1, 5, tzinfo=UTC)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Soak:
    """A month in the life of a bridge."""

    def __init__(self, folder: Path) -> None:
        """Prepare everything; nothing runs yet."""
        self.clock = ManualClock(_BEGIN)
        self.folder = folder
        self.mosquitto = Mosquitto(folder)
        self.topics = {
            spec.vin: f"car{number}" for number, spec in enumerate(GARAGE, 1)
        }
        self.memory: list[int] = []
        self.settled: tracemalloc.Snapshot | None = None
        self.last: tracemalloc.Snapshot | None = None
        self.readings = 0

    async def run(self, days: int) -> None:
        """Live through so many days."""
        await self.mosquitto.start()
        settings = Settings(
            cars={
                vin: CarSettings(topic=topic, commands=frozenset({"lock"}))
                for vin, topic in self.topics.items()
            }
        )
        home = Home(self.folder / "state")
        home.make()
        record = AccountRecord(name="demo", service="demo", region="demo")
        home.keep(record)
        # As the process keeps it: a file that is written some seconds after a change.
        storage = GarageStorage(home, lambda: self.topics, signs_in=False)
        engine = await Engine.load(storage, clock=self.clock)
        asyncio.get_running_loop().set_exception_handler(note_error)
        async with http_session() as http:
            login = Login(service="demo", region="demo", username="")
            account = await engine.open(
                http,
                "demo",
                login,
                store=home.store("demo"),
                credentials={},
                clock=self.clock,
            )
            session = Session(engine=engine, home=home, http=http)
            gateway = AccountGateway.of(session, home, [record])
            bridge = Bridge(gateway, settings)
            connection = Connection(
                bridge,
                Broker(host=LOOPBACK, port=self.mosquitto.port),
                pause=lambda longest: 0.05,
            )
            visit = asyncio.create_task(connection.run())
            account.start()
            tracemalloc.start()
            for day in range(1, days + 1):
                await self._day(day, engine, connection)
            bridge.stop()
            await engine.close()
            await bridge.close()
            await connection.end()
            await visit
        await self.mosquitto.stop()
        self._judge(days, connection)

    async def _day(self, day: int, engine: Engine, connection: Connection) -> None:
        began = time.monotonic()
        await self._live(_DAY // 2)
        visits = connection.connections
        await self.mosquitto.stop()
        # Cars go on while nobody is there to be told.
        await self._live(_DAY // 8)
        await self.mosquitto.start()
        while connection.connections == visits:
            connection.changed.clear()
            await connection.changed.wait()
        await self._command(day, engine)
        await self._live(_DAY * 3 // 8)
        await self._check(engine)
        gc.collect()
        snapshot = _bridge_snapshot()
        self.memory.append(sum(trace.size for trace in snapshot.traces))
        if day == _SETTLED:
            self.settled = snapshot
        self.last = snapshot
        say(
            f"day {day}: {_kilobytes(self.memory[-1])}, "
            f"{connection.published} published, {time.monotonic() - began:.1f} s"
        )

    async def _live(self, seconds: int) -> None:
        """Let time pass, and everybody do what is due."""
        for _ in range(seconds // _STEP):
            self.clock.step(_STEP)
            for _ in range(_TURNS):
                await asyncio.sleep(0)

    async def _command(self, day: int, engine: Engine) -> None:
        """Send one call twice; it is done once, and answered both times."""
        (vin, topic), *_ = self.topics.items()
        before = len(engine.cars[vin].receipts)
        async with listening(self.mosquitto.port, ["carport/#"]) as listener:
            call = {"id": f"day{day}", "command": "lock"}
            answer = f"carport/{topic}/answer/day{day}"
            # It says that it is there once it hears.
            await listener.until(
                lambda: "online" in listener.texts("carport/bridge/state")
            )
            await listener.say(f"carport/{topic}/call", call)
            asking = asyncio.ensure_future(listener.json(answer))
            while not asking.done():
                self.clock.step(1)
                await asyncio.sleep(0.001)
            outcome = (await asking)["outcome"]
            await listener.say(f"carport/{topic}/call", call)
            assert (await listener.json(answer, after=1))["outcome"] == outcome
        receipts = engine.cars[vin].receipts
        assert len(receipts) in {before + 1, receipts.maxlen}, "done twice"

    async def _check(self, engine: Engine) -> None:
        """Compare what the broker retains with what is known."""
        async with listening(self.mosquitto.port, ["carport/#"]) as listener:
            for vin, topic in self.topics.items():
                await listener.json(f"carport/{topic}/state")
                for key, text in _truth(engine.cars[vin]).items():
                    path = f"carport/{topic}/{key}"
                    try:
                        await listener.until(
                            lambda path=path, text=text: (
                                listener.texts(path)[-1:] == [text]
                            )  # type: ignore[misc] # bound at once
                        )
                    except TimeoutError:
                        told = listener.texts(path)[-1:]
                        raise AssertionError(f"{path}: {told} is not {text}") from None
            state = json.loads(listener.texts(f"carport/{topic}/state")[-1])
            assert not state["restored"]

    def _judge(self, days: int, connection: Connection) -> None:
        assert connection.connections == days + 1, "it was not back after each restart"
        if days > _SETTLED:
            begun = self.memory[_SETTLED - 1]
            grown = self.memory[-1] - begun
            say(f"the bridge after day {_SETTLED}: {_kilobytes(begun)}")
            assert self.settled is not None
            assert self.last is not None
            for one in self.last.compare_to(self.settled, "lineno")[:_NAMED]:
                if one.size_diff > 0:
                    say(f"  {_kilobytes(one.size_diff)} more: {one.traceback}")
            assert grown < _GROWTH, f"the bridge grew by {_kilobytes(grown)}"
        say(f"{days} days, {days} restarts: nothing lost, nothing done twice")
        say(f"the bridge at the end: {_kilobytes(self.memory[-1])}")


def _bridge_snapshot() -> tracemalloc.Snapshot:
    """Return what the bridge holds, and what carries it."""
    ours = [tracemalloc.Filter(inclusive=True, filename_pattern=one) for one in _OURS]
    return tracemalloc.take_snapshot().filter_traces(ours)


def _kilobytes(size: int) -> str:
    return f"{size / 1e3:.0f} kB"


def _truth(car: GarageCar) -> dict[str, str]:
    return {
        key: text_of(reading.signal, reading.value)
        for key, reading in car.snapshot.readings.items()
        if key not in PRIVATE_SIGNALS
    }


def main() -> None:
    """Live through as many days as asked."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else _DAYS
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        asyncio.run(Soak(Path(folder)).run(days))
    took = timedelta(seconds=round(time.monotonic() - began))
    say(f"it took {took}")


if __name__ == "__main__":
    main()
