"""The blueprints, imported as their owner would, and run with the Demo garage."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
import re
from shutil import copytree
from typing import Any, Final, override

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
    setup_test_component_platform,
)

from custom_components.carport.car.commands import CommandKind, StopCharging
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.car.refusals import Reason
from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict

from .demo_garage import ELECTRIC, DemoHome
from .listening import CHARGES, live

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "blueprints" / "automation" / "carport"
NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.yaml"))
MONDAY: Final = date(2026, 11, 30)
_PATIENCE: Final = 200
"""Seconds of the garage's clock within which every command has its receipt."""
_QUIET: Final = 5
"""Seconds without a command after which none follows."""
PHONE: Final = {"entity_id": "notify.phone"}


class Blueprint:
    """A home in which one of the blueprints is used."""

    def __init__(self, home: DemoHome, folder: Path) -> None:
        """Know the home, and where its blueprints are."""
        self.home, self.hass = home, home.hass
        self._folder = folder
        self.told: list[ServiceCall] = []

    async def use(self, name: str, car: str = ELECTRIC, **inputs: Any) -> None:
        """Import it, fill it in and turn it on."""
        copytree(FOLDER, self._folder / "blueprints" / "automation" / "carport")
        self.hass.config.config_dir = str(self._folder)
        self.told = async_mock_service(self.hass, "notify", "send_message")
        written = {
            "alias": "Used",
            "use_blueprint": {
                "path": f"carport/{name}.yaml",
                "input": {"car": self.home.device_id(car), **inputs},
            },
        }
        assert await async_setup_component(
            self.hass, "automation", {"automation": written}
        )
        await self.settle()
        state = self.hass.states.get("automation.used")
        assert state is not None
        assert state.state == "on", state

    async def settle(self) -> None:
        """Let the automation act, and every car that was told something obey.

        Home Assistant itself cannot be waited for: the clock would not move meanwhile.
        """
        cars = self.home.coordinator.garage.cars.values()
        quiet = 0
        for _ in range(_PATIENCE):
            await self.home.advance(1)
            quiet = quiet + 1 if all(car.running is None for car in cars) else 0
            if quiet == _QUIET:
                return
        raise AssertionError("a command does not come to its end")

    async def turn_off(self) -> None:
        """Turn it off, with its timers."""
        if self.hass.states.get("automation.used") is not None:
            await self.hass.services.async_call(
                "automation",
                "turn_off",
                {"entity_id": "automation.used"},
                blocking=True,
            )

    @property
    def messages(self) -> list[str]:
        """What was told to the phone."""
        assert all(call.data["entity_id"] == ["notify.phone"] for call in self.told)
        return [call.data["message"] for call in self.told]

    @property
    def sent(self) -> list[CommandKind]:
        """The commands that a car took."""
        return [
            receipt.command
            for receipt in self.home.car().receipts
            if receipt.outcome is Outcome.CONFIRMED
        ]


@pytest.fixture
async def blueprint(home: DemoHome, tmp_path: Path) -> AsyncIterator[Blueprint]:
    """Give a home with the Demo garage, in which a blueprint can be used."""
    hass = home.hass
    hass.config.latitude, hass.config.longitude = 52.4227, 10.7865
    assert await async_setup_component(hass, "zone", {})
    await diary(hass, MONDAY)
    await home.start()
    used = Blueprint(home, tmp_path)
    yield used
    await used.turn_off()


async def at(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hour: int, minute: int = 0
) -> None:
    """Let it be the next time at this hour."""
    moment = dt_util.now().replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment <= dt_util.now():
        moment += timedelta(days=1)
    freezer.move_to(moment)
    async_fire_time_changed(hass, moment)


async def pass_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float
) -> None:
    """Let some of Home Assistant's minutes pass."""
    freezer.tick(timedelta(minutes=minutes))
    async_fire_time_changed(hass)


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_can_be_imported(name: str) -> None:
    """By its own address, which the documents link; every input has its words."""
    written = load_yaml_dict(str(FOLDER / f"{name}.yaml"))["blueprint"]
    assert isinstance(written, Mapping)
    address = written["source_url"]
    # The form that Home Assistant's import understands.
    assert re.fullmatch(
        rf"https://github\.com/.+/blob/main/blueprints/automation/carport/{name}\.yaml",
        address,
    )
    linked = (ROOT / "docs" / "blueprints.md").read_text()
    quoted = address.replace(":", "%3A").replace("/", "%2F")
    assert f"blueprint_import/?blueprint_url={quoted}" in linked
    assert written["name"].startswith("Carport: ")
    for field in written["input"].values():
        assert field["name"]
        assert field["selector"]


def test_no_blueprint_starts_a_heater() -> None:
    """One that burns fuel is nowhere; climate is withheld by Carport unless allowed."""
    for name in NAMES:
        text = (FOLDER / f"{name}.yaml").read_text()
        assert not re.search(r"auxiliary_heating|carport\.start_ventilation", text)
        assert "unlock\n" not in text


async def test_charging_follows_the_price(blueprint: Blueprint) -> None:
    """Cheap it charges, dear it stops; what is needed is charged at any price."""
    home, hass = blueprint.home, blueprint.hass
    hass.states.async_set("sensor.price", "0.40")
    await live(home, **{**CHARGES, "charge_wish": False})
    await blueprint.use("charge_by_price", price="sensor.price", limit=0.2, needed=30)
    hass.states.async_set("sensor.price", "0.35")
    await blueprint.settle()
    assert blueprint.sent == []
    hass.states.async_set("sensor.price", "0.10")
    await blueprint.settle()
    assert blueprint.sent == [CommandKind.START_CHARGING]
    hass.states.async_set("sensor.price", "0.11")
    await blueprint.settle()
    hass.states.async_set("sensor.price", "unavailable")
    await blueprint.settle()
    assert blueprint.sent == [CommandKind.START_CHARGING]
    hass.states.async_set("sensor.price", "0.50")
    await blueprint.settle()
    assert blueprint.sent[1:] == [CommandKind.STOP_CHARGING]
    await live(home, battery_level=20.0)
    await blueprint.settle()
    assert blueprint.sent[2:] == [CommandKind.START_CHARGING]


async def test_a_charge_elsewhere_is_left_alone(blueprint: Blueprint) -> None:
    """At a charging station the price at home says nothing."""
    home, hass = blueprint.home, blueprint.hass
    hass.states.async_set("sensor.price", "0.10")
    await live(home, **CHARGES)
    tracker = home.state("device_tracker", "location")
    hass.states.async_set(tracker.entity_id, "not_home", tracker.attributes)
    await blueprint.use("charge_by_price", price="sensor.price", limit=0.2)
    hass.states.async_set("sensor.price", "0.90")
    await blueprint.settle()
    assert blueprint.sent == []


async def test_charging_follows_the_sun(
    blueprint: Blueprint, freezer: FrozenDateTimeFactory
) -> None:
    """Enough for a while starts it; a short cloud does not stop it, a long one does."""
    home, hass = blueprint.home, blueprint.hass
    hass.states.async_set("sensor.surplus", "0")
    await live(home, **{**CHARGES, "charge_wish": False})
    await blueprint.use("charge_from_surplus", surplus="sensor.surplus")
    hass.states.async_set("sensor.surplus", "5000")
    await pass_minutes(hass, freezer, 5)
    await blueprint.settle()
    assert blueprint.sent == []
    await pass_minutes(hass, freezer, 6)
    await blueprint.settle()
    assert blueprint.sent == [CommandKind.START_CHARGING]
    hass.states.async_set("sensor.surplus", "-3000")
    await pass_minutes(hass, freezer, 5)
    hass.states.async_set("sensor.surplus", "500")
    await pass_minutes(hass, freezer, 11)
    await blueprint.settle()
    assert blueprint.sent == [CommandKind.START_CHARGING]
    hass.states.async_set("sensor.surplus", "-3000")
    await pass_minutes(hass, freezer, 11)
    await blueprint.settle()
    assert blueprint.sent[1:] == [CommandKind.STOP_CHARGING]


class Diary(CalendarEntity):
    """A calendar with these events."""

    _attr_name = "Diary"
    _attr_unique_id = "diary"

    def __init__(self, events: list[CalendarEvent]) -> None:
        """Keep the events."""
        self._events = events

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """None: its state is of no interest."""
        return None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what overlaps a span of time."""
        return [
            event
            for event in self._events
            if event.start_datetime_local < end_date
            and event.end_datetime_local > start_date
        ]


async def diary(hass: HomeAssistant, on: date) -> None:
    """Give the house a calendar: a long night before, a birthday, and two meetings."""

    day = dt_util.start_of_local_day(on)

    def event(summary: str, begins: float, hours: float) -> CalendarEvent:
        start = day + timedelta(hours=begins)
        return CalendarEvent(
            summary=summary, start=start, end=start + timedelta(hours=hours)
        )

    birthday = CalendarEvent(summary="Birthday", start=on, end=on + timedelta(days=1))
    events = [
        event("Night shift", -2, 4),
        birthday,
        event("Dentist", 8, 1),
        event("Meeting", 14, 1),
    ]
    setup_test_component_platform(hass, "calendar", [Diary(events)])
    assert await async_setup_component(
        hass, "calendar", {"calendar": {"platform": "test"}}
    )
    await hass.async_block_till_done()


async def test_the_car_is_warm_before_the_first_event(
    hass: HomeAssistant, blueprint: Blueprint, freezer: FrozenDateTimeFactory
) -> None:
    """Not before the second; what lasts all day or began the day before does not count."""
    freezer.move_to(dt_util.start_of_local_day(MONDAY) - timedelta(hours=1))
    await blueprint.use("warm_before_first_event", calendar="calendar.diary")
    for hour, minute, sent in (
        (0, 30, []),
        (7, 30, []),
        (7, 41, [CommandKind.START_CLIMATE]),
        (13, 45, [CommandKind.START_CLIMATE]),
    ):
        # The trigger looks for events every quarter of an hour.
        await at(hass, freezer, hour, minute)
        await blueprint.settle()
        assert blueprint.sent == sent, (hour, minute)


async def test_the_reminder_to_plug_in(
    hass: HomeAssistant, blueprint: Blueprint, freezer: FrozenDateTimeFactory
) -> None:
    """Only when it stands at home, unplugged, and not full enough."""
    home = blueprint.home
    await live(home, plugged_in=False, battery_level=70.0)
    await blueprint.use("remind_to_plug_in", notify=PHONE, message="Plug in!")
    await at(hass, freezer, 21)
    await blueprint.settle()
    assert blueprint.messages == []
    await live(home, battery_level=40.0)
    await at(hass, freezer, 21)
    await blueprint.settle()
    assert blueprint.messages == ["Plug in!"]
    await live(home, plugged_in=True)
    await at(hass, freezer, 21)
    await blueprint.settle()
    assert blueprint.messages == ["Plug in!"]


@pytest.mark.parametrize("obeys", [True, False])
async def test_the_car_is_locked_at_night(
    hass: HomeAssistant,
    blueprint: Blueprint,
    freezer: FrozenDateTimeFactory,
    obeys: bool,
) -> None:
    """With what became of it; a locked one is left in peace."""
    home = blueprint.home
    await live(home, locked=True)
    await blueprint.use("lock_at_night", notify=PHONE, locked="Yes", not_locked="No")
    await at(hass, freezer, 22, 30)
    await blueprint.settle()
    assert blueprint.messages == []
    await live(home, locked=False)
    home.service.twin(ELECTRIC).faults.deaf = not obeys
    await at(hass, freezer, 22, 30)
    await blueprint.settle()
    assert blueprint.messages == (["Yes"] if obeys else ["No"])
    assert home.service.twin(ELECTRIC).state.locked is obeys


async def test_an_open_window_is_reported_at_night(
    hass: HomeAssistant, blueprint: Blueprint, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody can close it from afar."""
    await live(blueprint.home, locked=True, windows=(True, False, False, False))
    await blueprint.use("lock_at_night", notify=PHONE, open="A window!")
    await at(hass, freezer, 22, 30)
    await blueprint.settle()
    assert blueprint.messages == ["A window!"]


async def test_the_end_of_a_charge_is_told(
    hass: HomeAssistant, blueprint: Blueprint, freezer: FrozenDateTimeFactory
) -> None:
    """Done at once, broken off after some patience; what was ordered is not told."""
    home = blueprint.home
    await live(home, **CHARGES)
    await blueprint.use("tell_when_charged", notify=PHONE, done="Done", broke_off="Off")
    await live(home, charge_wish=False)
    await pass_minutes(hass, freezer, 3)
    await blueprint.settle()
    assert blueprint.messages == []
    await pass_minutes(hass, freezer, 3)
    await blueprint.settle()
    assert blueprint.messages == ["Off"]
    await live(home, charge_wish=True)
    await live(home, battery_level=80.0)
    assert blueprint.messages == ["Off", "Done"]
    await live(home, battery_level=40.0)
    await home.send(StopCharging())
    await pass_minutes(hass, freezer, 10)
    await blueprint.settle()
    assert blueprint.messages == ["Off", "Done"]


async def test_a_fuel_heater_starts_by_no_blueprint(
    hass: HomeAssistant, blueprint: Blueprint, freezer: FrozenDateTimeFactory
) -> None:
    """The owner has confirmed nothing: the command is refused, with its reason."""
    courier = "WVWZZZDEMLW000003"
    freezer.move_to(dt_util.start_of_local_day(MONDAY) - timedelta(hours=1))
    await blueprint.use("warm_before_first_event", courier, calendar="calendar.diary")
    await at(hass, freezer, 7, 41)
    await blueprint.settle()
    receipts = blueprint.home.car(courier).receipts
    assert [one.outcome for one in receipts] == [Outcome.REFUSED]
    assert receipts[-1].reason in {Reason.FUEL_HEATER, Reason.NOT_CAPABLE}
    state = blueprint.home.service.twin(courier).state
    assert not state.auxiliary_heating
    assert not state.climate_active
