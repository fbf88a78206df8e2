"""Every command: its help has examples that work, and every wish can be said."""

from collections.abc import Iterator
from dataclasses import dataclass
import json
from pathlib import Path
import shlex
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from carport.car.commands import CommandKind
from cli.app import Commands, app
from cli.command_table import COMMANDS

ORDERS = {
    "lock aurora": CommandKind.LOCK,
    "unlock aurora": CommandKind.UNLOCK,
    "charge start aurora": CommandKind.START_CHARGING,
    "charge stop aurora": CommandKind.STOP_CHARGING,
    "charge limit aurora 80": CommandKind.SET_CHARGE_LIMIT,
    "charge limit-min aurora 20": CommandKind.SET_CHARGE_LIMIT_MIN,
    "charge current aurora reduced": CommandKind.SET_CHARGE_CURRENT,
    "charge mode aurora timer": CommandKind.SET_CHARGE_MODE,
    "charge plug aurora --off": CommandKind.SET_AUTO_UNLOCK_PLUG,
    "climate start aurora --temp 21": CommandKind.START_CLIMATE,
    "climate stop aurora": CommandKind.STOP_CLIMATE,
    "climate temp aurora 21.5": CommandKind.SET_TEMPERATURE,
    "climate at aurora '2026-12-24 07:30'": CommandKind.SCHEDULE_CLIMATE,
    "climate on-battery aurora --off": CommandKind.SET_CLIMATE_ON_BATTERY,
    "defrost aurora": CommandKind.SET_DEFROST,
    "window aurora --off": CommandKind.SET_WINDOW_HEATING,
    "ventilate courier --minutes 20": CommandKind.SET_VENTILATION,
    "heater courier": CommandKind.SET_AUXILIARY_HEATING,
    "honk aurora --seconds 2": CommandKind.HONK_AND_FLASH,
    "flash aurora": CommandKind.HONK_AND_FLASH,
    "wake aurora": CommandKind.WAKE,
    "timers aurora --all-off": CommandKind.SET_SCHEDULE,
    "send aurora --at 52.5,13.4 --name Work": CommandKind.SEND_DESTINATION,
    "notifications aurora --set charge_ended=email": CommandKind.SET_NOTIFICATIONS,
}
"""What is typed, and the command that goes out; a fresh report goes with `health`."""


@dataclass(frozen=True, slots=True)
class Typed:
    """How a run in this process ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)


class Here:
    """Runs the command in this process, which takes no time to start."""

    def __init__(self, home: Path) -> None:
        """Keep the state folder."""
        self.env = {"CARPORT_HOME": str(home), "TZ": "UTC", "COLUMNS": "80"}

    def run(self, words: str) -> Typed:
        """Type a line."""
        done = CliRunner().invoke(app, shlex.split(words), env=self.env)
        return Typed(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def demo(tmp_path: Path) -> Here:
    """Return a command line with the Demo garage."""
    here = Here(tmp_path / "state")
    assert here.run("add demo").code == 0
    return here


def leaves(
    command: Any = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with the words that lead to it."""
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from leaves(child, (*path, name))
    else:
        yield path, command


def test_the_help_lists_commands_in_their_own_words() -> None:
    """What it says without importing them is what they say themselves."""
    made = typer.main.get_command(app)
    assert isinstance(made, Commands)
    told = {name: line for rows in COMMANDS.values() for name, line in rows.items()}
    own = {
        name: " ".join((command.help or "").split("\n\n")[0].split())
        for name, command in made.commands.items()
    }
    assert told == own


@pytest.mark.parametrize(("path", "command"), leaves(), ids=str)
def test_every_command_has_help_and_examples_that_parse(
    path: tuple[str, ...], command: Any
) -> None:
    """Whoever copies an example gets no error of usage."""
    assert command.help or command.callback.__doc__
    examples = [
        line.strip()
        for line in (command.epilog or "").splitlines()
        if line.strip().startswith("carport ")
    ]
    assert examples, path
    for example in examples:
        words = shlex.split(example.split(" > ")[0])[1:]
        assert tuple(words[: len(path)]) == path
        command.make_context(" ".join(path), words[len(path) :])


def test_every_wish_can_be_typed(demo: Here) -> None:
    """Each goes out as the command that it names; a demo car takes or refuses it."""
    for typed, kind in ORDERS.items():
        done = demo.run(f"{typed} --no-wait --json")
        assert done.code in {0, 1}, (typed, done.err)
        told = done.json
        assert told.get("command") == kind, (typed, done.out, done.err)
        if kind is not CommandKind.SCHEDULE_CLIMATE:  # No demo car knows it.
            assert told["reason"] not in {"out_of_limits", "not_capable"}, typed
    assert {*ORDERS.values(), CommandKind.REFRESH_HEALTH} == set(CommandKind)


def test_a_heater_that_burns_fuel_needs_leave(demo: Here) -> None:
    """Nobody starts it unasked; permission is asked for, given and taken back."""
    car = next(
        one["vin"]
        for one in demo.run("cars --json").json
        if demo.run(f"heater {one['vin']} --no-wait --json").json["reason"]
        == "fuel_heater"
    )
    refused = demo.run(f"heater {car} --no-wait")
    assert "carport permit CAR fuel-heater" in refused.err
    asked = demo.run(f"permit {car} fuel-heater")
    assert asked.code == 2
    assert "can kill in a closed garage" in asked.err
    assert demo.run(f"heater {car} --no-wait").code == 1
    given = demo.run(f"permit {car} fuel-heater --yes --json")
    assert given.json == {"vin": car, "fuel_heater": True}
    assert demo.run(f"heater {car} --no-wait").code == 0
    assert demo.run(f"permit {car} fuel-heater --revoke").code == 0
    assert demo.run(f"heater {car} --no-wait").code == 1


def test_a_timer_is_changed_and_the_others_stay(demo: Here) -> None:
    """The receipt says what was sent: all timers, with one changed."""
    before = demo.run("timers aurora --json").json
    number = before["slots"][0]["number"]
    done = demo.run(
        f"timers aurora {number} --on --at 06:40 --days mon,wed --climate --no-wait --json"
    )
    assert done.code == 0, done.err
    sent = done.json["parameters"]
    changed = sent["slots"][0]
    assert (changed["departure"], changed["days"]) == ("06:40", ["monday", "wednesday"])
    assert changed["enabled"]
    assert changed["climate"]
    assert sent["slots"][1:] == before["slots"][1:]


def test_all_timers_from_a_file(demo: Here, tmp_path: Path) -> None:
    """What `--json` printed is taken back as it is."""
    file = tmp_path / "timers.json"
    file.write_text(demo.run("timers aurora --json").out, encoding="utf-8")
    done = demo.run(f"timers aurora --from {file} --no-wait --json")
    assert done.json["parameters"] == json.loads(file.read_text(encoding="utf-8"))
    file.write_text('{"slots": 7}', encoding="utf-8")
    assert demo.run(f"timers aurora --from {file}").code == 2


@pytest.mark.parametrize(
    "words",
    [
        "timers aurora --at 07:00",
        "timers aurora 1",
        "timers aurora 1 --at 25:00",
        "timers aurora 1 --days m",
        "timers aurora 1 --off --all-off",
        "timers aurora 1 --until 07:00",
        "notifications aurora --set x=fax",
        "notifications aurora --quiet late",
        "permit aurora everything --yes",
        "charge mode aurora never",
    ],
)
def test_what_makes_no_sense_is_usage(demo: Here, words: str) -> None:
    """Nothing is sent."""
    assert demo.run(words).code == 2


def test_lists_by_name(demo: Here) -> None:
    """All that a maker keeps can be asked for."""
    names = demo.run("list aurora --json").json
    assert {"destinations", "range_map", "fences", "climate_history"} <= set(names)
    for name in names:
        done = demo.run(f"list aurora {name} --json")
        assert done.code == 0, (name, done.err)
    assert demo.run("list aurora dreams").code == 1


def test_notifications_are_shown(demo: Here) -> None:
    """By event, with the quiet hours."""
    shown = demo.run("notifications aurora")
    assert shown.code == 0, shown.err
    assert "Charge ended" in shown.out
    assert "e-mail" in shown.out
    assert "Quiet hours: 22:00" in shown.out


def test_health_is_told_in_words(demo: Here) -> None:
    """Parts of the car and what is due, by their names instead of keys."""
    shown = demo.run("health aurora")
    assert shown.code == 0, shown.err
    for words in ("Tyres and brakes", "Powertrain", "Inspection", "Odometer"):
        assert words in shown.out
    assert "_" not in shown.out


def test_a_profile_is_kept(demo: Here) -> None:
    """It holds for the next run too."""
    assert demo.run("profile aurora saver").code == 0
    assert demo.run("profile aurora --json").json["profile"] == "saver"
