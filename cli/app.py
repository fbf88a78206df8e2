"""The command `carport`: what it takes, and where each part of it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
import io
import sys
from typing import Any, Final, override

import typer
from typer.core import TyperCommand, TyperGroup

from carport.cloud.product import PRODUCT

from .command_table import COMMANDS
from .exits import Exit, Failure

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
        self._as_json = False

    @override
    def main(self, args: Any = None, *more: Any, **named: Any) -> Any:
        """Run what was typed; know first whether a program reads what is said."""
        words = sys.argv[1:] if args is None else list(args)
        # What follows two hyphens is no option.
        self._as_json = "--json" in words[: (*words, "--").index("--")]
        return super().main(args, *more, **named)

    @override
    def make_context(self, *given: Any, **named: Any) -> Any:
        """Read what is typed before a command."""
        with self._told():
            return super().make_context(*given, **named)

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
        with self._told():
            return super().invoke(ctx)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what keeps a command from beginning; to a program as everything else."""
        try:
            yield
        except Failure as failure:
            self._output().fail(failure)
            raise typer.Exit(failure.code) from None
        except typer.TyperException as error:
            if self._as_json and error.exit_code == Exit.USAGE:
                self._output().fail_json("usage", error.format_message())
            raise

    def _output(self) -> Any:
        return import_module(".output", __package__).Output(as_json=self._as_json)


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
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show is no reason to end.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()
