"""Looking for deliveries: when, which, and what is said when nothing comes."""

from contextlib import suppress
from datetime import timedelta
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
from .reads import DOWNLOADS, LISTS, METADATA, QUARTER, Reads


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


async def test_a_car_without_rear_doors(passat_reads: Reads, world: World) -> None:
    """It is locked when the doors that it has are."""
    world.control.account(TESTER, two_doors=True)
    await passat_reads.read()
    assert passat_reads.value("door_front_left_lock") is True
    assert passat_reads.value("door_rear_left_lock") is None
    assert passat_reads.value("doors_locked") is True


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


async def test_words_as_numbers(reads: Reads, world: World) -> None:
    """Some cars send the number of a word: whatever they say is understood."""
    world.control.account(TESTER, word_numbers=True)
    world.simulator.twin(ID3).accept(StartCharging(), world.clock.now())
    await world.advance(2 * QUARTER)
    await reads.read()
    assert reads.value("charging") is True
    assert reads.value("charging_detail") == "charging"
    assert reads.value("charging_type") == "ac"
    assert reads.value("charging_speed") > 0


async def test_an_empty_list_is_asked_about_once(reads: Reads, world: World) -> None:
    """The request may be another: that is asked at once, and then once an hour."""
    await reads.read()
    fault = world.control.fault("change", path=LISTS, set={"files": []})
    world.control.forget_calls()
    await reads.keep_reading(3 * QUARTER)
    assert len(world.control.calls(LISTS)) >= 8
    assert len(world.control.calls(METADATA)) == 1
    world.control.account(TESTER, requests="change_identifiers")
    world.control.clear_faults(fault.number)
    await reads.keep_reading(5 * QUARTER)
    assert reads.value("data_delivery") in {"current", "nothing_new"}


async def test_an_empty_list_after_a_restart(reads: Reads, world: World) -> None:
    """What has just been asked for is not asked for again in the same look."""
    await reads.read()
    world.control.fault("change", path=LISTS, set={"files": []})
    reads.account.rebuild()
    world.control.forget_calls()
    await reads.read()
    assert len(world.control.calls(LISTS)) == 1
    assert len(world.control.calls(METADATA)) == 1


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


@pytest.mark.parametrize(("status", "looks"), [(404, 1), (400, 1), (500, 3)])
async def test_file_that_is_refused_hides_none_behind_it(
    reads: Reads, world: World, status: int, looks: int
) -> None:
    """One that is gone is left out at once, one the portal fails at after a few looks."""
    await reads.read()
    before = reads.value("delivered_at")
    world.control.account(TESTER, unreadable=status)
    for command in (StopCharging(), StartCharging(), StopCharging()):
        world.simulator.twin(ID3).accept(command, world.clock.now())
        await world.advance(QUARTER)
    world.control.forget_calls()
    for look in range(1, looks + 1):
        with suppress(CloudError):
            await reads.read()
        assert (reads.value("charging") is False) is (look == looks)
    refused = [call for call in _downloads(world) if call.status == status]
    assert len(refused) == looks
    assert reads.value("delivered_at") > before
    assert not reads.gaps


async def test_empty_files_that_do_not_say_so(reads: Reads, world: World) -> None:
    """What is in them counts: only empty files are an outage, whatever their names."""
    world.control.service("eu_data_act", says_no_content=False)
    await reads.read()
    assert reads.value("charging") is True
    content = reads.value("content_delivered_at")
    world.control.account(TESTER, outage=True)
    await reads.keep_reading(28 * QUARTER)
    assert reads.value("content_delivered_at") - content < timedelta(hours=1)
    assert reads.value("data_delivery") == "outage"


@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize(
    "shape", ["object", "list", "items", "requests", "data", "one_in_data"]
)
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
    cookies = json.loads(kept["cookies"]).values()
    for secret in (kept["password"], *cookies, TESTER, ID3):
        assert secret not in told
