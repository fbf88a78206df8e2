"""The one door for commands: receipts become what Home Assistant says to people."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_cached_translations

from .car.commands import Command
from .car.receipts import Outcome, Reason, Receipt
from .const import DOMAIN
from .coordinator import AccountCoordinator

_DONE: Final = frozenset({Outcome.ACCEPTED, Outcome.CONFIRMED})

_MISUSE: Final = frozenset(
    {
        Reason.NOT_CAPABLE,
        Reason.READ_ONLY,
        Reason.PIN_MISSING,
        Reason.PIN_BLOCKED,
        Reason.LOW_12V,
        Reason.NOT_PLUGGED,
        Reason.SOC_TOO_LOW,
        Reason.OUT_OF_LIMITS,
        Reason.BUSY,
    }
)
"""Reasons to refuse that the caller can do something about; nothing failed."""


async def async_send(
    coordinator: AccountCoordinator, vin: str, command: Command, pin: str | None = None
) -> Receipt:
    """Send a command and return its receipt; raise unless the car took it."""
    receipt = await coordinator.dispatcher.send(vin, command, pin=pin)
    if receipt.outcome in _DONE:
        return receipt
    if receipt.reason is Reason.NEEDS_OWNER:
        _ask_owner(coordinator, receipt)
    raise error_for(coordinator.hass, receipt)


@callback
def error_for(hass: HomeAssistant, receipt: Receipt) -> HomeAssistantError:
    """Say why a command was not done, and what to do about it."""
    reason = receipt.reason or Reason.CLOUD_REFUSED
    if receipt.outcome is Outcome.TIMED_OUT:
        # The command may have reached the car: nobody may think it did not.
        return HomeAssistantError(
            translation_domain=DOMAIN, translation_key="command_timed_out"
        )
    kind = (
        ServiceValidationError
        if receipt.outcome is Outcome.REFUSED and reason in _MISUSE
        else HomeAssistantError
    )
    return kind(
        translation_domain=DOMAIN,
        translation_key=f"command_{reason}",
        translation_placeholders=_placeholders(hass, receipt),
    )


def wrong_value(hass: HomeAssistant, name: str, allowed: str) -> ServiceValidationError:
    """Say which field of an action is wrong, and what it may be."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=f"command_{Reason.OUT_OF_LIMITS}",
        translation_placeholders={
            "field": _word(hass, "command_field", name),
            "allowed": allowed,
        },
    )


def _placeholders(hass: HomeAssistant, receipt: Receipt) -> dict[str, str] | None:
    detail = receipt.detail
    if receipt.reason is Reason.OUT_OF_LIMITS:
        return {
            "field": _word(hass, "command_field", detail["field"]),
            "allowed": detail["allowed"],
        }
    if receipt.reason is Reason.BUSY:
        return {"running": _word(hass, "command", detail["running"])}
    return None


def _word(hass: HomeAssistant, selector: str, value: str) -> str:
    """Translate a word that goes into a message, as far as it is known."""
    words = async_get_cached_translations(
        hass, hass.config.language, "selector", DOMAIN
    )
    return words.get(f"component.{DOMAIN}.selector.{selector}.options.{value}", value)


def _ask_owner(coordinator: AccountCoordinator, receipt: Receipt) -> None:
    """Begin the new sign-in of the account that could not send the command."""
    hass = coordinator.hass
    account = receipt.channel or coordinator.account
    if (entry := hass.config_entries.async_get_entry(account)) is not None:
        entry.async_start_reauth(hass)
