"""One browser, one page of states and one Home Assistant for all tests in here."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from playwright.async_api import Browser
import pytest
from pytest_socket import enable_socket

from scripts.demo_home.home import Home

from .stage import Demo, Stage, chromium, demo


# Before the plugin that hands tests to workers looks for groups, even if this folder is
# named on the command line and so known earlier than that plugin.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests in one worker, which has the one Home Assistant."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
            # The first of them starts a Home Assistant, on a machine that may be busy.
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let tests speak with the Home Assistant and the browser beside them."""


@pytest.fixture
def verify_cleanup() -> None:
    """Let the threads of this room live on: the plugin's check is for loops of tests."""


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Run what is asynchronous beside the tests."""
    enable_socket()
    stage = Stage()
    yield stage
    stage.close()


def _kept[T](stage: Stage, made: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Hold something open until the last test is over."""
    enable_socket()
    yield stage.run(made.__aenter__(), 180)
    enable_socket()
    stage.run(made.__aexit__(None, None, None), 60)


@pytest.fixture(scope="session")
def browser(stage: Stage) -> Iterator[Browser]:
    """Return the browser."""
    yield from _kept(stage, chromium())


@pytest.fixture(scope="session")
def running(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return the demo: a Home Assistant, furnished, and the makers' clouds."""
    yield from _kept(stage, demo(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="session")
def home(running: Demo) -> Home:
    """Return the Home Assistant."""
    return running.home


@pytest.fixture(scope="session")
def clouds(running: Demo) -> str:
    """Return where the simulator is."""
    return running.clouds
