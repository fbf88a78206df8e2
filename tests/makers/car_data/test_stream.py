"""The stream as the service follows it: over real sockets, by the world's clock."""

import asyncio
from datetime import timedelta
import json
from typing import Any

from carport.car import signals as s

from .account import CarDataAccount

HEADER = "vehicle.drivetrain.batteryManagement.header"
ODOMETER = "vehicle.vehicle.travelledDistance"
PLACE = "vehicle.cabin.infotainment.navigation.currentLocation"
PUSHED = "2026-11-21T08:00:00Z"


def push(account: CarDataAccount, data: dict[str, Any], number: int = 0) -> None:
    """Send a message about a car as BMW would."""
    vin = account.spec.vins[number]
    content = {"vin": vin, "entityId": account.gcid, "topic": vin, "data": data}
    account.cloud.broker.publish(account.gcid, vin, json.dumps(content).encode())


async def test_the_car_is_seen_moving_without_a_call(driver: CarDataAccount) -> None:
    """Two days in which nobody asks: trips, charges and the odometer come."""
    await driver.follow()
    driver.world.control.forget_calls()
    vin = driver.spec.vins[0]
    begun = driver.world.simulator.twin(vin).report.state.odometer
    await driver.world.advance(2 * 86_400)
    values = driver.sink.values(vin)
    twin = driver.world.simulator.twin(vin)
    assert twin.report.state.odometer > begun
    assert values["odometer"] == int(twin.report.state.odometer)
    assert values["location"].latitude == twin.report.state.position.latitude  # type: ignore[attr-defined]
    assert not driver.world.control.calls("/customers/*")


async def test_tokens_are_renewed_in_time(driver: CarDataAccount) -> None:
    """After 45 minutes: a clean goodbye, ten seconds, and on with the new one."""
    await driver.follow()
    await driver.world.advance(2700)
    attempts = driver.cloud.broker.attempts
    assert [attempt.code for attempt in attempts] == [0]
    await driver.world.advance(30)
    assert [attempt.code for attempt in attempts] == [0, 0]
    assert attempts[1].at - attempts[0].at >= timedelta(seconds=2700 + 10 - 1)
    assert driver.service.streaming.is_alive


async def test_a_stream_outlives_an_outage_of_the_sign_in(
    driver: CarDataAccount,
) -> None:
    """Tokens that cannot be renewed yet last for a while: nobody connects in a loop."""
    await driver.follow()
    control = driver.world.control
    fault = control.fault("status", path="/gcdm/oauth/token", status=503)
    await driver.world.advance(2700 + 800)
    attempts = driver.cloud.broker.attempts
    assert len(attempts) <= 5
    assert all(attempt.code == 0 for attempt in attempts)
    assert driver.service.streaming.is_alive
    control.clear_faults(fault.number)
    await driver.world.advance(600)
    assert driver.service.streaming.is_alive


async def test_values_come_in_their_own_types(signed_in: CarDataAccount) -> None:
    """Numbers, truth values and words; REST's texts mean the same."""
    await signed_in.follow()
    car = await signed_in.car()
    polled = await signed_in.read(car)
    push(
        signed_in,
        {
            HEADER: {"timestamp": PUSHED, "value": 62, "unit": "percent"},
            "vehicle.cabin.door.row1.driver.isOpen": {
                "timestamp": PUSHED,
                "value": True,
            },
        },
    )
    await signed_in.world.settle()
    values = signed_in.sink.values(car.vin)
    assert polled.value(s.BATTERY_LEVEL) == 61
    assert values["battery_level"] == 62
    assert polled.value(s.DOORS[0]) is False
    assert values["door_front_left"] is True


async def test_a_place_needs_both_halves(signed_in: CarDataAccount) -> None:
    """Latitude and longitude are paired by their own time."""
    (car, *_) = await signed_in.follow()
    push(signed_in, {f"{PLACE}.latitude": {"timestamp": PUSHED, "value": 48.1}})
    await signed_in.world.settle()
    assert "location" not in signed_in.sink.values(car.vin)
    later = "2026-11-21T08:00:05Z"
    await signed_in.world.advance(10)
    push(signed_in, {f"{PLACE}.longitude": {"timestamp": later, "value": 11.5}})
    await signed_in.world.settle()
    assert "location" not in signed_in.sink.values(car.vin)
    push(signed_in, {f"{PLACE}.latitude": {"timestamp": later, "value": 48.2}})
    await signed_in.world.settle()
    place: Any = signed_in.sink.values(car.vin)["location"]
    assert (place.latitude, place.longitude) == (48.2, 11.5)


async def test_what_comes_late_is_dropped(signed_in: CarDataAccount) -> None:
    """Its own time counts, not that of its arrival."""
    (car, *_) = await signed_in.follow()
    await signed_in.world.advance(60)
    for second, level in ((30, 70), (20, 69)):
        at = f"2026-11-21T08:00:{second}Z"
        push(signed_in, {HEADER: {"timestamp": at, "value": level}})
    await signed_in.world.settle()
    assert signed_in.sink.values(car.vin)["battery_level"] == 70


async def test_a_unit_is_remembered(signed_in: CarDataAccount) -> None:
    """It may be left out after it was said."""
    (car, *_) = await signed_in.follow()
    await signed_in.world.advance(60)
    push(
        signed_in,
        {ODOMETER: {"timestamp": PUSHED, "value": 20_000, "unit": "mi"}},
    )
    push(signed_in, {ODOMETER: {"timestamp": "2026-11-21T08:00:09Z", "value": 20_010}})
    await signed_in.world.settle()
    odometer = signed_in.sink.values(car.vin)["odometer"]
    assert odometer == 20_010 * 1.609344


async def test_a_cable_that_is_out_ends_a_charge(signed_in: CarDataAccount) -> None:
    """The stream may be silent about the end of a charge, but tells of the plug."""
    signed_in.world.control.service("car_data", end_unannounced=True)
    (car, *_) = await signed_in.follow()
    for plugged_in in (True, False):
        twin = signed_in.world.simulator.twin(car.vin)
        twin.keep_home(plugged_in=plugged_in, battery_level=50)
        await signed_in.world.advance(1200)
        assert signed_in.sink.values(car.vin)["charging"] is plugged_in
    said = signed_in.sink.values(car.vin)
    assert said["plugged_in"] is False
    assert said["charging"] is False
    assert said["charging_state"] == "disconnected"
    assert said["charging_power"] == 0
    assert said["time_to_full"] is None


async def test_nonsense_is_nobodys_business(signed_in: CarDataAccount) -> None:
    """The stream goes on, and cars of others are none of the account's."""
    (car, *_) = await signed_in.follow()
    broker, gcid = signed_in.cloud.broker, signed_in.gcid
    for payload in (b"", b"{", b"[]", b'{"vin": 1}', b'{"vin": "x", "data": []}'):
        broker.publish(gcid, car.vin, payload)
    broker.publish(gcid, car.vin, b"[" * 5000)
    foreign = {"vin": "WBYZZZ041PV304999", "data": {HEADER: {"value": 1}}}
    broker.publish(gcid, car.vin, json.dumps(foreign).encode())
    push(signed_in, {HEADER: {"timestamp": PUSHED, "value": 63}})
    await signed_in.world.settle()
    assert signed_in.sink.values(car.vin)["battery_level"] == 63
    assert {vin for vin, _ in signed_in.sink.results} == {car.vin}


async def test_a_burst_is_one_reading(signed_in: CarDataAccount) -> None:
    """A thousand messages at once do not become a thousand readings."""
    (car, *_) = await signed_in.follow()
    await signed_in.world.advance(60)
    for number in range(1000):
        at = f"2026-11-21T08:00:{number / 20:09.6f}Z"
        push(signed_in, {HEADER: {"timestamp": at, "value": number / 10}})
    await signed_in.world.settle()
    assert signed_in.sink.values(car.vin)["battery_level"] == 99.9
    assert len(signed_in.sink.results) < 100


async def test_a_client_without_the_stream(account: CarDataAccount) -> None:
    """Nothing is connected to where nothing was subscribed."""
    account.world.control.account(account.spec.username, stream=False)
    await account.enter()
    cars = await account.run(account.service.cars())
    account.streams.append(
        asyncio.ensure_future(account.service.stream(cars, account.sink))
    )
    await account.world.advance(600)
    assert account.sink.grants == 0
    assert all(attempt.code for attempt in account.cloud.broker.attempts)


async def test_leaving_says_goodbye(signed_in: CarDataAccount) -> None:
    """Nothing is left open, also in the middle of connecting."""
    await signed_in.follow()
    await signed_in.leave()
    await signed_in.world.settle()
    assert signed_in.cloud.broker.connection(signed_in.gcid) is None


async def test_calls_are_kept_for_what_the_stream_cannot_say(
    signed_in: CarDataAccount,
) -> None:
    """One look in six hours while it is there, short gaps included; else its share."""
    (car, *_) = await signed_in.follow()
    service, world = signed_in.service, signed_in.world
    await signed_in.read(car)
    read_at = world.clock.now()
    soon = read_at + timedelta(minutes=20)
    assert service.next_reading(car, soon) == read_at + timedelta(hours=6)
    later = read_at + timedelta(hours=8)
    assert service.next_reading(car, later) == later
    # Every renewal of the tokens is a gap, and no reason for a call.
    await signed_in.leave()
    assert not service.streaming.is_alive
    assert service.next_reading(car, soon) == read_at + timedelta(hours=6)
    await world.advance(301)
    assert service.next_reading(car, soon) < read_at + timedelta(hours=2)
