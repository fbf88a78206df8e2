"""Carport: every connected car, of any maker, with the same honest answers."""

import asyncio
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.typing import ConfigType

from .accounts.account_store import AccountStore
from .accounts.data import async_get_store
from .accounts.hints import async_follow_hints, hints_of
from .accounts.identity import account_name, identity_of
from .accounts.issues import async_forget_issues, async_tell_server
from .accounts.known_accounts import async_listed_cars
from .accounts.left_behind import async_end_left_behind, async_tell_left_behind
from .accounts.migration import async_move_private_data, async_rename_days
from .accounts.opening import (
    OpenAccount,
    async_open_kept,
    async_service,
    async_store_of,
)
from .accounts.ownership import Ownership
from .accounts.renamed import async_follow_renames
from .accounts.store import CarportStore
from .cloud.contract import LeftBehind
from .cloud.errors import CloudError, ServerRefused
from .const import (
    CONF_MQTT,
    CONF_MQTT_LAYOUTS,
    CONF_REGION,
    CONF_SERVER,
    CONF_SERVICE,
    DOMAIN,
    LOGGER,
    PLATFORMS,
)
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import Login
from .engine.vehicle_list import KnownVehicles
from .frontend_module import async_setup_frontend
from .services import async_setup_services
from .statistics.following import async_prepare

_SIGN_OUT_TIME: Final = 10
_PUBLISHING: Final = f"{__package__}.actions.mqtt_publishing"

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what exists without an account too: the actions, the card, what all follow."""
    async_setup_services(hass)
    async_follow_renames(hass)
    await async_setup_frontend(hass)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> bool:
    """Take up what an earlier version made; what a later one made is not known here."""
    if entry.version > 1:
        return False
    await async_move_private_data(hass, entry)
    async_rename_days(hass, entry)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Bring one account up."""
    store = async_store_of(hass, entry)
    await store.async_load()
    carport_store = await async_get_store(hass)
    await async_prepare(hass)

    try:
        opened = await _async_open(hass, entry, store)
    except ServerRefused as error:
        _give_cars_away(hass, entry, carport_store, for_good=False)
        # Asked again and again it would be no better: the owner has to look at it.
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key=async_tell_server(hass, entry, error),
        ) from error
    except CloudError as error:
        _give_cars_away(hass, entry, carport_store, for_good=False)
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="server_unreachable"
        ) from error
    # From here to where the account is closed again nothing waits, or can fail.
    coordinator = AccountCoordinator(hass, entry, carport_store, opened, store)
    entry.runtime_data = coordinator
    entry.async_on_unload(partial(carport_store.close_account, coordinator.runner))
    if coordinator.vehicle_list.cars:
        # What was known comes back even if the cloud is away just now.
        await coordinator.async_restore()
    else:
        await coordinator.async_config_entry_first_refresh()
    async with carport_store.adding_entities:
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if _has_published(hass, entry):
        # Home Assistant's MQTT is only loaded for who wants it, or did.
        publishing = await async_import_module(hass, _PUBLISHING)
        await publishing.async_start_publishing(hass, entry)
    async_end_left_behind(hass, entry, opened.clock.now())
    coordinator.ownership.take_free()
    coordinator.runner.start()
    entry.async_on_unload(
        async_follow_hints(hass, hints_of(entry.options), coordinator.runner.look_at)
    )


async def async_unload_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Take one account down; if it is disabled its cars go to another that has them.

    Callers that wait for a command or an answer get theirs while the entities are
    there, and no entity is created any more while they go.
    """
    coordinator = entry.runtime_data
    await coordinator.runner.end_work()
    coordinator.ownership.end_subscriptions()
    await hass.config_entries.async_unload_platforms_or_raise(entry, PLATFORMS)
    if entry.disabled_by is not None:
        async_forget_issues(hass, entry)
    await (await async_get_store(hass)).async_save()


async def async_remove_entry(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Forget the account, and the cars that only it had."""
    # An account that was never loaded since may have its file where it was.
    await async_move_private_data(hass, entry)
    store = async_store_of(hass, entry)
    _give_cars_away(hass, entry, await async_get_store(hass), for_good=True)
    try:
        left = await _async_sign_out(hass, entry, store)
    finally:
        # Whatever goes wrong at the maker: what was to be forgotten is forgotten.
        await store.async_remove()
        await _async_forget_cars(hass, entry)
        if _has_published(hass, entry):
            publishing = await async_import_module(hass, _PUBLISHING)
            await publishing.async_take_back(hass, entry.entry_id)
    if left is not None:
        async_tell_left_behind(hass, entry, left)


@callback
def _has_published(hass: HomeAssistant, entry: CarportConfigEntry) -> bool:
    """Return whether something of an account may be at Home Assistant's broker."""
    chosen = entry.options.get(CONF_MQTT)
    return chosen is not None and bool(
        chosen.get(CONF_MQTT_LAYOUTS) or hass.config_entries.async_entries("mqtt")
    )


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: CarportConfigEntry, device: dr.AnyDeviceEntry
) -> bool:
    """Allow the owner to delete a car that its account no longer lists."""
    if entry.state is ConfigEntryState.LOADED:
        shown = entry.runtime_data.shown_cars
    else:
        # It comes back with all that it had listed before.
        store = async_store_of(hass, entry)
        await store.async_load()
        shown = frozenset(KnownVehicles.from_json(store.data.get("cars")).cars)
    return not any(
        domain == DOMAIN and (vin in shown or vin == entry.entry_id)
        for domain, vin in device.identifiers
    )


@callback
def _give_cars_away(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    store: CarportStore,
    *,
    for_good: bool,
) -> None:
    """Let other accounts go on with the cars of one that does not run."""
    ownership = Ownership(hass, entry, store.garage, store.yielding)
    ownership.give_away(for_good=for_good)


async def _async_forget_cars(hass: HomeAssistant, entry: CarportConfigEntry) -> None:
    """Forget the cars that only a removed account had.

    Another account has its cars also while it is disabled, or cannot be loaded.
    """
    carport_store = await async_get_store(hass)
    others = await async_listed_cars(hass, but=entry.entry_id)
    for car in list(carport_store.garage.cars.values()):
        if car.owner == entry.entry_id and not car.channels and car.vin not in others:
            carport_store.garage.forget(car.vin)
    await carport_store.async_save()


async def _async_open(
    hass: HomeAssistant, entry: CarportConfigEntry, store: AccountStore
) -> OpenAccount:
    """Build the account's service from what is kept of it, and got from its server."""
    info = (await async_service(hass, entry.data[CONF_SERVICE])).info
    login = Login(
        service=info.key,
        region=entry.data[CONF_REGION],
        username=account_name(info, identity_of(info, entry.data)),
        server=entry.data.get(CONF_SERVER),
    )
    return await async_open_kept(hass, login, store, entry.entry_id)


async def _async_sign_out(
    hass: HomeAssistant, entry: CarportConfigEntry, store: AccountStore
) -> LeftBehind | None:
    """Give the tokens back; a cloud that does not answer keeps nobody from leaving.

    Returns what goes on at the maker all the same.
    """
    left: LeftBehind | None = None
    await store.async_load()
    try:
        async with asyncio.timeout(_SIGN_OUT_TIME):
            opened = await _async_open(hass, entry, store)
            try:
                left = opened.service.left_behind()
                await opened.service.sign_out()
            finally:
                await opened.service.close()
    except (CloudError, TimeoutError) as error:
        LOGGER.debug("The tokens could not be given back: %s", error)
    return left
