"""The owner of an account at one of the services, inside Home Assistant."""

from collections.abc import Mapping
from copy import copy
from typing import Any, Final, Self, override

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.carport.const import DOMAIN
from custom_components.carport.garage import GarageCar
from custom_components.carport.makers.demo.garage import DemoGarage
from custom_components.carport.makers.demo.roster import GARAGE, roster
from custom_components.carport.makers.demo.twin import Twin
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.accounts import Account

from ..conftest import TESTER, account_of, async_choose
from ..world import World

TESTERS: Final = {
    "car_net": TESTER,
    "i_remote": "i3.tester@example.com",
    "we_connect": "prueferin@example.com",
    "ze_services": "zoe.tester@example.com",
}
"""Accounts whose cars stay where they are; the first car of each does the most."""
AMERICAN: Final = "i3.american@example.com"
"""An account that has to answer its security question before unlocking."""
DEMO: Final = f"demo:{2 * len(GARAGE)}"
"""A Demo garage with each of its cars twice: the second ones stay where they are."""

_ABOUT: Final = ("channel", "captured_at", "data_age", "data_stale", "last_command")
_DEMO_ACCOUNT: Final = Account(
    service="demo",
    region="demo",
    username=DEMO,
    password="",
    vins=tuple(spec.vin for spec in roster(2 * len(GARAGE))[len(GARAGE) :]),
)


class Owner:
    """Somebody with an account, its entities, and the world around."""

    entry: ConfigEntry[Any]

    def __init__(self, hass: HomeAssistant, world: World, account: Account) -> None:
        """Know the account; nothing is set up yet."""
        self.hass, self.world, self.account = hass, world, account
        self.vin = account.vins[0]
        self.control = world.control

    def about(self, vin: str) -> Self:
        """Return the same owner, thinking of another car."""
        other = copy(self)
        other.vin = vin
        return other

    # Setting up

    def typed(self, form: ConfigFlowResult, **changes: Any) -> dict[str, Any]:
        """Return what the owner types into a form."""
        schema = form["data_schema"]
        assert schema is not None
        known = {
            "username": self.account.username,
            "password": self.account.password,
            "pin": self.account.pin,
            "region": self.account.region,
            **self.account.more,
            **changes,
        }
        return {
            "own_server": {"server": self.world.simulator.address},
            **{key: known[key] for key in schema.schema if known.get(key)},
        }

    async def submit(self, form: ConfigFlowResult, **changes: Any) -> ConfigFlowResult:
        """Submit a form of the set-up."""
        return await self.hass.config_entries.flow.async_configure(
            form["flow_id"], self.typed(form, **changes)
        )

    async def begin(self) -> ConfigFlowResult:
        """Open the form of the service."""
        return await async_choose(self.hass, self.account.service)

    async def set_up(self) -> None:
        """Set the account up."""
        self.accept(await self.submit(await self.begin()))
        await self.hass.async_block_till_done()

    def accept(self, result: ConfigFlowResult) -> None:
        """Expect that an account was set up, and keep its entry."""
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        self.entry = result["result"]

    async def reload(self, **changes: Any) -> None:
        """Load the account again, with other data."""
        entries = self.hass.config_entries
        entries.async_update_entry(self.entry, data={**self.entry.data, **changes})
        await self.world.result(entries.async_reload(self.entry.entry_id))
        await self.hass.async_block_till_done()

    async def enable(self, platform: str, key: str) -> None:
        """Enable an entity that nobody has by default, for all cars that know it."""
        registry = er.async_get(self.hass)
        for vin in self.account.vins:
            if (found := self.find(platform, key, vin)) is not None:
                registry.async_update_entity(found, disabled_by=None)
        await self.reload()

    # Looking

    @property
    def car(self) -> GarageCar:
        """The car, as the garage has it."""
        found: GarageCar = self.entry.runtime_data.garage.cars[self.vin]
        return found

    @property
    def twin(self) -> Twin:
        """The car itself."""
        return self.world.simulator.twin(self.vin)

    def find(self, platform: str, key: str, vin: str | None = None) -> str | None:
        """Return the entity id behind a key, if there is one."""
        unique_id = f"{vin or self.vin}_{key}".lower()
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    def entity_id(self, platform: str, key: str, vin: str | None = None) -> str:
        """Return the entity id behind a key."""
        found = self.find(platform, key, vin)
        assert found is not None, f"there is no {platform} {key}"
        return found

    def state(self, platform: str, key: str, vin: str | None = None) -> State:
        """Return the state of a key."""
        found = self.hass.states.get(self.entity_id(platform, key, vin))
        assert found is not None, f"{platform} {key} has no state"
        return found

    def entities(self) -> set[tuple[str, str]]:
        """Return platform and key of everything the car has, enabled or not."""
        prefix = f"{self.vin}_".lower()
        return {
            (entity.domain, entity.unique_id.removeprefix(prefix))
            for entity in er.async_entries_for_config_entry(
                er.async_get(self.hass), self.entry.entry_id
            )
            if entity.unique_id.startswith(prefix)
        }

    def values(self) -> dict[str, str]:
        """Return what every entity says, but for what is about the data."""
        return {
            entity.entity_id: found.state
            for entity in er.async_entries_for_config_entry(
                er.async_get(self.hass), self.entry.entry_id
            )
            if (found := self.hass.states.get(entity.entity_id)) is not None
            and not entity.unique_id.endswith(_ABOUT)
            and entity.domain != "button"
            and self.entry.entry_id.lower() not in entity.unique_id
        }

    def devices(self) -> set[str]:
        """Return the VINs that have a device."""
        return {
            identifier
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self.hass), self.entry.entry_id
            )
            for _, identifier in device.identifiers
        }

    @property
    def device_id(self) -> str:
        """The id of the car's device."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, self.vin), self.entry.entry_id
        )
        assert device is not None
        return device.id

    # Doing

    async def call(
        self, domain: str, action: str, key: str | None = None, **data: Any
    ) -> Any:
        """Call an entity's action, or one of Carport's own about the car."""
        own = key is None
        target = (
            {"device_id": self.device_id}
            if key is None
            else {"entity_id": self.entity_id(domain, key)}
        )
        answer = await self.hass.services.async_call(
            domain, action, {**target, **data}, blocking=True, return_response=own
        )
        return answer[self.device_id] if own and answer else None

    async def ask(self, action: str, **data: Any) -> Mapping[str, Any]:
        """Call one of Carport's actions, let the world run, and return its answer."""
        answer: Mapping[str, Any] = await self.world.result(
            self.call(DOMAIN, action, **data)
        )
        return answer

    async def do(self, domain: str, action: str, key: str, **data: Any) -> None:
        """Call an entity's action, and let the world run until it is done."""
        await self.world.result(self.call(domain, action, key, **data))


class DemoOwner(Owner):
    """Somebody with a Demo garage, which has cars and no cloud."""

    @override
    async def set_up(self) -> None:
        """Set the garage up: its form knows no number of cars."""
        keys = ("service", "region", "username")
        data = {key: getattr(self.account, key) for key in keys}
        entry = MockConfigEntry(domain=DOMAIN, unique_id=f"demo_{DEMO}", data=data)
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        self.entry = entry

    @property
    @override
    def twin(self) -> Twin:
        """The car itself, of which nobody but the service knows."""
        service = self.entry.runtime_data.service
        assert isinstance(service, DemoGarage)
        return service.twin(self.vin)


def owner_of(hass: HomeAssistant, world: World, username: str) -> Owner:
    """Return the owner of one of the simulator's accounts, or of a Demo garage."""
    if username == DEMO:
        return DemoOwner(hass, world, _DEMO_ACCOUNT)
    return Owner(hass, world, account_of(username))


async def async_own(hass: HomeAssistant, world: World, service: str) -> Owner:
    """Set the account of a service's tester up."""
    owner = owner_of(hass, world, TESTERS.get(service, DEMO))
    await owner.set_up()
    return owner
