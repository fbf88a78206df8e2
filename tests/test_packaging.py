"""What the bridge is packed in: the unit of systemd, as systemd itself reads it."""

from pathlib import Path
import shutil
import subprocess

import pytest

UNIT = Path(__file__).parents[1] / "packaging" / "carport-bridge.service"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """No word of it is unknown, and none is out of place."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not here")
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    program = text.partition("ExecStart=")[2].split()[0]
    # It is not installed where the tests run.
    copy.write_text(text.replace(program, str(shutil.which("true"))), encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", str(copy)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, said) == (0, [])
