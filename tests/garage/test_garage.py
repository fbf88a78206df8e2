"""The garage tells exactly who is concerned, and forgets nothing by accident."""

from datetime import timedelta
import json

from custom_components.carport.car import signals as s
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.limits import Limits
from custom_components.carport.garage import Channel, ChannelState, Topic
from custom_components.carport.service.cadence import Profile
from custom_components.carport.service.contract import Car, ReadResult

from .paper_service import NOON, VIN, Bench, PaperService, paper_context

LOCKS = {CommandKind.LOCK: Limits()}


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
