"""BMW i Remote (2014 to November 2021): the cloud of the ConnectedDrive cars."""

import asyncio
from collections.abc import Mapping, Set as AbstractSet
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final, override

from ...car import signals as s
from ...car.commands import Command, CommandKind, SetChargeMode
from ...car.errands import SendDestination
from ...car.limits import Limits
from ...car.receipts import Reason
from ...car.snapshot import Reading, Snapshot
from ...service.cadence import CadenceDefaults
from ...service.contract import (
    Car,
    Confirmation,
    Context,
    CredentialField,
    FieldKind,
    Openness,
    Picture,
    Progress,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
)
from ...service.errors import (
    BadAnswer,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    PinMissing,
    PinRefused,
    Unreached,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.pins import RefusedPins
from ...service.rows import Harvest
from ...service.vault import Vault
from . import cars as car_list, execution, places, profile, statistics
from .calls import Calls
from .orders import (
    BY_PROFILE,
    FINDER,
    Order,
    charging_control,
    commands_of,
    hindrance_of,
    order_of,
)
from .parts import PARTS, PROFILE, VEHICLE, Part
from .regions import HOSTS, REGIONS
from .status import WHAT as STATUS, read_status
from .tokens import TokenKeeper

_EXECUTE: Final = f"{VEHICLE}/executeService"
_IMAGE: Final = f"{VEHICLE}/image"
_VIEW: Final = {"width": "640", "height": "360", "view": "FRONTSIDE"}
_AGAIN: Final = timedelta(minutes=30)
# What the cloud says when an account's security question has to be answered.
_SECRET: Final = "secretKnowledge"


class IRemote(Service):
    """One account at i Remote."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="i_remote",
        name="BMW i Remote",
        manufacturer="BMW",
        openness=Openness.CLOSED,
        hosts=dict.fromkeys(REGIONS, HOSTS),
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(key="client_id", kind=FieldKind.TEXT),
            CredentialField(key="client_secret", kind=FieldKind.PASSWORD),
            # The answer to the account's security question, where unlocking asks it.
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        pin=True,
        cadence=CadenceDefaults(
            driving=180, charging=300, after_command=60, parked=3600, asleep=7200
        ),
        settle=15,
        # The car may be in a cellar: the cloud itself gives up after some minutes.
        give_up=330,
        tells_completion=True,
        lookups=frozenset({"trips", "destinations", "range_map"}),
        pictures=True,
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        region = REGIONS[context.region]
        vault = Vault(context)
        self._tokens = TokenKeeper(context, region, vault)
        self._calls = Calls(context, region, self._tokens)
        self._answers = RefusedPins(vault)
        self._due: dict[tuple[str, str], datetime] = {}
        self._driven: dict[str, float] = {}

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Sign in; nothing tells an account's id, so it is its e-mail address."""
        await self._tokens.sign_in(credentials)
        return credentials["username"].strip().casefold()

    @override
    async def cars(self) -> tuple[Car, ...]:
        return car_list.cars_of((await self._calls.fetch_list()).parsed())

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read the status, and of the slow parts those that are due."""
        harvest = await self._status(car, Purpose.READ)
        odometer = harvest.value(s.ODOMETER)
        drove = odometer is not None and odometer != self._driven.get(car.vin)
        due = [
            part
            for part in PARTS
            if part.wanted(car) and self._is_due(car, part, drove)
        ]
        done = await asyncio.gather(*(self._part(car, part) for part in due))
        if odometer is not None:
            self._driven[car.vin] = odometer
        result = harvest.result()
        # By signal: where two parts know the same, the later in the table is surer.
        slow: dict[str, Reading] = {}
        for one in done:
            if one is not None:
                slow |= one.readings
                result.placeholders.update(one.placeholders)
        return ReadResult(
            readings=(*result.readings, *slow.values()),
            placeholders=result.placeholders,
            gaps=frozenset(
                part.key for part, one in zip(due, done, strict=True) if one is None
            ),
        )

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        if command.kind not in commands_of(car):
            raise NotSupported(str(command.kind))
        number = None
        if isinstance(command, SendDestination):
            form = {"data": places.poi_of(command)}
            await self._calls.post(car, places.SEND, form, allowed=(200, 204))
        elif isinstance(command, SetChargeMode):
            document = profile.with_mode(await self._profile(car), command.mode)
            number = await self._order(car, charging_control(document))
        else:
            number = await self._order(car, order_of(car, command), pin)
        return Ticket(
            vin=car.vin, command=command, accepted_at=self._now(), number=number
        )

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Ask for the record of the command; then look whether the car shows it."""
        command = ticket.command
        if isinstance(command, SendDestination):
            return await self._arrival(car, command, ticket.accepted_at)
        service = (
            "CHARGING_CONTROL"
            if command.kind in BY_PROFILE
            else order_of(car, command).service
        )
        body = await self._record(car, service)
        if ticket.number is None or execution.event_of(body) != ticket.number:
            # Somebody sent another one since, or it is unsure whether ours arrived.
            return await self._proof(car, ticket, Progress.PENDING)
        progress = execution.progress_of(body)
        if progress is Progress.FAILED:
            return Confirmation(progress=progress, reason=execution.reason_of(body))
        limits = commands_of(car).get(command.kind, Limits())
        provable = limits.provable and (command.effects or command.renews is not None)
        if progress is Progress.PENDING or not provable:
            return Confirmation(progress=progress)
        return await self._proof(car, ticket, progress)

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return commands_of(car)

    @override
    def hindrance(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Reason | None:
        return hindrance_of(command, snapshot)

    @override
    async def look_up(
        self, car: Car, what: str, query: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Fetch a list; a period makes no difference, the cloud knows none."""
        if what == "destinations" and car_list.has(car, "lastDestinations"):
            body = await self._lookup(car, places.DESTINATIONS)
            found = places.destinations_of(body)
            return {"destinations": [place.to_json() for place in found]}
        if what == "range_map" and car_list.has(car, "rangeMap"):
            return places.geo_json(await self._lookup(car, places.RANGE_MAP))
        if what == "trips" and car_list.has(car, "statisticsAvailable"):
            return await self._trips(car)
        raise NotSupported(what)

    @override
    async def picture(self, car: Car) -> Picture | None:
        try:
            answer = await self._calls.get(
                car,
                _IMAGE,
                Purpose.LOOKUP,
                params=_VIEW,
                accept="image/png",
            )
        except NotSupported:
            return None
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if not kind.startswith("image/") or not answer.content:
            raise BadAnswer(_IMAGE)
        return Picture(content=answer.content, content_type=kind)

    @property
    @override
    def pin_refused(self) -> bool:
        return self._answers.any

    @override
    def pin_was_refused(self, pin: str) -> bool:
        return self._answers.holds(pin)

    @override
    async def close(self) -> None:
        await self._tokens.close()

    # Reads

    async def _status(self, car: Car, purpose: Purpose) -> Harvest:
        answer = await self._calls.get(car, STATUS, purpose)
        return read_status(
            answer.json(),
            car.drive,
            car.handle.get("steering"),
            self._now(),
            self.context.account,
        )

    def _is_due(self, car: Car, part: Part, drove: bool) -> bool:
        due = self._due.get((car.vin, part.key))
        return due is None or due <= self._now() or (drove and part.moves)

    async def _part(self, car: Car, part: Part) -> Harvest | None:
        """Read a slow part; None where it failed, which is tried again soon."""
        try:
            harvest = await self._harvest(car, part, Purpose.READ)
        except NotSupported, NotPermitted:
            # The list was wrong about this car; that is no gap.
            self._due[car.vin, part.key] = self._now() + part.every
            return self._empty()
        except CloudError:
            self._due[car.vin, part.key] = self._now() + _AGAIN
            return None
        self._due[car.vin, part.key] = self._now() + part.every
        return harvest

    async def _harvest(self, car: Car, part: Part, purpose: Purpose) -> Harvest:
        body = (await self._calls.get(car, part.what, purpose)).json()
        harvest = self._empty()
        part.read(harvest, body, car.drive)
        return harvest

    def _empty(self) -> Harvest:
        return Harvest(
            captured_at=None, received_at=self._now(), channel=self.context.account
        )

    async def _trips(self, car: Car) -> Mapping[str, Any]:
        """Return the only trip the cloud knows, and the figures of them all."""
        trip = statistics.last_trip(await self._lookup(car, statistics.LAST_TRIP))
        total = statistics.lifetime(await self._lookup(car, statistics.ALL_TRIPS))
        try:
            marks = statistics.efficiency(
                await self._lookup(car, statistics.EFFICIENCY)
            )
        except NotSupported, BadAnswer:
            marks = {}
        return {
            "trips": [] if trip is None else [trip.to_json()],
            "lifetime": total,
            "efficiency": marks,
        }

    async def _lookup(self, car: Car, what: str) -> Mapping[str, Any]:
        return (await self._calls.get(car, what, Purpose.LOOKUP)).json()

    # Commands

    async def _order(
        self, car: Car, order: Order, pin: str | None = None
    ) -> str | None:
        """Send an order once, and again only with the answer the cloud asked for.

        The question proves that the car was not asked.
        """
        answer = await self._send(car, order.service, order.fields)
        if answer.status != HTTPStatus.OK and _SECRET in answer.text:
            if not pin:
                raise PinMissing(_EXECUTE)
            if self._answers.holds(pin):
                raise PinRefused(_EXECUTE)
            answer = await self._send(
                car, order.service, {**order.fields, "bmwSkAnswer": pin}
            )
            if answer.status != HTTPStatus.OK and _SECRET in answer.text:
                await self._answers.note(pin)
                raise PinRefused(_EXECUTE, status=answer.status)
            await self._answers.accept()
        if answer.status != HTTPStatus.OK:
            raise Outage(_EXECUTE, status=answer.status)
        try:
            return execution.event_of(answer.json())
        except BadAnswer:
            # The cloud took it, whatever it mumbles: the car may well obey.
            raise Outage(_EXECUTE, status=answer.status) from None

    async def _profile(self, car: Car) -> Mapping[str, Any]:
        """Fetch the profile that a command changes; until then nothing was sent."""
        try:
            answer = await self._calls.get(car, profile.WHAT, Purpose.COMMAND)
        except Outage as error:
            raise Unreached(profile.WHAT, status=error.status) from None
        return answer.json()

    async def _send(self, car: Car, service: str, fields: Mapping[str, str]) -> Answer:
        return await self._calls.post(
            car,
            _EXECUTE,
            {"serviceType": service, **fields},
            purpose=Purpose.WAKE if service == FINDER else Purpose.COMMAND,
            allowed=(200, 500),
        )

    async def _record(self, car: Car, service: str) -> Mapping[str, Any]:
        try:
            answer = await self._calls.get(
                car, execution.WHAT, Purpose.CONFIRM, params={"serviceType": service}
            )
        except NotSupported:
            return {}
        return answer.json()

    async def _proof(
        self, car: Car, ticket: Ticket, progress: Progress
    ) -> Confirmation:
        """Read what shows a command; what the cloud shows is some seconds behind."""
        command = ticket.command
        if command.kind not in BY_PROFILE:
            result = (await self._status(car, Purpose.CONFIRM)).result()
            fresh = any(one.order > ticket.accepted_at for one in result.readings)
            return Confirmation(
                progress=progress if fresh else Progress.PENDING, result=result
            )
        result = (await self._harvest(car, PROFILE, Purpose.CONFIRM)).result()
        agrees = any(
            one.signal.agree(one.value, command.effects[one.signal])
            for one in result.readings
            if one.signal in command.effects
        )
        # The profile has no time: as long as it is the old one it proves nothing.
        return (
            Confirmation(progress=progress, result=result) if agrees else Confirmation()
        )

    async def _arrival(
        self, car: Car, command: SendDestination, since: datetime
    ) -> Confirmation:
        """Look whether the place is among those the car was sent."""
        body = (await self._calls.get(car, places.DESTINATIONS, Purpose.CONFIRM)).json()
        there = places.holds(body, command, since)
        return Confirmation(progress=Progress.DONE if there else Progress.PENDING)

    def _now(self) -> datetime:
        return self.context.clock.now()
