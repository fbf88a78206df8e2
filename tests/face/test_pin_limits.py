"""A code pad in the house does not lock the owner's PIN, at clouds over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.carport.const import CONF_PIN_MODE, DOMAIN, PIN_ASKED
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.conftest import account_of, async_add_account
from tests.world import World

from .flow_pages import async_reconfigure, submit
from .owner import AMERICAN, TESTERS, owner_of

TRIES = {
    TESTERS["car_net"]: "/ss/*",
    TESTERS["we_connect"]: "*/security-pin-auth-completed",
    AMERICAN: "*/executeService",
}
GUESSES = ("1111", "2222", "3333", "4444")
SESSION = "/ss/*"
DAY = 24 * 3600

each_account = pytest.mark.parametrize("username", TRIES)


def lock(hass: HomeAssistant, username: str) -> str:
    """Return the id of the lock of the account's first car."""
    unique_id = f"{account_of(username).vins[0]}_doors".lower()
    found = er.async_get(hass).async_get_entity_id("lock", DOMAIN, unique_id)
    assert found is not None
    return found


async def unlock(
    hass: HomeAssistant, world: World, username: str, code: str | None = None
) -> None:
    """Unlock as somebody at the pad; by the stored PIN without a code."""
    data: dict[str, Any] = {"entity_id": lock(hass, username)}
    if code is not None:
        data["code"] = code
    await world.result(hass.services.async_call("lock", "unlock", data, blocking=True))


async def refused(
    hass: HomeAssistant, world: World, username: str, code: str | None = None
) -> HomeAssistantError:
    """Expect that a code does not unlock; return what is said of it."""
    with pytest.raises(HomeAssistantError) as caught:
        await unlock(hass, world, username, code)
    return caught.value


async def give_pin(
    hass: HomeAssistant, world: World, entry: ConfigEntry[Any], **typed: str
) -> None:
    """Submit the page of Reconfigure as the owner."""
    form = await async_reconfigure(hass, entry)
    server = {"server": world.simulator.address}
    await submit(hass, form, {**typed, "own_server": server})
    await hass.async_block_till_done()


@each_account
async def test_5_4_a_third_guess_is_not_sent(
    hass: HomeAssistant, hass_world: World, username: str
) -> None:
    """Two reach the maker, restarts or not; the owner's proven PIN works as ever."""
    owner = owner_of(hass, hass_world, username)
    await owner.set_up()
    control, right = hass_world.control, owner.account.pin
    await unlock(hass, hass_world, username, right)
    control.forget_calls()
    for guess in GUESSES[:2]:
        error = await refused(hass, hass_world, username, guess)
        assert error.translation_key == "command_pin_blocked"
    sent = len(control.calls(TRIES[username]))
    for guess in GUESSES[2:]:
        await owner.reload()
        error = await refused(hass, hass_world, username, guess)
        assert isinstance(error, ServiceValidationError)
        assert error.translation_key == "command_pin_limit"
        assert error.translation_placeholders is not None
        assert error.translation_placeholders["until"] in str(error)
    assert len(control.calls(TRIES[username])) == sent
    for code in (right, None):
        await unlock(hass, hass_world, username, code)


@each_account
async def test_5_4_a_day_later_there_are_two_more(
    hass: HomeAssistant, hass_world: World, username: str
) -> None:
    """The limit ends when it said; at the last try the maker tells of, before."""
    await owner_of(hass, hass_world, username).set_up()
    for guess in GUESSES[:2]:
        await refused(hass, hass_world, username, guess)
    await hass_world.advance(DAY)
    hass_world.control.forget_calls()
    error = await refused(hass, hass_world, username, GUESSES[2])
    spared = username == TESTERS["we_connect"]
    key = "command_pin_last_try" if spared else "command_pin_blocked"
    assert error.translation_key == key
    assert bool(hass_world.control.calls(TRIES[username])) is not spared


async def test_5_4_the_last_try_at_the_maker_is_for_a_proven_pin(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Others have used up all but one: nothing unproven takes that."""
    username = TESTERS["we_connect"]
    await async_add_account(hass, hass_world, username)
    control = hass_world.control
    control.account(username, pin_tries=1)
    error = await refused(hass, hass_world, username)
    assert error.translation_key == "command_pin_last_try"
    assert not control.calls(TRIES[username])
    control.account(username, pin_tries=3)
    await unlock(hass, hass_world, username)
    control.account(username, pin_tries=1)
    await unlock(hass, hass_world, username)


async def test_5_4_a_lock_out_told_by_the_maker_is_a_pause(
    hass: HomeAssistant, hass_world: World
) -> None:
    """It is told with its end, outlasts a restart, and is over by itself."""
    username = TESTERS["we_connect"]
    entry = await async_add_account(hass, hass_world, username)
    control = hass_world.control
    control.account(username, pin_tries=0)
    end = dt_util.as_local(hass_world.clock.now() + timedelta(minutes=15))
    info = "securityPinAuthInfo.remainingTries"
    control.fault("change", path="*/security-pin-auth-requested", remove=[info])
    for _ in range(2):
        error = await refused(hass, hass_world, username)
        assert error.translation_key == "command_pin_locked"
        assert error.translation_placeholders is not None
        assert error.translation_placeholders["until"].endswith(f"{end:%H:%M}")
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    assert len(control.calls(TRIES[username])) == 1
    control.account(username, pin_tries=3)
    await hass_world.advance(15 * 60)
    await unlock(hass, hass_world, username)


@pytest.mark.parametrize(("status", "proven"), [(423, False), (403, True)])
async def test_5_4_car_nets_lock_out_is_no_refusal_of_the_pin(
    hass: HomeAssistant, hass_world: World, status: int, proven: bool
) -> None:
    """It answers as to a wrong PIN; one that was right before rests for a day."""
    username = TESTERS["car_net"]
    await async_add_account(hass, hass_world, username)
    control = hass_world.control
    if proven:
        await unlock(hass, hass_world, username)
        control.account(username, revoke="tsp")
        await hass_world.advance(3600)
    fault = control.fault("status", path=SESSION, status=status)
    control.forget_calls()
    for _ in range(2):
        error = await refused(hass, hass_world, username)
        assert error.translation_key == "command_pin_locked"
    assert len(control.calls(SESSION)) == 1
    control.clear_faults(fault.number)
    await hass_world.advance(DAY)
    await unlock(hass, hass_world, username)


async def test_5_4_reconfigure_forgets_refusals(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The same PIN entered again is tried again; a page without one changes nothing."""
    username = TESTERS["car_net"]
    entry = await async_add_account(hass, hass_world, username)
    control, pin = hass_world.control, account_of(username).pin
    assert pin is not None
    # Locked by another client before this PIN was ever proven here.
    fault = control.fault("status", path=SESSION, status=403)
    error = await refused(hass, hass_world, username)
    assert error.translation_key == "command_pin_blocked"
    control.clear_faults(fault.number)
    await give_pin(hass, hass_world, entry)
    error = await refused(hass, hass_world, username)
    assert error.translation_key == "command_pin_blocked"
    await give_pin(hass, hass_world, entry, pin=pin)
    await unlock(hass, hass_world, username)


async def test_5_4_reconfigure_forgets_what_was_typed(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Where the PIN is asked each time there is none to enter: the page is enough."""
    username = TESTERS["car_net"]
    options = {CONF_PIN_MODE: PIN_ASKED}
    entry = await async_add_account(hass, hass_world, username, pin=False, **options)
    for guess in GUESSES[:2]:
        await refused(hass, hass_world, username, guess)
    pin = account_of(username).pin
    error = await refused(hass, hass_world, username, pin)
    assert error.translation_key == "command_pin_limit"
    await give_pin(hass, hass_world, entry)
    await unlock(hass, hass_world, username, pin)
