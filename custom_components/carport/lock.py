"""The lock: the whole car, with a code pad when the PIN is asked at each use."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.lock import (
    DOMAIN as LOCK,
    LockEntity,
    LockEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car.commands import CommandKind, Lock, Unlock
from .car.signals import DOORS_LOCKED
from .const import CONF_PIN_MODE, DOMAIN, PIN_ASKED
from .coordinator import CarportConfigEntry
from .engine import GarageCar, Topic
from .entity import CarEntity, CarEntityDescription, unique_id

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarLockDescription(CarEntityDescription, LockEntityDescription):
    """The lock of a car."""


DOORS: Final = CarLockDescription(
    key="doors",
    signals=(DOORS_LOCKED,),
    other_topics=(Topic.RUNNING, Topic.COMMANDS),
)

_LOCKING: Final = frozenset({CommandKind.LOCK, CommandKind.UNLOCK})
_ANY_PIN: Final = r"^\d+$"
_ANY_ANSWER: Final = r"^.*$"
"""Letters too, and nothing where this account is not asked."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a lock for each car that can be locked; once there, it stays."""
    coordinator = entry.runtime_data
    registry = er.async_get(hass)

    def build(car: GarageCar) -> Iterable[CarLock]:
        known = registry.async_get_entity_id(LOCK, DOMAIN, unique_id(car, DOORS.key))
        if _LOCKING & car.commands.keys() or known is not None:
            yield CarLock(coordinator, car, DOORS)

    await coordinator.ownership.add_entities(async_add_entities, build)


class CarLock(CarEntity, LockEntity):
    """The doors of a car.

    It has the car's own name, so that "lock the Aurora" is understood as it is said.
    """

    _attr_name = None
    _kinds = _LOCKING

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
        """What is typed, where the car wants the PIN and the owner does not store it."""
        asked: set[str] = set()
        for kind in _LOCKING:
            for channel, limits in self.car.routes(kind):
                if not self._is_asked(channel.account):
                    continue
                if channel.service.info.pin_is_text:
                    asked.add(_ANY_ANSWER)
                elif limits.needs_pin:
                    asked.add(_ANY_PIN)
        return max(asked, default=None, key=lambda pattern: pattern == _ANY_ANSWER)

    def _is_asked(self, account: str) -> bool:
        """Return whether the owner wants the PIN of an account asked at each use.

        The one that carries the command need not be the one that has the car's device.
        """
        entry = self.hass.config_entries.async_get_entry(account)
        return entry is not None and entry.options.get(CONF_PIN_MODE) == PIN_ASKED

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
