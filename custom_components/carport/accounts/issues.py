"""Issues: what only the owner can mend, told while it lasts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..car import signals as s
from ..cloud.errors import ServerChanged, ServerRefused
from ..cloud.sign_in import SignInOutcome
from ..const import CONF_PIN_MODE, DOMAIN, HELP_PAGE, PIN_ASKED
from ..engine import Channel, ChannelState
from .car_files import car_file
from .names import car_label
from .running import RunningAccount

_REPORT: Final = "https://github.com/carport-ha/carport/issues/new"

SERVER_REFUSED: Final = "server_refused"
SERVER_TEXTS: Final[Mapping[bool, str]] = {
    True: "server_changed",
    False: "server_unconfirmed",
}
"""What is said of a refused server, by whether another map was agreed to before."""

_A_DAY: Final = timedelta(days=1)
MEND: Final = "mend"
"""Under which key an issue says what the service can do about it."""
_MANY: Final = 8
"""Fewer unreadable values are normal: equipment that a car does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An issue of a whole account: when it is there, and where the way on begins."""

    key: str
    there: Callable[[RunningAccount], bool]
    severity: ir.IssueSeverity = ir.IssueSeverity.ERROR
    fixable: bool = False
    page: Callable[[RunningAccount], str | None] = lambda account: HELP_PAGE


def _closed(account: RunningAccount) -> bool:
    return account.trouble is SignInOutcome.CLIENT_REFUSED or any(
        channel.state is ChannelState.CLOSED_BY_MAKER for channel in _channels(account)
    )


def _pin_asked(account: RunningAccount) -> bool:
    return account.config_entry.options.get(CONF_PIN_MODE) == PIN_ASKED


def _pin_blocked(account: RunningAccount) -> bool:
    """Return whether the stored PIN is the one that was refused."""
    service, pin = account.service, account.stored_pin
    return pin is not None and service.pin_refused and service.pin_was_refused(pin)


def _typed_pin_blocked(account: RunningAccount) -> bool:
    """Return whether a PIN was refused that is stored nowhere."""
    stored = account.stored_pin is not None
    return account.service.pin_refused and (_pin_asked(account) or not stored)


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
        there=_typed_pin_blocked,
        severity=ir.IssueSeverity.WARNING,
    ),
)


@callback
def async_update_issues(hass: HomeAssistant, account: RunningAccount) -> None:
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
        _async_tell_expiry(hass, account)
        for advice in account.service.advice():
            about = "" if advice.vin is None else f"_{car_file(advice.vin)}"
            ir.async_create_issue(
                hass,
                DOMAIN,
                f"{advice.key}_{entry.entry_id}{about}",
                config_entry_id=entry.entry_id,
                data={"entry_id": entry.entry_id, MEND: advice.key},
                is_fixable=advice.mendable,
                severity=ir.IssueSeverity.WARNING,
                translation_key=advice.key,
                translation_placeholders={
                    "account": entry.title,
                    "car": _label(account, advice.vin),
                    **advice.placeholders,
                },
                learn_more_url=HELP_PAGE,
            )
        for channel in _puzzling(account):
            ir.async_create_issue(
                hass,
                DOMAIN,
                f"many_placeholders_{entry.entry_id}_{car_file(channel.car.vin)}",
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


def _label(account: RunningAccount, vin: str | None) -> str:
    car = None if vin is None else account.vehicle_list.cars.get(vin)
    return "" if car is None else car_label(car)


@callback
def _async_tell_expiry(hass: HomeAssistant, account: RunningAccount) -> None:
    """Create the issue of an access that ends soon, whichever car loses it first."""
    ends: dict[str, datetime] = {}
    for channel in _channels(account):
        result = channel.last_result
        for reading in () if result is None else result.readings:
            if reading.signal is s.SERVICE_EXPIRES_AT and reading.value is not None:
                ends[car_label(channel.car)] = cast(datetime, reading.value)
    if not ends:
        return
    first = min(ends.values())
    notice = account.service.info.expiry_notice
    if first - account.clock.now() > notice:
        return
    entry = account.config_entry
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"service_expires_{entry.entry_id}",
        config_entry_id=entry.entry_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="service_expires",
        translation_placeholders={
            "account": entry.title,
            "cars": ", ".join(
                sorted(car for car, end in ends.items() if end - first < _A_DAY)
            ),
            "date": dt_util.as_local(first).date().isoformat(),
        },
        learn_more_url=HELP_PAGE,
    )


@callback
def async_tell_server(
    hass: HomeAssistant, entry: ConfigEntry, error: ServerRefused
) -> str:
    """Create the issue of a server that was refused; return the key of its texts.

    It goes when the account comes up.
    """
    key = SERVER_TEXTS[isinstance(error, ServerChanged)]
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{SERVER_REFUSED}_{entry.entry_id}",
        config_entry_id=entry.entry_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders={
            "account": entry.title,
            "hosts": ", ".join(error.doubts),
        },
        learn_more_url=HELP_PAGE,
    )
    return key


@callback
def async_forget_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete the issues of an account that is not wanted now; nobody is to mend them."""
    with ir.async_refresh_issues(hass, DOMAIN, config_entry_id=entry.entry_id):
        pass


@callback
def async_server_refused(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Return whether the account is down because its server was refused."""
    issue = f"{SERVER_REFUSED}_{entry.entry_id}"
    return ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None


def _puzzling(account: RunningAccount) -> Iterator[Channel]:
    """Yield the channels whose last answer had more placeholders than readings."""
    for channel in _channels(account):
        if (result := channel.last_result) is None:
            continue
        unreadable = len(result.placeholders)
        if unreadable >= _MANY and unreadable > len(result.readings):
            yield channel


def _channels(account: RunningAccount) -> Iterator[Channel]:
    """Yield this account's way to each of its cars."""
    for car in account.garage.cars.values():
        if (channel := car.channels.get(account.account)) is not None:
            yield channel
