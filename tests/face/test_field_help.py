"""What the forms say of PIN and password, for each service in its own words."""

import re

import pytest

from custom_components.carport.makers.registry import SERVICES
from homeassistant.core import HomeAssistant
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
        for group in ("pin_help", "password_help")
    }
    for group, known in options.items():
        assert told[group] == known.get(service, known["default"])
    if service != "i_remote":
        assert "BMW" not in told["password_help"]
        assert "security question" not in told["pin_help"]
    if SERVICES[service].info.pin:
        assert service in options["pin_help"]
    step = TEXTS["en"]["config"]["step"][form["step_id"]]
    for key, group in (("pin", "pin_help"), ("password", "password_help")):
        if key in fields(form):
            assert step["data_description"][key] == f"{{{group}}}"


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
