"""BMW CarData: fifty calls a day, and a stream beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Any, ClassVar, Final, override

from ...car import signals as s
from ...car.history import ALWAYS, HealthReport, Period
from ...car.snapshot import Reading
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Advice, Car, Context, Picture, ReadResult, StreamSink
from ...cloud.errors import (
    BadAnswer,
    CloudError,
    LoginExpired,
    NotSupported,
    SignInFailed,
    Throttled,
)
from ...cloud.field_map import ReadingBuilder, get_path
from ...cloud.ledger import Purpose
from ...cloud.login import LoginDialog
from ...cloud.parts import Part
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import Send
from ...cloud.service_info import ServiceInfo
from . import endpoints, history
from .cars import (
    FactStore,
    car_of,
    is_electric_only,
    is_readable,
    is_right_hand,
    mapped_of,
)
from .containers import FULL, ContainerManager
from .energy import EnergyMeter
from .entries import Entries
from .info import INFO
from .login import login
from .read_planner import ReadPlanner, saved_calls
from .readings import LEVELS, read_entries
from .refusals import ContainerGone, NotOurs, QuotaUsed, error_of, try_again_at
from .stream import Message
from .streaming import Streaming
from .tokens import CarDataTokenManager
from .tyres import TyreWatch, tyres_of

_LOGGER: Final = logging.getLogger(__name__)
_TELEMATICS: Final = "telematics"
_LATELY: Final = timedelta(days=7)
_OF_THE_ACCOUNT: Final = (LoginExpired, SignInFailed, Throttled)


class CarData(RestService):
    """One account at CarData."""

    info: ClassVar[ServiceInfo] = INFO
    base = endpoints.BASE
    picture_request = endpoints.IMAGE
    parts = (Part(key=_TELEMATICS, request=endpoints.TELEMATICS, required=True),)

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        account_state = AccountState(context)
        self._tokens = CarDataTokenManager(context, account_state)
        self._facts = FactStore(account_state)
        self._containers = ContainerManager(
            context, account_state, self._call_for_account
        )
        self._entries: dict[str, Entries] = {}
        self._cars: dict[str, Car] = {}
        self._read_planner = ReadPlanner(self._entries)
        self._meter = EnergyMeter(account_state)
        self._tyres = TyreWatch(account_state)
        self._pictures: dict[str, Picture | None] = {}
        self._quota_refusals = 0
        self._used_elsewhere = False
        self.streaming: Final = Streaming(
            context.clock, context.transport, self._tokens, self._take_messages
        )

    # Signing in

    @override
    async def login(self, talk: LoginDialog) -> str:
        return await login(talk, self._tokens)

    @override
    async def close(self) -> None:
        await self._containers.close()
        await self._tokens.close()

    # Calls

    @override
    async def authorise(self, send: Send) -> Answer:
        """Make a call with good tokens; know when the day's calls are used up."""
        headers = {"x-version": "v1", "Accept": "application/json"}
        try:
            answer = await self._tokens.authorised(
                lambda tokens: send(
                    {"Authorization": f"Bearer {tokens.access}", **headers}
                )
            )
        except QuotaUsed as refusal:
            raise self._pause(refusal.status) from None
        except Throttled as pause:
            raise self._pause(pause.status, pause.until) from None
        self._quota_refusals, self._used_elsewhere = 0, False
        return answer

    @override
    def error_of(self, answer: Answer) -> CloudError:
        return error_of(answer)

    @override
    def values(self, car: Car) -> Mapping[str, str]:
        return {"vin": car.vin, "container": self._containers.id or ""}

    async def _call_for_account(self, request: Request) -> Answer:
        return await self.call(request, Purpose.HISTORY)

    def _pause(self, status: int | None, told: datetime | None = None) -> Throttled:
        """Return the pause that a refusal for want of calls brings.

        A refusal while our own count has calls left means that others make some.
        """
        now, ledger = self.now(), self.context.transport.ledger
        self._quota_refusals += 1
        self._used_elsewhere |= (ledger.left(command=True) or 0) > 0
        until = try_again_at(now, self._quota_refusals)
        if told is not None:
            until = max(until, told)
        ledger.correct(0, until)
        ledger.throttle(until)
        return Throttled(endpoints.TELEMATICS.path, until=until, status=status)

    # Reading

    @override
    async def cars(self) -> tuple[Car, ...]:
        """List the cars; the facts of each are asked for once."""
        answer = await self.call(endpoints.MAPPINGS, Purpose.LIST)
        found: list[Car] = []
        for mapped in mapped_of(answer.parsed()):
            facts = self._facts.get(mapped.vin)
            car = car_of(mapped, facts)
            if facts is None and mapped.primary:
                car = car_of(mapped, await self._fetch_facts(car))
            found.append(car)
        self._cars = {car.vin: car for car in found}
        for car in filter(is_readable, found):
            await self._tyres.note_seen(car.vin, self.now())
            if car.drive != "combustion":
                await self._meter.shown(car.vin, self.now())
        if any(is_readable(car) for car in found):
            await self._containers.ensure()
        return tuple(found)

    async def _fetch_facts(self, car: Car) -> Mapping[str, Any] | None:
        """Ask for the facts of a car; one that is refused does not hide the others."""
        try:
            facts = (await self.call(endpoints.BASIC_DATA, Purpose.LIST, car)).json()
        except _OF_THE_ACCOUNT:
            raise
        except CloudError:
            return None
        return await self._facts.keep(car.vin, facts)

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read a car through the container; without one there is the stream."""
        self._cars.setdefault(car.vin, car)
        if not is_readable(car):
            return ReadResult(gaps=frozenset({"not_main_user"}))
        if await self._containers.ensure() is None:
            return ReadResult(gaps=frozenset({_TELEMATICS}))
        try:
            result = await self.read_one(car, _TELEMATICS, Purpose.READ)
        except ContainerGone:
            # It is made anew in time; nobody has to sign in for that.
            await self._containers.gone()
            return ReadResult(gaps=frozenset({_TELEMATICS}))
        except NotOurs:
            # Sold, or no longer the main user: the next list of cars tells.
            return ReadResult(gaps=frozenset({"not_main_user"}))
        result = await self._look_at_tyres(car, result)
        return result if car.drive == "combustion" else await self._count(car, result)

    async def _look_at_tyres(self, car: Car, result: ReadResult) -> ReadResult:
        """Add what the tyre diagnosis says, which is asked for seldom."""

        async def call(request: Request) -> Answer:
            return await self.call(request, Purpose.READ, car)

        if self.context.transport.ledger.left() == 0:
            return result
        if not await self._tyres.look(car.vin, call, self.now()):
            return result
        return self._result(car, self._entries[car.vin])

    async def _count(self, car: Car, result: ReadResult) -> ReadResult:
        """Add the energy charged in all; the list of charges is read after each."""
        now = self.now()
        if self._read_planner.is_over(car.vin, now):
            self._read_planner.note_listed(car.vin)

            async def call(request: Request) -> Answer:
                return await self.call(request, Purpose.READ, car)

            lately = Period(start=now - _LATELY, end=now)
            try:
                sessions = await history.charge_sessions(call, lately, now)
            except _OF_THE_ACCOUNT:
                raise
            except CloudError as error:
                _LOGGER.debug("The list of charges failed: %s", error)
            else:
                await self._meter.add(car.vin, sessions, now)
                result = replace(result, charges=tuple(sessions))
        reading = Reading(
            signal=s.ENERGY_CHARGED,
            value=await self._meter.shown(car.vin, now),
            captured_at=None,
            received_at=now,
            channel=self.context.account,
        )
        return replace(result, readings=(*result.readings, reading))

    @override
    async def read_one(
        self, car: Car, key: str, purpose: Purpose, request: Request | None = None
    ) -> ReadResult:
        answer = await self.call(self.part(key).request_for(car), purpose, car)
        data = get_path(answer.json(), ("telematicData",))
        if not isinstance(data, Mapping):
            raise BadAnswer(answer.what)
        now = self.now()
        entries = self._entries.setdefault(car.vin, Entries())
        entries.take(data, now)
        self._read_planner.note_entries(car.vin)
        self._read_planner.note_read(car.vin, now)
        return self._result(car, entries)

    def _result(self, car: Car, entries: Entries) -> ReadResult:
        builder = ReadingBuilder(
            captured_at=None, received_at=self.now(), channel=self.context.account
        )
        read_entries(
            builder,
            entries,
            electric_only=is_electric_only(car),
            right_hand=is_right_hand(car),
        )
        self._tyres.read(builder, car.vin)
        return builder.result()

    @override
    def next_reading(self, car: Car, due: datetime) -> datetime:
        if not is_readable(car):
            return due
        readable = sum(is_readable(one) for one in self._cars.values())
        left = self.context.transport.ledger.left()
        return self._read_planner.next_look(
            car.vin,
            due,
            readable,
            streams=self.streaming.is_good,
            saved=saved_calls(left, self.now()),
        )

    # The stream

    @override
    async def stream(self, cars: tuple[Car, ...], sink: StreamSink) -> None:
        self._cars |= {car.vin: car for car in cars}
        await self.streaming.run(sink)

    def _take_messages(self, messages: list[Message], sink: StreamSink) -> None:
        """Take a batch in, and read each car that it is about once."""
        now = self.now()
        newer: set[str] = set()
        for vin, data in messages:
            if vin not in self._cars:
                continue
            if self._entries.setdefault(vin, Entries()).take(data, now):
                newer.add(vin)
        for vin in newer:
            self._read_planner.note_entries(vin)
            sink.take(vin, self._result(self._cars[vin], self._entries[vin]))

    # What is fetched when somebody asks for it

    @override
    async def history(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        async def call(request: Request) -> Answer:
            return await self.call(request, Purpose.HISTORY, car)

        if what == "charge_sessions" and car.drive != "combustion":
            found = await history.charge_sessions(call, period, self.now())
            return {what: [session.to_json() for session in found]}
        if what == "charging_places" and car.drive != "combustion":
            places = await history.charging_places(call)
            return {what: [place.to_json() for place in places]}
        if what == "health_report":
            answer = await call(endpoints.TYRES)
            tyres = tyres_of(answer.parsed())
            categories = () if tyres is None else (tyres,)
            report = HealthReport(
                health=None if tyres is None else tyres.severity,
                categories=categories,
            )
            return report.to_json()
        raise NotSupported(what)

    @override
    async def picture(self, car: Car) -> Picture | None:
        if car.vin not in self._pictures:
            # It costs a call and never changes.
            self._pictures[car.vin] = await super().picture(car)
        return self._pictures[car.vin]

    # What the owner should know

    @override
    def advice(self) -> Iterator[Advice]:
        if self.streaming.is_contested:
            yield Advice(key="stream_contested")
        elif self.streaming.rules.refused:
            yield Advice(key="stream_refused")
        if self._used_elsewhere:
            yield Advice(key="calls_used_elsewhere")
        if (trouble := self._containers.trouble) is not None:
            yield Advice(key=trouble, mendable=trouble == FULL)
        for vin, car in self._cars.items():
            if not is_readable(car):
                yield Advice(key="not_main_user", vin=vin)
            elif vin in self._entries and self._read_planner.is_frozen(vin, self.now()):
                yield Advice(
                    key="level_frozen",
                    vin=vin,
                    placeholders={
                        "descriptors": "\n".join(f"- {key}" for key in LEVELS[:2])
                    },
                )

    @override
    async def mend(self, key: str) -> None:
        if key == FULL:
            await self._containers.delete_strangers()

    @override
    def account_facts(self) -> Mapping[str, str | float | datetime | None]:
        return {
            "stream_alive_since": self.streaming.alive_since,
            "stream_last_message_at": self.streaming.last_message_at,
            "stream_failures": self.streaming.rules.failures,
            "container": "made" if self._containers.id else "missing",
        }
