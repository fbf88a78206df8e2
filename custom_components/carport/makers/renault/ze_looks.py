"""Looks at what became of a command: where its effect shows, and not too often."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from ...car.commands import CommandKind
from ...car.errands import SetNotifications
from ...car.receipts import Reason
from ...car.signals import ClimateResult
from ...service.clock import Clock
from ...service.contract import Car, Confirmation, Progress, ReadResult, Ticket
from ...service.errors import CloudError
from ...service.ledger import Purpose
from ...service.rows import moment
from . import ze_histories as histories, ze_notices as notices, ze_readings as readings
from .ze_parts import Parts

_LOOK_AGAIN: Final = timedelta(seconds=30)
_FAILURE_SHOWN_AFTER: Final = timedelta(minutes=1)
# The cloud stamps what it hears by its own clock.
_CLOCKS_DIFFER: Final = timedelta(seconds=30)


class Looks:
    """Follows commands; a slow cloud is not asked at every opportunity."""

    def __init__(self, clock: Clock, parts: Parts) -> None:
        """Look by reading parts of the car."""
        self._clock = clock
        self._parts = parts
        self._looked: dict[str, datetime] = {}
        self._by_kind: Mapping[
            CommandKind, Callable[[Car, Ticket], Awaitable[Confirmation]]
        ] = {
            CommandKind.START_CHARGING: self._charge_begun,
            CommandKind.START_CLIMATE: self._climate_begun,
            CommandKind.SCHEDULE_CLIMATE: self._timer_set,
            CommandKind.SET_SCHEDULE: self._calendar_set,
            CommandKind.SET_CHARGE_MODE: self._calendar_set,
            CommandKind.SET_NOTIFICATIONS: self._notices_set,
            CommandKind.WAKE: self._reported,
        }

    def begin(self, car: Car) -> None:
        """Let the next look be one at once: there is a new command."""
        self._looked.pop(car.vin, None)

    async def look(self, car: Car, ticket: Ticket) -> Confirmation:
        """Look once, unless that was done just now."""
        now = self._clock.now()
        looked = self._looked.get(car.vin)
        if looked is not None and now - looked < _LOOK_AGAIN:
            return Confirmation()
        self._looked[car.vin] = now
        return await self._by_kind[ticket.command.kind](car, ticket)

    async def _charge_begun(self, car: Car, ticket: Ticket) -> Confirmation:
        result = await self._parts.battery(car, Purpose.CONFIRM)
        if _shows(result, ticket):
            return Confirmation(progress=Progress.DONE, result=result)
        if self._clock.now() - ticket.accepted_at < _FAILURE_SHOWN_AFTER:
            return Confirmation(result=result)
        failed = await self._charge_failed(car, ticket)
        progress = Progress.FAILED if failed else Progress.PENDING
        reason = Reason.CAR_REFUSED if failed else None
        return Confirmation(progress=progress, reason=reason, result=result)

    async def _charge_failed(self, car: Car, ticket: Ticket) -> bool:
        """Return whether the history tells of a failure; not every cloud has one."""
        try:
            entries = await self._parts.history(
                car, histories.COMMANDS, Purpose.CONFIRM
            )
        except CloudError:
            return False
        return any(
            past.succeeded is False and _is_after(past.at, ticket)
            for past in histories.past_commands(entries)
        )

    async def _climate_begun(self, car: Car, ticket: Ticket) -> Confirmation:
        """See what the car said; a run may be over before anybody looks."""
        result = await self._parts.climate(
            car, Purpose.CONFIRM, as_of=ticket.accepted_at
        )
        body = self._parts.last_climate[car.vin]
        date = moment(body.get("date"))
        if date is None or not _is_after(date, ticket):
            # This tells of an earlier run, and not as of now.
            return Confirmation()
        if readings.RESULT(body.get("result")) is ClimateResult.ERROR:
            reason = Reason.CAR_REFUSED
            return Confirmation(progress=Progress.FAILED, reason=reason, result=result)
        return Confirmation(progress=Progress.DONE, result=result)

    async def _timer_set(self, car: Car, ticket: Ticket) -> Confirmation:
        return _done_when_shown(await self._parts.timer(car, Purpose.CONFIRM), ticket)

    async def _calendar_set(self, car: Car, ticket: Ticket) -> Confirmation:
        calendar = await self._parts.calendar(car, Purpose.CONFIRM)
        return _done_when_shown(calendar, ticket)

    async def _notices_set(self, car: Car, ticket: Ticket) -> Confirmation:
        said = await self._parts.notices(car, Purpose.CONFIRM)
        wanted = ticket.command
        same = isinstance(wanted, SetNotifications) and said == {
            **said,
            **notices.changed(said, wanted),
        }
        return Confirmation(progress=Progress.DONE if same else Progress.PENDING)

    async def _reported(self, car: Car, ticket: Ticket) -> Confirmation:
        result = await self._parts.battery(car, Purpose.CONFIRM)
        fresh = any(
            reading.captured_at and reading.captured_at > ticket.accepted_at
            for reading in result.readings
        )
        progress = Progress.DONE if fresh else Progress.PENDING
        return Confirmation(progress=progress, result=result)


def _shows(result: ReadResult, ticket: Ticket) -> bool:
    """Return whether readings younger than a command show all its effects."""
    seen = {
        reading.signal.key: reading.value
        for reading in result.readings
        if reading.order > ticket.accepted_at
    }
    return all(
        signal.key in seen and signal.agree(seen[signal.key], value)
        for signal, value in ticket.command.effects.items()
    )


def _done_when_shown(result: ReadResult, ticket: Ticket) -> Confirmation:
    """Say nothing until it shows: these readings have no time of the car's own.

    What was set before would look like the car's fresh word against the command.
    """
    if not _shows(result, ticket):
        return Confirmation()
    return Confirmation(progress=Progress.DONE, result=result)


def _is_after(at: datetime, ticket: Ticket) -> bool:
    return at > ticket.accepted_at - _CLOCKS_DIFFER
