"""The command for a car's timers: shown, and changed one by one or all at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from carport.car import signals as s
from carport.car.commands import Command, CommandKind, SetSchedule
from carport.car.schedule import Schedule, ScheduleLimits, Weekday, Window
from carport.car.timers import at_time, changed_slot, slot_of

from .arguments import CarArgument, JsonOption, NoWaitOption, PinFileOption, add_command
from .car_commands import known_car
from .choosing import choose_car
from .exits import Exit, Failure
from .home import Home
from .ordering import order
from .output import Output, run
from .sessions import Session
from .tables import timers_table
from .words import say

type Alter = Callable[[Schedule, ScheduleLimits], Schedule]

_LONGEST_FILE: Final = 100_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "timers",
        _timers,
        "carport timers aurora",
        "carport timers aurora 2 --on --at 07:30 --days mon,tue,fri --climate",
        "carport timers aurora 1 --at 23:00 --until 05:00 --days all",
        "carport timers aurora 1 --off",
        "carport timers aurora --all-off",
        "carport timers aurora --json > timers.json",
    )


def _timers(
    car: CarArgument,
    number: Annotated[
        int | None, typer.Argument(metavar="[TIMER]", help="The timer to change.")
    ] = None,
    on: Annotated[
        bool | None, typer.Option("--on/--off", help="Switch this timer on or off.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="HH:MM", help="When the car leaves, or its charging begins."
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="HH:MM", help="When its charging ends, with --at."),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(metavar="DAYS", help="mon,tue,…, or all, or once."),
    ] = None,
    charge: Annotated[bool | None, typer.Option("--charge/--no-charge")] = None,
    climate: Annotated[bool | None, typer.Option("--climate/--no-climate")] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take this timer away.")
    ] = False,
    all_on: Annotated[
        bool | None,
        typer.Option("--all-on/--all-off", help="Switch all timers on or off."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            exists=True,
            dir_okay=False,
            help="A file with all timers, as --json prints them.",
        ),
    ] = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a car's timers as they were read last, or change them.

    A change sends all of them, as makers want it; they are read just before.
    """
    slot_changes = {
        "enabled": on,
        "charge": charge,
        "climate": climate,
        "days": None if days is None else _days(days),
    }
    changes = {key: value for key, value in slot_changes.items() if value is not None}
    begins = None if at is None else _hour(at, "--at")
    ends = None if until is None else _hour(until, "--until")
    about_one = bool(changes or begins or ends or remove)
    if about_one and number is None:
        raise typer.BadParameter("Say which timer: carport timers CAR 1 …")
    if number is not None and not about_one:
        raise typer.BadParameter("Say what to change of the timer, such as --off.")
    if ends is not None and begins is None:
        raise typer.BadParameter("--until goes with --at.")
    if (all_on is not None) + about_one + (file is not None) > 1:
        raise typer.BadParameter("One timer, --all-on, --all-off or --from: one of it.")

    if number is not None:
        alter = _alter_one(number, changes, begins, ends, remove=remove)
    elif all_on is not None:
        alter = _alter_all(active=all_on)
    elif file is not None:
        wanted = _from_file(file)
        alter = lambda schedule, limits: wanted  # noqa: E731
    else:
        _show(car, as_json=as_json)
        return
    order(car, _altered(alter), as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _show(wanted: str, *, as_json: bool) -> None:
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> Exit:
        car = await known_car(home, choose_car(home, wanted))
        schedule = car.reported(s.SCHEDULE)
        if schedule is None:
            raise Failure(Exit.REFUSED, "no_timers", "No timers of this car are known.")
        if as_json:
            out.json(schedule.to_json())
        else:
            out.line("Timers are on." if schedule.active else "All timers are off.")
            out.table(timers_table(schedule))
        return Exit.DONE

    run(work(), out)


def _altered(alter: Alter) -> Callable[[Session, str], Any]:
    """Return how the command is made, from the timers as they are by then."""

    async def make(session: Session, vin: str) -> Command:
        await session.engine.read_schedule(vin)
        car = session.car(vin)
        limits = car.commands.get(CommandKind.SET_SCHEDULE)
        schedule = car.shown(s.SCHEDULE)
        if limits is None or limits.schedule is None or schedule is None:
            text = say("exceptions", "command_not_capable")
            raise Failure(Exit.REFUSED, "not_capable", text)
        return SetSchedule(schedule=alter(schedule, limits.schedule))

    return make


def _alter_one(
    number: int,
    changes: dict[str, Any],
    begins: time | None,
    ends: time | None,
    *,
    remove: bool,
) -> Alter:
    def alter(schedule: Schedule, limits: ScheduleLimits) -> Schedule:
        slot = slot_of(schedule, number)
        if remove:
            left = tuple(one for one in schedule.slots if one.number != number)
            return replace(schedule, slots=left)
        told = dict(changes)
        if begins is not None and ends is not None:
            told |= {
                "charge_window": Window(start=begins, end=ends),
                "departure": None,
            }
        elif begins is not None:
            told |= at_time(slot, begins, limits)
        if changes.get("days"):
            told["once_on"] = None
        return changed_slot(schedule, limits, number, **told)

    return alter


def _alter_all(*, active: bool) -> Alter:
    """Return a change of the maker's switch over all timers; else of each timer."""

    def alter(schedule: Schedule, limits: ScheduleLimits) -> Schedule:
        if limits.main_switch:
            return replace(schedule, active=active)
        slots = tuple(replace(slot, enabled=active) for slot in schedule.slots)
        return replace(schedule, slots=slots)

    return alter


def _from_file(path: Path) -> Schedule:
    try:
        with path.open(encoding="utf-8") as file:
            return Schedule.from_json(json.loads(file.read(_LONGEST_FILE)))
    except AttributeError, KeyError, RecursionError, TypeError, ValueError:
        raise typer.BadParameter(
            "--from takes timers as carport timers CAR --json prints them."
        ) from None


def _hour(text: str, option: str) -> time:
    try:
        hours, minutes = text.split(":")
        return time(int(hours), int(minutes))
    except ValueError:
        raise typer.BadParameter(f"{option} takes HH:MM.") from None


def _days(text: str) -> frozenset[Weekday]:
    """Return the days that are meant, by the beginning of their names."""
    word = text.strip().casefold()
    if word == "all":
        return frozenset(Weekday)
    if word == "once":
        return frozenset()
    found = set()
    for part in word.split(","):
        begun = part.strip()
        days = [day for day in Weekday if day.name.casefold().startswith(begun)]
        if len(begun) < 2 or len(days) != 1:
            raise typer.BadParameter("--days takes mon,tue,…, or all, or once.")
        found.add(days[0])
    return frozenset(found)
