"""The commands for what the owner decides once: permissions, rhythm, notifications."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Annotated, Any

import typer

from carport.car.commands import Command, SetNotifications
from carport.car.schedule import Window
from carport.cloud.cadence import Profile

from .arguments import CarArgument, JsonOption, NoWaitOption, PinFileOption, add_command
from .choosing import choose_car
from .exits import Exit, Failure
from .health_tables import notifications_table
from .home import Home
from .ordering import order
from .output import Output, run
from .sessions import Session, open_accounts
from .terminal_dialog import Keyboard, agrees
from .words import say

_WAYS = ("email", "text")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add_command(
        app,
        "permit",
        _permit,
        "carport permit aurora fuel-heater",
        "carport permit aurora fuel-heater --revoke",
    )
    add_command(
        app,
        "profile",
        _profile,
        "carport profile aurora",
        "carport profile aurora saver",
    )
    add_command(
        app,
        "notifications",
        _notifications,
        "carport notifications aurora",
        "carport notifications aurora --set charge_ended=text",
        "carport notifications aurora --quiet 22:00-07:00",
    )


def _permit(
    car: CarArgument,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="fuel-heater")],
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Take the permission back.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="You have read the warning, and agree.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Permit what nobody may do to a car unasked: to start a heater that burns fuel.

    Without it such a heater, and a climate that may run one, is never started.
    """
    if what != "fuel-heater":
        raise typer.BadParameter("There is only: fuel-heater.")
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        chosen = choose_car(home, car)
        if not revoke:
            out.note(say("options", "step", "init", "data_description", "fuel_heaters"))
            _ask(yes=yes)
        with home.held([record.name for record in chosen.accounts]):
            for record in chosen.accounts:
                permitted = set(record.fuel_heaters) - {chosen.vin}
                if not revoke:
                    permitted.add(chosen.vin)
                home.keep(replace(record, fuel_heaters=tuple(sorted(permitted))))
        if as_json:
            out.json({"vin": chosen.vin, "fuel_heater": not revoke})
        else:
            done = "is no longer permitted" if revoke else "is permitted"
            out.line(f"{chosen.label}: a heater that burns fuel {done}.")

    run(work(), out)


def _ask(*, yes: bool) -> None:
    """Ask the owner to agree; raise `Failure` where nobody does."""
    if yes:
        return
    keyboard = Keyboard()
    if not keyboard.there:
        raise Failure(Exit.USAGE, "not_given", "Say --yes to agree.")
    if not agrees(keyboard, "Permit it"):
        raise Failure(Exit.REFUSED, "not_agreed", "Nothing was permitted.")


def _profile(
    car: CarArgument,
    profile: Annotated[
        Profile | None, typer.Argument(help="How often the car is read.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show or choose how often a car is read while `carport watch` follows it."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        chosen = choose_car(home, car)
        async with open_accounts(home, chosen.accounts) as session:
            known = session.car(chosen.vin)
            if profile is not None:
                session.engine.garage.set_profile(chosen.vin, profile)
            now = known.profile or Profile.NORMAL
        if as_json:
            out.json({"vin": chosen.vin, "profile": str(now)})
        else:
            out.line(f"{chosen.label}: {now}.")

    run(work(), out)


def _notifications(
    car: CarArgument,
    events: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="EVENT=WAYS",
            help="By which ways the maker tells of an event: email, text, none.",
        ),
    ] = None,
    quiet: Annotated[
        str | None,
        typer.Option(metavar="HH:MM-HH:MM", help="Quiet hours, or `none`."),
    ] = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show by which ways the maker tells its owner of what, or change that."""
    if not events and quiet is None:
        _show_notifications(car, as_json=as_json)
        return
    wanted = _events(events or [])
    hours = _quiet(quiet)

    async def make(session: Session, vin: str) -> Command:
        window = hours
        if quiet is None:
            # Quiet hours that are not mentioned stay.
            kept = await session.engine.history(vin, "notification_settings") or {}
            window = _window(kept.get("quiet"))
        return SetNotifications(events=wanted, quiet=window)

    order(car, make, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _show_notifications(wanted: str, *, as_json: bool) -> None:
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        car = choose_car(home, wanted)
        async with open_accounts(home, car.accounts) as session:
            session.car(car.vin)
            told = await session.engine.history(car.vin, "notification_settings")
        if told is None:
            text = say("exceptions", "read_not_capable")
            raise Failure(Exit.REFUSED, "not_capable", text)
        if as_json:
            out.json(told)
            return
        events = told.get("events")
        out.table(notifications_table(events if isinstance(events, Mapping) else {}))
        window = _window(told.get("quiet"))
        if window is not None:
            out.line(f"Quiet hours: {window.start:%H:%M}–{window.end:%H:%M}")

    run(work(), out)


def _events(texts: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the ways by event."""
    found = {}
    for text in texts:
        event, equals, listed = text.partition("=")
        ways = tuple(way for way in listed.split(",") if way != "none")
        if not event or not equals or not set(ways) <= set(_WAYS):
            raise typer.BadParameter("--set takes EVENT=WAYS: email, text, or none.")
        found[event] = ways
    return found


def _quiet(text: str | None) -> Window | None:
    if text is None or text == "none":
        return None
    try:
        start, end = map(time.fromisoformat, text.split("-"))
    except ValueError:
        raise typer.BadParameter("--quiet takes HH:MM-HH:MM, or none.") from None
    return Window(start=start, end=end)


def _window(said: Any) -> Window | None:
    return Window.from_json(said) if isinstance(said, Mapping) else None
