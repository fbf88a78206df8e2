"""Looking for deliveries: when, which, and what is said when nothing comes."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
import json
from typing import Any

import pytest

from carport.car.commands import StartCharging, StopCharging
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car
from carport.cloud.errors import (
    CloudError,
    NotPermitted,
    Outage,
    SignInFailed,
    Throttled,
)
from simulator.calls import Call
from tests.world import World

from .account import DataActAccount
from .conftest import ID3, PASSAT, TESTER

QUARTER = 900
LISTS = "*/list"
DOWNLOADS = "*/download"
METADATA = "*/metadata/partial"


class Reads:
    """Reads a car as the engine does: whenever the service says that it is due."""

    def __init__(self, account: DataActAccount, car: Car) -> None:
        """Begin with nothing known."""
        self.account, self.car = account, car
        self.snapshot = Snapshot()
        self.gaps: frozenset[str] = frozenset()

    async def read(self) -> None:
        """Read once."""
        result = await self.account.run(self.account.service.read(self.car))
        self.gaps = result.gaps
        self.snapshot = self.snapshot.merge(result.readings).snapshot

    async def keep_reading(self, seconds: float) -> None:
        """Read for a while."""
        world = self.account.world
        end = world.clock.now() + timedelta(seconds=seconds)
        while (due := self.due()) <= end:
            await world.advance(max((due - world.clock.now()).total_seconds(), 1))
            await self.read()
        await world.advance(max((end - world.clock.now()).total_seconds(), 0))

    def due(self) -> datetime:
        """Return when the car is read next."""
        now = self.account.world.clock.now()
        due = self.account.service.next_reading(self.car, now + timedelta(hours=1))
        return max(due, now)

    def value(self, key: str) -> Any:
        """Return what is known of a signal."""
        reading = self.snapshot.readings.get(key)
        return None if reading is None else reading.value


@pytest.fixture
async def reads(signed_in: DataActAccount, id3: Car) -> Reads:
    """Return the electric car, never read."""
    return Reads(signed_in, id3)


@pytest.fixture
async def passat_reads(signed_in: DataActAccount, passat: Car) -> Reads:
    """Return the plug-in hybrid, never read."""
    return Reads(signed_in, passat)


def _downloads(world: World) -> list[Call]:
    return world.control.calls(DOWNLOADS)


async def test_first_look(reads: Reads, world: World) -> None:
    """What the car has told is there, with everything about the deliveries."""
    await reads.read()
    assert reads.value("battery_level") == 62.0
    assert reads.value("odometer") == 31_870.0
    assert reads.value("doors_locked") is True
    assert reads.value("data_delivery") == "current"
    assert reads.value("service_expires_at").isoformat() == "2027-10-22T08:00:00+00:00"
    assert len(world.control.calls(LISTS)) == 1


async def test_car_of_the_older_kind(passat_reads: Reads, world: World) -> None:
    """Exact times, both ranges and the tank."""
    await passat_reads.read()
    twin = world.simulator.twin(PASSAT)
    assert passat_reads.value("battery_level") == 65.0
    assert passat_reads.value("fuel_level") == 58.0
    assert passat_reads.value("range_total") == passat_reads.value(
        "range_fuel"
    ) + passat_reads.value("range_electric")
    assert passat_reads.value("odometer") == int(twin.report.state.odometer)
    assert passat_reads.snapshot.is_exact(
        passat_reads.snapshot.readings["odometer"].signal
    )


async def test_newest_eight_oldest_first(reads: Reads, world: World) -> None:
    """At first no more than eight files with anything in them are fetched."""
    for _ in range(14):
        world.simulator.twin(ID3).accept(StopCharging(), world.clock.now())
        await world.advance(QUARTER)
        world.simulator.twin(ID3).accept(StartCharging(), world.clock.now())
        await world.advance(QUARTER)
    world.control.forget_calls()
    await reads.read()
    assert len(_downloads(world)) == 8
    level = world.simulator.twin(ID3).report.state.battery_level
    assert reads.value("battery_level") == pytest.approx(level, abs=2)


async def test_only_what_was_not_read_yet(reads: Reads, world: World) -> None:
    """Each file is fetched once; empty ones never are; and so it is after a restart."""
    await reads.read()
    await reads.keep_reading(8 * QUARTER)
    seen = len(_downloads(world))
    assert 1 <= seen <= 10
    await reads.read()
    reads.account.rebuild()
    await reads.read()
    assert len(_downloads(world)) == seen


async def test_restart_shows_values_at_once(reads: Reads, world: World) -> None:
    """What was read before is told again, with its own times."""
    await reads.read()
    before = dict(reads.snapshot.readings)
    reads.account.rebuild()
    reads.snapshot = Snapshot()
    world.control.forget_calls()
    await reads.read()
    assert not _downloads(world)
    for key in ("battery_level", "odometer", "doors_locked"):
        assert reads.snapshot.readings[key].value == before[key].value
        assert reads.snapshot.readings[key].captured_at == before[key].captured_at
        assert reads.snapshot.readings[key].not_before == before[key].not_before


async def test_next_look_is_when_the_next_file_is_there(
    reads: Reads, world: World
) -> None:
    """15 minutes after the newest, and 45 to 60 seconds on top."""
    await reads.read()
    newest = reads.value("delivered_at")
    wait = (reads.due() - newest).total_seconds()
    assert QUARTER + 45 <= wait <= QUARTER + 60
    world.control.forget_calls()
    await reads.keep_reading(8 * QUARTER)
    # One delivery in 29 never comes, and is looked for a few times.
    assert 7 <= len(world.control.calls(LISTS)) <= 20


async def test_looks_for_a_file_that_does_not_come(reads: Reads, world: World) -> None:
    """Each minute for a while, then every five."""
    await reads.read()
    world.control.fault("change", path=LISTS, set={"files": []})
    moments: list[float] = []
    for _ in range(9):
        due = reads.due()
        await world.advance((due - world.clock.now()).total_seconds())
        moments.append(due.timestamp())
        await reads.read()
    gaps = [round(b - a) for a, b in pairwise(moments)]
    assert gaps == [60, 60, 60, 60, 60, 300, 300, 300]


async def test_portal_in_trouble(reads: Reads, world: World) -> None:
    """After a 5xx it is left alone for 5, 15, then 30 minutes."""
    await reads.read()
    world.control.fault("status", path=LISTS, status=500)
    waits = []
    for _ in range(4):
        await world.advance((reads.due() - world.clock.now()).total_seconds())
        with pytest.raises(Outage):
            await reads.read()
        waits.append(round((reads.due() - world.clock.now()).total_seconds(), -1))
    assert waits == [300, 900, 1800, 1800]
    world.control.clear_faults()
    await world.advance(1800)
    await reads.read()
    assert reads.value("battery_level") is not None


@pytest.mark.parametrize("retry_after", ["600", "Sat, 21 Nov 2026 08:10:00 GMT"])
async def test_too_many_reads(reads: Reads, world: World, retry_after: str) -> None:
    """Retry-After is obeyed, in seconds or as a date."""
    world.control.fault(
        "status", path=LISTS, status=429, retry_after=retry_after, count=1
    )
    with pytest.raises(Throttled) as paused:
        await reads.read()
    assert (paused.value.until - world.clock.now()).total_seconds() == pytest.approx(
        600, abs=5
    )
    assert reads.account.ledger.throttled_until == paused.value.until


async def test_throttled_between_two_files(reads: Reads, world: World) -> None:
    """What was read until then counts; the rest comes with the next look."""
    await reads.read()
    for command in (StopCharging(), StartCharging(), StopCharging()):
        world.simulator.twin(ID3).accept(command, world.clock.now())
        await world.advance(QUARTER)
    # The list and one file.
    world.control.service("eu_data_act", reads_limit=2)
    await reads.read()
    assert reads.gaps == {"deliveries"}
    half = reads.value("content_delivered_at")
    assert reads.account.ledger.throttled_until is not None
    world.control.service("eu_data_act", reads_limit=None)
    await world.advance(120)
    world.control.forget_calls()
    await reads.read()
    assert not reads.gaps
    assert _downloads(world)
    assert reads.value("content_delivered_at") > half
    assert reads.value("charging") is False


async def test_pain_35_broken_file_costs_no_other(reads: Reads, world: World) -> None:
    """The next file is read instead, and the broken one is tried once more."""
    await reads.read()
    world.control.fault("truncated", path=DOWNLOADS, count=1)
    for _ in range(2):
        world.simulator.twin(ID3).accept(StopCharging(), world.clock.now())
        await world.advance(QUARTER)
        world.simulator.twin(ID3).accept(StartCharging(), world.clock.now())
        await world.advance(QUARTER)
    await reads.read()
    level = world.simulator.twin(ID3).report.state.battery_level
    assert reads.value("battery_level") == pytest.approx(level, abs=2)
    before = len(_downloads(world))
    await reads.read()
    assert len(_downloads(world)) == before + 1
    await reads.read()
    assert len(_downloads(world)) == before + 1


async def test_file_that_stays_broken(reads: Reads, world: World) -> None:
    """It is tried twice and no more, also over a restart."""
    world.control.account(TESTER, corrupt=1)
    await world.advance(QUARTER)
    await reads.read()
    for _ in range(3):
        await world.advance(60)
        reads.account.rebuild()
        await reads.read()
    by_file = len(_downloads(world))
    await reads.read()
    assert len(_downloads(world)) == by_file


@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("shape", ["object", "list", "items", "requests", "data"])
async def test_shapes(
    reads: Reads, world: World, several: bool, wrapped: bool, shape: str
) -> None:
    """Whatever the answers are wrapped in, the car is read."""
    world.control.account(TESTER, several=several)
    world.control.service(
        "eu_data_act",
        metadata_shape=shape,
        files_in_object=wrapped,
        vehicles_in_object=wrapped,
    )
    assert [
        car.vin for car in await reads.account.run(reads.account.service.cars())
    ] == [
        ID3,
        PASSAT,
    ]
    await reads.read()
    assert reads.value("battery_level") == 62.0


async def test_pain_33_british_car(reads: Reads, world: World) -> None:
    """Miles become kilometres, the same as the car of the neighbour."""
    world.control.account(TESTER, miles=True)
    await reads.read()
    assert reads.value("odometer") == pytest.approx(31_870, abs=1)


async def test_both_spellings(reads: Reads, world: World) -> None:
    """A newer car says things twice, and nothing flips between them."""
    world.control.account(TESTER, format="both")
    await reads.read()
    assert reads.value("battery_level") == 62.0
    assert reads.value("door_front_left") is False
    assert reads.value("range_electric") is not None
    assert reads.account.service.account_facts()["contradictions"] is None


async def test_pain_30_late_reports_are_taken(reads: Reads, world: World) -> None:
    """Reports of hours ago keep their own time, and the delivery's is told apart."""
    world.control.account(TESTER, late=3 * 3600)
    await world.advance(14 * QUARTER)
    await reads.read()
    level = reads.snapshot.readings["battery_level"]
    assert level.captured_at is not None
    assert world.clock.now() - level.captured_at >= timedelta(hours=3)
    assert world.clock.now() - reads.value("content_delivered_at") < timedelta(
        minutes=16
    )


async def test_pain_30_parked_car_is_not_stale(reads: Reads, world: World) -> None:
    """A car that stands says so: the portal works, and there is nothing new."""
    await reads.read()
    world.simulator.twin(ID3).accept(StopCharging(), world.clock.now())
    await reads.keep_reading(20 * QUARTER)
    # The last reports are repeated now and then; between them there is nothing.
    seen = set()
    for _ in range(16):
        await reads.keep_reading(QUARTER)
        seen.add(reads.value("data_delivery"))
    assert seen == {"current", "nothing_new"}
    captured = reads.snapshot.readings["battery_level"].captured_at
    delivered = reads.value("content_delivered_at")
    assert captured is not None
    assert captured < delivered <= reads.value("delivered_at")


async def test_pain_29_only_empty_files(reads: Reads, world: World) -> None:
    """An outage of the maker has a word of its own; values stay, nobody signs in."""
    await reads.read()
    assert reads.value("charging") is True
    level = reads.value("battery_level")
    world.control.account(TESTER, outage=True)
    await reads.keep_reading(20 * QUARTER)
    assert reads.value("data_delivery") == "nothing_new"
    world.control.forget_calls()
    await reads.keep_reading(8 * QUARTER)
    assert reads.value("data_delivery") == "outage"
    assert reads.value("battery_level") == level
    assert len(world.control.calls("*/login/authenticate", method="POST")) <= 1
    assert len(world.control.calls(LISTS)) <= 20
    world.control.account(TESTER, outage=False)
    await reads.keep_reading(4 * QUARTER)
    assert reads.value("data_delivery") in {"current", "nothing_new"}


async def test_pain_29_nothing_ever_came(reads: Reads, world: World) -> None:
    """Some cars get empty files only: after a day that is an outage too."""
    world.control.account(TESTER, outage=True)
    await reads.read()
    assert reads.value("data_delivery") == "waiting"
    await reads.keep_reading(97 * QUARTER)
    assert reads.value("data_delivery") == "outage"


async def test_outage_without_any_files(reads: Reads, world: World) -> None:
    """Files that no longer come at all are an outage."""
    await reads.read()
    world.control.fault("change", path=LISTS, set={"files": []})
    await reads.keep_reading(26 * QUARTER)
    assert reads.value("data_delivery") == "outage"


async def test_pain_32_no_request(reads: Reads, world: World) -> None:
    """Without a request nothing is asked for but whether there is one now."""
    world.control.account(TESTER, requests="delete")
    await reads.read()
    assert reads.value("data_delivery") == "no_request"
    assert not world.control.calls(LISTS)
    world.control.account(TESTER, create_request=ID3)
    await reads.keep_reading(2 * 3600)
    assert reads.value("data_delivery") in {"current", "nothing_new"}
    assert reads.value("battery_level") is not None


async def test_pain_32_ended_request(reads: Reads, world: World) -> None:
    """A lapsed request has a word of its own, and the values stay."""
    await reads.read()
    level = reads.value("battery_level")
    world.control.account(TESTER, requests="lapse")
    await reads.keep_reading(25 * 3600)
    assert reads.value("data_delivery") == "request_ended"
    assert reads.value("battery_level") == level
    assert reads.value("service_expires_at") < world.clock.now()


async def test_request_without_files_yet(reads: Reads, world: World) -> None:
    """Between the request and its first file there is a wait, which is no fault."""
    world.control.account(TESTER, not_ready=True)
    await reads.read()
    assert reads.value("data_delivery") == "waiting"
    world.control.account(TESTER, not_ready=False)
    await reads.keep_reading(QUARTER)
    assert reads.value("battery_level") is not None


@pytest.mark.parametrize("delivered", [False, True])
async def test_portal_without_files_is_asked_at_its_own_pace(
    reads: Reads, world: World, *, delivered: bool
) -> None:
    """Files come every 15 minutes: a list that is not there is not asked for more."""
    if delivered:
        await reads.read()
    world.control.fault("status", path=LISTS, status=404)
    world.control.forget_calls()
    await reads.read()
    await reads.keep_reading(24 * QUARTER)
    asked = {call.at for call in world.control.calls(LISTS)}
    assert 20 <= len(asked) <= 32
    assert reads.value("data_delivery") == ("outage" if delivered else "waiting")
    world.control.clear_faults()
    await reads.keep_reading(QUARTER)
    assert reads.value("data_delivery") == "current"


async def test_changed_identifier(reads: Reads, world: World) -> None:
    """An empty list after files came is looked into, once."""
    await reads.read()
    await world.advance(2 * QUARTER)
    world.control.account(TESTER, requests="change_identifiers")
    world.control.forget_calls()
    await reads.read()
    assert len(world.control.calls(METADATA)) == 1
    assert len(world.control.calls(LISTS)) == 2
    assert reads.value("delivered_at") > world.clock.now() - timedelta(
        seconds=2 * QUARTER
    )


async def test_request_is_looked_at_once_a_day(reads: Reads, world: World) -> None:
    """Its end may change, but not often."""
    await reads.read()
    await reads.keep_reading(23 * 3600)
    assert len(world.control.calls(METADATA)) == 1
    await reads.keep_reading(2 * 3600)
    assert len(world.control.calls(METADATA)) == 2


async def test_two_cars_share_a_session(
    signed_in: DataActAccount, world: World
) -> None:
    """One list for each car at each look, and one sign-in for both."""
    cars = await signed_in.run(signed_in.service.cars())
    world.control.forget_calls()
    for car in cars:
        await signed_in.run(signed_in.service.read(car))
    assert len(world.control.calls(LISTS)) == 2
    assert not world.control.calls("*/login/authenticate")
    looks = {signed_in.service.next_reading(car, world.clock.now()) for car in cars}
    assert len(looks) == 2


async def test_sold_car_costs_no_sign_in(
    signed_in: DataActAccount, id3: Car, passat: Car, world: World
) -> None:
    """A car that has left the account is refused; the other one goes on."""
    world.control.account(TESTER, sell=ID3)
    for _ in range(3):
        with pytest.raises(NotPermitted):
            await signed_in.run(signed_in.service.read(id3))
        assert (await signed_in.run(signed_in.service.read(passat))).readings
        await world.advance(QUARTER)
    assert not world.control.calls("*/login/authenticate")
    # The list of cars has settled it: the car is not asked for a second time.
    assert len(world.control.calls(f"*/{ID3}/metadata/partial")) == 3


async def test_nothing_that_was_fetched_is_lost(
    signed_in: DataActAccount, id3: Car, world: World
) -> None:
    """What was read before a session could not be renewed is told with the next look."""
    reads = Reads(signed_in, id3)
    await reads.read()
    for command in (StopCharging(), StartCharging()):
        world.simulator.twin(ID3).accept(command, world.clock.now())
        await world.advance(2 * QUARTER)
    world.control.account(TESTER, sign_in="locked")
    # The list and one file are answered, then the session is dead.
    world.control.fault("status", path=DOWNLOADS, status=401)
    calls = len(_downloads(world))
    with pytest.raises(SignInFailed):
        await reads.read()
    assert len(_downloads(world)) > calls
    world.control.clear_faults()
    world.control.account(TESTER, sign_in="ok")
    assert await signed_in.sign_in() is None
    await reads.read()
    level = world.simulator.twin(ID3).report.state.battery_level
    assert reads.value("battery_level") == pytest.approx(level, abs=2)


async def test_session_that_ends_with_403(
    signed_in: DataActAccount, id3: Car, world: World
) -> None:
    """What looks like a refusal of the car is looked into; the session is renewed."""
    assert (await signed_in.run(signed_in.service.read(id3))).readings
    await world.advance(2 * QUARTER)
    world.control.fault("status", path="/proxy_api/*", status=403, count=2)
    assert (await signed_in.run(signed_in.service.read(id3))).readings
    assert len(world.control.calls("*/login/authenticate", method="POST")) == 1


async def test_nickname_is_asked_for_once(
    signed_in: DataActAccount, world: World
) -> None:
    """Cars have their owner's names; where none is told, the car is there all the same."""
    world.control.fault("status", path="*/relations/*", status=500)
    cars = await signed_in.run(signed_in.service.cars())
    assert [car.nickname for car in cars] == [None, None]
    world.control.clear_faults()
    for _ in range(3):
        cars = await signed_in.run(signed_in.service.cars())
    assert [car.nickname for car in cars] == ["ID.3", "Passat"]
    assert all(car.manufacturer == "Volkswagen" for car in cars)
    answered = world.control.calls("*/relations/*")
    assert len([call for call in answered if call.status == 200]) == 2


async def test_damaged_store(reads: Reads, world: World) -> None:
    """Whatever is left of the memory, the car is read."""
    await reads.read()
    kept = json.loads(reads.account.stored or "{}")
    for damage in ("", "{", "[]", '{"memory": 5, "request": {"identifier": 7}}'):
        reads.account.stored = json.dumps({**kept, f"car_{ID3}": damage})
        reads.account.rebuild()
        reads.snapshot = Snapshot()
        await reads.read()
        assert reads.value("battery_level") is not None


@pytest.mark.parametrize(
    "fault",
    [{"kind": "html"}, {"kind": "empty"}, {"kind": "truncated"}, {"kind": "drop"}],
    ids=lambda fault: fault["kind"],
)
@pytest.mark.parametrize("path", [LISTS, METADATA, DOWNLOADS])
async def test_bad_answers_end_in_a_type(
    reads: Reads, world: World, path: str, fault: dict[str, Any]
) -> None:
    """Nothing but an error of ours comes out, and the next day is a good one."""
    world.control.fault(**fault, path=path)
    with suppress(CloudError):
        await reads.read()
    world.control.clear_faults()
    await world.advance(QUARTER + 60)
    await reads.read()
    assert reads.value("data_delivery") in {"current", "nothing_new"}


async def test_nothing_secret_is_in_what_is_told(
    signed_in: DataActAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs nor facts hold password, cookie, address or VIN."""
    caplog.set_level("DEBUG")
    car = await signed_in.car()
    await signed_in.run(signed_in.service.read(car))
    told = f"{caplog.text}{signed_in.service.account_facts()}"
    kept = json.loads(signed_in.stored or "{}")
    for secret in (kept["password"], kept["cookie"], TESTER, ID3):
        assert secret not in told
