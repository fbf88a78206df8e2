"""What every maker remembers of a car, asked for in the same words: lists, pictures."""

import asyncio
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport.actions.history import HISTORY_ACTIONS
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.history import (
    ChargeSession,
    ClimateRun,
    Destination,
    Entry,
    HealthReport,
    PastCommand,
    Trip,
)
from custom_components.carport.makers.registry import SERVICES
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..makers.profiles import PROFILES
from ..world import World
from .owner import TESTERS, Owner, async_own, owner_of

LINES: Final[Mapping[str, type[Entry]]] = {
    "trips": Trip,
    "charge_sessions": ChargeSession,
    "climate_history": ClimateRun,
    "command_history": PastCommand,
    "destinations": Destination,
}
"""The lists of alike things, and what each line holds for every maker."""
KEYS: Final[Mapping[str, set[str]]] = {
    "range_map": {"type", "features"},
    "notification_settings": {"events", "quiet"},
    "health_report": {field.name for field in fields(HealthReport)},
    "fences": {"fences", "rules"},
    "speed_alerts": {"speed_alerts", "rules"},
}
"""What other answers hold."""
WHOLE: Final = frozenset({"account", "car_data", "rights", "status_report"})
"""What only one maker has, under its own names."""
PICTURES: Final = "*/image"
_WEEKEND: Final = 60 * 3600.0
_DEPOT: Final[Mapping[str, Any]] = {
    "name": "Depot",
    "location": {"latitude": 48.17713, "longitude": 11.55934},
}


@pytest.mark.parametrize("service", SERVICES)
async def test_lists(
    hass: HomeAssistant,
    hass_world: World,
    subtests: pytest.Subtests,
    service: str,
) -> None:
    """Each list of the service answers, and its lines have every maker's keys."""
    owner = owner_of(hass, hass_world, PROFILES[service].driver.username)
    await owner.set_up()
    if service == "demo":
        owner = owner.about("WVWZZZDEMTW000001")
    await _leave_traces(owner)
    for name in sorted(SERVICES[service].info.history):
        with subtests.test(name):
            answer = await owner.ask("look_up", list=name)
            if (line := LINES.get(name)) is not None:
                assert answer[name]
                wanted = {field.name for field in fields(line)}
                assert all(wanted <= found.keys() for found in answer[name])
            elif name not in WHOLE:
                assert answer.keys() >= KEYS.get(name, {name})
            assert answer


@pytest.mark.parametrize("service", SERVICES)
async def test_lists_have_actions_of_their_own(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """They bring what the list itself brings; several come under their names."""
    owner = owner_of(hass, hass_world, PROFILES[service].driver.username)
    await owner.set_up()
    known = SERVICES[service].info.history
    for action in HISTORY_ACTIONS:
        names = [name for name in action.keys if name in known]
        if not names:
            continue
        answers = {name: await owner.ask("look_up", list=name) for name in names}
        whole = answers if len(action.keys) > 1 else answers[names[0]]
        assert await owner.ask(action.name) == whole, action.name
    if "health_report" in known:
        report = await owner.ask("look_up", list="health_report")
        assert await owner.ask("get_health_report") == report


@pytest.mark.parametrize(
    "service", [key for key, service in SERVICES.items() if service.info.pictures]
)
async def test_pictures(
    hass: HomeAssistant,
    hass_world: World,
    hass_client: ClientSessionGenerator,
    service: str,
) -> None:
    """Enabled, it is the maker's own picture of the car."""
    owner = await async_own(hass, hass_world, service)
    await owner.enable("image", "picture")
    client = await hass_client()
    entity_id = owner.entity_id("image", "picture")
    answer = await hass_world.result(client.get(f"/api/image_proxy/{entity_id}"))
    assert answer.status == 200
    assert answer.content_type.startswith("image/")
    assert len(await answer.read()) > 100


@pytest.mark.parametrize("there", [True, False])
async def test_the_maker_is_asked_for_a_picture_once(
    hass: HomeAssistant,
    hass_world: World,
    hass_client: ClientSessionGenerator,
    there: bool,
) -> None:
    """No matter who looks, and how often; also where the maker has none of this car."""
    owner = await async_own(hass, hass_world, "i_remote")
    await owner.enable("image", "picture")
    if not there:
        hass_world.control.fault("status", status=404, path=PICTURES)
    client = await hass_client()
    address = f"/api/image_proxy/{owner.entity_id('image', 'picture')}"
    looks = asyncio.gather(client.get(address), client.get(address))
    answers = [*await hass_world.result(looks), await client.get(address)]
    assert [answer.status for answer in answers] == [200 if there else 500] * 3
    assert len(hass_world.control.calls(PICTURES)) == 1


async def test_quiet_hours_stay_unless_they_are_mentioned(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The maker takes all settings at once; the owner need not know them."""
    owner = owner_of(hass, hass_world, TESTERS["ze_services"])
    await owner.set_up()
    before = await owner.ask("get_notification_settings")
    receipt = await owner.ask(
        "set_notification_settings", events={"charge_started": "email"}
    )
    assert receipt["outcome"] == "confirmed"
    after = await owner.ask("get_notification_settings")
    assert after["events"] == {**before["events"], "charge_started": ["email"]}
    assert after["quiet"] == before["quiet"] is not None
    await owner.ask("set_notification_settings", quiet=False)
    assert (await owner.ask("get_notification_settings"))["quiet"] is None


async def _leave_traces(owner: Owner) -> None:
    """Let a weekend pass, with somebody who drives, charges, warms up and travels."""
    commands = owner.car.commands
    if CommandKind.SEND_DESTINATION in commands:
        await owner.ask("send_destination", **_DEPOT)
    if CommandKind.START_CLIMATE in commands:
        await owner.ask("start_climate")
    if "command_history" in SERVICES[owner.account.service].info.history:
        # Of commands it only remembers those that came to nothing.
        owner.control.twin(owner.vin, contrary=True)
        with pytest.raises(HomeAssistantError):
            await owner.ask("start_charging")
        owner.control.twin(owner.vin, contrary=False)
    await owner.world.advance(_WEEKEND)
