"""The MQTT bridge: from a reading to the broker, how many cars, and how much memory."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import shutil
import socket
import sys
from tempfile import TemporaryDirectory
import time
from typing import Final

import aiomqtt

from carport.car import signals as s
from carport.car.commands import Command
from carport.car.receipts import Receipt
from carport.car.snapshot import Reading
from carport.cloud.cadence import Profile
from carport.cloud.clock import SystemClock
from carport.cloud.contract import Car, Picture, ReadResult
from carport.engine import Channel, Garage
from carport.makers.car_data.own_broker import OwnBroker
from carport.mqtt.bridge import Bridge
from carport.mqtt.connection import Broker, Connection
from carport.mqtt.settings import Settings
from tests.service_context import context_of

from .table import Table

_CARS: Final = (1, 10, 100)
_READINGS: Final = 400
_PACE: Final = 0.01
_EVERY: Final = 300
_SHARE: Final = 0.5
_IDLE: Final = 12.0
_HOST: Final = "127.0.0.1"
_CHANGING: Final = (
    s.BATTERY_LEVEL,
    s.ODOMETER,
    s.RANGE_ELECTRIC,
    s.OUTSIDE_TEMPERATURE,
)
_STILL: Final = 40
_NOTE: Final = (
    "A reading changes four signals of a car that has forty more; it counts as published "
    "when a subscriber in the same process has the last of what it changed, by "
    "mosquitto on loopback and MQTT 5, all of it retained and confirmed (quality of "
    "service 1). One reading comes every 10 ms, whatever the number of cars. *Cars a core* "
    "is by processor time, if each car has something new every five minutes and half of "
    "a core is for them; the subscriber's share is counted in, and what it takes to "
    "ask the makers is not."
)
_MEMORY_NOTE: Final = (
    "A process of `carport bridge` with the Demo garage's four cars, resident after "
    "some seconds of nothing to do."
)


async def tables() -> list[Table]:
    """Measure with one car and with many, then a process that rests."""
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("mosquitto is not installed: scripts/programs does it")
    with TemporaryDirectory() as folder:
        async with _broker(program, Path(folder)) as port:
            rows = [await _measured(port, number) for number in _CARS]
            memory = await _idle_memory(port, Path(folder))
    return [
        Table(
            title="The MQTT bridge",
            head=(
                "cars",
                "median",
                "99th percentile",
                "processor a reading",
                "cars a core",
            ),
            rows=rows,
            notes=(_NOTE,),
        ),
        Table(
            title="The MQTT bridge at rest",
            head=("", "resident memory"),
            rows=[("carport bridge", f"{memory / 1024:.0f} MB")],
            notes=(_MEMORY_NOTE,),
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Gateway:
    """Cars that nothing is asked of."""

    garage: Garage

    @property
    def listed(self) -> Mapping[str, Collection[str]]:
        """All of them, of one account."""
        return {"bench": self.garage.cars.keys()}

    async def send(self, vin: str, command: Command, id_: str | None) -> Receipt:
        """Send nothing."""
        raise NotImplementedError

    async def read(self, vin: str) -> None:
        """Read nothing."""

    async def read_schedule(self, vin: str) -> None:
        """Read nothing."""

    async def picture(self, vin: str) -> Picture | None:
        """Have none."""
        return None

    def profile(self, vin: str) -> Profile:
        """Read no car more often than another."""
        return Profile.NORMAL


async def _measured(port: int, number: int) -> tuple[str, ...]:
    clock = SystemClock()
    garage = Garage(clock, lambda: None)
    service = _service(clock)
    vins = [f"WVWZZZAUZMW{one:06}" for one in range(number)]
    garage.connect(
        Channel(
            account="home",
            service=service,
            car=Car(vin=vin, manufacturer="Carport", nickname=f"car{one}"),
        )
        for one, vin in enumerate(vins)
    )
    start = datetime.now(UTC) - timedelta(hours=1)
    for vin in vins:
        garage.take(vin, "home", _reading(start, 0, everything=True))
    bridge = Bridge(_Gateway(garage), Settings())
    connection = Connection(bridge, Broker(host=_HOST, port=port))
    visit = asyncio.create_task(connection.run())
    found = await _timed(port, garage, vins, start)
    bridge.stop()
    await bridge.close()
    await connection.end()
    await visit
    garage.close()
    return (f"{number}", *found)


def _service(clock: SystemClock) -> OwnBroker:
    """Return a service that takes no command and is never called."""
    return OwnBroker(context_of(clock))


async def _timed(
    port: int, garage: Garage, vins: list[str], start: datetime
) -> tuple[str, ...]:
    """Return the latencies, and what a reading costs."""
    last = asyncio.Event()
    async with aiomqtt.Client(_HOST, port) as client:
        await client.subscribe("carport/+/state", qos=0)
        heard = 0

        async def listen() -> None:
            nonlocal heard
            async for _ in client.messages:
                heard += 1
                last.set()

        listening = asyncio.create_task(listen())
        while heard < len(vins):
            last.clear()
            await last.wait()
        took: list[float] = []
        busy, begun = time.process_time(), time.perf_counter()
        for number in range(1, _READINGS + 1):
            vin = vins[number % len(vins)]
            last.clear()
            at = time.perf_counter()
            garage.take(
                vin, "home", _reading(start + timedelta(seconds=number), number)
            )
            await last.wait()
            took.append(time.perf_counter() - at)
            await asyncio.sleep(max(begun + number * _PACE - time.perf_counter(), 0))
        cost = (time.process_time() - busy) / _READINGS
        listening.cancel()
        await asyncio.wait({listening})
    took.sort()
    return (
        f"{took[len(took) // 2] * 1000:.1f} ms",
        f"{took[len(took) * 99 // 100] * 1000:.1f} ms",
        f"{cost * 1000:.1f} ms",
        f"{_SHARE * _EVERY / cost:.0f}",
    )


def _reading(at: datetime, number: int, *, everything: bool = False) -> ReadResult:
    readings = [
        Reading(
            signal=signal,
            value=float(10 + number % 80)
            if signal is not s.ODOMETER
            else 1000.0 + number,
            captured_at=at,
            received_at=at,
            channel="home",
        )
        for signal in _CHANGING
    ]
    if everything:
        flags = [one for one in s.SIGNALS.values() if one.kind is bool][:_STILL]
        readings += [
            Reading(
                signal=signal,
                value=False,
                captured_at=at,
                received_at=at,
                channel="home",
            )
            for signal in flags
        ]
    return ReadResult(readings=tuple(readings))


async def _idle_memory(port: int, folder: Path) -> int:
    """Return the kilobytes of a bridge that rests."""
    env = {
        **os.environ,
        "CARPORT_HOME": str(folder / "home"),
        "CARPORT_MQTT_HOST": _HOST,
        "CARPORT_MQTT_PORT": str(port),
    }
    command = (sys.executable, "-m", "cli")
    nothing = asyncio.subprocess.DEVNULL
    added = await asyncio.create_subprocess_exec(
        *command, "add", "demo", env=env, stdout=nothing, stderr=nothing
    )
    await added.wait()
    process = await asyncio.create_subprocess_exec(
        *command, "bridge", env=env, stdout=nothing, stderr=nothing
    )
    try:
        await asyncio.sleep(_IDLE)
        status = Path(f"/proc/{process.pid}/status")
        lines = (await asyncio.to_thread(status.read_text)).splitlines()
        (line,) = (one for one in lines if one.startswith("VmRSS:"))
        return int(line.split()[1])
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _broker(program: str, folder: Path) -> AsyncIterator[int]:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} {_HOST}\nallow_anonymous true\n", "utf-8")
    process = await asyncio.create_subprocess_exec(
        program,
        "-c",
        str(config),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.sleep(1)
        yield port
    finally:
        process.terminate()
        await process.wait()
