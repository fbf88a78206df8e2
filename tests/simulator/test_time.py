"""Time that is moved at the simulator, as its clients see it."""

from datetime import UTC, datetime, timedelta

import aiohttp

from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.server import fetch_index
from simulator.app import Simulator
from simulator.clock import JumpClock


async def test_a_client_notices_that_time_was_moved() -> None:
    """With the next answer of any host, refusals included, and no second index."""
    simulator = Simulator(JumpClock(datetime(2026, 11, 21, 8, tzinfo=UTC)))
    await simulator.start()
    try:
        async with aiohttp.ClientSession() as session:
            index = await fetch_index(session, simulator.address)
            clock = index.clock
            transport = Transport(session, clock, index.hosts, Ledger(clock))
            for host, origin in simulator.hosts.items():
                if not origin.startswith("http"):
                    continue  # A stream has no answers to say it in.
                simulator.control.advance(86_400)
                assert simulator.clock.now() - clock.now() > timedelta(hours=23)
                await transport.request(
                    "GET",
                    f"https://{host}/nowhere",
                    purpose=Purpose.READ,
                    what="nowhere",
                    allowed=range(200, 600),
                )
                assert simulator.clock.now() - clock.now() < timedelta(minutes=1)
    finally:
        await simulator.stop()


async def test_cars_with_a_past_have_driven() -> None:
    """As the simulator's own process has them; tests begin with an empty book."""
    start = datetime(2026, 11, 21, 8, tzinfo=UTC)
    driven = "WVWZZZ3CZME067891"
    assert not Simulator(JumpClock(start)).twin(driven).memory.trips
    twin = Simulator(JumpClock(start), past=True).twin(driven)
    assert len(twin.memory.trips) > 20
    assert twin.report.captured_at >= start
    life = {driven: twin.to_json()}
    again = Simulator(JumpClock(start), past=True, saved_cars=life).twin(driven)
    assert again.memory.trips == twin.memory.trips
