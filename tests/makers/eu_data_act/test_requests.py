"""What is said when no file comes: an empty delivery, an outage, or no request for data."""

from datetime import timedelta

import pytest

from tests.world import World

from .conftest import ID3, TESTER
from .reads import LISTS, METADATA, QUARTER, Reads


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
