"""The wheel has all that the command needs, and needs no Home Assistant."""

import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Final
import zipfile

from .terminal import ROOT

BUILD: Final = (
    "import sys, setuptools.build_meta as b; print(b.build_wheel(sys.argv[1]))"
)
# As where Home Assistant was never installed: nobody can import it.
RUN: Final = """
import sys
for name in ("homeassistant", "custom_components", "simulator"):
    sys.modules[name] = None
from carport.cli.__main__ import main
main()
"""
PARTS: Final = (
    "carport",
    "cli",
    "custom_components",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
)


def test_the_wheel_is_complete(tmp_path: Path) -> None:
    """Built from the tree and unpacked elsewhere, it adds the Demo garage and shows it."""
    source, built, installed = (
        tmp_path / name for name in ("source", "built", "installed")
    )
    source.mkdir()
    for part in PARTS:
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(
                path, source / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(path, source)
    _python(source, {}, BUILD, str(built))
    (wheel,) = built.glob("carport-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
        entry = next(name for name in archive.namelist() if name.endswith("points.txt"))
        assert "carport = carport.cli.__main__:main" in archive.read(entry).decode()
    env = {"PYTHONPATH": str(installed), "CARPORT_HOME": str(tmp_path / "state")}
    added = _python(tmp_path, env, RUN, "add", "demo", "--json")
    assert added == '{"account": "demo", "cars": 4}\n'
    assert "Doors locked" in _python(tmp_path, env, RUN, "show", "aurora")


def _python(folder: Path, env: dict[str, str], *words: str) -> str:
    """Run some Python in a folder, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", *words],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
