"""State folders that something else has been at: what is whole goes on working."""

import json
from pathlib import Path
from typing import Any

import pytest

from .terminal import TESTER, Terminal


@pytest.mark.parametrize(
    "rows",
    [
        {"service": ["demo"], "region": "any"},
        {"service": "demo", "region": 5},
        {"service": "demo", "region": "any", "server": 7},
        {"service": "demo", "region": "any", "identity": 3},
        {"service": "demo", "region": "any", "identity": {"username": 3}},
        {"service": "demo", "region": "any", "fuel_heaters": 8},
        [],
        "",
    ],
)
async def test_a_damaged_account_is_none_and_is_never_mixed_with_another(
    terminal: Terminal, rows: Any
) -> None:
    """The others work; a new one of its service gets a folder of its own."""
    await terminal.add_tester_well()
    damaged = terminal.home / "accounts" / "demo"
    damaged.mkdir()
    (damaged / "login.json").write_text(json.dumps(rows), encoding="utf-8")
    listed = await terminal.run("accounts", "--json")
    whole, named = listed.json
    assert (whole["account"], whole["problem"]) == (TESTER.service, None)
    assert named.pop("problem").startswith("The account demo cannot be used: ")
    nothing = dict.fromkeys(("service", "title", "region", "server"))
    assert named == {"account": "demo", **nothing, "cars": 0}
    assert len((await terminal.run("cars", "--json")).json) == 2
    added = await terminal.run("add", "demo", "--json")
    assert added.json == {"account": "demo-2", "cars": 4}


@pytest.mark.parametrize(
    ("login", "way_out"),
    [
        (b'{"service": "demo", "identity": {"username": "an', "demo/login.json"),
        (b"\xff\xfe", "Put it back from a backup"),
        (b"", "carport remove demo"),
        (b'{"service": "road_link", "region": "eu"}', "Use the version that added it"),
    ],
)
async def test_a_damaged_account_is_named_with_the_way_out(
    terminal: Terminal, login: bytes, way_out: str
) -> None:
    """To people and to programs, by every command that would use it; then it goes."""
    await terminal.add_tester_well()
    assert (await terminal.run("add", "demo")).code == 0
    folder = terminal.home / "accounts" / "demo"
    (folder / "login.json").write_bytes(login)
    told = await terminal.run("accounts")
    assert told.code == 0
    assert "cannot be used" in told.out
    assert way_out in told.err
    assert way_out in (await terminal.run("accounts", "--json")).json[1]["problem"]
    looked = await terminal.run("doctor", "--json")
    assert looked.code == 1
    (found,) = (one for one in looked.json if not one["works"])
    assert found["what"] == "Account demo"
    assert way_out in found["why"]
    config = terminal.home / "b.toml"
    config.write_text("", encoding="utf-8")
    checked = await terminal.run("bridge", "--check", "--config", str(config))
    assert checked.code == 0, checked.err
    assert way_out in checked.err
    asked = await terminal.run("login", "demo", "--json")
    assert (asked.code, asked.json["error"]) == (1, "account_damaged")
    assert way_out in asked.err
    # Nor is anything left of its cars, whatever else is damaged.
    (folder / "account.json").write_bytes(login)
    gone = await terminal.run("remove", "demo", "--yes", "--json")
    assert gone.json == {"removed": "demo", "left": []}
    assert not folder.exists()
    kept = json.loads((terminal.home / "garage.json").read_text(encoding="utf-8"))
    assert {one["vin"] for one in kept["garage"]["cars"]} == set(TESTER.vins)
    assert (await terminal.run("add", "demo")).code == 0
    whole = (await terminal.run("accounts", "--json")).json
    assert [one["problem"] for one in whole] == [None, None]


async def test_the_bridge_names_a_damaged_account(terminal: Terminal) -> None:
    """Beside others it is left out; alone it is why the bridge does not run."""
    assert (await terminal.run("add", "demo")).code == 0
    await terminal.add_tester_well()
    for name in ("demo", "car_net"):
        login = terminal.home / "accounts" / name / "login.json"
        login.write_text("{", encoding="utf-8")
        done = await terminal.run("bridge", "--check")
        assert f"carport remove {name}" in done.err
        assert (done.code == 0) is (name == "demo"), done.err
    assert "no account yet" not in done.err


async def test_what_a_desktop_leaves_in_folders_is_no_account(
    terminal: Terminal,
) -> None:
    """Such as the file that macOS puts into each folder that is looked at."""
    assert (await terminal.run("add", "demo")).code == 0
    (terminal.home / "accounts" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (terminal.home / "accounts" / "copy").mkdir()
    listed = await terminal.run("accounts", "--json")
    assert [one["account"] for one in listed.json] == ["demo"]


@pytest.mark.parametrize("vin", [["x"], 5, None])
async def test_rows_of_the_garage_that_are_no_cars_are_left_out(
    terminal: Terminal, vin: Any
) -> None:
    """Cars are read, and kept beside what is left."""
    assert (await terminal.run("add", "demo")).code == 0
    garage = terminal.home / "garage.json"
    rows = {"garage": {"cars": [{"vin": vin}]}, "guard": {}}
    garage.write_text(json.dumps(rows), encoding="utf-8")
    read = await terminal.run("read", "aurora", "--json")
    assert read.code == 0, read.err
    assert (await terminal.run("show", "aurora", "--json")).code == 0


async def test_a_damaged_memory_is_shown_as_never_asked(terminal: Terminal) -> None:
    """What is known of a car is told all the same."""
    assert (await terminal.run("add", "demo")).code == 0
    memory = terminal.home / "accounts" / "demo" / "account.json"
    _change(memory, attempted=7)
    assert (await terminal.run("show", "aurora")).code == 0


def _change(path: Path, **values: Any) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(kept | values), encoding="utf-8")
