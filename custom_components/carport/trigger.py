"""Triggers for what happens to cars and no device class of Home Assistant expresses."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Final, cast, override

import probatio

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR
from homeassistant.components.event import DOMAIN as EVENT
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.const import (
    ATTR_ENTITY_ID,
    CONF_AT,
    CONF_OPTIONS,
    CONF_STATE,
    CONF_TARGET,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityTargetStateTriggerBase,
    EntityTransitionTriggerBase,
    EntityTriggerBase,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .accounts.data import async_get_due_memory
from .accounts.due_memory import DueMemory
from .actions.automation import (
    COMMAND_OPTIONS,
    CUT_OFF,
    DUE_KEYS,
    DUE_OPTIONS,
    INTERRUPTED,
    STATE_OPTIONS,
    command_matches,
    was_meant_to_end,
)
from .actions.car_entities import is_due, is_unplugged_at_home, with_keys
from .car.signals import CHARGING_STATE, PLUGGED_IN, ChargingState

_CHECKS_AT: Final = time(9)
"""When it is looked for what falls due by the calendar."""
_DAY: Final = timedelta(days=1)


class OfCars(EntityTriggerBase):
    """What triggers of cars share: the entity is found by its key."""

    _platform: ClassVar[str]
    _keys: ClassVar[frozenset[str]]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the entities of cars that the trigger is about."""
        return with_keys(self._hass, entities, self._platform, self._keys)


class ChargeInterrupted(OfCars, EntityTransitionTriggerBase):
    """The car charged and no longer does, though it is neither full nor was told to."""

    _platform = SENSOR
    _keys = frozenset({CHARGING_STATE.key})
    _domain_specs = {SENSOR: DomainSpec()}
    _from_states = {ChargingState.STARTING.value, ChargingState.CHARGING.value}
    _to_states = set(INTERRUPTED)

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Leave out what the owner asked for."""
        return super().is_valid_transition(
            from_state, to_state
        ) and not was_meant_to_end(self._hass, to_state)


class ChargeCompleted(OfCars, EntityTargetStateTriggerBase):
    """The car says that it has charged as far as it should."""

    _platform = SENSOR
    _keys = frozenset({CHARGING_STATE.key})
    _domain_specs = {SENSOR: DomainSpec()}
    _to_states = {ChargingState.COMPLETE.value}


class PluggedIn(OfCars, EntityTargetStateTriggerBase):
    """The cable was plugged in; Home Assistant has no trigger of its own for plugs."""

    _platform = BINARY_SENSOR
    _keys = frozenset({PLUGGED_IN.key})
    _domain_specs = {BINARY_SENSOR: DomainSpec()}
    _to_states = {STATE_ON}


class Unplugged(PluggedIn):
    """The cable was taken out."""

    _to_states = {STATE_OFF}


class AccessLost(OfCars, EntityTargetStateTriggerBase):
    """The maker lets nobody in any more, or waits for the owner."""

    _platform = SENSOR
    _keys = frozenset({"channel"})
    _domain_specs = {SENSOR: DomainSpec()}
    _primary_entities_only = False
    _schema = EntityTargetStateTriggerBase._schema.extend(  # noqa: SLF001
        {probatio.Required(CONF_OPTIONS, default={}): STATE_OPTIONS}
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Know which of the ways in which access ends are meant."""
        super().__init__(hass, config)
        self._to_states = set(self._options.get(CONF_STATE, CUT_OFF))


class CommandEnded(OfCars, StatelessEntityTriggerBase):
    """A command came to its end, no matter who sent it."""

    _platform = EVENT
    _keys = frozenset({"last_command"})
    _domain_specs = {EVENT: DomainSpec()}
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {probatio.Required(CONF_OPTIONS, default={}): COMMAND_OPTIONS}
    )

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Compare kind and outcome; what was only taken by the cloud goes on."""
        return command_matches(state, self._options)


class ServiceDue(OfCars):
    """A service falls due within so many days, or so far a drive."""

    _platform = SENSOR
    _keys = DUE_KEYS
    _domain_specs = {SENSOR: DomainSpec()}
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {probatio.Required(CONF_OPTIONS, default={}): DUE_OPTIONS}
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Know nothing yet of any service."""
        super().__init__(hass, config)
        self._memory: DueMemory
        self._was_due: dict[str, bool] = {}
        """Whether each was due when it was last looked at: readings and days both tell."""

    def _note(self, state: State, due: bool) -> bool | None:
        """Keep whether a service is due; return whether it was, as far as it is known."""
        name = self._memory.name(state.entity_id)
        was_due = self._was_due.get(name)
        if was_due is not due:
            self._was_due[name] = due
            self._memory.note(self._options, name, due)
        return was_due

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether it is due."""
        if due := is_due(self._hass, state, **self._options):
            return due
        self._note(state, False)
        return False

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Say it once: not again while it stays due."""
        was_due = self._note(to_state, True)
        if was_due is None:
            was_due = is_due(self._hass, from_state, **self._options)
        return not was_due

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Look once a day too: days pass without any news of the car."""
        self._memory = await async_get_due_memory(self._hass)
        self._was_due = self._memory.seen(self._options)

        @callback
        def a_day_later(_: datetime) -> None:
            for state in _targeted(self._hass, self._target, self.entity_filter):
                if state.state in self._excluded_states:
                    continue
                due = is_due(self._hass, state, **self._options)
                was_due = self._note(state, due)
                if was_due is None:
                    was_due = is_due(self._hass, state, **self._options, later=-_DAY)
                if due and not was_due:
                    run_action(_payload(self._hass, state), f"{state.entity_id} due")

        undo = await super().async_attach_runner(run_action, did_not_trigger)
        undo_daily = _daily(self._hass, _CHECKS_AT, a_day_later)

        def detach() -> None:
            undo()
            undo_daily()

        return detach


class NotPluggedIn(Trigger):
    """By a time of day, the car stands at home without its cable."""

    _schema = probatio.Schema(
        {
            probatio.Required(CONF_TARGET): cv.TARGET_FIELDS,
            probatio.Required(CONF_OPTIONS): {probatio.Required(CONF_AT): cv.time},
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Know the cars, and the time."""
        super().__init__(hass, config)
        self._target = config.target or {}
        self._at: time = (config.options or {})[CONF_AT]

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Take a target and a time."""
        return cast(ConfigType, cls._schema(config))

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Look every day at that time."""

        def plugs(entities: set[str]) -> set[str]:
            return with_keys(
                self._hass, entities, BINARY_SENSOR, frozenset({PLUGGED_IN.key})
            )

        @callback
        def look(_: datetime) -> None:
            for state in _targeted(self._hass, self._target, plugs):
                if is_unplugged_at_home(self._hass, state):
                    run_action(_payload(self._hass, state), f"{state.entity_id} is off")

        return _daily(self._hass, self._at, look)


TRIGGERS: Final[Mapping[str, type[Trigger]]] = {
    "access_lost": AccessLost,
    "charge_completed": ChargeCompleted,
    "charge_interrupted": ChargeInterrupted,
    "command_ended": CommandEnded,
    "not_plugged_in": NotPluggedIn,
    "plugged_in": PluggedIn,
    "service_due": ServiceDue,
    "unplugged": Unplugged,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of cars."""
    return dict(TRIGGERS)


def _daily(
    hass: HomeAssistant, at: time, look: Callable[[datetime], None]
) -> CALLBACK_TYPE:
    return async_track_time_change(
        hass, look, hour=at.hour, minute=at.minute, second=at.second
    )


def _targeted(
    hass: HomeAssistant,
    target: Mapping[str, Any],
    keep: Callable[[set[str]], set[str]],
) -> list[State]:
    """Return the states of a target's entities now; they come and go with the cars."""
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(dict(target)))
    entities = keep(selected.referenced | selected.indirectly_referenced)
    found = (hass.states.get(entity_id) for entity_id in sorted(entities))
    return [state for state in found if state is not None]


def _payload(hass: HomeAssistant, state: State) -> dict[str, Any]:
    return {ATTR_ENTITY_ID: state.entity_id, "to_state": state}
