"""BMW i Remote (2014 to November 2021): the cloud of the ConnectedDrive cars."""

from collections.abc import Mapping, Set as AbstractSet
from typing import Any, ClassVar, Final, override

from ...car.commands import Command, CommandKind
from ...car.histories import ALWAYS, Period
from ...car.limits import Limits
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
    Picture,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
)
from ...service.errors import BadAnswer, NotSupported
from ...service.ledger import Purpose
from ...service.vault import Vault
from . import cars as car_list, places, statistics
from .calls import Calls
from .commander import Commander
from .orders import commands_of, hindrance_of
from .parts import VEHICLE
from .reader import Reader
from .regions import HOSTS, REGIONS
from .status import WHAT as STATUS, health_report
from .tokens import BoughtToken

_IMAGE: Final = f"{VEHICLE}/image"
_VIEW: Final = {"width": "640", "height": "360", "view": "FRONTSIDE"}


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
        lookups=frozenset({"trips", "destinations", "range_map", "health_report"}),
        pictures=True,
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        region = REGIONS[context.region]
        vault = Vault(context)
        self._tokens = BoughtToken(context, region, vault)
        self._calls = Calls(context, region, self._tokens)
        self._reader = Reader(context, self._calls)
        self._commander = Commander(context, self._calls, self._reader, vault)

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
        return await self._reader.read(car)

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        return await self._commander.execute(car, command, pin)

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        return await self._commander.confirm(car, ticket)

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
    async def read_schedule(self, car: Car) -> ReadResult:
        return (await self._reader.profile(car, Purpose.LOOKUP)).result()

    @override
    async def look_up(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        """Fetch a list; the cloud knows no periods, so they are kept to here."""
        if what == "destinations" and car_list.has(car, "lastDestinations"):
            body = await self._fetched(car, places.DESTINATIONS)
            return {
                "destinations": [
                    place.to_json()
                    for place in places.destinations_of(body)
                    if period.covers(place.sent_at)
                ]
            }
        if what == "range_map" and car_list.has(car, "rangeMap"):
            return places.geo_json(await self._fetched(car, places.RANGE_MAP))
        if what == "trips" and car_list.has(car, "statisticsAvailable"):
            return await self._trips(car, period)
        if what == "health_report":
            body = await self._fetched(car, STATUS)
            return health_report(body, self.context.clock.now()).to_json()
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
        return self._commander.answers.any

    @override
    def pin_was_refused(self, pin: str) -> bool:
        return self._commander.answers.holds(pin)

    @override
    async def close(self) -> None:
        await self._tokens.close()

    async def _trips(self, car: Car, period: Period) -> Mapping[str, Any]:
        """Return the only trip the cloud knows, and the figures of them all."""
        trip = statistics.last_trip(await self._fetched(car, statistics.LAST_TRIP))
        total = statistics.lifetime(await self._fetched(car, statistics.ALL_TRIPS))
        asked_for = trip is not None and period.covers(trip.ended_at)
        return {
            "trips": [trip.to_json()] if trip is not None and asked_for else [],
            "lifetime": total,
            "efficiency": await self._efficiency(car),
        }

    async def _efficiency(self, car: Car) -> Mapping[str, Any]:
        """Return the marks for efficient driving, which not every car has."""
        if not car_list.is_electrified(car):
            return {}
        try:
            return statistics.efficiency(
                await self._fetched(car, statistics.EFFICIENCY)
            )
        except NotSupported, BadAnswer:
            return {}

    async def _fetched(self, car: Car, what: str) -> Mapping[str, Any]:
        return (await self._calls.get(car, what, Purpose.LOOKUP)).json()
