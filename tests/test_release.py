"""Tag, manifest and changelog of a release agree, and HACS can install one."""

import json
from pathlib import Path
import re
import subprocess
import sys

ROOT = Path(__file__).parents[1]


def run(tag: str) -> subprocess.CompletedProcess[str]:
    """Ask for the notes of a release."""
    return subprocess.run(
        (sys.executable, str(ROOT / "scripts" / "release_notes"), tag),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_manifest_has_its_part_of_the_changelog() -> None:
    """The notes of the present version are what stands under its heading."""
    manifest = ROOT / "custom_components" / "carport" / "manifest.json"
    version = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    told = run(f"v{version}")
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip()
    assert "## " not in told.stdout
    assert told.stdout.strip() in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_another_tag_is_no_release() -> None:
    """What does not agree with the manifest is refused."""
    told = run("v99.0.0")
    assert told.returncode != 0
    assert "99.0.0" in told.stderr


def test_newest_first() -> None:
    """Unreleased changes stand above all versions, which fall from there."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *versions = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert first == "Unreleased"
    numbers = [tuple(map(int, one.split(" ")[0].split("."))) for one in versions]
    assert numbers == sorted(numbers, reverse=True)


def test_it_can_be_installed_before_the_first_release() -> None:
    """The branch is hidden only once there is something else to install."""
    hacs = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))
    released = subprocess.run(
        ("git", "tag", "--list", "v*"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert bool(released) or not hacs.get("hide_default_branch", False)
