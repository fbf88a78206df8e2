"""What becomes of commands on bad days, at three more makers' clouds over HTTP."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..conftest import async_poll
from ..world import World
from .clouds import (
    AMERICAN,
    CLOUDS,
    HOUR,
    TESTERS,
    Owner,
    async_own,
    channel,
    each_service,
    event,
    press,
    shown,
)


@each_service
async def test_a_deaf_car_times_out_and_shows_what_is(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Accepted and never done: what was asked is shown for a while, then the truth."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    await async_poll(hass, hass_world, 5 * HOUR)
    owner.control.twin(owner.vin, deaf=True)
    pressed = hass.async_create_task(press(owner))
    await hass_world.advance(10)
    assert shown(owner) == cloud.under_way
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(pressed)
    assert refusal.value.translation_key == "command_timed_out"
    assert shown(owner) == cloud.rest
    assert event(owner)["event_type"] == "timed_out"
    assert len(owner.control.calls(cloud.orders, method="POST")) == 1


@each_service
async def test_a_contrary_car_has_the_last_word(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The command failed, and the car's word is shown."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    owner.control.twin(owner.vin, contrary=True)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_car_refused"
    assert shown(owner) == cloud.rest
    assert event(owner)["event_type"] == "failed"


@each_service
async def test_pressed_twice_is_sent_once(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The second press joins; another command is refused and hears what runs."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    first = hass.async_create_task(press(owner))
    second = hass.async_create_task(press(owner))
    await hass_world.settle()
    with pytest.raises(ServiceValidationError) as refusal:
        await owner.call(*cloud.other)
    assert refusal.value.translation_key == "command_busy"
    await hass_world.result(first)
    await hass_world.result(second)
    assert len(owner.control.calls(cloud.orders, method="POST")) == 1
    assert shown(owner) == cloud.done


@each_service
async def test_a_command_too_many_is_refused(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """429 at a command: refused as throttled, not repeated, and reading goes on."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    owner.control.fault("status", path=cloud.orders, status=429, count=1)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_throttled"
    assert len(owner.control.calls(cloud.orders, method="POST")) == 1
    assert event(owner)["reason"] == "throttled"
    assert shown(owner) == cloud.rest
    assert channel(owner) == "ok"
    await hass_world.result(press(owner))
    assert shown(owner) == cloud.done


@pytest.mark.parametrize(
    ("username", "wrong", "tries", "questions"),
    [
        (TESTERS["we_connect"], "9999", "*/security-pin-auth-completed", 0),
        # The answer rides on the command, which asks for it without one first.
        (AMERICAN, "Citizen", "*/executeService", 1),
    ],
)
async def test_a_wrong_pin_is_sent_once(
    hass: HomeAssistant,
    hass_world: World,
    username: str,
    wrong: str,
    tries: str,
    questions: int,
) -> None:
    """Refused: blocked until it is another one; reading goes on meanwhile."""
    owner = Owner(hass, hass_world, username)
    await owner.set_up()
    cloud = CLOUDS[owner.account.service]
    await owner.reload(pin=wrong)
    owner.control.forget_calls()
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_pin_blocked"
    assert len(owner.control.calls(tries)) == questions + 1
    for reload in (False, True):
        if reload:
            await owner.reload()
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(press(owner))
        assert refusal.value.translation_key == "command_pin_blocked"
    assert len(owner.control.calls(tries)) == 3 * questions + 1
    assert shown(owner) == cloud.rest
    owner.control.forget_calls()
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.control.calls(cloud.reads) != []
    assert channel(owner) == "ok"
    await owner.reload(pin=owner.account.pin)
    await hass_world.result(press(owner))
    assert shown(owner) == cloud.done
