"""An account whose cars are reached by a key: set up, exchanged, and about to end."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ..conftest import async_poll
from ..world import World
from .clouds import HOUR, asked_for, channel, press, sent
from .flow_pages import TEXTS, assert_form, async_reauth, async_reconfigure
from .owner import Owner, async_own, owner_of

TESTER = "skoda.tester@example.com"
DAY = 24 * HOUR


@pytest.fixture
async def owner(hass: HomeAssistant, hass_world: World) -> Owner:
    """Return the owner of three cars, set up."""
    return await async_own(hass, hass_world, "skoda")


def repair(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the repair that says that an access ends."""
    return next(
        (
            issue
            for (domain, _), issue in ir.async_get(hass).issues.items()
            if domain == DOMAIN and issue.translation_key == "service_expires"
        ),
        None,
    )


@pytest.mark.parametrize(
    ("typed", "settings", "error"),
    [
        ({"api_key": "sk-other"}, {}, "key_refused"),
        ({}, {"key_expires_in": -1}, "key_ended"),
        ({"vins": "TMBJC7NY5SF112346"}, {}, "not_this_car"),
        ({"vins": "my Enyaq"}, {}, "vin_invalid"),
    ],
)
async def test_each_end_has_its_message(
    hass: HomeAssistant,
    hass_world: World,
    typed: dict[str, Any],
    settings: dict[str, Any],
    error: str,
) -> None:
    """The same form goes on after each, and the right key still works."""
    owner = owner_of(hass, hass_world, TESTER)
    form = await owner.begin()
    assert_form(form, "account")
    owner.control.account(TESTER, **settings)
    form = await owner.submit(form, **typed)
    assert_form(form, "account", error)
    owner.control.account(TESTER, key_expires_in=DAY)
    await owner.finish(await owner.submit(form))
    await hass.async_block_till_done()
    assert owner.devices() >= set(owner.account.vins)


async def test_a_car_is_in_one_account_only(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Whatever key is typed, and whatever other cars stand beside it: nothing is sent."""
    owner.control.forget_calls()
    other = owner_of(hass, hass_world, "enyaq.driver@example.com")
    vins = f"{other.account.vins[0]} {owner.account.vins[1].lower()}"
    result = await other.submit(await other.begin(), vins=vins)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "car_already_configured"
    assert owner.control.calls() == []
    await other.finish(await other.submit(await other.begin()))
    await hass.async_block_till_done()
    owner.control.forget_calls()
    form = await async_reconfigure(hass, other.entry)
    result = await other.submit(form, vins=vins)
    assert result["reason"] == "car_already_configured"
    assert owner.control.calls() == []


async def test_a_refused_key_is_sent_once(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Neither the same form nor another one sends it again, whatever cars are named."""
    owner = owner_of(hass, hass_world, TESTER)
    form = await owner.submit(await owner.begin(), api_key="sk-other")
    assert_form(form, "account", "key_refused")
    assert len(owner.control.calls()) == 1
    form = await owner.submit(form, api_key=" sk-other ")
    assert_form(form, "account", "key_refused")
    again = await owner.submit(
        await owner.begin(), api_key="sk-other", vins=owner.account.vins[2]
    )
    assert_form(again, "account", "key_refused")
    assert len(owner.control.calls()) == 1
    await owner.finish(await owner.submit(again))


async def test_a_key_that_ended_is_exchanged(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """The form says why; cars, entities and their ids are what they were."""
    before, title = owner.entities(), owner.entry.title
    unique_id = owner.entry.unique_id
    owner.control.account(TESTER, key_expires_in=60)
    await async_poll(hass, hass_world, 2 * HOUR)
    assert channel(owner) == "needs_owner"
    assert asked_for(hass) == ["reauth"]
    sent = len(owner.control.calls())
    await async_poll(hass, hass_world, DAY)
    assert len(owner.control.calls()) == sent
    form = await async_reauth(hass, owner.entry)
    assert_form(form, "reauth_confirm", "key_ended")
    owner.control.account(TESTER, new_key="sk-next")
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"api_key": "sk-next"}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    await async_poll(hass, hass_world, HOUR)
    assert channel(owner) == "ok"
    assert owner.entities() == before
    assert (owner.entry.unique_id, owner.entry.title) == (unique_id, title)


async def test_a_key_is_exchanged_before_it_ends(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """A fortnight before there is a repair, which another key ends."""
    days = 15
    owner.control.account(TESTER, key_expires_in=days * DAY)
    await async_poll(hass, hass_world, HOUR)
    end = hass_world.clock.now() + timedelta(days=days, hours=-1)
    assert owner.state("sensor", "service_expires_at").state == f"{end:%Y-%m-%d}"
    assert repair(hass) is None
    await async_poll(hass, hass_world, DAY)
    issue = repair(hass)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["date"] == f"{end:%Y-%m-%d}"
    assert issue.translation_placeholders["cars"].count("…") == 3
    owner.control.account(TESTER, new_key="sk-next")
    form = await async_reconfigure(hass, owner.entry)
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"],
        {
            "api_key": "sk-next",
            "own_server": {"server": hass_world.simulator.address},
        },
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    await async_poll(hass, hass_world, HOUR)
    assert repair(hass) is None


async def test_another_server(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """It needs the key anew and gets nothing else; the account is the same."""
    before, unique_id = owner.entities(), owner.entry.unique_id
    async with World().opened() as other:
        form = await async_reconfigure(hass, owner.entry)
        result = await hass.config_entries.flow.async_configure(
            form["flow_id"],
            {
                "api_key": owner.account.more["api_key"],
                "vins": " ".join(owner.account.vins),
                "own_server": {"server": other.simulator.address},
            },
        )
        await hass.async_block_till_done()
        assert other.control.calls("/api/v1/vehicles/*")
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert owner.entities() == before
    assert owner.entry.unique_id == unique_id


async def test_pain_38_reading_leaves_calls_for_commands(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Who reads too much is refused before the maker does it; a command still goes."""
    for _ in range(8):
        await owner.do("button", "press", "refresh")
    with pytest.raises(HomeAssistantError) as refusal:
        await owner.do("button", "press", "refresh")
    assert refusal.value.translation_key == "read_throttled"
    account = owner.entry.entry_id.lower()
    left = hass.states.get(owner.entity_id("sensor", "calls_left", account))
    assert left is not None
    assert left.state == "0"
    await hass_world.result(press(owner))
    assert owner.state("climate", "climate").state == "heat_cool"
    assert {call.status for call in owner.control.calls()} == {200, 202}


async def test_never_more_than_twenty_calls_an_hour(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """For each car, on the busiest of days; half of them are left for commands."""
    for vin in owner.account.vins:
        entity = owner.entity_id("select", "poll_profile", vin)
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": entity, "option": "lively"},
            blocking=True,
        )
    for _ in range(24 * 6):
        await async_poll(hass, hass_world, HOUR / 6)
    calls = owner.control.calls()
    assert {call.status for call in calls} == {200}
    for vin in owner.account.vins:
        times = [call.at for call in calls if vin in call.path]
        assert len(times) > 24
        busiest = max(
            sum(0 <= (at - one).total_seconds() < HOUR for at in times) for one in times
        )
        assert busiest <= 11


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"guarded": True}, "command_car_rests"),
        ({"secondary": True}, "command_not_this_user"),
        ({"leave_out": "TMBJC7NY5SF112345"}, "command_not_this_car"),
        ({"parts": {"airConditioning": "DISABLED"}}, "command_switched_off"),
        ({"parts": {"airConditioning": "UNSUPPORTED"}}, "command_not_capable"),
        ({"key_expires_in": -1}, "command_needs_owner"),
    ],
)
async def test_each_refusal_has_its_words(
    hass: HomeAssistant,
    hass_world: World,
    owner: Owner,
    settings: dict[str, Any],
    key: str,
) -> None:
    """What the owner reads says what can be done about it; nothing is sent twice."""
    owner.control.account(TESTER, **settings)
    owner.control.forget_calls()
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == key
    told = refusal.value.translation_placeholders or {}
    for texts in TEXTS.values():
        assert texts["exceptions"][key]["message"].format(**told)
    assert sent(owner) == 1


async def test_calls_that_are_used_up(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Somebody else used the key: the cloud says when there are calls again."""
    owner.control.service("skoda", limit=2)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_throttled"
    told = refusal.value.translation_placeholders or {}
    assert told["until"].endswith("01:00")
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert sent(owner) == 1


async def test_a_part_that_is_switched_off(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Its entities stay, with what they knew; the channel is as good as ever."""
    before = owner.entities()
    level = owner.state("sensor", "battery_level").state
    owner.control.account(TESTER, parts={"charging": "DISABLED"})
    await async_poll(hass, hass_world, 2 * HOUR)
    assert channel(owner) == "ok"
    attributes = owner.state("sensor", "channel").attributes
    assert attributes["switched_off_parts"] == ["charging"]
    assert "missing_parts" not in attributes
    # What comes by another way than a reading, as a command's proof, says none of parts.
    ((account, _),) = owner.car.channels.items()
    owner.entry.runtime_data.garage.take(owner.vin, account, ReadResult())
    await hass.async_block_till_done()
    attributes = owner.state("sensor", "channel").attributes
    assert attributes["switched_off_parts"] == ["charging"]
    assert owner.entities() == before
    assert float(owner.state("sensor", "battery_level").state) >= float(level)
    owner.control.account(TESTER, parts={"charging": "UNAVAILABLE"})
    await async_poll(hass, hass_world, 2 * HOUR)
    assert channel(owner) == "degraded"
    attributes = owner.state("sensor", "channel").attributes
    assert attributes["missing_parts"] == ["charging"]
    assert "switched_off_parts" not in attributes
    assert owner.entities() == before
    assert asked_for(hass) == []
