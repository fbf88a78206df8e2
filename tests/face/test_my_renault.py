"""MyRenault inside Home Assistant: the dialog, entities and actions, to the twin and back."""

import re
from typing import Any

import pytest

from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from simulator.accounts import ACCOUNTS

from ..conftest import async_poll
from ..world import World
from .flow_pages import decision
from .owner import TESTERS, Owner, async_own, owner_of

HOUR = 3600.0
CODED = "code.by.mail@example.com"
FAMILY = "four.brands@example.com"
SEND = "/accounts.tfa.email.sendVerificationCode"


@pytest.fixture
async def coded(hass: HomeAssistant, hass_world: World) -> Owner:
    """Return the owner of an account that wants a code on an unknown device."""
    owner = owner_of(hass, hass_world, CODED)
    hass_world.control.account(CODED, code="unknown_device")
    return owner


@pytest.fixture
async def owner_at_the_form(hass: HomeAssistant, hass_world: World) -> Owner:
    """Return the owner of a Megane and a Zoe, before the set-up."""
    hass_world.control.service("my_renault", quota=None)
    return owner_of(hass, hass_world, TESTERS["my_renault"])


@pytest.fixture
async def owner(hass: HomeAssistant, hass_world: World) -> Owner:
    """Return the owner of a Megane and a Zoe, set up."""
    hass_world.control.service("my_renault", quota=None)
    return await async_own(hass, hass_world, "my_renault")


async def _go_on(owner: Owner, result: ConfigFlowResult, **typed: Any) -> Any:
    flow = owner.hass.config_entries.flow
    return await flow.async_configure(result["flow_id"], typed)


def _newest_code(owner: Owner) -> str:
    return owner.control.mail(owner.account.username)[0].code


async def _agree(owner: Owner, result: ConfigFlowResult) -> ConfigFlowResult:
    assert "co***@ex***.com" in decision(result)
    found: ConfigFlowResult = await _go_on(owner, result, next_step_id="agree")
    return found


async def test_a_code_in_the_dialog(coded: Owner) -> None:
    """Asked before it is sent; a wrong one keeps the page; send again is one e-mail."""
    result = await _agree(coded, await coded.submit(await coded.begin()))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "code")
    assert result["description_placeholders"] == {"sent_to": "co***@ex***.com"}
    result = await _go_on(coded, result, code="111111")
    assert result["errors"] == {"base": "code_wrong"}
    result = await _go_on(coded, result, resend=True)
    assert result["errors"] in ({}, None)
    result = await _go_on(coded, result, code=_newest_code(coded))
    await coded.finish(result)
    await coded.hass.async_block_till_done()
    assert len(coded.control.calls(SEND)) == 2
    assert coded.state("sensor", "battery_level").state not in {
        "unknown",
        "unavailable",
    }
    # No address is shown whole where others look.
    assert CODED not in coded.entry.title


async def test_the_cost_of_a_day_is_shown_before_anything_is_saved(
    owner_at_the_form: Owner,
) -> None:
    """The cars, and the calls of a day on which they stand; a no leaves nothing."""
    owner = owner_at_the_form
    result = await owner.submit(await owner.begin())
    question = decision(result)
    assert "Found: Megane E-Tech, Zoe." in question
    assert "never above 48 in 1 h" in question
    assert not owner.hass.config_entries.async_entries(DOMAIN)
    gone = await _go_on(owner, result, next_step_id="decline")
    assert gone["reason"] == "login_aborted"
    assert not owner.hass.config_entries.async_entries(DOMAIN)

    await owner.set_up()
    said = int(re.search(r"about (\d+) calls a day", question)[1])  # type: ignore[index]
    before = len(owner.control.calls())
    await async_poll(owner.hass, owner.world, 24 * HOUR)
    made = len(owner.control.calls()) - before
    assert made == pytest.approx(said, rel=0.25)


async def test_an_owner_who_declines_gets_no_mail(coded: Owner) -> None:
    """The form is back, with the reason."""
    result = await coded.submit(await coded.begin())
    result = await _go_on(coded, result, next_step_id="decline")
    assert result["errors"] == {"base": "declined"}
    assert coded.control.calls(SEND) == []


async def test_restarts_and_dead_tokens_send_no_mail(coded: Owner) -> None:
    """One request to sign in again, and nothing more, until the owner clicks."""
    hass, world = coded.hass, coded.world
    result = await _agree(coded, await coded.submit(await coded.begin()))
    await coded.finish(await _go_on(coded, result, code=_newest_code(coded)))
    await hass.async_block_till_done()
    coded.control.account(CODED, revoke="all", forget="devices")
    for _ in range(3):
        await async_poll(hass, world, 6 * HOUR)
        await coded.reload()
    await async_poll(hass, world, HOUR)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert len(coded.control.calls("/accounts.login")) == 2
    assert len(coded.control.calls(SEND)) == 1
    form = await hass.config_entries.flow.async_configure(flows[0]["flow_id"])
    result = await _go_on(coded, form, password=coded.account.password)
    result = await _go_on(coded, await _agree(coded, result), code=_newest_code(coded))
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert len(coded.control.calls(SEND)) == 2
    await async_poll(hass, world, 6 * HOUR)
    assert coded.state("sensor", "channel").state == "ok"


async def test_climate_from_its_entity(owner: Owner) -> None:
    """On at a temperature, proven by the car, and off again."""
    await owner.do("climate", "set_temperature", "climate", temperature=19.5)
    await owner.do("climate", "set_hvac_mode", "climate", hvac_mode="heat_cool")
    assert owner.twin.state.climate_active
    assert owner.twin.state.target_temperature == 19.5
    assert owner.state("climate", "climate").state == "heat_cool"
    await owner.do("climate", "set_hvac_mode", "climate", hvac_mode="off")
    assert not owner.twin.state.climate_active


async def test_charge_limits_from_their_numbers(owner: Owner) -> None:
    """Sent with the other one, shown when the car tells it."""
    limit = owner.state("number", "charge_limit")
    assert (limit.attributes["min"], limit.attributes["max"]) == (55, 100)
    await owner.do("number", "set_value", "charge_limit", value=80)
    assert owner.twin.state.charge_limit == 80
    assert owner.state("number", "charge_limit").state == "80.0"
    await owner.do("number", "set_value", "charge_limit_min", value=30)
    assert owner.twin.state.charge_limit_min == 30
    assert owner.state("number", "charge_limit_min").state == "30.0"


def _charges(owner: Owner) -> bool:
    return owner.twin.state.charging


async def test_charging_from_its_switch(owner: Owner) -> None:
    """The Zoe can be paused; the Megane can only be started."""
    zoe = owner.about(owner.account.vins[1])
    zoe.twin.state.battery_level = 30
    await async_poll(owner.hass, owner.world, 900)
    await zoe.do("switch", "turn_off", "charge_control")
    assert not _charges(zoe)
    await zoe.do("switch", "turn_on", "charge_control")
    assert _charges(zoe)
    assert zoe.state("binary_sensor", "charging").state == "on"


async def test_timers_by_the_action(owner: Owner) -> None:
    """A window and a departure, in the owner's time, read back."""
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    receipt = await owner.ask(
        "set_schedule",
        slots=[
            {
                "number": 1,
                "enabled": True,
                "window_start": "22:00",
                "window_end": "06:00",
                "days": days,
                "charge": True,
            },
            {
                "number": 6,
                "enabled": True,
                "departure": "07:15",
                "days": days,
                "climate": True,
            },
        ],
    )
    assert receipt["outcome"] == "confirmed"
    assert owner.state("switch", "timer_1").state == "on"
    assert len(owner.twin.state.schedule.slots) == 10


async def test_horn_lights_and_position(owner: Owner) -> None:
    """Nothing proves them, so they are accepted; a position is a younger report."""
    await owner.do("button", "press", "flash")
    await owner.do("button", "press", "honk")
    assert len(owner.control.calls("*/actions/horn-lights")) == 2
    await owner.enable("button", "wake")
    before = owner.twin.report.captured_at
    await owner.do("button", "press", "wake")
    assert owner.twin.report.captured_at > before


async def test_lists(owner: Owner) -> None:
    """Charges, in the keys of all makers."""
    await async_poll(owner.hass, owner.world, 8 * HOUR)
    found = await owner.ask("get_charge_sessions")
    assert found["charge_sessions"][0]["energy"] > 0
    energy = owner.state("sensor", "energy_charged")
    assert float(energy.state) > 0


async def test_an_ended_contract(owner: Owner) -> None:
    """Its end is a sensor and a repair; the other car goes on, nobody signs in again."""
    hass, world = owner.hass, owner.world
    other = owner.about(owner.account.vins[1])
    owner.control.account(owner.account.username, end_contract=owner.vin)
    await async_poll(hass, world, HOUR)
    await async_poll(hass, world, HOUR)
    assert owner.state("sensor", "service_expires_at").state < "2026-11-21"
    assert owner.state("sensor", "channel").state == "degraded"
    assert other.state("sensor", "channel").state == "ok"
    issues = {key for _, key in ir.async_get(hass).issues}
    assert f"service_expires_{owner.entry.entry_id}" in issues
    with pytest.raises(HomeAssistantError) as refusal:
        await owner.do("climate", "set_hvac_mode", "climate", hvac_mode="heat_cool")
    assert refusal.value.translation_key == "command_contract_ended"
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_four_brands(hass: HomeAssistant, hass_world: World) -> None:
    """Every car is a device of its own maker's."""
    hass_world.control.service("my_renault", quota=None)
    owner = owner_of(hass, hass_world, FAMILY)
    await owner.set_up()
    spec = next(one for one in ACCOUNTS if one.username == FAMILY)
    assert set(spec.vins) <= owner.devices()
    austral = owner.about(spec.vins[1])
    assert austral.find("lock", "doors") is None
    assert austral.state("binary_sensor", "locked").state == "off"
    assert austral.find("switch", "charge_control") is None
