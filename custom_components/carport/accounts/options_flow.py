"""The options of an account: how its owner likes it handled."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)

from ..const import (
    CONF_ENERGY,
    CONF_HINTED_CARS,
    CONF_HINTS,
    CONF_MQTT,
    CONF_PIN,
    CONF_PIN_MODE,
    CONF_SERVICE,
    PIN_ASKED,
)
from ..engine.vehicle_list import KnownVehicles
from .account_store import AccountStore
from .energy_options import CONF_ENERGY_CAR, car_choice, energy_schema
from .hint_options import hints_schema
from .login_forms import options_schema
from .mqtt_options import mqtt_section
from .names import car_label
from .opening import async_service, async_store_of
from .running import RunningEntry


class CarportOptionsFlow(OptionsFlowWithReload):
    """How the owner likes an account handled: one page, and a page for single cars."""

    def __init__(self) -> None:
        """Begin with nothing chosen."""
        self._chosen: dict[str, Any] = {}
        """What will be kept, as far as it was answered."""
        self._priced: str | None = None
        """The car whose tariff and battery are still to be asked for."""
        self._asked: list[str] = []
        """The cars of which it is still to be asked what tells of them."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for everything on one page, but for what is about single cars."""
        entry: RunningEntry = self.config_entry
        store = self._store()
        await store.async_load()
        if user_input is not None:
            # What is about MQTT is only asked while there is a broker, and outlasts one.
            kept = {
                key: entry.options[key]
                for key in (CONF_ENERGY, CONF_MQTT)
                if key in entry.options
            }
            self._chosen = {**kept, **user_input}
            self._priced = self._chosen.pop(CONF_ENERGY_CAR, None)
            self._asked = list(self._chosen.pop(CONF_HINTED_CARS, ()))
            return await self._async_next()
        cars = KnownVehicles.from_json(store.data.get("cars")).cars.values()
        info = (await async_service(self.hass, entry.data[CONF_SERVICE])).info
        schema = options_schema(info, cars, entry.options, _heated(entry))
        schema = schema.extend(car_choice(cars))
        if self.hass.config_entries.async_entries(
            "mqtt", include_ignore=False, include_disabled=False
        ):
            schema = schema.extend(mqtt_section(cars, entry.options))
        return self.async_show_form(step_id="init", data_schema=schema)

    async def async_step_energy(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what charging one car costs, and what its battery holds."""
        vin = self._priced or ""
        known: Mapping[str, Any] = self._chosen.get(CONF_ENERGY, {})
        if user_input is not None:
            said = {**known, vin: user_input}
            self._chosen[CONF_ENERGY] = {
                car: answers for car, answers in said.items() if answers
            }
            self._priced = None
            return await self._async_next()
        return self.async_show_form(
            step_id="energy",
            data_schema=energy_schema(known.get(vin, {}), self.hass.config.currency),
            description_placeholders={"car": self._label(vin)},
            last_step=not self._asked,
        )

    async def async_step_hints(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which entities tell of one car, then of the next."""
        vin = self._asked[0]
        if user_input is not None:
            self._asked.remove(vin)
            if named := {name: found for name, found in user_input.items() if found}:
                self._chosen.setdefault(CONF_HINTS, {})[vin] = named
            return await self._async_next()
        kept = self.config_entry.options.get(CONF_HINTS, {}).get(vin, {})
        return self.async_show_form(
            step_id="hints",
            data_schema=hints_schema(kept),
            description_placeholders={"car": self._label(vin)},
            last_step=len(self._asked) == 1,
        )

    async def _async_next(self) -> ConfigFlowResult:
        """Ask for what is left, or keep all of it."""
        if self._priced is not None:
            return await self.async_step_energy()
        if self._asked:
            return await self.async_step_hints()
        if self._chosen.get(CONF_PIN_MODE) == PIN_ASKED:
            await self._store().async_keep(**{CONF_PIN: None})
        return self.async_create_entry(data=self._chosen)

    def _store(self) -> AccountStore:
        entry: RunningEntry = self.config_entry
        return async_store_of(self.hass, entry)

    def _label(self, vin: str) -> str:
        cars = KnownVehicles.from_json(self._store().data.get("cars")).cars
        # It may have left the account while this page was open.
        return car_label(cars[vin]) if vin in cars else ""


def _heated(entry: RunningEntry) -> frozenset[str]:
    """Return the cars of a running account that have a heater which burns fuel."""
    if entry.state is not ConfigEntryState.LOADED:
        return frozenset()
    garage, account = entry.runtime_data.garage, entry.entry_id
    return frozenset(
        vin
        for vin, car in garage.cars.items()
        if (channel := car.channels.get(account)) is not None
        and channel.heats_with_fuel(car.snapshot.readings.keys())
    )
