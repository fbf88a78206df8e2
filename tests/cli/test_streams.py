"""Where the command writes to: readers that leave, disks that are full, old terminals."""

import asyncio
import json
import os
from pathlib import Path
import sys

import pytest

from .terminal import ROOT, Terminal

_FULL = Path("/dev/full")


@pytest.fixture
async def demo(terminal: Terminal) -> Terminal:
    """Return a terminal with the Demo garage."""
    assert (await terminal.run("add", "demo")).code == 0
    return terminal


async def _ended(
    terminal: Terminal, out: int, *words: str, **env: str
) -> tuple[int | None, str]:
    """Run the command with its result going somewhere; return its code and notes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli",
        *words,
        env={
            **os.environ,
            "CARPORT_HOME": str(terminal.home),
            "PYTHONPATH": str(ROOT),
            **env,
        },
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(out)
    _, err = await process.communicate()
    return process.returncode, err.decode()


@pytest.mark.skipif(not _FULL.exists(), reason="this system has no such device")
@pytest.mark.parametrize("more", [(), ("--json",)])
async def test_a_full_disk_is_said(demo: Terminal, more: tuple[str, ...]) -> None:
    """In words, with the code of what did not work."""
    full = os.open(_FULL, os.O_WRONLY)
    code, err = await _ended(demo, full, "show", "aurora", *more)
    assert code == 1
    assert err.splitlines() == ["No space left on device: a file"]


@pytest.mark.parametrize("more", [(), ("--all",), ("--json",)])
async def test_a_reader_who_leaves_is_no_failure(
    demo: Terminal, more: tuple[str, ...]
) -> None:
    """As with `| head`: the same code for tables, lines and JSON."""
    reading, writing = os.pipe()
    os.close(reading)
    assert await _ended(demo, writing, "show", "aurora", *more) == (0, "")


async def test_what_a_terminal_cannot_show_is_written_otherwise(
    demo: Terminal, tmp_path: Path
) -> None:
    """The end of a VIN has a sign before it that old encodings lack."""
    told = tmp_path / "told"
    for more in ((), ("--json",)):
        out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        ended = await _ended(demo, out, "cars", *more, PYTHONIOENCODING="ascii")
        assert ended == (0, "")
        assert "Aurora" in told.read_text(encoding="ascii")
    assert len(json.loads(told.read_text(encoding="ascii"))) == 4
