"""The skeleton of a new service: it is well-formed and works before anybody changes it."""

from pathlib import Path
import shutil
import subprocess
import sys
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
TOOLS: Final = Path(sys.executable).parent


def run(tree: Path, *command: str) -> str:
    """Run a command in a tree and return what it said; it has to succeed."""
    done = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of this tree, with what mypy needs and remembers of it."""
    leave = shutil.ignore_patterns("__pycache__", "snapshots")
    for source in ROOT.iterdir():
        copy = tmp_path / source.name
        if source.name.startswith("."):
            continue
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True, ignore=leave)
        else:
            shutil.copy2(source, copy)
    for hidden in (".mypy_cache", ".toolchain/typings"):
        if (ROOT / hidden).exists():
            shutil.copytree(ROOT / hidden, tmp_path / hidden, symlinks=True)
    return tmp_path


@pytest.mark.timeout(600)
def test_7_5_the_skeleton_passes_lint_and_its_own_tests(tree: Path) -> None:
    """Under a key nobody has, with texts, a simulator, a benchmark row and a contract."""
    said = run(tree, sys.executable, "scripts/new_maker", "Example Motors", "road_link")
    assert "custom_components/carport/makers/road_link/service.py" in said
    assert "Left to do" in said
    run(tree, str(TOOLS / "ruff"), "check")
    run(tree, str(TOOLS / "ruff"), "format", "--check")
    run(tree, str(TOOLS / "mypy"))
    run(tree, str(TOOLS / "lint-imports"), "--no-logo")
    tests = (
        "tests/makers/road_link",
        "tests/makers/test_profiles.py",
        "tests/test_benchmarks.py",
    )
    options = ("-q", "-n", "0", "-p", "no:cacheprovider")
    run(tree, sys.executable, "-m", "pytest", *options, *tests)


@pytest.mark.parametrize(
    ("maker", "service"),
    [
        ("Example Motors", "skoda"),
        ("Example Motors", "Road-Link"),
        ("Example Motors", "../outside"),
        ('"; import os', "road_link"),
    ],
)
def test_7_5_what_cannot_be_a_service_is_refused(
    tmp_path: Path, maker: str, service: str
) -> None:
    """Nothing is written then."""
    there = tmp_path / "custom_components" / "carport" / "makers" / "skoda"
    there.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "scripts/new_maker", maker, service, "--root", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr
    assert list(there.parent.iterdir()) == [there]
