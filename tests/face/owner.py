"""The owner of an account at one of the services, inside Home Assistant."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from typing import Any, Final, Self, cast, override

from pytest_homeassistant_custom_component.common import MockConfigEntry

from carport.twin.twin import Twin
from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.cloud.contract import Service
from custom_components.carport.const import CONF_FUEL_HEATERS, CONF_PIN, DOMAIN
from custom_components.carport.engine import GarageCar
from custom_components.carport.makers.car_data.own_broker import OwnBroker
from custom_components.carport.makers.car_data.service import CarData
from custom_components.carport.makers.car_data.stream import StreamConnection
from custom_components.carport.makers.demo.service import DemoGarage
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from scripts.demo_home.visit import approve
from simulator.accounts import Account

from ..conftest import account_of, async_agree, async_choose
from ..makers.car_data.home_broker import HomeBroker
from ..makers.demo.profile import DEMO
from ..makers.profiles import PROFILES
from ..world import World
from .flow_pages import placeholders

TESTERS: Final = {
    key: profile.tester.username
    for key, profile in PROFILES.items()
    if profile.command and profile.has_cloud
}
"""Accounts at clouds that take commands; their cars stay where they are."""
READERS: Final = {
    key: profile.tester.username
    for key, profile in PROFILES.items()
    if not profile.command
}
"""Accounts of services that take no commands; their cars stay where they are."""
AMERICAN: Final = "i3.american@example.com"
"""An account that has to answer its security question before unlocking."""

_COMMANDING: Final = frozenset(
    {"climate", "lock", "number", "select", "switch", "time"}
)
_ASKS_AGAIN: Final = 6.0
"""Seconds after which it is looked whether the owner has approved."""
_ABOUT: Final = ("channel", "captured_at", "data_age", "data_stale", "last_command")


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
            **self.account.typed(SERVICES[self.account.service].info.credentials),
            "region": self.account.region,
            "pin": self.account.pin,
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
        await self.finish(await self.submit(await self.begin()))
        await self.hass.async_block_till_done()

    async def finish(self, result: ConfigFlowResult) -> None:
        """Expect that an account is set up, with a yes to its cost, and keep its entry."""
        result = await async_agree(self.hass, result)
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        self.entry = result["result"]

    async def reload(self, **changes: Any) -> None:
        """Load the account again, with other data."""
        entries = self.hass.config_entries
        entries.async_update_entry(self.entry, data={**self.entry.data, **changes})
        await self.world.result(entries.async_reload(self.entry.entry_id))
        await self.hass.async_block_till_done()

    async def keep_pin(self, pin: str | None) -> None:
        """Keep another PIN with the account's secrets, and load the account again."""
        store = async_account_store(self.hass, self.entry.unique_id or "")
        await store.async_load()
        await store.async_keep(**{CONF_PIN: pin})
        await self.reload()

    async def confirm_heaters(self) -> None:
        """Confirm for all cars that heaters may burn fuel."""
        options = {**self.entry.options, CONF_FUEL_HEATERS: list(self.account.vins)}
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        await self.reload()

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

    def told(self) -> dict[str, str]:
        """Return what every entity says that commands nothing."""
        return {
            entity_id: value
            for entity_id, value in self.values().items()
            if entity_id.partition(".")[0] not in _COMMANDING
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
        return cast(Twin, service.twin(self.vin))


class StreamOwner(Owner, ABC):
    """Somebody whose service keeps a connection, which ends before the world does."""

    @override
    async def finish(self, result: ConfigFlowResult) -> None:
        """Keep the entry, let time wait for its connection, and unload it at the end."""
        await super().finish(result)
        self.world.attach(self)
        unload = self.hass.config_entries.async_unload
        self.world.closing.push_async_callback(unload, self.entry.entry_id)

    @property
    def in_flight(self) -> int:
        """What the broker has yet to answer, also to who is about to leave."""
        coordinator = getattr(self.entry, "runtime_data", None)
        if coordinator is None:
            return 0
        connection = self.connection_of(coordinator.service)
        return connection.in_flight + len(connection.leaving)

    @abstractmethod
    def connection_of(self, service: Service) -> StreamConnection:
        """Return the connection of the service."""


class CarDataOwner(StreamOwner):
    """Somebody who approves in the browser what CarData asks for."""

    @override
    def connection_of(self, service: Service) -> StreamConnection:
        """Return the stream of BMW."""
        assert isinstance(service, CarData)
        return service.streaming.connection

    @override
    async def set_up(self) -> None:
        """Give the client id, and approve."""
        page = await self.submit(await self.begin())
        assert page["type"] is FlowResultType.SHOW_PROGRESS, page
        person = {
            "username": self.account.username,
            "password": self.account.password,
        }
        await self.world.result(approve(placeholders(page)["url"], person))
        await self.world.advance(_ASKS_AGAIN)
        await self.hass.async_block_till_done()
        flow = self.hass.config_entries.flow
        await self.finish(await flow.async_configure(page["flow_id"]))
        await self.hass.async_block_till_done()


class BrokerOwner(StreamOwner):
    """Somebody with a broker at home, and no account at any cloud."""

    @override
    def connection_of(self, service: Service) -> StreamConnection:
        """Return the connection to the broker at home."""
        assert isinstance(service, OwnBroker)
        return service.connection

    @override
    async def set_up(self) -> None:
        """Open the broker, and say where it is."""
        self.broker = await self.world.closing.enter_async_context(HomeBroker())
        form = await self.begin()
        await self.finish(await self.submit(form, port=str(self.broker.port)))
        await self.hass.async_block_till_done()


def owner_of(hass: HomeAssistant, world: World, username: str) -> Owner:
    """Return the owner of an account, of a broker at home, or of a Demo garage."""
    known = {one.tester.username: one.tester for one in PROFILES.values()}
    account = known.get(username) or account_of(username)
    return _OWNERS.get(account.service, Owner)(hass, world, account)


_OWNERS: Final[Mapping[str, type[Owner]]] = {
    "car_data": CarDataOwner,
    "car_data_broker": BrokerOwner,
    "demo": DemoOwner,
}


async def async_own(hass: HomeAssistant, world: World, service: str) -> Owner:
    """Set the account of a service's tester up."""
    owner = owner_of(hass, world, PROFILES[service].tester.username)
    await owner.set_up()
    return owner
