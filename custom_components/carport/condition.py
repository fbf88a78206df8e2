"""Conditions about cars that no device class of Home Assistant expresses."""

from collections.abc import Mapping
from typing import ClassVar, Final, override

import probatio

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR
from homeassistant.components.event import DOMAIN as EVENT
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.const import CONF_OPTIONS, CONF_STATE, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import (
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
    EntityConditionBase,
    EntityStateConditionBase,
)

from .actions.automation import (
    COMMAND,
    COMMAND_OPTIONS,
    CUT_OFF,
    DUE_KEYS,
    DUE_OPTIONS,
    OUTCOME,
    STATE_OPTIONS,
    command_matches,
)
from .actions.car_entities import (
    is_due,
    is_plugged_in_at_home,
    is_unplugged_at_home,
    with_keys,
)
from .car.signals import CHARGING_STATE, PLUGGED_IN, ChargingState


class OfCars(EntityConditionBase):
    """What conditions of cars share: the entity is found by its key."""

    _platform: ClassVar[str]
    _keys: ClassVar[frozenset[str]]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the entities of cars that the condition is about."""
        return with_keys(self._hass, entities, self._platform, self._keys)


class IsChargeComplete(OfCars, EntityStateConditionBase):
    """The car has charged as far as it should."""

    _platform = SENSOR
    _keys = frozenset({CHARGING_STATE.key})
    _domain_specs = {SENSOR: DomainSpec()}
    _states = {ChargingState.COMPLETE.value}


class IsChargeInterrupted(OfCars, EntityStateConditionBase):
    """The car says that its charge rests or was broken off."""

    _platform = SENSOR
    _keys = frozenset({CHARGING_STATE.key})
    _domain_specs = {SENSOR: DomainSpec()}
    _states = {ChargingState.PAUSED.value, ChargingState.STOPPED.value}


class IsPluggedIn(OfCars, EntityStateConditionBase):
    """The cable is plugged in."""

    _platform = BINARY_SENSOR
    _keys = frozenset({PLUGGED_IN.key})
    _domain_specs = {BINARY_SENSOR: DomainSpec()}
    _states = {STATE_ON}


class IsPluggedInAtHome(OfCars):
    """The car stands at home with its cable in."""

    _platform = BINARY_SENSOR
    _keys = frozenset({PLUGGED_IN.key})
    _domain_specs = {BINARY_SENSOR: DomainSpec()}

    @property
    @override
    def needs_polling(self) -> bool:
        """The place is told by another entity."""
        return True

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Ask the car's tracker besides."""
        return is_plugged_in_at_home(self._hass, entity_state)


class IsNotPluggedIn(IsPluggedInAtHome):
    """The car stands at home without its cable."""

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Ask the car's tracker besides."""
        return is_unplugged_at_home(self._hass, entity_state)


class IsAccessLost(OfCars, EntityStateConditionBase):
    """The maker lets nobody in any more, or waits for the owner."""

    _platform = SENSOR
    _keys = frozenset({"channel"})
    _domain_specs = {SENSOR: DomainSpec()}
    _primary_entities_only = False
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {probatio.Required(CONF_OPTIONS, default={}): STATE_OPTIONS}
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Know which of the ways in which access ends are meant."""
        super().__init__(hass, config)
        self._states = set((config.options or {}).get(CONF_STATE, CUT_OFF))


class LastCommand(OfCars):
    """The car's last command is over, and of a kind or with an outcome."""

    _platform = EVENT
    _keys = frozenset({"last_command"})
    _domain_specs = {EVENT: DomainSpec()}
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {probatio.Required(CONF_OPTIONS, default={}): COMMAND_OPTIONS}
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Know kinds and outcomes."""
        super().__init__(hass, config)
        options = config.options or {}
        self._wanted = {key: options.get(key) for key in (COMMAND, OUTCOME)}

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Compare them."""
        return command_matches(entity_state, self._wanted)


class IsServiceDue(OfCars):
    """A service falls due within so many days, or so far a drive."""

    _platform = SENSOR
    _keys = DUE_KEYS
    _domain_specs = {SENSOR: DomainSpec()}
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {probatio.Required(CONF_OPTIONS, default={}): DUE_OPTIONS}
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Know how soon."""
        super().__init__(hass, config)
        options = config.options or {}
        self._days, self._distance = options["days"], options["distance"]

    @property
    @override
    def needs_polling(self) -> bool:
        """Days pass without any news of the car."""
        return True

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Return whether it is due."""
        return is_due(self._hass, entity_state, self._days, self._distance)


CONDITIONS: Final[Mapping[str, type[Condition]]] = {
    "is_access_lost": IsAccessLost,
    "is_charge_complete": IsChargeComplete,
    "is_charge_interrupted": IsChargeInterrupted,
    "is_not_plugged_in": IsNotPluggedIn,
    "is_plugged_in": IsPluggedIn,
    "is_plugged_in_at_home": IsPluggedInAtHome,
    "is_service_due": IsServiceDue,
    "last_command": LastCommand,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of cars."""
    return dict(CONDITIONS)
