"""Repairs come with their cause, say the way on, and go with it."""

from collections import Counter
import json
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components import carport
from custom_components.carport.accounts.issues import (
    SERVER_TEXTS,
    TROUBLES,
    async_update_issues,
)
from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.cloud.sign_in import SignInOutcome
from custom_components.carport.const import DOMAIN, PIN_ASKED
from custom_components.carport.makers.registry import SERVICES
from homeassistant.components.repairs import RepairsFlowManager, repairs_flow_manager
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.conftest import TESTER, account_of, async_add_account, async_poll
from tests.world import World

E_GOLF, PASSAT = account_of(TESTER).vins
SESSIONS: Final = "/ss/v1/*/session"
STATUS: Final = "/rvs/v1/vehicle/*"
TERMS: Final = "https://identity.na.vwgroup.io/terms"

TEXTS: Final = {
    path.stem: json.loads(path.read_text())
    for path in (Path(carport.__file__).parent / "translations").glob("*.json")
}


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the issues that are there, by translation key, all with texts."""
    found = {
        str(issue.translation_key): issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }
    for key, issue in found.items():
        for texts in TEXTS.values():
            said = texts["issues"][key]
            assert said["title"].format(**issue.translation_placeholders or {})
            assert ("fix_flow" in said) == issue.is_fixable
            assert ("description" in said) != issue.is_fixable
    return found


async def lock(hass: HomeAssistant, world: World, **data: Any) -> None:
    """Lock the e-Golf, whatever comes of it."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "lock", DOMAIN, f"{E_GOLF}_doors".lower()
    )
    call = hass.services.async_call(
        "lock", "lock", {"entity_id": entity_id, **data}, blocking=True
    )
    try:
        await world.result(call)
    except HomeAssistantError:
        return


async def repair(
    hass: HomeAssistant, issue: ir.IssueEntry
) -> tuple[RepairsFlowManager, str]:
    """Open the repair of an issue."""
    assert await async_setup_component(hass, "repairs", {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    result = await manager.async_init(DOMAIN, context={"issue_id": issue.issue_id})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "pin"
    for texts in TEXTS.values():
        page = texts["issues"]["pin_blocked"]["fix_flow"]["step"]["pin"]
        assert page["data"]["pin"]
        assert page["data_description"]["pin"]
    return manager, result["flow_id"]


async def with_wrong_pin(
    hass: HomeAssistant, world: World, **options: Any
) -> ConfigEntry[Any]:
    """Set an account up whose PIN was changed in the maker's app meanwhile."""
    entry = await async_add_account(hass, world, **options)
    world.control.account(TESTER, pin="9999")
    return entry


async def test_all_is_well(hass: HomeAssistant, hass_world: World) -> None:
    """Without trouble there is no issue."""
    await async_add_account(hass, hass_world)
    assert issues(hass) == {}


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (SignInOutcome.NEW_TERMS, "new_terms"),
        (SignInOutcome.CONSENT_MISSING, "consent_missing"),
        (SignInOutcome.ACCOUNT_LOCKED, "account_locked"),
    ],
)
async def test_owner_is_needed(
    hass: HomeAssistant, hass_world: World, outcome: SignInOutcome, key: str
) -> None:
    """What the owner has to do at the maker's is told with the page to do it on."""
    entry = await async_add_account(hass, hass_world)
    coordinator = entry.runtime_data
    coordinator.runner.trouble, coordinator.runner.trouble_page = outcome, TERMS
    coordinator.async_update_issues()
    found = issues(hass)
    assert found.keys() == {key}
    assert found[key].learn_more_url == TERMS
    assert found[key].translation_placeholders == {"account": entry.title}
    coordinator.runner.trouble = coordinator.runner.trouble_page = None
    coordinator.async_update_issues()
    assert issues(hass) == {}


async def test_an_account_that_is_disabled_wants_no_repair(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Until it is enabled again, when its trouble is there as before."""
    entry = await with_wrong_pin(hass, hass_world)
    await lock(hass, hass_world)
    assert issues(hass).keys() == {"pin_blocked"}
    entries = hass.config_entries
    for disabled_by, left in (
        (ConfigEntryDisabler.USER, set()),
        (None, {"pin_blocked"}),
    ):
        await hass_world.result(
            entries.async_set_disabled_by(entry.entry_id, disabled_by)
        )
        await hass.async_block_till_done()
        assert issues(hass).keys() == left


async def test_maker_locks_us_out(hass: HomeAssistant, hass_world: World) -> None:
    """The owner reads that it is the maker who refuses, and is told when it is over."""
    entry = await async_add_account(hass, hass_world)
    hass_world.control.service("car_net", attestation="enforced")
    await async_poll(hass, hass_world, 2 * 3600)
    assert entry.state is ConfigEntryState.LOADED
    assert issues(hass).keys() == {"closed_by_maker"}
    # Nothing that a new password could mend:
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    hass_world.control.service("car_net", attestation="off")
    await async_poll(hass, hass_world, 3 * 3600)
    assert issues(hass) == {}


async def test_refused_pin_is_repaired(hass: HomeAssistant, hass_world: World) -> None:
    """The repair asks for another PIN, never takes the refused one, and lifts the block."""
    entry = await with_wrong_pin(hass, hass_world)
    await lock(hass, hass_world)
    assert issues(hass).keys() == {"pin_blocked"}
    sent = len(hass_world.control.calls(SESSIONS))
    await lock(hass, hass_world)
    assert len(hass_world.control.calls(SESSIONS)) == sent

    manager, flow_id = await repair(hass, issues(hass)["pin_blocked"])
    result = await manager.async_configure(
        flow_id, {"pin": entry.runtime_data.stored_pin}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"pin": "same_pin"}
    for texts in TEXTS.values():
        assert texts["issues"]["pin_blocked"]["fix_flow"]["error"]["same_pin"]
    result = await manager.async_configure(flow_id, {"pin": "9999"})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.runtime_data.stored_pin == "9999"
    assert entry.state is ConfigEntryState.LOADED
    # It is not said again before the new PIN was tried.
    assert issues(hass) == {}
    await lock(hass, hass_world)
    assert len(hass_world.control.calls(SESSIONS)) == sent + 1
    assert issues(hass) == {}


async def test_repair_of_an_account_that_is_gone(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A repair that was left open ends when the account is removed."""
    entry = await with_wrong_pin(hass, hass_world)
    await lock(hass, hass_world)
    manager, flow_id = await repair(hass, issues(hass)["pin_blocked"])
    await hass.config_entries.async_remove(entry.entry_id)
    result = await manager.async_configure(flow_id, {"pin": "9999"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "account_gone"
    for texts in TEXTS.values():
        assert texts["issues"]["pin_blocked"]["fix_flow"]["abort"]["account_gone"]
    assert issues(hass) == {}


async def test_refused_pin_that_was_typed(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Where the PIN is asked each time there is none to replace."""
    await with_wrong_pin(hass, hass_world, pin=False, pin_mode=PIN_ASKED)
    await lock(hass, hass_world, code="1357")
    assert issues(hass).keys() == {"pin_blocked_ask"}
    await lock(hass, hass_world, code="9999")
    assert issues(hass) == {}


async def test_many_placeholders(hass: HomeAssistant, hass_world: World) -> None:
    """An answer with more placeholders than readings asks for a report, without a VIN."""
    entry = await async_add_account(hass, hass_world)
    hass_world.control.fault("damage", damage="nulls", path=STATUS)
    await hass_world.result(entry.runtime_data.async_read(E_GOLF))
    found = issues(hass)
    assert found.keys() == {"many_placeholders"}
    told = json.dumps(found["many_placeholders"].translation_placeholders)
    assert E_GOLF[-4:] in told
    assert E_GOLF not in told
    # Diagnostics list the ids, and two cars may end alike.
    assert E_GOLF[-4:] not in found["many_placeholders"].issue_id
    hass_world.control.clear_faults()
    await hass_world.result(entry.runtime_data.async_read(E_GOLF))
    assert issues(hass) == {}


async def test_ordinary_placeholders(hass: HomeAssistant, hass_world: World) -> None:
    """Some values that a car does not have are nothing to report."""
    entry = await async_add_account(hass, hass_world)
    hass_world.control.fault("damage", damage="null_locations", path=STATUS)
    await hass_world.result(entry.runtime_data.async_read(PASSAT))
    assert issues(hass) == {}


@pytest.mark.parametrize(
    ("unreadable", "readable", "told"),
    [(8, 7, True), (8, 8, False), (7, 0, False), (40, 41, False)],
)
async def test_7_5_many_placeholders_are_eight_and_more_than_the_readings(
    hass: HomeAssistant,
    hass_world: World,
    unreadable: int,
    readable: int,
    told: bool,
) -> None:
    """A car that lacks much but says more is no reason for a report."""
    entry = await async_add_account(hass, hass_world)
    account = entry.runtime_data
    channel = account.garage.cars[PASSAT].channels[account.account]
    reading = next(iter(account.garage.cars[PASSAT].snapshot.readings.values()))
    channel.last_result = ReadResult(
        readings=(reading,) * readable,
        placeholders=Counter(f"path.{number}" for number in range(unreadable)),
    )
    async_update_issues(hass, account)
    assert (issues(hass).keys() == {"many_placeholders"}) is told


def test_every_issue_has_a_text() -> None:
    """No issue without words, and no words without an issue."""
    keys = {trouble.key for trouble in TROUBLES} | {
        "account_not_saved",
        "garage_not_saved",
        "left_behind",
        "left_behind_until",
        "many_placeholders",
        "service_expires",
    }
    keys |= set(SERVER_TEXTS.values())
    keys |= {key for service in SERVICES.values() for key in service.info.advice}
    for texts in TEXTS.values():
        assert texts["issues"].keys() == keys
