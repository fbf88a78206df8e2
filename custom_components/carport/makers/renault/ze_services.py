"""Renault ZE Services (2012 to about 2020): the cloud of the first electric Renaults."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Set as AbstractSet
from datetime import datetime, timedelta, tzinfo
from typing import Any, ClassVar, Final, override

from ...car.commands import Command, CommandKind
from ...car.errands import SetNotifications
from ...car.limits import Limits, Violation
from ...car.receipts import Reason
from ...car.signals import ClimateResult
from ...car.snapshot import Snapshot
from ...service.cadence import CadenceDefaults
from ...service.contract import (
    Car,
    Confirmation,
    Context,
    CredentialField,
    FieldKind,
    Openness,
    Progress,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
)
from ...service.errors import BadAnswer, CloudError, NotPermitted, NotSupported
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.rows import moment
from ...service.vault import Vault
from ...service.zones import zone
from . import ze_histories as histories, ze_notices as notices, ze_readings as readings
from .ze_calls import Calls
from .ze_orders import (
    CALENDAR_SCOPE,
    CLIMATE_SCOPE,
    allows,
    commands_of,
    hindrance_of,
    steps_of,
)
from .ze_tokens import TokenKeeper
from .ze_wire import HOST, body_of, listed

_SETTINGS_EVERY: Final = timedelta(minutes=30)
_LOOK_AGAIN: Final = timedelta(seconds=30)
_FAILURE_SHOWN_AFTER: Final = timedelta(minutes=1)
# The cloud stamps what it hears by its own clock.
_CLOCKS_DIFFER: Final = timedelta(seconds=30)

type _Part = tuple[str, str | None, Callable[[Car, Purpose], Awaitable[ReadResult]]]


class ZeServices(Service):
    """One account at ZE Services."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="ze_services",
        name="Renault Z.E. Services",
        manufacturer="Renault",
        openness=Openness.CLOSED,
        hosts={"eu": frozenset({HOST})},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
        ),
        cadence=CadenceDefaults(
            driving=300, charging=300, after_command=120, parked=1200, asleep=3600
        ),
        # Cars hear of things by text message.
        settle=60,
        give_up=600,
        tells_completion=True,
        lookups=frozenset(
            {
                "charge_sessions",
                "climate_history",
                "command_history",
                "notification_settings",
            }
        ),
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        self._vault = Vault(context)
        self._tokens = TokenKeeper(context, self._vault)
        self._calls = Calls(context, self._vault, self._tokens)
        self._settings_due: dict[str, datetime] = {}
        self._last_climate: dict[str, Mapping[str, Any]] = {}
        self._looked: dict[str, datetime] = {}
        self._woken: dict[str, datetime] = {}
        self._looks: Mapping[
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

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        username = credentials["username"]
        user = await self._tokens.sign_in(username, credentials["password"])
        self._settings_due.clear()
        return str(user.get("id") or username)

    @override
    async def cars(self) -> tuple[Car, ...]:
        """Return the cars that the last sign-in told of: nothing else ever does."""
        await self._tokens.fresh()
        vault = self._vault
        handle = {
            key: value for key in ("scopes", "zone") if (value := vault.text(key))
        }
        vins = (vault.text("cars") or "").split(",")
        return tuple(
            Car(vin=vin, manufacturer="Renault", drive="electric", handle=handle)
            for vin in vins
            if vin
        )

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read the battery, and what is set when that is due."""
        now = self._now()
        parts = self._parts(car) if self._settings_due.get(car.vin, now) <= now else ()
        battery, *others = await asyncio.gather(
            self._battery(car, Purpose.READ),
            *(read(car, Purpose.READ) for _, _, read in parts),
            return_exceptions=True,
        )
        if isinstance(battery, BaseException):
            raise battery
        results, gaps = [battery], set()
        for (name, _, _), result in zip(parts, others, strict=True):
            if isinstance(result, ReadResult):
                results.append(result)
            elif isinstance(result, (NotPermitted, NotSupported)):
                continue  # This account does not have it; that is no gap.
            elif isinstance(result, CloudError):
                gaps.add(name)
            else:
                raise result
        if parts:
            self._settings_due[car.vin] = now + _SETTINGS_EVERY
        elif (known := self._last_climate.get(car.vin)) is not None:
            # A run that was on ends by itself, and nobody says so.
            results.append(self._climate_from(known, now))
        return _together(results, gaps)

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        if command.kind not in commands_of(car):
            raise NotSupported(str(command.kind))
        if isinstance(command, SetNotifications):
            await self._set_notices(car, command)
        else:
            wakes = command.kind is CommandKind.WAKE
            purpose = Purpose.WAKE if wakes else Purpose.COMMAND
            for step in steps_of(command, await self._zone(car)):
                await self._calls.send(
                    car, step.method, step.path, purpose, body=step.body
                )
            if wakes:
                self._woken[car.vin] = self._now()
        self._looked.pop(car.vin, None)
        return Ticket(vin=car.vin, command=command, accepted_at=self._now())

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Look where a command's effect shows, but not at every opportunity."""
        now = self._now()
        looked = self._looked.get(car.vin)
        if looked is not None and now - looked < _LOOK_AGAIN:
            return Confirmation()
        self._looked[car.vin] = now
        return await self._looks[ticket.command.kind](car, ticket)

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return commands_of(car)

    @override
    def hindrance(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Reason | Violation | None:
        return hindrance_of(command, snapshot, self._now(), self._woken.get(car.vin))

    @override
    async def look_up(
        self, car: Car, what: str, query: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        if what not in self.info.lookups:
            raise NotSupported(what)
        if what == "notification_settings":
            return notices.settings_of(await self._notices(car, Purpose.LOOKUP))
        path, read = _HISTORIES[what]
        answer = await self._calls.get(
            car,
            path.removeprefix(_VEHICLE),
            Purpose.LOOKUP,
            path,
            histories.months(query or {}, self._now()),
        )
        return {what: [entry.to_json() for entry in read(listed(answer))]}

    @override
    async def close(self) -> None:
        await self._tokens.close()

    # Reads

    def _parts(self, car: Car) -> tuple[_Part, ...]:
        """Return what is read seldom, as far as the owner subscribed to it."""
        parts: tuple[_Part, ...] = (
            ("calendar", CALENDAR_SCOPE, self._calendar),
            ("climate", CLIMATE_SCOPE, self._climate),
            ("climate_timer", CLIMATE_SCOPE, self._timer),
        )
        return tuple(part for part in parts if allows(car, part[1]))

    async def _battery(self, car: Car, purpose: Purpose) -> ReadResult:
        body = (await self._get(car, readings.BATTERY, purpose)).json()
        return readings.read_battery(body, self._now(), self.context.account).result()

    async def _calendar(self, car: Car, purpose: Purpose) -> ReadResult:
        body = _object(await self._get(car, readings.CALENDAR, purpose))
        return readings.read_calendar(body, self._now(), self.context.account).result()

    async def _climate(
        self, car: Car, purpose: Purpose, as_of: datetime | None = None
    ) -> ReadResult:
        body = _object(await self._get(car, readings.LAST_CLIMATE, purpose))
        self._last_climate[car.vin] = body
        return self._climate_from(body, as_of or self._now())

    def _climate_from(self, body: Mapping[str, Any], as_of: datetime) -> ReadResult:
        account = self.context.account
        return readings.read_climate(body, self._now(), account, as_of).result()

    async def _timer(self, car: Car, purpose: Purpose) -> ReadResult:
        body = _object(await self._get(car, readings.CLIMATE_TIMER, purpose))
        account, place = self.context.account, await self._zone(car)
        return readings.read_timer(body, self._now(), account, place).result()

    async def _notices(self, car: Car, purpose: Purpose) -> Mapping[str, Any]:
        answer = await self._get(car, notices.SETTINGS, purpose)
        return answer.json()

    async def _get(self, car: Car, what: str, purpose: Purpose) -> Answer:
        return await self._calls.get(car, what.removeprefix(_VEHICLE), purpose, what)

    async def _set_notices(self, car: Car, command: SetNotifications) -> None:
        """Write all settings: those that are not to change as they are now."""
        before = await self._notices(car, Purpose.COMMAND)
        await self._calls.send(
            car,
            "PUT",
            notices.SETTINGS.removeprefix(_VEHICLE),
            Purpose.COMMAND,
            body=notices.changed(before, command),
        )

    # Looks at what became of a command

    async def _charge_begun(self, car: Car, ticket: Ticket) -> Confirmation:
        result = await self._battery(car, Purpose.CONFIRM)
        if _shows(result, ticket):
            return Confirmation(progress=Progress.DONE, result=result)
        if self._now() - ticket.accepted_at < _FAILURE_SHOWN_AFTER:
            return Confirmation(result=result)
        answer = await self._calls.get(
            car,
            histories.COMMANDS.removeprefix(_VEHICLE),
            Purpose.CONFIRM,
            histories.COMMANDS,
            histories.months({}, self._now()),
        )
        failed = any(
            past.succeeded is False and _is_after(past.at, ticket)
            for past in histories.past_commands(listed(answer))
        )
        progress = Progress.FAILED if failed else Progress.PENDING
        reason = Reason.CAR_REFUSED if failed else None
        return Confirmation(progress=progress, reason=reason, result=result)

    async def _climate_begun(self, car: Car, ticket: Ticket) -> Confirmation:
        """See what the car said; a run may be over before anybody looks."""
        result = await self._climate(car, Purpose.CONFIRM, as_of=ticket.accepted_at)
        body = self._last_climate[car.vin]
        date = moment(body.get("date"))
        if date is None or not _is_after(date, ticket):
            # This tells of an earlier run, and not as of now.
            return Confirmation()
        if readings.RESULT(body.get("result")) is ClimateResult.ERROR:
            reason = Reason.CAR_REFUSED
            return Confirmation(progress=Progress.FAILED, reason=reason, result=result)
        return Confirmation(progress=Progress.DONE, result=result)

    async def _timer_set(self, car: Car, ticket: Ticket) -> Confirmation:
        return _done_when_shown(await self._timer(car, Purpose.CONFIRM), ticket)

    async def _calendar_set(self, car: Car, ticket: Ticket) -> Confirmation:
        return _done_when_shown(await self._calendar(car, Purpose.CONFIRM), ticket)

    async def _notices_set(self, car: Car, ticket: Ticket) -> Confirmation:
        said = await self._notices(car, Purpose.CONFIRM)
        wanted = ticket.command
        same = isinstance(wanted, SetNotifications) and said == {
            **said,
            **notices.changed(said, wanted),
        }
        return Confirmation(progress=Progress.DONE if same else Progress.PENDING)

    async def _reported(self, car: Car, ticket: Ticket) -> Confirmation:
        result = await self._battery(car, Purpose.CONFIRM)
        fresh = any(
            reading.captured_at and reading.captured_at > ticket.accepted_at
            for reading in result.readings
        )
        progress = Progress.DONE if fresh else Progress.PENDING
        return Confirmation(progress=progress, result=result)

    async def _zone(self, car: Car) -> tzinfo:
        return await zone(car.handle.get("zone"))

    def _now(self) -> datetime:
        return self.context.clock.now()


_VEHICLE: Final = "/vehicle/{VIN}"
_HISTORIES: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "charge_sessions": (histories.CHARGES, histories.sessions),
    "climate_history": (histories.CLIMATE, histories.climate_runs),
    "command_history": (histories.COMMANDS, histories.past_commands),
}


def _object(answer: Answer) -> Mapping[str, Any]:
    """Return an object, empty where the cloud says that there is nothing."""
    body = body_of(answer)
    if body is None:
        return {}
    if not isinstance(body, Mapping):
        raise BadAnswer(answer.what, status=answer.status)
    return body


def _together(results: list[ReadResult], gaps: set[str]) -> ReadResult:
    placeholders: Counter[str] = Counter()
    for result in results:
        placeholders += result.placeholders
    return ReadResult(
        readings=tuple(reading for result in results for reading in result.readings),
        placeholders=placeholders,
        gaps=frozenset(gaps),
    )


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
