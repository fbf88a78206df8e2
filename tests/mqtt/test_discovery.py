"""Home Assistant's own MQTT integration discovers cars as Carport itself shows them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
import hashlib
import logging
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from carport.car.commands import CommandKind
from carport.car.signals import SCHEDULE
from carport.cloud.cadence import Profile
from carport.engine import AccountOptions, Engine, Login
from carport.mqtt.bridge import Bridge
from carport.mqtt.connection import Broker, Connection
from carport.mqtt.permissions import GROUPS
from carport.mqtt.settings import CarSettings, Layout, Private, Settings
from carport.twin.fleet import GARAGE
from cli.bridging import AccountGateway
from cli.home import AccountRecord, Home
from cli.sessions import Session, http_session
from cli.words import entity_names
from custom_components.carport.const import CONF_FUEL_HEATERS, DOMAIN
from homeassistant.components import mqtt
from homeassistant.components.image import async_get_image
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from scripts.mqtt_entities import TABLE, table
from simulator.clock import ManualClock
from tests.face.demo_garage import ELECTRIC, NIGHT, DemoHome, demo_clock
from tests.patience import PATIENCE

from .broker import LOOPBACK, Mosquitto

_VINS: Final = [spec.vin for spec in GARAGE]
_BY_TIME: Final = {"data_age"}
"""Only time changes it; by MQTT there would be a message a minute for each car."""
_ELSEWHERE: Final = {"schedule"}
"""MQTT has no calendars."""
_SAME: Final = (
    "original_name",
    "original_device_class",
    "unit_of_measurement",
    "entity_category",
    "disabled_by",
    "capabilities",
)
EVERYTHING: Final = frozenset(GROUPS)


class Beside:
    """A bridge beside Home Assistant, over the same cars at the same hour."""

    def __init__(self, hass: HomeAssistant, mosquitto: Mosquitto) -> None:
        """Run nothing yet."""
        self.hass = hass
        self.mosquitto = mosquitto
        self.entry = MockConfigEntry(
            domain="mqtt",
            version=2,
            minor_version=1,
            data={
                "broker": LOOPBACK,
                "port": mosquitto.port,
                "protocol": "5",
                "discovery": True,
                "discovery_prefix": "homeassistant",
            },
        )
        self.clock = ManualClock(NIGHT)

    async def connect_home(self) -> None:
        """Let Home Assistant be at the broker."""
        self.entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()

    async def until(self, is_it: Callable[[], object]) -> None:
        """Wait for something that follows from messages."""
        async with asyncio.timeout(PATIENCE):
            while not is_it():
                await asyncio.sleep(0.01)
                await self.hass.async_block_till_done()

    def of_bridge(self, vin: str = ELECTRIC) -> dict[str, er.RegistryEntry]:
        """Return what was discovered of a car, by platform and key."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            ("mqtt", f"carport_{_digest(vin)}"), self.entry.entry_id
        )
        if device is None:
            return {}
        entries = er.async_entries_for_device(
            er.async_get(self.hass), device.id, include_disabled_entities=True
        )
        prefix = f"carport_{_digest(vin)}_"
        return {
            f"{one.domain}.{one.unique_id.removeprefix(prefix)}": one for one in entries
        }

    def of_carport(self, vin: str = ELECTRIC) -> dict[str, er.RegistryEntry]:
        """Return what the integration itself shows of a car."""
        prefix = f"{vin}_".lower()
        return {
            f"{one.domain}.{one.unique_id.removeprefix(prefix)}": one
            for one in er.async_get(self.hass).entities.values()
            if one.platform == DOMAIN and one.unique_id.startswith(prefix)
        }


def _digest(vin: str) -> str:
    return hashlib.sha256(vin.encode()).hexdigest()[:12]


@pytest.fixture
async def beside(
    hass: HomeAssistant, socket_enabled: None, mosquitto: Mosquitto, tmp_path: Path
) -> AsyncIterator[Beside]:
    """Give a Home Assistant at a broker."""
    hass.config.config_dir = str(tmp_path)
    (tmp_path / "configuration.yaml").touch()
    here = Beside(hass, mosquitto)
    await here.connect_home()
    yield here
    await hass.config_entries.async_unload(here.entry.entry_id)
    await hass.async_block_till_done()


class Running:
    """A bridge over the Demo garage."""

    def __init__(
        self,
        here: Beside,
        folder: Path,
        words: frozenset[str],
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        """Prepare it."""
        self.hidden = hidden
        self.here = here
        self.folder = folder
        self.settings = Settings(
            layouts=frozenset({Layout.DISCOVERY}),
            cars={
                vin: CarSettings(
                    topic=f"car{number}",
                    commands=words,
                    publish=frozenset(Private) if words else frozenset(),
                )
                for number, vin in enumerate(_VINS, 1)
            },
        )

    async def __aenter__(self) -> Bridge:
        """Begin."""
        here = self.here
        self.http = http_session()
        self.engine = await Engine.load(clock=here.clock)
        await self.engine.open(
            self.http,
            "demo",
            Login(service="demo", region="demo", username="demo"),
            options=AccountOptions(
                fuel_heaters=frozenset(_VINS), hidden_cars=self.hidden
            ),
            credentials={},
            clock=here.clock,
        )
        for vin in self.engine.cars:
            await self.engine.read(vin)
        session = Session(engine=self.engine, home=Home(self.folder), http=self.http)
        record = AccountRecord(name="demo", service="demo", region="demo")
        gateway = AccountGateway.of(session, session.home, [record])
        self.bridge = Bridge(
            gateway,
            self.settings,
            names=entity_names(),
            record=session.home.announced("broker"),
        )
        self.connection = Connection(
            self.bridge, Broker(host=LOOPBACK, port=here.mosquitto.port)
        )
        self.visit = asyncio.create_task(self.connection.run())
        return self.bridge

    async def __aexit__(self, *exc: object) -> None:
        """End as the process does."""
        self.bridge.stop()
        await self.engine.close()
        await self.bridge.close()
        await self.connection.end()
        await self.visit
        await self.http.close()


async def test_cars_are_as_the_integration_shows_them(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """Keys, names, classes, units, categories, what is disabled, and every state."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start(**{CONF_FUEL_HEATERS: _VINS})
    async with Running(beside, tmp_path, EVERYTHING):
        for vin in _VINS:
            await _compare(hass, beside, vin)


async def _compare(hass: HomeAssistant, beside: Beside, vin: str) -> None:
    """Wait for a car, and compare all its entities with those of the integration."""
    expected = {
        name: one
        for name, one in beside.of_carport(vin).items()
        if not _is_left_out(name)
    }
    await beside.until(lambda: beside.of_bridge(vin).keys() >= expected.keys())
    found = beside.of_bridge(vin)
    assert found.keys() ^ expected.keys() == set()
    for name, one in found.items():
        for field in _SAME:
            ours, theirs = getattr(one, field), getattr(expected[name], field)
            if field == "capabilities":
                ours, theirs = _comparable(ours), _comparable(theirs)
            assert ours == theirs, (name, field)
    enabled = [name for name, one in found.items() if one.disabled_by is None]
    await beside.until(lambda: not _missing(hass, found, expected, enabled))
    for name in enabled:
        state = hass.states.get(found[name].entity_id)
        theirs = hass.states.get(expected[name].entity_id)
        assert state is not None
        assert theirs is not None
        assert _plain(state.state) == _plain(theirs.state), name


async def test_nothing_is_announced_that_is_not_allowed(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """No controls and no places; and what was allowed once is taken away again."""
    control = {"lock", "switch", "climate", "number", "select", "button", "event"}
    async with Running(beside, tmp_path, EVERYTHING):
        await beside.until(lambda: "lock.doors" in beside.of_bridge())
    async with Running(beside, tmp_path, frozenset()):
        await beside.until(lambda: "lock.doors" not in beside.of_bridge())
        found = beside.of_bridge()
        assert "sensor.battery_level" in found
        assert not {name for name in found if name.partition(".")[0] in control}
        assert not [name for name in found if "timer_" in name or "image" in name]
        assert not found.keys() & {"device_tracker.location", "sensor.parked_at"}
        assert not [name for name in found if "last_trip" in name]
    # The bridge has gone: what it told is not there any more.
    level = beside.of_bridge()["sensor.battery_level"].entity_id

    def is_gone() -> bool:
        state = hass.states.get(level)
        return state is not None and state.state == STATE_UNAVAILABLE

    await beside.until(is_gone)


async def test_what_is_gone_is_no_device_any_more(
    hass: HomeAssistant,
    beside: Beside,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant drops the devices, and stumbles over nothing on the way."""
    async with Running(beside, tmp_path, EVERYTHING):
        await beside.until(lambda: all(map(beside.of_bridge, _VINS)))
    async with Running(beside, tmp_path, EVERYTHING, hidden=frozenset({ELECTRIC})):
        await beside.until(lambda: not beside.of_bridge(ELECTRIC))
        assert all(beside.of_bridge(vin) for vin in _VINS if vin != ELECTRIC)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_a_control_in_home_assistant_reaches_the_car(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """The lock and a number, from a click to the car's own word."""
    async with Running(beside, tmp_path, frozenset({"lock", "unlock", "charge"})):
        await beside.until(lambda: "number.charge_limit" in beside.of_bridge())
        found = beside.of_bridge()

        async def ask(
            domain: str, action: str, name: str, state: str, **more: Any
        ) -> None:
            entity_id = found[name].entity_id
            await beside.until(lambda: _is_there(hass, entity_id))
            await hass.services.async_call(
                domain, action, {"entity_id": entity_id, **more}, blocking=True
            )

            def is_it() -> bool:
                beside.clock.step(1)
                known = hass.states.get(entity_id)
                return known is not None and known.state == state

            await beside.until(is_it)

        await ask("lock", "unlock", "lock.doors", "unlocked")
        await ask("lock", "lock", "lock.doors", "locked")
        await ask("number", "set_value", "number.charge_limit", "70", value=70)
        receipt = found["event.last_command"].entity_id
        await beside.until(
            lambda: (
                (event := hass.states.get(receipt)) is not None
                and event.attributes["event_type"] == "confirmed"
                and event.attributes["command"] == "set_charge_limit"
            )
        )


async def test_timers_and_choices(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """Timers are changed one by one; how often and for how long is kept by the bridge."""
    async with Running(beside, tmp_path, EVERYTHING) as bridge:
        await beside.until(lambda: "time.timer_1_time" in beside.of_bridge())
        found = beside.of_bridge()
        car = bridge.cars[ELECTRIC].car

        async def ask(domain: str, action: str, key: str, **more: Any) -> str:
            entity_id = found[f"{domain}.{key}"].entity_id
            await beside.until(lambda: _is_there(hass, entity_id))
            await hass.services.async_call(
                domain, action, {"entity_id": entity_id, **more}, blocking=True
            )
            return entity_id

        async def becomes(entity_id: str, state: str) -> None:
            def is_it() -> bool:
                beside.clock.step(1)
                known = hass.states.get(entity_id)
                return known is not None and known.state == state

            await beside.until(is_it)

        before = car.shown(SCHEDULE)
        assert before is not None
        others = [slot for slot in before.slots if slot.number != 1]
        await becomes(
            await ask("time", "set_value", "timer_1_time", time="05:45:00"), "05:45:00"
        )
        on = await ask("switch", "turn_on", "timer_1")
        await becomes(on, "on")
        told = hass.states.get(on)
        assert told is not None
        assert told.attributes["number"] == 1
        assert {"days", "charge", "climate", "window_start"} <= told.attributes.keys()
        await becomes(await ask("switch", "turn_off", "timer_1"), "off")
        await becomes(await ask("switch", "turn_off", "timers"), "off")
        after = car.shown(SCHEDULE)
        assert after is not None
        assert not after.active
        assert [slot for slot in after.slots if slot.number != 1] == others
        profile = await ask("select", "select_option", "poll_profile", option="saver")
        await becomes(profile, "saver")
        assert car.profile is Profile.SAVER


async def test_how_long_it_heats(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """The duration goes with the next start, and nothing is sent before."""
    async with Running(beside, tmp_path, EVERYTHING) as bridge:
        name = "number.auxiliary_heating_duration"
        vin = next(
            vin
            for vin, car in bridge.cars.items()
            if CommandKind.SET_AUXILIARY_HEATING in car.car.commands
        )
        await beside.until(lambda: name in beside.of_bridge(vin))
        found = beside.of_bridge(vin)
        number = found[name].entity_id
        await beside.until(lambda: _is_there(hass, number))
        await hass.services.async_call(
            "number", "set_value", {"entity_id": number, "value": 20}, blocking=True
        )
        await beside.until(lambda: _state(hass, number) == "20")
        car = bridge.cars[vin].car
        assert not car.receipts
        switch = found["switch.auxiliary_heating"].entity_id
        await hass.services.async_call(
            "switch", "turn_on", {"entity_id": switch}, blocking=True
        )

        def is_sent() -> bool:
            beside.clock.step(1)
            return bool(car.receipts)

        await beside.until(is_sent)
        assert car.receipts[-1].parameters["duration"] == 20


async def test_a_picture_is_fetched_when_somebody_says_so(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """It costs a call; Home Assistant has the image as the maker sent it."""
    async with Running(beside, tmp_path, EVERYTHING) as bridge:
        await beside.until(lambda: "image.picture" in beside.of_bridge())
        entity_id = beside.of_bridge()["image.picture"].entity_id
        er.async_get(hass).async_update_entity(entity_id, disabled_by=None)
        await hass.config_entries.async_reload(beside.entry.entry_id)
        topic = bridge.own.path(bridge.cars[ELECTRIC], "set", "picture")
        await mqtt.async_publish(hass, topic, "press")
        await beside.until(lambda: bridge.own.pictures)
        (picture,) = bridge.own.pictures.values()

        async def shown() -> bytes | None:
            try:
                return (await async_get_image(hass, entity_id)).content
            except HomeAssistantError:
                return None

        async with asyncio.timeout(PATIENCE):
            while await shown() != picture.content:
                await hass.async_block_till_done()
                await asyncio.sleep(0.01)
        assert (await async_get_image(hass, entity_id)).content_type == (
            picture.content_type
        )


async def test_an_account_is_a_device(
    hass: HomeAssistant, beside: Beside, tmp_path: Path
) -> None:
    """With the calls that are left, and whether the cloud wants rest."""
    home = DemoHome(hass, demo_clock(hass))
    await home.start()
    async with Running(beside, tmp_path, frozenset()) as bridge:
        ledger = bridge.own.accounts.known["demo"].service.context.transport.ledger
        digest = bridge.own.accounts.known["demo"].digest
        registry = er.async_get(hass)

        def of_account() -> dict[str, er.RegistryEntry]:
            prefix = f"carport_{digest}_"
            return {
                one.unique_id.removeprefix(prefix): one
                for one in registry.entities.values()
                if one.unique_id.startswith(prefix)
            }

        await beside.until(lambda: "throttled" in of_account())
        entry_id = home.entry.entry_id
        for key, found in of_account().items():
            ours = registry.async_get_entity_id(
                found.domain, DOMAIN, f"{entry_id}_{key}".lower()
            )
            assert ours is not None
            theirs = registry.entities[ours]
            for field in _SAME:
                assert getattr(found, field) == getattr(theirs, field), (key, field)
        throttled = of_account()["throttled"].entity_id
        await beside.until(lambda: _state(hass, throttled) == "off")
        ledger.throttle(beside.clock.now() + timedelta(minutes=5))
        await beside.until(lambda: _state(hass, throttled) == "on")
        # The end of a pause is told by nobody.
        beside.clock.step(301)
        await beside.until(lambda: _state(hass, throttled) == "off")


def _state(hass: HomeAssistant, entity_id: str) -> str | None:
    known = hass.states.get(entity_id)
    return None if known is None else known.state


def test_the_table_is_that_of_the_integration() -> None:
    """After a change of an entity: python -m scripts.mqtt_entities."""
    assert TABLE.read_text(encoding="utf-8") == table()


def _is_left_out(name: str) -> bool:
    _, _, key = name.partition(".")
    return key in _BY_TIME | _ELSEWHERE


def _comparable(capabilities: Any) -> dict[str, Any]:
    """Return what can be chosen, whatever it is written in."""
    return {
        str(key): sorted(map(str, value))
        if isinstance(value, list)
        else float(value)
        if isinstance(value, (int, float))
        else str(value)
        for key, value in (capabilities or {}).items()
        if value is not None
    }


def _plain(state: str) -> float | str:
    """Return a number as one, however it is written."""
    try:
        return float(state)
    except ValueError:
        return state


def _is_there(hass: HomeAssistant, entity_id: str) -> bool:
    state = hass.states.get(entity_id)
    return state is not None and state.state != STATE_UNAVAILABLE


def _missing(
    hass: HomeAssistant,
    found: dict[str, er.RegistryEntry],
    expected: dict[str, er.RegistryEntry],
    names: list[str],
) -> list[str]:
    """Return the entities whose states have not come yet."""
    missing = []
    for name in names:
        state = hass.states.get(found[name].entity_id)
        theirs = hass.states.get(expected[name].entity_id)
        waits = state is None or state.state in {STATE_UNKNOWN, STATE_UNAVAILABLE}
        if waits and theirs is not None and theirs.state != STATE_UNKNOWN:
            missing.append(name)
    return missing
