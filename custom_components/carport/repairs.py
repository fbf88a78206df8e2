"""Repairs: what only the owner can mend, told while it lasts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .account_forms import car_label, pin_schema, typed_pin
from .const import CONF_PIN, CONF_PIN_MODE, DOMAIN, PIN_ASKED
from .garage import Channel, ChannelState
from .service.sign_in import SignInOutcome

if TYPE_CHECKING:
    from .coordinator import AccountCoordinator, CarportConfigEntry

_HELP: Final = "https://github.com/carport-ha/carport#troubleshooting"
_REPORT: Final = "https://github.com/carport-ha/carport/issues/new"

_MANY: Final = 8
"""Fewer unreadable values are normal: equipment that a car does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An issue of a whole account: when it is there, and where the way on begins."""

    key: str
    there: Callable[[AccountCoordinator], bool]
    severity: ir.IssueSeverity = ir.IssueSeverity.ERROR
    fixable: bool = False
    page: Callable[[AccountCoordinator], str | None] = lambda account: _HELP


def _closed(account: AccountCoordinator) -> bool:
    return account.trouble is SignInOutcome.CLIENT_REFUSED or any(
        channel.state is ChannelState.CLOSED_BY_MAKER for channel in _channels(account)
    )


def _pin_asked(account: AccountCoordinator) -> bool:
    return account.config_entry.options.get(CONF_PIN_MODE) == PIN_ASKED


def _pin_blocked(account: AccountCoordinator) -> bool:
    """Return whether the stored PIN is the one that was refused."""
    service, pin = account.service, account.config_entry.data.get(CONF_PIN)
    return service.pin_refused and (pin is None or service.pin_was_refused(pin))


TROUBLES: Final = (
    Trouble(
        key="new_terms",
        there=lambda account: account.trouble is SignInOutcome.NEW_TERMS,
        page=lambda account: account.trouble_page,
    ),
    Trouble(
        key="consent_missing",
        there=lambda account: account.trouble is SignInOutcome.CONSENT_MISSING,
        page=lambda account: account.trouble_page,
    ),
    Trouble(
        key="account_locked",
        there=lambda account: account.trouble is SignInOutcome.ACCOUNT_LOCKED,
        page=lambda account: account.trouble_page,
    ),
    Trouble(
        key="closed_by_maker",
        there=_closed,
        severity=ir.IssueSeverity.WARNING,
    ),
    Trouble(
        key="pin_blocked",
        there=lambda account: not _pin_asked(account) and _pin_blocked(account),
        fixable=True,
    ),
    Trouble(
        key="pin_blocked_ask",
        there=lambda account: account.service.pin_refused and _pin_asked(account),
        severity=ir.IssueSeverity.WARNING,
    ),
)


@callback
def async_update_issues(hass: HomeAssistant, account: AccountCoordinator) -> None:
    """Create the issues that are there now, and delete those that are over."""
    entry = account.config_entry
    with ir.async_refresh_issues(hass, DOMAIN, config_entry_id=entry.entry_id):
        for trouble in TROUBLES:
            if trouble.there(account):
                ir.async_create_issue(
                    hass,
                    DOMAIN,
                    f"{trouble.key}_{entry.entry_id}",
                    config_entry_id=entry.entry_id,
                    data={"entry_id": entry.entry_id},
                    is_fixable=trouble.fixable,
                    severity=trouble.severity,
                    translation_key=trouble.key,
                    translation_placeholders={"account": entry.title},
                    learn_more_url=trouble.page(account),
                )
        for channel in _puzzling(account):
            ir.async_create_issue(
                hass,
                DOMAIN,
                f"many_placeholders_{entry.entry_id}_{channel.car.vin[-4:].lower()}",
                config_entry_id=entry.entry_id,
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key="many_placeholders",
                translation_placeholders={
                    "car": car_label(channel.car),
                    "report": _REPORT,
                },
                learn_more_url=_REPORT,
            )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the only fix there is: another PIN."""
    return PinRepairFlow()


class PinRepairFlow(RepairsFlow):
    """Ask for the right PIN after the cloud refused the stored one."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with the form."""
        return await self.async_step_pin()

    async def async_step_pin(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Store another PIN and bring the account up with it."""
        entry: CarportConfigEntry | None = self.hass.config_entries.async_get_entry(
            str((self.data or {}).get("entry_id"))
        )
        if entry is None:
            return self.async_abort(reason="account_gone")
        errors: dict[str, str] = {}
        if user_input is not None:
            pin = typed_pin(user_input)
            if pin and pin != entry.data.get(CONF_PIN):
                self.hass.config_entries.async_update_entry(
                    entry, data={**entry.data, CONF_PIN: pin}
                )
                self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return self.async_create_entry(data={})
            errors[CONF_PIN] = "same_pin"
        return self.async_show_form(
            step_id="pin",
            data_schema=pin_schema(),
            errors=errors,
            description_placeholders={"account": entry.title},
        )


def _puzzling(account: AccountCoordinator) -> Iterator[Channel]:
    """Yield the channels whose last answer held more riddles than readings."""
    for channel in _channels(account):
        if (result := channel.last_result) is None:
            continue
        unreadable = len(result.placeholders)
        if unreadable >= _MANY and unreadable > len(result.readings):
            yield channel


def _channels(account: AccountCoordinator) -> Iterator[Channel]:
    """Yield this account's way to each of its cars."""
    for car in account.garage.cars.values():
        if (channel := car.channels.get(account.account)) is not None:
            yield channel
