"""What owners of these cars suffered from in 2025 and 2026, each as a test."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, time
import logging

import pytest

from carport.car import signals as s
from carport.car.commands import CommandKind, SetSchedule, StartCharging
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import SIGNALS
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import CloudError, LoginExpired, Throttled
from carport.cloud.ledger import Purpose
from carport.cloud.sign_in import SignInOutcome
from tests.world import World

from .account import MEGANE, R5, TWINGO, ZOE, MyRenaultAccount, account_named

SEND = "/accounts.tfa.email.sendVerificationCode"
CARS = "/commerce/*"


async def test_1_a_second_factor_is_asked_for_and_not_called_a_lost_connection(
    world: World,
) -> None:
    """The plain sign-in is tried first; the code step is an ordinary branch of it."""
    account = account_named(world, "code.by.mail")
    account.turn(code="always")
    assert await account.sign_in() is SignInOutcome.CODE_WANTED
    assert await account.talk(account.dialog()) is None
    assert len(account.codes) == len(world.control.calls(SEND)) == 1


async def test_2_no_mail_comes_from_the_background(world: World) -> None:
    """Sixty days with restarts, dead tokens and refusals: only clicks send e-mails."""
    account = account_named(world, "code.by.mail")
    account.turn(code="unknown_device")
    await account.talk(account.dialog(keep_password="true"))
    clicks = 1
    car = await account.car()
    for day in range(60):
        if day % 5 == 4:
            account.rebuild()
        if day in {20, 40}:
            # The remembered device is gone too: nothing but the owner helps.
            account.turn(revoke="all", forget="devices")
        if day % 7 == 0:
            world.control.fault("status", path="/accounts.getJWT", status=503, count=2)
        for _ in range(4):
            try:
                await account.read(car)
            except LoginExpired:
                pass
            except CloudError:
                pass
            await world.advance(6 * 3600)
        if day in {25, 45}:
            assert await account.talk(account.dialog()) is None
            clicks += 1
    assert len(account.codes) == len(world.control.calls(SEND)) == clicks == 3
    assert len(world.control.calls("/accounts.login")) < 12


async def test_3_the_device_is_known_for_thirty_days_the_token_longer(
    world: World,
) -> None:
    """The day is noted; the login token is used for as long as it is taken."""
    account = account_named(world, "code.by.mail")
    account.turn(code="unknown_device")
    await account.talk(account.dialog())
    noted = account.service.account_facts()["device_remembered_at"]
    assert noted == world.clock.now()
    car = await account.car()
    await world.advance(40 * 86_400)
    assert await account.read(car)
    assert len(account.codes) == 1


async def test_4_a_replaced_key_is_not_called_a_wrong_password(
    account: MyRenaultAccount, world: World
) -> None:
    """The same password was good before: its own text, and it is not sent again."""
    await account.sign_in()
    world.control.service("my_renault", gigya_key="4_another")
    world.control.forget_calls()
    for _ in range(3):
        assert await account.sign_in() is SignInOutcome.MAKER_KEY_REPLACED
        account.rebuild()
    assert len(world.control.calls("/accounts.login")) == 1
    assert await account.sign_in(password="other") is SignInOutcome.WRONG_PASSWORD
    assert await account.sign_in(gigya_key="4_another") is None


async def test_5_a_quota_is_called_one_though_it_looks_like_a_dead_token(
    account: MyRenaultAccount, world: World
) -> None:
    """429, then 401: one pause that grows, no call in it, and nobody signs in again."""
    await account.enter()
    car = await account.known_car()
    world.control.service("my_renault", quota=0, quota_said=1, quota_pause=1)
    pauses = []
    for _ in range(6):
        with pytest.raises(Throttled) as caught:
            await account.read(car)
        pauses.append(round((caught.value.until - world.clock.now()).total_seconds()))
        before = len(world.control.calls())
        with pytest.raises(Throttled):
            await account.read(car)
        assert len(world.control.calls()) == before
        await world.advance(pauses[-1] + 1)
    assert pauses == [900, 1800, 3600, 7200, 7200, 7200]
    assert world.control.calls("/accounts.login") == []
    world.control.service("my_renault", quota=60)
    assert await account.read(car)
    assert not account.ledger.throttled_until
    # Back slowly: every day without a refusal takes one step off.
    await world.advance(2 * 86_400)
    world.control.service("my_renault", quota=0)
    with pytest.raises(Throttled) as caught:
        await account.read(car)
    left = (caught.value.until - world.clock.now()).total_seconds()
    assert round(left) == 3600


async def test_5_no_two_calls_are_made_side_by_side(
    account: MyRenaultAccount, world: World
) -> None:
    """The cloud refuses bursts: two cars that are due together are read in line."""
    await account.enter()
    cars = await account.run(account.service.cars())
    world.control.forget_calls()
    world.control.fault("slow", path=CARS, seconds=2, count=100)
    began = world.clock.now()
    await account.run(_side_by_side(account, cars))
    took = (world.clock.now() - began).total_seconds()
    calls = len(world.control.calls(CARS))
    assert calls == 2 * 11
    assert took == calls * 2


async def _side_by_side(account: MyRenaultAccount, cars: Iterable[Car]) -> None:
    await asyncio.gather(*(account.service.read(car) for car in cars))


async def test_5_a_restart_costs_one_call_a_car(
    account: MyRenaultAccount, world: World
) -> None:
    """What changes seldom was read a moment ago; it is not read again for a restart."""
    await account.enter()
    car = await account.known_car()
    await account.read(car)
    world.control.forget_calls()
    for _ in range(5):
        account.rebuild()
        await world.advance(60)
        assert (await account.read(car)).value(s.BATTERY_LEVEL) is not None
    calls = world.control.calls(CARS)
    assert [call.path.rpartition("/")[2] for call in calls] == ["battery-status"] * 5
    await world.advance(6 * 3600)
    account.rebuild()
    assert (await account.read(car)).value(s.ODOMETER) is not None


async def test_7_what_a_model_refuses_is_learnt_and_logged_once(
    collector: MyRenaultAccount,
    world: World,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not asked again for a day, not over a restart either; one line for each."""
    caplog.set_level(logging.INFO)
    world.control.service("my_renault", quota=None)
    car = (await collector.run(collector.service.cars()))[3]
    result = await collector.run(collector.service.read(car))
    assert not result.gaps
    lines = len(caplog.records)
    refused = [call for call in world.control.calls(CARS) if call.status == 403]
    assert refused
    world.control.forget_calls()
    for hour in range(20):
        if hour % 5 == 0:
            collector.rebuild()
        assert await collector.read(car)
        await world.advance(3600)
    assert [call for call in world.control.calls(CARS) if call.status == 403] == []
    assert len(caplog.records) == lines
    await world.advance(6 * 3600)
    assert await collector.read(car)
    again = [call for call in world.control.calls(CARS) if call.status == 403]
    assert len(again) == len(refused)


async def test_7_a_command_that_is_refused_is_not_offered_again(
    collector: MyRenaultAccount, world: World
) -> None:
    """A model in no table is asked; its answer is remembered for a day."""
    car = (await collector.run(collector.service.cars()))[3]
    offered = collector.service.commands(car, SIGNALS.keys())
    assert CommandKind.START_CHARGING in offered
    world.control.fault("status", path="*/actions/charging-start", status=403, count=1)
    with pytest.raises(CloudError):
        await collector.send(car, StartCharging())
    again = collector.service.commands(car, SIGNALS.keys())
    assert CommandKind.START_CHARGING not in again
    await world.advance(86_401)
    later = collector.service.commands(car, SIGNALS.keys())
    assert CommandKind.START_CHARGING in later


async def test_8_sent_is_not_done(family: MyRenaultAccount, world: World) -> None:
    """A Renault 5 that takes a start and does nothing is never called confirmed."""
    car = await family.car_of(R5)
    world.simulator.twin(R5).state.battery_level = 30
    world.simulator.twin(R5).state.charge_wish = False
    await world.advance(600)
    world.control.twin(R5, deaf=True)
    ticket = await family.send(car, StartCharging())
    for _ in range(10):
        await world.advance(60)
        look = await family.run(family.service.confirm(car, ticket))
        assert look.progress is Progress.PENDING
        shown = Snapshot().merge(look.result.readings).snapshot
        assert shown.value(s.CHARGING) in {False, None}
    limits = family.service.commands(car, SIGNALS.keys())[CommandKind.START_CHARGING]
    assert limits.provable


async def test_9_an_unknown_plug_is_unknown_and_costs_nothing_else(
    collector: MyRenaultAccount, world: World
) -> None:
    """Status 3 was seen on a Twingo; nobody knows what it means."""
    world.control.service("my_renault", plug_status=3)
    car = await collector.car_of(TWINGO)
    result = await collector.run(collector.service.read(car))
    snapshot = Snapshot().merge(result.readings).snapshot
    assert snapshot.value(s.PLUGGED_IN) is None
    assert snapshot.value(s.BATTERY_LEVEL) is not None
    assert snapshot.value(s.RANGE_ELECTRIC) is not None
    assert result.placeholders[s.PLUGGED_IN.key] == 1


@pytest.mark.parametrize("vin", [ZOE, MEGANE])
@pytest.mark.parametrize("month", [1, 7])
async def test_10_hours_and_weekdays_of_programmes_are_those_of_the_owner(
    socket_enabled: None, vin: str, month: int
) -> None:
    """Half past midnight on Monday is Sunday night in UTC, in summer another hour."""
    start = datetime(2026, month, 14, 8, tzinfo=UTC)
    async with World(start).opened() as world:
        account = account_named(world, "my.renault.tester")
        await account.enter()
        car = await account.car_of(vin)
        night = Window(start=time(0, 30), end=time(4))
        wanted = Schedule(
            slots=(
                Slot(
                    number=1,
                    enabled=True,
                    days=frozenset({Weekday.MONDAY}),
                    charge=True,
                    charge_window=night,
                ),
            )
        )
        assert await account.read(car)
        await account.send(car, SetSchedule(schedule=wanted))
        await world.advance(300)
        told = await account.run(account.service.read_schedule(car))
        assert told is not None
        shown = Snapshot().merge(told.readings).snapshot.value(s.SCHEDULE)
        assert shown is not None
        assert shown.agrees(wanted)
        raw = account.kept(vin).charging[0]
        assert raw["sunday"]["startTime"] == ("T23:30Z" if month == 1 else "T22:30Z")
        assert "monday" not in raw


async def test_10_a_car_whose_clock_is_local(
    account: MyRenaultAccount, world: World
) -> None:
    """The owner says so, and nothing is converted."""
    assert await account.sign_in(local_times=f"{ZOE}, {ZOE}") is None
    car = await account.car_of(ZOE)
    assert await account.read(car)
    slot = Slot(
        number=2,
        enabled=True,
        departure=time(7, 15),
        days=frozenset({Weekday.FRIDAY}),
        climate=True,
    )
    await account.send(car, SetSchedule(schedule=Schedule(slots=(slot,))))
    await world.advance(300)
    told_now = await account.run(account.service.read_schedule(car))
    assert told_now is not None
    shown = Snapshot().merge(told_now.readings).snapshot.value(s.SCHEDULE)
    assert shown is not None
    assert shown.agrees(Schedule(slots=(slot,)))
    raw = account.kept(ZOE)
    told = [one for one in (*raw.charging, *raw.climate) if one.get("activated")]
    assert [one.get("friday") for one in told] == [{"readyAtTime": "T07:15Z"}]


async def test_12_no_log_holds_password_code_or_token(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even on the calls that carry them in their address by nature."""
    caplog.set_level(logging.DEBUG)
    account = account_named(world, "code.by.mail")
    account.turn(code="always")
    await account.talk(account.dialog())
    car = await account.car()
    await account.read(car)
    kept = [value for value in (account.stored or "").split('"') if len(value) > 15]
    secrets = {account.spec.password, account.spec.username, *account.codes, car.vin}
    for secret in (*secrets, *kept, "gigyaAssertion=", "regToken="):
        assert secret not in caplog.text
    assert "/accounts.tfa.finalizeTFA" in caplog.text
    counted = account.ledger.counts_today()
    assert counted[Purpose.SIGN_IN] > counted[Purpose.TOKEN] >= 1
