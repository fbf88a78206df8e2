"""The pages of set-up, opened, looked at and submitted as a browser would."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any, Final

import probatio

from custom_components import carport
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.conftest import TESTER, account_of
from tests.world import World

PASSWORD_CALLS: Final = "*/login/authenticate"
LIST_CALLS: Final = "/account/v1/enrollment/status"
TOKEN_CALLS: Final = "/oidc/v1/token"
E_GOLF, PASSAT = account_of(TESTER).vins

TEXTS: Final = {
    path.stem: json.loads(path.read_text())
    for path in (Path(carport.__file__).parent / "translations").glob("*.json")
}


def typed(world: World, **changes: Any) -> dict[str, Any]:
    """Return what an owner types for the tester's account."""
    account = account_of(TESTER)
    return {
        **account.typed(SERVICES[account.service].info.sign_in_fields),
        "own_server": {"server": world.simulator.address},
        **changes,
    }


async def submit(
    hass: HomeAssistant, result: Mapping[str, Any], answers: dict[str, Any]
) -> ConfigFlowResult:
    """Submit a page of a set-up."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], answers)


def schema(result: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the fields of a page."""
    found: dict[Any, Any] = result["data_schema"].schema
    return found


def placeholders(result: Mapping[str, Any]) -> dict[str, str]:
    """Return what the texts of a page are filled in with."""
    found: dict[str, str] = result["description_placeholders"]
    return found


def fields(result: Mapping[str, Any]) -> dict[str, probatio.Marker]:
    """Return the markers of a page by the names of their fields."""
    return {str(marker): marker for marker in schema(result)}


def suggested(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page is filled in with."""
    return {
        name: marker.description["suggested_value"]
        for name, marker in fields(result).items()
        if marker.description
    }


def password_posts(world: World) -> int:
    """Return how many passwords have reached the cloud."""
    return len(world.control.calls(PASSWORD_CALLS, method="POST"))


def kept(hass_storage: dict[str, Any]) -> dict[str, Any]:
    """Return what the only account keeps on disk."""
    (key,) = (key for key in hass_storage if key.startswith("carport.account."))
    data: dict[str, Any] = hass_storage[key]["data"]
    return data


def decision(page: Mapping[str, Any]) -> str:
    """Return what a page asks to be decided, which every language has words for."""
    assert page["type"] is FlowResultType.MENU, page
    assert page["menu_options"] == ["agree", "decline"]
    told = placeholders(page)
    for language in TEXTS.values():
        said = language["config"]["step"][page["step_id"]]
        assert said["title"]
        assert said["menu_options"].keys() == {"agree", "decline"}
        assert said["description"].format_map(told)
    text: str = TEXTS["en"]["config"]["step"][page["step_id"]]["description"]
    return text.format_map(told)


def assert_form(
    result: Mapping[str, Any],
    step: str,
    error: str | None = None,
    *,
    texts: bool = True,
) -> None:
    """Expect a page, and that every text on it exists in every language."""
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    assert (result["errors"] or {}) == ({} if error is None else {"base": error})
    for language in TEXTS.values() if texts else ():
        said = language["config"]
        page = said["step"][step]
        assert page["title"]
        for name in fields(result):
            if name == "own_server":
                assert page["sections"][name]["data"]["server"]
                assert page["sections"][name]["data_description"]["server"]
            else:
                assert page["data"][name]
                assert page["data_description"][name]
        if error is not None:
            assert said["error"][error]


async def async_reauth(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> ConfigFlowResult:
    """Open the page that Home Assistant shows for an account in need."""
    entry.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


async def async_reconfigure(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> ConfigFlowResult:
    """Open the page for changes."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "reconfigure", "entry_id": entry.entry_id}
    )
