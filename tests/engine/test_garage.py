"""The garage tells exactly who is concerned, and forgets nothing by accident."""

from dataclasses import replace
from datetime import timedelta
import json

from carport.car import signals as s
from carport.car.commands import CommandKind
from carport.car.limits import Limits
from carport.cloud.cadence import Profile
from carport.cloud.contract import Car, ReadResult
from carport.engine import AccountOptions, Channel, ChannelState, Garage, Topic
from carport.engine.face import PlainFace
from simulator.clock import ManualClock

from .paper_service import NOON, VIN, Bench, PaperService, paper_context

LOCKS = {CommandKind.LOCK: Limits()}
OTHER = "WVWZZZTESTGARAGE2"


def _count(bench: Bench, *topics: str) -> list[str]:
    calls: list[str] = []
    bench.garage.subscribe(VIN, topics, lambda: calls.append("told"))
    return calls


async def test_only_subscribers_of_a_change_are_told_and_once() -> None:
    """A battery level concerns nobody who watches doors."""
    bench = Bench(LOCKS)
    battery = _count(bench, s.BATTERY_LEVEL.key, Topic.CAPTURED)
    doors = _count(bench, s.DOORS_LOCKED.key)
    assert "battery_level" in bench.take(s.BATTERY_LEVEL, 50.0)
    assert (battery, doors) == (["told"], [])
    bench.garage.take(VIN, "first", bench.says(s.BATTERY_LEVEL, 50.0))
    assert (battery, doors) == (["told"], [])


async def test_an_unsubscribed_listener_is_quiet() -> None:
    """Undoing a subscription leaves nothing behind."""
    bench = Bench(LOCKS)
    calls: list[str] = []
    undo = bench.garage.subscribe(
        VIN, [s.BATTERY_LEVEL.key], lambda: calls.append("told")
    )
    undo()
    bench.take(s.BATTERY_LEVEL, 50.0)
    assert calls == []
    assert bench.car.listeners == {}


async def test_new_signals_and_commands_are_announced() -> None:
    """Entities can be made for what a car gained."""
    bench = Bench(LOCKS)
    gained = _count(bench, Topic.SIGNALS)
    bench.take(s.BATTERY_LEVEL, 50.0)
    bench.clock.step(60)
    bench.take(s.BATTERY_LEVEL, 51.0)
    assert gained == ["told"]
    commands = _count(bench, Topic.COMMANDS)
    bench.service.limits = {**LOCKS, CommandKind.UNLOCK: Limits()}
    bench.take(s.DOORS_LOCKED, True)
    assert commands == ["told"]
    assert set(bench.car.commands) == {CommandKind.LOCK, CommandKind.UNLOCK}


async def test_parked_car_whose_maker_delivers_is_not_stale() -> None:
    """As long as the maker says that there is nothing newer, old is not stale."""
    bench = Bench(LOCKS)
    bench.take(s.BATTERY_LEVEL, 50.0)

    def deliver(word: str) -> None:
        (reading,) = bench.says(s.DATA_DELIVERY, word).readings
        undated = replace(reading, captured_at=None)
        bench.garage.take(VIN, "first", ReadResult(readings=(undated,)))

    for _ in range(3 * 24):
        bench.clock.step(3600)
        deliver("nothing_new")
        assert bench.car.stale is False
    flags = []
    for word in ("outage", "nothing_new"):
        deliver(word)
        flags.append(bench.car.stale)
    # Nobody says so any more.
    bench.clock.step(2 * 3600)
    flags.append(bench.car.stale)
    assert flags == [True, False, True]
    bench.garage.close()


async def test_data_goes_stale_by_itself() -> None:
    """Nobody need call: a day after the last capture the flag is up."""
    bench = Bench(LOCKS)
    bench.take(s.BATTERY_LEVEL, 50.0)
    stale = _count(bench, Topic.STALE)
    flags = [bench.car.stale]
    bench.clock.step(23 * 3600)
    flags.append(bench.car.stale)
    bench.clock.step(3600 + 1)
    flags.append(bench.car.stale)
    assert stale == ["told"]
    bench.take(s.BATTERY_LEVEL, 50.0)
    flags.append(bench.car.stale)
    assert flags == [False, False, True, False]
    bench.garage.close()
    assert bench.clock.next_due() is None


async def test_8_2_a_parked_car_with_a_healthy_door_is_never_stale() -> None:
    """It has nothing to tell; only a channel that answers no more makes its data old."""
    bench = Bench(LOCKS)
    first = bench.says(s.BATTERY_LEVEL, 50.0)
    bench.garage.take(VIN, "first", first)
    for _ in range(5 * 24):
        bench.clock.step(3600)
        bench.garage.take(VIN, "first", ReadResult(readings=first.readings))
        assert bench.car.stale is False
    # Parts that are missing are no answer.
    for hours in range(1, 26):
        bench.clock.step(3600)
        lacking = ReadResult(readings=first.readings, gaps=frozenset({"status"}))
        bench.garage.take(VIN, "first", lacking)
        assert bench.car.stale is (hours >= 24)
    bench.garage.take(VIN, "first", ReadResult(readings=first.readings))
    assert bench.car.stale is False
    bench.garage.close()


async def test_8_2_a_charging_car_owes_news_by_its_doors_rhythm() -> None:
    """A channel that answers with the same again and again does not make it young."""
    bench = Bench(LOCKS)
    (reading,) = bench.says(s.CHARGING, True).readings
    bench.garage.take(VIN, "first", ReadResult(readings=(reading,)))
    flags = []
    for _ in range(24):
        bench.clock.step(5 * 60)
        bench.garage.take(VIN, "first", ReadResult(readings=(reading,)))
        flags.append(bench.car.stale)
    assert flags == [False] * 3 + [True] * 21
    bench.garage.close()


async def test_8_2_a_slow_door_is_given_its_time() -> None:
    """Where cars report every quarter of an hour, half an hour is nothing."""
    bench = Bench(LOCKS)
    slow = replace(bench.service.info, cars_report_every=timedelta(minutes=15))
    bench.service.info = slow  # type: ignore[misc] # of this one alone
    (reading,) = bench.says(s.CHARGING, True).readings
    bench.garage.take(VIN, "first", ReadResult(readings=(reading,)))
    flags = []
    for minutes in (44, 2):
        bench.clock.step(minutes * 60)
        flags.append(bench.car.stale)
    assert flags == [False, True]
    bench.garage.close()


async def test_positions_stay_out_when_they_are_not_shared() -> None:
    """No place enters by a channel that does not share it, and old ones go."""
    bench = Bench(LOCKS)
    place = s.Position(latitude=38.9, longitude=-77.3)
    bench.take(s.LOCATION, place)
    bench.channel.share_position = False
    bench.garage.drop_places(VIN)
    assert bench.car.reported(s.LOCATION) is None
    bench.clock.step(60)
    bench.take(s.PARKED_LOCATION, place)
    assert bench.car.reported(s.PARKED_LOCATION) is None
    assert "38.9" not in json.dumps(bench.garage.to_json())


async def test_a_second_account_feeds_and_keeps_the_same_car() -> None:
    """Two channels, one car: the newest capture wins, the best channel speaks."""
    bench = Bench(LOCKS)
    service = PaperService(
        paper_context(bench.clock, "second"), {CommandKind.UNLOCK: Limits()}
    )
    car = Car(vin=VIN, manufacturer="Paper", model="Other words")
    bench.garage.connect([Channel(account="second", service=service, car=car)])
    assert set(bench.car.commands) == {CommandKind.LOCK, CommandKind.UNLOCK}
    assert bench.car.description.model is None
    bench.garage.take(VIN, "second", bench.says(s.BATTERY_LEVEL, 61.0))
    assert bench.car.reported(s.BATTERY_LEVEL) == 61
    bench.garage.set_state(VIN, "first", ChannelState.DEGRADED)
    best = bench.car.best_channel
    assert best is not None
    assert best.account == "second"
    bench.garage.disconnect(VIN, "first")
    assert bench.car.reported(s.BATTERY_LEVEL) == 61


async def test_everything_known_survives_a_restart() -> None:
    """Readings with their times, the owner, the profile and the names come back."""
    bench = Bench(LOCKS)
    bench.take(s.BATTERY_LEVEL, 50.0)
    bench.garage.set_profile(VIN, Profile.LIVELY)
    again = Bench(LOCKS, json.loads(json.dumps(bench.garage.to_json())))
    assert again.car.snapshot.readings == bench.car.snapshot.readings
    assert again.car.captured_at == NOON
    assert again.car.profile is Profile.LIVELY
    assert again.car.owner == "first"
    assert bench.saves > 0


async def test_a_forgotten_car_leaves_no_timer() -> None:
    """Sold means gone, its timer too."""
    bench = Bench(LOCKS)
    bench.take(s.BATTERY_LEVEL, 50.0)
    bench.garage.forget(VIN)
    assert bench.clock.next_due() is None
    assert bench.garage.cars == {}


async def test_placeholders_are_counted() -> None:
    """What could not be read is told in figures, not in values."""
    bench = Bench(LOCKS)
    bench.take(s.BATTERY_LEVEL, 255.0)
    assert bench.car.placeholders == {"battery_level": 1}
    assert bench.car.reported(s.BATTERY_LEVEL) is None


async def test_the_same_result_is_looked_at_once() -> None:
    """An answer that is the very same object costs no merge."""
    bench = Bench(LOCKS)
    result = bench.says(s.BATTERY_LEVEL, 50.0)
    assert bench.garage.take(VIN, "first", result)
    assert not bench.garage.take(VIN, "first", result)
    assert not bench.garage.take(VIN, "first", ReadResult())


async def test_a_pause_is_told_until_it_ends() -> None:
    """The channel's state and its end reach the subscribers once."""
    bench = Bench(LOCKS)
    told = _count(bench, Topic.CHANNEL)
    until = NOON + timedelta(minutes=15)
    bench.garage.set_state(VIN, "first", ChannelState.THROTTLED, until)
    bench.garage.set_state(VIN, "first", ChannelState.THROTTLED, until)
    assert told == ["told"]
    assert bench.channel.until == until


async def test_an_account_that_joins_brings_its_commands_once() -> None:
    """Its list of cars is told again and again; only the first time is news."""
    bench = Bench(LOCKS)
    commands = _count(bench, Topic.COMMANDS)
    service = PaperService(paper_context(bench.clock, "second"), LOCKS)
    car = Car(vin=VIN, manufacturer="Paper")
    channel = Channel(account="second", service=service, car=car)
    bench.garage.connect([channel])
    assert commands == ["told"]
    bench.garage.connect([channel])
    assert commands == ["told"]


async def test_places_are_known_while_any_account_shares_them() -> None:
    """One of two accounts that shares them is enough."""
    bench = Bench(LOCKS)
    service = PaperService(paper_context(bench.clock, "second"), LOCKS)
    car = Car(vin=VIN, manufacturer="Paper")
    other = Channel(account="second", service=service, car=car, share_position=False)
    bench.garage.connect([other])
    assert bench.car.shares_position is True
    bench.channel.share_position = False
    assert bench.car.shares_position is False


async def test_old_data_is_stale_as_soon_as_its_account_is_back() -> None:
    """After a restart nobody has to read the car for that."""
    bench = Bench(LOCKS)
    bench.take(s.BATTERY_LEVEL, 50.0)
    kept = json.loads(json.dumps(bench.garage.to_json()))
    clock = ManualClock(NOON + timedelta(days=3))
    garage = Garage(clock, lambda: None, kept)
    assert garage.cars[VIN].stale is False
    service = PaperService(paper_context(clock, "first"), LOCKS)
    garage.connect([Channel(account="first", service=service, car=bench.channel.car)])
    assert garage.cars[VIN].stale is True


async def test_a_part_that_fails_or_is_back_is_told() -> None:
    """Though no signal has changed; a reading like the one before tells nothing."""
    bench = Bench(LOCKS)
    result = bench.says(s.BATTERY_LEVEL, 50.0)
    bench.garage.take(VIN, "first", result)
    told = _count(bench, Topic.CHANNEL)
    for gaps, off, times in (
        ({"charging"}, set[str](), 1),
        ({"charging"}, set[str](), 1),
        (set[str](), {"position"}, 2),
        (set[str](), set[str](), 3),
    ):
        again = replace(result, gaps=frozenset(gaps), switched_off=frozenset(off))
        bench.garage.take(VIN, "first", again)
        assert len(told) == times


async def test_whose_a_car_is_is_kept() -> None:
    """The account that shows it shows it after a restart too."""
    bench = Bench(LOCKS)
    for owner, new in (("first", False), ("second", True), ("second", False)):
        bench.saves = 0
        bench.garage.news.clear()
        bench.garage.set_owner(VIN, owner)
        assert (bench.saves > 0, VIN in bench.garage.news) == (new, new)
        again = Garage(bench.clock, lambda: None, bench.garage.to_json())
        assert again.cars[VIN].owner == owner


async def test_what_nobody_will_ever_report_is_kept() -> None:
    """The cloud accepted it, and that is all that is known after a restart too."""
    bench = Bench(LOCKS)
    bench.saves = 0
    bench.garage.news.clear()
    bench.garage.assume(bench.car, {s.CHARGE_LIMIT: 80.0})
    assert (bench.saves, set(bench.garage.news)) == (1, {VIN})
    again = Garage(bench.clock, lambda: None, bench.garage.to_json())
    assert again.cars[VIN].assumed == {"charge_limit": 80.0}


async def test_what_was_read_is_kept() -> None:
    """And nothing is written for a reading without news."""
    bench = Bench(LOCKS)
    result = bench.says(s.BATTERY_LEVEL, 50.0)
    for new in (True, False):
        bench.saves = 0
        bench.garage.news.clear()
        bench.garage.take(VIN, "first", result)
        assert (bench.saves > 0, VIN in bench.garage.news) == (new, new)


async def test_a_car_that_an_account_has_no_more_loses_that_way() -> None:
    """In the library too, where nobody else looks after it; the others stay."""
    bench = Bench(LOCKS)
    face = PlainFace(bench.garage, "first", AccountOptions())
    other = replace(bench.channel, car=Car(vin=OTHER, manufacturer="Paper"))
    face.connect([bench.channel, other])
    assert bench.garage.cars[OTHER].channels.keys() == {"first"}
    face.connect([bench.channel])
    assert bench.garage.cars[OTHER].channels == {}
    assert bench.car.channels.keys() == {"first"}
    bench.garage.close()
