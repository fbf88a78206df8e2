"""Renault ZE Services (2012 to about 2020): the cloud of the first electric Renaults."""

import asyncio
from collections.abc import Mapping, Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, override

from ...car.commands import Command, CommandKind
from ...car.errands import SetNotifications
from ...car.histories import ALWAYS, Period
from ...car.limits import Limits, Violation
from ...car.receipts import Reason
from ...car.snapshot import Snapshot
from ...service.cadence import CadenceDefaults
from ...service.contract import (
    Car,
    Confirmation,
    Context,
    CredentialField,
    FieldKind,
    Openness,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
)
from ...service.errors import CloudError, NotPermitted, NotSupported
from ...service.ledger import Purpose
from ...service.vault import Vault
from . import ze_histories as histories, ze_notices as notices
from .ze_calls import Calls
from .ze_looks import Looks
from .ze_orders import commands_of, hindrance_of, sets, steps_of
from .ze_parts import Parts, zone_of
from .ze_pauses import Pauses
from .ze_tokens import ZeTokens
from .ze_wire import HOST

_SETTINGS_EVERY: Final = timedelta(minutes=30)


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
        lookups=frozenset({*histories.LISTS, "notification_settings"}),
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        self._vault = Vault(context)
        self._tokens = ZeTokens(context, self._vault)
        self._calls = Calls(context, self._vault, self._tokens)
        self._parts = Parts(context, self._calls)
        self._looks = Looks(context.clock, self._parts)
        self._pauses = Pauses(context, self._vault)
        self._settings_due: dict[str, datetime] = {}

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
            # Nothing says the model, and the VIN alone does not prove it.
            Car(vin=vin, manufacturer="Renault", drive="electric", handle=handle)
            for vin in vins
            if vin
        )

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read the battery, and what is set when that is due."""
        now = self._now()
        due = self._settings_due.get(car.vin, now) <= now
        often, seldom = self._parts.often(car), self._parts.seldom(car) if due else {}
        found = await asyncio.gather(
            *(read(car, Purpose.READ) for read in (often | seldom).values()),
            return_exceptions=True,
        )
        results, gaps = [], set()
        for name, result in zip(often | seldom, found, strict=True):
            if isinstance(result, ReadResult):
                results.append(result)
            elif name in often or not isinstance(result, CloudError):
                raise result
            elif not isinstance(result, (NotPermitted, NotSupported)):
                # Where the account or the cloud does not have it, that is no gap.
                gaps.add(name)
        if due:
            self._settings_due[car.vin] = now + _SETTINGS_EVERY
        elif (known := self._parts.last_climate.get(car.vin)) is not None:
            results.append(self._parts.climate_from(known, now))
        return ReadResult.of_parts(results, gaps)

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        kind = command.kind
        if (limits := commands_of(car).get(kind)) is None:
            raise NotSupported(str(kind))
        async with self._pauses.around(car, kind):
            if isinstance(command, SetNotifications):
                await self._set_notices(car, command)
            else:
                wakes = kind is CommandKind.WAKE
                purpose = Purpose.WAKE if wakes else Purpose.COMMAND
                for step in steps_of(command, await zone_of(car)):
                    await self._calls.send(
                        car, step.method, step.path, purpose, body=step.body
                    )
        accepted_at = self._now()
        if sets(kind):
            # Settings have no time of their own: the old ones, read in passing while
            # the car has not heard yet, would look like its word against the command.
            patience = timedelta(seconds=limits.give_up or self.info.give_up)
            self._settings_due[car.vin] = accepted_at + patience
        self._looks.begin(car)
        return Ticket(vin=car.vin, command=command, accepted_at=accepted_at)

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        return await self._looks.look(car, ticket)

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return commands_of(car, observed)

    @override
    def hindrance(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Reason | Violation | datetime | None:
        pause = self._pauses.until(car, command.kind)
        return pause or hindrance_of(command, snapshot, self._now())

    @override
    async def read_schedule(self, car: Car) -> ReadResult:
        return await self._parts.calendar(car, Purpose.LOOKUP)

    @override
    async def look_up(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        if what not in self.info.lookups:
            raise NotSupported(what)
        if what == "notification_settings":
            return notices.settings_of(await self._parts.notices(car, Purpose.LOOKUP))
        history = histories.LISTS[what]
        said = await self._parts.history(car, history.path, Purpose.LOOKUP, period)
        entries = histories.within(history.read(said), period)
        return {what: [entry.to_json() for entry in entries]}

    @override
    async def close(self) -> None:
        await self._tokens.close()

    async def _set_notices(self, car: Car, command: SetNotifications) -> None:
        """Write all settings: those that are not to change as they are now."""
        before = await self._parts.notices(car, Purpose.COMMAND)
        body = notices.changed(before, command)
        await self._calls.send(car, "PUT", notices.SETTINGS, Purpose.COMMAND, body=body)

    def _now(self) -> datetime:
        return self.context.clock.now()
