"""What bad days look like to the owner at three more makers' clouds, over HTTP."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import pytest

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulator.i_remote.damages import DAMAGES as I_REMOTE_DAMAGES
from simulator.we_connect.damages import DAMAGES as WE_CONNECT_DAMAGES
from simulator.ze_services.damages import DAMAGES as ZE_DAMAGES

from ..conftest import async_poll
from ..world import World
from .clouds import (
    CLOUDS,
    HOUR,
    TESTERS,
    Owner,
    asked_for,
    async_own,
    channel,
    each_service,
    press,
)

# Signing in


ENDS: Final[Mapping[str, Mapping[str, str]]] = {
    "i_remote": {
        "locked": "account_locked",
        "throttled": "account_throttled",
        "outage": "maker_outage",
        "text": "page_not_understood",
        "mobile_disabled": "consent_missing_no_page",
    },
    "ze_services": {
        "locked": "account_locked",
        "throttled": "account_throttled",
        "refused": "client_refused",
        "outage": "maker_outage",
    },
    "we_connect": {
        "unknown": "unknown_account",
        "locked": "account_locked",
        "throttled": "account_throttled",
        "terms": "new_terms",
        "consent": "consent_missing",
        "outage": "maker_outage",
        "page_changed": "page_not_understood",
    },
}


@each_service
async def test_each_end_of_a_sign_in_has_its_message(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The same form goes on after each, and the right password still works."""
    owner = Owner(hass, hass_world, TESTERS[service])
    form = await owner.begin()
    for mode, error in ENDS[service].items():
        owner.control.account(owner.account.username, sign_in=mode)
        form = await hass_world.result(owner.submit(form))
        assert form["errors"] == {"base": error}, mode
        # So many tries in one day would be too many.
        await hass_world.advance(24 * HOUR)
    owner.control.account(owner.account.username, sign_in="ok")
    owner.accept(await owner.submit(form))
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("service", "knob"),
    [
        ("i_remote", "client_disabled"),
        ("we_connect", "mbb_closed"),
    ],
)
async def test_a_closed_service_does_not_blame_the_password(
    hass: HomeAssistant, hass_world: World, service: str, knob: str
) -> None:
    """It is the maker who refuses, whatever was typed."""
    owner = Owner(hass, hass_world, TESTERS[service])
    owner.control.service(service, **{knob: True})
    result = await hass_world.result(owner.submit(await owner.begin()))
    assert result["errors"] == {"base": "client_refused"}


async def test_a_country_that_has_moved_on(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The owner reads that the maker refuses, and not that something was mistyped."""
    owner = Owner(hass, hass_world, TESTERS["ze_services"])
    owner.control.account(owner.account.username, migrated=True)
    result = await hass_world.result(owner.submit(await owner.begin()))
    assert result["errors"] == {"base": "client_refused"}


@each_service
async def test_a_wrong_password_is_sent_once(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Not again from this form, and not from another one."""
    owner = Owner(hass, hass_world, TESTERS[service])
    form = await owner.begin()
    for page in (form, form, await owner.begin()):
        result = await owner.submit(page, password="not-the-password")
        assert result["errors"] == {"base": "wrong_password"}
    posts = owner.control.calls(CLOUDS[service].passwords, method="POST")
    assert len(posts) == 1
    owner.accept(await owner.submit(form))
    await hass.async_block_till_done()


# Reading


@each_service
async def test_a_pause_is_shown_and_waited_out(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """429 while polling: throttled, with its end; values stay; then all is well."""
    owner, reads = await async_own(hass, hass_world, service), CLOUDS[service].reads
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    owner.control.fault("status", path=reads, status=429, retry_after=2 * 3600)
    await async_poll(hass, hass_world, 5 * HOUR)
    shown = owner.state("sensor", "channel")
    assert shown.state == "throttled"
    until = hass_world.clock.now() + timedelta(hours=2)
    end = datetime.fromisoformat(shown.attributes["until"])
    assert abs((end - until).total_seconds()) < 60
    assert owner.values() == before
    owner.control.clear_faults()
    owner.control.forget_calls()
    await async_poll(hass, hass_world, HOUR)
    assert owner.control.calls(reads) == []
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.control.calls(reads) != []
    assert channel(owner) == "ok"


async def test_a_quota_of_the_day(hass: HomeAssistant, hass_world: World) -> None:
    """The cloud counts too: what it refuses is no outage, and values stay."""
    owner = await async_own(hass, hass_world, "we_connect")
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    owner.control.service("we_connect", calls_a_day=1)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "throttled"
    assert owner.values() == before
    assert asked_for(hass) == []


@pytest.mark.parametrize(
    ("service", "what"),
    [
        ("i_remote", "access"),
        ("ze_services", "access"),
        ("we_connect", "mbb"),
        ("we_connect", "mbb_all"),
    ],
)
async def test_a_dead_token_is_renewed_silently(
    hass: HomeAssistant, hass_world: World, service: str, what: str
) -> None:
    """The owner never hears of it."""
    owner = await async_own(hass, hass_world, service)
    owner.control.account(owner.account.username, revoke=what)
    owner.control.forget_calls()
    await async_poll(hass, hass_world, 5 * HOUR)
    statuses = {call.status for call in owner.control.calls(CLOUDS[service].reads)}
    assert 200 in statuses
    assert channel(owner) == "ok"
    assert asked_for(hass) == []


DEAD: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    # Its password is all that it has to renew a token by.
    "i_remote": ({"password": "Another-2019"}, {"revoke": "access"}),
    "ze_services": ({"revoke": "all"},),
    "we_connect": ({"revoke": "all"},),
}


@each_service
async def test_tokens_that_are_dead_for_good(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The owner is asked to sign in; values stay with their age; nothing is sent."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    captured = owner.state("sensor", "captured_at").state
    for change in DEAD[service]:
        owner.control.account(owner.account.username, **change)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert asked_for(hass) == [SOURCE_REAUTH]
    assert owner.values() == before
    assert channel(owner) == "needs_owner"
    assert owner.state("sensor", "captured_at").state == captured
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_needs_owner"
    posts = owner.control.calls(CLOUDS[service].passwords, method="POST")
    assert len(posts) <= 2


@each_service
async def test_the_maker_closes_the_service(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """It says so, and nobody is asked for a password that would not help."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    match service:
        case "i_remote":
            owner.control.service(service, closed=True)
        case "we_connect":
            owner.control.service(service, mbb_closed=True)
        case _:
            owner.control.account(owner.account.username, migrated=True)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "closed_by_maker"
    assert owner.values() == before
    assert asked_for(hass) == []
    owner.control.forget_calls()
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_channel_closed"
    assert owner.control.calls() == []


@each_service
async def test_an_outage_keeps_everything(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """No sense or no answer: degraded, old values stay, and it mends itself."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    for kind in ("html", "empty", "truncated", "drop", "status"):
        owner.control.fault(kind)
        await async_poll(hass, hass_world, 5 * HOUR)
        assert channel(owner) == "degraded", kind
        assert owner.values() == before, kind
        assert asked_for(hass) == [], kind
        owner.control.clear_faults()
        await async_poll(hass, hass_world, HOUR)
        assert channel(owner) == "ok", kind


DAMAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "i_remote": tuple(I_REMOTE_DAMAGES),
    "we_connect": tuple(WE_CONNECT_DAMAGES),
    "ze_services": tuple(ZE_DAMAGES),
}


@each_service
async def test_odd_payloads_change_nothing_for_the_worse(
    hass: HomeAssistant,
    hass_world: World,
    caplog: pytest.LogCaptureFixture,
    service: str,
) -> None:
    """No exception, no false value, and nothing disappears."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 12 * HOUR)
    before = owner.values()
    for damage in DAMAGES[service]:
        owner.control.fault("damage", path=CLOUDS[service].reads, damage=damage)
        await async_poll(hass, hass_world, 30 * HOUR)
        assert owner.values() == before, damage
        assert not [one for one in caplog.records if one.exc_info], damage
        owner.control.clear_faults()
        await async_poll(hass, hass_world, 5 * HOUR)
        assert channel(owner) == "ok", damage
        assert owner.values() == before, damage


async def test_a_warning_in_unknown_words_is_still_one(
    hass: HomeAssistant, hass_world: World
) -> None:
    """What cannot be understood does not say that the tyres are all right."""
    owner = await async_own(hass, hass_world, "i_remote")
    twin = hass_world.simulator.twin(owner.vin)
    twin.state.tyre_pressures = (1.2, 2.5, 2.5, 2.5)
    twin.wake(hass_world.clock.now(), latency=0)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.state("binary_sensor", "tyre_problem").state == "on"
    for damage in ("nulls", "wrong_types"):
        owner.control.fault("damage", path=CLOUDS["i_remote"].reads, damage=damage)
        await async_poll(hass, hass_world, 5 * HOUR)
        assert owner.state("binary_sensor", "tyre_problem").state == "on", damage
        owner.control.clear_faults()


@each_service
async def test_a_restart_asks_nothing_while_data_is_young(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Values are back at once with their capture times."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    captured = owner.state("sensor", "captured_at").state
    assert await hass.config_entries.async_unload(owner.entry.entry_id)
    owner.control.forget_calls()
    await hass_world.advance(120)
    assert await hass.config_entries.async_setup(owner.entry.entry_id)
    await hass.async_block_till_done()
    assert owner.control.calls() == []
    assert owner.values() == before
    assert owner.state("sensor", "captured_at").state == captured


# The list of cars of Z.E. Services comes with a sign-in, and with nothing else.
@pytest.mark.parametrize("service", ["i_remote", "we_connect"])
async def test_an_empty_list_sells_no_car(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Listed empty for a while: nothing is removed; gone for days: the device goes."""
    owner = await async_own(hass, hass_world, service)
    username, sold = owner.account.username, owner.account.vins[-1]
    before = owner.values()
    owner.control.account(username, empty=True)
    await async_poll(hass, hass_world, 13 * HOUR)
    assert owner.values().keys() == before.keys()
    owner.control.account(username, empty=False)
    owner.control.account(username, sell=sold)
    for _ in range(8):
        await async_poll(hass, hass_world, 13 * HOUR)
    assert owner.vin in owner.devices()
    assert sold not in owner.devices()
    assert sold not in owner.entry.runtime_data.garage.cars
