"""The commands that ask a maker for what it remembers: trips, charges, health."""

from collections.abc import Awaitable, Callable, Mapping
import csv
from datetime import date, datetime, time, timedelta
import sys
from typing import Annotated, Any, Final

import typer

from carport.car.commands import RefreshHealth
from carport.car.history import Period
from carport.car.receipts import Outcome

from .arguments import CarArgument, CsvOption, JsonOption, add_command
from .choosing import KnownCar, choose_car
from .exits import Exit, Failure, exit_of_receipt
from .health_tables import health_tables
from .home import Home
from .output import Output, run
from .sessions import Session, open_accounts
from .tables import filled_columns, flat_rows, rows_table
from .words import say, say_receipt

type Fresh = Callable[[Session, str], Awaitable[None]]
"""Does something with a car before its list is asked for."""

_HEALTH_REPORT: Final = "health_report"
_DAY: Final = timedelta(days=1)
_FIRST: Final = date(1970, 1, 2)
_LAST: Final = date(2999, 12, 31)
"""No car tells of anything before or after these, and clocks count little further."""
_DERIVED: Final = (
    "The maker has no such list. This one is made of what the car told whenever it was "
    "read here, so it begins with the first reading."
)

SinceOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The first day, as YYYY-MM-DD."),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The last day, as YYYY-MM-DD."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add_command(
        app,
        "trips",
        _trips,
        "carport trips aurora --since 2026-11-01",
        "carport trips aurora --csv > trips.csv",
    )
    add_command(
        app, "charges", _charges, "carport charges aurora --until 2026-11-30 --json"
    )
    add_command(
        app, "health", _health, "carport health aurora", "carport health aurora --fresh"
    )
    add_command(
        app,
        "list",
        _any_list,
        "carport list aurora",
        "carport list aurora destinations",
        "carport list aurora climate_history --since 2026-11-01 --csv",
    )


def _trips(
    car: CarArgument,
    since: SinceOption = None,
    until: UntilOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the trips that the maker remembers, or else those that were seen here."""
    _list(car, "trips", _period(since, until), as_csv=as_csv, as_json=as_json)


def _charges(
    car: CarArgument,
    since: SinceOption = None,
    until: UntilOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the charges that the maker remembers, or else those that were seen here."""
    _list(car, "charge_sessions", _period(since, until), as_csv=as_csv, as_json=as_json)


def _health(
    car: CarArgument,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Let the car make a new one first.")
    ] = False,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the maker's health report."""
    ask = _ask_car if fresh else None
    what = _HEALTH_REPORT
    _list(car, what, Period(), as_csv=as_csv, as_json=as_json, fresh=ask)


def _any_list(
    car: CarArgument,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[LIST]", help="Without it, the names are told."),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show any list that a maker keeps: destinations, range_map, fences and others."""
    if what is None:
        _names(car, as_json=as_json)
    else:
        _list(car, what, _period(since, until), as_csv=as_csv, as_json=as_json)


def _names(wanted: str, *, as_json: bool) -> None:
    """Print which lists there are; nothing is called."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        accounts = choose_car(home, wanted).accounts
        names = sorted(frozenset().union(*(one.info.history for one in accounts)))
        if as_json:
            out.json(names)
        else:
            for name in names:
                out.line(name)

    run(work(), out)


def _list(
    wanted: str,
    what: str,
    period: Period,
    *,
    as_csv: bool,
    as_json: bool,
    fresh: Fresh | None = None,
) -> None:
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        answer = await _fetch(home, choose_car(home, wanted), what, period, fresh)
        if as_json:
            out.json(answer)
            return
        if what == _HEALTH_REPORT and answer and not as_csv:
            for number, table in enumerate(health_tables(answer)):
                if number:
                    out.line("")
                out.table(table)
            return
        rows = flat_rows(answer, what)
        if as_csv:
            columns = filled_columns(rows)
            writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        elif rows:
            out.table(rows_table(rows))
        elif not answer.get("derived"):
            out.note("The maker remembers nothing of that time.")
        if answer.get("derived"):
            out.note(_DERIVED)

    run(work(), out)


async def _fetch(
    home: Home, car: KnownCar, what: str, period: Period, fresh: Fresh | None
) -> Mapping[str, Any]:
    """Ask the account that can tell, an open one first; else look into the logbook."""
    async with open_accounts(home, car.accounts) as session:
        session.car(car.vin)
        if fresh is not None:
            await fresh(session, car.vin)
        answer = await session.engine.history(car.vin, what, period)
    if answer is None:
        raise Failure(
            Exit.REFUSED, "not_capable", say("exceptions", "read_not_capable")
        )
    return answer


async def _ask_car(session: Session, vin: str) -> None:
    """Let the car make a new health report; raise `Failure` where it does not."""
    receipt = await session.engine.send(vin, RefreshHealth())
    if receipt.outcome not in {Outcome.ACCEPTED, Outcome.CONFIRMED}:
        raise Failure(
            exit_of_receipt(receipt), str(receipt.outcome), say_receipt(receipt)
        )


def _period(since: datetime | None, until: datetime | None) -> Period:
    """Return the days that are meant, by the clock on the wall here."""
    if since is not None and until is not None and until < since:
        raise typer.BadParameter("The last day is before the first.")
    return Period(
        start=None if since is None else _within(since).astimezone(),
        end=None if until is None else (_within(until) + _DAY).astimezone(),
    )


def _within(day: datetime) -> datetime:
    return datetime.combine(min(max(day.date(), _FIRST), _LAST), time.min)
