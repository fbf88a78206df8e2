"""What all tests share: the integration loaded from here, and worlds to test in.

- `world`: clouds and cars on one manual clock, without Home Assistant.
- `hass_world`: the same, wired to `hass`: Carport runs by the world's clock, and the
  world counts Carport's calls and the loop's threads, so that time never moves past
  a call on the wire or a file on its way.
- `async_add_account`, `async_add_demo`: set an account up through the config flow.
- `async_poll`: let time pass on both sides, then let Home Assistant's timers fire.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
import time
from typing import Any, Final, cast, override
from unittest.mock import patch

from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

import custom_components.carport  # noqa: F401 - before the plugin finds its own
from custom_components.carport.accounts import opening as account_module
from custom_components.carport.accounts.data import carport_data
from custom_components.carport.cloud import server as server_module
from custom_components.carport.cloud.http import Transport
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from homeassistant.util.executor import InterruptibleThreadPoolExecutor

from .makers import profile
from .world import World

account_of = profile.account_of

TESTER: Final = "tester@example.com"
"""An account whose cars stay where they are: a test meets them as it expects."""


# Whether a property holds is no question of how busy the machine is.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


_THREADS_END_WITHIN: Final = 60.0


@pytest.fixture(autouse=True, scope="session")
def _patient_executors() -> Iterator[None]:
    """Let the threads of a loop end by themselves, however busy the machine is.

    Home Assistant's executor gives them ten seconds at the end of a test. Who is late
    by then counts as left behind, though it was only waiting for the processor.
    """
    give_up = InterruptibleThreadPoolExecutor.join_threads_or_timeout

    def join(executor: InterruptibleThreadPoolExecutor) -> None:
        ends = time.monotonic() + _THREADS_END_WITHIN
        for thread in tuple(executor._threads):  # noqa: SLF001 - nothing public joins with a limit
            thread.join(max(ends - time.monotonic(), 0))
        give_up(executor)

    with patch.object(InterruptibleThreadPoolExecutor, "join_threads_or_timeout", join):
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show why a test failed that passed when it ran once more."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("_", f"first run of {report.nodeid}")
        report.toterminal(terminalreporter._tw)  # noqa: SLF001 - pytest's own way to print one


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find Carport, in tests that have a Home Assistant."""
    if "hass" in request.fixturenames:
        if "recorder_mock" in request.fixturenames:
            # It has to be there before Home Assistant is.
            request.getfixturevalue("recorder_mock")
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave asyncio's debug mode off, which the plugin's fixture of this name enables.

    It records a stack for every callback, which takes more than half the time of a test
    with Home Assistant; what lingers after a test is found without it.
    """


@pytest.fixture
async def world(socket_enabled: None) -> AsyncIterator[World]:
    """Open a world."""
    async with World().opened() as world:
        yield world


class CountedThreads:
    """The work a loop gives to threads, such as a platform's import or a file.

    It needs no time of the world either, however long the machine takes.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Count from now on, as long as `run_in_executor` is the loop's."""
        self._run = loop.run_in_executor
        self.in_flight = 0

    def run_in_executor(self, *args: Any) -> asyncio.Future[Any]:
        """Run something in a thread as the loop would, and count it."""
        future = self._run(*args)
        self.in_flight += 1
        future.add_done_callback(self._over)
        return future

    def _over(self, future: asyncio.Future[Any]) -> None:
        self.in_flight -= 1


@pytest.fixture
async def hass_world(
    hass: HomeAssistant, world: World, monkeypatch: pytest.MonkeyPatch
) -> World:
    """Let Home Assistant live in a world."""

    class CountedTransport(Transport):
        """A transport whose calls the world waits for."""

        @override
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            world.attach(self)

    threads = CountedThreads(hass.loop)
    monkeypatch.setattr(hass.loop, "run_in_executor", threads.run_in_executor)
    world.attach(threads)
    for module in (account_module, server_module):
        monkeypatch.setattr(module, "Transport", CountedTransport)
    monkeypatch.setattr(
        server_module, "SystemClock", lambda *speed, **start: world.clock
    )
    carport_data(hass).clock = cast(Any, world.clock)
    return world


async def async_choose(
    hass: HomeAssistant, service: str, **typed: Any
) -> ConfigFlowResult:
    """Begin a set-up, choose a service, and submit its page if something is typed."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"service": service}
    )
    if typed:
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], typed
        )
    return result


async def async_add_account(
    hass: HomeAssistant,
    world: World,
    username: str = TESTER,
    *,
    pin: bool = True,
    **options: Any,
) -> ConfigEntry[Any]:
    """Set one of the simulator's accounts up as its owner would, and load it."""
    account = account_of(username)
    typed: dict[str, Any] = {
        **account.typed(SERVICES[account.service].info.sign_in_fields),
        "own_server": {"server": world.simulator.address},
    }
    if pin and account.pin:
        typed["pin"] = account.pin
    result = await async_choose(hass, account.service, **typed)
    return await _async_finish(hass, result, options)


async def async_add_demo(
    hass: HomeAssistant, world: World | None = None, **options: Any
) -> ConfigEntry[Any]:
    """Set the Demo garage up, by the world's clock if there is one, and load it."""
    server = {} if world is None else {"server": world.simulator.address}
    result = await async_choose(hass, "demo", own_server=server)
    return await _async_finish(hass, result, options)


async def async_agree(
    hass: HomeAssistant, result: ConfigFlowResult
) -> ConfigFlowResult:
    """Take what a day costs, where the last page of a set-up asks about that."""
    if result["type"] is not FlowResultType.MENU:
        return result
    return await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "agree"}
    )


async def async_poll(hass: HomeAssistant, world: World, seconds: float) -> None:
    """Let time pass in the world, then let every timer of Home Assistant fire.

    Its loop does not age, so timers fire early rather than never; what is not due by
    the world's clock is not read for that.
    """
    await world.advance(seconds)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(days=30))
    # A call may be tried again after a pause, for which time has to pass.
    await world.result(hass.async_block_till_done(wait_background_tasks=True), 120)


async def _async_finish(
    hass: HomeAssistant, result: ConfigFlowResult, options: dict[str, Any]
) -> ConfigEntry[Any]:
    result = await async_agree(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    entry = result["result"]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    if options:
        hass.config_entries.async_update_entry(entry, options=options)
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    return entry
