"""What the command prints: tables for people, JSON for programs, notes beside them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
import json
import sys
from typing import Any, NoReturn, override

from rich.console import Console
from rich.table import Table
import typer

from carport.cloud.errors import CloudError
from carport.cloud.login import LoginAborted
from carport.engine.login import LoginFailed

from .exits import Exit, Failure, exit_of_error, exit_of_login
from .stopping import STOP
from .words import say, say_error, say_login


class Pipe(Console):
    """What rich prints on; a reader who leaves is told like by every other write."""

    @override
    def on_broken_pipe(self) -> None:
        """Leave it to `run`: here it would end the process with another code."""
        raise BrokenPipeError


class Output:
    """Both ways out: results on standard output, everything else beside it."""

    def __init__(self, *, as_json: bool = False) -> None:
        """Texts are texts, not mark-up; colours are off by themselves in a pipe."""
        self.as_json = as_json
        self.results = Pipe(highlight=False, markup=False, emoji=False)
        self.notes = Console(stderr=True, highlight=False, markup=False, emoji=False)

    def json(self, data: object) -> None:
        """Print a result for a program: one line of JSON."""
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def line(self, text: str) -> None:
        """Print a line of the result."""
        self.results.print(text, soft_wrap=True)

    def table(self, table: Table) -> None:
        """Print a table."""
        self.results.print(table)

    def note(self, text: str, style: str | None = None) -> None:
        """Say something beside the result."""
        self.notes.print(text, style=style, soft_wrap=True)

    def fail(self, failure: Failure) -> None:
        """Say why the command ends without what was asked."""
        if self.as_json:
            self.fail_json(failure.key, failure.message)
        self.note(failure.message, "red")

    def fail_json(self, key: str, message: str) -> None:
        """Say to a program why it ends."""
        # What cannot be written, such as to a full disk, may be the reason itself.
        with suppress(OSError):
            self.json({"error": key, "message": message})


def run(
    work: Coroutine[Any, Any, Exit | None], out: Output, *, stopped: Exit = Exit.REFUSED
) -> NoReturn:
    """Run a command's work to its end, and leave with its code.

    `stopped` is the code where a signal ends work that has nothing to say of that.
    """
    try:
        code = asyncio.run(_stoppable(work)) or Exit.DONE
    except Failure as failure:
        out.fail(failure)
        code = failure.code
    except LoginFailed as failed:
        code = exit_of_login(failed.key)
        out.fail(Failure(code, failed.key, say_login(failed)))
    except LoginAborted:
        text = say("config", "abort", "login_aborted")
        out.fail(Failure(Exit.SIGN_IN, "login_aborted", text))
        code = Exit.SIGN_IN
    except CloudError as error:
        code = exit_of_error(error)
        out.fail(Failure(code, str(error.reason), say_error(error)))
    except asyncio.CancelledError, KeyboardInterrupt:
        out.fail(Failure(stopped, "stopped", "Stopped."))
        code = stopped
    except BrokenPipeError:
        # The reader of the pipe has left; there is nobody to tell.
        sys.stdout = sys.stderr
        code = Exit.DONE
    except OSError as error:
        # Such as a full disk; the name of a file is nobody's secret here.
        text = f"{error.strerror or type(error).__name__}: {error.filename or 'a file'}"
        out.fail(Failure(Exit.REFUSED, "not_kept", text))
        code = Exit.REFUSED
    raise typer.Exit(code)


async def _stoppable(work: Coroutine[Any, Any, Exit | None]) -> Exit | None:
    """Do the work; each signal cancels it where it waits."""
    if STOP.wanted:
        work.close()
        raise asyncio.CancelledError
    task = asyncio.current_task()
    assert task is not None
    with stopped_by(task.cancel):
        return await work


@contextmanager
def stopped_by(act: Callable[[], object]) -> Iterator[None]:
    """Let the loop do something at each signal, for the time of the body."""
    loop = asyncio.get_running_loop()
    before = STOP.act(lambda: loop.call_soon_threadsafe(act))
    try:
        yield
    finally:
        STOP.act(before)
