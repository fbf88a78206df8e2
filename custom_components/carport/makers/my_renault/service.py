"""MyRenault: Renault, Dacia and Alpine in Europe, Renault in Australia and Mexico."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
import re
from typing import Any, ClassVar, Final, override

from yarl import URL

from ...car import signals as s
from ...car.commands import Command, CommandKind
from ...car.limits import Limits
from ...car.schedule import Schedule
from ...cloud.answer import Answer
from ...cloud.bodies import PICTURE
from ...cloud.command_map import CommandMapping
from ...cloud.contract import Car, Context, DayCost, Picture, ReadResult, Ticket
from ...cloud.errors import CloudError, ContractEnded, NotPermitted, NotSupported
from ...cloud.field_map import ReadingBuilder, text_at
from ...cloud.hosts import declared
from ...cloud.ledger import Purpose
from ...cloud.login import LoginDialog
from ...cloud.parts import Part, ReadPart
from ...cloud.requests import Request
from ...cloud.rest_reads import picture_in
from ...cloud.service_info import ServiceInfo
from ...cloud.zones import zone
from . import parts, readings
from .commands import COMMANDS
from .connection import KamereonService
from .countries import PICTURES
from .encoding import CommandEncoder
from .endpoints import contracts
from .energy import EnergyMeter
from .garage import find_cars
from .history import HISTORY, lately, sessions
from .info import INFO
from .learning import LearntRefusals, PartMemory
from .login import Login
from .programmes import Programmes
from .refusals import Denied, Forbidden, NotForwarded

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_IMAGE: Final = "/ImageFromBookmark"
_CONTRACTS: Final = "contracts"
_MODE: Final = "mode"
_TIMERS: Final = "timers"
_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    _MODE: ("charge_mode", "charging_settings", "settings"),
    _TIMERS: ("calendar", "charging_settings", "climate_settings", "settings"),
}
"""What shows the effect of a command in one of several parts, by model."""
_SEPARATOR: Final = re.compile(r"[\s,;]+")


class MyRenault(KamereonService):
    """One person at MyRenault, with all their accounts and cars."""

    info: ClassVar[ServiceInfo] = INFO
    command_map = COMMANDS
    history_map = HISTORY
    schedule_part = _TIMERS

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept; nothing is called."""
        super().__init__(context)
        self._meter = EnergyMeter(self._account_state)
        self._zone: tzinfo | None = None
        self._homes: dict[str, str] = {}
        self._searched_at: datetime | None = None
        self._programmes: defaultdict[str, Programmes] = defaultdict(Programmes)
        self._ended: dict[str, datetime] = {}
        """Cars whose services have ended, and when to look again."""
        self._doubted: dict[str, datetime] = {}
        """Cars that look as if they had, and when their contracts are read again."""
        self._learnt = LearntRefusals(self._account_state)
        self._memory = PartMemory(self._account_state)
        self._encoder = CommandEncoder(self.call, self.now, self._account_state)
        self.parts = self._parts()  # country and account matter

    def _parts(self) -> tuple[Part, ...]:
        """Return the parts, with those that are read into this account's memory."""
        country = self._tokens.country
        battery, *others = parts.simple_parts()

        def programmes(take: Callable[[Programmes, Any], None]) -> ReadPart:
            return lambda _builder, data, car: take(self._programmes[car.vin], data)

        return (
            replace(battery, read=self._read_battery),
            *others,
            parts.lock_part(drives_left=country.drives_left),
            *parts.settings_parts(
                programmes(Programmes.take_charging),
                programmes(Programmes.take_climate),
                programmes(Programmes.take_settings),
                programmes(Programmes.take_calendar),
            ),
            parts.charges_part(
                lambda _builder, data, car: self._meter.hear(car, sessions(data))
            ),
            parts.gateway_part(self._read_gateway),
            parts.contract_part(contracts(country.locale)),
        )

    def _read_battery(self, builder: ReadingBuilder, data: Any, car: Car) -> None:
        readings.read_battery(builder, data, car)
        if readings.is_watts(car, self._memory.gateways.get(car.vin)):
            readings.read_watts(builder, data)

    def _read_gateway(self, _builder: ReadingBuilder, data: Any, car: Car) -> None:
        if (kind := text_at(data, "carGateway")) is not None:
            self._memory.gateways[car.vin] = kind

    # Signing in

    @override
    async def login(self, talk: LoginDialog) -> str:
        return self._signed_in(await self._login().converse(talk))

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        return self._signed_in(await self._login().plainly(credentials))

    @override
    def day_cost(self, cars: Sequence[Car]) -> DayCost | None:
        (limit,) = self.info.call_limits
        calls = sum(self.calls_a_day(car) for car in cars)
        return DayCost(calls=round(calls), limit=limit)

    def _login(self) -> Login:
        return Login(self.context, self._account_state, self._tokens)

    def _signed_in(self, account: str) -> str:
        """Begin anew with another country, perhaps, and whatever was refused before."""
        self._zone = None
        self._ended.clear()
        self.parts = self._parts()  # the country may be another
        return account

    @override
    def account_facts(self) -> Mapping[str, str | float | datetime | None]:
        return {
            "country": self._tokens.country.code,
            "device_remembered_at": self._tokens.remembered_at,
        }

    @override
    def values(self, car: Car) -> Mapping[str, str]:
        known = {**car.handle, "vin": car.vin}
        if (home := self._homes.get(car.vin)) is not None:
            known["account"] = home
        return known

    # Cars

    @override
    async def cars(self) -> tuple[Car, ...]:
        """List the cars of every account; each is reached where it was found."""

        async def call(
            request: Request, purpose: Purpose, values: Mapping[str, str]
        ) -> Answer:
            place = Car(vin="", manufacturer="", handle=values)
            return await self.call(request, purpose, place)

        session = await self._tokens.fresh()
        found = await find_cars(call, session.person_id)
        self._homes = {car.vin: car.handle["account"] for car in found}
        return found

    async def _moved(self, car: Car) -> bool:
        """Look for a car that everything was refused for; once an hour at most."""
        now = self.now()
        if self._searched_at is not None and now - self._searched_at < _HOUR:
            return False
        self._searched_at = now
        before = self.values(car).get("account")
        await self.cars()
        return self._homes.get(car.vin) not in {None, before}

    # Reading

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read what is due; add the timers and the energy that follow from it."""
        if (until := self._ended.get(car.vin)) is not None and self.now() < until:
            raise ContractEnded(_CONTRACTS)
        await self._know_zone()
        self._memory.recall(car, self.schedule, self.now())
        for part, until in self._learnt.away(car, self.parts, self.now()):
            self.schedule.put_off(car, part.key, until)
        result = self._with_timers(car, await super().read(car))
        await self._memory.keep(car, self.schedule)
        await self._encoder.borrowed.give_back(car, result)
        result = replace(result, charges=self._meter.told(car))
        energy = await self._meter.count(car, result, self.now())
        return (
            result if energy is None else self._with(result, s.ENERGY_CHARGED, energy)
        )

    @override
    async def read_one(
        self, car: Car, key: str, purpose: Purpose, request: Request | None = None
    ) -> ReadResult:
        """Read one part; what stands in one of several parts is looked for in each."""
        if key in _TOGETHER:
            await self._know_zone()
            several = [self.part(name) for name in _TOGETHER[key]]
            wanted = [part.key for part in several if part.wanted(car)]
            found = [await self.read_one(car, name, purpose) for name in wanted]
            return self._with_timers(car, ReadResult.of_parts(found))
        if key == "charges" and request is None:
            request = lately(self.now())
        return await super().read_one(car, key, purpose, request)

    @override
    async def _read_parts(
        self, car: Car, parts: Sequence[Part]
    ) -> dict[Part, ReadResult | CloudError]:
        found = await super()._read_parts(car, parts)
        known = any(self.schedule.was_read(car, part) for part in found)
        if known and _all(found, Forbidden) and await self._moved(car):
            found = await super()._read_parts(car, parts)
        if _all(found, Denied) or (
            _all(found, (Denied, NotForwarded)) and self._may_be_over(car)
        ):
            found = await self._with_contracts(car, found)
        if _all(found, (Denied, NotForwarded)) and self._is_over(found):
            self._note_end(car)
        else:
            self._ended.pop(car.vin, None)
            await self._learnt.note(car, found, self.schedule, self.now())
        return found

    def _may_be_over(self, car: Car) -> bool:
        """Return whether an outage of one car is to be doubted; once an hour at most."""
        now = self.now()
        if (again := self._doubted.get(car.vin)) is not None and now < again:
            return False
        self._doubted[car.vin] = now + _HOUR
        return True

    async def _with_contracts(
        self, car: Car, found: dict[Part, ReadResult | CloudError]
    ) -> dict[Part, ReadResult | CloudError]:
        """Add the contracts, which in an outage count only if they have ended."""
        if (terms := self.part(_CONTRACTS)) in found:
            return found
        looked = found | await super()._read_parts(car, [terms])
        return looked if _all(found, Denied) or self._is_over(looked) else found

    def _is_over(self, found: Mapping[Part, ReadResult | CloudError]) -> bool:
        """Return whether the contract that was just read has ended."""
        result = found.get(self.part(_CONTRACTS))
        if not isinstance(result, ReadResult):
            return False
        return any(
            reading.signal is s.SERVICE_EXPIRES_AT
            and isinstance(reading.value, datetime)
            and reading.value <= self.now()
            for reading in result.readings
        )

    def _note_end(self, car: Car) -> None:
        """Leave a car alone for a day; then its contract is looked at again."""
        until = self.now() + _DAY
        self._ended[car.vin] = until
        for part in self.parts:
            self.schedule.put_off(car, part.key, until)

    async def _know_zone(self) -> None:
        if self._zone is None:
            self._zone = await zone(self._tokens.country.zone)

    def _zone_of(self, car: Car) -> tzinfo | None:
        """Return the zone a car's programmes are converted with; None for no zone."""
        local = _SEPARATOR.split(
            (self._account_state.text("local_times") or "").upper()
        )
        return None if car.vin in local else self._zone

    def _with_timers(self, car: Car, result: ReadResult) -> ReadResult:
        """Add the timers, once all of their parts that came with this are known."""
        programmes = self._programmes[car.vin]
        if not programmes.news:
            return result
        programmes.news = False
        timers = programmes.timers(self._zone_of(car), self.now())
        return result if timers is None else self._with(result, s.SCHEDULE, timers)

    def _with(
        self, result: ReadResult, signal: s.Signal[Any], value: Any
    ) -> ReadResult:
        builder = ReadingBuilder(
            captured_at=None, received_at=self.now(), channel=self.context.account
        )
        builder.add(signal, value)
        return ReadResult.of_parts((result, builder.result()))

    @override
    async def picture(self, car: Car) -> Picture | None:
        address = URL(car.handle.get("picture", ""))
        if not declared(address, {PICTURES}):
            return None
        try:
            answer = await self.context.transport.request(
                "GET", address, purpose=Purpose.HISTORY, what=_IMAGE, bound=PICTURE
            )
        except NotSupported:
            return None
        return picture_in(answer)

    # Commands

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        withheld = self._learnt.withheld(car, self.now())
        return {
            kind: limits
            for kind, limits in super().commands(car, observed).items()
            if kind not in withheld
        }

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        """Send a command once; what the car turns out not to have is not offered again."""
        if car.vin in self._ended:
            raise ContractEnded(str(command.kind))
        await self._know_zone()
        try:
            ticket = await super().execute(car, command, pin)
        except NotPermitted, NotSupported:
            if command.kind is CommandKind.START_CHARGING:
                await self._encoder.borrowed.forget(car)
            self._learnt.withhold(car, command.kind, self.now())
            raise
        shown = self.mapping(command.kind).shown_by or ""
        self.schedule.bring_forward(car, *_TOGETHER.get(shown, ()))
        return ticket

    @override
    async def encode(
        self, car: Car, command: Command, mapping: CommandMapping
    ) -> Request:
        zone_ = self._zone_of(car)
        known = self._programmes[car.vin].timers(zone_, self.now()) or Schedule()
        request = await self._encoder.encode(car, command, known, zone_)
        return request or await super().encode(car, command, mapping)


def _all(
    found: Mapping[Part, ReadResult | CloudError],
    kind: type[CloudError] | tuple[type[CloudError], ...],
) -> bool:
    """Return whether everything about the car itself was refused in these ways."""
    about = [result for part, result in found.items() if part.key != _CONTRACTS]
    return len(about) > 0 and all(isinstance(result, kind) for result in about)
