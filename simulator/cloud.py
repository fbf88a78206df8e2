"""The contract between the simulator and one service's clouds."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Protocol

from aiohttp import web

from custom_components.carport.makers.demo.twin import Twin
from custom_components.carport.service.clock import Clock

from .account import Account
from .knobs import ControlError, Knob, turn_all
from .register import Register

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Damage = Callable[[Any], Any]
"""What happens to a JSON body on its way out."""


class Site(Protocol):
    """What the simulator lends to a cloud."""

    clock: Clock
    luck: Random

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


class Cloud(ABC):
    """One service: its hosts, its accounts, and how it answers."""

    key: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    service_knobs: ClassVar[Mapping[str, Knob[Any]]] = {}
    account_knobs: ClassVar[Mapping[str, Knob[Any]]] = {}
    damages: ClassVar[Mapping[str, Damage]] = {}

    register: Register[Any, Any]
    """A cloud makes its own when it opens."""

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        self.site = site
        self.specs = tuple(accounts)

    def reset(self) -> None:
        """Forget what has happened and how knobs were turned; tokens stay good."""
        self.register.open_all(self.specs)

    def memory(self) -> dict[str, Any]:
        """Return as JSON what owners have changed, to go on with after a restart."""
        return {}

    def recall(  # noqa: B027 - most clouds remember nothing
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

    @abstractmethod
    def refusal(self, host: str, status: int) -> web.Response:
        """Return a refusal as this host words it."""

    def refuse(self, host: str, status: int, retry_after: str | None) -> web.Response:
        """Return a refusal that may say when to come again."""
        answer = self.refusal(host, status)
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer

    @abstractmethod
    async def who(self, request: web.Request) -> str | None:
        """Return whose call it is, as far as it tells."""

    def turn(self, changes: Mapping[str, Any]) -> None:
        """Turn knobs of the whole service."""
        turn_all(self.register.settings, self.service_knobs, changes)

    def turn_account(self, username: str, changes: Mapping[str, Any]) -> None:
        """Turn knobs of one account."""
        account = self.register.by_name(username)
        if account is None:
            raise ControlError("no such account")
        turn_all(account, self.account_knobs, changes)
