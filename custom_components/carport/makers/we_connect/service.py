"""Volkswagen We Connect, first generation (2018 to 2023): one call for each part."""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping, Set as AbstractSet
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, Final, override

from ...car.commands import CommandKind
from ...car.limits import Limits
from ...car.signals import ODOMETER
from ...cloud.answer import Answer
from ...cloud.cadence import CadenceDefaults
from ...cloud.command_map import CommandMapping
from ...cloud.contract import (
    Advice,
    Car,
    Confirmation,
    Context,
    Progress,
    ReadResult,
    Ticket,
)
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import (
    BadAnswer,
    CloudError,
    NothingSent,
    NotPermitted,
    NotSupported,
    SignInFailed,
    Throttled,
    map_login_errors,
)
from ...cloud.field_map import text_at
from ...cloud.gather import gather_in_order
from ...cloud.ledger import Purpose
from ...cloud.login import LoginDialog, Question
from ...cloud.pins import PinGuard
from ...cloud.requests import Request
from ...cloud.service_info import Openness, ServiceInfo
from ...cloud.sign_in import SignInOutcome
from ..volkswagen_group.app_login import sign_in
from ..volkswagen_group.forms import not_understood
from . import cars, commands, endpoints as e
from .connection import COUNTRY, NOT_ENROLLED, WeConnectConnection
from .endpoints import NotEnrolled
from .history import HISTORY
from .login import WE_CONNECT_APP
from .parts import PARTS, REPORT, TIMERS
from .rate_limit_pause import RateLimitPause
from .schedule import heats_with_fuel
from .security_pin import SecurityPin

_WAY: Final = "way"
_DEVICE: Final = "device"
_PASSWORD: Final = "password"
_PORTAL: Final = "https://eu-data-act.drivesomethinggreater.com"

_WITHOUT_PROFILE: Final[Mapping[type[CloudError], SignInOutcome]] = {
    Throttled: SignInOutcome.QUOTA,
    # Good credentials, and no car or no contract behind them.
    NotPermitted: SignInOutcome.CONSENT_MISSING,
}

type Body = Mapping[str, Any]


class WeConnect(WeConnectConnection):
    """One account at We Connect."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="we_connect",
        name="Volkswagen We Connect",
        manufacturer="Volkswagen",
        openness=Openness.PARTLY_OPEN,
        hosts={"eu": e.WE_CONNECT_HOSTS},
        credentials=(
            CredentialField(
                key=_WAY,
                kind=FieldKind.CHOICE,
                choices=(_DEVICE, _PASSWORD),
                suggested=_DEVICE,
            ),
            CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
            CredentialField(key=_PASSWORD, kind=FieldKind.PASSWORD, required=False),
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        pin=True,
        # A reading is two to seven calls, and nobody knew how many a day are too many.
        cadence=CadenceDefaults(
            driving=300, charging=600, after_command=60, parked=3600, asleep=7200
        ),
        verify_after=15,
        timeout=180,
        reports_completion=True,
        history=frozenset(row.key for row in HISTORY),
        advice=frozenset({NOT_ENROLLED}),
    )
    parts = PARTS
    command_map = commands.COMMAND_MAP
    history_map = HISTORY
    schedule_part = TIMERS

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        self.pins = PinGuard(self._account_state, context.clock)
        self._pin = SecurityPin(self.call, self.pins, context.clock)
        self.pauses: RateLimitPause = RateLimitPause(self._account_state, context.clock)
        self._profile_cars: cars.Nicknames | None = None
        """What a sign-in has just heard of the owner's cars."""
        self._fuel_timers: set[str] = set()
        """Cars whose timers may run a heater that burns fuel, by their own settings."""

    # Signing in

    @override
    async def login(self, talk: LoginDialog) -> str:
        """Sign in at the maker's own page, or with a password at a private server."""
        typed = await talk.ask()
        password = typed.get(_PASSWORD)
        if (typed.get(_WAY) or (_PASSWORD if password else _DEVICE)) == _PASSWORD:
            if not password:
                raise NothingSent(SignInOutcome.PASSWORD_WANTED)
            return await self.sign_in(typed)
        if not await talk.confirm(Question(key="former_car_net", url=_PORTAL)):
            raise NothingSent(SignInOutcome.DECLINED)
        known = self._known_account()
        with map_login_errors():
            visit, code = await self._identity.ask_for_code()
            await talk.visit(visit, partial(self._identity.look, code))
            number = await self._tokens.installation()
        await self._tokens.begin(number)
        user = self._account_state.text("user_id") or ""
        try:
            owner, self._profile_cars = await gather_in_order(
                self._introduce(), self._list_profile()
            )
        except SignInFailed:
            # Nobody knows whether the host of the profiles still answers.
            owner = user
        return await self._keep_account(user, known.get(user, owner))

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        known = self._known_account()
        grant = await sign_in(
            self.context.transport,
            WE_CONNECT_APP,
            credentials["username"],
            credentials["password"],
        )
        if not grant.id_token or grant.user_id is None:
            raise not_understood()
        with map_login_errors():
            _, number = await gather_in_order(
                self._identity.exchange(grant), self._tokens.installation()
            )
        _, owner, self._profile_cars = await gather_in_order(
            self._tokens.begin(number), self._introduce(), self._list_profile()
        )
        user = grant.user_id
        return await self._keep_account(user, known.get(user, owner))

    def _known_account(self) -> Mapping[str, str]:
        """Return the account's id by that of its user: it stays, whichever way is used.

        Before there were two ways it was what the cars' services know the owner by.
        """
        state = self._account_state
        user = state.text("account_user") or state.text("user_id")
        account = state.text("account_id") or state.text("mbb_user")
        return {} if user is None or account is None else {user: account}

    async def _keep_account(self, user: str, account: str) -> str:
        await self._account_state.keep(account_user=user, account_id=account)
        return account

    async def _introduce(self) -> str:
        """Learn who the owner is for the cars' services, and where; return the id."""
        with map_login_errors(_WITHOUT_PROFILE):
            personal, status = await gather_in_order(
                self.json(e.PERSONAL, Purpose.LIST),
                self.json(e.MBB_STATUS, Purpose.LIST),
            )
            mbb = personal.get("businessIdentifierValue") or status.get("mbbUserId")
            if not isinstance(mbb, str) or not mbb:
                raise BadAnswer(e.PERSONAL.path)
        country = status.get("carnetEnrollmentCountry")
        if not isinstance(country, str) or len(country) != len(COUNTRY):
            country = COUNTRY
        await self._account_state.keep(mbb_user=mbb, country=country)
        return mbb

    # Cars

    async def _list_profile(
        self, known: cars.Nicknames | None = None
    ) -> cars.Nicknames:
        """Ask which cars the owner's profile has, unless that is known."""
        if known is not None:
            return known
        return cars.nicknames_of(await _optional(self.json(e.REAL_CARS, Purpose.LIST)))

    @override
    async def cars(self) -> tuple[Car, ...]:
        """List the cars, each with its home and its rights.

        Those of the profile, which are known right after a sign-in, are asked for theirs
        beside the list; only the list says which cars there are.
        """
        known, self._profile_cars = self._profile_cars, None
        expected = tuple(known or ())[: cars.MOST_EXPECTED]
        homes = {vin: asyncio.create_task(self._home(vin)) for vin in expected}
        try:
            listed, names, horn = await gather_in_order(
                self.json(e.VEHICLES, Purpose.LIST),
                self._list_profile(known),
                _optional(self.json(e.HORN_LIMITS, Purpose.LIST)),
            )
            vins, seconds = cars.vins_of(listed), cars.horn_seconds_of(horn)
            found = await gather_in_order(
                *(
                    self._car(vin, homes.get(vin), names.get(vin), seconds)
                    for vin in vins
                )
            )
        finally:
            for task in homes.values():
                task.cancel()
            await asyncio.gather(*homes.values(), return_exceptions=True)
        for vin in homes.keys() - set(vins):
            # Whatever was said of it, it is not one of the account's cars.
            await self._note_enrolled(vin, enrolled=True)
        return found

    async def _home(self, vin: str) -> tuple[Body, Body]:
        """Ask for a car's home and its rights."""
        return await gather_in_order(
            _permitted(self._about(vin, e.DATA, e.HOME)),
            _permitted(self._operations(vin)),
        )

    async def _car(
        self,
        vin: str,
        asked: asyncio.Task[tuple[Body, Body]] | None,
        nickname: str | None,
        horn_seconds: float | None,
    ) -> Car:
        """Describe a car; one that the account has no right to is listed all the same.

        Without a home of its own its data is where it always was.
        """
        home, operations = await (asked or self._home(vin))
        base = e.data_base(text_at(home, "homeRegion", "baseUri", "content")) or e.DATA
        details = await _optional(self._about(vin, base, e.DETAILS))
        services = cars.services_of(operations, self.now()) if operations else {}
        return cars.car_of(vin, base, services, details, nickname, horn_seconds)

    async def _operations(self, vin: str) -> Body:
        """Ask for the rights to a car, unless it was refused for good lately."""
        if self.left_alone(vin):
            return {}
        return await self._about(vin, e.DATA, e.OPERATIONS)

    async def _about(self, vin: str, base: str, request: Request) -> Body:
        """Ask something of a car that is not described yet."""
        car = Car(vin=vin, manufacturer="", handle={"base": base})
        return await self.json(request, Purpose.LIST, car)

    # Reading

    @override
    async def read(self, car: Car) -> ReadResult:
        if self.left_alone(car.vin):
            raise NotEnrolled(e.OPERATIONS.path)
        if not any(part.wanted(car) for part in self.parts):
            raise NotPermitted(e.OPERATIONS.path)
        return await super().read(car)

    @override
    async def read_one(
        self, car: Car, key: str, purpose: Purpose, request: Request | None = None
    ) -> ReadResult:
        result = await super().read_one(car, key, purpose, request)
        for reading in result.readings:
            if reading.signal is ODOMETER:
                await self.pauses.note_odometer(car, ODOMETER.accept(reading.value))
        return result

    @override
    def advice(self) -> Iterator[Advice]:
        """Name the other way in, for a car that is refused here for good."""
        for vin in sorted(self.not_enrolled):
            yield Advice(key=NOT_ENROLLED, placeholders={"page": _PORTAL}, vin=vin)

    @override
    def heard(self, answer: Answer, car: Car | None) -> None:
        """Note how many commands are left, and by which heater timers warm a car."""
        super().heard(answer, car)
        if car is None:
            return
        self.pauses.heard(answer, car)
        if answer.what != e.TIMERS.path or answer.status != HTTPStatus.OK:
            return
        if heats_with_fuel(answer.parsed()):
            self._fuel_timers.add(car.vin)
        else:
            self._fuel_timers.discard(car.vin)

    # Commands

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        set_so = car.vin in self._fuel_timers
        return {
            kind: commands.timers_that_burn_fuel(car, limits, set_so=set_so)
            for kind, limits in super().commands(car, observed).items()
        }

    @override
    async def secure(
        self, car: Car, request: Request, limits: Limits, pin: str | None
    ) -> Request:
        """Trade the S-PIN for a token, where this very call needs one."""
        if request.operation is None:
            return request
        token = await self._pin.token(car, request.operation, pin)
        return request.with_headers(X_MBBSecToken=token)

    @override
    def ticket_of(self, answer: Answer) -> str:
        return commands.number_in(answer)

    @override
    async def progress_of(
        self, car: Car, ticket: Ticket, mapping: CommandMapping
    ) -> Confirmation | None:
        """Ask what became of a command; fetch the report that a car was woken for."""
        found = await super().progress_of(car, ticket, mapping)
        if (
            found is None
            or found.progress is not Progress.DONE
            or mapping.kind is not CommandKind.WAKE
        ):
            return found
        request = e.REPORT_BY_NUMBER.with_values(number=ticket.number or "")
        result = await self.read_one(car, REPORT, Purpose.CONFIRM, request)
        return Confirmation(progress=Progress.DONE, result=result)

    @override
    def progress_in(self, answer: Answer) -> Confirmation:
        return commands.progress_in(answer)


async def _permitted(call: Awaitable[Body]) -> Body:
    """Make a call that the account may have no right to."""
    try:
        return await call
    except NotPermitted, NotSupported:
        return {}


async def _optional(call: Awaitable[Body]) -> Body:
    """Make a call whose answer may be missing, or nonsense."""
    try:
        return await _permitted(call)
    except BadAnswer:
        return {}
