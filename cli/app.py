"""The command `carport`: what it takes, and where each part of it is."""

from importlib import import_module
from typing import Any, Final, override

import typer
from typer.core import TyperCommand, TyperGroup

from carport.cloud.product import PRODUCT

from .command_table import COMMANDS
from .exits import Failure

_HELP: Final = (
    "Connected cars of several makers: read, and commanded through their clouds."
)
_EPILOG: Final = """Examples:

  carport add demo

  carport show aurora --all

  carport lock aurora

  carport charge limit aurora 80 --no-wait

Exit codes: 0 done, 1 refused, 2 usage, 3 sign in again, 4 throttled, 5 timed out: the
outcome is not known.

What is kept is in the state folder of your account; CARPORT_HOME names another.
`carport COMMAND --help` has more examples."""


class LazyCommands(dict[str, Any]):
    """The commands by name, each made when it is first looked at."""

    def __init__(self) -> None:
        """Know the names."""
        self._rooms = {name: room for room, rows in COMMANDS.items() for name in rows}
        super().__init__(dict.fromkeys(self._rooms))

    @override
    def __getitem__(self, name: str) -> Any:
        if super().__getitem__(name) is None:
            self.update(_made(self._rooms[name]))
        return super().__getitem__(name)

    @override
    def get(self, name: str, default: Any = None) -> Any:
        if name not in self:
            return default
        return self[name]

    @override
    def items(self) -> Any:
        return [(name, self[name]) for name in self]


def _made(room: str) -> dict[str, Any]:
    """Return the commands of a module."""
    part = typer.Typer()
    part.callback()(_nothing)
    import_module(f".{room}", __package__).register(part)
    group = typer.main.get_command(part)
    assert isinstance(group, TyperGroup)
    return dict(group.commands)


def _nothing() -> None:
    """Make a group of what would be a single command."""


class Commands(TyperGroup):
    """All commands; what keeps one from even beginning is said like everything else."""

    def __init__(self, **more: Any) -> None:
        """Know which commands there are."""
        super().__init__(**more)
        self.commands = LazyCommands()
        self._is_listing = False

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; to list it, no more than its name and line are needed."""
        if not self._is_listing:
            return super().get_command(ctx, cmd_name)
        lines = next(rows for rows in COMMANDS.values() if cmd_name in rows)
        return TyperCommand(cmd_name, help=lines[cmd_name])

    @override
    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Say what there is."""
        self._is_listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._is_listing = False

    @override
    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Failure as failure:
            import_module(".output", __package__).Output().fail(failure)
            raise typer.Exit(failure.code) from None


app = typer.Typer(
    name="carport",
    cls=Commands,
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    # A trace would show what its variables hold.
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(PRODUCT)
        raise typer.Exit


@app.callback(help=_HELP)
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Say the version."
    ),
) -> None:
    """Take the options that belong to no command."""


def main() -> None:
    """Run the command."""
    app()
