"""CarData from a broker of the owner's own, which another program feeds.

BMW allows one stream for each account. A bridge that has it publishes the same JSON at
home, where any number of programs may read along.
"""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
import hashlib
import logging
import re
from typing import ClassVar, Final, Self, override

from ...car.bounds import is_vin
from ...car.commands import Command, CommandKind
from ...car.limits import Limits
from ...cloud.account_state import AccountState
from ...cloud.cadence import CadenceDefaults
from ...cloud.contract import (
    Car,
    Confirmation,
    Context,
    ReadResult,
    Service,
    StreamSink,
    Ticket,
)
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import LoginExpired, NothingSent, NotSupported, SignInFailed
from ...cloud.field_map import ReadingBuilder
from ...cloud.hosts import StreamAddress
from ...cloud.login import LoginDialog
from ...cloud.service_info import Openness, ServiceInfo
from ...cloud.sign_in import SignInOutcome
from .endpoints import REGION
from .entries import Entries
from .readings import FUELS, read_entries
from .reconnecting import Reconnecting
from .stream import (
    Message,
    StreamConnection,
    StreamLogin,
    StreamLost,
    StreamRefused,
    StreamUnreached,
)

_LOGGER: Final = logging.getLogger(__name__)
_TOPIC: Final = "bmw/+"
_PORT: Final = 1883
_USER: Final = "broker_user"
"""No e-mail address, as every other service's `username` is."""
_VINS: Final = re.compile(r"[\s,;]+")
_MAKES: Final = {"WMW": "MINI", "WMZ": "MINI"}
_NO_HOST: Final = "broker.invalid"
"""It is the owner's own machine that is called, and no maker's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the owner's broker is, and which cars it tells of."""

    host: str
    port: int
    tls: bool
    topic: str
    vins: tuple[str, ...]
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @classmethod
    def typed(cls, values: Mapping[str, str], known: Self | None) -> Self:
        """Read what the owner typed; `SignInFailed` where that is no broker.

        What was left empty stays as it is known, but no other broker gets the password.
        """
        said = {key: value for key, value in values.items() if value.strip()}
        if known is not None and known.is_at(said):
            said = {**known.fields, **said}
        host = said.get("host", "").strip()
        port = said.get("port", str(_PORT)).strip()
        vins = tuple(
            vin for vin in _VINS.split(said.get("vins", "").upper()) if is_vin(vin)
        )
        usable = port.isascii() and port.isdigit() and 0 < int(port) < 65_536
        if not host or not usable or not vins:
            raise NothingSent(SignInOutcome.BROKER_UNREACHABLE)
        return cls(
            host=host,
            port=int(port),
            tls=said.get("tls") == "true",
            topic=said.get("topic", _TOPIC).strip(),
            vins=vins,
            username=said.get(_USER) or None,
            password=said.get("password") or None,
        )

    @classmethod
    def kept(cls, state: AccountState) -> Self | None:
        """Take up what the last run kept."""
        host, topic, vins = (state.text(key) for key in ("host", "topic", "vins"))
        port = state.number("port")
        if host is None or topic is None or vins is None or port is None:
            return None
        return cls(
            host=host,
            port=int(port),
            tls=bool(state.number("tls")),
            topic=topic,
            vins=tuple(vin for vin in vins.split() if is_vin(vin)),
            username=state.text("username"),
            password=state.text("password"),
        )

    @property
    def fields(self) -> dict[str, str]:
        """What may be left empty when the owner changes something, as it is known."""
        return {
            "port": str(self.port),
            "topic": self.topic,
            "vins": " ".join(self.vins),
            _USER: self.username or "",
            "password": self.password or "",
        }

    def is_at(self, said: Mapping[str, str]) -> bool:
        """Return whether this is where the owner says that the broker is."""
        port = said.get("port", str(self.port)).strip()
        return (said.get("host", "").strip(), port) == (self.host, str(self.port))

    @property
    def login(self) -> StreamLogin:
        """How to connect there."""
        return StreamLogin(
            address=StreamAddress(host=self.host, port=self.port, tls=self.tls),
            topic=self.topic,
            username=self.username,
            password=self.password,
        )

    @property
    def account(self) -> str:
        """What tells this source from others, without saying where it is."""
        name = f"{self.host.casefold()}:{self.port}/{self.topic}"
        return hashlib.sha256(name.encode()).hexdigest()[:16]


class OwnBroker(Service):
    """CarData's messages, from the owner's own broker."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="car_data_broker",
        name="BMW CarData from my own broker",
        manufacturer="BMW",
        openness=Openness.OPEN,
        reads_only=True,
        hosts={REGION: frozenset({_NO_HOST})},
        credentials=(
            CredentialField(key="host", kind=FieldKind.TEXT, identifies=True),
            CredentialField(
                key="port", kind=FieldKind.TEXT, required=False, suggested=str(_PORT)
            ),
            CredentialField(key="tls", kind=FieldKind.FLAG, required=False),
            CredentialField(key=_USER, kind=FieldKind.TEXT, required=False),
            CredentialField(key="password", kind=FieldKind.PASSWORD, required=False),
            CredentialField(
                key="topic", kind=FieldKind.TEXT, required=False, suggested=_TOPIC
            ),
            CredentialField(key="vins", kind=FieldKind.VINS),
        ),
        # A look costs nothing: it repeats what the broker said.
        cadence=CadenceDefaults(
            driving=3600, charging=3600, after_command=3600, parked=3600, asleep=7200
        ),
        streams=True,
        sign_ins_a_day=20,
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        self._state = AccountState(context)
        self._broker = Broker.kept(self._state)
        self._entries: dict[str, Entries] = {}
        self.connection: Final = StreamConnection(context.clock)

    @override
    async def login(self, talk: LoginDialog) -> str:
        """Try the broker once, and keep how to get there."""
        broker = Broker.typed(await talk.ask(), self._broker)
        try:
            await self.connection.probe(broker.login)
        except StreamRefused as refusal:
            outcome = (
                SignInOutcome.WRONG_PASSWORD
                if refusal.credentials
                else SignInOutcome.BROKER_REFUSED
            )
            raise SignInFailed(outcome) from None
        except StreamUnreached:
            raise NothingSent(SignInOutcome.BROKER_UNREACHABLE) from None
        except StreamLost:
            raise SignInFailed(SignInOutcome.BROKER_UNREACHABLE) from None
        self._broker = broker
        await self._state.keep(
            host=broker.host,
            port=broker.port,
            tls=float(broker.tls),
            topic=broker.topic,
            vins=" ".join(broker.vins),
            username=broker.username,
            password=broker.password,
        )
        return broker.account

    @override
    async def cars(self) -> tuple[Car, ...]:
        return tuple(
            Car(vin=vin, manufacturer=_MAKES.get(vin[:3], "BMW"))
            for vin in self._known().vins
        )

    @override
    async def read(self, car: Car) -> ReadResult:
        """Repeat what the broker has said so far."""
        self._known()
        return self._result(self._entries.get(car.vin) or Entries())

    @override
    async def stream(self, cars: tuple[Car, ...], sink: StreamSink) -> None:
        """Read along; whatever ends it, it is tried again."""
        login, rules, clock = self._known().login, Reconnecting(), self.context.clock
        vins = frozenset(car.vin for car in cars)
        granted_at = None

        def granted() -> None:
            nonlocal granted_at
            granted_at = clock.now()
            rules.granted(granted_at)
            sink.alive()

        def take(messages: list[Message]) -> None:
            self._take(messages, vins, sink)

        while True:
            granted_at = None
            try:
                await self.connection.run(login, granted=granted, take=take)
                wait = timedelta(seconds=10)
            except StreamRefused, StreamLost:
                now = clock.now()
                # A broker at home cuts connections for other reasons than another reader.
                wait = rules.failed(now)
            sink.lost()
            await clock.sleep(wait.total_seconds())

    def _take(
        self, messages: list[Message], vins: AbstractSet[str], sink: StreamSink
    ) -> None:
        now = self.context.clock.now()
        newer: set[str] = set()
        for vin, data in messages:
            if vin in vins and self._entries.setdefault(vin, Entries()).take(data, now):
                newer.add(vin)
        for vin in newer:
            sink.take(vin, self._result(self._entries[vin]))

    def _result(self, entries: Entries) -> ReadResult:
        builder = ReadingBuilder(
            captured_at=None,
            received_at=self.context.clock.now(),
            channel=self.context.account,
        )
        # Nobody tells the facts of the car: what it says itself has to do.
        fuelled = any(entries.get(name) is not None for name in FUELS)
        read_entries(builder, entries, electric_only=not fuelled, right_hand=False)
        return builder.result()

    def _known(self) -> Broker:
        if self._broker is None:
            raise LoginExpired(self.info.key)
        return self._broker

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        raise NotSupported(str(command.kind))

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        raise NotSupported(str(ticket.command.kind))

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return {}
