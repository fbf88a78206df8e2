"""What a service is, as data: read by forms, cadence, garage and tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from .cadence import Activity, CadenceDefaults
from .call_limits import CallLimit
from .credentials import CredentialField, FieldKind


class Openness(StrEnum):
    """What the maker allows third parties today."""

    OPEN = "open"
    PARTLY_OPEN = "partly_open"
    CLOSED = "closed"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceInfo:
    """Everything that a service declares of itself."""

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
