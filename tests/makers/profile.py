"""What the shared tests have to know of each service, declared in one file per maker.

`tests/makers/<maker>/profile.py` has `PROFILES`. `collect` gathers them, and a service of the
registry without a profile ends every test run: no test leaves a service out unnoticed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from simulator.accounts import ACCOUNTS, Account

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Where a service calls its cloud, as patterns of paths."""

    reads: str
    """The readings."""
    passwords: str
    """What checks a password or a key."""
    commands: str | None = None
    """What sends the command of `ShownCommand`; None where there is none."""
    spoilt: str | None = None
    """Where odd payloads come, if not with the reads alone."""
    part: str | None = None
    """A part of a reading that may be missing; None where one call tells everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How an account comes to its end, as changes of the simulator's settings."""

    dead: tuple[Mapping[str, Any], ...] = ({"revoke": "all"},)
    """Those of the account that leave no token alive."""
    closed: Mapping[str, Any] = field(default_factory=dict)
    """Those of the service by which the maker locks everybody out."""
    moved: Mapping[str, Any] = field(default_factory=dict)
    """Those of the account by which it is sent to another cloud of the maker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCommand:
    """The command by which bad days are shown in Home Assistant; doors, if not said."""

    contradicts: str = "command_car_refused"
    """What is said of a car that does the opposite: most clouds tell of it."""
    call: tuple[str, str, str] = ("lock", "unlock", "doors")
    """Domain, action and key."""
    data: Mapping[str, Any] = field(default_factory=dict)
    other: tuple[str, str, str | None] = ("lock", "lock", "doors")
    shown: tuple[str, str] = ("lock", "doors")
    """The platform and key that show it."""
    rest: str = "locked"
    """What is shown before."""
    under_way: str = "unlocking"
    done: str = "unlocked"


def account_of(username: str) -> Account:
    """Return one of the simulator's accounts."""
    return next(account for account in ACCOUNTS if account.username == username)


def climate(**changes: str) -> ShownCommand:
    """Return the command of services that lock no doors."""
    values: dict[str, Any] = {
        "call": ("climate", "set_hvac_mode", "climate"),
        "data": {"hvac_mode": "heat_cool"},
        "other": ("carport", "start_charging", None),
        "shown": ("climate", "climate"),
        "rest": "off",
        "under_way": "heat_cool",
        "done": "heat_cool",
    }
    return ShownCommand(**{**values, **changes})


class Entry(StrEnum):
    """What lets a service in after a sign-in."""

    TOKENS = "tokens"
    """Renewed by the service: `TokenContract`."""
    KEY = "key"
    """Never renewed: `KeyContract`."""
    SESSION = "session"
    """Renewed by the password, so seldom that the maker's own tests have to tell."""
    NOTHING = "nothing"
    """There is no cloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One service, as the shared tests meet it."""

    service: str
    tester: Account
    """Its cars stay where they are; the first one does the most."""
    driver: Account
    """Its first car is driven and charged."""
    requests: Requests | None
    """None where there is no cloud."""
    ends: Ends = Ends()
    damages: tuple[str, ...]
    """The oddities of the cloud's JSON that change no value; () without a cloud."""
    harmless: frozenset[str] = frozenset()
    """Those of them after which values may be others: miles, or those of other places."""
    other_sources: frozenset[str] = frozenset()
    """Signals that several places of an answer tell, not all of them as exactly."""
    command: ShownCommand | None = None
    """None where the service takes no commands."""
    lets_in: Entry = Entry.TOKENS
    """What lets the service in after a sign-in, which says what contract it keeps."""
    tested_by: str | None = None
    """The module of its tests, where it tells nothing unless a stream is followed.

    Such a service cannot keep a contract that reads; every other one has to.
    """

    @property
    def has_cloud(self) -> bool:
        """Whether it calls a cloud of the simulator."""
        return self.requests is not None


class IncompleteProfilesError(Exception):
    """Services and profiles are not the same."""


def collect(services: Iterable[str], here: Path = HERE) -> Mapping[str, Profile]:
    """Return the profile of each service; a service without one is an error."""
    found: dict[str, Profile] = {}
    for path in sorted(here.glob("*/profile.py")):
        module = import_module(f"{__package__}.{path.parent.name}.profile")
        for profile in module.PROFILES:
            if profile.service in found:
                raise IncompleteProfilesError(f"two of {profile.service}")
            found[profile.service] = profile
    wanted = tuple(services)
    if missing := sorted(set(wanted) - found.keys()):
        raise IncompleteProfilesError(f"no profile of {', '.join(missing)}")
    if unknown := sorted(found.keys() - set(wanted)):
        raise IncompleteProfilesError(f"profiles of no service: {', '.join(unknown)}")
    return {service: found[service] for service in wanted}
