"""The contract between a maker's cloud and the rest of Carport.

A service declares what it is as data (`ServiceInfo`) and implements a few
coroutines (`Service`). It is built from a `Context`, which holds everything it may
touch: transport, clock, tokens. It never sees Home Assistant, and never the disk.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import (
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
    Set as AbstractSet,
)
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from ..car.bounds import clean_label, clean_text, is_vin
from ..car.commands import Command, CommandKind
from ..car.history import ALWAYS, ChargeSession, Period
from ..car.limits import Limits
from ..car.refusals import Reason, Refusal
from ..car.snapshot import Reading, Snapshot
from .cadence import Activity, CadenceDefaults
from .call_limits import CallLimit
from .credentials import CredentialField, FieldKind

if TYPE_CHECKING:
    from .clock import Clock
    from .http import Transport
    from .login import LoginDialog

type Tokens = Mapping[str, str | float | None]
"""What a service needs to go on without a sign-in; times as epoch seconds, UTC."""


class Openness(StrEnum):
    """What the maker allows third parties today."""

    OPEN = "open"
    PARTLY_OPEN = "partly_open"
    CLOSED = "closed"
    DEMO = "demo"


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
    reads_only: bool = False
    """Whether no car can be told anything through it."""
    pin: bool = False
    """Whether commands take the owner's PIN."""
    pin_is_text: bool = False
    """Whether that is an answer in words, which only some accounts are asked for."""
    cadence: CadenceDefaults
    call_limits: tuple[CallLimit, ...] = ()
    """How many calls the cloud allows the account, in one or several windows."""
    delivers_every: timedelta | None = None
    """How often the cloud hands data on, where that is seldom, whatever is asked."""
    cars_report_every: timedelta = timedelta(minutes=5)
    """How often a car that drives or charges tells this cloud something."""
    streams: bool = False
    """Whether `stream` brings readings without being asked for them."""
    verify_after: float = 20
    """Seconds from acceptance until the car's state can show a command."""
    timeout: float = 90
    """Seconds from acceptance after which a command counts as timed out."""
    reports_completion: bool = False
    """Whether `confirm` knows by itself that a command is done."""
    sign_ins_a_day: int = 6
    random_id: bool = False
    """Whether the account's id was made up here, and so stays the same for good."""
    expiry_notice: timedelta = timedelta(days=14)
    """How long before the account or a car loses access the owner is told."""
    history: frozenset[str] = frozenset()
    """Names of the lists that `history` can fetch."""
    pictures: bool = False
    """Whether `picture` can fetch an image of a car."""
    advice: frozenset[str] = frozenset()
    """Keys of everything that `advice` may tell; each has a text."""
    parts: frozenset[str] = frozenset()
    """Names of rationed parts of a car that only `read_part` reads."""

    guide: Mapping[str, str] | None = None
    """Links of the steps that an owner takes at the maker first, by the text's names."""

    def rhythm(self, activity: Activity) -> timedelta:
        """Return how often there is something new of a car that is up to this."""
        return max(
            timedelta(seconds=self.cadence.interval(activity)),
            self.cars_report_every,
            self.delivers_every or timedelta(),
        )

    @property
    def sign_in_fields(self) -> tuple[CredentialField, ...]:
        """The fields of a sign-in; the PIN is for commands."""
        return tuple(
            field for field in self.credentials if field.kind is not FieldKind.PIN
        )

    @property
    def settings(self) -> tuple[CredentialField, ...]:
        """Choices and boxes that are no secret and do not name the account."""
        kinds = {FieldKind.CHOICE, FieldKind.FLAG}
        return tuple(
            field
            for field in self.credentials
            if field.kind in kinds and not field.identifies
        )

    @property
    def identifying(self) -> tuple[CredentialField, ...]:
        """The fields that name an account among others of this service."""
        return tuple(field for field in self.credentials if field.identifies)


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

    def __post_init__(self) -> None:
        """Clean the texts: names end up in registries and files of the whole house."""
        for key in ("model", "model_year", "nickname", "drive", "software"):
            object.__setattr__(self, key, clean_label(getattr(self, key)))
        object.__setattr__(self, "manufacturer", clean_label(self.manufacturer) or "")
        handle = {
            clean_text(key): clean_text(value) for key, value in self.handle.items()
        }
        object.__setattr__(self, "handle", handle)

    def completed_by(self, known: Self | None) -> Self:
        """Return it with what was known of the car itself, where nobody says it now."""
        if known is None:
            return self
        return replace(
            self,
            model=self.model or known.model,
            model_year=self.model_year or known.model_year,
            drive=self.drive or known.drive,
            software=self.software or known.software,
        )

    @classmethod
    def from_json(cls, data: object) -> Self | None:
        """Bring a description back: what is damaged in it is unknown; None without VIN.

        Keys of another version are left out.
        """
        if not isinstance(data, Mapping) or not is_vin(data.get("vin")):
            return None
        handle = data.get("handle")
        return cls(
            vin=data["vin"],
            manufacturer=clean_label(data.get("manufacturer")) or "",
            model=clean_label(data.get("model")),
            model_year=clean_label(data.get("model_year")),
            nickname=clean_label(data.get("nickname")),
            drive=clean_label(data.get("drive")),
            software=clean_label(data.get("software")),
            handle={
                key: value
                for key, value in (
                    handle.items() if isinstance(handle, Mapping) else ()
                )
                if isinstance(key, str) and isinstance(value, str)
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The cloud's copy of one car: readings, and what could not be read.

    `placeholders` counts per signal what was there but is no value: `-1`, null,
    unknown words. `gaps` are the parts that failed for the moment while others came;
    `switched_off` are those that the owner, or the car's settings, keep back.
    """

    readings: tuple[Reading, ...] = ()
    placeholders: Counter[str] = field(default_factory=Counter)
    gaps: frozenset[str] = frozenset()
    switched_off: frozenset[str] = frozenset()
    charges: tuple[ChargeSession, ...] = ()
    """Charges of late that the cloud told of by the way, some of them again."""

    @classmethod
    def of_parts(
        cls,
        parts: Iterable[Self],
        gaps: Iterable[str] = (),
        switched_off: Iterable[str] = (),
    ) -> Self:
        """Put together what was read in several calls, and name what is missing."""
        readings: list[Reading] = []
        placeholders: Counter[str] = Counter()
        missing, off = set(gaps), set(switched_off)
        charges: list[ChargeSession] = []
        for part in parts:
            charges.extend(part.charges)
            readings.extend(part.readings)
            placeholders.update(part.placeholders)
            missing |= part.gaps
            off |= part.switched_off
        return cls(
            readings=tuple(readings),
            placeholders=placeholders,
            gaps=frozenset(missing),
            switched_off=frozenset(off),
            charges=tuple(charges),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image of the car as the maker draws it."""

    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What goes on at the maker when the account is removed here, by its names there.

    `url` is where the owner can end it; `until` when it ends by itself, if it does.
    """

    names: tuple[str, ...]
    url: str
    until: datetime | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something that the owner should know or do, besides signing in.

    `key` names its text, `placeholders` what stands in it. `vin` is the car it is
    about, where it is about one. What is `mendable` is mended by `Service.mend` when
    the owner agrees.
    """

    key: str
    placeholders: Mapping[str, str] = field(default_factory=dict)
    vin: str | None = None
    mendable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCost:
    """What an account's cars take of a limit of calls: standing all day, and at most."""

    calls: int
    """Calls of a day on which no car drives or charges."""
    limit: CallLimit


class StreamSink(Protocol):
    """Where a stream brings what it hears."""

    def take(self, vin: str, result: ReadResult) -> None:
        """Take readings of a car; one that is not the account's is dropped."""

    def alive(self) -> None:
        """Note that the stream is connected and was granted what it asked for."""

    def lost(self) -> None:
        """Note that the connection is gone, and is tried again."""


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

    async def login(self, talk: LoginDialog) -> str:
        """Sign in by talking to the owner; return the maker's stable account id.

        Tokens are saved before it returns. Raises `SignInFailed` with the outcome. A
        refused credential is never sent twice, and nothing that sends an e-mail or
        creates anything at the maker happens without an answer of the owner for it.
        """
        return await self.sign_in(await talk.ask())

    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Sign in without any question, where the credentials are all it takes.

        Every service implements this or `login`.
        """
        raise NotImplementedError(self.info.key)

    @abstractmethod
    async def cars(self) -> tuple[Car, ...]:
        """List the account's cars."""

    def day_cost(self, cars: Sequence[Car]) -> DayCost | None:
        """Return what these cars cost, where calls are so few that the owner decides.

        They are asked once, before the account is added.
        """
        return None

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

    def blocked_by(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Refusal | None:
        """Say why the car could not do this now, as far as its readings tell.

        A field is one whose value is wrong only now, or only for this car; `until` is
        when the cloud takes this command again.
        """
        return None

    def next_reading(self, car: Car, due: datetime) -> datetime:
        """Say when a car is worth reading, if the cloud's own rhythm is known.

        `due` is what the cadence found; the answer replaces it.
        """
        return due

    async def stream(self, cars: tuple[Car, ...], sink: StreamSink) -> None:
        """Bring what the cloud sends by itself, until cancelled.

        The engine runs it where `info.streams` says so, and again after a pause when
        it returns or raises a `CloudError`; `Throttled.until` is obeyed.
        """
        raise NotImplementedError(self.info.key)

    def account_facts(self) -> Mapping[str, str | float | datetime | None]:
        """Tell what the owner may want to know of the account, for diagnostics.

        Keys are words of the code; values hold nothing secret or personal.
        """
        return {}

    def advice(self) -> Iterable[Advice]:
        """Tell what the owner should know now; it is shown for as long as it is told."""
        return ()

    async def mend(self, key: str) -> None:
        """Do what a mendable advice offers, as the owner has asked for."""
        raise NotImplementedError(key)

    async def read_schedule(self, car: Car) -> ReadResult | None:
        """Read the timers alone, before one of them is changed by sending them all.

        None where they come with every reading anyway.
        """
        return None

    async def history(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        """Fetch one of the lists in `info.history`, as JSON with stable keys.

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

    def left_behind(self) -> LeftBehind | None:
        """Say what goes on at the maker when the account is removed for good."""
        return None

    async def sign_out(self) -> None:  # noqa: B027 - most clouds know no such call
        """Give the tokens back to the cloud; the account is removed for good."""

    async def close(self) -> None:  # noqa: B027 - most services hold nothing
        """Let go of what the service holds; the transport is not its own."""
