"""The commands for accounts: accounts, add, login, remove, budget."""

from pathlib import Path
from typing import Annotated

import typer

from carport.cloud.contract import LeftBehind
from carport.cloud.credentials import CredentialField, FieldKind
from carport.cloud.service_info import ServiceInfo
from carport.makers.registry import SERVICES

from .arguments import AccountArgument, JsonOption, PinFileOption, add_command
from .budget import show_budget
from .exits import Exit, Failure
from .home import AccountRecord, DamagedAccount, Home
from .output import Output, run
from .reading import read_all
from .sign_in import (
    Given,
    add,
    parse_values,
    read_secret,
    remove,
    remove_damaged,
    sign_in_again,
)
from .tables import grid
from .terminal_dialog import Keyboard, agrees, choose
from .words import say_option

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A credential that is no secret, such as username.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        exists=True,
        dir_okay=False,
        help="A file with the password or key; without it you are asked.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add_command(
        app,
        "add",
        _add,
        "carport add",
        "carport add demo",
        "carport add car_net --server localhost:8700 --set username=me@example.com",
    )
    add_command(app, "accounts", _accounts, "carport accounts --json")
    add_command(app, "remove", _remove, "carport remove demo --yes")
    add_command(app, "login", _login, "carport login car_net")
    add_command(app, "budget", _budget, "carport budget", "carport budget car_net")


def _add(
    service: Annotated[
        str | None, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Where the account was opened.")
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            help="A simulator or private server in place of the maker's cloud."
        ),
    ] = None,
    values: SetOption = None,
    password_file: PasswordFile = None,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account: sign in, and read its cars once."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> Exit:
        info = _service(service)
        out.note(say_option("service", info.key))
        given = Given(
            values=parse_values(values or [], info),
            secret=read_secret(password_file),
            pin=read_secret(pin_file),
        )
        record = await add(home, info, _region(info, region), server, given, out)
        cars = home.vehicles(record.name).cars
        # The account is there, whatever the first reading says.
        code = await read_all(home, [record], out)
        if as_json:
            out.json({"account": record.name, "cars": len(cars)})
        else:
            out.line(f"Added {record.title} as {record.name}: {len(cars)} cars.")
        return code

    run(work(), out)


def _accounts(as_json: JsonOption = False) -> None:
    """List the accounts."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        records, damaged = home.accounts(), home.damaged()
        if as_json:
            every: list[AccountRecord | DamagedAccount] = [*records, *damaged]
            out.json([_row(home, one) for one in every])
            return
        table = grid("Account", "Service", "Cars", "Server", right=("Cars",))
        for one in records:
            cars = len(home.vehicles(one.name).cars)
            table.add_row(
                one.name, one.title, str(cars), one.server or _answering(one.info)
            )
        for broken in damaged:
            cars = len(home.vehicles(broken.name).cars)
            table.add_row(broken.name, "cannot be used", str(cars), "")
        out.table(table)
        for broken in damaged:
            out.note(broken.problem, "yellow")
        if not records and not damaged:
            out.note("No account yet. Add one: carport add")

    run(work(), out)


def _row(home: Home, one: AccountRecord | DamagedAccount) -> dict[str, object]:
    """Return an account for programs; of one that cannot be used, little is known."""
    record = one if isinstance(one, AccountRecord) else None
    return {
        "account": one.name,
        "service": record and record.service,
        "title": record and record.title,
        "region": record and record.region,
        "server": record and record.server,
        "cars": len(home.vehicles(one.name).cars),
        "problem": None if isinstance(one, AccountRecord) else one.problem,
    }


def _remove(
    account: AccountArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take an account away: its tokens are given back, its cars forgotten."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        damaged = home.damage(account)
        record = None if damaged else home.account(account)
        if not yes:
            keyboard = Keyboard()
            if not keyboard.there:
                raise Failure(Exit.USAGE, "not_given", "Say --yes to remove it.")
            if not agrees(keyboard, f"Remove {record.title if record else account}"):
                raise Failure(Exit.REFUSED, "not_agreed", "Nothing was removed.")
        left: LeftBehind | None = None
        if record is None:
            await remove_damaged(home, account)
            out.note("Its tokens could not be given back: the account was damaged.")
        else:
            left = await remove(home, record)
        if as_json:
            out.json({"removed": account, "left": [] if left is None else left.names})
            return
        out.line(f"Removed {account}.")
        if left is not None:
            out.note(
                f"At the maker this goes on: {', '.join(left.names)}. End it at {left.url}"
            )

    run(work(), out)


def _login(
    account: AccountArgument,
    values: SetOption = None,
    password_file: PasswordFile = None,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign in again: after a new password or PIN, or when the maker asks for it."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        record = home.account(account)
        given = Given(
            values=parse_values(values or [], record.info),
            secret=read_secret(password_file),
            pin=read_secret(pin_file),
        )
        await sign_in_again(home, record, given, out)
        if as_json:
            out.json({"account": account})
        else:
            out.line(f"Signed in to {record.title} again.")

    run(work(), out)


def _budget(
    account: Annotated[str | None, typer.Argument(help="Only this account.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the calls by purpose, what is left of them, and until when."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> None:
        await show_budget(
            home, home.accounts() if account is None else [home.account(account)], out
        )

    run(work(), out)


def _service(key: str | None) -> ServiceInfo:
    """Return the service that is meant, or that the owner chooses."""
    if key is None:
        keyboard = Keyboard()
        if not keyboard.there:
            raise Failure(
                Exit.USAGE, "not_given", f"Name a service: {', '.join(SERVICES)}."
            )
        field = CredentialField(
            key="service", kind=FieldKind.CHOICE, choices=tuple(SERVICES)
        )
        key = choose("Service", field, keyboard)
    if key not in SERVICES:
        raise Failure(
            Exit.USAGE,
            "unknown_service",
            f"There is no such service. Services: {', '.join(SERVICES)}.",
        )
    return SERVICES[key].info


def _region(info: ServiceInfo, wanted: str | None) -> str:
    """Return the region that is meant, or that the owner chooses."""
    regions = tuple(info.hosts)
    if wanted is not None and wanted not in regions:
        raise Failure(
            Exit.USAGE,
            "unknown_region",
            f"Regions of this service: {', '.join(regions)}.",
        )
    if wanted is not None or len(regions) == 1:
        return wanted or regions[0]
    keyboard = Keyboard()
    if not keyboard.there:
        raise Failure(
            Exit.USAGE, "not_given", f"Name one: --region {'|'.join(regions)}."
        )
    field = CredentialField(key="region", kind=FieldKind.CHOICE, choices=regions)
    return choose("Region", field, keyboard)


def _answering(info: ServiceInfo) -> str:
    """Return who answers for a service where no server does."""
    return "the maker" if any(info.hosts.values()) else "this machine"
