"""What cannot be saved or was damaged on disk, as the owner meets it (5.1)."""

import asyncio
from datetime import timedelta
import json
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from carport.cloud.guard import SignInGuard
from carport.cloud.ledger import Ledger
from custom_components.carport.accounts.account_store import account_file
from custom_components.carport.accounts.car_files import car_file
from custom_components.carport.accounts.data import async_get_store
from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.accounts.private_store import PrivateStore, Unsaved
from custom_components.carport.car.signals import MAX_CHARGE_CURRENT
from custom_components.carport.cloud.contract import Car
from custom_components.carport.cloud.habits import Habits
from custom_components.carport.const import DOMAIN
from custom_components.carport.engine.vehicle_list import KnownVehicles
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from simulator.clock import ManualClock

from .demo_garage import ELECTRIC, NIGHT, DemoHome

HALF: Final = "Secret \ud83d"
UNSAVED: Final = object()
TO_DISK: Final = Store.__dict__["_async_write_data"]
"""How files are really written; the tests' own Home Assistant only pretends to."""

ACCOUNT: Final = f"carport.{account_file('demo_demo')}"
ISSUE: Final = "account_not_saved_demo_garage"


@pytest.mark.usefixtures("hass_storage")
async def test_5_1_an_account_that_cannot_be_saved_is_a_repair(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """It names the account and goes away after a good save."""
    await home.start()
    issues = ir.async_get(hass)
    store = async_account_store(hass, "demo_demo")
    await store.async_keep(tokens={"access": UNSAVED})
    issue = issues.async_get_issue(DOMAIN, ISSUE)
    assert issue is not None
    assert issue.translation_placeholders == {"account": "Demo garage"}
    # A reading refreshes the other repairs of the account, and leaves this one.
    await home.coordinator.async_read(ELECTRIC)
    assert issues.async_get_issue(DOMAIN, ISSUE) is not None
    await store.async_keep(tokens=None)
    assert issues.async_get_issue(DOMAIN, ISSUE) is None


@pytest.mark.usefixtures("hass_storage")
async def test_5_1_a_removed_account_leaves_no_repair(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """There is nothing left to save."""
    await home.start()
    await async_account_store(hass, "demo_demo").async_keep(tokens={"access": UNSAVED})
    await hass.config_entries.async_remove(home.entry.entry_id)
    await hass.async_block_till_done()
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None


@pytest.mark.usefixtures("hass_storage")
async def test_5_1_a_garage_that_cannot_be_saved_is_a_repair(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """And goes away after a good save."""
    await home.start()
    carport_store = await async_get_store(hass)
    car = carport_store.garage.cars[ELECTRIC]
    owner, car.owner = car.owner, UNSAVED  # type: ignore[assignment] # what no file takes
    await carport_store.async_save()
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, "garage_not_saved") is not None
    car.owner = owner
    await carport_store.async_save()
    assert issues.async_get_issue(DOMAIN, "garage_not_saved") is None


async def test_5_1_a_value_or_a_disk_that_takes_nothing(
    hass: HomeAssistant,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a real disk: told, without the value in the log, and over after a good save."""
    hass.config.config_dir = str(tmp_path)
    unsaved = Unsaved(ident="garage_not_saved", key="garage_not_saved")
    store = PrivateStore(hass, "garage", lambda: unsaved)
    issues = ir.async_get(hass)

    async def told_after(value: str) -> bool:
        await store.async_save({"value": value})
        return issues.async_get_issue(DOMAIN, "garage_not_saved") is not None

    with monkeypatch.context() as real:
        real.setattr(Store, "_async_write_data", TO_DISK)
        assert await told_after(HALF)
        assert not await told_after("sound")
        folder = tmp_path / ".storage"
        folder.rename(tmp_path / "away")
        folder.write_text("no folder")
        assert await told_after("sound")
        folder.unlink()
        assert not await told_after("sound")
    assert "Secret" not in caplog.text


@pytest.mark.parametrize("later", [False, True])
async def test_a_full_disk_is_tried_again(
    hass: HomeAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    later: bool,
) -> None:
    """With what is to be kept by then, also where nothing more ever changes."""
    hass.config.config_dir = str(tmp_path)
    unsaved = Unsaved(ident="garage_not_saved", key="garage_not_saved")
    store = PrivateStore(hass, "garage", lambda: unsaved)
    folder = tmp_path / ".storage"
    with monkeypatch.context() as real:
        real.setattr(Store, "_async_write_data", TO_DISK)
        folder.write_text("no folder")
        if later:
            store.save_soon(lambda: {"value": "first"}, 10)
            async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=11))
            await hass.async_block_till_done()
        else:
            await store.save_now({"value": "first"})
        assert ir.async_get(hass).async_get_issue(DOMAIN, "garage_not_saved")
        folder.unlink()
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
        await hass.async_block_till_done()
        kept = json.loads((folder / "carport.garage").read_text(encoding="utf-8"))
        assert kept["data"] == {"value": "first"}
        assert ir.async_get(hass).async_get_issue(DOMAIN, "garage_not_saved") is None
        # What is newer takes the place of what is still to be tried.
        folder.rename(tmp_path / "away")
        folder.write_text("no folder")
        await asyncio.gather(
            store.save_now({"value": "first"}), store.save_now({"value": "second"})
        )
        folder.unlink()
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
        await hass.async_block_till_done()
        kept = json.loads((folder / "carport.garage").read_text(encoding="utf-8"))
        assert kept["data"] == {"value": "second"}
        folder.rename(tmp_path / "away again")
        folder.write_text("no folder")
        await store.save_now({"value": "second"})
        folder.unlink()
        store.save_soon(lambda: {"value": "third"}, 10)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=11))
        await hass.async_block_till_done()
        kept = json.loads((folder / "carport.garage").read_text(encoding="utf-8"))
        assert kept["data"] == {"value": "third"}


@pytest.mark.parametrize(
    "torn",
    [
        {"tokens": 5},
        {"attempted": {ELECTRIC: "2026-11-"}},
        {"attempted": []},
        {"cars": {"cars": [{"vin": ELECTRIC, "handle": 5}], "missing": 7}},
        {"cars": {"listed_at": "0001-01-01T00:00:00+01:00"}},
        {"ledger": {"day": "2026", "counts": 5}},
        {"ledger": {"day": NIGHT.date().isoformat(), "counts": {"read": "x"}}},
        {"habits": {ELECTRIC: {"since": "2026-11-"}}},
    ],
)
async def test_5_1_a_damaged_account_file_does_not_keep_an_account_away(
    hass: HomeAssistant,
    home: DemoHome,
    hass_storage: dict[str, Any],
    torn: dict[str, Any],
) -> None:
    """It comes up, and its cars are read."""
    hass_storage[ACCOUNT] = {"version": 1, "key": ACCOUNT, "data": torn}
    await home.start()
    assert home.entry.state is ConfigEntryState.LOADED
    assert hass.states.async_all("sensor")


async def test_5_1_an_account_file_of_another_shape(
    home: DemoHome, hass_storage: dict[str, Any]
) -> None:
    """The file counts as one that is missing."""
    hass_storage[ACCOUNT] = {"version": 1, "key": ACCOUNT, "data": [1]}
    await home.start()


def test_5_1_one_damaged_car_of_a_list_costs_only_itself() -> None:
    """And a date that says nothing the date."""
    cars = KnownVehicles().after(
        [
            Car(vin="WVWZZZTESTGARAGE1", manufacturer="Paper", handle={"a": "b"}),
            Car(vin="WVWZZZTESTGARAGE2", manufacturer="Paper"),
            Car(vin="no VIN", manufacturer="Paper"),
        ],
        NIGHT,
    )
    assert set(cars.cars) == {"WVWZZZTESTGARAGE1", "WVWZZZTESTGARAGE2"}
    kept = cars.to_json()
    kept["cars"][1] = {"vin": 5}
    kept["cars"][0]["news"] = 1
    kept["missing"] = {"x": {"since": "2026-11-"}, "y": 5}
    again = KnownVehicles.from_json(kept)
    assert again.cars == {"WVWZZZTESTGARAGE1": cars.cars["WVWZZZTESTGARAGE1"]}
    assert (again.missing, again.listed_at) == ({}, NIGHT)


def test_5_1_a_torn_date_costs_no_refused_password() -> None:
    """What the guard knows is too dear to begin anew."""
    clock = ManualClock(NIGHT)
    kept = {
        "salt": "00",
        "refused": ["digest"],
        "tries": {"a": ["2026-11-", NIGHT.isoformat()], "b": 5},
    }
    guard = SignInGuard(clock, kept)
    assert guard.to_json() == {
        "salt": "00",
        "refused": ["digest"],
        "tries": {"a": [NIGHT.isoformat()]},
    }


def test_5_1_a_torn_day_costs_no_pause() -> None:
    """A cloud that wants to be left alone is."""
    clock = ManualClock(NIGHT)
    until = "2026-11-21T05:00:00+00:00"
    for torn in ({}, {"day": "x"}, {"day": "2026-11-21", "counts": {"read": "x"}}):
        ledger = Ledger(clock, data={"throttled_until": until, **torn})
        assert ledger.to_json()["throttled_until"] == until
        assert ledger.counts_today() == {}


def test_5_1_one_cars_torn_habits_cost_only_themselves() -> None:
    """Those of the others are kept."""
    sound = {"since": "2026-11-01", "place": "", "events": []}
    habits = Habits.from_json(
        {"a": sound, "b": {"since": "2026-11-"}, "c": 5, "d": {**sound, "events": [1]}}
    )
    assert set(habits.to_json()) == {"a"}


async def test_5_6_a_car_that_never_rests_is_saved_all_the_same(
    hass: HomeAssistant, hass_storage: dict[str, Any], home: DemoHome
) -> None:
    """The wait begins with the first change, not anew with each."""
    await home.start()
    carport_store = await async_get_store(hass)
    await carport_store.async_save()
    carport_store.garage.assume(
        carport_store.garage.cars[ELECTRIC], {MAX_CHARGE_CURRENT: 6.0}
    )
    carport_store.garage.assume(
        carport_store.garage.cars[ELECTRIC], {MAX_CHARGE_CURRENT: 7.0}
    )
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=11))
    await hass.async_block_till_done()
    saved = hass_storage[f"carport.{car_file(ELECTRIC)}"]["data"]
    assert saved["assumed"]["max_charge_current"] == 7.0


async def test_an_account_that_cannot_be_taken_up_leaves_nothing_open(
    hass: HomeAssistant, home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be kept at the start cannot be: the service is closed again."""
    closed: list[DemoGarage] = []
    close = DemoGarage.close

    async def note(service: DemoGarage) -> None:
        closed.append(service)
        await close(service)

    async def fail(store: PrivateStore, data: dict[str, Any]) -> None:
        raise OSError

    monkeypatch.setattr(DemoGarage, "close", note)
    monkeypatch.setattr(PrivateStore, "save_now", fail)
    home.entry.add_to_hass(hass)
    await hass.config_entries.async_setup(home.entry.entry_id)
    assert home.entry.state is ConfigEntryState.SETUP_ERROR
    assert len(closed) == 1
