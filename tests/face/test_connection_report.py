"""The connection report: what a door was like, with none of its values."""

from collections.abc import Mapping
import json
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport.cloud.trace import Trace, shape
from homeassistant.core import HomeAssistant
from tests.world import World

from .flow_pages import placeholders
from .owner import TESTERS, Owner, owner_of

VIN: Final = "WVWZZZAUZGW976431"
CLOUDS: Final = sorted(TESTERS)


def secrets_of(owner: Owner, tokens: Mapping[str, Any] | None) -> set[str]:
    """Return everything that says who the owner is, where, or how to get in."""
    account = owner.account
    typed = {account.username, account.password, account.pin or "", *account.vins}
    kept = {value for value in (tokens or {}).values() if isinstance(value, str)}
    places = {
        f"{number:.3f}"
        for vin in account.vins
        for home in (owner.about(vin).twin.spec.home,)
        for number in (home.latitude, home.longitude)
    }
    return {secret for secret in typed | kept | places if len(secret) > 3}


@pytest.mark.parametrize("service", CLOUDS)
async def test_8_2_one_click_tells_what_the_door_was_like(
    hass: HomeAssistant,
    hass_world: World,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    service: str,
) -> None:
    """The diagnostics have sign-in and first reading, and no secret stands in them."""
    owner = owner_of(hass, hass_world, TESTERS[service])
    await owner.set_up()
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, owner.entry)
    report = told["connection_report"]
    for part in ("sign_in", "run"):
        assert report[part], part
        for call in report[part]:
            assert {"method", "host", "what"} <= call.keys()
            assert "status" in call or "failed" in call
    kinds = {call.get("kind") for part in report.values() for call in part}
    assert "json" in kinds
    (key,) = (key for key in hass_storage if key.startswith("carport.account."))
    kept = hass_storage[key]["data"]
    text = json.dumps([report, kept["sign_in_trace"]]).lower()
    leaks = [
        secret for secret in secrets_of(owner, kept["tokens"]) if secret.lower() in text
    ]
    assert not leaks


async def test_8_2_a_failed_set_up_has_a_report_too(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The page that says so has it folded up; a mistyped password is no matter of it."""
    owner = owner_of(hass, hass_world, TESTERS["car_net"])
    form = await owner.submit(await owner.begin(), password="zz-mistyped")
    assert form["errors"] == {"base": "wrong_password"}
    assert placeholders(form)["report"] == ""
    hass_world.control.fault("html", path="/oidc/v1/token")
    form = await owner.submit(form)
    assert form["errors"]
    report = placeholders(form)["report"]
    assert "<details>" in report
    assert "/oidc/v1/token 200 html" in report
    assert "fields=" in report
    for secret in secrets_of(owner, None) | {"zz-mistyped"}:
        assert secret.lower() not in report.lower()
    hass_world.control.clear_faults()
    await owner.finish(await owner.submit(form))


def test_8_2_keys_that_may_be_somebodys_are_hidden() -> None:
    """Names of a program stay; what looks like a number, an address or a VIN does not."""
    told = shape(
        {
            VIN: {"mileage": 12, "ok": True, "none": None},
            "someone@example.com": 1,
            "0d6ab9d4-9fb0-5645-876a-b27a83ac952c": {},
            "Blue Lightning": 2,
            "cars": [{"vin": VIN, "nested": [[1.5]]}],
        }
    )
    assert told == {
        "*": {"mileage": "number", "ok": "flag", "none": "null"},
        "cars": [{"vin": "text", "nested": [["number"]]}],
    }
    trace = Trace()
    page = f'<html><form><input name="hmac" value="{VIN}"><input name="{VIN}"></html>'
    for _ in range(200):
        trace.note("GET", "id.vwgroup.io", "/page", 200, page, sent={"state": VIN})
    assert len(trace.calls) == 80
    assert VIN not in json.dumps(trace.calls)
    assert trace.lines()[0] == "GET vwgroup.io /page 200 html fields=*,hmac sent=state"
