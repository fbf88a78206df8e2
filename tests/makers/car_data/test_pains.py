"""What owners suffered from with other programs, each as a day of theirs."""

from datetime import timedelta
import json
from typing import Any

import pytest

from carport.car import signals as s
from carport.cloud.errors import NotPermitted, Throttled
from carport.cloud.login import Visit
from carport.cloud.sign_in import SignInOutcome
from tests.simulator.car_data.client import Client
from tests.simulator.car_data.wire import Wire

from .account import CarDataAccount
from .test_stream import HEADER, ODOMETER, PUSHED, push

TOKEN = "/gcdm/oauth/token"
DATA = "/customers/vehicles/*/telematicData"


def keys(account: CarDataAccount) -> set[str]:
    """Return what the owner is told now."""
    return {advice.key for advice in account.service.advice()}


async def test_13_the_sign_in_is_refused_again_and_again(
    account: CarDataAccount,
) -> None:
    """A new code is one click; from the second failure on there is a checklist."""
    errors: list[Any] = []

    def on_ask(page: str, error: SignInOutcome | None) -> dict[str, str]:
        errors.append(error)
        return account.credentials

    def on_visit(visit: Visit) -> None:
        account.browse(visit, "decline" if len(errors) < 2 else "approve")

    dialog = account.dialog(on_ask=on_ask, on_visit=on_visit)
    assert await account.run(account.service.login(dialog)) == account.gcid
    assert errors == [
        SignInOutcome.DEVICE_REFUSED,
        SignInOutcome.DEVICE_REFUSED_AGAIN,
    ]


async def test_14_the_days_calls_are_used_up(signed_in: CarDataAccount) -> None:
    """No retry past midnight in UTC, which is when the next day's calls begin."""
    car = await signed_in.known_car()
    signed_in.world.control.account(signed_in.spec.username, calls_elsewhere=60)
    for hours in (1, 2, 4, 8):
        with pytest.raises(Throttled) as pause:
            await signed_in.read(car)
        assert pause.value.until - signed_in.world.clock.now() == timedelta(hours=hours)
        assert signed_in.ledger.left() == 0
        await signed_in.world.advance(hours * 3600)
    with pytest.raises(Throttled) as pause:
        await signed_in.read(car)
    assert pause.value.until.isoformat() == "2026-11-22T00:01:00+00:00"
    assert "calls_used_elsewhere" in keys(signed_in)
    await signed_in.world.advance(86_400)
    assert (await signed_in.read(car)).value(s.ODOMETER)


async def test_14_a_restart_forgets_no_call(signed_in: CarDataAccount) -> None:
    """The count of the day is kept."""
    car = await signed_in.known_car()
    await signed_in.read(car)
    left = signed_in.ledger.left(command=True)
    signed_in.rebuild()
    assert signed_in.ledger.left(command=True) == left
    assert left is not None
    assert left < 50


async def test_15_the_nightly_cuts(signed_in: CarDataAccount) -> None:
    """Refused although the token is good: another one is got, ten seconds later on."""
    await signed_in.follow()
    world, attempts = signed_in.world, signed_in.cloud.broker.attempts
    world.control.forget_calls()
    world.control.account(signed_in.spec.username, night=True)
    await world.advance(120)
    assert [attempt.code for attempt in attempts] == [0, 5, 0]
    assert len(world.control.calls(TOKEN)) == 1
    assert attempts[1].at - attempts[0].at >= timedelta(seconds=75 + 10)
    assert attempts[2].at - attempts[1].at >= timedelta(seconds=10)
    await world.advance(3600)
    # No more than one forced renewal in five minutes, however often it is refused.
    assert len(world.control.calls(TOKEN)) <= 14
    assert "stream_contested" not in keys(signed_in)


async def test_a_connection_that_lingers_is_nobody_elses(
    signed_in: CarDataAccount,
) -> None:
    """A token refused again while the old connection ends is one refused token."""
    await signed_in.follow()
    world, attempts = signed_in.world, signed_in.cloud.broker.attempts
    world.control.service("car_data", reconnect_pause=60)
    world.control.account(signed_in.spec.username, night=True)
    await world.advance(75 + 5)
    world.control.account(signed_in.spec.username, night=False)
    await world.advance(300)
    assert [attempt.code for attempt in attempts] == [0, 5, 5, 5, 5, 0]
    assert signed_in.service.streaming.is_alive


async def test_a_stream_that_takes_no_token(signed_in: CarDataAccount) -> None:
    """After three that were renewed for it the owner is told, and it is left alone."""
    await signed_in.follow()
    world, attempts = signed_in.world, signed_in.cloud.broker.attempts
    await world.advance(2000)
    world.control.service("car_data", reconnect_pause=10**6)
    world.control.account(signed_in.spec.username, night=True)
    await world.advance(500)
    assert "stream_refused" not in keys(signed_in)
    await world.advance(1500)
    assert "stream_refused" in keys(signed_in)
    before = len(attempts)
    await world.advance(3 * 3600)
    assert len(attempts) - before <= 4


async def test_16_another_program_takes_the_stream(signed_in: CarDataAccount) -> None:
    """It is recognised, said, and met with one try in a quarter of an hour."""
    await signed_in.follow()
    world, attempts = signed_in.world, signed_in.cloud.broker.attempts
    other = Client(world, signed_in.spec.username)
    other.tokens = {
        "gcid": signed_in.gcid,
        "id_token": json.loads(signed_in.stored or "")["id"],
    }
    rival = Wire(other)
    for _ in range(8):
        if "stream_contested" in keys(signed_in):
            break
        await world.advance(15)
        await rival.connect(client_id="rival")
    assert "stream_contested" in keys(signed_in)
    before = len([one for one in attempts if one.client_id != "rival"])
    await world.advance(3600)
    ours = len([one for one in attempts if one.client_id != "rival"]) - before
    assert ours <= 4
    rival.close()
    # Reading goes on meanwhile.
    assert (await signed_in.read(await signed_in.car())).value(s.ODOMETER)


async def test_17_not_authorised_right_after_the_sign_in(
    account: CarDataAccount,
) -> None:
    """The stream may need some minutes; nobody is told off for that."""
    account.world.control.service("car_data", stream_delay=400)
    await account.enter()
    await account.follow()
    assert account.sink.grants == 1
    assert "stream_refused" not in keys(account)


async def test_18_one_renewal_at_a_time(signed_in: CarDataAccount) -> None:
    """Stream and calls want new tokens at once: the refresh token is used once."""
    await signed_in.follow()
    car = await signed_in.car()
    control = signed_in.world.control
    control.forget_calls()
    await signed_in.world.advance(2699)
    await signed_in.read(car)
    await signed_in.world.advance(30)
    assert (await signed_in.read(car)).value(s.ODOMETER)
    renewals = control.calls(TOKEN)
    assert [call.status for call in renewals] == [200]


async def test_19_a_refusal_that_means_two_things(signed_in: CarDataAccount) -> None:
    """CU-127 is about the token when it says so: then it is renewed, once."""
    car = await signed_in.known_car()
    control = signed_in.world.control
    control.service("car_data", bad_token="CU-127")
    control.account(signed_in.spec.username, revoke="access")
    assert (await signed_in.read(car)).value(s.ODOMETER)
    assert len(control.calls(TOKEN)) == 1


async def test_20_the_container_vanishes(signed_in: CarDataAccount) -> None:
    """It is made anew, once an hour at most, and nobody has to sign in."""
    car = await signed_in.known_car()
    cloud = signed_in.cloud.register.by_name(signed_in.spec.username)
    assert cloud is not None
    cloud.containers.clear()
    result = await signed_in.run(signed_in.service.read(car))
    assert result.gaps == {"telematics"}
    await signed_in.run(signed_in.service.read(car))
    assert len(cloud.containers) == 0
    await signed_in.world.advance(3600)
    assert (await signed_in.read(car)).value(s.ODOMETER)
    assert len(cloud.containers) == 1


async def test_20_ten_containers_are_there_already(account: CarDataAccount) -> None:
    """Others' stay; those of other Carports go when the owner says so."""
    other = Client(account.world, account.spec.username)
    await other.sign_in()
    for number in range(10):
        name = "evcc.io" if number else "Carport 0badc0de"
        assert await other.container(ODOMETER, name=name)
    await account.enter()
    await account.car()
    assert "containers_full" in keys(account)
    (advice,) = [
        one for one in account.service.advice() if one.key == "containers_full"
    ]
    assert advice.mendable
    await account.run(account.service.mend("containers_full"))
    assert (await account.read(await account.car())).value(s.ODOMETER)
    cloud = account.cloud.register.by_name(account.spec.username)
    assert cloud is not None
    kept = [one.name for one in cloud.containers if one.deleted is None]
    assert kept.count("evcc.io") == 9


async def test_20_an_obsolete_container_of_our_own_goes(
    signed_in: CarDataAccount,
) -> None:
    """It counts towards the ten, and keeps sending."""
    cloud = signed_in.cloud.register.by_name(signed_in.spec.username)
    assert cloud is not None
    await signed_in.car()
    (ours,) = cloud.containers
    ours.purpose = "v0-older"
    kept = json.loads(signed_in.stored or "")
    signed_in.stored = json.dumps({**kept, "container": None})
    signed_in.rebuild()
    await signed_in.world.advance(3600)
    await signed_in.read(await signed_in.car())
    assert ours.deleted is not None
    assert [one.deleted for one in cloud.containers].count(None) == 1


async def test_21_no_container_may_be_made(account: CarDataAccount) -> None:
    """Cars and stream work all the same, and a checklist says what to look at."""
    account.world.control.service("car_data", containers_refused=True)
    await account.enter()
    (car, *_) = await account.follow()
    assert car.model == "i4 eDrive40"
    assert "container_refused" in keys(account)
    result = await account.run(account.service.read(car))
    assert result.gaps == {"telematics"}
    push(account, {HEADER: {"timestamp": PUSHED, "value": 64}})
    await account.world.settle()
    assert account.sink.values(car.vin)["battery_level"] == 64


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "html"}])
async def test_21_an_outage_is_no_refused_container(
    account: CarDataAccount, fault: dict[str, Any]
) -> None:
    """Nothing is to be looked at in the portal for it; an hour later it is made."""
    control = account.world.control
    control.fault(path="/customers/containers", count=20, **fault)
    await account.enter()
    car = await account.known_car()
    assert (await account.run(account.service.read(car))).gaps == {"telematics"}
    assert "container_refused" not in keys(account)
    control.clear_faults()
    await account.world.advance(3600)
    assert (await account.read(car)).value(s.ODOMETER)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("key", ["vehicle.body.hood.isOpen", "vehicle.isMoving"])
async def test_21_a_descriptor_is_not_known_any_more(
    account: CarDataAccount, key: str, named: bool
) -> None:
    """The container is made without it; where BMW does not say which, of the essential."""
    control = account.world.control
    control.service("car_data", unknown_descriptor=key, names_unknown=named)
    await account.enter()
    car = await account.known_car()
    result = await account.read(car)
    assert result.value(s.ODOMETER)
    assert result.value(s.BATTERY_LEVEL)
    assert "container_refused" not in keys(account)
    cloud = account.cloud.register.by_name(account.spec.username)
    assert cloud is not None
    (made,) = cloud.containers
    assert key not in made.keys
    assert ("vehicle.body.trunk.isOpen" in made.keys) is named
    control.forget_calls()
    account.rebuild()
    await account.world.advance(2 * 3600)
    assert (await account.read(await account.known_car())).value(s.ODOMETER)
    assert not control.calls("/customers/containers")


async def test_20_a_container_that_cannot_be_deleted(
    signed_in: CarDataAccount,
) -> None:
    """An obsolete one that stays is no reason to read nothing."""
    cloud = signed_in.cloud.register.by_name(signed_in.spec.username)
    assert cloud is not None
    await signed_in.car()
    (ours,) = cloud.containers
    ours.purpose = "v0-older"
    kept = json.loads(signed_in.stored or "")
    signed_in.stored = json.dumps({**kept, "container": None})
    signed_in.rebuild()
    await signed_in.world.advance(3600)
    signed_in.world.control.fault(
        "status", path="/customers/containers/*", method="DELETE", status=404
    )
    assert (await signed_in.read(await signed_in.car())).value(s.ODOMETER)


async def test_22_the_level_stands_still_while_charging(
    driver: CarDataAccount,
) -> None:
    """One look after half an hour; then the descriptors to tick are named."""
    vin = driver.spec.vins[0]
    (car, *_) = await driver.follow()
    await driver.read(car)
    driver.world.control.account(driver.spec.username, frozen_level=True)
    await driver.world.until(
        lambda: driver.sink.values(vin).get("charging") is True, 5 * 86_400
    )
    now = driver.world.clock.now()
    far = now + timedelta(days=1)
    first = driver.service.next_reading(car, far)
    assert first - now <= timedelta(seconds=60)
    await driver.world.advance(70)
    await driver.read(car)
    second = driver.service.next_reading(car, far)
    assert timedelta(minutes=20) < second - now <= timedelta(minutes=31)


async def test_22_a_repair_names_the_descriptors(signed_in: CarDataAccount) -> None:
    """When even a look shows no newer level."""
    (car, *_) = await signed_in.follow()
    await signed_in.read(car)
    status = "vehicle.drivetrain.electricEngine.charging.status"
    await signed_in.world.advance(60)
    began = signed_in.world.clock.now().isoformat()
    push(signed_in, {status: {"timestamp": began, "value": "CHARGINGACTIVE"}})
    await signed_in.world.advance(1801)
    assert "level_frozen" not in keys(signed_in)
    await signed_in.read(car)
    (advice,) = [one for one in signed_in.service.advice() if one.key == "level_frozen"]
    assert advice.vin == car.vin
    assert HEADER in advice.placeholders["descriptors"]
    at = signed_in.world.clock.now().isoformat()
    push(signed_in, {HEADER: {"timestamp": at, "value": 70}})
    await signed_in.world.settle()
    assert "level_frozen" not in keys(signed_in)


async def test_23_secondary_users_see_why(signed_in: CarDataAccount) -> None:
    """The car stays, with a word on why it says nothing; the others are read."""
    cars = await signed_in.run(signed_in.service.cars())
    assert len(cars) == 3
    result = await signed_in.run(signed_in.service.read(cars[2]))
    assert result.gaps == {"not_main_user"}
    assert "not_main_user" in keys(signed_in)
    assert (await signed_in.read(cars[0])).value(s.ODOMETER)
    signed_in.world.control.account(signed_in.spec.username, secondary=cars[0].vin)
    result = await signed_in.run(signed_in.service.read(cars[0]))
    assert result.gaps == {"not_main_user"}
    assert (await signed_in.read(cars[1])).value(s.ODOMETER)


async def test_23_another_refusal_says_nothing_of_the_main_user(
    signed_in: CarDataAccount,
) -> None:
    """Only BMW's own code does; a gateway that forbids has none."""
    cars = await signed_in.run(signed_in.service.cars())
    control = signed_in.world.control
    control.account(signed_in.spec.username, secondary=cars[0].vin)
    control.fault("change", path="*/telematicData", remove=["exveErrorId"], count=1)
    with pytest.raises(NotPermitted):
        await signed_in.run(signed_in.service.read(cars[0]))


async def test_23_a_page_for_the_facts_hides_no_car(
    signed_in: CarDataAccount,
) -> None:
    """They are asked for again with the next list."""
    control = signed_in.world.control
    control.fault("html", path="*/basicData", count=1)
    cars = await signed_in.run(signed_in.service.cars())
    assert len(cars) == 3
    again = await signed_in.run(signed_in.service.cars())
    assert all(car.model for car in again[:2])


async def test_25_the_client_vanished(signed_in: CarDataAccount) -> None:
    """Another client id keeps the account, which is the owner's at BMW."""
    new = "22222222-0000-4000-8000-000000000000"
    signed_in.world.control.account(signed_in.spec.username, client_id=new)
    dialog = signed_in.dialog()
    dialog.credentials = {"client_id": new}
    assert await signed_in.run(signed_in.service.login(dialog)) == signed_in.gcid


async def test_26_only_what_was_seen(signed_in: CarDataAccount) -> None:
    """A petrol car has no battery, and a newer one another key for its level."""
    cars = await signed_in.run(signed_in.service.cars())
    petrol = await signed_in.read(cars[1])
    for signal in (s.BATTERY_LEVEL, s.CHARGING, s.PLUGGED_IN, s.RANGE_ELECTRIC):
        assert signal.key not in petrol.readings
    assert petrol.value(s.FUEL_LEVEL) == 57
    signed_in.cloud.broker.store.forget()
    signed_in.world.control.account(signed_in.spec.username, level_key="displayed")
    signed_in.rebuild()
    assert (await signed_in.read(cars[0])).value(s.BATTERY_LEVEL) == 61


async def test_a_display_in_miles(signed_in: CarDataAccount) -> None:
    """What it shows comes by REST without a unit, and is in that of the display."""
    control, store = signed_in.world.control, signed_in.cloud.broker.store
    cars = await signed_in.run(signed_in.service.cars())
    before = [await signed_in.read(car) for car in cars[:2]]
    control.account(signed_in.spec.username, miles=True)
    store.forget()
    signed_in.rebuild()
    after = [await signed_in.read(car) for car in cars[:2]]
    for index, signal in (
        (0, s.RANGE_ELECTRIC),
        (1, s.RANGE_FUEL),
        (0, s.SERVICE_DUE_DISTANCE),
    ):
        known = before[index].value(signal)
        assert known is not None
        assert after[index].value(signal) == pytest.approx(known, abs=1)
    # The counter says its own unit.
    assert after[0].value(s.ODOMETER) == before[0].value(s.ODOMETER)


async def test_27_miles_that_do_not_say_so(signed_in: CarDataAccount) -> None:
    """A jump by that factor is no distance driven."""
    (car, *_) = await signed_in.follow()
    assert (await signed_in.read(car)).value(s.ODOMETER) == 28_415
    control = signed_in.world.control
    for unit in ("hidden_miles", "none", "km"):
        control.service("car_data", odometer_unit=unit)
        assert (await signed_in.read(car)).value(s.ODOMETER) == 28_415
