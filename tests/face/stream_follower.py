"""Counts what a stream has on its way to Home Assistant, so that time waits for it."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from simulator.car_data import CarData as CarDataCloud
from tests.makers.car_data.account import TESTER
from tests.world import World


class Follower:
    """Counts what the broker has sent and Home Assistant has not yet taken."""

    def __init__(self, hass: HomeAssistant, world: World, entry: ConfigEntry) -> None:
        """Watch an entry."""
        self._hass, self._world, self._entry = hass, world, entry
        cloud = world.simulator.clouds["car_data"]
        assert isinstance(cloud, CarDataCloud)
        self.broker = cloud.broker
        account = cloud.register.by_name(TESTER)
        assert account is not None
        self.gcid = account.gcid
        world.attach(self)

    @property
    def service(self) -> Any:
        """The account's service."""
        return self._entry.runtime_data.service

    @property
    def in_flight(self) -> int:
        """What is on its way."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return 0
        ours = self.service.streaming.connection
        if ours.in_flight or ours.client_id is None:
            return int(ours.in_flight)
        there = self.broker.connection(self.gcid)
        if there is None or there.client_id != ours.client_id:
            return 1
        return int(there.sent - ours.received)

    def push(self, vin: str, **values: Any) -> None:
        """Let the car send values now."""
        at = self._world.clock.now().isoformat()
        data = {
            key.replace("__", "."): {"timestamp": at, "value": value}
            for key, value in values.items()
        }
        content = {"vin": vin, "data": data}
        self.broker.publish(self.gcid, vin, json.dumps(content).encode())
