"""Which accounts there are already: none is set up twice, and no car stands in two."""

from collections.abc import Collection, Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..cloud.service_info import ServiceInfo
from ..const import CONF_SERVER, CONF_SERVICE, DOMAIN
from ..engine.vehicle_list import KnownVehicles
from .identity import Account, account_of_entry, normalised, typed_vins
from .opening import async_store_of


@callback
def known_accounts(
    hass: HomeAssistant, info: ServiceInfo
) -> Iterable[tuple[ConfigEntry[Any], Account]]:
    """Yield the entries of a service, and their accounts."""
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        if entry.data[CONF_SERVICE] == info.key:
            server = entry.data.get(CONF_SERVER)
            yield entry, account_of_entry(info, entry.data, server)


@callback
def is_known(hass: HomeAssistant, info: ServiceInfo, account: Account) -> bool:
    """Return whether an account is set up already, however it was spelt."""
    identity = normalised(info, account.identity)
    return any(
        known.region == account.region and normalised(info, known.identity) == identity
        for _, known in known_accounts(hass, info)
    )


async def async_listed_cars(hass: HomeAssistant, *, but: str) -> frozenset[str]:
    """Return the cars that all accounts but one had listed, loaded or not."""
    cars: set[str] = set()
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        if entry.entry_id != but:
            store = async_store_of(hass, entry)
            await store.async_load()
            cars |= KnownVehicles.from_json(store.data.get("cars")).cars.keys()
    return frozenset(cars)


async def async_is_taken(
    hass: HomeAssistant, info: ServiceInfo, vins: Collection[str], own: str | None
) -> bool:
    """Return whether an entry of a service, but for one's own, has one of these cars."""
    for entry, account in known_accounts(hass, info) if vins else ():
        store = async_store_of(hass, entry)
        await store.async_load()
        listed = KnownVehicles.from_json(store.data.get("cars")).cars
        cars = {*listed, *typed_vins(info, account.identity)}
        if entry.entry_id != own and cars & set(vins):
            return True
    return False
