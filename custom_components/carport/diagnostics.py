"""Diagnostics: everything that helps to find a fault, and nothing about the owner."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .account import async_account_store
from .car.receipts import Receipt
from .car.signals import Position
from .car.snapshot import Reading
from .const import CONF_HIDDEN_CARS, CONF_PIN, CONF_SERVER, DOMAIN
from .coordinator import AccountCoordinator, CarportConfigEntry
from .garage import Channel, GarageCar
from .redaction import REDACTED, Redactor
from .service.http import RawAnswer


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CarportConfigEntry
) -> dict[str, Any]:
    """Tell all about an account and its cars."""
    coordinator = entry.runtime_data
    redactor = _redactor(coordinator)
    told: dict[str, Any] = redactor.replace(
        {
            **_account(coordinator, redactor),
            "cars": {
                vin: _car(coordinator, car, redactor)
                for vin, car in _cars(coordinator).items()
            },
        }
    )
    return told


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: CarportConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Tell about one car; the account's own device tells about all of it."""
    coordinator = entry.runtime_data
    cars = _cars(coordinator)
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and (car := cars.get(identifier)) is not None:
            redactor = _redactor(coordinator)
            told: dict[str, Any] = redactor.replace(
                {
                    **_account(coordinator, redactor),
                    "car": _car(coordinator, car, redactor),
                }
            )
            return told
    return await async_get_config_entry_diagnostics(hass, entry)


def _cars(coordinator: AccountCoordinator) -> dict[str, GarageCar]:
    """Return the cars of the account, by VIN, in a steady order."""
    return {
        vin: car
        for vin, car in sorted(coordinator.garage.cars.items())
        if coordinator.account in car.channels
    }


def _account(coordinator: AccountCoordinator, redactor: Redactor) -> dict[str, Any]:
    entry = coordinator.config_entry
    info = coordinator.service.info
    ledger = coordinator.ledger
    return {
        "service": info.key,
        "openness": info.openness,
        "region": coordinator.service.context.region,
        # Only whether it is there: a private server's name tells whose it is.
        "has_server": entry.data.get(CONF_SERVER) is not None,
        "has_pin": entry.data.get(CONF_PIN) is not None,
        "options": {
            key: len(value) if key == CONF_HIDDEN_CARS else value
            for key, value in entry.options.items()
        },
        "now": coordinator.clock.now(),
        "trouble": coordinator.trouble,
        "pin_refused": coordinator.service.pin_refused,
        "last_update_success": coordinator.last_update_success,
        "listed_cars": len(coordinator.listed.cars),
        "listed_at": coordinator.listed.listed_at,
        "calls": {
            "today": ledger.counts_today(),
            "left": ledger.left(),
            "left_for_commands": ledger.left(command=True),
            "run_out_at": ledger.runs_out_at(),
            "throttled_until": ledger.throttled_until,
            "commands_paused_until": ledger.commands_paused_until,
        },
        "answers": [
            _answer(what, answer, redactor)
            for what, answer in coordinator.transport.raw.items()
        ],
    }


def _car(
    coordinator: AccountCoordinator, car: GarageCar, redactor: Redactor
) -> dict[str, Any]:
    described = car.description
    return {
        "maker": described.manufacturer,
        "model": described.model,
        "model_year": described.model_year,
        "drive": described.drive,
        "software": described.software,
        "profile": car.profile or coordinator.profile,
        "next_read": coordinator.next_read(car.vin),
        "captured_at": car.captured_at,
        "stale": car.stale,
        "running": None if car.running is None else car.running.command.kind,
        "channels": [
            _channel(coordinator, channel) for channel in car.channels.values()
        ],
        "readings": {
            key: _reading(car, reading)
            for key, reading in sorted(car.snapshot.readings.items())
        },
        "placeholders": dict(sorted(car.placeholders.items())),
        "commands": {
            str(kind): repr(limits) for kind, limits in sorted(car.commands.items())
        },
        "receipts": [_receipt(receipt, redactor) for receipt in car.receipts],
    }


def _channel(coordinator: AccountCoordinator, channel: Channel) -> dict[str, Any]:
    return {
        "this": channel.account == coordinator.account,
        "service": channel.service.info.key,
        "state": channel.state,
        "until": channel.until,
        "attempted_at": channel.attempted_at,
        "gaps": sorted(channel.last_result.gaps) if channel.last_result else [],
    }


def _reading(car: GarageCar, reading: Reading) -> dict[str, Any]:
    """Tell a value and its three times."""
    channel = car.channels.get(reading.channel)
    private = isinstance(reading.value, Position)
    return {
        "value": REDACTED if private else reading.signal.encode(reading.value),
        "captured_at": reading.captured_at,
        "received_at": reading.received_at,
        "attempted_at": None if channel is None else channel.attempted_at,
    }


def _receipt(receipt: Receipt, redactor: Redactor) -> dict[str, Any]:
    told = receipt.as_dict()
    # What was asked for may name a place.
    return told | {"parameters": redactor.clean(told["parameters"])}


def _answer(what: str, answer: RawAnswer, redactor: Redactor) -> dict[str, Any]:
    return {
        "what": what,
        "status": answer.status,
        "received_at": answer.received_at,
        "body": redactor.clean(answer.body),
    }


def _redactor(coordinator: AccountCoordinator) -> Redactor:
    vins = dict.fromkeys((*_cars(coordinator), *sorted(coordinator.listed.cars)))
    return Redactor(vins, tuple(_secrets(coordinator)))


def _secrets(coordinator: AccountCoordinator) -> Iterator[object]:
    """Yield every value that says who the owner is, where, or how to get in."""
    entry = coordinator.config_entry
    yield entry.data[CONF_USERNAME]
    yield entry.data.get(CONF_PIN)
    yield entry.data.get(CONF_SERVER)
    yield (entry.unique_id or "").removeprefix(f"{coordinator.service.info.key}_")
    kept = async_account_store(coordinator.hass, entry.unique_id or entry.entry_id)
    yield from _texts(kept.data.get("tokens"))
    for described in coordinator.listed.cars.values():
        yield described.nickname
        yield from described.handle.values()
    for car in coordinator.garage.cars.values():
        yield car.description.nickname
        yield car.vin
        for reading in car.snapshot.readings.values():
            if isinstance(reading.value, Position):
                yield reading.value.latitude
                yield reading.value.longitude


def _texts(tokens: Mapping[str, str | float | None] | None) -> Iterator[str]:
    """Yield the tokens themselves; their ages are no secrets."""
    for value in (tokens or {}).values():
        if isinstance(value, str):
            yield value
