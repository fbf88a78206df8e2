"""The contract between the simulator and one service's clouds."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Protocol

from aiohttp import web

from carport.cloud.clock import Clock
from carport.twin.twin import Twin

from .account import Account
from .mailbox import Mailbox
from .register import Register
from .settings import ControlError, Setting, apply_all

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Damage = Callable[[Any], Any]
"""What happens to a JSON body on its way out."""


class Site(Protocol):
    """What the simulator lends to a cloud."""

    clock: Clock
    rng: Random
    mail: Mailbox

    def twin(self, vin: str) -> Twin:
        """Return a car, brought to the present."""

    def origin(self, host: str, request: web.BaseRequest) -> str:
        """Return where a real host is reached, as the caller addresses us."""

    async def wait(self, request: web.BaseRequest, seconds: float) -> None:
        """Keep a caller waiting by the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One call a host answers; braces in the path are parts of it."""

    method: str
    path: str
    handler: Handler


def routes_of[H](
    calls: Iterable[tuple[str, str, H]], wrap: Callable[[H], Handler]
) -> tuple[Route, ...]:
    """Make routes of method, path and whatever `wrap` makes a handler of."""
    return tuple(
        Route(method=method, path=path, handler=wrap(handler))
        for method, path, handler in calls
    )


class Wire(Protocol):
    """What a cloud listens with besides HTTP."""

    name: str
    """The real host and port it stands in for."""
    certificate: str
    """What a client that wants TLS has to trust, as PEM."""

    async def start(self, host: str, port: int) -> str:
        """Listen, and return where; port 0 takes any."""

    async def stop(self) -> None:
        """Break every connection and listen no longer."""


class Cloud(ABC):
    """One service: its hosts, its accounts, and how it answers."""

    key: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    service_settings: ClassVar[Mapping[str, Setting[Any]]] = {}
    account_settings: ClassVar[Mapping[str, Setting[Any]]] = {}
    damages: ClassVar[Mapping[str, Damage]] = {}

    register: Register[Any, Any]
    """A cloud makes its own when it opens."""

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        self.site = site
        self.specs = tuple(accounts)

    def reset(self) -> None:
        """Forget what has happened and which settings were changed; tokens stay good."""
        self.register.open_all(self.specs)

    def saved_state(self) -> dict[str, Any]:
        """Return as JSON what owners have changed, to go on with after a restart."""
        return {}

    def restore_state(  # noqa: B027 - most clouds remember nothing
        self, kept: Mapping[str, Any]
    ) -> None:
        """Go on with what an earlier run remembered.

        Raises KeyError, TypeError or ValueError where that is none.
        """

    def accounts(self) -> Iterable[dict[str, Any]]:
        """Return the accounts for the index, as they are now."""
        return [account.listed() for account in self.register.accounts]

    def vins(self) -> set[str]:
        """Return the cars of all accounts."""
        return {vin for spec in self.specs for vin in spec.vins}

    @abstractmethod
    def routes(self, host: str) -> Iterable[Route]:
        """Return what a host answers."""

    def wires(self) -> Iterable[Wire]:
        """Return what listens besides HTTP."""
        return ()

    @abstractmethod
    def refusal(self, host: str, status: int) -> web.Response:
        """Return a refusal as this host words it."""

    def claims(self, request: web.Request) -> bool:
        """Return whether a call names one of this cloud's clients.

        Asked only where several clouds share a host; what none of them claims is for
        the first of them.
        """
        return False

    def refuse(self, host: str, status: int, retry_after: str | None) -> web.Response:
        """Return a refusal that may say when to come again."""
        answer = self.refusal(host, status)
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer

    @abstractmethod
    async def who(self, request: web.Request) -> str | None:
        """Return whose call it is, as far as it tells."""

    def apply(self, changes: Mapping[str, Any]) -> None:
        """Change settings of the whole service."""
        apply_all(self.register.settings, self.service_settings, changes)

    def apply_to_account(self, username: str, changes: Mapping[str, Any]) -> None:
        """Change settings of one account."""
        account = self.register.by_name(username)
        if account is None:
            raise ControlError("no such account")
        apply_all(account, self.account_settings, changes)
