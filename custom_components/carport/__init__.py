"""Carport: every connected car, whoever made it, with the same honest answers."""

import asyncio
from typing import Final

from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .account import AccountStore, OpenAccount, async_account_store, async_open_account
from .const import CONF_REGION, CONF_SERVER, CONF_SERVICE, DOMAIN, LOGGER, PLATFORMS
from .coordinator import AccountCoordinator, CarportConfigEntry
from .keeper import async_get_keeper
from .service.contract import Tokens
from .service.errors import CloudError
from .services import async_setup_services

_SIGN_OUT_TIME: Final = 10

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist without an account too."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Bring one account up."""
    store = account_store(hass, entry)
    await store.async_load()

    try:
        opened = await _async_open(hass, entry, store)
    except CloudError as error:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="server_unreachable"
        ) from error
    entry.async_on_unload(opened.service.close)
    keeper = await async_get_keeper(hass)
    coordinator = AccountCoordinator(hass, entry, keeper, opened, store)
    entry.runtime_data = coordinator
    entry.async_on_unload(coordinator.claims.close)
    if coordinator.listed.cars:
        # What was known comes back even if the cloud is away just now.
        await coordinator.async_restore()
    else:
        await coordinator.async_config_entry_first_refresh()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # A bare listener: the coordinator polls, the garage tells the entities.
    entry.async_on_unload(coordinator.async_add_listener(lambda: None))


async def async_unload_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Take one account down; its cars go to the next account that has them."""
    await hass.config_entries.async_unload_platforms_or_raise(entry, PLATFORMS)
    await (await async_get_keeper(hass)).async_save()


async def async_remove_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Forget the account, and the cars that only it had."""
    store = account_store(hass, entry)
    await _async_sign_out(hass, entry, store)
    await store.async_remove()
    keeper = await async_get_keeper(hass)
    for car in list(keeper.garage.cars.values()):
        if car.owner == entry.entry_id and not car.channels:
            keeper.garage.forget(car.vin)
    await keeper.async_save()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: CarportConfigEntry, device: dr.AnyDeviceEntry
) -> bool:
    """Allow the owner to delete a car that its account no longer lists."""
    shown = entry.runtime_data.shown_cars
    return not any(
        domain == DOMAIN and (vin in shown or vin == entry.entry_id)
        for domain, vin in device.identifiers
    )


async def _async_open(
    hass: HomeAssistant, entry: CarportConfigEntry, store: AccountStore
) -> OpenAccount:
    """Build the account's service from what is kept of it."""

    async def save_tokens(tokens: Tokens | None) -> None:
        await store.async_keep(tokens=tokens)

    return await async_open_account(
        hass,
        service_key=entry.data[CONF_SERVICE],
        region=entry.data[CONF_REGION],
        username=entry.data[CONF_USERNAME],
        server=entry.data.get(CONF_SERVER),
        account=entry.entry_id,
        tokens=store.data.get("tokens"),
        save_tokens=save_tokens,
        ledger_data=store.data.get("ledger"),
    )


async def _async_sign_out(
    hass: HomeAssistant, entry: CarportConfigEntry, store: AccountStore
) -> None:
    """Give the tokens back; a cloud that does not answer keeps nobody from leaving."""
    await store.async_load()
    try:
        async with asyncio.timeout(_SIGN_OUT_TIME):
            opened = await _async_open(hass, entry, store)
            try:
                await opened.service.sign_out()
            finally:
                await opened.service.close()
    except (CloudError, TimeoutError) as error:
        LOGGER.debug("The tokens could not be given back: %s", error)


def account_store(hass: HomeAssistant, entry: CarportConfigEntry) -> AccountStore:
    """Return the private memory of an entry's account."""
    return async_account_store(hass, entry.unique_id or entry.entry_id)
