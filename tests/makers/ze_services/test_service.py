"""What ZE Services reads, remembers and refuses, over real HTTP."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.commands import CommandKind
from carport.car.schedule import Schedule
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car
from carport.cloud.errors import BadAnswer, NotSupported, Outage, Throttled
from carport.cloud.ledger import Purpose
from simulator.clock import ManualClock
from tests.periods import days

from .account import ZeAccount

BATTERY = "/api/vehicle/*/battery"
CALENDAR = "/api/vehicle/*/charge/scheduler/onboard"


# Reads


async def test_a_plugged_car_charges(signed_in: ZeAccount, zoe: Car) -> None:
    """State, supply, minutes left and the car's own time."""
    await signed_in.world.advance(3600)
    snapshot = await signed_in.read(zoe)
    assert snapshot.value(s.CHARGING) is True
    assert snapshot.value(s.CHARGING_STATE) == "charging"
    assert snapshot.value(s.CHARGING_SUPPLY) == "medium"
    assert (snapshot.value(s.TIME_TO_FULL) or 0) > 10
    report = signed_in.world.simulator.twin(zoe.vin).report
    captured_at = snapshot.captured_at(s.BATTERY_LEVEL)
    assert captured_at is not None
    assert abs(captured_at - report.captured_at) < timedelta(milliseconds=1)


async def test_a_car_is_read_while_time_passes(
    signed_in: ZeAccount, zoe: Car, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that runs says another time whenever it is asked."""
    ticks, now = count(1), ManualClock.now
    monkeypatch.setattr(
        ManualClock,
        "now",
        lambda clock: now(clock) + timedelta(microseconds=next(ticks)),
    )
    assert (await signed_in.read(zoe)).value(s.BATTERY_LEVEL)


async def test_settings_are_read_seldom(signed_in: ZeAccount, zoe: Car) -> None:
    """The battery each time, the rest every half hour."""
    control = signed_in.world.control
    for _ in range(6):
        await signed_in.read(zoe)
        await signed_in.world.advance(300)
    assert len(control.calls(BATTERY)) == 6
    assert len(control.calls(CALENDAR)) == 1
    await signed_in.read(zoe)
    assert len(control.calls(CALENDAR)) == 2


async def test_a_part_that_fails_is_a_gap(signed_in: ZeAccount, zoe: Car) -> None:
    """The battery still comes."""
    signed_in.world.control.fault("html", path=CALENDAR)
    result = await signed_in.run(signed_in.service.read(zoe))
    assert result.readings
    assert result.gaps == {"calendar"}


async def test_no_data_is_no_empty_battery(signed_in: ZeAccount, zoe: Car) -> None:
    """Level 0 without a range is the cloud's word for nothing known."""
    signed_in.world.control.service("ze_services", no_range=True)
    result = await signed_in.run(signed_in.service.read(zoe))
    keys = {reading.signal.key for reading in result.readings}
    assert not keys & {"battery_level", "range_electric"}
    assert result.placeholders["battery_level"] == 1


async def test_a_full_car_may_contradict_itself(signed_in: ZeAccount, zoe: Car) -> None:
    """A remaining time means nothing unless the car charges."""
    signed_in.world.control.service("ze_services", contradictory=True)
    twin = signed_in.world.simulator.twin(zoe.vin)
    twin.state.battery_level = 100
    twin.wake(signed_in.world.clock.now(), latency=1)
    await signed_in.world.advance(60)
    snapshot = await signed_in.read(zoe)
    assert snapshot.value(s.CHARGING_STATE) == "complete"
    assert snapshot.value(s.CHARGING_SUPPLY) == "none"
    assert snapshot.value(s.PLUGGED_IN) is True
    assert snapshot.value(s.TIME_TO_FULL) == 0


async def test_a_missing_remaining_time(signed_in: ZeAccount, zoe: Car) -> None:
    """It may be missing while the car charges."""
    signed_in.world.control.service("ze_services", no_remaining_time=True)
    await signed_in.world.advance(3600)
    snapshot = await signed_in.read(zoe)
    assert snapshot.value(s.CHARGING) is True
    assert s.TIME_TO_FULL.key not in snapshot.readings


@pytest.mark.parametrize("kind", ["html", "empty", "truncated"])
async def test_an_answer_in_no_language(
    signed_in: ZeAccount, zoe: Car, kind: str
) -> None:
    """It is a bad answer, never a wrong value."""
    signed_in.world.control.fault(kind, path=BATTERY)
    with pytest.raises(BadAnswer):
        await signed_in.read(zoe)


@pytest.mark.parametrize("damage", ["ze_nulls", "ze_unknown_words", "ze_wrong_types"])
async def test_damaged_answers_yield_no_false_value(
    signed_in: ZeAccount, zoe: Car, damage: str
) -> None:
    """What cannot be read is counted, and not believed."""
    whole = await signed_in.read(zoe)
    signed_in.rebuild()
    signed_in.world.control.fault("damage", path="/api/vehicle/*", damage=damage)
    result = await signed_in.run(signed_in.service.read(zoe))
    assert result.placeholders
    for reading in result.readings:
        assert whole.value(reading.signal) == reading.value


async def test_outages_are_tried_again(signed_in: ZeAccount, zoe: Car) -> None:
    """A read that failed twice comes at the third try."""
    signed_in.world.control.fault("status", path=BATTERY, status=503, count=2)
    assert await signed_in.read(zoe)
    assert len(signed_in.world.control.calls(BATTERY)) == 3


async def test_too_much_reading_pauses_reading(signed_in: ZeAccount, zoe: Car) -> None:
    """Commands are still allowed, and tokens kept."""
    stored = signed_in.stored
    signed_in.world.control.fault("status", path=BATTERY, status=429, retry_after=60)
    with pytest.raises(Throttled) as caught:
        await signed_in.read(zoe)
    assert caught.value.until - signed_in.world.clock.now() == timedelta(seconds=60)
    ledger = signed_in.transport.ledger
    assert not ledger.allows(Purpose.READ)
    assert ledger.allows(Purpose.COMMAND)
    assert signed_in.stored == stored


async def test_what_is_not_subscribed_is_not_offered(account: ZeAccount) -> None:
    """The sign-in tells the scopes; they gate reads and commands."""
    control = account.world.control
    for scope in ("AC_REMOTE_CONTROL", "BATTERY_CHARGE_SCHEDULING"):
        control.account(account.spec.username, unsubscribe=scope)
    assert await account.sign_in() is None
    zoe = await account.car()
    offered = {str(kind) for kind in account.service.commands(zoe, set())}
    assert offered == {"start_charging", "set_notifications", "wake"}
    control.forget_calls()
    assert not (await account.run(account.service.read(zoe))).gaps
    assert {call.path.rpartition("/")[2] for call in control.calls()} == {"battery"}


async def test_a_subscription_that_ends(signed_in: ZeAccount, zoe: Car) -> None:
    """Until the next sign-in the cloud's refusal is no gap."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, unsubscribe="AC_REMOTE_CONTROL")
    result = await signed_in.run(signed_in.service.read(zoe))
    assert result.readings
    assert not result.gaps


async def test_a_battery_that_is_not_subscribed(account: ZeAccount) -> None:
    """The rest is read without it, and the car is not woken for nothing."""
    control = account.world.control
    control.account(account.spec.username, unsubscribe="BATTERY_CHARGE_STATUS")
    await account.sign_in()
    zoe = await account.car()
    control.forget_calls()
    result = await account.run(account.service.read(zoe))
    assert {reading.signal.key for reading in result.readings} >= {"charge_mode"}
    assert not control.calls(BATTERY)
    assert "wake" not in {str(kind) for kind in account.service.commands(zoe, set())}


async def test_the_first_description_of_the_cloud(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """It lacks what later clients found: no gap, and nothing that cannot be proven."""
    signed_in.world.control.service("ze_services", later_calls=False)
    result = await signed_in.run(signed_in.service.read(zoe))
    observed = {reading.signal.key for reading in result.readings}
    assert "battery_level" in observed
    assert not result.gaps
    for seen, provable in ((observed, False), (observed | {"climate_scheduled"}, True)):
        offered = signed_in.service.commands(zoe, seen)
        limits = offered[CommandKind.SCHEDULE_CLIMATE]
        assert limits.provable is limits.reports_completion is provable


async def test_a_calendar_that_was_never_written(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """It is empty and off, so that the owner can begin one."""
    snapshot = await signed_in.read(zoe)
    assert snapshot.value(s.SCHEDULE) == Schedule(active=False)
    assert snapshot.value(s.CHARGE_MODE) == "immediate"


# Lists


async def test_charge_sessions(signed_in: ZeAccount, zoe: Car) -> None:
    """Starts and ends in pairs, newest first; milliseconds become minutes."""
    await signed_in.world.advance(6 * 3600)
    found = await signed_in.run(signed_in.service.history(zoe, "charge_sessions"))
    sessions: list[dict[str, Any]] = found["charge_sessions"]
    newest = sessions[0]
    assert newest["supply"] == "medium"
    assert newest["level_end"] > newest["level_start"]
    assert newest["range_end"] > newest["range_start"]
    assert 20 < newest["minutes_expected"] < 400
    starts = [datetime.fromisoformat(session["started_at"]) for session in sessions]
    assert starts == sorted(starts, reverse=True)
    assert len(sessions) > 5


async def test_a_period_without_anything(signed_in: ZeAccount, zoe: Car) -> None:
    """The cloud says nothing at all then."""
    period = days(date(2025, 1, 1), date(2025, 2, 3))
    service = signed_in.service
    for what in ("charge_sessions", "climate_history", "command_history"):
        found = await signed_in.run(service.history(zoe, what, period))
        assert found == {what: []}


async def test_an_unknown_list(signed_in: ZeAccount, zoe: Car) -> None:
    """Nothing is asked for it."""
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.history(zoe, "trips"))
    assert not signed_in.world.control.calls()


async def test_a_list_that_is_none(signed_in: ZeAccount, zoe: Car) -> None:
    """It is a bad answer."""
    signed_in.world.control.fault("html", path="*/history")
    with pytest.raises(BadAnswer):
        await signed_in.run(signed_in.service.history(zoe, "charge_sessions"))


async def test_notification_settings(signed_in: ZeAccount, zoe: Car) -> None:
    """Six events and the quiet hours past midnight."""
    found = await signed_in.run(signed_in.service.history(zoe, "notification_settings"))
    assert found == {
        "events": {
            "battery_status": ["email"],
            "charge_started": [],
            "charge_ended": ["text"],
            "charge_problem": ["text"],
            "battery_low": ["text"],
            "battery_low_reminder": ["email"],
        },
        "quiet": {"start": "22:15", "end": "06:50"},
    }


async def test_a_lost_connection(signed_in: ZeAccount, zoe: Car) -> None:
    """It is an outage."""
    signed_in.world.control.fault("drop", path=BATTERY)
    with pytest.raises(Outage):
        await signed_in.read(zoe)
    assert Snapshot().value(s.CHARGING) is None
