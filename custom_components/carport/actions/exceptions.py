"""Where all commands go through: receipts become what Home Assistant says to people."""

from collections.abc import Iterable
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_cached_translations

from ..accounts.exceptions import local_time
from ..car.limits import Limits
from ..car.receipts import Outcome, Receipt
from ..car.refusals import Reason
from ..car.schedule import ScheduleLimits, ScheduleProblem
from ..const import DOMAIN

_MISUSE: Final = frozenset(
    {
        Reason.NOT_CAPABLE,
        Reason.READ_ONLY,
        Reason.PIN_MISSING,
        Reason.PIN_BLOCKED,
        Reason.PIN_LOCKED,
        Reason.PIN_LIMIT,
        Reason.PIN_LAST_TRY,
        Reason.LOW_12V,
        Reason.NOT_PLUGGED,
        Reason.SOC_TOO_LOW,
        Reason.OUT_OF_LIMITS,
        Reason.BUSY,
    }
)
"""Reasons to refuse that the caller can do something about; nothing failed."""

NO_LIMITS: Final = Limits()
_NO_TIMERS: Final = ScheduleLimits(slots=0)


@callback
def error_for(
    hass: HomeAssistant, receipt: Receipt, limits: Limits = NO_LIMITS
) -> HomeAssistantError:
    """Say why a command was not done, and what to do about it."""
    reason = receipt.reason or Reason.CLOUD_REFUSED
    if receipt.outcome is Outcome.TIMED_OUT:
        # The command may have reached the car: nobody may think it did not.
        return HomeAssistantError(
            translation_domain=DOMAIN, translation_key="command_timed_out"
        )
    if receipt.refusal is not None and receipt.refusal.problems:
        return wrong_schedule(hass, receipt.refusal.problems, limits.schedule)
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
            "field": translate(hass, "command_field", name),
            "allowed": allowed,
        },
    )


def wrong_schedule(
    hass: HomeAssistant,
    broken: Iterable[ScheduleProblem],
    limits: ScheduleLimits | None,
) -> ServiceValidationError:
    """Say which rules of the car's timers a schedule breaks, and where."""
    limits = limits or _NO_TIMERS
    problems = []
    for problem in broken:
        text = translate(hass, "schedule_rule", problem.rule).format(
            most=limits.slots,
            step=limits.step_minutes,
            longest=limits.longest_window,
        )
        timer = translate(hass, "timer_event", "timer").format(number=problem.slot)
        problems.append(text if problem.slot is None else f"{timer}: {text}")
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="schedule_wrong",
        translation_placeholders={"problems": "; ".join(problems)},
    )


def _placeholders(hass: HomeAssistant, receipt: Receipt) -> dict[str, str] | None:
    refusal = receipt.refusal
    if refusal is None:
        return None
    if refusal.until is not None:
        return {"until": local_time(refusal.until)}
    if refusal.field:
        return {
            "field": translate(hass, "command_field", refusal.field),
            "allowed": refusal.allowed,
        }
    if refusal.running:
        return {"running": translate(hass, "command", refusal.running)}
    return None


def translate(hass: HomeAssistant, selector: str, value: str) -> str:
    """Translate a word that goes into a message, as far as it is known."""
    words = async_get_cached_translations(
        hass, hass.config.language, "selector", DOMAIN
    )
    return words.get(f"component.{DOMAIN}.selector.{selector}.options.{value}", value)
