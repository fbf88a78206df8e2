"""What the benchmarks know of each service: the least its protocol allows, and its cars.

Each `least` says what the protocol asks for, step by step: a step has something that
only the one before gave. What needs no more than an earlier step goes beside another.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
import math
from typing import Any, Final

from carport.twin.fleet import GARAGE
from carport.twin.twin import TwinSpec
from custom_components.carport.cloud.service_info import ServiceInfo
from custom_components.carport.engine import AT_ONCE
from custom_components.carport.makers.registry import SERVICES
from simulator.accounts import ACCOUNTS, TWINS, Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Somebody whose car is lived with: the car as the service knows it, and where."""

    car: str
    spec: TwinSpec
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One service as it is measured."""

    account: Account
    """One of cars that stay where they are."""
    least: tuple[str, ...]
    hosts: int
    """How many hosts are called on the way to the first data, at the least."""
    poll: str
    """What a reading of everything is."""
    chain: Callable[[int], int]
    """The least waves in which so many cars are read, with a token that is good."""
    owners: tuple[Owner, ...] = ()
    as_if: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the cloud that are changed before."""
    lived_as: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the account whose weeks are lived through."""
    in_line: int = 0
    """How many calls of the last step come one after another, besides the first."""
    short_lived: Mapping[str, Any] = field(default_factory=dict)
    """Settings with which a token has died by the next poll."""
    edition: str = ""
    fixed: int = 5
    """Every how many minutes a car is read that Carport is compared with."""
    most: int = 100
    """How many cars are polled at once, at the most."""
    limit: str = "no limit was ever known"
    """What is known of the calls that the maker allowed."""

    @property
    def info(self) -> ServiceInfo:
        """What the service says of itself."""
        return SERVICES[self.account.service].info

    @property
    def name(self) -> str:
        """The name of the service, and which edition of it this is."""
        return f"{self.info.name}{self.edition and f', {self.edition}'}"

    @property
    def least_trips(self) -> int:
        """The least round trips one after another from the form to the first data."""
        return len(self.least) + self.in_line

    @property
    def parked(self) -> tuple[TwinSpec, ...]:
        """The cars of the account, one of each model."""
        known = {twin.vin: twin for twin in TWINS}
        return tuple(known[vin] for vin in self.account.vins)


def _side_by_side(cars: int) -> int:
    return math.ceil(cars / AT_ONCE)


def _one_by_one(cars: int) -> int:
    """Each car is made the active one before its calls; the first one is already."""
    return 2 * cars - 1


def _in_line(cars: int) -> int:
    """MyRenault is asked for the eleven parts of each car one after another."""
    return 11 * cars


def _account(username: str) -> Account:
    return next(one for one in ACCOUNTS if one.username == username)


def _twin(vin: str) -> TwinSpec:
    return next(twin for twin in TWINS if twin.vin == vin)


_IDENTITY: Final = (
    "the e-mail address, with these fields: a redirect to the password page",
    "the password page, with a field of its own",
    "the password: a redirect that proves it was right",
    "single sign-on: a redirect to the consent",
    "the consent, passed straight through",
)
"""What the identity pages of Volkswagen ask for on both continents."""

_CAR_NET: Final = Measured(
    account=_account("tester@example.com"),
    least=(
        "authorize at the country's base: a redirect to the identity host",
        "authorize at the identity host: a redirect to its sign-in",
        "the e-mail page, with hidden fields",
        *_IDENTITY,
        "the end of the sign-in: a redirect to the base's callback",
        "the callback: a redirect to the app, with the code",
        "the code for tokens",
        "the list of cars, which needs a token",
        (
            "the status of a car, which needs its id from the list, and beside it the "
            "health report"
        ),
    ),
    hosts=2,
    poll="the status",
    chain=_side_by_side,
    owners=(
        Owner(car="an e-Golf", spec=TWINS[0], zone="America/New_York"),
        Owner(car="a Passat", spec=TWINS[1], zone="America/New_York"),
        # One of another owner, as if it were a car of this cloud.
        Owner(
            car="another owner's car, not tuned for",
            spec=replace(GARAGE[0], talkative=False),
            zone="Europe/Berlin",
        ),
    ),
)

_WE_CONNECT: Final = Measured(
    account=_account("prueferin@example.com"),
    least=(
        "authorize at the identity host: a redirect to its sign-in",
        "the e-mail page, with hidden fields",
        *_IDENTITY,
        "the end of the sign-in: a redirect to the app, with code and id token",
        "code and id token for the identity's tokens",
        (
            "the identity's token for that of the cars' services (the registration of "
            "the app needs nothing and goes before), and beside it the cars of the profile"
        ),
        "a car's home region and rights, which need that token and the VIN",
        (
            "all parts of the car, which need the home region's host (Carport asks there "
            "for model and year before, and takes one more: entities are named once)"
        ),
    ),
    hosts=5,
    poll="the status report, climate, position, heating, timers and last trip, and of "
    "cars with a plug the charger",
    chain=_side_by_side,
    owners=(
        Owner(
            car="a Passat GTE", spec=_twin("WVWZZZ3CZME067891"), zone="Europe/Berlin"
        ),
        Owner(car="an Arteon", spec=_twin("WVWZZZ3HZPE045678"), zone="Europe/Berlin"),
    ),
    limit="480 is what the service's successor allows, the phone app's calls included; "
    "its own limit was never known",
)

_ZE_SERVICES: Final = Measured(
    account=_account("zoe.tester@example.com"),
    least=(
        "the sign-in, whose answer has the token and the cars",
        (
            "the battery, which needs both, and beside it the calendar, climate and its "
            "timer"
        ),
    ),
    hosts=1,
    poll="the battery, the calendar, climate and its timer",
    chain=_one_by_one,
    owners=(Owner(car="a Zoe", spec=_twin("VF1AGZE0000012345"), zone="Europe/London"),),
    short_lived={"token_lifetime": 1800.0},
    edition="first generation",
    limit="960 is 40 an hour, which is safe at the service's successor; its own limit "
    "was never known",
)

_I_REMOTE: Final = Measured(
    account=_account("i3.tester@example.com"),
    least=(
        "the password for a token",
        "the list of cars, which needs the token",
        (
            "the status of a car, which needs its VIN from the list, and beside it the "
            "charging profile, last trip, all trips and navigation"
        ),
    ),
    hosts=1,
    poll="the status, and of cars that have them the charging profile, last trip, all "
    "trips and navigation",
    chain=_side_by_side,
    owners=(
        Owner(
            car="an i3 with range extender",
            spec=_twin("WBYZZZ001GV160001"),
            zone="Europe/London",
        ),
    ),
    short_lived={"token_lifetime": 1800.0},
)

_CAR_DATA: Final = Measured(
    account=_account("i4.tester@example.com"),
    least=(
        "a code for the owner to approve",
        "the approved code for tokens",
        "the list of cars, which needs a token",
        "the facts of each car, and beside them the list of containers",
        "a container, if there is none",
        "the data of a car, which needs the container",
    ),
    hosts=2,
    poll="the data of every car of which the account is the main user",
    chain=_side_by_side,
    owners=(Owner(car="an i4", spec=_twin("WBYZZZ041PV304001"), zone="Europe/Berlin"),),
    as_if={"calls_a_day": None},
    # Messages come in real time, and the weeks do not.
    lived_as={"stream": False},
    short_lived={"calls_a_day": None, "token_lifetime": 1800.0},
    limit="50 a day is what the maker says, for the whole account and all programs that "
    "use it; the stream, which is not measured here, costs none",
)

_SKODA: Final = Measured(
    account=_account("skoda.tester@example.com"),
    least=(
        "a car, by which the key is tried",
        "every car, which needs a key that is good",
    ),
    hosts=1,
    poll="the car, with everything it has",
    chain=_side_by_side,
    owners=(
        Owner(car="an Enyaq", spec=_twin("TMBJC7NY5SF012345"), zone="Europe/Prague"),
    ),
    # More readings, or a round of ten cars, would use up the calls of an hour.
    fixed=10,
    most=1,
    limit="20 an hour is what the maker says, for a key or for a car",
)

_EU_DATA_ACT: Final = Measured(
    account=_account("datenprobe@example.com"),
    least=(
        "authorize at the identity host: a redirect to its sign-in",
        "the e-mail page, with hidden fields",
        *_IDENTITY,
        "the end of the sign-in: a redirect to the portal, with a code",
        "the portal's door: a redirect to its session",
        "the session, which is a cookie",
        "the list of cars, which needs that cookie",
        "a car's data request, which needs its VIN, and beside it its name",
        "the list of files, which needs the request's identifier",
        "the file, which needs its name",
    ),
    hosts=2,
    poll="the list of files, of which most at a parked car are empty and not fetched",
    chain=_side_by_side,
    owners=(
        Owner(car="an ID.3", spec=_twin("WVWZZZE1ZNP012345"), zone="Europe/Berlin"),
        Owner(
            car="a Passat GTE", spec=_twin("WVWZZZ3CZME067891"), zone="Europe/Berlin"
        ),
    ),
    limit="no limit is known; there is one file every 15 minutes",
)

_MY_RENAULT: Final = Measured(
    account=_account("my.renault.tester@example.com"),
    least=(
        "the password for a login token",
        "the login token for the cars' token, which names the person",
        "the person, whose accounts are listed",
        "the cars of an account (further accounts beside it)",
        (
            "all parts of the cars, which need VIN and account: eleven for each of the "
            "two, one after the other on purpose: the quota is not published, bursts "
            "were refused, and other programs make one call at a time too"
        ),
    ),
    in_line=_in_line(2) - 1,
    hosts=2,
    poll="the battery; climate, position and odometer every half hour, programmes and "
    "limits every hour, one call after the other, since the cloud refuses bursts",
    chain=_in_line,
    owners=(
        Owner(car="a Zoe", spec=_twin("VF1AG000X00010212"), zone="Europe/Paris"),
        Owner(car="a Megane", spec=_twin("VF1RCB00X00010312"), zone="Europe/Paris"),
    ),
    as_if={"quota": None},
    short_lived={"quota": None, "jwt_life": 600.0},
    limit="60 an hour is what other programs keep to; no number was ever published",
)

MEASURED: Final = (
    _CAR_NET,
    _WE_CONNECT,
    _ZE_SERVICES,
    replace(
        _ZE_SERVICES,
        edition="second generation",
        as_if={"generation": 2},
        short_lived={"generation": 2},
        owners=(),
    ),
    _MY_RENAULT,
    _I_REMOTE,
    _CAR_DATA,
    _SKODA,
    _EU_DATA_ACT,
)


def owned(only: Collection[str] = ()) -> list[Measured]:
    """Return the services whose owners' weeks are lived through: all, or some by key."""
    return [
        one
        for one in MEASURED
        if one.owners and (not only or one.account.service in only)
    ]
