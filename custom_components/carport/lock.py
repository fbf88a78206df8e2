"""The lock: the whole car, with a code pad when the PIN is asked at each use."""

from collections.abc import Iterable
from typing import Any, Final, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car.commands import CommandKind, Lock, Unlock
from .car.signals import DOORS_LOCKED
from .const import CONF_PIN_MODE, PIN_ASKED
from .coordinator import CarportConfigEntry
from .entity import CarEntity
from .garage import GarageCar, Topic

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0

DOORS: Final = LockEntityDescription(key="doors")

_LOCKING: Final = frozenset({CommandKind.LOCK, CommandKind.UNLOCK})
_ANY_PIN: Final = r"^\d+$"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a lock for each car that can be locked, or says whether it is."""
    coordinator = entry.runtime_data
    topics = (DOORS_LOCKED.key, Topic.RUNNING, Topic.COMMANDS)

    def build(car: GarageCar) -> Iterable[CarLock]:
        if _LOCKING & car.commands.keys() or DOORS_LOCKED.key in car.snapshot.readings:
            yield CarLock(coordinator, car, DOORS, topics)

    coordinator.claims.add_entities(async_add_entities, build)


class CarLock(CarEntity, LockEntity):
    """The doors of a car."""

    @property
    @override
    def is_locked(self) -> bool | None:
        """What the car said last."""
        return self.car.shown(DOORS_LOCKED)

    @property
    @override
    def is_locking(self) -> bool:
        """Whether the car was told to lock and has not answered."""
        return self._runs(CommandKind.LOCK)

    @property
    @override
    def is_unlocking(self) -> bool:
        """Whether the car was told to unlock and has not answered."""
        return self._runs(CommandKind.UNLOCK)

    @property
    @override
    def code_format(self) -> str | None:
        """Digits, where the car wants the PIN and the owner does not store it."""
        options = self.coordinator.config_entry.options
        asked = options.get(CONF_PIN_MODE) == PIN_ASKED and any(
            limits.needs_pin
            for kind, limits in self.car.commands.items()
            if kind in _LOCKING
        )
        return _ANY_PIN if asked else None

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock the car."""
        await self.async_command(Lock(), kwargs.get("code"))

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock the car."""
        await self.async_command(Unlock(), kwargs.get("code"))

    def _runs(self, kind: CommandKind) -> bool:
        running = self.car.running
        return running is not None and running.command.kind is kind
