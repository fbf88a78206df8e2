"""We Connect's departure timers: what is read, sent, refused, and done by the car."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
import json
from pathlib import Path
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.commands import CommandKind, SetChargeLimitMin, SetSchedule
from carport.car.refusals import wrong_schedule
from carport.car.schedule import Schedule, ScheduleProblem, Slot, Weekday, Window
from carport.car.signals import ChargingDetail
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import BadAnswer
from carport.makers.we_connect import schedule as timers
from carport.twin.weather import local_offset

from .account import WeConnectAccount
from .samples import decoded, read_part

NOW = datetime(2022, 2, 14, 9, 5, tzinfo=UTC)
SAMPLE = json.loads(
    (
        Path(__file__).parents[2] / "fixtures/volkswagen_eu/passat_gte_2021/timers.json"
    ).read_text(encoding="utf-8")
)
MONDAY = frozenset({Weekday.MONDAY})


def test_timers() -> None:
    """One that repeats, one for a date, and when electricity is cheap."""
    builder = read_part("timers", SAMPLE, NOW)
    assert builder.value(s.SCHEDULE) == Schedule(
        slots=(
            Slot(
                number=3,
                enabled=False,
                departure=time(7, 40),
                days=frozenset(
                    {
                        Weekday.MONDAY,
                        Weekday.TUESDAY,
                        Weekday.WEDNESDAY,
                        Weekday.THURSDAY,
                    }
                ),
                charge=True,
            ),
            Slot(
                number=1,
                enabled=True,
                departure=time(6, 15),
                once_on=date(2022, 2, 16),
                charge=True,
            ),
        ),
        preferred_window=Window(start=time(22, 30), end=time(5, 30)),
    )
    assert builder.value(s.CHARGE_LIMIT) == 80
    assert builder.value(s.CHARGE_LIMIT_MIN) == 20
    with pytest.raises(BadAnswer):
        timers.written(decoded("timers", {"timer": {}}), Schedule())


def read(body: Any) -> Schedule:
    """Return a body's timers."""
    schedule = read_part("timers", body, NOW).value(s.SCHEDULE)
    assert schedule is not None
    return schedule


def sent(body: Any, schedule: Schedule) -> dict[str, Any]:
    """Return what would be sent, as the cloud would tell it afterwards."""
    return {
        "timer": {
            "timersAndProfiles": timers.written(decoded("timers", body), schedule)
        }
    }


def profile_of(body: Any, timer: str) -> dict[str, Any]:
    """Return the profile of one timer."""
    rows = body["timer"]["timersAndProfiles"]
    used = next(
        row["profileID"]
        for row in rows["timerList"]["timer"]
        if row["timerID"] == timer
    )
    found: dict[str, Any] = next(
        row
        for row in rows["timerProfileList"]["timerProfile"]
        if row["profileID"] == used
    )
    return found


def undated(data: Any) -> Any:
    """Return the same without the car's own times, which are not sent back."""
    if isinstance(data, list):
        return [undated(row) for row in data]
    if not isinstance(data, dict):
        return data
    return {key: undated(row) for key, row in data.items() if key != "timestamp"}


def changed(schedule: Schedule, number: int, **changes: Any) -> Schedule:
    """Return a schedule with one slot changed."""
    return replace(
        schedule,
        slots=tuple(
            replace(slot, **changes) if slot.number == number else slot
            for slot in schedule.slots
        ),
    )


def test_what_is_not_changed_is_sent_as_it_came() -> None:
    """Hours, days and profiles of the other timers, and when electricity is cheap."""
    schedule = read(SAMPLE)
    before = SAMPLE["timer"]["timersAndProfiles"]
    after = timers.written(
        decoded("timers", SAMPLE), changed(schedule, 1, departure=time(5))
    )
    assert after["timerProfileList"] == undated(before["timerProfileList"])
    assert after["timerBasicSetting"].keys() == {
        "chargeMinLimit",
        "targetTemperature",
        "heaterSource",
    }
    row = {**before["timerList"]["timer"][0]}
    del row["timestamp"]
    assert after["timerList"]["timer"][0] == row


def test_a_shared_profile_is_not_changed_for_the_other_timer() -> None:
    """The timer gets one of its own, in which everything else is as it was."""
    wish = changed(read(SAMPLE), 3, climate=True)
    body = sent(SAMPLE, wish)
    assert read(body).agrees(wish)
    own, other = profile_of(body, "3"), profile_of(body, "1")
    assert other == undated(profile_of(SAMPLE, "1"))
    assert own["profileID"] != other["profileID"]
    assert own["targetChargeLevel"] == other["targetChargeLevel"] == "80"
    again = changed(wish, 3, charge=False)
    assert read(sent(body, again)).agrees(again)


def test_a_timer_that_the_car_never_had() -> None:
    """Some cars leave it out of their list; it is sent all the same."""
    slot = Slot(number=2, enabled=True, departure=time(8), days=MONDAY, climate=True)
    wish = replace(read(SAMPLE), slots=(*read(SAMPLE).slots, slot))
    assert read(sent(SAMPLE, wish)).agrees(wish)


def test_the_cheap_hours_are_one_wish_for_all_profiles() -> None:
    """They are switched off, and on again at other hours."""
    schedule = read(SAMPLE)
    for window in (None, Window(start=time(1), end=time(4))):
        wish = replace(schedule, preferred_window=window)
        assert read(sent(SAMPLE, wish)).preferred_window == window


async def test_timers_there_and_back(signed_in: WeConnectAccount, passat: Car) -> None:
    """Days, a date, a cheap window; what is not sent is switched off."""
    schedule = Schedule(
        slots=(
            Slot(
                number=1,
                enabled=True,
                departure=time(7, 40),
                days=frozenset({Weekday.MONDAY, Weekday.FRIDAY}),
                charge=True,
                climate=True,
            ),
            Slot(
                number=3,
                enabled=True,
                departure=time(6, 15),
                once_on=date(2026, 12, 24),
                climate=True,
            ),
        ),
        preferred_window=Window(start=time(22, 30), end=time(5, 30)),
    )
    command = SetSchedule(schedule=schedule)
    limits = signed_in.service.commands(passat, set())[CommandKind.SET_SCHEDULE]
    assert command.violation(limits) is None
    look = await signed_in.done(passat, await signed_in.send(passat, command))
    shown = Snapshot().merge(look.result.readings).snapshot.value(s.SCHEDULE)
    assert shown == schedule
    assert signed_in.world.simulator.twin(passat.vin).state.schedule == schedule
    empty = SetSchedule(schedule=Schedule())
    look = await signed_in.done(passat, await signed_in.send(passat, empty))
    shown = Snapshot().merge(look.result.readings).snapshot.value(s.SCHEDULE)
    assert shown == Schedule()


@pytest.mark.parametrize(
    ("slot", "rule"),
    [
        (
            Slot(
                number=4,
                enabled=True,
                departure=time(7),
                days=frozenset({Weekday.MONDAY}),
            ),
            "4",
        ),
        (Slot(number=1, enabled=True, departure=time(7)), "days_missing (1)"),
        (Slot(number=1, enabled=True), "time_missing (1)"),
    ],
)
def test_timers_that_the_cloud_cannot_express(
    account: WeConnectAccount, slot: Slot, rule: str
) -> None:
    """They are named before anything is sent."""
    car = Car(
        vin="WVWZZZ3CZME167891",
        manufacturer="Volkswagen",
        handle={"services": "timerprogramming_v1/"},
    )
    limits = account.service.commands(car, set())[CommandKind.SET_SCHEDULE]
    violation = SetSchedule(schedule=Schedule(slots=(slot,))).violation(limits)
    assert violation is not None
    if rule != "4":
        assert rule in violation.allowed


@pytest.mark.parametrize("enabled", [True, False])
async def test_an_hour_for_an_empty_timer_wants_a_day(
    signed_in: WeConnectAccount, passat: Car, enabled: bool
) -> None:
    """Its switch and its time are refused with a reason before anything is sent."""
    snapshot = await signed_in.read(passat)
    signed_in.world.control.forget_calls()
    schedule = snapshot.value(s.SCHEDULE)
    assert schedule is not None
    slot = Slot(number=2, enabled=enabled, departure=time(7), climate=True)
    wish = SetSchedule(schedule=replace(schedule, slots=(*schedule.slots, slot)))
    blocked_by = signed_in.service.blocked_by(passat, wish, snapshot)
    assert blocked_by == wrong_schedule((ScheduleProblem(rule="days_missing", slot=2),))
    dated = replace(slot, once_on=date(2026, 12, 24))
    wish = SetSchedule(schedule=replace(schedule, slots=(*schedule.slots, dated)))
    assert signed_in.service.blocked_by(passat, wish, snapshot) is None
    assert not signed_in.world.control.calls()


@pytest.mark.parametrize("ago", [0, 3])
async def test_a_date_that_is_over_is_no_day(
    signed_in: WeConnectAccount, passat: Car, ago: int
) -> None:
    """A timer that has fired is not switched on for nothing."""
    snapshot = await signed_in.read(passat)
    day = signed_in.world.clock.now().date() - timedelta(days=ago)
    slot = Slot(number=1, enabled=True, departure=time(7), once_on=day, climate=True)
    for enabled in (True, False):
        timer = replace(slot, enabled=enabled)
        wish = SetSchedule(schedule=Schedule(slots=(timer,)))
        refused = signed_in.service.blocked_by(passat, wish, snapshot) is not None
        assert refused is bool(ago and enabled)


async def test_what_the_car_has_is_in_nobodys_way(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """A timer without a day that came from the car does not keep others from a change."""
    body = json.loads(json.dumps(SAMPLE))
    row = body["timer"]["timersAndProfiles"]["timerList"]["timer"][0]
    row["departureWeekdayMask"] = "nnnnnnn"
    snapshot = Snapshot().merge(read_part("timers", body, NOW).result().readings)
    schedule = changed(read(body), 1, enabled=False)
    blocked_by = signed_in.service.blocked_by(
        passat, SetSchedule(schedule=schedule), snapshot.snapshot
    )
    assert blocked_by is None
    assert (
        timers.written(decoded("timers", body), schedule)["timerList"]["timer"][0][
            "departureWeekdayMask"
        ]
        == "nnnnnnn"
    )


# What the car does then


def soon(account: WeConnectAccount, car: Car, **wait: float) -> datetime:
    """Return a moment from now by the car's own clock."""
    home = account.world.simulator.twin(car.vin).spec.home
    ahead = timedelta(seconds=local_offset(home.longitude))
    moment = account.world.clock.now() + ahead + timedelta(**wait)
    return moment.replace(second=0, microsecond=0, tzinfo=None)


async def set_timer(account: WeConnectAccount, car: Car, slot: Slot) -> None:
    """Set one timer, and see the car take it."""
    command = SetSchedule(schedule=Schedule(slots=(slot,)))
    look = await account.done(car, await account.send(car, command))
    assert look.progress is Progress.DONE


async def test_a_timer_has_the_cabin_ready_and_is_over(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """One for a date fires once; the car itself switches it off."""
    leaves = soon(signed_in, passat, hours=3)
    slot = Slot(
        number=2,
        enabled=True,
        departure=leaves.time(),
        once_on=leaves.date(),
        climate=True,
    )
    await set_timer(signed_in, passat, slot)
    assert (await signed_in.read(passat)).value(s.CLIMATE_ACTIVE) is False
    await signed_in.world.advance(2.8 * 3600)
    assert (await signed_in.read(passat)).value(s.CLIMATE_ACTIVE) is True
    await signed_in.world.advance(6 * 3600)
    snapshot = await signed_in.read(passat)
    assert snapshot.value(s.CLIMATE_ACTIVE) is False
    schedule = snapshot.value(s.SCHEDULE)
    assert schedule is not None
    assert [one.enabled for one in schedule.slots] == [False]


async def test_a_timer_has_the_battery_ready(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """The car waits with the plug in, and begins as late as it can."""
    leaves = soon(signed_in, passat, hours=10)
    slot = Slot(
        number=1,
        enabled=True,
        departure=leaves.time(),
        days=frozenset(Weekday),
        charge=True,
    )
    await set_timer(signed_in, passat, slot)
    await signed_in.world.advance(600)
    details = []
    for hours in (0, 8.9):
        await signed_in.world.advance(hours * 3600)
        details.append((await signed_in.read(passat)).value(s.CHARGING_DETAIL))
    assert details == [
        ChargingDetail.WAITING_FOR_TIMER,
        ChargingDetail.CHARGING_BY_TIMER,
    ]
    await signed_in.world.advance(2 * 3600)
    assert (await signed_in.read(passat)).value(s.BATTERY_LEVEL) == 100


async def test_the_lower_limit_travels_with_all_timers(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """It needs no S-PIN, and leaves the timers as they are."""
    before = await signed_in.read(passat)
    command = SetChargeLimitMin(percent=40)
    look = await signed_in.done(
        passat, await signed_in.run(signed_in.service.execute(passat, command, None))
    )
    shown = Snapshot().merge(look.result.readings).snapshot
    assert shown.value(s.CHARGE_LIMIT_MIN) == 40
    assert shown.value(s.SCHEDULE) == before.value(s.SCHEDULE)
    assert not signed_in.world.control.calls("*/security-pin-*")
