"""Ctrl-C and SIGTERM, whenever they come: one end, said as every other is."""

import asyncio
import signal
from typing import Final

import pytest

from scripts.demo_home.waiting import until

from .terminal import ENDS, Terminal, check_receipt, ended, heard

LOADING: Final = """
import signal, sys
def hear(event, told):
    if event == "import" and told[0] == {1!r}:
        signal.raise_signal({0})
from cli.__main__ import main
sys.addaudithook(hear)
main()
"""
"""The command, with a signal when it begins to load a module."""
TOLD: Final = """
import signal
from cli.__main__ import main
from cli.output import Output
tell = Output.json
def told(out, data):
    tell(out, data)
    signal.raise_signal({0})
Output.json = told
main()
"""
"""The command, with a signal after its result."""
HANGING: Final = """
import os, signal, sys
from cli import app
from cli.__main__ import main
def hang():
    heard, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    print("hangs", file=sys.stderr, flush=True)
    while True:
        os.read(heard, 1)
        print("waits", file=sys.stderr, flush=True)
app.main = hang
main()
"""
"""A command that never comes to where it can be cancelled."""


@ENDS
@pytest.mark.parametrize("speed", [1.0])
async def test_a_signal_while_there_is_nothing_to_tell(
    terminal: Terminal, number: signal.Signals
) -> None:
    """The command says that it was stopped, to programs too."""
    await terminal.add_tester_well()
    slow = terminal.simulator.control.fault("slow", seconds=4)
    process = await terminal.start("read", "e-golf", "--json")

    async def called() -> int:
        return slow.hits

    async def answered() -> bool:
        handling = (str(task.get_coro()) for task in asyncio.all_tasks())
        return not any("_handle_request" in one for one in handling)

    await until("the call", called, 30)
    process.send_signal(number)
    done = await ended(process)
    assert done.code == 1, done.err
    assert done.json == {"error": "stopped", "message": "Stopped."}
    assert done.err == "Stopped.\n"
    await until("the end of the answer that nobody waits for", answered, 30)


@ENDS
@pytest.mark.parametrize("module", ["typer", "rich.table", "aiohttp"])
async def test_a_signal_while_it_loads(
    terminal: Terminal, number: signal.Signals, module: str
) -> None:
    """It leaves no trace of Python, and nothing is sent."""
    await terminal.add_tester_well()
    terminal.simulator.control.forget_calls()
    process = await terminal.start(
        "unlock", "e-golf", "--json", program=LOADING.format(int(number), module)
    )
    done = await ended(process)
    assert done.code == 1, done.err
    assert done.json == {"error": "stopped", "message": "Stopped."}
    assert done.err == "Stopped.\n"
    assert not terminal.simulator.control.calls()


@ENDS
async def test_a_signal_after_the_receipt(
    terminal: Terminal, number: signal.Signals
) -> None:
    """What was told stays so: one line, and its code."""
    await terminal.add_tester_well()
    process = await terminal.start(
        "unlock", "e-golf", "--json", program=TOLD.format(int(number))
    )
    done = await ended(process)
    assert done.code == 0, done.err
    check_receipt(done.json, "unlock", "confirmed")
    assert "Stopped" not in done.err


async def test_the_third_signal_ends_what_hangs(terminal: Terminal) -> None:
    """Nobody needs to look for the process who has pressed Ctrl-C often enough."""
    await terminal.add_tester_well()
    process = await terminal.start("cars", program=HANGING)
    await heard(process, "hangs")
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        await heard(process, "waits")
    process.send_signal(signal.SIGINT)
    assert (await ended(process)).code == -signal.SIGINT
