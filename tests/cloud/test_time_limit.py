"""The time that a reading may take as a whole, over real HTTP."""

import asyncio

from aiohttp import ClientSession, web
import pytest

from carport.cloud.answer import Answer
from carport.cloud.errors import CloudError, Outage, Unreached
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.time_limit import time_limit
from simulator.clock import ManualClock

from .small_cloud import HOST, OTHER_HOST, SmallCloud, never, pass_time


async def _drip(request: web.Request) -> web.StreamResponse:
    """Begin to answer, and never end."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"[")
    return await never(request)


@pytest.fixture
def transport(
    session: ClientSession, clock: ManualClock, cloud: SmallCloud
) -> Transport:
    """Return a transport to the server on loopback."""
    return Transport(session, clock, HostMap(cloud.hosts), Ledger(clock))


class _Reading:
    """Several parts, one after the other, whatever becomes of them."""

    def __init__(self, transport: Transport, clock: ManualClock) -> None:
        """Begin with nothing read."""
        self.transport, self.clock = transport, clock
        self.took = 0.0

    async def part(
        self, number: int, purpose: Purpose, host: str = HOST
    ) -> Answer | CloudError:
        """Ask for one part."""
        try:
            return await self.transport.request(
                "GET",
                f"https://{host}/part/{number}",
                purpose=purpose,
                what="/part/{n}",
                repeatable=True,
            )
        except CloudError as error:
            return error

    async def parts(
        self, count: int, purpose: Purpose = Purpose.READ
    ) -> list[Answer | CloudError]:
        """Read all parts within the time that a reading may take."""
        started = self.clock.now()
        with time_limit(self.clock):
            found = [
                await asyncio.create_task(self.part(number, purpose))
                for number in range(count)
            ]
        self.took = (self.clock.now() - started).total_seconds()
        return found


@pytest.fixture
def reading(transport: Transport, clock: ManualClock) -> _Reading:
    """Return a reading that has not begun."""
    return _Reading(transport, clock)


@pytest.mark.parametrize("silent", [never, _drip])
async def test_a_silent_cloud_costs_a_minute(
    reading: _Reading, cloud: SmallCloud, silent: object
) -> None:
    """What was read before counts, and what comes after is not even asked for."""
    cloud.answers.append(web.json_response({"km": 3}))
    cloud.answers.extend([silent] * 20)  # type: ignore[list-item]  # two handlers
    first, *others = await pass_time(
        reading.clock, asyncio.create_task(reading.parts(7))
    )
    assert isinstance(first, Answer)
    assert len(others) == 6
    assert all(isinstance(one, Outage) for one in others)
    assert reading.took <= 60
    assert cloud.paths == ["/part/0", "/part/1", "/part/1"]
    # The next reading is another one.
    cloud.answers.clear()
    (again,) = await reading.parts(1)
    assert isinstance(again, Answer)


async def test_parts_side_by_side_end_together(
    reading: _Reading, cloud: SmallCloud
) -> None:
    """Each of them is cut off."""
    cloud.answers.extend([never] * 20)

    async def all_at_once() -> list[Answer | CloudError]:
        with time_limit(reading.clock):
            return await asyncio.gather(
                *(reading.part(number, Purpose.LIST) for number in range(5))
            )

    started = reading.clock.now()
    found = await pass_time(reading.clock, asyncio.create_task(all_at_once()))
    assert all(isinstance(one, Outage) for one in found)
    assert (reading.clock.now() - started).total_seconds() <= 60
    assert reading.transport.in_flight == 0


async def test_a_host_that_cannot_be_reached_is_tried_for_one_part(
    session: ClientSession,
    clock: ManualClock,
    cloud: SmallCloud,
    unused_tcp_port: int,
) -> None:
    """Three tries in all; another host is still asked."""
    nowhere = f"http://127.0.0.1:{unused_tcp_port}"
    hosts = HostMap({HOST: nowhere, OTHER_HOST: cloud.other_origin})
    transport = Transport(session, clock, hosts, Ledger(clock))
    reading = _Reading(transport, clock)

    async def both() -> tuple[list[Answer | CloudError], Answer | CloudError]:
        with time_limit(clock):
            here = [await reading.part(number, Purpose.READ) for number in range(6)]
            return here, await reading.part(0, Purpose.READ, OTHER_HOST)

    here, there = await pass_time(clock, asyncio.create_task(both()))
    assert all(isinstance(one, Unreached) for one in here)
    assert isinstance(there, Answer)
    assert transport.ledger.counts_today() == {"read": 4}


async def test_a_renewal_under_way_is_not_cut_off(
    reading: _Reading, cloud: SmallCloud
) -> None:
    """Its answer may hold the only tokens that are good; it has its own time."""

    async def late(request: web.Request) -> web.StreamResponse:
        await reading.clock.sleep(25)
        return web.json_response({"token": "x"})

    async def renew() -> Answer | CloudError:
        with time_limit(reading.clock, 20):
            return await reading.part(0, Purpose.TOKEN)

    cloud.answers.append(late)
    found = await pass_time(reading.clock, asyncio.create_task(renew()))
    assert isinstance(found, Answer)


async def test_a_command_has_its_own_time(reading: _Reading, cloud: SmallCloud) -> None:
    """It is no part of a reading, even if it is sent from within one."""
    cloud.answers.extend([never] * 2)
    found = await pass_time(
        reading.clock, asyncio.create_task(reading.parts(1, Purpose.COMMAND))
    )
    assert isinstance(found[0], Answer)
    assert reading.took == 65


async def test_the_clock_is_left_without_timers(
    reading: _Reading, cloud: SmallCloud
) -> None:
    """What ended in time leaves nothing behind."""
    await reading.parts(2)
    assert reading.clock.next_due() is None
