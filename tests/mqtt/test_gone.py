"""Cars and accounts that are gone: nothing of them stays at a real broker."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
from typing import Final

import pytest

from carport.engine.vehicle_list import GONE_AFTER, LIST_AGAIN
from carport.mqtt.bridge import Bridge
from carport.mqtt.preferences import PREFERENCES
from carport.mqtt.settings import CarSettings, Layout, Settings
from cli.announced import digest_of_broker
from cli.bridging import AccountGateway
from cli.home import Home
from cli.sessions import open_accounts
from simulator.clock import JumpClock
from tests.cli.terminal import GOLF, PASSAT, TESTER, Terminal

from .broker import LOOPBACK, Mosquitto, listening
from .conftest import signed_in
from .running import ARTEON, EUROPEAN, GTE, Running, running, settings

_DISCOVERY: Final = replace(settings("lock"), layouts=frozenset({Layout.DISCOVERY}))
_LISTED_AGAIN: Final = (LIST_AGAIN + timedelta(minutes=1)).total_seconds()
_LISTS: Final = GONE_AFTER // LIST_AGAIN + 2
_MARK: Final = "a/mark"


async def _retained(mosquitto: Mosquitto) -> Mapping[str, str]:
    """Return what is retained, as somebody who comes now finds it."""
    async with listening(mosquitto.port) as late:
        await late.say(_MARK, "")
        # Whatever is retained comes before what is said after the subscription.
        await late.text(_MARK)
        return {
            topic: text
            for (topic, text), one in zip(late.lines, late.heard, strict=True)
            if one.retain
        }


def _devices(retained: Mapping[str, str]) -> dict[str, str]:
    """Return the announced devices by name, and where each is announced."""
    return {
        json.loads(text)["device"]["name"]: topic
        for topic, text in retained.items()
        if topic.endswith("/config")
    }


def _below(retained: Mapping[str, str], topic: str) -> set[str]:
    """Return what is retained below a topic."""
    return {one.removeprefix(topic) for one in retained if one.startswith(topic)}


async def _sold(terminal: Terminal, vin: str) -> None:
    """Sell a car, and list the others for so many days that it counts as gone."""
    terminal.simulator.control.account(TESTER.username, sell=vin)
    home = Home(terminal.home)
    clock = terminal.simulator.clock
    assert isinstance(clock, JumpClock)
    for _ in range(_LISTS):
        clock.step(_LISTED_AGAIN)
        async with open_accounts(home, home.accounts()) as session:
            assert not session.failed
    assert vin not in home.vehicles("car_net").cars


async def _told(run: Running, *cars: str) -> None:
    """Wait until the broker has all that is told of cars."""
    for car in cars:
        await run.listener.text(f"carport/{car}/state")
    await run.bridge.outbox.emptied()


async def test_sold_while_no_bridge_ran(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Topics and device go with the next start, and nothing else does."""
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
    before = await _retained(mosquitto)
    devices = _devices(before)
    assert len(devices) == 3
    await _sold(terminal, PASSAT)
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf")
    after = await _retained(mosquitto)
    left = devices.items() - _devices(after).items()
    gone = {topic for topic in before if topic.startswith("carport/passat/")}
    assert len(gone) > 20
    assert before.keys() - after.keys() == gone | {topic for _, topic in left}
    assert len(left) == 1


async def test_a_command_for_a_car_that_is_gone(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """It is refused with the reason, also by later runs; of strange cars nothing is said."""
    both = frozenset({Layout.OWN, Layout.CLASSIC})
    chosen = replace(_DISCOVERY, layouts=both)
    async with running(terminal, mosquitto, chosen) as run:
        await _told(run, "golf", "passat")
    await _sold(terminal, PASSAT)
    async with running(terminal, mosquitto, chosen) as run:
        await _told(run, "golf")
    async with running(terminal, mosquitto, chosen) as run:
        say, listener = run.listener.say, run.listener
        await _told(run, "golf")
        await say("carport/strange/set/doors", "lock")
        await say("carport/passat/set/doors", "")
        await say("carport/passat/set/doors", "lock")
        told = await listener.json("carport/passat/receipt")
        assert (told["outcome"], told["reason"]) == ("refused", "car_gone")
        assert "hidden" in told["message"]
        await say("carport/passat/call", {"id": "mine", "command": "lock"})
        told = await listener.json("carport/passat/answer/mine")
        assert (told["id"], told["reason"]) == ("mine", "car_gone")
        await say("carport/passat/call", "nonsense")
        await listener.text("carport/passat/receipt", after=1)
        await say("/weconnectMQTT/passat/set/charger", "1")
        respond = "/weconnectMQTT/passat/response/charger"
        assert await listener.text(respond) == "False"
        await say("/weconnectMQTT/passat/get/charger", "1")
        assert await listener.text("/weconnectMQTT/passat/charger", after=1) == "error"
        assert not listener.texts("carport/strange/receipt")
        calls = terminal.simulator.control.calls("*/doors", method="PUT")
        assert not calls
    # Nothing of these answers stays either.
    assert not [one for one in await _retained(mosquitto) if "passat" in one]


async def test_what_is_not_reached_stays(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """A cloud that is away at the start, and a list that lacks a car once, clear nothing."""
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
    before = await _retained(mosquitto)
    control = terminal.simulator.control
    clock = terminal.simulator.clock
    assert isinstance(clock, JumpClock)
    control.account(TESTER.username, sell=PASSAT)
    clock.step(_LISTED_AGAIN)
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
    assert (await _retained(mosquitto)).keys() == before.keys()
    await terminal.simulator.stop()
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        assert run.session.failed
        await _told(run, "golf", "passat")
    assert (await _retained(mosquitto)).keys() == before.keys()


async def test_ended_before_the_broker_was_there(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """What the broker has not confirmed is done by the next run."""
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
    await _sold(terminal, PASSAT)
    home = Home(terminal.home)
    record = home.announced(digest_of_broker(LOOPBACK, mosquitto.port))
    async with open_accounts(home, home.accounts()) as session:
        gateway = AccountGateway.of(session, home, home.accounts())
        bridge = Bridge(gateway, _DISCOVERY, record=record)
        bridge.stop()
        await bridge.close()
    assert _below(await _retained(mosquitto), "carport/passat/")
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf")
    assert not _below(await _retained(mosquitto), "carport/passat/")


async def test_gone_while_the_bridge_runs(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """As soon as its account lists it no more, and it is there again if it comes back."""
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
        engine = run.session.engine
        await engine.close_account(engine.accounts["car_net"])
        clock = terminal.simulator.clock
        assert isinstance(clock, JumpClock)
        (record,) = run.home.accounts()
        account = await engine.open(
            run.session.http,
            record.name,
            record.login,
            store=run.home.store(record.name),
            clock=clock,
        )
        terminal.simulator.control.account(TESTER.username, sell=PASSAT)
        for _ in range(_LISTS):
            clock.step(_LISTED_AGAIN)
            await account.update()
        state = "carport/passat/state"
        await run.listener.until(lambda: run.listener.texts(state)[-1] == "")
        await run.bridge.outbox.emptied()
        assert not _below(await _retained(mosquitto), "carport/passat/")
        await run.listener.say("carport/passat/set/doors", "lock")
        told = await run.listener.json("carport/passat/receipt")
        assert told["reason"] == "car_gone"
        # A new connection tells everything anew, and of this car nothing.
        run.bridge.connected()
        await run.bridge.outbox.emptied()
        assert not _below(await _retained(mosquitto), "carport/passat/")
        assert _below(await _retained(mosquitto), "carport/golf/")


async def test_a_new_car_with_the_topics_of_an_old_one(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """It has them to itself: nothing is left of the old one, and it takes commands."""
    lock = frozenset({"lock"})
    chosen = replace(
        _DISCOVERY,
        cars={
            GOLF: CarSettings(topic="golf", commands=lock),
            PASSAT: CarSettings(topic="car", commands=lock),
        },
    )
    async with running(terminal, mosquitto, chosen) as run:
        await _told(run, "golf", "car")
    old = _below(await _retained(mosquitto), "carport/car/")
    await _sold(terminal, PASSAT)
    chosen = replace(chosen, cars={GOLF: CarSettings(topic="car", commands=lock)})
    async with running(terminal, mosquitto, chosen) as run:
        await _told(run, "car")
        golf = run.session.engine.cars[GOLF].snapshot.readings
        await run.listener.say("carport/car/call", {"id": "mine", "command": "lock"})
        told = await run.listener.json("carport/car/answer/mine")
        assert told["outcome"] == "confirmed"
    after = await _retained(mosquitto)
    assert not _below(after, "carport/golf/")
    now = _below(after, "carport/car/")
    assert now <= golf.keys() | PREFERENCES | {"state", "channel"}
    assert old - now
    assert len(_devices(after)) == 2


async def test_what_the_owner_chose_otherwise(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Another layout, base or topic leaves nothing of the one before."""
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
    chosen = replace(settings(), own_base="garage")
    async with running(terminal, mosquitto, chosen) as run:
        await run.listener.text("garage/golf/state")
        await run.bridge.outbox.emptied()
    after = await _retained(mosquitto)
    assert not _devices(after)
    assert {one.split("/")[0] for one in after} == {"carport", "garage"}
    # A bridge says of itself that it is not there.
    assert _below(after, "carport/") == {"bridge/state"}


@pytest.mark.parametrize("base", ["carport", "garage"])
async def test_two_bridges_at_one_broker(
    terminal: Terminal, mosquitto: Mosquitto, tmp_path: Path, base: str
) -> None:
    """Neither touches what the other told, be its base the same or another one."""
    other = Settings(
        layouts=frozenset({Layout.DISCOVERY}),
        own_base=base,
        cars={GTE: CarSettings(topic="gte"), ARTEON: CarSettings(topic="arteon")},
    )
    beside = tmp_path / "beside"
    beside.mkdir()
    async with signed_in(beside, EUROPEAN) as european:
        async with running(european, mosquitto, other) as run:
            await run.listener.text(f"{base}/gte/state")
            await run.bridge.outbox.emptied()
        before = (await _retained(mosquitto)).keys()
        async with running(terminal, mosquitto, _DISCOVERY) as run:
            await _told(run, "golf", "passat")
        assert before <= (await _retained(mosquitto)).keys()
        await _sold(terminal, PASSAT)
        async with running(terminal, mosquitto, _DISCOVERY) as run:
            await _told(run, "golf")
    after = await _retained(mosquitto)
    assert before <= after.keys()
    assert not _below(after, "carport/passat/")


async def test_an_account_that_was_removed(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Its cars and itself are gone; where it was the last one, the bridge ends after that."""
    config = terminal.home / "bridge.toml"
    config.write_text(
        f'layout = "discovery"\n[broker]\nhost = "{LOOPBACK}"\nport = {mosquitto.port}\n',
        encoding="utf-8",
    )
    bridge = await terminal.start("bridge")
    async with listening(mosquitto.port) as listener:
        await listener.text("carport/bridge/accounts/car_net")
        await listener.until(lambda: len(_devices(dict(listener.lines))) == 3)
        bridge.terminate()
        assert await bridge.wait() == 0
    assert (await terminal.run("remove", "car_net", "--yes")).code == 0
    ended = await terminal.run("bridge")
    assert "no account yet" in ended.err
    assert set(await _retained(mosquitto)) == {"carport/bridge/state"}
    assert not list((terminal.home / "announced").rglob("car_net*"))


async def test_the_same_cars_by_another_account(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """What another account tells is not taken back with the one that was removed."""
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
    before = _devices(await _retained(mosquitto))
    accounts = terminal.home / "accounts"
    (accounts / "car_net").rename(accounts / "car_net-2")
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
        emptied = {topic for topic, text in run.listener.lines if not text}
    assert emptied == {before.pop("car_net"), "carport/bridge/accounts/car_net"}
    after = _devices(await _retained(mosquitto))
    assert after.keys() - before.keys() == {"car_net-2"}
    assert after.items() >= before.items()


async def test_an_old_account_with_the_topics_of_a_car(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Taken back under a running bridge, the car that has them now is told anew."""
    passat = {PASSAT: CarSettings(topic="car")}
    async with running(terminal, mosquitto, replace(_DISCOVERY, cars=passat)) as run:
        await _told(run, "car")
    old = _below(await _retained(mosquitto), "carport/car/")
    await _sold(terminal, PASSAT)
    digest = digest_of_broker(LOOPBACK, mosquitto.port)
    announced = terminal.home / "announced" / digest / "car_net.json"
    of_before = announced.with_name("car_net-2.json")
    kept = announced.read_text(encoding="utf-8")
    announced.unlink()
    golf = {GOLF: CarSettings(topic="car")}
    async with running(terminal, mosquitto, replace(_DISCOVERY, cars=golf)) as run:
        await _told(run, "car")
        # Somebody removes another account that this Carport had told until then.
        of_before.write_text(kept, encoding="utf-8")
        record = run.home.announced(digest)
        run.bridge.take_back_accounts(record.removed())
        await run.bridge.outbox.emptied()
        readings = run.session.engine.cars[GOLF].snapshot.readings
    now = _below(await _retained(mosquitto), "carport/car/")
    assert {"battery_level", "state", "channel"} <= now
    assert now <= readings.keys() | PREFERENCES | {"state", "channel"}
    assert old - now
    assert not of_before.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".gone", '{"topics": 5}'),
        ("car_net", '{"x": {"places": [""]}}'),
        ("car_net", '{"x": {"places": ["a\\u0000b"]}}'),
        ("car_net-2", '{"x": {"places": ["\\ud800"], "level": "\\ud800"}}'),
        ("car_net-2", '{"x": {"places": ["#/#", "a/+"], "level": "passat"}}'),
        ("car_net", None),
        ("car_net-2", None),
        (".gone", None),
    ],
)
async def test_a_record_that_is_damaged(
    terminal: Terminal, mosquitto: Mosquitto, name: str, text: str | None
) -> None:
    """It keeps no car from being told, and no connection from staying."""
    digest = digest_of_broker(LOOPBACK, mosquitto.port)
    kept = terminal.home / "announced" / digest / f"{name}.json"
    kept.parent.mkdir(parents=True)
    if text is None:
        # Such as a file of somebody else, it cannot be read.
        kept.mkdir()
    else:
        kept.write_text(text, encoding="utf-8")
    async with running(terminal, mosquitto, _DISCOVERY) as run:
        await _told(run, "golf", "passat")
        assert run.connection.connections == 1
