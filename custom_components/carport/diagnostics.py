"""Diagnostics: everything that helps to find a fault, and nothing about the owner."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, split_entity_id, valid_entity_id
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .accounts.identity import private_names
from .accounts.opening import async_service, async_store_of
from .cloud.redaction import REDACTED, Redactor
from .cloud.service_info import ServiceInfo
from .const import CONF_HIDDEN_CARS, CONF_SERVER, CONF_SERVICE, DOMAIN
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine.login import SIGN_IN_TRACE
from .engine.report import account_cars, report
from .engine.vehicle_list import KnownVehicles


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CarportConfigEntry
) -> dict[str, Any]:
    """Tell all about an account and its cars."""
    if entry.state is not ConfigEntryState.LOADED:
        return await _async_report_down(hass, entry)
    return _report(entry.runtime_data)


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: CarportConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Tell about one car; the account's own device tells about all of it."""
    if entry.state is not ConfigEntryState.LOADED:
        return await _async_report_down(hass, entry)
    cars = account_cars(entry.runtime_data.runner)
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and identifier in cars:
            return _report(entry.runtime_data, identifier)
    return await async_get_config_entry_diagnostics(hass, entry)


def _report(coordinator: AccountCoordinator, vin: str | None = None) -> dict[str, Any]:
    entry = coordinator.config_entry
    face = {
        **_face(entry, coordinator.stored_pin),
        "last_update_success": coordinator.last_update_success,
    }
    secrets = _secrets(entry, coordinator.service.info, coordinator.stored_pin)
    return report(coordinator.runner, tuple(secrets), face, vin)


async def _async_report_down(
    hass: HomeAssistant, entry: CarportConfigEntry
) -> dict[str, Any]:
    """Tell what is known of an account that does not run, and why it does not."""
    info = (await async_service(hass, entry.data[CONF_SERVICE])).info
    store = async_store_of(hass, entry)
    await store.async_load()
    listed = KnownVehicles.from_json(store.data.get("cars"))
    told = {
        **_face(entry, store.pin),
        "service": info.key,
        "openness": info.openness,
        "state": entry.state.value,
        "reason": entry.error_reason_translation_key,
        "listed_cars": len(listed.cars),
        "listed_at": listed.listed_at,
        "connection_report": {"sign_in": store.data.get(SIGN_IN_TRACE)},
    }
    redactor = Redactor(sorted(listed.cars), _secrets(entry, info, store.pin))
    replaced: dict[str, Any] = redactor.replace(told)
    return replaced


def _face(entry: CarportConfigEntry, pin: str | None) -> dict[str, Any]:
    """Tell of what the owner typed and chose what says nothing about them."""
    return {
        # Only whether it is there: a private server's name tells whose it is.
        "has_server": entry.data.get(CONF_SERVER) is not None,
        "has_pin": pin is not None,
        "options": {
            key: len(value) if key == CONF_HIDDEN_CARS else _without_names(value)
            for key, value in entry.options.items()
        },
    }


def _without_names(chosen: Any) -> Any:
    """Leave of an entity id what kind it is: the rest names people, streets or firms."""
    if isinstance(chosen, Mapping):
        return {key: _without_names(value) for key, value in chosen.items()}
    if isinstance(chosen, (list, tuple)):
        return [_without_names(one) for one in chosen]
    if isinstance(chosen, str) and valid_entity_id(chosen):
        return f"{split_entity_id(chosen)[0]}.{REDACTED}"
    return chosen


def _secrets(
    entry: CarportConfigEntry, info: ServiceInfo, pin: str | None
) -> Iterator[object]:
    """Yield what the entry says of who the owner is, and how to get in."""
    yield from private_names(info, entry.data)
    yield pin
    yield entry.data.get(CONF_SERVER)
    yield (entry.unique_id or "").removeprefix(f"{info.key}_")
