"""The Demo garage in Home Assistant, on a clock that only the test moves."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, Final, cast

from pytest_homeassistant_custom_component.common import MockConfigEntry

from carport.twin.fleet import GARAGE
from custom_components.carport.accounts.data import carport_data
from custom_components.carport.car.commands import Command
from custom_components.carport.car.receipts import Receipt
from custom_components.carport.const import DOMAIN
from custom_components.carport.coordinator import AccountCoordinator
from custom_components.carport.engine import GarageCar
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.clock import ManualClock

NIGHT: Final = datetime(2026, 11, 21, 3, tzinfo=UTC)
"""Everybody sleeps, the cars at home: nothing changes by itself."""

ELECTRIC: Final = GARAGE[0].vin
HYBRID: Final = GARAGE[1].vin

_ROUNDS: Final = 30


class DemoHome:
    """A Home Assistant with the Demo garage, seen by keys instead of entity ids."""

    def __init__(self, hass: HomeAssistant, clock: ManualClock) -> None:
        """Nothing is set up yet."""
        self.hass = hass
        self.clock = clock
        self.entry = MockConfigEntry(
            domain=DOMAIN,
            entry_id="demo_garage",
            title="Demo garage",
            unique_id="demo_demo",
            data={"service": "demo", "region": "demo", "username": "demo"},
        )

    async def start(self, **options: Any) -> None:
        """Set the account up."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()
        assert self.entry.state is ConfigEntryState.LOADED

    @property
    def coordinator(self) -> AccountCoordinator:
        """The account's coordinator."""
        coordinator: AccountCoordinator = self.entry.runtime_data
        return coordinator

    @property
    def service(self) -> DemoGarage:
        """The service behind it."""
        service = self.coordinator.service
        assert isinstance(service, DemoGarage)
        return service

    def car(self, vin: str = ELECTRIC) -> GarageCar:
        """Return a car as the garage knows it."""
        return self.coordinator.garage.cars[vin]

    def entity_id(self, platform: str, key: str, vin: str = ELECTRIC) -> str:
        """Return the entity id behind a key."""
        entity_id = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{vin}_{key}".lower()
        )
        assert entity_id is not None, (platform, key)
        return entity_id

    def state(self, platform: str, key: str, vin: str = ELECTRIC) -> State:
        """Return the state behind a key."""
        state = self.hass.states.get(self.entity_id(platform, key, vin))
        assert state is not None, (platform, key)
        return state

    def knows(self, platform: str, key: str, vin: str = ELECTRIC) -> bool:
        """Return whether there is such an entity, enabled or not."""
        return bool(
            er.async_get(self.hass).async_get_entity_id(
                platform, DOMAIN, f"{vin}_{key}".lower()
            )
        )

    def device_id(self, identifier: str = ELECTRIC) -> str:
        """Return the id of a car's device, or of the account's."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, identifier), self.entry.entry_id
        )
        assert device is not None
        return device.id

    async def send(self, command: Command, vin: str = ELECTRIC) -> Receipt:
        """Send a command past the entities, and let the car obey."""
        return await self.finish(self.coordinator.dispatcher.send(vin, command))

    async def finish[T](self, work: Awaitable[T], limit: float = 200) -> T:
        """Let the clock run until something that waits for a car is done."""
        task = asyncio.ensure_future(work)
        await self.settle()
        while not task.done() and limit > 0:
            await self.advance(1)
            limit -= 1
        assert task.done()
        return await task

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.step(seconds)
        await self.settle()

    def begin(
        self, domain: str, action: str, data: dict[str, Any], *, response: bool = False
    ) -> asyncio.Task[Any]:
        """Call an action and do not wait for it."""
        return asyncio.ensure_future(
            self.hass.services.async_call(
                domain, action, data, blocking=True, return_response=response
            )
        )

    async def call(
        self, domain: str, action: str, data: dict[str, Any], *, response: bool = False
    ) -> Any:
        """Call an action, and let the car obey."""
        return await self.finish(self.begin(domain, action, data, response=response))

    async def wake_button(self) -> str:
        """Enable the wake button, which nobody has by default, and return its id."""
        entity_id = self.entity_id("button", "wake")
        er.async_get(self.hass).async_update_entity(entity_id, disabled_by=None)
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.settle()
        return entity_id

    async def settle(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)

    def writes(self) -> list[str]:
        """Collect the entity ids whose state is written from now on, changed or not."""
        written: list[str] = []

        @callback
        def note(event: Event[Any]) -> None:
            written.append(event.data["entity_id"])

        @callback
        def every(data: Any) -> bool:
            return True

        # Home Assistant takes no listener of the second one without a filter.
        for kind in (EVENT_STATE_CHANGED, EVENT_STATE_REPORTED):
            self.hass.bus.async_listen(kind, note, event_filter=every)
        return written

    def events(self) -> list[dict[str, Any]]:
        """Collect the receipts that the cars' events tell from now on."""
        receipts: list[dict[str, Any]] = []

        @callback
        def note(event: Event[EventStateChangedData]) -> None:
            state = event.data["new_state"]
            if state is not None and state.domain == "event":
                receipts.append(dict(state.attributes))

        self.hass.bus.async_listen(EVENT_STATE_CHANGED, note)
        return receipts


def demo_clock(hass: HomeAssistant) -> ManualClock:
    """Let all of Carport run by one manual clock."""
    clock = ManualClock(NIGHT)
    carport_data(hass).clock = cast(Any, clock)
    return clock
