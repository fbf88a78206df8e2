"""Whose file is whose: accounts that look alike, and what earlier versions kept."""

import logging
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.carport.accounts.data import carport_data
from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.accounts.private_store import PrivateStore
from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import slugify
from tests.conftest import TESTER, async_add_account
from tests.world import World

ALIKE: Final = (
    ("max.muster@example.com", "max_muster@example.com"),
    ("müller@example.com", "muller@example.com"),
    ("a+b@example.com", "a-b@example.com"),
)
TO_DISK: Final = Store.__dict__["_async_write_data"]
"""How files are really written; the tests' own Home Assistant only pretends to."""


def old_file(unique_id: str) -> str:
    """Return the key under which the first edition kept an account."""
    return f"carport.account.{slugify(unique_id)}"


def old_entry(name: str, **data: Any) -> MockConfigEntry:
    """Return an entry as the first edition made it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Demo garage",
        unique_id=f"demo_{name}",
        minor_version=1,
        data={"service": "demo", "region": "demo", "username": name, **data},
    )


def keep_old(hass_storage: dict[str, Any], unique_id: str, data: dict[str, Any]) -> str:
    """Put an account's file where the first edition had it."""
    key = old_file(unique_id)
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    return key


def account_files(hass_storage: dict[str, Any]) -> set[str]:
    """Return the keys of all accounts on disk."""
    return {key for key in hass_storage if key.startswith("carport.account.")}


@pytest.mark.parametrize("pair", ALIKE)
async def test_8_2_accounts_that_look_alike_have_files_of_their_own(
    hass: HomeAssistant, hass_storage: dict[str, Any], pair: tuple[str, str]
) -> None:
    """Each finds its own tokens again after a restart."""
    for name in pair:
        store = async_account_store(hass, f"we_connect_{name}")
        await store.async_load()
        await store.async_keep(tokens={"refresh_token": f"of {name}"})
    assert len(account_files(hass_storage)) == 2
    carport_data(hass).account_stores.clear()
    for name in pair:
        store = async_account_store(hass, f"we_connect_{name}")
        await store.async_load()
        assert store.data["tokens"] == {"refresh_token": f"of {name}"}


@pytest.mark.parametrize("pair", ALIKE)
async def test_8_2_a_file_that_two_accounts_shared_is_nobodys(
    hass: HomeAssistant, hass_storage: dict[str, Any], pair: tuple[str, str]
) -> None:
    """Neither gets what may be the other's tokens; each keeps its own PIN."""
    entries = [
        old_entry(name, pin=pin)
        for name, pin in zip(pair, ("1111", "2222"), strict=True)
    ]
    key = keep_old(
        hass_storage, f"demo_{pair[0]}", {"tokens": {"refresh_token": "whose?"}}
    )
    assert key == old_file(f"demo_{pair[1]}")
    for entry in entries:
        entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entries[0].entry_id)
    await hass.async_block_till_done()
    for entry, pin in zip(entries, ("1111", "2222"), strict=True):
        assert entry.state is ConfigEntryState.LOADED
        store = async_account_store(hass, str(entry.unique_id))
        assert "whose?" not in repr(store.data)
        assert entry.runtime_data.stored_pin == pin
        assert "pin" not in entry.data
    assert key not in hass_storage
    assert "whose?" not in repr(hass_storage)


async def test_8_2_a_file_of_today_goes_on(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """Nobody has to sign in for its new name."""
    entry = await async_add_account(hass, hass_world)
    unique_id = str(entry.unique_id)
    await _back_to_the_first_edition(hass, entry, hass_storage)
    hass_world.control.forget_calls()
    await hass_world.result(hass.config_entries.async_setup(entry.entry_id))
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert not hass_world.control.calls("*/login/*", method="POST")
    assert old_file(unique_id) not in hass_storage
    (key,) = account_files(hass_storage)
    assert hass_storage[key]["data"]["tokens"]
    assert hass_storage[key]["data"]["cars"]


async def test_5_10_the_pin_leaves_the_entry(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """It goes on working, from the private file; the entry is of the next minor version."""
    entry = await async_add_account(hass, hass_world)
    assert "pin" not in entry.data
    await _back_to_the_first_edition(hass, entry, hass_storage)
    assert (entry.minor_version, entry.data["pin"]) == (1, "1357")
    await hass_world.result(hass.config_entries.async_setup(entry.entry_id))
    await hass.async_block_till_done()
    assert (entry.version, entry.minor_version) == (1, 3)
    assert "pin" not in entry.data
    (key,) = account_files(hass_storage)
    assert hass_storage[key]["data"]["pin"] == "1357"
    (vin, *_) = entry.runtime_data.vehicle_list.cars
    channel = entry.runtime_data.garage.cars[vin].channels[entry.entry_id]
    assert channel.pin == "1357"


async def test_5_10_an_entry_of_a_later_version_is_left_alone(
    hass: HomeAssistant,
) -> None:
    """What is not known here is not taken for something else."""
    entry = old_entry("later")
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, version=2)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR


async def test_5_10_an_account_that_was_never_loaded_since_leaves_nothing(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Removed while it was disabled, its old file goes too."""
    entry = old_entry("resting")
    keep_old(hass_storage, "demo_resting", {"tokens": {"refresh_token": "old"}})
    entry.add_to_hass(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not account_files(hass_storage)


async def test_5_10_no_address_in_names_or_error_lines(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the file's name nor what is logged of a disk that takes nothing tells whose."""
    caplog.set_level(logging.DEBUG, "homeassistant.helpers.storage")
    entry = await async_add_account(hass, hass_world)
    name = TESTER.partition("@")[0]
    assert not [key for key in account_files(hass_storage) if name in key]
    store = async_account_store(hass, f"car_net_{TESTER}")
    await store.async_load()
    hass.config.config_dir = str(tmp_path)
    (tmp_path / ".storage").write_text("no folder")
    caplog.clear()
    with monkeypatch.context() as real:
        real.setattr(Store, "_async_write_data", TO_DISK)
        await store.async_keep(tokens={"refresh_token": "new"})
    assert "carport.account." in caplog.text
    assert name not in caplog.text
    await hass.config_entries.async_unload(entry.entry_id)


async def _back_to_the_first_edition(
    hass: HomeAssistant, entry: ConfigEntry[Any], hass_storage: dict[str, Any]
) -> None:
    """Unload an account and put everything of it where the first edition had it."""
    unique_id = str(entry.unique_id)
    store = async_account_store(hass, unique_id)
    await hass.config_entries.async_unload(entry.entry_id)
    data = dict(store.data)
    pin = data.pop("pin")
    await store.async_remove()
    carport_data(hass).account_stores.clear()
    await PrivateStore(hass, f"account.{slugify(unique_id)}", lambda: None).async_save(
        data
    )
    assert account_files(hass_storage) == {old_file(unique_id)}
    hass.config_entries.async_update_entry(
        entry, minor_version=1, data={**entry.data, "pin": pin}
    )
