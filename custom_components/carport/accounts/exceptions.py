"""What Home Assistant is told when a cloud could not be read."""

from datetime import datetime

from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..cloud.errors import CloudError, HostNotMapped, PinPaused
from ..const import DOMAIN
from ..engine import ChannelState, state_after


def failed_update(error: CloudError, wait: float) -> Exception:
    """Say what a failed update was, with the way on; try again after these seconds."""
    if wants_owner(error):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key="login_expired"
        )
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=f"read_{error.reason}",
        translation_placeholders=_placeholders(error),
        retry_after=wait,
    )


def failed_action(error: CloudError) -> HomeAssistantError:
    """Tell the caller why there is no answer."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=f"read_{error.reason}",
        translation_placeholders=_placeholders(error),
    )


def local_time(moment: datetime) -> str:
    """Return a moment as the owner's clock shows it, with the day unless it is today."""
    at = dt_util.as_local(moment)
    return (
        f"{at:%H:%M}" if at.date() == dt_util.now().date() else f"{at:%Y-%m-%d %H:%M}"
    )


def _placeholders(error: CloudError) -> dict[str, str] | None:
    match error:
        case PinPaused():
            return {"until": local_time(error.until)}
        case HostNotMapped():
            return {"host": error.host}
    return None


def wants_owner(error: CloudError) -> bool:
    """Return whether only a new sign-in of the owner helps."""
    state, _ = state_after(error)
    return state is ChannelState.NEEDS_OWNER
