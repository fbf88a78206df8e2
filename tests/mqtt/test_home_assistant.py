"""The option of an account: its cars at the broker that Home Assistant itself is at."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import signal
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from carport.twin.fleet import GARAGE
from custom_components.carport.actions import mqtt_publishing
from custom_components.carport.const import (
    CONF_FUEL_HEATERS,
    CONF_HIDDEN_CARS,
    CONF_MQTT,
    CONF_POLL_PROFILE,
    CONF_SHARE_POSITION,
    DOMAIN,
)
from homeassistant.components import mqtt
from homeassistant.components.mqtt import client
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from tests.face.demo_garage import ELECTRIC, DemoHome, demo_clock
from tests.face.flow_pages import TEXTS, fields, schema

from .broker import LOOPBACK, Listener, Mosquitto, listening

_OWN: Final[dict[str, Any]] = {
    "layouts": ["own"],
    "commanded_cars": [ELECTRIC],
    "commands": ["lock", "unlock"],
    "publish": [],
}


@pytest.fixture
async def listener(
    hass: HomeAssistant, socket_enabled: None, mosquitto: Mosquitto, tmp_path: Path
) -> AsyncIterator[Listener]:
    """Give somebody at the broker where Home Assistant is too."""
    hass.config.config_dir = str(tmp_path)
    (tmp_path / "configuration.yaml").touch()
    data = {"broker": LOOPBACK, "port": mosquitto.port, "protocol": "5"}
    entry = MockConfigEntry(domain="mqtt", version=2, minor_version=1, data=data)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    async with listening(mosquitto.port, ["carport/#", "/weconnectMQTT/#"]) as listener:
        yield listener
    if entry in hass.config_entries.async_entries("mqtt"):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


async def _moving(home: DemoHome, work: asyncio.Future[Any]) -> Any:
    """Let the cars' time pass until something is heard."""
    while not work.done():
        home.clock.step(1)
        await asyncio.sleep(0)
        await asyncio.wait({work}, timeout=0.01)
    return await work


async def test_nothing_is_published_unasked(
    hass: HomeAssistant, listener: Listener
) -> None:
    """Off by default, also where Home Assistant has a broker."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start()
    await listener.say("carport/aurora/set/doors", "unlock")
    await listener.text("carport/aurora/set/doors")
    assert [topic for topic, _ in listener.lines] == ["carport/aurora/set/doors"]


async def test_the_own_layout(hass: HomeAssistant, listener: Listener) -> None:
    """Cars tell, one of them is commanded, and it all ends with the entry."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    assert await listener.text("carport/bridge/state") == "online"
    level = await listener.text("carport/aurora/battery_level")
    assert float(level) == float(home.state("sensor", "battery_level").state)
    call = {"id": "x", "command": "unlock"}
    await listener.say("carport/aurora/call", call)
    answer = await _moving(
        home, asyncio.ensure_future(listener.json("carport/aurora/answer/x"))
    )
    assert answer["outcome"] == "confirmed"
    assert home.state("lock", "doors").state == "unlocked"
    await listener.say("carport/courier/set/doors", "unlock")
    told = await listener.json("carport/courier/receipt")
    assert told["reason"] == "not_allowed"
    await hass.config_entries.async_unload(home.entry.entry_id)
    await listener.until(
        lambda: listener.texts("carport/bridge/state")[-1] == "offline"
    )
    # Discovery is not spoken here: every car would be there twice.
    assert not [
        topic for topic, _ in listener.lines if topic.startswith("homeassistant")
    ]


async def test_a_crash_is_told(hass: HomeAssistant, listener: Listener) -> None:
    """What was on its way then is unknown, and its call is not sent again."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start()
    store = home.coordinator.runner.store
    sending = {"mine": {"vin": ELECTRIC, "command": "unlock"}}
    await store.keep(mqtt_sending=sending)
    await hass.config_entries.async_unload(home.entry.entry_id)
    hass.config_entries.async_update_entry(home.entry, options={CONF_MQTT: _OWN})
    await hass.config_entries.async_setup(home.entry.entry_id)
    answer = await listener.json("carport/aurora/answer/mine")
    assert (answer["outcome"], answer["reason"]) == ("unknown", "unknown_outcome")
    await listener.say("carport/aurora/call", {"id": "mine", "command": "unlock"})
    assert await listener.json("carport/aurora/answer/mine", after=1) == answer
    assert not home.car().receipts
    assert home.coordinator.runner.store.data["mqtt_sending"] == {}


async def test_the_classic_layout(hass: HomeAssistant, listener: Listener) -> None:
    """For the clients of the older bridge."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: {**_OWN, "layouts": ["weconnectmqtt"]}})
    await listener.until(lambda: ("/weconnectMQTT/active", "0") in listener.lines)
    assert await listener.text("/weconnectMQTT/aurora/charger/level")
    assert not listener.texts("carport/bridge/state")


async def test_mqtt_is_disabled_for_a_while(
    hass: HomeAssistant, listener: Listener
) -> None:
    """Publishing begins, and goes on, when it is back; commands are heard again."""
    (broker,) = hass.config_entries.async_entries("mqtt")
    disable = hass.config_entries.async_set_disabled_by
    home = DemoHome(hass, demo_clock(hass))
    await disable(broker.entry_id, ConfigEntryDisabler.USER)
    await home.start(**{CONF_MQTT: _OWN})
    options = hass.config_entries.options
    result = await options.async_init(home.entry.entry_id)
    assert CONF_MQTT not in fields(result)
    options.async_abort(result["flow_id"])
    assert not listener.lines
    await disable(broker.entry_id, None)
    assert await listener.text("carport/bridge/state") == "online"
    await disable(broker.entry_id, ConfigEntryDisabler.USER)
    await disable(broker.entry_id, None)
    await listener.text("carport/bridge/state", after=1)
    await listener.say("carport/courier/set/doors", "unlock")
    told = await listener.json("carport/courier/receipt")
    assert told["reason"] == "not_allowed"


async def test_the_form(hass: HomeAssistant, listener: Listener) -> None:
    """It is asked while there is a broker; the choice outlasts one."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start()
    options = hass.config_entries.options
    result = await options.async_init(home.entry.entry_id)
    page = {str(marker): value for marker, value in schema(result).items()}
    asked = {str(marker) for marker in page[CONF_MQTT].schema.schema}
    for texts in TEXTS.values():
        said = texts["options"]["step"]["init"]["sections"][CONF_MQTT]
        assert said["data"].keys() == said["data_description"].keys() == asked
        for key, selector in (
            ("layouts", "mqtt_layout"),
            ("commands", "mqtt_command"),
            ("publish", "mqtt_private"),
        ):
            field = page[CONF_MQTT].schema.schema[key]
            words = set(field.config["options"])
            assert texts["selector"][selector]["options"].keys() == words
    answers: dict[str, Any] = {
        CONF_FUEL_HEATERS: [],
        CONF_POLL_PROFILE: "manual",
        CONF_HIDDEN_CARS: [],
        CONF_SHARE_POSITION: True,
    }
    await options.async_configure(result["flow_id"], {**answers, CONF_MQTT: _OWN})
    await hass.async_block_till_done()
    assert home.entry.options[CONF_MQTT] == _OWN
    assert await listener.text("carport/bridge/state") == "online"
    for entry in hass.config_entries.async_entries("mqtt"):
        await hass.config_entries.async_remove(entry.entry_id)
    result = await options.async_init(home.entry.entry_id)
    assert CONF_MQTT not in fields(result)
    await options.async_configure(result["flow_id"], answers)
    await hass.async_block_till_done()
    assert home.entry.options[CONF_MQTT] == _OWN
    assert home.entry.options.items() >= {**answers, CONF_MQTT: _OWN}.items()


async def _emptied(listener: Listener, *topics: str) -> None:
    """Wait until what was retained is removed."""
    await listener.until(
        lambda: all(listener.texts(topic)[-1:] == [""] for topic in topics)
    )


async def _all_told(listener: Listener) -> list[str]:
    """Wait until all cars have told how they are; return where."""

    def told() -> list[str]:
        topics = {topic for topic, _ in listener.lines if topic.endswith("/state")}
        return sorted(topics - {"carport/bridge/state"})

    await listener.until(lambda: len(told()) == len(GARAGE))
    return told()


async def _retained(mosquitto: Mosquitto) -> set[str]:
    """Return where something is retained, as somebody who comes now finds it."""
    async with listening(mosquitto.port, ["carport/#", "a/mark"]) as late:
        await late.say("a/mark", "")
        await late.text("a/mark")
        return {str(one.topic) for one in late.heard if one.retain}


def _cars(retained: set[str]) -> set[str]:
    return {topic.split("/")[1] for topic in retained}


async def test_a_hidden_car(
    hass: HomeAssistant, listener: Listener, mosquitto: Mosquitto
) -> None:
    """Its topics are removed, a command for it is refused, and it may come back."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    await listener.text("carport/aurora/state")
    await listener.text("carport/courier/state")
    hidden = {CONF_MQTT: _OWN, CONF_HIDDEN_CARS: [ELECTRIC]}
    hass.config_entries.async_update_entry(home.entry, options=hidden)
    await hass.config_entries.async_reload(home.entry.entry_id)
    await _emptied(listener, "carport/aurora/state", "carport/aurora/battery_level")
    await listener.say("carport/aurora/set/doors", "unlock")
    told = await listener.json("carport/aurora/receipt")
    assert told["reason"] == "car_gone"
    cars = _cars(await _retained(mosquitto))
    assert "courier" in cars
    assert "aurora" not in cars
    hass.config_entries.async_update_entry(home.entry, options={CONF_MQTT: _OWN})
    before = len(listener.texts("carport/aurora/state"))
    await hass.config_entries.async_reload(home.entry.entry_id)
    await listener.text("carport/aurora/state", after=before)


async def _choose(home: DemoHome, *layouts: str) -> None:
    """Choose topics in the options, or none."""
    entries = home.hass.config_entries
    options = {CONF_MQTT: {**_OWN, "layouts": [*layouts]}}
    entries.async_update_entry(home.entry, options=options)
    await entries.async_reload(home.entry.entry_id)


async def test_a_removed_account(
    hass: HomeAssistant, listener: Listener, mosquitto: Mosquitto
) -> None:
    """Nothing of it or its cars stays; only that nobody publishes any more."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    cars = await _all_told(listener)
    account = f"carport/bridge/accounts/{home.entry.entry_id}"
    await listener.text(account)
    await hass.config_entries.async_remove(home.entry.entry_id)
    await _emptied(listener, account, *cars)
    assert await _retained(mosquitto) == {"carport/bridge/state"}


async def test_removed_while_mqtt_was_disabled(
    hass: HomeAssistant, listener: Listener, mosquitto: Mosquitto
) -> None:
    """The next account that publishes removes it."""
    (broker,) = hass.config_entries.async_entries("mqtt")
    disable = hass.config_entries.async_set_disabled_by
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    await listener.text("carport/aurora/state")
    await listener.text("carport/courier/state")
    await disable(broker.entry_id, ConfigEntryDisabler.USER)
    await hass.config_entries.async_remove(home.entry.entry_id)
    assert "aurora" in _cars(await _retained(mosquitto))
    await disable(broker.entry_id, None)
    other = DemoHome(hass, home.clock)
    other.entry = MockConfigEntry(
        domain=DOMAIN, entry_id="another", data=dict(home.entry.data)
    )
    await other.start(**{CONF_MQTT: _OWN, CONF_HIDDEN_CARS: [ELECTRIC]})
    account = f"carport/bridge/accounts/{home.entry.entry_id}"
    await _emptied(listener, account, "carport/aurora/state")
    assert "aurora" not in _cars(await _retained(mosquitto))


async def test_an_account_that_publishes_no_more(
    hass: HomeAssistant, listener: Listener, mosquitto: Mosquitto
) -> None:
    """Without topics chosen nothing stays there either."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    cars = await _all_told(listener)
    await _choose(home)
    await _emptied(listener, f"carport/bridge/accounts/{home.entry.entry_id}", *cars)
    assert await _retained(mosquitto) == {"carport/bridge/state"}


async def test_topics_chosen_again_while_mqtt_is_away(
    hass: HomeAssistant, listener: Listener
) -> None:
    """What waited to be removed is told anew, and publishing begins with MQTT."""
    (broker,) = hass.config_entries.async_entries("mqtt")
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    cars = await _all_told(listener)
    await hass.config_entries.async_unload(broker.entry_id)
    await _choose(home)
    await _choose(home, "own")
    before = len(listener.lines)
    await hass.config_entries.async_setup(broker.entry_id)
    await _all_anew(listener, cars, before)


async def test_topics_chosen_again_while_the_broker_is_down(
    hass: HomeAssistant,
    listener: Listener,
    mosquitto: Mosquitto,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is removed any more once it is back."""
    monkeypatch.setattr(client, "RECONNECT_INTERVAL_SECONDS", 0.2)
    monkeypatch.setattr(mqtt_publishing, "_REST", 0)
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    cars = await _all_told(listener)
    down = asyncio.Event()
    undo = mqtt.async_subscribe_connection_status(hass, lambda _up: down.set())
    await mosquitto.stop()
    await down.wait()
    undo()
    await _choose(home)
    await _choose(home, "own")
    again = await Mosquitto(tmp_path, port=mosquitto.port).start()
    async with listening(again.port, ["carport/#"]) as late:
        await _all_anew(late, cars, 0)
    for entry in hass.config_entries.async_entries(mqtt.DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    await again.stop()


async def _all_anew(listener: Listener, cars: list[str], before: int) -> None:
    """Wait until all cars are told, beyond so many messages; nothing is removed."""

    def said() -> list[tuple[str, str]]:
        return [line for line in listener.lines[before:] if line[0] in cars]

    await listener.until(lambda: {topic for topic, _ in said()} >= {*cars})
    assert all(text for _, text in said())


async def test_published_again_while_it_is_taken_back(
    hass: HomeAssistant, listener: Listener, mosquitto: Mosquitto
) -> None:
    """The owner's last word counts, and what is told by it is known when it ends."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_MQTT: _OWN})
    cars = await _all_told(listener)
    assert mosquitto.process is not None
    entry_id = home.entry.entry_id
    account = f"carport/bridge/accounts/{entry_id}"
    for layouts in ([], ["own"]):
        await hass.config_entries.async_unload(entry_id)
        # A broker that is slow to remove what it keeps.
        mosquitto.process.send_signal(signal.SIGSTOP)
        options = {CONF_MQTT: {**_OWN, "layouts": layouts}}
        hass.config_entries.async_update_entry(home.entry, options=options)
        await hass.config_entries.async_setup(entry_id)
    before = {car: len(listener.texts(car)) for car in cars}
    mosquitto.process.send_signal(signal.SIGCONT)
    await listener.until(
        lambda: all(any(listener.texts(car)[before[car] :]) for car in cars)
    )
    assert await _retained(mosquitto) >= set(cars)
    await hass.config_entries.async_remove(entry_id)
    await _emptied(listener, account, *cars)
    assert await _retained(mosquitto) == {"carport/bridge/state"}
