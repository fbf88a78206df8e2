"""Climate: the cabin, conditioned before somebody gets in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ClimateEntity,
    ClimateEntityDescription,
    ClimateEntityFeature,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import (
    ExtraStoredData,
    RestoredExtraData,
    RestoreEntity,
)

from .car.commands import CommandKind, SetTemperature, StartClimate, StopClimate
from .car.limits import Limits, nearest
from .car.signals import CLIMATE_ACTIVE, INSIDE_TEMPERATURE, TARGET_TEMPERATURE
from .coordinator import CarportConfigEntry
from .engine import GarageCar, Topic
from .entity import CarEntity, CarEntityDescription

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarClimateDescription(CarEntityDescription, ClimateEntityDescription):
    """The climate of a car."""


CLIMATE: Final = CarClimateDescription(
    key="climate",
    signals=(CLIMATE_ACTIVE, TARGET_TEMPERATURE, INSIDE_TEMPERATURE),
    other_topics=(Topic.COMMANDS,),
)

_NO_LIMITS: Final = Limits()
_FAHRENHEIT_STEP: Final = 1.0
_LOWEST: Final = 16.0
_HIGHEST: Final = 30.0
_WANTED: Final = "target_of_next_start"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create the climate of each car that can be conditioned."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarClimate]:
        if CommandKind.START_CLIMATE in car.commands:
            yield CarClimate(coordinator, car, CLIMATE)

    await coordinator.ownership.add_entities(async_add_entities, build)


class CarClimate(CarEntity, ClimateEntity, RestoreEntity):
    """The cabin of a car.

    A target set while it is off is kept for the next start, through restarts too:
    sending it would switch many cars on.
    """

    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _kinds = frozenset({CommandKind.START_CLIMATE, CommandKind.STOP_CLIMATE})
    _wanted: float | None = None

    @property
    @override
    def hvac_modes(self) -> list[HVACMode]:
        """What can be asked for: not every maker lets a start be taken back."""
        can_stop = CommandKind.STOP_CLIMATE in self.car.commands
        return [HVACMode.OFF, HVACMode.HEAT_COOL] if can_stop else [HVACMode.HEAT_COOL]

    @property
    @override
    def supported_features(self) -> ClimateEntityFeature:
        """On, off where there is a way, and a target where the car takes one."""
        features = ClimateEntityFeature.TURN_ON
        if CommandKind.STOP_CLIMATE in self.car.commands:
            features |= ClimateEntityFeature.TURN_OFF
        if self._takes_target:
            features |= ClimateEntityFeature.TARGET_TEMPERATURE
        return features

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """What was asked while the car is at it, else what the car said."""
        active = self.car.shown(CLIMATE_ACTIVE)
        if active is None:
            return None
        return HVACMode.HEAT_COOL if active else HVACMode.OFF

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether no reading of the car backs the state."""
        return CLIMATE_ACTIVE.key not in self.car.snapshot.readings

    @property
    @override
    def native_current_temperature(self) -> float | None:
        """The temperature inside, from cars that know it."""
        return self.car.reported(INSIDE_TEMPERATURE)

    @property
    @override
    def native_target_temperature(self) -> float | None:
        """The target of the next start, else what the car said."""
        if self._wanted is not None and self.hvac_mode is not HVACMode.HEAT_COOL:
            return self._wanted
        return self.car.shown(TARGET_TEMPERATURE)

    @property
    @override
    def min_temp(self) -> float:
        """The lowest target the car takes."""
        return _LOWEST if (low := self._limits.low) is None else low

    @property
    @override
    def max_temp(self) -> float:
        """The highest target the car takes."""
        return _HIGHEST if (high := self._limits.high) is None else high

    @property
    @override
    def target_temperature_step(self) -> float | None:
        """The car's step; Home Assistant does not convert it."""
        if self.hass.config.units.temperature_unit == UnitOfTemperature.FAHRENHEIT:
            return _FAHRENHEIT_STEP
        return self._limits.step

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """The target that no car knows of yet."""
        return RestoredExtraData({_WANTED: self._wanted})

    @override
    async def _async_restore(self) -> None:
        """Bring back the target of the next start, if the car still takes it."""
        stored = await self.async_get_last_extra_data()
        wanted = None if stored is None else stored.as_dict().get(_WANTED)
        if (
            isinstance(wanted, (int, float))
            and self.min_temp <= wanted <= self.max_temp
        ):
            self._wanted = wanted

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Start with the target that was set meanwhile, or stop."""
        if hvac_mode is HVACMode.OFF:
            await self.async_command(StopClimate())
            return
        await self.async_command(StartClimate(temperature=self._wanted))
        self._keep(None)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Tell the running car, or keep the target for the next start."""
        target = nearest(kwargs[ATTR_TEMPERATURE], self._limits)
        mode = kwargs.get(ATTR_HVAC_MODE, self.hvac_mode)
        if mode is not HVACMode.HEAT_COOL:
            self._keep(target)
            if mode is HVACMode.OFF and self.hvac_mode is HVACMode.HEAT_COOL:
                await self.async_command(StopClimate())
            return
        if (
            self.hvac_mode is HVACMode.HEAT_COOL
            and CommandKind.SET_TEMPERATURE in self.car.commands
        ):
            await self.async_command(SetTemperature(temperature=target))
        else:
            await self.async_command(StartClimate(temperature=target))
        self._keep(None)

    @property
    def _limits(self) -> Limits:
        commands = self.car.commands
        for kind in (CommandKind.SET_TEMPERATURE, CommandKind.START_CLIMATE):
            limits = commands.get(kind, _NO_LIMITS)
            if limits.low is not None and limits.high is not None:
                return limits
        return _NO_LIMITS

    @property
    def _takes_target(self) -> bool:
        return (
            self._limits is not _NO_LIMITS
            or CommandKind.SET_TEMPERATURE in self.car.commands
        )

    def _keep(self, target: float | None) -> None:
        if self._wanted != target:
            self._wanted = target
            self.async_write_ha_state()
