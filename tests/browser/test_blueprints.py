"""The blueprints, imported into a running Home Assistant by the page their links lead to."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
import re
from threading import Thread
from typing import Any, Final, override

from playwright.async_api import Browser, expect
import pytest
from pytest_socket import enable_socket

from scripts.demo_home.config_dir import REPOSITORY
from scripts.demo_home.home import Home
from scripts.demo_home.waiting import until

from .stage import Stage
from .visits import visit

FOLDER: Final = REPOSITORY / "blueprints" / "automation" / "carport"
FILES: Final = sorted(path.name for path in FOLDER.glob("*.yaml"))
LINK: Final = re.compile(
    r"https://my\.home-assistant\.io/redirect/(blueprint_import)/\?(blueprint_url=[^)]+)"
)
"""An import link of the documents: the owner's Home Assistant opens its end."""


class _Files(SimpleHTTPRequestHandler):
    """Serves the repository's files, and says nothing of that."""

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output clean."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=folder))
    thread = Thread(target=server.serve_forever, name="blueprints")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """Return where the blueprints are, as the internet is out of reach."""
    enable_socket()
    with _served(FOLDER) as address:
        yield address


def test_there_are_six() -> None:
    """Each has its link, and each link its file."""
    linked = LINK.findall((REPOSITORY / "docs" / "blueprints.md").read_text())
    named = [query.rpartition("%2F")[2] for _, query in linked]
    assert sorted(named) == FILES
    assert len(FILES) == 6


@pytest.mark.parametrize("name", FILES)
def test_home_assistant_imports_it(
    stage: Stage, home: Home, served: str, name: str
) -> None:
    """Its own importer reads the file, and finds nothing wrong with it."""

    async def play() -> None:
        found = await home.ask("blueprint/import", url=f"{served}/{name}")
        assert found["validation_errors"] is None
        assert found["blueprint"]["metadata"]["name"].startswith("Carport: ")
        assert found["raw_data"] == (FOLDER / name).read_text()

    stage.run(play())


def test_a_link_of_the_documents_leads_to_the_import(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """The page that it opens has the address in it, and trusts where it is from."""
    redirect, query = LINK.findall((REPOSITORY / "docs/blueprints.md").read_text())[0]

    async def play() -> None:
        path = f"/_my_redirect/{redirect}?{query}"
        async with visit(browser, home, path) as page:
            dialog = page.locator("ha-dialog-import-blueprint")
            await expect(dialog.locator("input")).to_have_value(
                re.compile(r"https://github\.com/.+/charge_by_price\.yaml")
            )
            await expect(dialog.get_by_role("button", name="Preview")).to_be_enabled()
            await expect(dialog.get_by_text("not imported from GitHub")).to_have_count(
                0
            )

    stage.run(play())


def test_one_is_imported_by_click(
    stage: Stage, browser: Browser, home: Home, served: str
) -> None:
    """Preview, import, and it is among the home's own, ready for an automation."""
    name = "lock_at_night.yaml"

    async def kept() -> bool:
        known = await home.ask("blueprint/list", domain="automation")
        return f"127.0.0.1/{name}" in known

    async def play() -> None:
        path = f"/_my_redirect/blueprint_import?blueprint_url={served}/{name}"
        async with visit(browser, home, path) as page:
            dialog = page.locator("ha-dialog-import-blueprint")
            await dialog.get_by_role("button", name="Preview").click()
            await expect(dialog).to_contain_text("Carport: lock at night, and report")
            assert not await kept()
            await dialog.get_by_role("button", name="Import blueprint").click()
            await until("it is kept", kept, 30)
            # Not the name that the dialog tells until it is gone.
            table = page.locator("ha-data-table")
            await table.get_by_text("Carport: lock at night, and report").click()
            # An automation of it asks for the car first.
            await page.wait_for_url("**/config/automation/edit/new**")
            await expect(page.get_by_text("Car", exact=True).first).to_be_visible()

    stage.run(play())
