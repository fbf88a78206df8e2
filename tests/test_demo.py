"""The demo's own parts: what it makes of the registries, and what it writes."""

import json
from pathlib import Path
import socket
from typing import Any, Final, cast

import pytest

from scripts.demo_home import accounts, config_dir, processes
from scripts.demo_home.home import Home
from scripts.demo_home.registry import devices
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
    forms = _Forms("api_key", "vins")
    account = {"api_key": "k", "username": "a", "vins": ["VIN1", "VIN2"]}
    assert await accounts.add(cast(Home, forms), "skoda", account) == ENTRY
    assert forms.typed[-1] == {"api_key": "k", "vins": "VIN1 VIN2"}


async def test_other_doors_to_the_cars_that_are_there() -> None:
    """The first account of each cloud, and those that have no car of their own."""

    def account(*vins: str) -> dict[str, Any]:
        return {"vins": list(vins)}

    index = {
        "accounts": {
            "skoda": [account("A"), account("B")],
            "eu_data_act": [account("C"), account("A"), account("A", "D"), account()],
        }
    }
    typed = accounts.accounts_of(index)
    found = [(service, one.get("vins", [])) for service, one in typed]
    assert found == [
        ("skoda", ["A"]),
        ("eu_data_act", ["C"]),
        ("eu_data_act", ["A"]),
        ("demo", []),
    ]


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
