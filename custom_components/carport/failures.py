"""What Home Assistant is told when a cloud could not be read."""

from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import DOMAIN
from .garage import ChannelState, state_after
from .service.errors import CloudError


def failed_update(error: CloudError, wait: float) -> Exception:
    """Say what a failed update was, with the way on; try again after these seconds."""
    if wants_owner(error):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key="login_expired"
        )
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=f"read_{error.reason}",
        retry_after=wait,
    )


def failed_action(error: CloudError) -> HomeAssistantError:
    """Say to whoever asked why there is no answer."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=f"read_{error.reason}"
    )


def wants_owner(error: CloudError) -> bool:
    """Return whether only a new sign-in of the owner helps."""
    state, _ = state_after(error)
    return state is ChannelState.NEEDS_OWNER
