"""What becomes of commands on bad days, at each maker's cloud over HTTP."""

from datetime import timedelta

import pytest

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from ..conftest import TESTER, async_poll
from ..world import World
from .clouds import (
    CLOUDS,
    HOUR,
    asked_for,
    channel,
    each_service,
    event,
    kill_tokens,
    press,
    sent,
    shown,
)
from .owner import AMERICAN, TESTERS, async_own, owner_of


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
    assert shown(owner) == cloud.command.under_way
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(pressed)
    assert refusal.value.translation_key == "command_timed_out"
    assert shown(owner) == cloud.command.rest
    assert event(owner)["event_type"] == "timed_out"
    assert sent(owner) == 1


@each_service
async def test_a_contrary_car_has_the_last_word(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The command failed, and the car's word is shown."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    owner.control.twin(owner.vin, contrary=True)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == cloud.command.contradicts
    assert shown(owner) == cloud.command.rest
    assert event(owner)["event_type"] == "failed"
    assert sent(owner) == 1


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
        await owner.call(*cloud.command.other)
    assert refusal.value.translation_key == "command_busy"
    await hass_world.result(first)
    await hass_world.result(second)
    assert sent(owner) == 1
    assert shown(owner) == cloud.command.done


@each_service
@pytest.mark.parametrize("retry_after", [1800, None])
async def test_a_command_too_many_is_not_tried_again(
    hass: HomeAssistant, hass_world: World, service: str, retry_after: int | None
) -> None:
    """429: the owner reads when the pause ends; until then nothing reaches the cloud."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    owner.control.fault(
        "status",
        path=cloud.requests.commands,
        status=429,
        retry_after=retry_after,
        count=1,
    )
    for restart in (False, False, True):
        if restart:
            await owner.reload()
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(press(owner))
        assert refusal.value.translation_key == "command_throttled"
        assert event(owner)["reason"] == "throttled"
        until = dt_util.parse_datetime(
            event(owner)["detail"]["until"], raise_on_error=True
        )
        assert f"{dt_util.as_local(until):%H:%M}" in str(refusal.value)
        assert sent(owner) == 1
        assert shown(owner) == cloud.command.rest
    left = until - hass_world.clock.now()
    if retry_after is not None:
        assert abs(left - timedelta(seconds=retry_after)) < timedelta(minutes=1)
    # Reading goes on meanwhile, and nobody else is bothered.
    assert channel(owner) == "ok"
    assert asked_for(hass) == []
    await hass_world.advance(left.total_seconds() + 1)
    await hass_world.result(press(owner))
    assert shown(owner) == cloud.command.done
    assert sent(owner) == 2


@each_service
async def test_commands_still_go_while_reading_pauses(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """A pause of the readings does not keep the owner from locking the car."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    await async_poll(hass, hass_world, 5 * HOUR)
    fault = owner.control.fault(
        "status", path=cloud.requests.reads, method="GET", status=429, retry_after=7200
    )
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "throttled"
    owner.control.clear_faults(fault.number)
    await hass_world.result(press(owner))
    assert shown(owner) == cloud.command.done
    assert event(owner)["event_type"] == "confirmed"


@each_service
async def test_a_command_finds_the_tokens_dead(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The channel says so at once, and the owner is asked to sign in again."""
    owner = await async_own(hass, hass_world, service)
    kill_tokens(owner)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_needs_owner"
    assert channel(owner) == "needs_owner"
    assert asked_for(hass) == [SOURCE_REAUTH]


@pytest.mark.parametrize(
    ("username", "wrong", "tries", "questions"),
    [
        (TESTER, "9999", "/ss/*", 0),
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
    owner = owner_of(hass, hass_world, username)
    await owner.set_up()
    cloud = CLOUDS[owner.account.service]
    await owner.keep_pin(wrong)
    owner.control.forget_calls()
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_pin_blocked"
    assert len(owner.control.calls(tries)) == questions + 1
    for restart in (False, True):
        if restart:
            await owner.reload()
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(press(owner))
        assert refusal.value.translation_key == "command_pin_blocked"
    assert len(owner.control.calls(tries)) == questions + 1
    assert shown(owner) == cloud.command.rest
    owner.control.forget_calls()
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.control.calls(cloud.requests.reads) != []
    assert channel(owner) == "ok"
    await owner.keep_pin(owner.account.pin)
    await hass_world.result(press(owner))
    assert shown(owner) == cloud.command.done
