"""What bad days look like to the owner while cars are read, at each maker's cloud."""

from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Final

import pytest

from custom_components.carport.accounts.data import async_get_store
from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.cloud.service_info import Openness
from custom_components.carport.engine.vehicle_list import KnownVehicles
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..conftest import async_poll
from ..world import World
from .clouds import (
    CLOUDS,
    HOUR,
    asked_for,
    assert_controls_are_closed,
    channel,
    each_service,
    kill_tokens,
    silence,
)
from .owner import async_own

LISTING: Final = ("car_net", "i_remote", "we_connect")
"""Services that list cars; Z.E. Services tell them with a sign-in, and never again."""

# The maker wants to be left alone


@each_service
async def test_a_pause_is_shown_and_waited_out(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """429 while polling: throttled, with its end; values stay; then all is well."""
    owner, reads = (
        await async_own(hass, hass_world, service),
        CLOUDS[service].requests.reads,
    )
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    owner.control.fault("status", path=reads, status=429, retry_after=2 * 3600)
    await async_poll(hass, hass_world, 5 * HOUR)
    shown = owner.state("sensor", "channel")
    assert shown.state == "throttled"
    until = owner.control.calls(reads)[-1].at + timedelta(hours=2)
    end = datetime.fromisoformat(shown.attributes["until"])
    assert abs((end - until).total_seconds()) < 60
    assert owner.values() == before
    owner.control.clear_faults()
    owner.control.forget_calls()
    pause = (end - hass_world.clock.now()).total_seconds()
    await async_poll(hass, hass_world, pause - 60)
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


# Tokens


@pytest.mark.parametrize(
    ("service", "what"),
    [
        ("car_net", "access"),
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
    statuses = {
        call.status for call in owner.control.calls(CLOUDS[service].requests.reads)
    }
    assert 200 in statuses
    assert channel(owner) == "ok"
    assert asked_for(hass) == []


@each_service
async def test_tokens_that_are_dead_for_good(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The owner is asked to sign in; values stay with their age; nothing is sent."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.told()
    captured = owner.state("sensor", "captured_at").state
    kill_tokens(owner)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert asked_for(hass) == [SOURCE_REAUTH]
    assert owner.told() == before
    assert channel(owner) == "needs_owner"
    assert owner.state("sensor", "captured_at").state == captured
    assert_controls_are_closed(owner, "needs_owner")
    posts = owner.control.calls(CLOUDS[service].requests.passwords, method="POST")
    assert len(posts) <= 2


@each_service
async def test_dead_tokens_at_a_restart_keep_the_truth_too(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Started with dead tokens, the cars are there with what was known."""
    owner = await async_own(hass, hass_world, service)
    before = owner.told()
    kill_tokens(owner)
    await async_poll(hass, hass_world, 0.1 * HOUR)
    assert await hass.config_entries.async_unload(owner.entry.entry_id)
    await hass_world.advance(13 * HOUR)
    assert await hass.config_entries.async_setup(owner.entry.entry_id)
    await hass.async_block_till_done()
    assert owner.entry.state is ConfigEntryState.LOADED
    assert owner.told() == before
    assert asked_for(hass) == [SOURCE_REAUTH]


# The cloud is closed, away, or talks nonsense


@pytest.mark.parametrize(
    "service",
    [key for key in CLOUDS if SERVICES[key].info.openness is Openness.CLOSED],
)
async def test_the_maker_closes_the_service(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """It says so, and nobody is asked for a password that would not help."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.told()
    ends = CLOUDS[service].profile.ends
    owner.control.service(service, **ends.closed)
    owner.control.account(owner.account.username, **ends.moved)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "closed_by_maker"
    assert owner.told() == before
    assert asked_for(hass) == []
    owner.control.forget_calls()
    assert_controls_are_closed(owner, "channel_closed")
    assert owner.control.calls() == []


@each_service
async def test_an_outage_keeps_everything(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """No sense or no answer: degraded, old values stay, and it mends itself."""
    owner = await async_own(hass, hass_world, service)
    silence(owner)
    await async_poll(hass, hass_world, 12 * HOUR)
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


@each_service
async def test_odd_payloads_change_nothing_for_the_worse(
    hass: HomeAssistant,
    hass_world: World,
    caplog: pytest.LogCaptureFixture,
    service: str,
) -> None:
    """No exception, no false value, and nothing disappears."""
    owner = await async_own(hass, hass_world, service)
    silence(owner)
    await async_poll(hass, hass_world, 12 * HOUR)
    before = owner.values()
    profile, requests = CLOUDS[service].profile, CLOUDS[service].requests
    path = requests.spoilt or requests.reads
    for damage in profile.damages:
        if damage in profile.harmless:
            continue
        owner.control.fault("damage", path=path, damage=damage)
        await async_poll(hass, hass_world, 30 * HOUR)
        assert owner.values() == before, damage
        traces = [one for one in caplog.records if one.exc_info]
        # Home Assistant keeps one of what it calls a failed update for debugging.
        assert not [one for one in traces if one.levelno > logging.DEBUG], damage
        owner.control.clear_faults()
        await async_poll(hass, hass_world, 5 * HOUR)
        assert channel(owner) == "ok", damage
        assert owner.values() == before, damage


async def test_a_warning_in_unknown_words_is_still_one(
    hass: HomeAssistant, hass_world: World
) -> None:
    """What cannot be understood does not say that the tyres are all right."""
    owner = await async_own(hass, hass_world, "i_remote")
    owner.twin.state.tyre_pressures = (1.2, 2.5, 2.5, 2.5)
    owner.twin.wake(hass_world.clock.now(), latency=0)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.state("binary_sensor", "tyre_problem").state == "on"
    for damage in ("nulls", "wrong_types"):
        owner.control.fault(
            "damage", path=CLOUDS["i_remote"].requests.reads, damage=damage
        )
        await async_poll(hass, hass_world, 5 * HOUR)
        assert owner.state("binary_sensor", "tyre_problem").state == "on", damage
        owner.control.clear_faults()


@pytest.mark.parametrize("service", LISTING)
async def test_one_car_down_leaves_the_other_alone(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """An outage of one car is shown at that car, and is tried again soon."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 12 * HOUR)
    vins = owner.account.vins
    # Car-Net calls cars by numbers of its own.
    (first, *_) = owner.control.calls(CLOUDS[service].requests.reads)
    path = first.path if service == "car_net" else f"*/{owner.vin}/*"
    owner.control.fault("status", path=path, status=503)
    await async_poll(hass, hass_world, 5 * HOUR)
    states = sorted(owner.state("sensor", "channel", vin).state for vin in vins)
    assert states == ["degraded", *["ok"] * (len(vins) - 1)]
    owner.control.clear_faults()
    await async_poll(hass, hass_world, HOUR)
    assert {owner.state("sensor", "channel", vin).state for vin in vins} == {"ok"}


@each_service
async def test_a_button_in_an_outage_says_so(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Refresh raises what is the matter; dead tokens ask for the owner at once."""
    owner = await async_own(hass, hass_world, service)
    owner.control.fault("status", status=503)
    with pytest.raises(HomeAssistantError) as failure:
        await owner.do("button", "press", "refresh")
    assert failure.value.translation_key == "read_cloud_unreachable"
    owner.control.clear_faults()
    kill_tokens(owner)
    with pytest.raises(HomeAssistantError) as failure:
        await owner.do("button", "press", "refresh")
    assert failure.value.translation_key == "read_needs_owner"
    assert asked_for(hass) == [SOURCE_REAUTH]


# Starting again


@each_service
async def test_a_restart_asks_nothing_while_data_is_young(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Values are back at once with their capture times, and no call was made."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 12 * HOUR)
    # Each car of the account was read just now, however often its service wants that.
    coordinator = owner.entry.runtime_data
    for vin in coordinator.shown_cars:
        await hass_world.result(coordinator.async_read(vin))
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


async def test_without_its_server_an_account_waits(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A server that cannot be reached is tried again later; nothing is lost."""
    owner = await async_own(hass, hass_world, "car_net")
    server, states = owner.entry.data["server"], []
    for address in ("http://127.0.0.1:9", server):
        await owner.reload(server=address)
        states.append(owner.entry.state)
    assert states == [ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED]


# Cars come and go


@pytest.mark.parametrize("service", LISTING)
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


@pytest.mark.parametrize("service", LISTING)
async def test_a_new_car_appears_by_itself(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """A car that joins the account later gets its device without a restart."""
    owner = await async_own(hass, hass_world, service)
    username, new = owner.account.username, owner.account.vins[1]
    await hass.config_entries.async_unload(owner.entry.entry_id)
    owner.control.account(username, empty=True)
    carport_store = await async_get_store(hass)
    store = async_account_store(hass, owner.entry.unique_id or "")
    listed = KnownVehicles.from_json(store.data["cars"])
    store.data["cars"] = replace(
        listed, cars={vin: car for vin, car in listed.cars.items() if vin != new}
    ).to_json()
    await hass.config_entries.async_setup(owner.entry.entry_id)
    await hass.async_block_till_done()
    assert new not in carport_store.garage.cars
    owner.control.account(username, empty=False)
    await async_poll(hass, hass_world, 13 * HOUR)
    assert owner.state("lock", "doors", new).state == "locked"
