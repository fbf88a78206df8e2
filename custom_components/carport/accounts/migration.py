"""What earlier versions kept elsewhere, brought to where it belongs now."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import slugify

from ..car.signals import FORMER_KEYS
from ..const import CONF_PIN, DOMAIN
from .opening import async_account_store
from .private_store import PrivateStore

PRIVATE_FILES: Final = 2
"""Since this minor version an account's file has a name of its own, and the PIN in it."""
DAYS: Final = 3
"""Since this minor version days are dates, and their entities have names of their own."""


async def async_move_private_data(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Bring the account's file and the PIN into the file that only it can have.

    Files were named by a word in which different accounts could look the same. What
    such a file holds may be the other's, so none of them gets it: they sign in again.
    """
    if entry.minor_version >= PRIVATE_FILES:
        return
    unique_id = entry.unique_id or entry.entry_id
    old = _old_file(hass, unique_id)
    store = async_account_store(hass, unique_id)
    await store.async_load()
    kept: object = None
    if not _shares_old_file(hass, entry):
        kept = await old.async_load()
    known = dict(kept) if isinstance(kept, Mapping) else {}
    if (pin := entry.data.get(CONF_PIN)) is not None:
        known[CONF_PIN] = pin
    if known:
        await store.async_keep(**known)
    data = {key: value for key, value in entry.data.items() if key != CONF_PIN}
    if hass.config_entries.async_get_entry(entry.entry_id) is not None:
        hass.config_entries.async_update_entry(
            entry, data=data, minor_version=PRIVATE_FILES
        )
    # Last: torn off before, all of it is done once more.
    await old.async_remove()


@callback
def async_rename_days(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Let the sensors of days keep their entity ids and history under their new keys."""
    if entry.minor_version >= DAYS:
        return
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        for former, key in FORMER_KEYS.items():
            vin = entity.unique_id.removesuffix(f"_{former}")
            renamed = f"{vin}_{key}"
            if (
                "_" not in vin
                and entity.domain == Platform.SENSOR
                and registry.async_get_entity_id(
                    entity.domain, entity.platform, renamed
                )
                is None
            ):
                registry.async_update_entity(entity.entity_id, new_unique_id=renamed)
    hass.config_entries.async_update_entry(entry, minor_version=DAYS)


def _shares_old_file(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Return whether another account that was not moved yet had the same file."""
    name = slugify(entry.unique_id or entry.entry_id)
    return any(
        other.entry_id != entry.entry_id
        and other.minor_version < PRIVATE_FILES
        and slugify(other.unique_id or other.entry_id) == name
        for other in hass.config_entries.async_entries(DOMAIN)
    )


def _old_file(hass: HomeAssistant, unique_id: str) -> PrivateStore:
    """Return the file that earlier versions named by the account's id."""
    return PrivateStore(hass, f"account.{slugify(unique_id)}", lambda: None)
