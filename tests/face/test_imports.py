"""Who has one account needs one maker: the others are not imported (8.4)."""

from collections.abc import Sequence
from importlib.abc import MetaPathFinder
import json
from pathlib import Path
import subprocess
import sys
import threading
from types import ModuleType
from typing import Any, Final, override

import pytest

from carport.makers.registry import SERVICES
from custom_components.carport.accounts.opening import async_service
from custom_components.carport.statistics import following
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant

from .demo_garage import DemoHome

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = """
import importlib, json, sys
name = "custom_components.carport"
package = importlib.import_module(name)
for part in ("config_flow", "diagnostics", *package.PLATFORMS):
    importlib.import_module(f"{name}.{part}")
importlib.import_module(f"{name}.makers.registry").SERVICES[sys.argv[1]]
makers = {module.split(".")[3] for module in sys.modules if module.startswith(f"{name}.makers.")}
print(json.dumps([sorted(makers), "bs4" in sys.modules]))
"""


@pytest.mark.parametrize(
    ("service", "makers", "reads_pages"),
    [
        ("demo", {"demo", "registry"}, False),
        ("skoda", {"skoda", "registry"}, False),
        ("car_net", {"car_net", "registry", "volkswagen_group"}, True),
    ],
)
def test_8_4_only_the_makers_in_use_are_imported(
    service: str, makers: set[str], reads_pages: bool
) -> None:
    """With the whole face, and with what reads pages only where pages are read."""
    done = subprocess.run(
        [sys.executable, "-c", PARTS, service],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found, bs4 = json.loads(done.stdout)
    assert set(found) == makers
    assert bs4 is reads_pages


@pytest.mark.parametrize("key", SERVICES)
def test_8_4_every_line_of_the_table_is_right(key: str) -> None:
    """It leads to a service of that name."""
    assert SERVICES[key].info.key == key


async def test_8_4_makers_are_imported_beside_the_loop(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, when somebody needs them."""
    seen: list[Any] = []
    work = hass.async_add_import_executor_job

    def noted(*job: Any) -> Any:
        seen.append(job[1:])
        return work(*job)

    monkeypatch.setattr(hass, "async_add_import_executor_job", noted)
    monkeypatch.setitem(
        async_service.__globals__["SERVICES"].data, "demo", "demo.service:DemoGarage"
    )
    for _ in range(2):
        assert (await async_service(hass, "demo")).info.key == "demo"
    assert seen == [("demo",)]


class ImportNotes(MetaPathFinder):
    """Notes in which threads a module is looked for, and finds none itself."""

    def __init__(self, name: str) -> None:
        """Wait for one module."""
        self.name = name
        self.threads: list[int] = []

    @override
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> None:
        """Leave the module to others."""
        if fullname == self.name:
            self.threads.append(threading.get_ident())


async def test_8_4_what_writes_statistics_is_imported_beside_the_loop(
    recorder_mock: Recorder, home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though only a car with a logbook asks for it, in the midst of the loop."""
    notes = ImportNotes(f"{following.__package__}.car_statistics")
    monkeypatch.delitem(sys.modules, notes.name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [notes, *sys.meta_path])
    await home.start()
    assert notes.threads
    assert threading.get_ident() not in notes.threads
