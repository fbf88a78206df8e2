"""The owner of an account at one of the makers' clouds, inside Home Assistant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from custom_components.carport.const import DOMAIN
from custom_components.carport.garage import GarageCar
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.accounts import Account

from ..conftest import account_of, async_choose
from ..world import World

TESTERS: Final = {
    "i_remote": "i3.tester@example.com",
    "we_connect": "prueferin@example.com",
    "ze_services": "zoe.tester@example.com",
}
"""Accounts whose cars stay where they are; the first car of each does the most."""
AMERICAN: Final = "i3.american@example.com"
"""An account that has to answer its security question before unlocking."""

_ABOUT: Final = ("channel", "captured_at", "data_age", "data_stale", "last_command")


class Owner:
    """Somebody with an account, its entities, and the world around."""

    def __init__(self, hass: HomeAssistant, world: World, username: str) -> None:
        """Know the account; nothing is set up yet."""
        self.hass, self.world = hass, world
        self.account: Account = account_of(username)
        self.vin = self.account.vins[0]
        self.control = world.control

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
        self.entry: ConfigEntry[Any] = result["result"]

    async def reload(self, **changes: Any) -> None:
        """Load the account again, with other data."""
        entries = self.hass.config_entries
        entries.async_update_entry(self.entry, data={**self.entry.data, **changes})
        await self.world.result(entries.async_reload(self.entry.entry_id))
        await self.hass.async_block_till_done()

    # Looking

    @property
    def car(self) -> GarageCar:
        """The first car, as the garage has it."""
        found: GarageCar = self.entry.runtime_data.garage.cars[self.vin]
        return found

    def entity_id(self, platform: str, key: str, vin: str | None = None) -> str:
        """Return the entity id behind a key."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{vin or self.vin}_{key}".lower()
        )
        assert found is not None, (platform, key)
        return found

    def state(self, platform: str, key: str, vin: str | None = None) -> State:
        """Return the state of a key."""
        found = self.hass.states.get(self.entity_id(platform, key, vin))
        assert found is not None, (platform, key)
        return found

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

    # Doing

    async def call(
        self, domain: str, action: str, key: str | None = None, **data: Any
    ) -> Mapping[str, Any]:
        """Call an entity's action, or one of Carport's own; return its answer."""
        if key is None:
            device = dr.async_get(self.hass).async_get_device_by_identifier(
                (DOMAIN, self.vin), self.entry.entry_id
            )
            assert device is not None
            target = {"device_id": device.id}
        else:
            target = {"entity_id": self.entity_id(domain, key)}
        answer = await self.hass.services.async_call(
            domain,
            action,
            {**target, **data},
            blocking=True,
            return_response=key is None,
        )
        return answer or {}


async def async_own(hass: HomeAssistant, world: World, service: str) -> Owner:
    """Set the account of a service's tester up."""
    owner = Owner(hass, world, TESTERS[service])
    await owner.set_up()
    return owner


HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where a service is called, and the command that its bad days are shown by."""

    reads: str
    orders: str
    passwords: str
    command: tuple[str, str, str]
    """Domain, action and key."""
    data: Mapping[str, Any] = field(default_factory=dict)
    other: tuple[str, str, str | None]
    shown: tuple[str, str]
    """The platform and key that show it."""
    rest: str
    """What is shown before."""
    under_way: str
    done: str


_DOORS: Final[dict[str, Any]] = {
    "command": ("lock", "unlock", "doors"),
    "other": ("lock", "lock", "doors"),
    "shown": ("lock", "doors"),
    "rest": "locked",
    "under_way": "unlocking",
    "done": "unlocked",
}
CLOUDS: Final[Mapping[str, Cloud]] = {
    "i_remote": Cloud(
        reads="*/vehicles/*/status",
        orders="*/executeService",
        passwords="*/oauth/token*",
        **_DOORS,
    ),
    "we_connect": Cloud(
        reads="/fs-car/bs/*",
        orders="*/rlu/v1/*/actions",
        passwords="*/login/authenticate",
        **_DOORS,
    ),
    # It has no doors.
    "ze_services": Cloud(
        reads="/api/vehicle/*",
        orders="/api/vehicle/*/air-conditioning",
        passwords="/api/user/login",
        command=("climate", "set_hvac_mode", "climate"),
        data={"hvac_mode": "heat_cool"},
        other=(DOMAIN, "start_charging", None),
        shown=("climate", "climate"),
        # The cloud tells of runs alone, and there was none.
        rest="unknown",
        under_way="heat_cool",
        done="heat_cool",
    ),
}
each_service = pytest.mark.parametrize("service", CLOUDS)


async def press(owner: Owner) -> None:
    """Press what stands for all commands of the service."""
    cloud = CLOUDS[owner.account.service]
    domain, action, key = cloud.command
    await owner.call(domain, action, key, **cloud.data)


def shown(owner: Owner) -> str:
    """Return what Home Assistant shows of it."""
    return owner.state(*CLOUDS[owner.account.service].shown).state


def channel(owner: Owner) -> str:
    """Return the state of the channel."""
    return owner.state("sensor", "channel").state


def event(owner: Owner) -> Mapping[str, Any]:
    """Return the last receipt as it is shown."""
    return owner.state("event", "last_command").attributes


def asked_for(hass: HomeAssistant) -> list[str]:
    """Return why pages of Carport are open."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [str(flow["context"]["source"]) for flow in flows]
