"""What the forms say of PIN, password and client ID, for each service in its own words."""

import re

import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.conftest import async_choose

from .flow_pages import TEXTS, fields, placeholders


@pytest.mark.parametrize("service", sorted(SERVICES))
async def test_8_2_help_speaks_of_this_service_alone(
    hass: HomeAssistant, service: str
) -> None:
    """No form of one maker explains what another one does."""
    form = await async_choose(hass, service)
    told = placeholders(form)
    options = {
        group: TEXTS["en"]["selector"][group]["options"]
        for group in ("pin_help", "password_help", "client_id_help")
    }
    for group, known in options.items():
        assert told[group] == known.get(service, known["default"])
    if service != "i_remote":
        assert "BMW" not in told["password_help"]
        assert "security question" not in told["pin_help"]
    if "client_id" in fields(form):
        assert service in options["client_id_help"]
        assert "i Remote" not in told["client_id_help"]
        assert "CarData" not in told["client_id_help"]
    if SERVICES[service].info.pin:
        assert service in options["pin_help"]
    step = TEXTS["en"]["config"]["step"][form["step_id"]]
    for key in ("pin", "password", "client_id"):
        if key in fields(form):
            assert step["data_description"][key] == f"{{{key}_help}}"


@pytest.mark.parametrize(
    ("service", "links"),
    [
        ("car_data", ["bmw.co.uk", "mini.co.uk", "bmw-cardata.bmwgroup.com"]),
        ("skoda", ["go.skoda.eu"]),
        ("my_renault", []),
    ],
)
async def test_steps_at_the_maker_come_with_links(
    hass: HomeAssistant, service: str, links: list[str]
) -> None:
    """What has to be done at the maker's page first is one click away."""
    form = await async_choose(hass, service)
    guide = (form["description_placeholders"] or {})["guide"]
    assert len(re.findall(r"\]\(https://[^)\s]+\)", guide)) == len(links)
    assert all(link in guide for link in links)
    assert "{" not in guide


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, "", "en"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr", "de-AT,de;q=0.9,en;q=0.8", "fr"),
        (None, "tlh,*", "en"),
    ],
)
async def test_a_page_is_in_one_language(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    chosen: str | None,
    accepted: str,
    language: str,
) -> None:
    """What fills a page is in the user's language, as the browser's words are."""
    for component in ("config", "frontend"):
        assert await async_setup_component(hass, component, {})
    if chosen is not None:
        socket = await hass_ws_client(hass)
        await socket.send_json_auto_id(
            {
                "type": "frontend/set_user_data",
                "key": "language",
                "value": {"language": chosen, "number_format": "language"},
            }
        )
        assert (await socket.receive_json())["success"]
    client = await hass_client()
    flows = "/api/config/config_entries/flow"
    headers = {"Accept-Language": accepted}
    page = await (
        await client.post(flows, json={"handler": DOMAIN}, headers=headers)
    ).json()
    answer = {"service": "skoda"}
    page = await (
        await client.post(f"{flows}/{page['flow_id']}", json=answer, headers=headers)
    ).json()
    filled = page["description_placeholders"]
    known = TEXTS[language]["selector"]
    assert filled["password_help"] == known["password_help"]["options"]["default"]
    first_words = known["guide"]["options"]["skoda"].partition("{")[0]
    assert filled["guide"].strip().startswith(first_words.strip())
