"""How a sign-in ends at each maker's cloud: what the owner reads, and what is sent."""

from collections.abc import Mapping
import json
from typing import Any, Final

import pytest

from custom_components.carport.accounts.data import carport_data
from homeassistant.core import HomeAssistant

from ..world import World
from .clouds import CLOUDS, HOUR, each_with_a_password
from .owner import TESTERS, owner_of

ENDS: Final[Mapping[str, Mapping[str, str]]] = {
    "car_net": {
        "unknown": "unknown_account",
        "locked": "account_locked",
        "throttled": "account_throttled",
        "terms": "new_terms",
        "consent": "consent_missing",
        # The cloud's answer to an account of the other country is the same.
        "outage": "wrong_region",
        "page_changed": "page_not_understood",
    },
    "i_remote": {
        "locked": "account_locked",
        "throttled": "account_throttled",
        "outage": "maker_outage",
        "text": "page_not_understood",
        "mobile_disabled": "consent_missing_no_page",
    },
    "my_renault": {
        "locked": "account_locked",
        "throttled": "account_throttled",
        "outage": "maker_outage",
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


@each_with_a_password
async def test_each_end_has_its_message(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The same form goes on after each, and the right password still works."""
    owner = owner_of(hass, hass_world, TESTERS[service])
    form = await owner.begin()
    for mode, error in ENDS[service].items():
        owner.control.account(owner.account.username, sign_in=mode)
        form = await hass_world.result(owner.submit(form))
        assert form["errors"] == {"base": error}, mode
        # So many tries in one day would be too many.
        await hass_world.advance(24 * HOUR)
    owner.control.account(owner.account.username, sign_in="ok")
    await owner.finish(await owner.submit(form))
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        ("car_net", {"attestation": "enforced"}),
        ("i_remote", {"client_disabled": True}),
        ("we_connect", {"mbb_closed": True}),
    ],
)
async def test_a_closed_service_does_not_blame_the_password(
    hass: HomeAssistant, hass_world: World, service: str, setting: Mapping[str, Any]
) -> None:
    """It is the maker who refuses, whatever was typed."""
    owner = owner_of(hass, hass_world, TESTERS[service])
    owner.control.service(service, **setting)
    result = await hass_world.result(owner.submit(await owner.begin()))
    assert result["errors"] == {"base": "client_refused"}


async def test_a_country_that_has_moved_on(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The owner reads that the maker refuses, and not that something was mistyped."""
    owner = owner_of(hass, hass_world, TESTERS["ze_services"])
    owner.control.account(owner.account.username, migrated=True)
    result = await hass_world.result(owner.submit(await owner.begin()))
    assert result["errors"] == {"base": "client_refused"}


@each_with_a_password
async def test_a_wrong_password_is_sent_once(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    service: str,
) -> None:
    """Not again from this form, not from another one, and not after a restart."""
    owner = owner_of(hass, hass_world, TESTERS[service])
    form = await owner.begin()
    for page in (form, form, await owner.begin(), form):
        result = await owner.submit(page, password="not-the-password")
        assert result["errors"] == {"base": "wrong_password"}
        # What is on disk is all that a restart leaves.
        carport_data(hass).store = None
    assert "not-the-password" not in json.dumps(hass_storage)
    posts = owner.control.calls(CLOUDS[service].requests.passwords, method="POST")
    assert len(posts) == 1
    await owner.finish(await owner.submit(form))
    await hass.async_block_till_done()
