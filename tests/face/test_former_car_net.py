"""We Connect's sign-in at the maker's page, and a car that it refuses, in the dialog."""

from typing import Any

import pytest

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from tests.conftest import account_of, async_choose, async_poll
from tests.world import World

from .flow_pages import TEXTS, assert_form, async_reauth, decision, placeholders, submit
from .owner import async_own

OWNER = "prueferin@example.com"
KEY = "we_connect"
HOUR = 3600.0


async def begin(hass: HomeAssistant, world: World) -> ConfigFlowResult:
    """Choose the first way, and fill in nothing but the address."""
    form = await async_choose(hass, KEY)
    assert form["step_id"] == "account_partly_open"
    answers: dict[str, Any] = {
        "way": "device",
        "username": OWNER,
        "own_server": {"server": world.simulator.address},
    }
    return await submit(hass, form, answers)


async def approve(
    hass: HomeAssistant, world: World, page: ConfigFlowResult
) -> ConfigFlowResult:
    """Agree, approve the code that is shown, and look what came of it."""
    assert "Car-Net" in decision(page)
    page = await submit(hass, page, {"next_step_id": "agree"})
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    world.control.account(OWNER, approved=placeholders(page)["code"])
    await world.advance(6)
    await hass.async_block_till_done()
    return await hass.config_entries.flow.async_configure(page["flow_id"])


async def test_an_account_is_set_up_without_a_password(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The owner is told what it is, agrees, and approves at the maker's page."""
    page = await begin(hass, hass_world)
    assert not hass_world.control.calls("/oidc/*")
    result = await approve(hass, hass_world, page)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    assert hass.states.async_entity_ids("lock")
    entry = result["result"]
    form = await async_reauth(hass, entry)
    page = await submit(hass, form, {})
    again = await approve(hass, hass_world, page)
    assert again["type"] is FlowResultType.ABORT
    assert again["reason"] == "reauth_successful"


async def test_who_does_not_agree_is_back_at_the_form(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Nothing was asked of the maker."""
    page = await begin(hass, hass_world)
    page = await submit(hass, page, {"next_step_id": "decline"})
    assert_form(page, "account_partly_open", "declined")
    assert not hass_world.control.calls("/oidc/*")


@pytest.mark.parametrize("language", sorted(TEXTS))
async def test_pain_39_a_car_that_is_refused_for_good(
    hass: HomeAssistant, hass_world: World, language: str
) -> None:
    """The words say that signing in does not help, and where the car is served."""
    owner = await async_own(hass, hass_world, KEY)
    vin = account_of(OWNER).vins[0]
    owner.control.account(OWNER, not_enrolled=vin)
    with pytest.raises(HomeAssistantError) as failure:
        await owner.do("button", "press", "refresh")
    assert failure.value.translation_key == "read_not_enrolled"
    text = TEXTS[language]["exceptions"]["read_not_enrolled"]["message"]
    assert "EU" in text
    assert "12" in text
    issues = {
        key[1]: issue
        for key, issue in ir.async_get(hass).issues.items()
        if key[1].startswith("not_enrolled")
    }
    (issue,) = issues.values()
    assert issue.translation_placeholders is not None
    told = TEXTS[language]["issues"]["not_enrolled"]
    assert "EU Data Act" in told["description"].format(**issue.translation_placeholders)
    channel = owner.state("sensor", "channel", vin)
    assert channel.state == "degraded"
    assert channel.attributes["advice"] == ["not_enrolled"]
    assert channel.attributes["next_step"] == "follow_repairs"
    other = owner.state("sensor", "channel", account_of(OWNER).vins[1])
    assert "advice" not in other.attributes
    assert not hass.config_entries.flow.async_progress()
    owner.control.account(OWNER, not_enrolled="")
    await async_poll(hass, hass_world, 13 * HOUR)
    await async_poll(hass, hass_world, HOUR)
    assert ir.async_get(hass).async_get_issue("carport", next(iter(issues))) is None
    channel = owner.state("sensor", "channel", vin)
    assert (channel.state, channel.attributes.get("advice")) == ("ok", None)
