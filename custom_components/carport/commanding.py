"""The one door for commands: receipts become what Home Assistant says to people."""

from datetime import datetime
import re
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from .car.commands import Command
from .car.limits import Limits
from .car.receipts import Outcome, Reason, Receipt
from .car.schedule import ScheduleLimits
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

SCHEDULE: Final = "schedule"
_BROKEN_RULE: Final = re.compile(r"(\w+)(?: \((\d+)\))?")
"""How a receipt names a broken rule of a schedule, and the timer it concerns."""
_NO_LIMITS: Final = Limits()
_NO_TIMERS: Final = ScheduleLimits(slots=0)


async def async_send(
    coordinator: AccountCoordinator, vin: str, command: Command, pin: str | None = None
) -> Receipt:
    """Send a command and return its receipt; raise unless the car took it."""
    receipt = await coordinator.dispatcher.send(vin, command, pin=pin)
    if receipt.outcome in _DONE:
        return receipt
    if receipt.reason is Reason.NEEDS_OWNER:
        _ask_owner(coordinator, receipt)
    limits = coordinator.garage.cars[vin].commands.get(command.kind, _NO_LIMITS)
    raise error_for(coordinator.hass, receipt, limits)


@callback
def error_for(
    hass: HomeAssistant, receipt: Receipt, limits: Limits = _NO_LIMITS
) -> HomeAssistantError:
    """Say why a command was not done, and what to do about it."""
    reason = receipt.reason or Reason.CLOUD_REFUSED
    if receipt.outcome is Outcome.TIMED_OUT:
        # The command may have reached the car: nobody may think it did not.
        return HomeAssistantError(
            translation_domain=DOMAIN, translation_key="command_timed_out"
        )
    if reason is Reason.OUT_OF_LIMITS and receipt.detail["field"] == SCHEDULE:
        return wrong_schedule(hass, receipt.detail["allowed"], limits.schedule)
    kind = (
        ServiceValidationError
        if receipt.outcome is Outcome.REFUSED and reason in _MISUSE
        else HomeAssistantError
    )
    placeholders = _placeholders(hass, receipt)
    # Without the name of a command its cloud is at something nobody here asked for.
    elsewhere = reason is Reason.BUSY and placeholders is None
    return kind(
        translation_domain=DOMAIN,
        translation_key="command_busy_elsewhere" if elsewhere else f"command_{reason}",
        translation_placeholders=placeholders,
    )


def wrong_value(hass: HomeAssistant, name: str, allowed: str) -> ServiceValidationError:
    """Say which field of an action is wrong, and what it may be."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=f"command_{Reason.OUT_OF_LIMITS}",
        translation_placeholders={
            "field": word(hass, "command_field", name),
            "allowed": allowed,
        },
    )


def wrong_schedule(
    hass: HomeAssistant, broken: str, limits: ScheduleLimits | None
) -> ServiceValidationError:
    """Say which rules of the car's timers a schedule breaks, and where."""
    limits = limits or _NO_TIMERS
    problems = []
    for rule, slot in _BROKEN_RULE.findall(broken):
        text = word(hass, "schedule_rule", rule).format(
            most=limits.slots,
            step=limits.step_minutes,
            longest=limits.longest_window,
        )
        timer = word(hass, "timer_event", "timer").format(number=slot)
        problems.append(f"{timer}: {text}" if slot else text)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="schedule_wrong",
        translation_placeholders={"problems": "; ".join(problems)},
    )


def _placeholders(hass: HomeAssistant, receipt: Receipt) -> dict[str, str] | None:
    detail = receipt.detail
    if receipt.reason is Reason.THROTTLED:
        return {"until": _local(detail["until"])}
    if receipt.reason is Reason.OUT_OF_LIMITS:
        return {
            "field": word(hass, "command_field", detail["field"]),
            "allowed": detail["allowed"],
        }
    if receipt.reason is Reason.BUSY and "running" in detail:
        return {"running": word(hass, "command", detail["running"])}
    return None


def _local(moment: str) -> str:
    """Return a moment as the owner's clock shows it, with the day unless it is today."""
    at = dt_util.as_local(datetime.fromisoformat(moment))
    return (
        f"{at:%H:%M}" if at.date() == dt_util.now().date() else f"{at:%Y-%m-%d %H:%M}"
    )


def word(hass: HomeAssistant, selector: str, value: str) -> str:
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
