"""Accounts at the command line: added, listed, signed in again, removed."""

from pathlib import Path
import stat

import pytest

from carport.makers.registry import SERVICES
from cli.exits import Exit, Failure
from cli.files import locked
from cli.home import Home
from cli.output import Output
from cli.sign_in import Given, add
from tests.several.fleet import NoKeyboard

from .terminal import GOLF, TESTER, Terminal


async def test_a_demo_garage_needs_nothing(terminal: Terminal) -> None:
    """It is added with a word, and its cars can be looked at."""
    added = await terminal.run("add", "demo", "--json")
    assert added.code == 0, added.err
    assert added.json == {"account": "demo", "cars": 4}
    assert "One Carport per account" in added.err
    cars = (await terminal.run("cars", "--json")).json
    assert len(cars) == 4
    assert all(car["captured_at"] for car in cars)
    again = await terminal.run("add", "demo")
    assert (again.code, again.out) == (1, "")


async def test_an_account_is_kept_for_its_owner_alone(terminal: Terminal) -> None:
    """Every file is private, and nothing secret was printed."""
    added = await terminal.add_tester()
    assert added.code == 0, added.err
    said = added.out + added.err
    for secret in (TESTER.password, TESTER.username, str(TESTER.pin), GOLF):
        assert secret not in said
    for path in (terminal.home, *terminal.home.rglob("*")):
        others = stat.S_IMODE(path.stat().st_mode) & 0o077
        assert not others, path
    kept = "".join(map(_text, terminal.home.rglob("*.json")))
    assert TESTER.password not in kept
    listed = (await terminal.run("accounts", "--json")).json
    assert [one["account"] for one in listed] == ["car_net"]
    assert listed[0]["cars"] == 2


async def test_a_wrong_password_is_sent_once(terminal: Terminal) -> None:
    """It ends with the code of a sign-in, and is not sent a second time."""
    terminal.secret.write_text("wrong\n", encoding="utf-8")
    first = await terminal.add_tester()
    assert first.code == 3
    assert "refused this password" in first.err
    assert "Refused today: 1; after 6, " in first.err
    assert (await terminal.run("accounts", "--json")).json == []
    called = len(terminal.simulator.control.calls())
    second = await terminal.add_tester()
    assert second.code == 3
    assert "Refused today: 1; " in second.err
    assert len(terminal.simulator.control.calls()) == called


async def test_nobody_to_ask(terminal: Terminal) -> None:
    """What is missing is named, with the way to give it; secrets have a file."""
    lacking = await terminal.run("add", "car_net", "--region", "us")
    assert lacking.code == 2
    assert "--set username=" in lacking.err
    assert "--password-file" in lacking.err
    secret = await terminal.run(
        "add", "car_net", "--region", "us", "--set", "password=x"
    )
    assert secret.code == 2
    assert "keys: username" in secret.err


async def test_a_password_in_another_encoding(terminal: Terminal) -> None:
    """It is usage, before anything is sent."""
    terminal.secret.write_bytes("müller".encode("latin-1"))
    refused = await terminal.add_tester()
    assert refused.code == 2
    assert "no text in UTF-8" in refused.err
    assert not terminal.simulator.control.calls()


async def test_signed_in_again(terminal: Terminal) -> None:
    """New tokens come in place of refused ones; the cars stay."""
    await terminal.add_tester_well()
    again = await terminal.run(
        "login", "car_net", "--password-file", str(terminal.secret)
    )
    assert again.code == 0, again.err
    assert len((await terminal.run("cars", "--json")).json) == 2


async def test_removed_with_its_cars(terminal: Terminal) -> None:
    """Nothing of the account stays on disk."""
    await terminal.add_tester_well()
    asked = await terminal.run("remove", "car_net")
    assert asked.code == 2
    removed = await terminal.run("remove", "car_net", "--yes", "--json")
    assert removed.json == {"removed": "car_net", "left": []}
    assert GOLF not in "".join(map(_text, terminal.home.rglob("*.json")))
    assert (await terminal.run("cars", "--json")).json == []


async def test_one_process_at_a_time(terminal: Terminal) -> None:
    """Another gets a clear word; what is known can be looked at all the same."""
    await terminal.run("add", "demo")
    with locked(terminal.home / "locks" / "demo", wait=False) as mine:
        assert mine
        refused = await terminal.run("read", "aurora", "--json")
        assert refused.code == 1
        assert refused.json["error"] == "account_in_use"
        assert (await terminal.run("show", "aurora")).code == 0
    assert (await terminal.run("read", "aurora")).code == 0


async def test_a_second_sign_in_is_told_of_the_first(terminal: Terminal) -> None:
    """It waits for a short one, then ends with the reason: its owner may take long."""
    home = Home(terminal.home, patience=0.0)
    info = SERVICES["demo"].info
    given, region = Given(), next(iter(info.hosts))
    with Home(terminal.home).signing_in():
        with pytest.raises(Failure) as refused:
            await add(home, info, region, None, given, Output(), NoKeyboard())
        assert refused.value.key == "sign_in_under_way"
        assert refused.value.code is Exit.REFUSED
        assert home.accounts() == []
    record = await add(home, info, region, None, given, Output(), NoKeyboard())
    assert [one.name for one in home.accounts()] == [record.name]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
