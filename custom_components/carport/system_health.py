"""System health: how the accounts are, at a glance, and whether the makers answer."""

from collections import Counter
from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .accounts.data import async_get_store
from .const import CONF_SERVER, DOMAIN
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import ChannelState


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register what is shown."""
    register.async_register_info(async_health)


async def async_health(hass: HomeAssistant) -> dict[str, Any]:
    """Count accounts, cars, channels and calls; name no car and no owner."""
    entries: list[CarportConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    accounts = [entry.runtime_data for entry in entries]
    garage = (await async_get_store(hass)).garage
    channels = [
        channel for car in garage.cars.values() for channel in car.channels.values()
    ]
    received = [
        reading.received_at
        for car in garage.cars.values()
        for reading in car.snapshot.readings.values()
    ]
    health: dict[str, Any] = {
        "accounts": len(accounts),
        "cars": sum(bool(car.channels) for car in garage.cars.values()),
        "channels": _by_state(Counter(channel.state for channel in channels)),
        "calls_today": sum(
            sum(account.ledger.counts_today().values()) for account in accounts
        ),
        "calls_left": _calls_left(accounts),
        "last_success": max(received) if received else "never",
    }
    for name, address in _addresses(accounts).items():
        health[name] = system_health.async_check_can_reach_url(hass, address)
    return health


def _by_state(counts: Counter[ChannelState]) -> str:
    """Write the counts, best state first."""
    told = (f"{state} {counts[state]}" for state in ChannelState if counts[state])
    return ", ".join(told) or "none"


def _calls_left(accounts: list[AccountCoordinator]) -> str:
    """Write the calls left of every account that has a known limit."""
    left = [account.ledger.left() for account in accounts]
    return ", ".join(str(calls) for calls in left if calls is not None) or "no limit"


def _addresses(accounts: list[AccountCoordinator]) -> dict[str, str]:
    """Map what is shown to what is called: a server, or else the makers' hosts."""
    addresses: dict[str, str] = {}
    servers: list[str] = []
    for account in accounts:
        info, region = account.service.info, account.service.context.region
        if (server := account.config_entry.data.get(CONF_SERVER)) is not None:
            address = server if "://" in server else f"http://{server}"
            if address not in servers:
                servers.append(address)
            continue
        for host in sorted(info.hosts[region]):
            addresses[host] = f"https://{host}"
    for number, address in enumerate(servers, 1):
        # By number: their names say whose they are.
        addresses["server" if number == 1 else f"server {number}"] = address
    return addresses
