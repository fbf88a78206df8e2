"""A command on its way: shown from sent to confirmed, and told by a receipt at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import time
from typing import Final

from rich.live import Live
from rich.spinner import Spinner

from carport.car.commands import Command
from carport.car.receipts import Outcome, Receipt
from carport.engine import Engine

from .choosing import KnownCar
from .exits import Exit, exit_of_receipt
from .home import Home
from .journal import cut_off, journalled
from .output import Output
from .sessions import Session, open_accounts
from .words import say_command, say_error, say_receipt, say_time

type MakeCommand = Callable[[Session, str], Awaitable[Command]]
"""Makes a command for a car, by its VIN, when its accounts are open."""

_DONE: Final = frozenset({Outcome.ACCEPTED, Outcome.CONFIRMED})
_STAGES: Final = {
    Outcome.ACCEPTED: "accepted by the maker, waiting for the car",
    Outcome.CONFIRMED: "confirmed by the car",
}
_REFUSED_HERE: Final = 0.3
"""Seconds within which a command that never goes out is refused."""


async def send(
    home: Home,
    car: KnownCar,
    command: Command | MakeCommand,
    out: Output,
    *,
    wait: bool,
    pin: str | None,
) -> Exit:
    """Send a command through the accounts that have the car, and tell what became of it.

    One that depends on what the maker knows by then is made once they are open. Ctrl-C and
    SIGTERM end the waiting; what is known of the command by then is told all the same.
    """
    receipt: Receipt | None = None
    try:
        async with open_accounts(home, car.accounts) as session:
            receipt = await send_open(
                session, home, car, command, out, wait=wait, pin=pin
            )
    except asyncio.CancelledError:
        # What is told stays so, however the accounts are closed.
        if receipt is None:
            raise
    return exit_of_receipt(receipt)


async def send_open(
    session: Session,
    home: Home,
    car: KnownCar,
    command: Command | MakeCommand,
    out: Output,
    *,
    wait: bool,
    pin: str | None,
) -> Receipt:
    """Send a command through accounts that are open, and tell what became of it."""
    engine = session.engine
    tell_cut_off(home, car, out)
    known = session.car(car.vin)
    for name, error in session.failed.items():
        out.note(f"{name}: {say_error(error)}", "yellow")
    if not isinstance(command, Command):
        command = await command(session, car.vin)
    now = engine.garage.clock_of(known).now()
    with journalled(home.journal(car.accounts[0].name), car.vin, command, now):
        receipt = await _follow(engine, car.vin, command, out, wait=wait, pin=pin)
    # Before the accounts are closed: another Ctrl-C may end that.
    tell_receipt(receipt, car, out)
    return receipt


async def _follow(
    engine: Engine,
    vin: str,
    command: Command,
    out: Output,
    *,
    wait: bool,
    pin: str | None,
) -> Receipt:
    """Return the receipt: the last one, or the first that says accepted."""
    begun = time.monotonic()
    name = say_command(command.kind, command.parameters)
    accepted = asyncio.Event()
    filed: list[Receipt] = []

    told_sent = out.notes.is_terminal

    def tell_sent() -> None:
        nonlocal told_sent
        if not told_sent:
            told_sent = True
            out.note(f"{name}: sent.")

    def file(receipt: Receipt) -> None:
        filed.append(receipt)
        if receipt.outcome in _DONE:
            accepted.set()
        if receipt.outcome is Outcome.ACCEPTED and not out.notes.is_terminal:
            tell_sent()
            out.note(f"{name}: {_STAGES[receipt.outcome]}.")

    def line() -> Spinner:
        stage = _STAGES.get(filed[-1].outcome, "…") if filed else "sent"
        return Spinner("dots", f" {name}: {stage} ({time.monotonic() - begun:.0f} s)")

    undo = engine.garage.subscribe_receipts(vin, file)
    task = asyncio.ensure_future(engine.send(vin, command, pin=pin))
    waits = {task} if wait else {task, asyncio.ensure_future(accepted.wait())}
    spinner = line()
    live = Live(
        get_renderable=lambda: _moved(spinner, line()),
        console=out.notes,
        transient=True,
        refresh_per_second=8,
    )
    try:
        if out.notes.is_terminal:
            live.start()
        done, _ = await asyncio.wait(
            waits, timeout=_REFUSED_HERE, return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            tell_sent()
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        # A signal. Closing the accounts ends the command with a receipt.
        for account in tuple(engine.accounts.values()):
            await engine.close_account(account)
    finally:
        live.stop()
        undo()
    for one in waits - {task}:
        one.cancel()
    if not task.done():
        if not wait and filed:
            accepted_receipt = filed[-1]
            for account in tuple(engine.accounts.values()):
                await engine.close_account(account)
            with suppress(asyncio.CancelledError):
                await task
            return accepted_receipt
    return await task


def _moved(spinner: Spinner, now: Spinner) -> Spinner:
    """Return the same spinner with the words of now."""
    spinner.update(text=now.text)
    return spinner


def tell_receipt(receipt: Receipt, car: KnownCar, out: Output) -> None:
    """Print what became of a command."""
    if out.as_json:
        out.json(receipt.as_dict())
        return
    name = say_command(receipt.command, receipt.parameters)
    if receipt.outcome not in _DONE:
        out.note(f"{car.label}: {name} – {receipt.outcome.replace('_', ' ')}.", "red")
        out.note(say_receipt(receipt))
        return
    proof = ""
    if receipt.captured_at is not None:
        proof = f", as the car said at {say_time(receipt.captured_at)}"
    word = "confirmed" if receipt.outcome is Outcome.CONFIRMED else "accepted"
    out.line(f"{car.label}: {name} – {word}{proof}.")


def tell_cut_off(home: Home, car: KnownCar, out: Output) -> None:
    """Tell of commands that a crash of an earlier run cut off."""
    for record in car.accounts:
        for one in cut_off(home.journal(record.name)):
            out.note(
                f"An earlier run was cut off at {say_command(one.command)} "
                f"(…{one.vin[-4:]}, {one.requested_at}). Outcome: unknown. The car may "
                "have done it: look at it. It is not sent again.",
                "yellow",
            )
