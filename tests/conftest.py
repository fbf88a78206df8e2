"""What all tests share: the integration loaded from here, and worlds to test in.

- `world`: clouds and cars on one manual clock, without Home Assistant.
- `hass_world`: the same, wired to `hass`: Carport runs by the world's clock, and the
  world counts Carport's calls, so that time never moves past a call on the wire.
- `async_add_account`, `async_add_demo`: set an account up through the config flow.
- `async_poll`: let time pass on both sides, then let Home Assistant's timers fire.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final, override

from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

import custom_components.carport  # noqa: F401 - before the plugin finds its own
from custom_components.carport import account as account_module
from custom_components.carport.const import CLOCK, DOMAIN
from custom_components.carport.service import server as server_module
from custom_components.carport.service.http import Transport
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from simulator.accounts import ACCOUNTS, Account

from .world import World

TESTER: Final = "tester@example.com"
"""An account whose cars stay where they are: a test meets them as it expects."""


# Whether a property holds is no question of how busy the machine is.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find Carport, in tests that have a Home Assistant."""
    if "hass" in request.fixturenames:
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

    for module in (account_module, server_module):
        monkeypatch.setattr(module, "Transport", CountedTransport)
    monkeypatch.setattr(
        server_module, "SystemClock", lambda *speed, **start: world.clock
    )
    hass.data[CLOCK] = world.clock
    return world


def account_of(username: str) -> Account:
    """Return one of the simulator's accounts."""
    return next(account for account in ACCOUNTS if account.username == username)


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
    typed = {
        "username": account.username,
        "password": account.password,
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
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    entry = result["result"]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    if options:
        hass.config_entries.async_update_entry(entry, options=options)
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    return entry
