"""The demo's own parts: what it makes of the registries, and what it writes."""

from collections.abc import Iterator
from dataclasses import replace
import json
from pathlib import Path
import socket
from typing import Any, Final, cast

import pytest

from scripts.demo_home import accounts, config_dir, dashboard, processes
from scripts.demo_home.home import Home
from scripts.demo_home.registry import Device, devices
from scripts.demo_home.waiting import until

ENTRY: Final = "01M7Y000000000000000000000"
ELECTRIC: Final = "WVWZZZDEMTW000001"
COMBUSTION: Final = "WVWZZZDEMLW000003"


def _device_row(device_id: str, identifier: str, name: str) -> dict[str, Any]:
    return {
        "id": device_id,
        "identifiers": [["carport", identifier]],
        "config_entry_id": ENTRY,
        "name": name,
        "name_by_user": None,
        "model": "Aurora EV",
    }


def _entity_row(
    device_id: str, entity_id: str, unique_id: str, disabled_by: str | None = None
) -> dict[str, Any]:
    return {
        "device_id": device_id,
        "entity_id": entity_id,
        "unique_id": unique_id,
        "disabled_by": disabled_by,
    }


def _car(keys: dict[str, str], name: str = "Aurora") -> Device:
    return Device(
        name=name,
        entry_id=ENTRY,
        identifier=ELECTRIC,
        model="Aurora EV",
        entities=keys,
    )


ACCOUNT: Final = Device(
    name="Demo garage",
    entry_id=ENTRY,
    identifier=ENTRY,
    model="Demo garage",
    entities={"throttled": "binary_sensor.demo_garage_throttled"},
)


def _texts(content: Any) -> Iterator[str]:
    """Yield every text in a nest of lists and mappings."""
    if isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
    elif isinstance(content, str):
        yield content


def test_cars_and_accounts_are_told_apart() -> None:
    """Devices of others are left out, and cars come in a steady order."""
    cars, accounts = devices(
        [
            _device_row("d1", COMBUSTION, "Courier"),
            _device_row("d2", ELECTRIC, "Aurora"),
            _device_row("d3", ENTRY, "Demo garage"),
            {**_device_row("d4", "x", "Printer"), "identifiers": [["ipp", "x"]]},
        ],
        [
            _entity_row("d1", "sensor.fuel", f"{COMBUSTION.lower()}_fuel_level"),
            _entity_row("d2", "sensor.battery", f"{ELECTRIC.lower()}_battery_level"),
        ],
    )
    # What drives electrically comes first.
    assert [car.name for car in cars] == ["Aurora", "Courier"]
    assert [account.name for account in accounts] == ["Demo garage"]


def test_entities_are_found_by_key_and_disabled_ones_are_not() -> None:
    """A key on two platforms has a name for each of them."""
    prefix = ELECTRIC.lower()
    (car,), _ = devices(
        [_device_row("d1", ELECTRIC, "Aurora")],
        [
            _entity_row("d1", "number.current", f"{prefix}_max_charge_current"),
            _entity_row("d1", "select.current", f"{prefix}_max_charge_current"),
            _entity_row("d1", "button.wake", f"{prefix}_wake", "integration"),
            _entity_row("d9", "lock.other", f"{prefix}_doors"),
        ],
    )
    assert car.entities == {
        "max_charge_current": "number.current",
        "number.max_charge_current": "number.current",
        "select.max_charge_current": "select.current",
    }


def test_a_name_given_by_the_owner_wins() -> None:
    """The owner's name for a device is the one that is shown."""
    row = {**_device_row("d1", ELECTRIC, "Aurora"), "name_by_user": "Ours"}
    (car,), _ = devices([row], [])
    assert car.name == "Ours"


def test_dashboard_names_nothing_that_is_missing() -> None:
    """Every entity on the dashboard exists, and every one given is on it."""
    known = {
        "battery_level": "sensor.aurora_battery_level",
        "doors": "lock.aurora_doors",
        "last_command": "event.aurora_last_command",
        "refresh": "button.aurora_refresh",
        "door_front_left": "binary_sensor.aurora_door_front_left",
        "location": "device_tracker.aurora_location",
    }
    config = dashboard.config([_car(known)], [ACCOUNT])
    domains = {entity.partition(".")[0] for entity in known.values()} | {"switch"}
    named = {
        text
        for text in _texts(config)
        if text.partition(".")[0] in domains and " " not in text
    } - {"button.press"}
    assert named == set(known.values()) | set(ACCOUNT.entities.values())


def test_timers_stand_with_their_times_and_on_one_calendar() -> None:
    """Each timer a car has is there, whether it has a switch or only a time."""
    switched = {
        "schedule": "calendar.aurora_timers",
        "timers": "switch.aurora_all_timers",
        "timer_1": "switch.aurora_timer_1",
        "timer_1_time": "time.aurora_timer_1_time",
        "timer_2": "switch.aurora_timer_2",
        "timer_2_time": "time.aurora_timer_2_time",
    }
    timed = {"schedule": "calendar.zoe", "timer_1_time": "time.zoe_timer_1_time"}
    cars = [_car(switched), _car(timed, name="Zoe"), _car({}, name="Courier")]
    views = {view["path"]: view for view in dashboard.config(cars, [ACCOUNT])["views"]}
    overview, *by_car = views["timers"]["sections"]
    assert overview["cards"][1]["entities"] == [
        "calendar.aurora_timers",
        "calendar.zoe",
    ]
    assert [
        [card["entity"] for card in section["cards"] if "entity" in card]
        for section in by_car
    ] == [list(switched.values())[1:], ["time.zoe_timer_1_time"]]


def test_garage_counts_its_cars_and_names_their_services() -> None:
    """A car stands under its service, whose account's owner is not named."""
    account = replace(ACCOUNT, name="RoadLink (d***@example.com)")
    other = replace(ACCOUNT, entry_id="01M7Y000000000000000000001")
    cars = [_car({}), _car({}), replace(_car({}), entry_id=other.entry_id)]
    (garage, *_) = dashboard.config(cars, [account, other])["views"]
    assert "3 cars of 2 services" in garage["header"]["card"]["content"]
    name, service = garage["sections"][0]["cards"]
    assert (name["heading"], service["heading"]) == ("Aurora", "RoadLink")


def test_a_picture_stands_above_the_car() -> None:
    """What the maker draws is shown where it is switched on."""
    config = dashboard.config([_car({"picture": "image.aurora_picture"})], [ACCOUNT])
    body = config["views"][-1]["sections"][0]
    assert body["cards"][1]["entity"] == "image.aurora_picture"


class _Forms:
    """Answers forms as Home Assistant does, and remembers what was typed."""

    def __init__(self, *asked: str) -> None:
        """Take the fields that the form of the account asks for."""
        self._asked = asked
        self.typed: list[Any] = []

    async def post(self, path: str, data: Any) -> Any:
        """Go one page on: the service, the account, the entry."""
        self.typed.append(data)
        return (
            {"flow_id": "f"},
            {"data_schema": [{"name": name} for name in self._asked]},
            {"type": "create_entry", "result": {"entry_id": ENTRY}},
        )[len(self.typed) - 1]


async def test_only_what_a_form_asks_for_is_typed() -> None:
    """Words a service has no use for are kept back, and so is what is not known."""
    forms = _Forms("username", "client_id", "pin")
    account: dict[str, Any] = {
        "username": "a@example.com",
        "pin": None,
        "client_id": "app",
        "vins": [],
    }
    assert await accounts.add(cast(Home, forms), "i_remote", account) == ENTRY
    assert forms.typed[-1] == {"username": "a@example.com", "client_id": "app"}


def test_dashboard_of_a_car_that_says_nothing() -> None:
    """A car without entities still has its page, with nothing on it."""
    config = dashboard.config([_car({})], [ACCOUNT])
    *_, page = config["views"]
    assert page["path"] == "car-000001"
    assert page["title"] == "Aurora · Aurora EV"
    assert page["sections"] == []


def test_a_model_in_the_name_is_not_said_twice() -> None:
    """The title of a page adds the model only where it says more."""
    config = dashboard.config([_car({}, name="2026 Aurora EV")], [ACCOUNT])
    assert config["views"][-1]["title"] == "2026 Aurora EV"


def test_a_buttons_tile_presses_it() -> None:
    """A tap on the tile of a button is a press."""
    config = dashboard.config([_car({"refresh": "button.aurora_refresh"})], [ACCOUNT])
    (card,) = [
        card
        for section in config["views"][-1]["sections"]
        for card in section["cards"]
        if card.get("entity") == "button.aurora_refresh"
    ]
    assert card["tap_action"]["perform_action"] == "button.press"


def test_configuration_is_written_and_what_is_kept_stays(tmp_path: Path) -> None:
    """A second start moves the port and leaves the rest alone."""
    config_dir.prepare(tmp_path, 8123)
    onboarding = tmp_path / ".storage" / "onboarding"
    onboarding.write_text("kept")
    config_dir.prepare(tmp_path, 8124)
    assert onboarding.read_text() == "kept"
    http = json.loads((tmp_path / ".storage" / "http").read_text())["data"]["stable"]
    assert (http["server_host"], http["server_port"]) == (["127.0.0.1"], 8124)
    manifest = tmp_path / "custom_components" / "carport" / "manifest.json"
    assert json.loads(manifest.read_text())["domain"] == "carport"
    assert (tmp_path / "www" / config_dir.PICTURE).is_file()


def test_taken_ports_are_passed_over(socket_enabled: None) -> None:
    """Somebody who listens keeps the port."""
    with socket.socket() as taken:
        taken.bind((processes.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not processes.is_free(port)
        assert processes.free_ports(port, 1, 1) > port


async def test_waiting_ends_with_what_was_seen() -> None:
    """The first true answer is returned."""
    answers = iter(("", "", "ready"))

    async def look() -> str:
        return next(answers)

    assert await until("it is ready", look, 10) == "ready"


async def test_waiting_has_an_end() -> None:
    """Waiting in vain says for what."""

    async def look() -> bool:
        return False

    with pytest.raises(TimeoutError, match="it is ready"):
        await until("it is ready", look, 0.01)
