"""Setting the account up: sign-in, what stands in its way, and the data request."""

from typing import Final, Protocol

from ...cloud.contract import Car
from ...cloud.errors import CloudError, LoginExpired, SignInFailed
from ...cloud.ledger import Purpose
from ...cloud.login import LoginDialog, Question, Resend
from ...cloud.sign_in import SignInOutcome
from .data_requests import EVERY_CLUSTER, PARTIAL_CLUSTERS
from .hosts import PORTAL
from .request_creation import Requesting, create_request
from .session import SessionManager

_STEPS: Final = {
    SignInOutcome.NEW_TERMS: "new_terms",
    SignInOutcome.CONSENT_MISSING: "consent",
}
"""What only the owner can do, in the browser, and the question that says so."""


_MOST_LOOKS: Final = 5
"""How often it is looked for cars that the owner has just linked."""


class _SendAgain(Exception):
    """The owner wants another code."""


class Portal(Requesting, Protocol):
    """The service, as far as somebody is talked into it."""

    @property
    def session(self) -> SessionManager:
        """The session at the portal."""

    async def cars(self) -> tuple[Car, ...]:
        """Return the cars of the account."""


class Conversation:
    """One sign-in with the owner present."""

    def __init__(self, service: Portal, talk: LoginDialog) -> None:
        """Talk for a service."""
        self._service = service
        self._talk = talk

    async def run(self) -> str:
        """Sign in, then offer what is missing; the account's id is the result."""
        typed = await self._talk.ask()
        sent_to = _masked(typed["username"])

        async def ask_code(error: SignInOutcome | None) -> str:
            code = await self._talk.code(sent_to, error=error)
            if isinstance(code, Resend):
                raise _SendAgain
            return code

        async def enter() -> str:
            while True:
                try:
                    return await self._service.session.sign_in(typed, ask_code)
                except _SendAgain:
                    # The pages mail a code anew only to an owner who signs in anew.
                    continue

        try:
            account_id = await enter()
        except SignInFailed as error:
            if not await self._done_in_the_browser(error):
                raise
            account_id = await enter()
        for car in await self._linked_cars():
            await self._offer_request(car)
        return account_id

    async def _linked_cars(self) -> tuple[Car, ...]:
        """Return the cars; where there are none, after the owner has linked some.

        Only the owner can do that, in the browser; looking again needs no password.
        """
        brand = {"brand": self._service.session.brand.name}
        cars = await self._service.cars()
        for _ in range(_MOST_LOOKS):
            if cars or not await self._confirmed("link_cars", brand):
                break
            cars = await self._service.cars()
        return cars

    async def _done_in_the_browser(self, error: SignInFailed) -> bool:
        """Name a step that only the owner can take; return whether they have."""
        if (key := _STEPS.get(error.outcome)) is None:
            return False
        kind = {} if error.detail is None else {"kind": error.detail}
        return await self._talk.confirm(
            Question(key=key, placeholders={"kind": "", **kind}, url=PORTAL)
        )

    async def _offer_request(self, car: Car) -> None:
        """Offer to create a car's data request, where there is none that runs.

        What goes wrong here is no reason not to set the account up.
        """
        name = {"car": car.nickname or car.vin[-6:]}
        try:
            request = await self._service.request_of(car, Purpose.LIST)
            if request is not None and not request.is_over(self._service.now()):
                return
        except LoginExpired, SignInFailed:
            raise
        except CloudError:
            return
        if not await self._confirmed("create_data_request", name):
            return
        if await create_request(self._service, car, PARTIAL_CLUSTERS):
            return
        # Some portals take no part of the data: whether all of it is the owner's word.
        if await self._confirmed("create_data_request_all", name):
            if not await create_request(self._service, car, EVERY_CLUSTER):
                await self._confirmed("data_request_refused", name)

    async def _confirmed(self, key: str, placeholders: dict[str, str]) -> bool:
        return await self._talk.confirm(
            Question(key=key, placeholders=placeholders, url=PORTAL)
        )


def _masked(address: str) -> str:
    """Return an address that its owner knows again, and nobody else."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host[:1]}…"
