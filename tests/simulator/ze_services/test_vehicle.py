"""Every call about a car at the simulated Z.E. Services."""

from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

import pytest

from simulator.settings import ControlError
from tests.world import World

from .client import ZeClient
from .conftest import client_of

WEEK = {
    "mon": {"start": "0100", "duration": "0545"},
    "tue": {"start": "0100", "duration": "0545"},
    "wed": {"start": "0130", "duration": "0515"},
    "thu": {"start": "0100", "duration": "0545"},
    "fri": {"start": "2300", "duration": "0700"},
    "sat": {"start": "1400", "duration": "0015"},
    "sun": {"start": "1200", "duration": "0115"},
}
CALENDAR = {"optimized_charge": False, **WEEK}
ONBOARD = "/charge/scheduler/onboard"
OFFBOARD = "/charge/scheduler/offboard"
PERIOD = "?begin=1026&end=1126"


async def test_the_battery(signed_in: ZeClient) -> None:
    """Supply only when plugged, remaining time only when charging, in minutes."""
    world = signed_in.world
    await world.advance(3600)
    told = (await signed_in.car("GET", "/battery")).body
    assert told["charging"] is told["plugged"] is True
    assert told["charging_point"] == "ACCELERATED"
    assert 10 < told["remaining_time"] < 600
    assert len(str(told["last_update"])) == 13
    twin = world.simulator.twin(signed_in.vin)
    twin.state.plugged_in = False
    twin.wake(world.clock.now(), latency=1)
    await world.advance(2)
    told = (await signed_in.car("GET", "/battery")).body
    assert told.keys() == {
        "charging",
        "plugged",
        "charge_level",
        "remaining_range",
        "last_update",
    }


async def test_reports_come_seldom(signed_in: ZeClient) -> None:
    """Every twenty-five minutes while charging."""
    stamps = []
    for _ in range(10):
        told = (await signed_in.car("GET", "/battery")).body
        stamps.append(told["last_update"])
        await signed_in.world.advance(300)
    assert 2 <= len(set(stamps)) <= 3


async def test_asking_the_car(signed_in: ZeClient) -> None:
    """A car can be asked once in twenty minutes."""
    said = await signed_in.car("POST", "/battery")
    assert (said.status, said.body) == (200, None)
    said = await signed_in.car("POST", "/battery")
    assert said.status == 503
    assert "code" in said.body
    await signed_in.world.advance(1200)
    assert (await signed_in.car("POST", "/battery")).status == 200


async def test_preconditioning_now(signed_in: ZeClient) -> None:
    """Nothing at first, then the car's word, then the owner's."""
    world = signed_in.world
    assert (await signed_in.car("GET", "/air-conditioning/last")).status == 204
    world.control.service("ze_services", command_status=202)
    said = await signed_in.car("POST", "/air-conditioning")
    assert (said.status, said.body) == (202, None)
    assert (await signed_in.car("POST", "/air-conditioning")).status == 503
    await world.advance(60)
    assert world.simulator.twin(signed_in.vin).state.climate_active
    last = (await signed_in.car("GET", "/air-conditioning/last")).body
    assert (last["type"], last["result"]) == ("USER_REQUEST", "SUCCESS")
    history = (await signed_in.car("GET", f"/air-conditioning{PERIOD}")).body
    assert [one["type"] for one in history] == ["USER_REQUEST", "CAR_NOTIFICATION"]
    assert history[0]["date"] > history[1]["date"]
    await world.advance(300)
    assert not world.simulator.twin(signed_in.vin).state.climate_active


async def test_preconditioning_with_too_little(signed_in: ZeClient) -> None:
    """Below 45 per cent the car declines; no answer at all becomes an error too."""
    world = signed_in.world
    twin = world.simulator.twin(signed_in.vin)
    twin.state.plugged_in, twin.state.battery_level = False, 44
    await signed_in.car("POST", "/air-conditioning")
    await world.advance(60)
    last = (await signed_in.car("GET", "/air-conditioning/last")).body
    assert last["result"] == "ERROR"
    world.control.twin(signed_in.vin, unreachable=True)
    await signed_in.car("POST", "/air-conditioning")
    await world.advance(700)
    history = (await signed_in.car("GET", f"/air-conditioning{PERIOD}")).body
    assert [one["result"] for one in history] == ["ERROR", "ERROR"]


async def test_preconditioning_later(signed_in: ZeClient) -> None:
    """Once, at the next such time of day; it can be removed where that is known."""
    path, world = "/air-conditioning/scheduler", signed_in.world
    assert (await signed_in.car("GET", path)).status == 204
    for start in ("1", "2400", "8:53", None, 853):
        assert (await signed_in.car("POST", path, {"start": start})).status == 400
    assert (await signed_in.car("POST", path, {"start": "0853"})).status == 200
    assert (await signed_in.car("GET", path)).body == {"next_start": "0853"}
    await world.advance(54 * 60)
    assert world.simulator.twin(signed_in.vin).state.climate_active
    assert (await signed_in.car("GET", path)).status == 204
    await signed_in.car("POST", path, {"start": "1753"})
    assert (await signed_in.car("DELETE", path)).status == 200
    assert (await signed_in.car("GET", path)).status == 204
    await world.advance(86_400)
    assert not world.simulator.twin(signed_in.vin).state.climate_active
    world.control.service("ze_services", timer_can_be_removed=False)
    await signed_in.sign_in()
    assert (await signed_in.car("DELETE", path)).status == 405


async def test_a_reset_forgets_timers(signed_in: ZeClient) -> None:
    """Nothing starts by itself after it."""
    path = "/air-conditioning/scheduler"
    await signed_in.car("POST", path, {"start": "0853"})
    signed_in.world.control.reset()
    # A minute after the moment: the cabin is conditioned for five.
    await signed_in.world.advance(54 * 60)
    assert not signed_in.world.simulator.twin(signed_in.vin).state.climate_active


async def test_charge_start(signed_in: ZeClient) -> None:
    """A failed request shows in the battery's history only."""
    world, path = signed_in.world, f"/battery/history{PERIOD}"
    assert (await signed_in.car("POST", "/charge")).status == 200
    await world.advance(120)
    assert (await signed_in.car("GET", path)).status == 204
    world.simulator.twin(signed_in.vin).state.plugged_in = False
    assert (await signed_in.car("POST", "/charge")).status == 200
    await world.advance(60)
    (failed,) = (await signed_in.car("GET", path)).body
    assert (failed["type"], failed["result"]) == ("START_REQUEST", "ERROR")


async def test_charge_history(signed_in: ZeClient) -> None:
    """Newest first, of whole months, with milliseconds at some starts."""
    await signed_in.world.advance(6 * 3600)
    events = (await signed_in.car("GET", f"/charge/history{PERIOD}")).body
    dates = [event["date"] for event in events]
    assert dates == sorted(dates, reverse=True)
    assert events[0]["type"] == "END_NOTIFICATION"
    assert events[0]["charging_point"] == "INVALID"
    assert events[1]["remaining_time"] % 60_000 == 0
    assert events[1]["remaining_time"] > 60_000
    assert any(
        "remaining_time" not in event
        for event in events
        if event["type"] == "START_NOTIFICATION"
    )
    october = await signed_in.car("GET", "/charge/history?begin=1026&end=1026")
    assert 0 < len(october.body) < len(events)
    nothing = await signed_in.car("GET", "/charge/history?begin=0126&end=0226")
    assert nothing.status == 204


@pytest.mark.parametrize("period", ["", "?begin=1026", "?begin=2610&end=2611"])
async def test_a_period_that_is_none(signed_in: ZeClient, period: str) -> None:
    """It is refused."""
    assert (await signed_in.car("GET", f"/charge/history{period}")).status == 400


async def test_notification_settings(signed_in: ZeClient) -> None:
    """They are replaced as a whole."""
    path = "/settings/notification"
    settings = (await signed_in.car("GET", path)).body
    changed = {**settings, "charge_start": "SMS", "do_not_disturb": None}
    assert (await signed_in.car("PUT", path, changed)).status == 200
    assert (await signed_in.car("GET", path)).body == changed
    bad: list[dict[str, Any]] = [
        {"charge_start": "SMS"},
        {**settings, "charge_start": "PIGEON"},
        {**settings, "do_not_disturb": {"start": "1811"}},
        {**settings, "do_not_disturb": {"start": "1811", "end": "2560"}},
        {**settings, "door_open": "SMS"},
    ]
    for body in bad:
        assert (await signed_in.car("PUT", path, body)).status == 400
    assert (await signed_in.car("GET", path)).body == changed


async def test_the_charging_calendar(signed_in: ZeClient) -> None:
    """Written, shown as not enabled, deployed after a while, switched off."""
    world = signed_in.world
    world.control.account(signed_in.username, no_calendar="nothing")
    assert (await signed_in.car("GET", ONBOARD)).status == 204
    assert (await signed_in.car("POST", f"{OFFBOARD}/deploy")).status == 400
    assert (await signed_in.car("PUT", OFFBOARD, CALENDAR)).status == 200
    shown = {"enabled": False, "schedule": WEEK}
    assert (await signed_in.car("GET", ONBOARD)).body == shown
    assert (await signed_in.car("POST", f"{OFFBOARD}/deploy")).status == 200
    assert (await signed_in.car("GET", ONBOARD)).body == shown
    await world.advance(60)
    assert (await signed_in.car("GET", ONBOARD)).body == {**shown, "enabled": True}
    assert not world.simulator.twin(signed_in.vin).state.charging
    assert (await signed_in.car("PUT", ONBOARD, {"enabled": True})).status == 400
    assert (await signed_in.car("PUT", ONBOARD, {"enabled": False})).status == 200
    await world.advance(60)
    assert (await signed_in.car("GET", ONBOARD)).body == shown
    assert world.simulator.twin(signed_in.vin).state.charging


@pytest.mark.parametrize(
    "change",
    [
        {"mon": {"start": "0110", "duration": "0545"}},
        {"mon": {"start": "0100", "duration": "0550"}},
        {"mon": {"start": "0100", "duration": "0000"}},
        {"mon": {"start": "0100", "duration": 345}},
        {"mon": {"start": "0100"}},
        {"mon": None},
        {"fri": {"start": "2300", "duration": "1600"}},
        {"sun": {"start": "2300", "duration": "0300"}},
        {"optimized_charge": "no"},
        {"monday": {"start": "0100", "duration": "0545"}},
    ],
)
async def test_a_calendar_it_refuses(
    signed_in: ZeClient, change: dict[str, Any]
) -> None:
    """Quarters of an hour, one window for every day, none into the next one's."""
    body = {**CALENDAR, **change}
    signed_in.world.control.account(signed_in.username, no_calendar="nothing")
    assert (await signed_in.car("PUT", OFFBOARD, body)).status == 400
    assert (await signed_in.car("GET", ONBOARD)).status == 204
    del body["mon"]
    assert (await signed_in.car("PUT", OFFBOARD, body)).status == 400


async def test_what_nobody_knows(signed_in: ZeClient) -> None:
    """An object."""
    assert (await signed_in.car("GET", "/charge/siblings")).body == {}


async def test_one_car_at_a_time(world: World) -> None:
    """The other one has to be made the active one first."""
    client = client_of(world, "zoe.two.cars@example.com")
    said = await client.sign_in()
    first, second = [car["VIN"] for car in said.body["user"]["associated_vehicles"]]
    assert (await client.car("GET", "/battery")).status == 200
    client.vin = second
    assert (await client.car("GET", "/battery")).status == 403
    said = await client.call("POST", "/vehicle", {"active_vehicle": second})
    assert said.body == {"active_vehicle": second}
    assert (await client.car("GET", "/battery")).status == 200
    client.vin = first
    assert (await client.car("GET", "/battery")).status == 403
    client.vin = "VF1AGZE0000012445"
    body = {"active_vehicle": client.vin}
    assert (await client.call("POST", "/vehicle", body)).status == 403


async def test_a_car_that_is_sold(world: World) -> None:
    """Its calls are refused, and the next login has only the other one."""
    client = client_of(world, "zoe.two.cars@example.com")
    await client.sign_in()
    sold = client.vin
    world.control.account(client.username, sell=sold)
    assert (await client.car("GET", "/battery")).status == 403
    user = (await client.sign_in()).body["user"]
    (left,) = [car["VIN"] for car in user["associated_vehicles"]]
    assert user["vehicle_details"]["VIN"] == left != sold
    with pytest.raises(ControlError):
        world.control.account(client.username, sell=sold)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/battery"),
        ("GET", f"/battery/history{PERIOD}"),
        ("GET", "/air-conditioning/scheduler"),
        ("DELETE", "/air-conditioning/scheduler"),
        ("GET", "/charge/siblings"),
    ],
)
async def test_the_first_description(
    signed_in: ZeClient, method: str, path: str
) -> None:
    """It did not have these calls, nor that which turns to another car."""
    signed_in.world.control.service("ze_services", later_calls=False)
    assert (await signed_in.car(method, path)).status == 405
    body = {"active_vehicle": signed_in.vin}
    assert (await signed_in.call("POST", "/vehicle", body)).status == 405
    assert (await signed_in.car("GET", "/battery")).status == 200


async def test_too_soon_without_a_word(signed_in: ZeClient) -> None:
    """What stands in that refusal was never recorded."""
    signed_in.world.control.service("ze_services", repeat_body=False)
    await signed_in.car("POST", "/charge")
    said = await signed_in.car("POST", "/charge")
    assert (said.status, said.body) == (503, None)


async def test_what_owners_changed_outlives_the_simulator(signed_in: ZeClient) -> None:
    """Settings, calendar, timer, runs and pauses, as a restart finds them."""
    world, vin = signed_in.world, signed_in.vin
    settings = (await signed_in.car("GET", "/settings/notification")).body
    settings = {**settings, "charge_start": "SMS", "do_not_disturb": None}
    await signed_in.car("PUT", "/settings/notification", settings)
    await signed_in.car("PUT", OFFBOARD, CALENDAR)
    await signed_in.car("POST", "/air-conditioning/scheduler", {"start": "0905"})
    await signed_in.car("POST", "/air-conditioning")
    await signed_in.car("POST", "/battery")
    await world.advance(600)
    reads = (
        "/settings/notification",
        ONBOARD,
        "/air-conditioning/scheduler",
        f"/air-conditioning{PERIOD}",
        f"/charge/history{PERIOD}",
    )
    before = [(await signed_in.car("GET", path)).body for path in reads]
    assert before[0] == settings
    assert before[2] == {"next_start": "0905"}
    assert len(before[3]) == 2
    kept = json.loads(
        json.dumps([world.simulator.saved_cars(), world.simulator.cloud_state()])
    )
    later = World(world.clock.now(), saved_cars=kept[0], cloud_state=kept[1])
    async with later.opened():
        again = replace(signed_in, world=later)
        assert [(await again.car("GET", path)).body for path in reads] == before
        assert (await again.car("POST", "/battery")).status == 503
        await later.advance(56 * 60)
        assert later.simulator.twin(vin).state.climate_active
        assert (await again.car("GET", reads[2])).status == 204


async def test_a_timer_that_nobody_kept(signed_in: ZeClient) -> None:
    """It does not go off after its time."""
    world, path = signed_in.world, "/air-conditioning/scheduler"
    await signed_in.car("POST", path, {"start": "0905"})
    cloud_state = world.simulator.cloud_state()
    later = World(world.clock.now() + timedelta(hours=3), cloud_state=cloud_state)
    async with later.opened():
        again = replace(signed_in, world=later)
        assert (await again.car("GET", path)).status == 204
        await later.advance(60)
        assert not later.simulator.twin(signed_in.vin).state.climate_active


@pytest.mark.parametrize("kept", [{"cars": {}}, {"cars": 1, "active": None}, []])
async def test_a_memory_that_is_none(client: ZeClient, kept: Any) -> None:
    """A saved state that cannot be read is ignored."""
    cloud_state = {"ze_services": {client.username: kept}, "other": {}}
    later = World(client.world.clock.now(), cloud_state=cloud_state)
    async with later.opened():
        client.world = later
        await client.sign_in()
        assert (await client.car("GET", "/settings/notification")).status == 200


async def test_what_is_not_subscribed(client: ZeClient) -> None:
    """It is refused, and the login tells."""
    client.world.control.account(client.username, unsubscribe="AC_REMOTE_CONTROL")
    said = await client.sign_in()
    assert "AC_REMOTE_CONTROL" not in said.body["user"]["scopes"]
    said = await client.car("POST", "/air-conditioning")
    assert (said.status, said.body["code"]) == (403, 403800)


async def test_calls_it_does_not_have(signed_in: ZeClient) -> None:
    """No stop, and nothing else either."""
    assert (await signed_in.car("DELETE", "/air-conditioning")).status == 405
    assert (await signed_in.car("GET", "/cockpit")).status == 404
