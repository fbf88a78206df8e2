"""What goes on at a maker after an account was removed, told until it is over."""

from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..cloud.contract import LeftBehind
from ..const import DOMAIN
from .account_store import account_file

LEFT_BEHIND: Final = "left_behind"
"""Under this key an issue says whose it is, by the name of the account's file."""
_UNTIL: Final = "until"


@callback
def async_tell_left_behind(
    hass: HomeAssistant, entry: ConfigEntry[Any], left: LeftBehind
) -> None:
    """Create the issue, which is there after a restart too.

    Nobody can look any more whether it is over, so the owner may say that it is. The
    day on which it ends by itself is told as well: without any account Home Assistant
    never loads what would end the issue then.
    """
    ends = {}
    if left.until is not None:
        ends = {_UNTIL: dt_util.as_local(left.until).date().isoformat()}
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{LEFT_BEHIND}_{entry.entry_id}",
        data={
            LEFT_BEHIND: _file(entry),
            _UNTIL: None if left.until is None else left.until.isoformat(),
        },
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=f"{LEFT_BEHIND}_{_UNTIL}" if ends else LEFT_BEHIND,
        translation_placeholders={
            "account": entry.title,
            "names": ", ".join(left.names),
            "page": left.url,
            **ends,
        },
        learn_more_url=left.url,
    )


@callback
def async_end_left_behind(
    hass: HomeAssistant, entry: ConfigEntry[Any], now: datetime
) -> None:
    """Delete the issues of an account that is there again, and of what has run out."""
    for issue in list(ir.async_get(hass).issues.values()):
        data = issue.data
        if issue.domain != DOMAIN or data is None or LEFT_BEHIND not in data:
            continue
        until = dt_util.parse_datetime(str(data.get(_UNTIL)))
        if data[LEFT_BEHIND] == _file(entry) or (until is not None and until <= now):
            ir.async_delete_issue(hass, DOMAIN, issue.issue_id)


def _file(entry: ConfigEntry[Any]) -> str:
    return account_file(entry.unique_id or entry.entry_id)
