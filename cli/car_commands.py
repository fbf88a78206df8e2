"""The commands that look at cars: cars, show, read, watch."""

from datetime import datetime
from typing import Annotated

import typer

from carport.car.bounds import moment_from
from carport.engine import Engine, GarageCar

from .arguments import CarArgument, JsonOption, OptionalCar, PinFileOption, add_command
from .choosing import KnownCar, choose_car, known_cars
from .exits import Exit, Failure
from .home import Home
from .output import Output, run
from .reading import read_one, watch
from .sessions import clock_of_account
from .sign_in import read_secret
from .tables import cars_json, cars_table, doors_table, show_json, show_table


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add_command(app, "cars", _cars, "carport cars", "carport cars --json")
    add_command(
        app, "show", _show, "carport show aurora", "carport show aurora --all --json"
    )
    add_command(
        app, "read", _read, "carport read aurora", "carport read aurora --rationed"
    )
    add_command(app, "watch", _watch, "carport watch", "carport watch aurora --json")


def _cars(as_json: JsonOption = False) -> None:
    """List the cars, with what is known of them. Nothing is called."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        cars = known_cars(home)
        garage = await known_garage(home)
        accounts = [record for car in cars for record in car.accounts]
        served = [record for record in accounts if record.server]
        # Cars of a simulator live by its clock.
        clock = await clock_of_account((served or accounts)[0]) if accounts else None
        if clock is None:
            out.note("No car yet. Add an account: carport add")
            if as_json:
                out.json([])
        elif as_json:
            out.json(cars_json(cars, garage))
        else:
            out.table(cars_table(cars, garage, clock.now()))

    run(work(), out)


def _show(
    car: CarArgument,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything that is known.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what is known of a car, how old it is, and by which account it came.

    Nothing is called; `carport read` asks the maker.
    """
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        chosen = choose_car(home, car)
        known = await known_car(home, chosen)
        if as_json:
            out.json(show_json(chosen, known.snapshot))
            return
        clock = await clock_of_account(chosen.accounts[0])
        now = clock.now()
        out.line(chosen.label)
        out.table(show_table(known.snapshot, now, everything=everything))
        out.line("")
        attempted = {
            record.name: _attempted(home, record.name, chosen.vin)
            for record in chosen.accounts
        }
        out.table(doors_table(chosen, attempted, now))

    run(work(), out)


def _attempted(home: Home, name: str, vin: str) -> datetime | None:
    """Return when an account was last asked about a car."""
    kept = home.kept(name).get("attempted")
    return moment_from(kept.get(vin)) if isinstance(kept, dict) else None


def _read(
    car: CarArgument,
    rationed: Annotated[
        bool,
        typer.Option(
            "--rationed", help="And what the maker rations, such as Car-Net's climate."
        ),
    ] = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a car now: the maker's copy, the car itself sleeps on."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        pin = read_secret(pin_file)
        await read_one(home, choose_car(home, car), out, rationed=rationed, pin=pin)

    run(work(), out)


def _watch(car: OptionalCar = None, as_json: JsonOption = False) -> None:
    """Follow cars live, a line for each change, until Ctrl-C.

    They are read as often as their makers allow, and as their streams bring news.
    """
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> Exit:
        return await watch(home, None if car is None else choose_car(home, car), out)

    run(work(), out)


async def known_garage(home: Home) -> dict[str, GarageCar]:
    """Return what is known of all cars, without opening an account."""
    engine = await Engine.load(home.garage_storage(frozenset, signs_in=False))
    return dict(engine.cars)


async def known_car(home: Home, car: KnownCar) -> GarageCar:
    """Return what is known of a car; raise `Failure` where that is nothing."""
    known = (await known_garage(home)).get(car.vin)
    if known is None:
        raise Failure(
            Exit.REFUSED, "never_read", "Nothing is known yet: carport read it."
        )
    return known
