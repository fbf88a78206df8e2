"""Commands sent to cars; an exception where one was not done."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ..car.commands import Command
from ..car.receipts import Outcome, Receipt
from ..car.refusals import Reason
from ..const import DOMAIN
from ..coordinator import AccountCoordinator
from ..engine import WhenBusy
from .exceptions import NO_LIMITS, error_for, wrong_value

MODE: Final = "mode"
"""The field that says what a command does which meets a running one."""

_DONE: Final = frozenset({Outcome.ACCEPTED, Outcome.CONFIRMED})


_SENT: Final[ContextVar[list[Receipt] | None]] = ContextVar(
    "carport_sent", default=None
)


@contextmanager
def noting_receipts() -> Iterator[list[Receipt]]:
    """Note the receipts of what is sent in here, also by actions that are called.

    Others may send a command to the same car meanwhile, whose receipt says nothing.
    """
    sent: list[Receipt] = []
    before = _SENT.set(sent)
    try:
        yield sent
    finally:
        _SENT.reset(before)


async def async_send(
    coordinator: AccountCoordinator,
    vin: str,
    command: Command,
    pin: str | None = None,
    busy: WhenBusy = WhenBusy.REFUSE,
) -> Receipt:
    """Send a command and return its receipt; raise unless the car took it."""
    if vin not in coordinator.garage.cars:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_a_car"
        )
    receipt = await coordinator.dispatcher.send(vin, command, pin=pin, busy=busy)
    if (sent := _SENT.get()) is not None:
        sent.append(receipt)
    if receipt.outcome in _DONE:
        return receipt
    if receipt.reason is Reason.NEEDS_OWNER:
        _ask_owner(coordinator, receipt)
    car = coordinator.garage.cars.get(vin)
    # It may have left meanwhile, with its account.
    limits = NO_LIMITS if car is None else car.commands.get(command.kind, NO_LIMITS)
    raise error_for(coordinator.hass, receipt, limits)


def mode_of(hass: HomeAssistant, data: Mapping[str, Any]) -> WhenBusy:
    """Read what a command does that meets a running one."""
    try:
        return WhenBusy(data.get(MODE, WhenBusy.REFUSE))
    except ValueError:
        raise wrong_value(hass, MODE, ", ".join(WhenBusy)) from None


def _ask_owner(coordinator: AccountCoordinator, receipt: Receipt) -> None:
    """Begin the new sign-in of the account that could not send the command."""
    hass = coordinator.hass
    account = receipt.channel or coordinator.account
    if (entry := hass.config_entries.async_get_entry(account)) is not None:
        entry.async_start_reauth(hass)
