"""The portal of the EU Data Act as a service: it reads files, and commands nothing."""

import asyncio
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final, override

from ...car import signals as s
from ...car.commands import CommandKind
from ...car.limits import Limits
from ...car.signals import Signal, Value
from ...car.snapshot import Reading
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Advice, Car, Context, LeftBehind, ReadResult
from ...cloud.errors import (
    CloudError,
    LoginExpired,
    NotPermitted,
    SignInFailed,
    Throttled,
    error_for,
)
from ...cloud.ledger import Purpose
from ...cloud.login import LoginDialog
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import ANY_REFUSAL, Send
from ...cloud.service_info import ServiceInfo
from . import advice, endpoints
from .archive import BadDelivery, Delivery, unpack
from .car_state import CarState
from .conversation import Conversation
from .data_requests import DataRequest, current_request
from .file_list import File, files_in, nickname_in, vins_in
from .hosts import PORTAL
from .info import INFO
from .readings import Readings, read_delivery, read_memory
from .request_creation import create_request
from .session import Session, SessionManager

_FIRST_FILES: Final = 8
_REDIRECTS: Final = frozenset({301, 302, 303})
_REQUEST_EVERY: Final = timedelta(days=1)
_REQUEST_WANTED_EVERY: Final = timedelta(minutes=50)
_DELIVERIES: Final = "deliveries"
_OF_THE_FILE: Final = frozenset({400, 404, 410})
"""Statuses that say that there is no such file, or not yet."""
_CAR: Final = "car_"
_VEHICLES: Final = endpoints.VEHICLES.path


class EuDataAct(RestService):
    """One account at the portal, for one of its brands."""

    info: ClassVar[ServiceInfo] = INFO
    base: ClassVar[str] = PORTAL
    judged = ANY_REFUSAL | _REDIRECTS
    parts = ()

    def __init__(self, context: Context) -> None:
        """Go on from what the last run kept; no call is made."""
        super().__init__(context)
        self._account_state = AccountState(context)
        self.session: Final = SessionManager(context, self._account_state)
        self._states: dict[str, CarState] = {}
        self._told: set[str] = set()

    # Signing in

    @override
    async def login(self, talk: LoginDialog) -> str:
        return await Conversation(self, talk).run()

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Sign in where no question comes up, and create nothing."""
        return await self.session.sign_in(credentials, None)

    @override
    async def close(self) -> None:
        await self.session.close()

    @override
    async def authorise(self, send: Send) -> Answer:
        async def call(session: Session) -> Answer:
            answer = await send(endpoints.headers(session.header))
            await self.session.hear(session, answer)
            return answer

        return await self.session.authorised(call)

    @override
    def error_of(self, answer: Answer) -> CloudError:
        """Take 401 for the end of the session, and 403 too where no car is meant.

        So is a redirect: it leads to the sign-in, as a page of the portal would.
        """
        refused = answer.status == HTTPStatus.FORBIDDEN and answer.what == _VEHICLES
        if refused or answer.status in _REDIRECTS:
            return LoginExpired(answer.what, status=answer.status)
        return error_for(answer.what, answer.status)

    @override
    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call; a car's 403 may mean the session, or that the car was sold.

        Which it is the list of cars tells, and that renews a session that has ended.
        """
        try:
            return await super().call(request, purpose, car)
        except NotPermitted as error:
            if car is None:
                raise
            answer = await super().call(endpoints.VEHICLES, purpose)
            if car.vin not in vins_in(answer.parsed()):
                raise NotPermitted(request.path, status=error.status) from None
        return await super().call(request, purpose, car)

    # Cars and requests

    @override
    async def cars(self) -> tuple[Car, ...]:
        answer = await self.call(endpoints.VEHICLES, Purpose.LIST)
        brand = self.session.brand.name
        found = [Car(vin=vin, manufacturer=brand) for vin in vins_in(answer.parsed())]
        names = await asyncio.gather(
            *(self._nickname(car) for car in found), return_exceptions=True
        )
        for name in names:
            if isinstance(name, BaseException):
                raise name
        return tuple(
            replace(car, nickname=name)
            for car, name in zip(found, names, strict=True)
            if not isinstance(name, BaseException)
        )

    async def _nickname(self, car: Car) -> str | None:
        """Return what the owner calls a car; it is asked for once, and not needed."""
        state = self._state(car)
        if state.nickname is None:
            try:
                answer = await self.call(endpoints.RELATION, Purpose.LIST, car)
                state.nickname = nickname_in(answer.parsed()) or ""
            except LoginExpired, SignInFailed:
                raise
            except CloudError:
                return None
            await self._keep(car)
        return state.nickname or None

    async def request_of(self, car: Car, purpose: Purpose) -> DataRequest | None:
        """Ask the portal which data request of a car counts."""
        answer = await self.call(endpoints.METADATA, purpose, car)
        state, now = self._state(car), self.now()
        found = answer.status != HTTPStatus.NOT_FOUND
        state.request = current_request(answer.parsed(), now) if found else None
        state.asked_at = now
        return state.request

    @override
    def values(self, car: Car) -> Mapping[str, str]:
        request = self._state(car).request
        identifier = "" if request is None else request.identifier
        return {**super().values(car), "identifier": identifier}

    # Reading

    @override
    async def read(self, car: Car) -> ReadResult:
        state = self._state(car)
        now = state.looked_at = self.now()
        found, known = Readings(), Readings()
        if car.vin not in self._told:
            # What was known before, but perhaps could not be handed on.
            known = read_memory(state.memory, now, self.context.account)
        self._told.discard(car.vin)
        gaps: frozenset[str] = frozenset()
        try:
            await self._look(car, state, found)
        except LoginExpired, SignInFailed:
            raise
        except CloudError:
            state.failures += 1
            if not found.readings:
                raise
            gaps = frozenset({_DELIVERIES})
        else:
            state.failures = 0
        self._told.add(car.vin)
        await self._keep(car)
        about = self._about_deliveries(state)
        return ReadResult(
            readings=(*known.readings, *found.readings, *about),
            placeholders=found.placeholders,
            gaps=gaps,
        )

    async def _look(self, car: Car, state: CarState, found: Readings) -> None:
        """Fetch every file that was not read yet, oldest first."""
        asked = self._asks_for_request(state)
        if asked:
            await self.request_of(car, Purpose.READ)
        if state.request is None or state.request.is_over(self.now()):
            return
        files = await self._files(car)
        vanished = not files and state.newest_at is not None
        if vanished and not state.vanished and not asked:
            # Files came before: the request may have another identifier by now.
            before = state.request
            after = await self.request_of(car, Purpose.READ)
            if after is not None and after.identifier != before.identifier:
                files = await self._files(car)
        state.vanished = not files and state.newest_at is not None
        fresh = [file for file in files if state.wants(file)]
        state.misses = 0 if fresh else state.misses + 1
        first = state.memory.last_created is None
        for file in _first_ones(fresh) if first else fresh:
            state.note_listed(file)
            delivery = await self._fetch(car, state, file)
            nothing = not delivery.entries and file.name not in state.broken
            state.note_content(file, empty=nothing)
            told = read_delivery(
                delivery, state.memory, self.now(), self.context.account
            )
            if delivery.entries:
                state.contradictions = frozenset(told.contradictions)
            _add(found, told)

    def _asks_for_request(self, state: CarState) -> bool:
        """Return whether the request may be another, or may have ended, by now."""
        if state.asked_at is None:
            return True
        running = state.request is not None and not state.request.is_over(self.now())
        settled = running and not state.vanished
        every = _REQUEST_EVERY if settled else _REQUEST_WANTED_EVERY
        return self.now() - state.asked_at >= every

    async def _files(self, car: Car) -> list[File]:
        answer = await self.call(endpoints.FILES, Purpose.READ, car)
        if answer.status != HTTPStatus.OK:
            return []
        return files_in(answer.parsed(), self.now())

    async def _fetch(self, car: Car, state: CarState, file: File) -> Delivery:
        """Return a file's delivery; one without entries if it is none.

        What is wrong with a file costs no other one.
        """
        nothing = Delivery(created_at=file.created_at)
        if file.empty:
            return nothing
        try:
            answer = await self.call(endpoints.download(file.name), Purpose.READ, car)
            delivery = unpack(answer.content, car.vin, file.created_at)
        except LoginExpired, SignInFailed, Throttled, NotPermitted:
            raise
        except CloudError as error:
            gone = error.status in _OF_THE_FILE
            if not gone and (error.status is None or not state.is_stuck_on(file)):
                raise
            state.note_broken(file)
            return nothing
        except BadDelivery:
            state.note_broken(file)
            return nothing
        state.broken.pop(file.name, None)
        return delivery

    def _about_deliveries(self, state: CarState) -> list[Reading]:
        """Say how the deliveries themselves are."""
        now = self.now()
        ends_at = None if state.request is None else state.request.ends_at
        said: tuple[tuple[Signal[Any], Value | None], ...] = (
            (s.DATA_DELIVERY, str(state.delivery(now))),
            (s.DELIVERED_AT, state.newest_at),
            (s.CONTENT_DELIVERED_AT, state.content_at),
            (s.SERVICE_EXPIRES_AT, ends_at),
        )
        return [
            Reading(
                signal=signal,
                value=value,
                captured_at=None,
                received_at=now,
                channel=self.context.account,
            )
            for signal, value in said
        ]

    @override
    def next_reading(self, car: Car, due: datetime) -> datetime:
        look = self._state(car).next_look(car.vin)
        if look is None:
            return due
        if self.session.spread:
            return max(look, min(self.session.opens_at(), look + _REQUEST_EVERY))
        return look

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return {}

    @override
    def account_facts(self) -> Mapping[str, str | float | datetime | None]:
        lifetimes = [life.total_seconds() / 3600 for life in self.session.lifetimes]
        doubtful = sorted(
            {word for state in self._states.values() for word in state.contradictions}
        )
        return {
            "session_hours": min(lifetimes, default=None),
            "sign_ins_spread": str(self.session.spread).lower(),
            "sign_ins_today": float(self.session.tries_today()),
            "contradictions": ", ".join(doubtful) or None,
        }

    @override
    def advice(self) -> Iterator[Advice]:
        return advice.advice_of(self._states, self.now(), spread=self.session.spread)

    @override
    async def mend(self, key: str) -> None:
        """Create the requests that are missing; raise if the portal refuses one."""
        refused = False
        for vin in advice.lacking(self._states, self.now(), key):
            car = Car(vin=vin, manufacturer=self.session.brand.name)
            if not await create_request(self, car, advice.CLUSTERS[key]):
                self._states[vin].refusals += 1
                refused = True
        if refused:
            raise NotPermitted("data request")

    @override
    def left_behind(self) -> LeftBehind | None:
        """Name the requests that run: the portal goes on making files of them."""
        kept = self.context.tokens or {}
        states = (
            CarState.from_text(text if isinstance(text, str) else None)
            for key, text in kept.items()
            if key.startswith(_CAR)
        )
        running = [
            state.request
            for state in states
            if state.request is not None and not state.request.is_over(self.now())
        ]
        if not running:
            return None
        names = {request.name or request.identifier for request in running}
        ends = [request.ends_at for request in running if request.ends_at is not None]
        return LeftBehind(
            names=tuple(sorted(names)),
            url=PORTAL,
            until=max(ends) if len(ends) == len(running) else None,
        )

    # What is kept

    def _state(self, car: Car) -> CarState:
        if car.vin not in self._states:
            kept = self._account_state.text(_kept_under(car))
            self._states[car.vin] = CarState.from_text(kept)
        return self._states[car.vin]

    async def _keep(self, car: Car) -> None:
        await self._account_state.keep(**{_kept_under(car): self._state(car).to_text()})


def _kept_under(car: Car) -> str:
    return f"{_CAR}{car.vin}"


def _add(found: Readings, more: Readings) -> None:
    found.readings += more.readings
    found.placeholders += more.placeholders
    found.contradictions |= more.contradictions


def _first_ones(files: list[File]) -> list[File]:
    """Return the newest files with content, and the empty ones among and after them."""
    full = [file for file in files if not file.empty][-_FIRST_FILES:]
    return [file for file in files if not full or file.created_at >= full[0].created_at]
