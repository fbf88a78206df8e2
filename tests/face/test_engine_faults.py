"""What an account does wrong only over hours, seen by its owner (7.2)."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
import logging
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from carport.twin.fleet import GARAGE
from custom_components.carport.car import signals as s
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.contract import Car, ReadResult
from custom_components.carport.cloud.errors import ClosedByMaker, Outage
from custom_components.carport.cloud.habits import Habits
from custom_components.carport.cloud.ledger import Ledger
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.config_entries import ConfigEntries, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..world import World
from .demo_garage import ELECTRIC, HYBRID, DemoHome
from .owner import async_own

_MINUTE: Final = 60
_read: Final = DemoGarage.read


class Reads:
    """A Demo garage whose answers a test decides, and how often each car was read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Answer as the garage does, until told otherwise."""
        self.counts: Counter[str] = Counter()
        self.errors: dict[str, Exception] = {}
        self.gaps: frozenset[str] = frozenset()
        reads = self

        async def read(garage: DemoGarage, car: Car) -> ReadResult:
            reads.counts[car.vin] += 1
            if (error := reads.errors.get(car.vin)) is not None:
                raise error
            return replace(await _read(garage, car), gaps=reads.gaps)

        monkeypatch.setattr(DemoGarage, "read", read)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Decide what the garage answers."""
    return Reads(monkeypatch)


async def live(home: DemoHome, hours: float) -> None:
    """Let time pass minute by minute, on the cloud's side and on Home Assistant's."""
    for _ in range(int(hours * 60)):
        await home.advance(_MINUTE)
        async_fire_time_changed(home.hass, dt_util.utcnow() + timedelta(days=30))
        await home.settle()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what Carport told the log that an owner reads."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.carport")
        and record.levelno >= logging.INFO
    ]


async def test_7_2_a_one_dead_car_is_one_line(
    home: DemoHome, reads: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    """The dead car is tried seldom, and the others are not told as lost."""
    await home.start()
    caplog.clear()
    reads.counts.clear()
    reads.errors[HYBRID] = Outage("read")
    await live(home, 6)
    assert len(lines(caplog)) == 1
    assert reads.counts[HYBRID] < 20
    assert reads.counts[ELECTRIC] > reads.counts[HYBRID]
    assert home.coordinator.last_update_success


async def test_7_2_a_an_account_goes_in_one_line_and_comes_back_in_one(
    home: DemoHome, reads: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    """However often it is tried in between."""
    await home.start()
    caplog.clear()
    cars = tuple(home.coordinator.shown_cars)
    reads.errors.update(dict.fromkeys(cars, Outage("read")))
    await live(home, 3)
    # One car is the first to fail, the last one takes the account with it.
    assert len([line for line in lines(caplog) if "Error" in line]) == 1
    assert not home.coordinator.last_update_success
    reads.errors.clear()
    caplog.clear()
    await live(home, 2)
    told = [line for line in lines(caplog) if "recovered" in line]
    assert len(told) == 1
    assert home.coordinator.last_update_success


async def test_7_2_b_a_gap_does_not_raise_the_read_rate(
    home: DemoHome, reads: Reads
) -> None:
    """A part that is missing for the moment is no reason to read the rest."""
    await home.start()
    reads.gaps = frozenset({"health"})
    await home.coordinator.async_read(ELECTRIC)
    reads.counts.clear()
    await live(home, 3)
    assert home.state("sensor", "channel").state == "degraded"
    assert reads.counts[ELECTRIC] < 40


async def test_7_2_c_a_closed_account_says_so_once(
    home: DemoHome, reads: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    """Updates in which nothing is due are no recoveries."""
    await home.start()
    cars = tuple(home.coordinator.shown_cars)
    reads.errors.update(dict.fromkeys(cars, ClosedByMaker("read")))
    caplog.clear()
    await live(home, 6)
    assert len([line for line in lines(caplog) if "Error" in line]) == 1
    assert not [line for line in lines(caplog) if "recovered" in line]
    assert not home.coordinator.last_update_success


async def test_7_2_d_a_failed_manual_reading_is_no_success(
    home: DemoHome, reads: Reads
) -> None:
    """Where it was the only car, the account does not work."""
    await home.start(hidden_cars=[spec.vin for spec in GARAGE if spec.vin != ELECTRIC])
    reads.errors[ELECTRIC] = Outage("read")
    with pytest.raises(HomeAssistantError):
        await home.coordinator.async_read(ELECTRIC)
    assert not home.coordinator.last_update_success


@pytest.mark.parametrize("how", ["unload", "reload", "remove"])
async def test_7_2_e_a_command_ends_with_its_account(home: DemoHome, how: str) -> None:
    """The caller is told so, the receipt is final, and no task is left."""
    await home.start()
    events = home.events()
    car = home.car()
    target = {"entity_id": home.entity_id("lock", "doors")}
    calling = home.begin("lock", "unlock", target)
    await home.advance(5)
    entries = home.hass.config_entries
    await {
        "unload": entries.async_unload,
        "reload": entries.async_reload,
        "remove": entries.async_remove,
    }[how](home.entry.entry_id)
    with pytest.raises(HomeAssistantError) as refusal:
        await calling
    assert refusal.value.translation_key == "command_account_closed"
    assert "account" in str(refusal.value).lower()
    (receipt,) = car.receipts
    assert receipt.outcome is Outcome.FAILED
    assert receipt.finished_at is not None
    assert [event["outcome"] for event in events if event.get("outcome")][:2] == [
        "accepted",
        "failed",
    ]
    assert car.running is None
    assert not [task for task in asyncio.all_tasks() if "unlock" in task.get_name()]


@pytest.mark.parametrize("how", ["reload", "remove"])
async def test_7_2_e_a_command_over_http_ends_with_its_account(
    hass: HomeAssistant, hass_world: World, how: str
) -> None:
    """The session that closes with the account is no error of its own."""
    owner = await async_own(hass, hass_world, "we_connect")
    car = owner.car
    target = {"entity_id": owner.entity_id("lock", "doors")}
    calling = asyncio.ensure_future(
        hass.services.async_call("lock", "unlock", target, blocking=True)
    )
    await hass_world.until(lambda: car.receipts or car.running, 60)
    await hass_world.advance(3)
    entries = hass.config_entries
    action = entries.async_reload if how == "reload" else entries.async_remove
    await hass_world.result(hass.async_create_task(action(owner.entry.entry_id)))
    with pytest.raises(HomeAssistantError) as refusal:
        await calling
    assert refusal.value.translation_key == "command_account_closed"
    assert car.running is None


async def test_7_2_g_nothing_is_serialised_that_is_not_written(
    home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ledger and habits wait for the write."""
    await home.start()
    await live(home, 0.1)
    calls: list[type] = []
    for kind in (Ledger, Habits):
        real: Any = kind.to_json

        def counted(self: Any, kind: type = kind, real: Any = real) -> Any:
            calls.append(kind)
            return real(self)

        monkeypatch.setattr(kind, "to_json", counted)
    for _ in range(30):
        await home.advance(_MINUTE)
        await home.coordinator.async_refresh()
    assert calls == []


async def test_5_11_no_entity_is_created_while_the_platforms_go(
    home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """News that comes in just then waits for the next start."""
    await home.start()
    unload = ConfigEntries.async_unload_platforms_or_raise
    assert not home.knows("sensor", "service_expires_at")

    async def unloading(*args: Any) -> None:
        now = home.clock.now()
        reading = Reading(
            signal=s.SERVICE_EXPIRES_AT,
            value=now + timedelta(days=90),
            captured_at=now,
            received_at=now,
            channel=home.entry.entry_id,
        )
        garage = home.coordinator.garage
        garage.take(ELECTRIC, home.entry.entry_id, ReadResult(readings=(reading,)))
        await home.settle()
        await unload(*args)

    with monkeypatch.context() as patch:
        patch.setattr(ConfigEntries, "async_unload_platforms_or_raise", unloading)
        assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert home.entry.state is ConfigEntryState.NOT_LOADED
    assert not home.knows("sensor", "service_expires_at")
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done()
    assert home.knows("sensor", "service_expires_at")


async def test_7_2_what_the_version_before_kept_is_taken_up(
    home: DemoHome, reads: Reads, hass_storage: dict[str, Any]
) -> None:
    """Its files have the same keys, so that nothing is listed, read or lost."""
    await home.start()
    kept = home.car().reported(s.BATTERY_LEVEL)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    (name,) = (key for key in hass_storage if key.startswith("carport.account."))
    account = hass_storage[name]["data"]
    assert account.keys() >= {"tokens", "server", "ledger", "cars"}
    assert account.keys() <= {
        "tokens",
        "server",
        "ledger",
        "cars",
        "habits",
        "attempted",
    }
    assert hass_storage["carport.garage"]["data"].keys() == {"garage", "guard"}
    assert set(account["attempted"]) == set(account["habits"])
    reads.counts.clear()
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.settle()
    assert reads.counts == Counter()
    assert home.car().reported(s.BATTERY_LEVEL) == kept


async def test_7_2_polling_that_is_switched_off_in_home_assistant(
    home: DemoHome, reads: Reads
) -> None:
    """Its own switch for an entry holds for the engine too."""
    await home.start()
    home.hass.config_entries.async_update_entry(home.entry, pref_disable_polling=True)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    reads.counts.clear()
    await live(home, 2)
    assert reads.counts == Counter()
    await home.coordinator.async_read(ELECTRIC)
    assert reads.counts == {ELECTRIC: 1}
