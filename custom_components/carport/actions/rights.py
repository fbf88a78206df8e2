"""What the user who called an action may do with a car."""

from collections.abc import Iterable
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

CONTROL: Final = POLICY_CONTROL
"""For whatever reaches the car, costs calls at will or changes something."""
READ: Final = POLICY_READ
"""For lists and reports."""


async def async_check_right(
    hass: HomeAssistant, call: ServiceCall, device_ids: Iterable[str], right: str
) -> None:
    """Raise unless the caller has a right to all these cars, as entity actions do.

    A call without a user comes from an automation or from Home Assistant itself.
    """
    if not call.context.user_id:
        return
    user = await hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context, permission=right)
    if user.is_admin:
        return
    for device_id in device_ids:
        _check_device(hass, call, user, device_id, right)


def _check_device(
    hass: HomeAssistant, call: ServiceCall, user: User, device_id: str, right: str
) -> None:
    """Raise unless the user has the right to every entity a device stands for."""
    selection = TargetSelection({"device_id": [device_id]})
    entity_ids = async_extract_referenced_entity_ids(
        hass, selection
    ).indirectly_referenced
    if not entity_ids and not user.permissions.access_all_entities(right):
        # All are hidden: nothing says that this car is this user's.
        raise Unauthorized(context=call.context, permission=right)
    for entity_id in sorted(entity_ids):
        if not user.permissions.check_entity(entity_id, right):
            raise Unauthorized(
                context=call.context, entity_id=entity_id, permission=right
            )
