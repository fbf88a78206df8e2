"""Each car is kept in a file of its own, and written only when it has news (8.4)."""

from collections import Counter
from typing import Any, Final, override

import pytest

from custom_components.carport.accounts.account_store import account_file
from custom_components.carport.accounts.car_files import car_file
from custom_components.carport.accounts.data import async_get_store, carport_data
from custom_components.carport.accounts.private_store import PrivateStore
from custom_components.carport.car.signals import BATTERY_LEVEL, MAX_CHARGE_CURRENT
from custom_components.carport.const import DOMAIN
from custom_components.carport.engine import Engine, MemoryStorage
from homeassistant.core import HomeAssistant

from .demo_garage import ELECTRIC, HYBRID, DemoHome

GARAGE: Final = "carport.garage"
ACCOUNT: Final = f"carport.{account_file('demo_demo')}"


def file_of(vin: str) -> str:
    """Return the key of a car's file."""
    return f"carport.{car_file(vin)}"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each file is written."""
    counts: Counter[str] = Counter()
    write = PrivateStore._async_write_data  # noqa: SLF001 - the only place

    async def counted(store: PrivateStore, data: dict[str, Any]) -> None:
        counts[store.key] += 1
        await write(store, data)

    monkeypatch.setattr(PrivateStore, "_async_write_data", counted)
    return counts


async def test_8_4_one_cars_news_writes_only_that_car(
    hass: HomeAssistant,
    home: DemoHome,
    hass_storage: dict[str, Any],
    written: Counter[str],
) -> None:
    """Neither the other cars nor what all of them share."""
    await home.start()
    store = await async_get_store(hass)
    await store.async_save()
    assert set(hass_storage[GARAGE]["data"]["garage"]["vins"]) == set(store.cars)
    written.clear()
    store.garage.assume(home.car(), {MAX_CHARGE_CURRENT: 7.0})
    await store.async_save()
    assert written == {file_of(ELECTRIC): 1}
    kept = hass_storage[file_of(ELECTRIC)]["data"]["assumed"]
    assert kept == {"max_charge_current": 7.0}


async def test_8_4_charges_that_were_imported_are_written(
    hass: HomeAssistant,
    home: DemoHome,
    hass_storage: dict[str, Any],
    written: Counter[str],
) -> None:
    """They would be asked for once more after a restart."""
    await home.start()
    store = await async_get_store(hass)
    await store.async_save()
    written.clear()
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "import_charges",
        {"device_id": home.device_id(ELECTRIC)},
        blocking=True,
        return_response=True,
    )
    assert answer[home.device_id(ELECTRIC)]["new"] > 0
    await store.async_save()
    assert written == {file_of(ELECTRIC): 1}
    kept = hass_storage[file_of(ELECTRIC)]["data"]["logbook"]
    assert kept == home.car().logbook.to_json()


async def test_8_4_a_reload_without_news_writes_nothing(
    hass: HomeAssistant, home: DemoHome, written: Counter[str]
) -> None:
    """The account's own file is written once at most, since it was read meanwhile."""
    await home.start()
    await hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    written.clear()
    await hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    # The Demo garage keeps its cars' lives whenever it is closed.
    assert written.keys() <= {ACCOUNT}


async def test_8_4_a_car_that_is_hidden_loses_its_file(
    hass: HomeAssistant, home: DemoHome, hass_storage: dict[str, Any]
) -> None:
    """What is forgotten is on no disk."""
    await home.start()
    store = await async_get_store(hass)
    await store.async_save()
    assert file_of(HYBRID) in hass_storage
    hass.config_entries.async_update_entry(
        home.entry, options={"hidden_cars": [HYBRID]}
    )
    await hass.config_entries.async_reload(home.entry.entry_id)
    await hass.async_block_till_done()
    await store.async_save()
    assert file_of(HYBRID) not in hass_storage
    assert HYBRID not in hass_storage[GARAGE]["data"]["garage"]["vins"]
    assert file_of(ELECTRIC) in hass_storage


async def test_8_4_a_garage_in_one_file_is_taken_apart(
    hass: HomeAssistant, home: DemoHome, hass_storage: dict[str, Any]
) -> None:
    """What was known comes back, also after a crash in the middle of that."""
    await home.start()
    store = await async_get_store(hass)
    await store.async_save()
    level = home.car().reported(BATTERY_LEVEL)
    rows = [hass_storage.pop(file_of(vin))["data"] for vin in store.cars]
    old = {"garage": {"cars": rows}, "guard": {}}
    hass_storage[GARAGE]["data"] = old
    for torn in (False, True):
        if torn:
            # Some cars had their files already.
            hass_storage[GARAGE]["data"] = old
            del hass_storage[file_of(HYBRID)]
        carport_data(hass).store = None
        again = await async_get_store(hass)
        assert again.cars.keys() == store.cars.keys()
        assert again.cars[ELECTRIC].reported(BATTERY_LEVEL) == level
        assert "cars" not in hass_storage[GARAGE]["data"]["garage"]
        assert hass_storage[file_of(HYBRID)]["data"]["vin"] == HYBRID


class Cars:
    """A storage of cars that fails for some."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.rows: dict[str, dict[str, Any]] = {}
        self.broken: set[str] = set()
        self.lost: set[str] = set()

    async def load(self, vin: str) -> object:
        """Return a row."""
        return self.rows.get(vin)

    def save_soon(self, vin: str, data: Any, delay: float) -> None:
        """Wait for ever."""

    async def save_now(self, vin: str, data: dict[str, Any]) -> None:
        """Keep a row, or lose it."""
        self.lost.discard(vin)
        if vin in self.broken:
            self.lost.add(vin)
        else:
            self.rows[vin] = data

    def failed(self) -> set[str]:
        """Return what was lost."""
        return self.lost

    def forget(self, vin: str) -> None:
        """Drop a row."""
        self.rows.pop(vin, None)


class Counted(MemoryStorage):
    """A storage that counts its saves."""

    saves = 0

    @override
    async def save_now(self, data: dict[str, Any]) -> None:
        self.saves += 1
        await super().save_now(data)


async def test_8_4_what_could_not_be_saved_is_saved_the_next_time() -> None:
    """Although the car has no more news."""
    row = {"vin": ELECTRIC, "owner": "one", "description": {}}
    cars = Cars()
    storage = Counted({"garage": {"cars": [row]}, "guard": {}})
    engine = await Engine.load(storage, cars=cars)
    assert (cars.rows, storage.saves) == ({ELECTRIC: row}, 1)
    await engine.save()
    assert storage.saves == 1
    cars.broken.add(ELECTRIC)
    engine.garage.set_owner(ELECTRIC, "two")
    await engine.save()
    assert cars.rows[ELECTRIC]["owner"] == "one"
    cars.broken.clear()
    await engine.save()
    assert cars.rows[ELECTRIC]["owner"] == "two"
    engine.garage.forget(ELECTRIC)
    await engine.save()
    assert cars.rows == {}
    assert (storage.data or {})["garage"] == {"vins": []}
