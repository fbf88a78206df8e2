"""Škoda's public interface: one read, the commands, and a key that ends some day."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, override
from uuid import uuid4

from ...car.bounds import clean_text
from ...car.commands import Command, StartClimate
from ...car.limits import Limits
from ...car.refusals import Reason
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.cadence import CadenceDefaults
from ...cloud.call_limits import CallLimit
from ...cloud.command_map import CommandMapping
from ...cloud.contract import Car, Context, ReadResult
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import (
    CloudError,
    LoginExpired,
    NothingSent,
    NotPermitted,
    NotSupported,
    PinMissing,
    PinRefused,
    SignInFailed,
    SwitchedOff,
    Throttled,
    error_for,
    map_login_errors,
)
from ...cloud.field_map import get_path, to_float
from ...cloud.ledger import Purpose
from ...cloud.parts import Part
from ...cloud.pins import PinGuard
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import Send
from ...cloud.service_info import Openness, ServiceInfo
from ...cloud.sign_in import SignInOutcome
from . import endpoints as e
from .cars import Description, descriptions_from, descriptions_to, vins_in
from .commands import COMMAND_MAP, VEHICLE
from .readings import body_about, read_vehicle, with_expiry

_KEY: Final = "api_key"
_VINS: Final = "vins"
_PER: Final = timedelta(hours=1)
_CALLS: Final = 20
_RESERVE: Final = 10
_PAUSE: Final = 900.0
"""Seconds that a pause lasts which nobody gives the length of."""
_LONGEST_PAUSE: Final = 86_400.0
_EPOCH_BEGINS: Final = 1e9
_WITHOUT_MAINS: Final = "airConditioningWithoutExternalPower"
_UNPLUGGED: Final = "CONNECT_CABLE"


class CarRests(Throttled):
    """The car itself takes nothing for a while, to spare its 12 V battery."""

    reason = Reason.CAR_RESTS


class KeyNotForCar(NotPermitted):
    """The key is good for other cars."""

    reason = Reason.NOT_THIS_CAR


class UserRefused(NotPermitted):
    """The car does not take this from the user whose key it is."""

    reason = Reason.NOT_THIS_USER


_KINDS: Final[Mapping[str, type[CloudError]]] = {
    e.KEY_NOT_FOR_CAR: KeyNotForCar,
    e.USER_REFUSED: UserRefused,
    e.NEVER: NotSupported,
    e.SWITCHED_OFF: SwitchedOff,
}


class Skoda(RestService):
    """The cars that one key of the owner's is for."""

    info = ServiceInfo(
        key="skoda",
        name="Škoda",
        manufacturer="Škoda",
        openness=Openness.OPEN,
        hosts={"eu": frozenset({e.HOST})},
        credentials=(
            CredentialField(key=_KEY, kind=FieldKind.API_KEY),
            CredentialField(key=_VINS, kind=FieldKind.VINS, identifies=True),
        ),
        pin=True,
        random_id=True,
        guide={"keys": "https://go.skoda.eu/api-keys"},
        cadence=CadenceDefaults(
            driving=480, charging=600, after_command=360, parked=1800, asleep=3600
        ),
        call_limits=(
            CallLimit(calls=_CALLS, per=_PER, reserve=_RESERVE, each_car=True),
        ),
        verify_after=25,
        timeout=240,
    )
    base = e.BASE
    # Every refusal says how many calls are left, and most say why in their body.
    judged = frozenset(range(400, 600))
    parts = (
        Part(key=VEHICLE, request=e.VEHICLE, decode=with_expiry, read=read_vehicle),
    )
    command_map = COMMAND_MAP

    def __init__(self, context: Context) -> None:
        """Go on with the key and the cars of the last run."""
        super().__init__(context)
        self._account_state = AccountState(context)
        self.pins: PinGuard = PinGuard(self._account_state, context.clock)
        self._cars = descriptions_from(self._account_state.text("cars"))
        self._left: dict[str, tuple[int, datetime]] = {}
        context.transport.ledger.serve(len(self._cars))
        self._needs_leave: dict[str, bool] = {}
        """Whether a car is to be allowed to condition its cabin without mains."""

    # The key

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Try the key on every car; a new one changes nothing else of the account."""
        kept = {_VINS: ",".join(self._cars), _KEY: self._account_state.text(_KEY) or ""}
        typed = {**kept, **{key: text for key, text in credentials.items() if text}}
        if (vins := vins_in(typed[_VINS])) is None:
            raise NothingSent(SignInOutcome.VIN_INVALID)
        key = clean_text(typed[_KEY]).strip()
        # One car first: a key that is refused is not sent again for the others.
        first = await self._try(vins[0], key)
        others = await asyncio.gather(*(self._try(vin, key) for vin in vins[1:]))
        cars = {one.vin: one for one in (first, *others)}
        self._cars = cars
        self.context.transport.ledger.serve(len(cars))
        account = self._account_state.text("account") or uuid4().hex
        await self._account_state.keep(
            account=account,
            api_key=key,
            key_refused=None,
            cars=descriptions_to(cars),
        )
        return account

    async def _try(self, vin: str, key: str) -> Description:
        """Ask for a car with a key that is not kept yet, and return what it is."""
        known = self._cars.get(vin) or Description(vin=vin)
        with map_login_errors(_LOGIN_ENDS):
            try:
                answer = await self.send(
                    e.VEHICLE, Purpose.SIGN_IN, known.car, _headers(key)
                )
            except SignInFailed:
                if key == self._account_state.text(_KEY):
                    await self._account_state.keep(key_refused=1)
                raise
            return known.after(body_about(vin, answer))

    @override
    async def authorise(self, send: Send) -> Answer:
        """Send the key along, unless it was refused before."""
        key = self._account_state.text(_KEY)
        if key is None or self._account_state.number("key_refused") is not None:
            raise LoginExpired(e.VEHICLE.path)
        return await send(_headers(key))

    # Calls

    @override
    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call; keep what it says of the key, the S-PIN and the car."""
        try:
            answer = await super().call(request, purpose, car)
        except SignInFailed:
            await self._account_state.keep(key_refused=1)
            raise
        except PinRefused as error:
            # The same is said of a user who may not: the PIN need not be wrong.
            raise await self.pins.refuse(
                request.path, request.json["spin"], error.status, sure=False
            ) from None
        if car is not None and request.path == e.VEHICLE.path:
            await self._learn(car, answer)
        if request.path == e.START_HEATER.path:
            await self.pins.accept(request.json["spin"])
        return answer

    @override
    def error_of(self, answer: Answer) -> CloudError:
        """Name a refusal by the kind of problem in its body."""
        problem = e.problem_of(answer)
        if answer.status == 401:
            ended = problem == e.KEY_EXPIRED
            return SignInFailed(
                SignInOutcome.KEY_ENDED if ended else SignInOutcome.KEY_REFUSED
            )
        if answer.status == 429:
            alone = problem == e.CAR_RESTS
            kind = CarRests if alone else Throttled
            wait = answer.retry_after(self.now())
            pause = _PAUSE if wait is None else min(max(wait, 0), _LONGEST_PAUSE)
            until = self.now() + timedelta(seconds=pause)
            return kind(
                answer.what,
                until=until,
                status=429,
                scope="command" if alone else "account",
            )
        if answer.what == e.START_HEATER.path and problem == e.USER_REFUSED:
            return PinRefused(answer.what, status=answer.status)
        return error_for(answer.what, answer.status, _KINDS.get(problem))

    @override
    def heard(self, answer: Answer, car: Car | None) -> None:
        """Take the cloud's word for the calls left, of the car that has the least."""
        left = to_float(answer.headers.get(e.LEFT_HEADER))
        reset = to_float(answer.headers.get(e.RESET_HEADER))
        if car is None or left is None or reset is None:
            return
        now = self.now()
        until = now + _PER
        seconds = reset - now.timestamp() if reset > _EPOCH_BEGINS else reset
        if 0 <= seconds < _PER.total_seconds():
            until = now + timedelta(seconds=seconds)
        self._left[car.vin] = int(left), until
        told = [one for one in self._left.values() if one[1] > now]
        if told:
            self.context.transport.ledger.correct(*min(told))

    # Cars

    @override
    async def cars(self) -> tuple[Car, ...]:
        """Return the cars the owner has named; the interface lists none."""
        return tuple(one.car for one in self._cars.values())

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read everything in one call, and keep what it says the car is."""
        return await self.read_one(car, VEHICLE, Purpose.READ)

    async def _learn(self, car: Car, answer: Answer) -> None:
        """Keep what an answer says the car is, where that is another than before."""
        body = body_about(car.vin, answer)
        if (known := self._cars.get(car.vin)) is None:
            return
        vehicle = get_path(body, ("vehicle",))
        allowed = get_path(vehicle, ("airConditioning", _WITHOUT_MAINS))
        state = get_path(vehicle, ("charging", "status", "state"))
        self._needs_leave[car.vin] = allowed is False and state == _UNPLUGGED
        if (found := known.after(body)) != known:
            self._cars[car.vin] = found
            await self._account_state.keep(cars=descriptions_to(self._cars))

    # Commands

    @override
    async def encode(
        self, car: Car, command: Command, mapping: CommandMapping
    ) -> Request:
        """Let a car that is not plugged in condition its cabin, since it is to."""
        request = await super().encode(car, command, mapping)
        if isinstance(command, StartClimate) and self._needs_leave.get(car.vin):
            return replace(request, json={**request.json, _WITHOUT_MAINS: True})
        return request

    @override
    async def secure(
        self, car: Car, request: Request, limits: Limits, pin: str | None
    ) -> Request:
        """Put the S-PIN where it is wanted: a heater can be stopped without one."""
        if request.path != e.START_HEATER.path:
            return request
        if not pin:
            raise PinMissing(request.path)
        await self.pins.begin(request.path, pin)
        return replace(request, json={**request.json, "spin": pin})


def _headers(key: str) -> Mapping[str, str]:
    # Without a body too: left out, a POST says that it brings bytes of no known kind.
    kind = "application/json"
    return {e.KEY_HEADER: key, "Accept": kind, "Content-Type": kind}


_LOGIN_ENDS: Final[Mapping[type[CloudError], SignInOutcome]] = {
    NotPermitted: SignInOutcome.NOT_THIS_CAR,
    NotSupported: SignInOutcome.NOT_THIS_CAR,
    Throttled: SignInOutcome.QUOTA,
}
