"""A stream at full blast: what a thousand messages a second do to the event loop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
import json
import threading
import time
from typing import Any, Final

from carport.cloud.clock import SystemClock
from carport.cloud.contract import Car, ReadResult
from carport.engine import Channel, Garage
from carport.makers.car_data.own_broker import OwnBroker
from simulator.car_data import packets
from tests.service_context import context_of

from .loop_watch import watched
from .table import Table

_CARS: Final = 4
_SECONDS: Final = 10
_RATES: Final = (10, 100, 1000)
_KEYS: Final = (
    "vehicle.drivetrain.batteryManagement.header",
    "vehicle.vehicle.travelledDistance",
    "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange",
    "vehicle.cabin.infotainment.navigation.currentLocation.latitude",
    "vehicle.cabin.infotainment.navigation.currentLocation.longitude",
    "vehicle.cabin.infotainment.navigation.currentLocation.heading",
    "vehicle.isMoving",
    "vehicle.cabin.door.status",
)
_VINS: Final = tuple(f"WBYZZZ041PV30400{number}" for number in range(_CARS))
_NOTE: Final = (
    f"Messages of {len(_KEYS)} values each about {_CARS} cars in turn, for {_SECONDS} s, "
    "from a broker in a thread of its own over a socket; read through the tables into "
    "the garage. No real car comes near: one that drives sends a few a minute. Times are "
    "processor time of the event loop's thread; *longest stretch* is what anything else "
    "in Home Assistant has to wait at the most. What comes while the loop is busy is read "
    "in one go, so that readings are fewer than messages."
)


async def tables() -> list[Table]:
    """Send at several rates."""
    rows = [await _measured(rate) for rate in _RATES]
    return [
        Table(
            title="A stream of messages",
            head=(
                "messages a second",
                "taken",
                "readings",
                "loop busy",
                "longest stretch",
            ),
            rows=rows,
            notes=(_NOTE,),
        )
    ]


class _Sink:
    """Takes readings into a garage, as an account does."""

    def __init__(self, garage: Garage) -> None:
        self.garage = garage
        self.results = 0
        self.connected = asyncio.Event()

    def take(self, vin: str, result: ReadResult) -> None:
        self.results += 1
        self.garage.take(vin, "home", result)

    def alive(self) -> None:
        self.connected.set()

    def lost(self) -> None:
        raise RuntimeError("the stream was lost")


async def _measured(rate: int) -> tuple[str, ...]:
    clock = SystemClock()

    with _broker(rate) as (port, begin):
        kept: dict[str, str | float | None] = {
            "host": "127.0.0.1",
            "port": port,
            "topic": "bmw/+",
            "vins": " ".join(_VINS),
        }
        service = OwnBroker(context_of(clock, tokens=kept))
        garage = Garage(clock, lambda: None)
        cars = await service.cars()
        garage.connect(
            Channel(account="home", service=service, car=car) for car in cars
        )
        return await _follow(service, cars, _Sink(garage), begin, rate)


async def _follow(
    service: OwnBroker,
    cars: tuple[Car, ...],
    sink: _Sink,
    begin: threading.Event,
    rate: int,
) -> tuple[str, ...]:
    stream = asyncio.ensure_future(service.stream(cars, sink))
    await sink.connected.wait()
    with watched() as seen:
        begin.set()
        started = time.perf_counter()
        while (  # noqa: ASYNC110 - a look costs less than being told by each message
            service.connection.received < rate * _SECONDS
            and time.perf_counter() - started < 2 * _SECONDS
        ):
            await asyncio.sleep(0.05)
        took = time.perf_counter() - started
    taken = service.connection.received
    stream.cancel()
    await asyncio.wait({stream})
    return (
        f"{rate}",
        f"{taken / (rate * _SECONDS):.0%}",
        f"{sink.results}",
        f"{seen.busy / took:.1%}",
        f"{seen.longest * 1000:.1f} ms",
    )


@contextmanager
def _broker(rate: int) -> Iterator[tuple[int, threading.Event]]:
    """Run a broker in a thread; it begins to send when it is told to."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    begin = threading.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packets.read_packet(reader)
        writer.write(packets.connack(packets.Code.ACCEPTED))
        number, filters = packets.parse_subscribe(await packets.read_packet(reader))
        writer.write(packets.suback(number, [0] * len(filters)))
        await asyncio.to_thread(begin.wait)
        started = time.perf_counter()
        for number in range(rate * _SECONDS):
            ahead = started + number / rate - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            writer.write(_message(number))
        await asyncio.sleep(_SECONDS)

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(serve, "127.0.0.1", 0)

    async def stop() -> None:
        server.close()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1], begin
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _message(number: int) -> bytes:
    vin = _VINS[number % _CARS]
    at = datetime.now(UTC).isoformat()
    values: tuple[Any, ...] = (
        number % 100,
        28_000 + number / 1000,
        number % 400,
        48.1 + number / 1e6,
        11.5 + number / 1e6,
        number % 360,
        True,
        "SECURED",
    )
    data = {
        key: {"timestamp": at, "value": value}
        for key, value in zip(_KEYS, values, strict=True)
    }
    return packets.publish(
        f"bmw/{vin}", json.dumps({"vin": vin, "data": data}).encode()
    )
