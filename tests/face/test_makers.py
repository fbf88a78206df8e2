"""Three makers' clouds over HTTP: set up by the form, timers, lists and settings."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from custom_components.carport.car.commands import CommandKind
from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..conftest import account_of, async_choose
from ..world import World

TESTERS: Final = {
    "i_remote": "i3.tester@example.com",
    "we_connect": "prueferin@example.com",
    "ze_services": "zoe.tester@example.com",
}
_MORE: Final = ("client_id", "client_secret")
_WORKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday"]
_DEPARTURE: Final = {
    "number": 1,
    "departure": "07:00",
    "days": _WORKDAYS,
    "charge": True,
    "climate": True,
}
TIMERS: Final[Mapping[str, Mapping[str, Any]]] = {
    # The car of 2013: its two timers are for every day.
    "i_remote": {**_DEPARTURE, "days": [*_WORKDAYS, "saturday", "sunday"]},
    "we_connect": _DEPARTURE,
    "ze_services": {
        "number": 1,
        "window_start": "22:00",
        "window_end": "05:30",
        "days": [*_WORKDAYS, "saturday", "sunday"],
    },
}


class Cloud:
    """An account at a simulated cloud, set up as its owner would."""

    def __init__(
        self, hass: HomeAssistant, world: World, entry: ConfigEntry[Any]
    ) -> None:
        """Look at the account's first car with timers."""
        self.hass, self.world, self.entry = hass, world, entry
        self.car = next(
            car
            for car in entry.runtime_data.claims.cars
            if CommandKind.SET_SCHEDULE in car.commands
        )

    def entity_id(self, platform: str, key: str) -> str:
        """Return the entity id behind a key."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.car.vin}_{key}".lower()
        )
        assert found is not None, (platform, key)
        return found

    def knows(self, platform: str, key: str) -> bool:
        """Return whether there is such an entity."""
        unique_id = f"{self.car.vin}_{key}".lower()
        registry = er.async_get(self.hass)
        return bool(registry.async_get_entity_id(platform, DOMAIN, unique_id))

    async def call(
        self, domain: str, action: str, data: Mapping[str, Any], limit: float = 900
    ) -> Any:
        """Call an action and let the world run until it is done."""
        return await self.world.result(
            self.hass.services.async_call(
                domain,
                action,
                dict(data),
                blocking=True,
                return_response=domain == DOMAIN,
            ),
            limit,
        )

    async def ask(self, action: str, **fields: Any) -> Mapping[str, Any]:
        """Call one of Carport's actions about the car."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, self.car.vin), self.entry.entry_id
        )
        assert device is not None
        answer = await self.call(DOMAIN, action, {"device_id": device.id, **fields})
        result: Mapping[str, Any] = answer[device.id]
        return result


async def open_cloud(hass: HomeAssistant, world: World, service: str) -> Cloud:
    """Set the tester's account up."""
    account = account_of(TESTERS[service])
    typed = {
        "username": account.username,
        "password": account.password,
        "own_server": {"server": world.simulator.address},
        **{key: account.more[key] for key in _MORE if key in account.more},
    }
    form = await async_choose(hass, service)
    schema = form["data_schema"]
    assert schema is not None
    if "region" in schema.schema:
        typed["region"] = account.region
    if account.pin:
        typed["pin"] = account.pin
    result = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return Cloud(hass, world, result["result"])


@pytest.mark.parametrize("service", TIMERS)
async def test_timers_of_each_maker(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The same action and entities for all, and changes that the car confirms."""
    cloud = await open_cloud(hass, hass_world, service)
    receipt = await cloud.ask("set_schedule", slots=[TIMERS[service]])
    assert receipt["outcome"] == "confirmed"
    moment = cloud.entity_id("time", "timer_1_time")
    before = hass.states.get(moment)
    assert before is not None
    assert before.attributes["charge"] is True
    await cloud.call("time", "set_value", {"entity_id": moment, "time": "21:15:00"})
    after = hass.states.get(moment)
    assert after is not None
    assert after.state == "21:15:00"
    assert after.attributes["days"] == before.attributes["days"]
    assert cloud.car.receipts[-1].outcome == "confirmed"
    calendar = hass.states.get(cloud.entity_id("calendar", "schedule"))
    assert calendar is not None
    assert calendar.attributes["start_time"].endswith("21:15:00")
    # Where single timers cannot rest there is no switch that would promise it.
    assert cloud.knows("switch", "timer_1") is (service != "ze_services")


@pytest.mark.parametrize(
    ("service", "action", "keys"),
    [
        ("i_remote", "get_trips", {"trips", "lifetime"}),
        ("i_remote", "get_destinations", {"destinations"}),
        ("i_remote", "get_range_map", {"type", "features"}),
        ("ze_services", "get_charge_sessions", {"charge_sessions"}),
        ("ze_services", "get_climate_history", {"climate_history"}),
        ("we_connect", "get_trips", {"trips"}),
        ("we_connect", "get_alerts", {"fences", "speed_alerts"}),
    ],
)
async def test_lists_of_each_maker(
    hass: HomeAssistant, hass_world: World, service: str, action: str, keys: set[str]
) -> None:
    """The same action asks whichever maker has such a list."""
    cloud = await open_cloud(hass, hass_world, service)
    assert (await cloud.ask(action)).keys() >= keys


async def test_quiet_hours_stay_unless_they_are_mentioned(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The maker takes all settings at once; the owner need not know them."""
    cloud = await open_cloud(hass, hass_world, "ze_services")
    before = await cloud.ask("get_notification_settings")
    receipt = await cloud.ask(
        "set_notification_settings", events={"charge_started": "email"}
    )
    assert receipt["outcome"] == "confirmed"
    after = await cloud.ask("get_notification_settings")
    assert after["events"] == {**before["events"], "charge_started": ["email"]}
    assert after["quiet"] == before["quiet"] is not None
    await cloud.ask("set_notification_settings", quiet=False)
    assert (await cloud.ask("get_notification_settings"))["quiet"] is None


async def test_climate_is_planned_and_dropped(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Shown by the car's own entities, as the cloud tells it."""
    cloud = await open_cloud(hass, hass_world, "ze_services")
    at = hass_world.clock.now() + timedelta(hours=3)
    receipt = await cloud.ask("schedule_climate", at=at.isoformat())
    assert receipt["outcome"] == "confirmed"
    planned = hass.states.get(cloud.entity_id("binary_sensor", "climate_scheduled"))
    assert planned is not None
    assert planned.state == "on"
    assert (await cloud.ask("schedule_climate"))["outcome"] == "confirmed"
    planned = hass.states.get(cloud.entity_id("binary_sensor", "climate_scheduled"))
    assert planned is not None
    assert planned.state == "off"
