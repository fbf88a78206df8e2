"""An installation of version 0.1.0 goes on after an update: nothing is lost.

The fixture is what that version kept after three hours with an account at each of its
four clouds: config entries, and the files of its private stores. Everything in it is
invented, and its tokens are the simulator's.
"""

from datetime import datetime
import json
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.carport.accounts.data import async_get_store
from custom_components.carport.car.signals import FORMER_KEYS
from custom_components.carport.cloud.ledger import Purpose
from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..conftest import account_of
from ..makers.car_net.account import CarNetAccount
from ..makers.we_connect.account import WeConnectAccount
from ..world import World

ACCOUNTS: Final[dict[str, type[CarNetAccount | WeConnectAccount]]] = {
    "car_net": CarNetAccount,
    "we_connect": WeConnectAccount,
}
"""Services whose tokens are signed by the identity pages."""

KEPT: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "fixtures/update/version_0_1_0.json").read_text()
)
SERVICES: Final = {entry["data"]["service"]: entry for entry in KEPT["entries"]}


def entry_of(kept: dict[str, Any], server: str) -> MockConfigEntry:
    """Return a config entry as that version left it, at a server of today."""
    names = ("entry_id", "unique_id", "title", "options", "version", "minor_version")
    return MockConfigEntry(
        domain=DOMAIN,
        data={**kept["data"], "server": server},
        **{name: kept[name] for name in names},
    )


def files_at(server: str) -> dict[str, Any]:
    """Return the private files, which name the server that the tokens are for."""
    text = json.dumps(KEPT["files"]).replace(KEPT["server"], server)
    files: dict[str, Any] = json.loads(text)
    return files


async def renew_tokens(
    world: World,
    kind: type[CarNetAccount | WeConnectAccount],
    files: dict[str, Any],
    entry: dict[str, Any],
) -> None:
    """Put tokens of today in place of those that were kept, under the same names.

    The identity pages sign with another key since then, as a maker may do any day; what
    is proven here is how Carport keeps tokens, not how long a simulator knows them.
    """
    spec = account_of(entry["data"]["username"])
    account = kind(world=world, spec=spec)
    assert await account.sign_in() is None
    fresh = json.loads(account.stored or "{}")
    (kept,) = (
        file["data"]["tokens"]
        for name, file in files.items()
        if name.startswith(f"carport.account.{entry['data']['service']}")
    )
    assert kept.keys() <= fresh.keys()
    kept |= {name: fresh[name] for name in kept}


@pytest.mark.parametrize("service", SERVICES)
async def test_7_an_account_of_the_version_before_goes_on(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    service: str,
) -> None:
    """Its cars are there at once, and its tokens are used: nobody signs in again."""
    server = hass_world.simulator.address
    files = files_at(server)
    if (account := ACCOUNTS.get(service)) is not None:
        await renew_tokens(hass_world, account, files, SERVICES[service])
    hass_storage.update(files)
    now = datetime.fromisoformat(KEPT["now"])
    await hass_world.advance((now - hass_world.clock.now()).total_seconds())
    entry = entry_of(SERVICES[service], server)
    entry.add_to_hass(hass)
    hass_world.control.forget_calls()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    coordinator = entry.runtime_data
    garage = (await async_get_store(hass)).garage
    for row in KEPT["files"]["carport.garage"]["data"]["garage"]["cars"]:
        if row["owner"] != entry.entry_id:
            continue
        known = garage.cars[row["vin"]].snapshot.readings
        assert row["vin"] in coordinator.shown_cars
        kept_keys = {one["signal"] for one in row["snapshot"]}
        assert {FORMER_KEYS.get(key, key) for key in kept_keys} <= known.keys()
    # A reading on demand works with the tokens that were kept.
    for vin in coordinator.shown_cars:
        await hass_world.result(coordinator.async_read(vin))
    counts = coordinator.ledger.counts_today()
    kept = next(
        file["data"]["ledger"]["counts"]
        for name, file in KEPT["files"].items()
        if name.startswith(f"carport.account.{service}")
    )
    assert counts.get(Purpose.SIGN_IN, 0) == kept.get(Purpose.SIGN_IN, 0)
    assert counts.get(Purpose.READ, 0) > kept.get(Purpose.READ, 0)
    if "pin" in SERVICES[service]["data"]:
        (channel, *_) = garage.cars[
            next(iter(coordinator.shown_cars))
        ].channels.values()
        assert channel.pin == SERVICES[service]["data"]["pin"]


async def test_days_keep_their_entities_when_they_become_dates(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    entity_registry: er.EntityRegistry,
) -> None:
    """What an owner named, and its history, goes on under the new key, as a date."""
    server = hass_world.simulator.address
    files = files_at(server)
    await renew_tokens(hass_world, CarNetAccount, files, SERVICES["car_net"])
    hass_storage.update(files)
    now = datetime.fromisoformat(KEPT["now"])
    await hass_world.advance((now - hass_world.clock.now()).total_seconds())
    # West of Greenwich, midnight in UTC is still the day before.
    await hass.config.async_set_time_zone("America/New_York")
    entry = entry_of(SERVICES["car_net"], server)
    entry.add_to_hass(hass)
    days = {
        row["vin"]: one["value"][:10]
        for row in KEPT["files"]["carport.garage"]["data"]["garage"]["cars"]
        for one in row["snapshot"]
        if one["signal"] == "inspection_due_at" and row["owner"] == entry.entry_id
    }
    assert days
    for vin in days:
        entity_registry.async_get_or_create(
            "sensor",
            DOMAIN,
            f"{vin}_inspection_due_at".lower(),
            config_entry=entry,
            suggested_object_id=f"inspection_of_{vin[-4:]}",
        )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    for vin, day in days.items():
        state = hass.states.get(f"sensor.inspection_of_{vin[-4:]}".lower())
        assert state is not None
        assert state.state == day
        assert state.attributes["device_class"] == "date"
