"""What was read and what was refused lately: kept, so that a restart asks nothing anew."""

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from ...car.commands import CommandKind
from ...cloud.account_state import AccountState
from ...cloud.contract import Car, ReadResult
from ...cloud.errors import CloudError, NotPermitted, NotSupported
from ...cloud.parts import Part, PartSchedule

_LOGGER: Final = logging.getLogger(__name__)
_DAY: Final = timedelta(days=1)


class LearntRefusals:
    """What was refused, by car: parts of a reading, and commands."""

    def __init__(self, state: AccountState) -> None:
        """Go on from what was kept."""
        self._state = state
        self._told: set[tuple[str, str]] = set()
        self._commands: dict[tuple[str, CommandKind], datetime] = {}

    async def note(
        self,
        car: Car,
        found: Mapping[Part, ReadResult | CloudError],
        schedule: PartSchedule,
        now: datetime,
    ) -> None:
        """Note what a reading was refused; what worked before is away for a while only."""
        for part, result in found.items():
            if not isinstance(result, (NotPermitted, NotSupported)):
                continue
            if (car.vin, part.key) not in self._told:
                self._told.add((car.vin, part.key))
                _LOGGER.info("A car has no %s here, or not now", part.key)
            key = _key(car, part)
            if not schedule.was_read(car, part) and not self._state.ahead(key, now):
                await self._state.keep(**{key: (now + _DAY).timestamp()})

    def away(
        self, car: Car, parts: Iterable[Part], now: datetime
    ) -> Iterator[tuple[Part, datetime]]:
        """Yield what an earlier run was refused, and until when it need not ask."""
        for part in parts:
            if (car.vin, part.key) in self._told:
                continue
            if (until := self._state.ahead(_key(car, part), now)) is not None:
                self._told.add((car.vin, part.key))
                yield part, until

    def withhold(self, car: Car, kind: CommandKind, now: datetime) -> None:
        """Leave a command out of what a car is offered, for a day."""
        self._commands[car.vin, kind] = now + _DAY

    def withheld(self, car: Car, now: datetime) -> AbstractSet[CommandKind]:
        """Return the commands that a car has refused lately."""
        return {
            kind
            for (vin, kind), until in self._commands.items()
            if vin == car.vin and until > now
        }


def _key(car: Car, part: Part) -> str:
    return f"away_{car.vin}_{part.key}"


class PartMemory:
    """When the slow parts of each car are due again, and what its gateway is."""

    def __init__(self, state: AccountState) -> None:
        """Go on from what was kept."""
        self._state = state
        self._kept: dict[str, Mapping[str, Any]] = {}
        self.gateways: dict[str, str] = {}

    def recall(self, car: Car, schedule: PartSchedule, now: datetime) -> None:
        """Go on where the last run ended, once for each car."""
        if car.vin in self._kept:
            return
        kept = self._state.document(_parts(car)) or {}
        self._kept[car.vin] = kept
        dues, gateway = kept.get("due"), kept.get("gateway")
        if isinstance(dues, Mapping):
            schedule.restore(car, dues, now)
        if isinstance(gateway, str):
            self.gateways.setdefault(car.vin, gateway)

    async def keep(self, car: Car, schedule: PartSchedule) -> None:
        """Keep it after a reading, if a slow part was among it."""
        told = {"due": schedule.to_json(car), "gateway": self.gateways.get(car.vin)}
        if told != self._kept.get(car.vin):
            self._kept[car.vin] = told
            await self._state.keep_document(_parts(car), told)


def _parts(car: Car) -> str:
    return f"parts_{car.vin}"
