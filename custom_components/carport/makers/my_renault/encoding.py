"""Commands in the cloud's words, with what has to be read first and sent along."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from ...car.commands import (
    Command,
    ScheduleClimate,
    SetChargeLimit,
    SetChargeLimitMin,
    SetChargeMode,
    SetSchedule,
    StartCharging,
    StartClimate,
)
from ...car.schedule import Schedule
from ...car.signals import ChargeMode
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import to_float
from ...cloud.ledger import Purpose
from ...cloud.requests import Request, get
from . import schedule
from .borrowing import BorrowedProgrammes
from .commands import DEFAULT_TEMPERATURE, SETTINGS, SOC_LEVELS, schedule_climate
from .endpoints import bare, has_settings, mode_of
from .models import EndpointMode
from .timers import timer_requests

type Call = Callable[[Request, Purpose, Car], Awaitable[Answer]]


class CommandEncoder:
    """Encodes what no table can say: commands that repeat what the cloud holds."""

    def __init__(
        self, call: Call, now: Callable[[], datetime], state: AccountState
    ) -> None:
        """Read by the calls of an account."""
        self._call: Final = call
        self._now: Final = now
        self.borrowed: Final = BorrowedProgrammes(
            state, now, self._settings, self._write
        )
        self._warmth: dict[str, float] = {}
        """The temperature that was asked for last, by car."""

    async def encode(
        self, car: Car, command: Command, known: Schedule, zone: tzinfo | None
    ) -> Request | None:
        """Put a command into words; None where the table does.

        `known` are the timers that the car has; `zone` is what they are converted with.
        """
        newer = has_settings(car)
        match command:
            case SetChargeLimit() | SetChargeLimitMin():
                return await self._levels(car, command)
            case StartCharging() if (
                mode_of(car, "charge-start") is EndpointMode.SETTINGS
            ):
                settings = await self._settings(car)
                # Kept before it is sent: nothing may be lost on the way.
                await self.borrowed.take(car, settings)
                return self._changed(schedule.without_programmes(settings))
            case SetChargeMode() if newer:
                settings = await self._settings(car)
                scheduled = command.mode is ChargeMode.SCHEDULED
                mode = "SCHEDULED" if scheduled else "ALWAYS"
                return self._changed({**settings, "chargeModeRq": mode})
            case SetSchedule() if newer:
                settings = await self._settings(car)
                return self._changed(
                    schedule.changed_settings(settings, command.schedule)
                )
            case SetSchedule():
                return await self._timers(car, command.schedule, known, zone)
            case StartClimate(temperature=float() as warmth):
                self._warmth[car.vin] = warmth
            case ScheduleClimate():
                warmth = self._warmth.get(car.vin, DEFAULT_TEMPERATURE)
                return schedule_climate(command, warmth)
        return None

    async def _levels(
        self, car: Car, command: SetChargeLimit | SetChargeLimitMin
    ) -> Request:
        """Return the call for one limit, which takes the other along as it is."""
        what = get(SOC_LEVELS)
        told = (await self._call(what, Purpose.COMMAND, car)).json()
        levels = {name: to_float(told.get(name)) for name in ("socMin", "socTarget")}
        changed = "socTarget" if isinstance(command, SetChargeLimit) else "socMin"
        levels[changed] = command.percent
        if None in levels.values():
            raise BadAnswer(SOC_LEVELS)
        return bare(
            SOC_LEVELS, {name: round(level or 0) for name, level in levels.items()}
        )

    async def _settings(self, car: Car) -> dict[str, Any]:
        """Return the settings of a newer car as they are now."""
        told = (await self._call(get(SETTINGS), Purpose.COMMAND, car)).json()
        if not isinstance(told.get("programs"), list):
            raise BadAnswer(SETTINGS)
        return told

    async def _write(self, car: Car, settings: Mapping[str, Any]) -> Answer:
        return await self._call(self._changed(settings), Purpose.COMMAND, car)

    def _changed(self, settings: Mapping[str, Any]) -> Request:
        now = self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return bare(SETTINGS, {**settings, "lastSettingsUpdateTimestamp": now})

    async def _timers(
        self, car: Car, wanted: Schedule, known: Schedule, zone: tzinfo | None
    ) -> Request:
        """Return the call for the timers; where both kinds change, one is sent before."""
        written = timer_requests(car, wanted, zone, self._now())
        changed = [
            request for kind, request in written if not kind(wanted).agrees(kind(known))
        ]
        *before, last = changed or [request for _, request in written]
        for request in before:
            await self._call(request, Purpose.COMMAND, car)
        return last
