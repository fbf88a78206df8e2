"""What makers remember, what was called, and how all of it is."""

import csv
import io
import json
import signal

from carport.car.commands import Unlock

from .terminal import GOLF, Terminal, ended, heard


async def test_lists(terminal: Terminal) -> None:
    """As a table, as CSV and as JSON; within the days that were asked for."""
    await terminal.run("add", "demo")
    told = (await terminal.run("trips", "aurora", "--json")).json["trips"]
    assert len(told) > 3
    rows = list(
        csv.DictReader(
            io.StringIO((await terminal.run("trips", "aurora", "--csv")).out)
        )
    )
    assert len(rows) == len(told)
    assert float(rows[0]["distance"]) == told[0]["distance"]
    charges = await terminal.run("charges", "aurora", columns=120)
    assert "level end (%)" in charges.out
    trips = await terminal.run("trips", "aurora", columns=120)
    assert "distance (km)" in trips.out
    assert "average speed (km/h)" in trips.out
    health = await terminal.run("health", "aurora", "--json")
    assert health.json["health"]
    none = await terminal.run("trips", "aurora", "--until", "2001-01-01", "--json")
    assert none.json == {"trips": []}
    for first, last, number in (
        ("0001-01-01", "9999-12-31", len(told)),
        ("9999-12-31", "9999-12-31", 0),
        ("0001-01-01", "0001-01-01", 0),
    ):
        words = ("--since", first, "--until", last, "--json")
        asked = await terminal.run("trips", "aurora", *words)
        assert len(asked.json["trips"]) == number


async def test_a_list_that_nobody_has(terminal: Terminal) -> None:
    """The maker does not keep it."""
    await terminal.add_tester_well()
    done = await terminal.run("charges", "passat", "--json")
    assert done.code == 1
    assert done.json["error"] == "not_capable"


async def test_lists_that_are_derived(terminal: Terminal) -> None:
    """What the maker does not keep is seen here, from the first reading on."""
    await terminal.add_tester_well()
    control, twin = terminal.simulator.control, terminal.simulator.twin(GOLF)
    assert (await terminal.run("trips", "e-golf", "--json")).json == {
        "trips": [],
        "derived": True,
    }
    twin.state.plugged_in = True
    twin.state.battery_level = 40
    control.advance(1800)
    assert (await terminal.run("read", "e-golf")).code == 0
    control.advance(3600)
    assert (await terminal.run("read", "e-golf")).code == 0
    done = await terminal.run("charges", "e-golf", "--json")
    (charge,) = done.json["charge_sessions"]
    assert charge["level_start"] < charge["level_end"]
    table = await terminal.run("charges", "e-golf")
    assert "no such list" in table.err


async def test_the_budget(terminal: Terminal) -> None:
    """Calls are counted by purpose over runs."""
    await terminal.add_tester_well()
    (told,) = (await terminal.run("budget", "--json")).json
    assert told["calls"]["sign_in"] >= 1
    assert told["calls"]["read"] >= 2


async def test_followed_live(terminal: Terminal) -> None:
    """A change is a line; Ctrl-C is the end, and no failure."""
    await terminal.add_tester_well()
    control = terminal.simulator.control
    process = await terminal.start("watch", "e-golf", "--json")
    assert process.stdout is not None
    await heard(process, "Following")
    terminal.simulator.twin(GOLF).accept(Unlock(), terminal.simulator.clock.now(), 1)
    control.advance(60)
    async for line in process.stdout:
        told = json.loads(line)
        if told["signal"] == "doors_locked":
            break
    assert told["value"] is False
    process.send_signal(signal.SIGINT)
    assert (await ended(process)).code == 0
