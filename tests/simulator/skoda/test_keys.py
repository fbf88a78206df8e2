"""Keys, the hourly limit, and every kind of refusal of the simulated interface."""

from datetime import datetime, timedelta

import pytest

from simulator.settings import ControlError

from .client import SkodaClient


async def test_a_key_that_is_none(enyaq: SkodaClient) -> None:
    """401, with nothing about a key."""
    for key in ("", "sk-other"):
        enyaq.key = key
        said = await enyaq.call("GET")
        assert (said.status, said.problem) == (401, "about:blank")
        assert "X-API-Key-Expires-At" not in said.headers
        assert "RateLimit-Limit" not in said.headers


async def test_a_key_runs_out(enyaq: SkodaClient) -> None:
    """Every answer says when; then it is refused, and another one is good."""
    world = enyaq.world
    world.control.account(enyaq.username, key_expires_in=3600)
    said = await enyaq.call("GET")
    told = datetime.fromisoformat(said.headers["X-API-Key-Expires-At"])
    assert told == world.clock.now() + timedelta(hours=1)
    await world.advance(3600)
    said = await enyaq.call("GET")
    assert (said.status, said.problem) == (401, "api-key-expired")
    assert said.headers["X-API-Key-Expires-At"]
    world.control.account(enyaq.username, new_key="sk-next")
    assert (await enyaq.call("GET")).status == 401
    enyaq.key = "sk-next"
    assert (await enyaq.call("GET")).status == 200
    accounts = world.simulator.clouds["skoda"].accounts()
    assert "sk-next" in {one["api_key"] for one in accounts}


async def test_several_keys(enyaq: SkodaClient) -> None:
    """All are good until they are deleted; five for a car at most."""
    turn = enyaq.world.control.account
    first = enyaq.key
    for number in range(4):
        turn(enyaq.username, new_key=f"sk-{number}")
    with pytest.raises(ControlError):
        turn(enyaq.username, new_key="sk-5")
    assert (await enyaq.call("GET")).status == 200
    turn(enyaq.username, revoke_key=first)
    assert (await enyaq.call("GET")).status == 401
    turn(enyaq.username, new_key="sk-5")


async def test_cars_a_key_is_not_for(enyaq: SkodaClient) -> None:
    """Left out of the key, sold, or not written as a car is."""
    enyaq.world.control.account(enyaq.username, leave_out=enyaq.vin)
    said = await enyaq.call("GET")
    assert (said.status, said.problem) == (403, "api-key-not-authorized")
    enyaq.world.control.account(enyaq.username, new_key="sk-next")
    enyaq.key = "sk-next"
    enyaq.world.control.account(enyaq.username, sell=enyaq.vin)
    assert (await enyaq.call("GET")).status == 404
    enyaq.vin = "TMBJC7NY5SF"
    assert (await enyaq.call("GET")).status == 400


async def test_twenty_calls_an_hour(enyaq: SkodaClient, superb: SkodaClient) -> None:
    """For each car, whatever the call; what is refused for that does not count."""
    first = await enyaq.call("GET")
    assert first.quota == (20, 19, 3600)
    await enyaq.world.advance(60)
    for left in range(18, -1, -1):
        path = "/charging/stop" if left % 2 else "/active-ventilation/start"
        said = await enyaq.call("POST", path)
        assert said.quota == (20, left, 3540)
    for _ in range(2):
        said = await enyaq.call("GET")
        assert (said.status, said.problem) == (429, "rate-limit-exceeded")
        assert said.headers["Retry-After"] == "3540"
        assert said.quota == (20, 0, 3540)
    assert (await superb.call("GET")).quota[1] == 19
    await enyaq.world.advance(3540)
    assert (await enyaq.call("GET")).quota == (20, 0, 60)


async def test_the_limit_told_in_other_ways(
    enyaq: SkodaClient, superb: SkodaClient
) -> None:
    """By key in place of car, as a moment, or not at all."""
    turn = enyaq.world.control.service
    turn("skoda", limit_per="key", reset_form="epoch", limit=3)
    await enyaq.call("GET")
    end = int(enyaq.world.clock.now().timestamp()) + 3600
    assert (await superb.call("GET")).quota == (3, 1, end)
    turn("skoda", limit_headers=False)
    assert "RateLimit-Limit" not in (await superb.call("GET")).headers


async def test_what_does_not_count(enyaq: SkodaClient) -> None:
    """Refusals of the key and of the car; all else does."""
    control = enyaq.world.control
    await enyaq.call("GET")
    control.account(enyaq.username, secondary=True)
    said = await enyaq.call("POST", "/charging/stop")
    assert (said.status, said.problem) == (403, "operation-not-authorized")
    control.account(enyaq.username, secondary=False, guarded=True)
    said = await enyaq.call("POST", "/charging/stop")
    assert (said.status, said.problem) == (429, "vehicle-not-accepting-requests")
    assert said.headers["Retry-After"] == "300"
    assert said.quota[1] == 19
    assert (await enyaq.call("GET", "?include=x")).quota[1] == 18


async def test_what_the_car_cannot_do(enyaq: SkodaClient, octavia: SkodaClient) -> None:
    """Never, or not while it is switched off."""
    said = await octavia.call("POST", "/charging/start")
    assert (said.status, said.problem) == (422, "operation-not-supported")
    parts = {"charging": "DISABLED"}
    enyaq.world.control.account(enyaq.username, parts=parts)
    said = await enyaq.call("POST", "/charging/start")
    assert (said.status, said.problem) == (422, "operation-disabled")


async def test_a_car_that_does_not_answer(enyaq: SkodaClient) -> None:
    """504 after a while; what it last said can still be read."""
    enyaq.world.control.twin(enyaq.vin, unreachable=True)
    began = enyaq.world.clock.now()
    said = await enyaq.call("POST", "/charging/stop")
    assert (said.status, said.problem) == (504, "about:blank")
    assert enyaq.world.clock.now() - began == timedelta(seconds=20)
    assert (await enyaq.call("GET")).status == 200


async def test_an_empty_small_battery(enyaq: SkodaClient) -> None:
    """The car protects it by itself."""
    enyaq.world.simulator.twin(enyaq.vin).state.battery_12v = 0.05
    said = await enyaq.call("POST", "/charging/stop")
    assert said.problem == "vehicle-not-accepting-requests"


async def test_keys_cannot_be_checked(enyaq: SkodaClient) -> None:
    """503, for ten seconds or so."""
    enyaq.world.control.service("skoda", key_check_down=True)
    said = await enyaq.call("GET")
    assert (said.status, said.headers["Retry-After"]) == (503, "10")


async def test_calls_that_are_none(enyaq: SkodaClient) -> None:
    """Refused in problem details too."""
    said = await enyaq.call("POST", "/lock")
    assert (said.status, said.problem) == (404, "about:blank")
    assert (await enyaq.call("GET", "/charging/start")).status == 405


async def test_keys_outlive_the_simulator(enyaq: SkodaClient) -> None:
    """Whatever the owner did in the app is kept."""
    enyaq.world.control.account(enyaq.username, new_key="sk-next", key_expires_in=60)
    cloud = enyaq.world.simulator.clouds["skoda"]
    kept = cloud.saved_state()
    cloud.reset()
    enyaq.key = "sk-next"
    assert (await enyaq.call("GET")).status == 401
    cloud.restore_state(kept)
    assert (await enyaq.call("GET")).status == 200
    await enyaq.world.advance(60)
    assert (await enyaq.call("GET")).problem == "api-key-expired"
