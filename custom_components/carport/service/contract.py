"""The contract between a maker's cloud and the rest of Carport.

A service declares what it is as data (`ServiceInfo`) and implements a few
coroutines (`Service`). It is built from a `Context`, which holds everything it may
touch: transport, clock, tokens. It never sees Home Assistant, and never the disk.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..car.commands import Command, CommandKind
from ..car.histories import ALWAYS, Period
from ..car.limits import Limits, Violation
from ..car.receipts import Reason
from ..car.snapshot import Reading, Snapshot
from .cadence import CadenceDefaults

if TYPE_CHECKING:
    from .clock import Clock
    from .http import Transport

type Tokens = Mapping[str, str | float | None]
"""What a service needs to go on without a sign-in; times as epoch seconds, UTC."""


class Openness(StrEnum):
    """What the maker allows third parties today."""

    OPEN = "open"
    CLOSED = "closed"
    DEMO = "demo"


class FieldKind(StrEnum):
    """What a credential is, so that a form can ask for it well."""

    EMAIL = "email"
    PASSWORD = "password"
    PIN = "pin"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One thing the owner types at set-up."""

    key: str
    kind: FieldKind
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceInfo:
    """What a service is: data, read by forms, cadence, garage and tests."""

    key: str
    name: str
    manufacturer: str
    openness: Openness
    hosts: Mapping[str, frozenset[str]]
    """Region to the real host names that may be called and redirected to."""
    credentials: tuple[CredentialField, ...] = ()
    pin: bool = False
    """Whether commands take the owner's PIN."""
    cadence: CadenceDefaults
    settle: float = 20
    """Seconds from acceptance until the car's state can show a command."""
    give_up: float = 90
    """Seconds from acceptance after which a command counts as timed out."""
    tells_completion: bool = False
    """Whether `confirm` knows by itself that a command is done."""
    sign_ins_a_day: int = 6
    lookups: frozenset[str] = frozenset()
    """Names of the lists that `look_up` can fetch."""
    pictures: bool = False
    """Whether `picture` can fetch an image of a car."""
    parts: frozenset[str] = frozenset()
    """Names of rationed parts of a car that only `read_part` reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A car as one account describes it.

    `handle` holds the service's own ids for its calls and is private to it;
    `drive` is `electric`, `hybrid`, `combustion` or None where nobody says.
    """

    vin: str
    manufacturer: str
    model: str | None = None
    model_year: str | None = None
    nickname: str | None = None
    drive: str | None = None
    software: str | None = None
    handle: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The cloud's copy of one car: readings, and what could not be read.

    `placeholders` counts per signal what was there but is no value: `-1`, null,
    unknown words; `gaps` are the parts that failed while others came.
    """

    readings: tuple[Reading, ...] = ()
    placeholders: Counter[str] = field(default_factory=Counter)
    gaps: frozenset[str] = frozenset()

    @classmethod
    def of_parts(cls, parts: Iterable[Self], gaps: Iterable[str]) -> Self:
        """Put together what was read in several calls, and name what failed."""
        readings: list[Reading] = []
        placeholders: Counter[str] = Counter()
        for part in parts:
            readings.extend(part.readings)
            placeholders.update(part.placeholders)
        return cls(
            readings=tuple(readings), placeholders=placeholders, gaps=frozenset(gaps)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image of the car as the maker draws it."""

    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A command the cloud accepted, by the service's own number where it has one."""

    vin: str
    command: Command
    accepted_at: datetime
    number: str | None = None


class Progress(StrEnum):
    """How far an accepted command has come by the service's own word."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One look at an accepted command, with the readings that came with it.

    A service without a status of its own says PENDING and brings readings; the
    garage then decides by what the car shows.
    """

    progress: Progress = Progress.PENDING
    reason: Reason | None = None
    result: ReadResult = field(default_factory=ReadResult)


@dataclass(slots=True, kw_only=True)
class Context:
    """Everything a service may touch, injected.

    `account` is a short private name for this account, used as the channel of its
    readings. `tokens` are those of the last run, None before a first sign-in;
    `save_tokens` returns only when they are safely kept.
    """

    transport: Transport
    clock: Clock
    account: str
    region: str
    username: str
    tokens: Tokens | None
    save_tokens: Callable[[Tokens | None], Awaitable[None]]


class Service(ABC):
    """One account at one cloud. Every coroutine may raise `CloudError`."""

    info: ClassVar[ServiceInfo]

    def __init__(self, context: Context) -> None:
        """Keep the context; no call is made."""
        self.context = context

    @abstractmethod
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Sign in and save tokens; return the maker's stable account id.

        Raises `SignInFailed` with the outcome. Never repeats a refused password.
        """

    @abstractmethod
    async def cars(self) -> tuple[Car, ...]:
        """List the account's cars."""

    @abstractmethod
    async def read(self, car: Car) -> ReadResult:
        """Read the cloud's copy of a car, including slow parts that are due."""

    @abstractmethod
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        """Send a command once; return when the cloud has accepted it.

        A command that may have reached the car is never sent a second time.
        """

    @abstractmethod
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Look once whether an accepted command is done."""

    @abstractmethod
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        """Say what the car can be asked, from its description and what it showed.

        `observed` are the keys of all signals ever read from this car.
        """

    def hindrance(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Reason | Violation | datetime | None:
        """Say why the car could not do this now, as far as its readings tell.

        A violation names a field whose value is wrong only now, or only for this car;
        a moment is when the cloud takes this command again.
        """
        return None

    async def read_schedule(self, car: Car) -> ReadResult | None:
        """Read the timers alone, before one of them is changed by sending them all.

        None where they come with every reading anyway.
        """
        return None

    async def look_up(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        """Fetch one of the lists in `info.lookups`, as JSON with stable keys.

        The period narrows it, where its lines have a time.
        """
        raise NotImplementedError(what)

    async def picture(self, car: Car) -> Picture | None:
        """Fetch a picture of the car; None where the maker has none."""
        return None

    async def read_part(self, car: Car, part: str, pin: str | None) -> ReadResult:
        """Read one of `info.parts`, which routine reading leaves out as too dear."""
        raise NotImplementedError(part)

    @property
    def pin_refused(self) -> bool:
        """Whether the cloud refused the owner's PIN, and it is not sent again."""
        return False

    def pin_was_refused(self, pin: str) -> bool:
        """Say whether this very PIN was refused; another one may be the right one."""
        return False

    async def sign_out(self) -> None:  # noqa: B027 - most clouds know no such call
        """Give the tokens back to the cloud; the account is removed for good."""

    async def close(self) -> None:  # noqa: B027 - most services hold nothing
        """Let go of what the service holds; the transport is not its own."""
