"""What a car charged and drove in the long-term statistics, each at its own hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.carport.accounts.data import carport_data
from custom_components.carport.car import signals as s
from custom_components.carport.car.history import ChargeSession
from custom_components.carport.car.signals import Position, Signal, Value
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.const import (
    CONF_ENERGY,
    CONF_PRICE,
    CONF_PRICE_AWAY,
    CONF_PRICE_ENTITY,
    DOMAIN,
)
from custom_components.carport.makers.demo.service import DemoGarage
from custom_components.carport.statistics.car_statistics import async_statistic_id
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from simulator.clock import ManualClock

from .demo_garage import ELECTRIC, DemoHome

CAR: Final = "WVWZZZDEMDW000004"
"""A car of which the garage tells no energy: it is counted by its battery."""
NIGHT: Final = datetime(2026, 10, 24, 18, tzinfo=UTC)
"""Berlin's clocks go back in this night, at 01:00 UTC: 03:00 there is 02:00 again."""
SPRING: Final = datetime(2027, 3, 27, 18, tzinfo=UTC)
"""And forward in this one: 02:00 there is 03:00."""
HERE: Final = Position(latitude=32.87336, longitude=-117.22743)
"""Where Home Assistant is in tests."""
ELSEWHERE: Final = Position(latitude=48.1, longitude=11.5)


class Charger:
    """Makes a car of the garage charge, and reads what the recorder has of it."""

    def __init__(self, home: DemoHome, start: datetime = NIGHT) -> None:
        """Begin at a moment."""
        self.home, self.start = home, start

    @property
    def hass(self) -> HomeAssistant:
        """The Home Assistant."""
        return self.home.hass

    def time(self, hours: float) -> datetime:
        """Return the moment so many hours after the start."""
        return self.start + timedelta(hours=hours)

    def says(self, hours: float, *charges: ChargeSession, **values: Value) -> None:
        """Let the car report values so many hours after the start."""
        at, clock = self.time(hours), self.home.clock
        clock.step(max((at - clock.now()).total_seconds(), 0))
        ours: dict[str, Signal[Any]] = dict(s.SIGNALS)
        readings = tuple(
            Reading(
                signal=ours[key],
                value=value,
                captured_at=at,
                received_at=at,
                channel=self.home.entry.entry_id,
            )
            for key, value in values.items()
        )
        self.home.coordinator.garage.take(
            CAR,
            self.home.entry.entry_id,
            ReadResult(readings=readings, charges=charges),
        )

    def plugged(self, hours: float, level: float, **more: Value) -> None:
        """Let the car say that it charges."""
        self.says(
            hours,
            plugged_in=True,
            charging=True,
            battery_level=level,
            battery_capacity=50.0,
            **more,
        )

    def told(self, start: float, end: float, energy: float) -> ChargeSession:
        """Return a charge as a cloud tells it."""
        return ChargeSession(
            started_at=self.time(start),
            ended_at=self.time(end),
            energy=energy,
        )

    async def settle(self) -> None:
        """Wait until everything is in the database."""
        await self.hass.async_block_till_done()
        await async_wait_recording_done(self.hass)

    async def rows(
        self, figure: str = "energy", period: Any = "hour", vin: str = CAR
    ) -> dict[float, float]:
        """Return what the statistic says of each period, as a dashboard draws it."""
        await self.settle()
        statistic = await async_statistic_id(self.hass, vin, figure)
        found = await get_instance(self.hass).async_add_executor_job(
            lambda: statistics_during_period(
                self.hass,
                self.start - timedelta(days=60),
                None,
                {statistic},
                period,
                None,
                {"change", "sum"},
            )
        )
        rows = found.get(statistic, [])
        sums = [row["sum"] or 0 for row in rows]
        assert sums == sorted(sums), "a sum fell"
        first = self.start.timestamp()
        return {
            (row["start"] - first) / 3600: round(row["change"] or 0, 3)
            for row in rows
            if round(row["change"] or 0, 3)
        }

    async def restart(self, **options: Any) -> None:
        """Begin anew with what is on disk, as a restart does."""
        entries, entry = self.hass.config_entries, self.home.entry
        if options:
            entries.async_update_entry(entry, options=options)
        assert await entries.async_unload(entry.entry_id)
        carport_data(self.hass).store = None
        assert await entries.async_setup(entry.entry_id)
        await self.settle()


@pytest.fixture
async def charger(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Charger:
    """Give a car in a Home Assistant that records, in Berlin."""
    start: datetime = getattr(request, "param", NIGHT)
    await hass.config.async_set_time_zone("Europe/Berlin")
    clock = ManualClock(start)
    carport_data(hass).clock = cast(Any, clock)
    home = DemoHome(hass, clock)
    await home.start(poll_profile="manual")
    charger = Charger(home, start)
    charger.says(1, plugged_in=False, charging=False, battery_level=40.0)
    return charger


async def test_energy_is_at_the_hour_it_came(charger: Charger) -> None:
    """Hour by hour through the night in which Berlin has the hour of two twice."""
    charger.plugged(3, 40)
    for hour in range(4, 13):
        charger.plugged(hour, 40 + 3 * (hour - 3))
    assert await charger.rows() == dict.fromkeys(range(3, 12), 1.5)
    # Berlin's Sunday begins at 22:00 UTC and is 25 hours long.
    charger.plugged(28, 67)
    charger.plugged(30, 75)
    assert await charger.rows(period="day") == {-20: 1.5, 4: 12 + 2, 29: 2}


@pytest.mark.parametrize("charger", [SPRING], indirect=True)
async def test_the_night_that_lacks_an_hour(charger: Charger) -> None:
    """Berlin's Sunday begins at 23:00 UTC and is 23 hours long."""
    charger.plugged(4, 40)
    for hour in range(5, 13):
        charger.plugged(hour, 40 + 3 * (hour - 4))
    assert await charger.rows() == dict.fromkeys(range(4, 12), 1.5)
    charger.plugged(27, 64)
    charger.plugged(29, 72)
    assert await charger.rows(period="day") == {-19: 1.5, 5: 10.5 + 2, 28: 2}


async def test_it_is_an_external_statistic_without_the_vin(charger: Charger) -> None:
    """Named as the car, in kWh, with nothing that tells the VIN."""
    charger.plugged(2, 40)
    charger.plugged(3, 50)
    await charger.settle()
    listed = await get_instance(charger.hass).async_add_executor_job(
        list_statistic_ids, charger.hass
    )
    ours = {one["statistic_id"]: one for one in listed if one["source"] == "carport"}
    statistic = await async_statistic_id(charger.hass, CAR, "energy")
    assert ours[statistic]["name"] == "Old lady energy charged"
    assert ours[statistic]["display_unit_of_measurement"] == "kWh"
    assert ours[statistic]["has_sum"]
    assert CAR.lower() not in str(ours).lower()
    assert CAR[-6:].lower() not in str(ours).lower()


async def test_restarts_and_repetitions_write_nothing_twice(charger: Charger) -> None:
    """In the middle of a charge, and with the same reports again after each."""
    charger.plugged(2, 40)
    for hour in (3, 4, 5):
        for _ in range(2):
            charger.plugged(hour, 40 + 4 * (hour - 2))
            await charger.restart()
    assert await charger.rows() == {2: 2, 3: 2, 4: 2}
    assert await charger.rows("energy_home") == {}


async def test_a_recorder_that_was_emptied_is_filled_again(charger: Charger) -> None:
    """By the next start, or the next news, from what the logbook keeps."""
    charger.plugged(2, 40)
    charger.plugged(4, 48)
    await charger.settle()
    statistic = await async_statistic_id(charger.hass, CAR, "energy")
    get_instance(charger.hass).async_clear_statistics([statistic])
    assert await charger.rows() == {}
    await charger.restart()
    assert await charger.rows() == {2: 2, 3: 2}
    get_instance(charger.hass).async_clear_statistics([statistic])
    assert await charger.rows() == {}
    charger.plugged(5, 52)
    assert await charger.rows() == {2: 2, 3: 2, 4: 2}


async def test_a_lost_logbook_goes_on_from_what_was_written(charger: Charger) -> None:
    """The sum does not fall, and what is there stays."""
    charger.plugged(2, 40)
    charger.plugged(4, 48)
    await charger.settle()
    car = charger.home.car(CAR)
    car.logbook = type(car.logbook)()
    charger.plugged(6, 48)
    await charger.restart()
    charger.plugged(8, 56)
    assert await charger.rows() == {2: 2, 3: 2, 6: 2, 7: 2}


async def test_a_late_charge_lifts_what_follows(charger: Charger) -> None:
    """It is put to its hour, and every later sum is higher by it."""
    charger.says(20, charger.told(15, 17, 6))
    assert await charger.rows() == {15: 3, 16: 3}
    charger.says(21, charger.told(10, 12, 8))
    assert await charger.rows() == {10: 4, 11: 4, 15: 3, 16: 3}
    await charger.restart()
    charger.says(22, charger.told(-30, -29, 5), charger.told(10, 12, 8))
    assert await charger.rows() == {-30: 5, 10: 4, 11: 4, 15: 3, 16: 3}


async def test_what_the_maker_tells_replaces_what_was_computed(
    charger: Charger,
) -> None:
    """At other hours, with another energy: nothing of the old remains in the sum."""
    charger.plugged(2, 40)
    charger.plugged(4, 48)
    charger.says(4, charging=False, plugged_in=False)
    assert await charger.rows() == {2: 2, 3: 2}
    charger.says(9, charger.told(3, 5, 10))
    assert await charger.rows() == {3: 5, 4: 5}
    await charger.restart()
    assert await charger.rows() == {3: 5, 4: 5}


async def test_many_charges_are_summed_beyond_those_that_are_kept(
    charger: Charger,
) -> None:
    """A hundred and sixty days, some restarts among them: no kWh is lost or counted twice."""
    for day in range(160):
        charger.says(24 * day + 8, charger.told(24 * day + 2, 24 * day + 4, 10))
        if day % 60 == 59:
            await charger.restart()
    rows = await charger.rows()
    assert len(rows) == 320
    assert set(rows.values()) == {5}
    charger.says(24 * 160, charger.told(24 * 150 + 8, 24 * 150 + 9, 7))
    rows = await charger.rows()
    assert rows.pop(24 * 150 + 8) == 7
    assert set(rows.values()) == {5}


async def test_home_and_away(charger: Charger) -> None:
    """By the zone of home; with positions off there is no such split."""
    charger.plugged(2, 40, location=HERE)
    charger.plugged(3, 50, location=HERE)
    charger.says(4, charging=False, plugged_in=False, odometer=90_000.0)
    charger.plugged(5, 50, location=ELSEWHERE)
    charger.plugged(6, 54, location=ELSEWHERE)
    assert await charger.rows("energy_home") == {2: 5}
    assert await charger.rows("energy_away") == {5: 2}
    assert await charger.rows() == {2: 5, 5: 2}
    (channel,) = charger.home.car(CAR).channels.values()
    channel.share_position = False
    charger.home.coordinator.garage.drop_places(CAR)
    charger.plugged(7, 54)
    charger.plugged(8, 58)
    assert await charger.rows("energy_home") == {2: 5}
    await charger.restart(share_position=False)
    charger.plugged(9, 68, location=HERE)
    assert await charger.rows() == {2: 5, 5: 2, 7: 2, 8: 5}
    assert await charger.rows("energy_home") == {2: 5}


async def test_cost_by_a_fixed_price(charger: Charger) -> None:
    """At home and away; what was paid stays when the price changes."""
    said = {CONF_PRICE: 0.3, CONF_PRICE_AWAY: 0.6}
    await charger.restart(**{CONF_ENERGY: {CAR: said}})
    charger.plugged(2, 40, location=HERE)
    charger.plugged(3, 50, location=HERE)
    charger.says(4, charging=False, plugged_in=False, odometer=90_000.0)
    charger.plugged(5, 50, location=ELSEWHERE)
    charger.plugged(6, 60, location=ELSEWHERE)
    assert await charger.rows("charge_cost") == {2: 1.5, 5: 3}
    cost = charger.home.state("sensor", "charge_cost", CAR)
    assert float(cost.state) == pytest.approx(4.5)
    assert cost.attributes["unit_of_measurement"] == "EUR"
    await charger.restart(**{CONF_ENERGY: {CAR: {CONF_PRICE: 1.0}}})
    assert await charger.rows("charge_cost") == {2: 1.5, 5: 3}


async def test_cost_goes_on_when_the_entity_with_the_price_is_gone(
    charger: Charger,
) -> None:
    """It may still come during a start; after that the fixed price is all there is."""
    said = {CONF_PRICE_ENTITY: "sensor.price", CONF_PRICE: 0.3}
    charger.hass.set_state(CoreState.starting)
    await charger.restart(**{CONF_ENERGY: {CAR: said}})
    charger.plugged(2, 40)
    charger.plugged(3, 50)
    assert await charger.rows("charge_cost") == {}
    charger.hass.set_state(CoreState.running)
    charger.plugged(4, 60)
    assert await charger.rows("charge_cost") == {2: 1.5, 3: 1.5}


async def test_cost_by_what_an_entity_said_at_the_hour(charger: Charger) -> None:
    """Each hour by its own price, in whatever unit the entity has it."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    charger.start = now - timedelta(hours=10)
    unit = {"unit_of_measurement": "ct/kWh"}
    said_then = {3.01: "20", 4: "unavailable", 4.5: "40", 5: "-10"}
    for hours, price in said_then.items():
        charger.hass.states.async_set(
            "sensor.price", price, unit, timestamp=(charger.time(hours)).timestamp()
        )
    await charger.settle()
    charger.home.clock.step((now - charger.home.clock.now()).total_seconds())
    said = {CONF_PRICE_ENTITY: "sensor.price"}
    await charger.restart(**{CONF_ENERGY: {CAR: said}})
    charger.says(8, charger.told(3, 6, 30))
    await charger.settle()
    charge = charger.home.car(CAR).logbook.charges.charges[-1]
    prices = [round(charge.prices[hour], 3) for hour in sorted(charge.prices)]
    assert prices == [0.2, 0.4, -0.1]
    assert charge.cost == pytest.approx(10 * (0.2 + 0.4 - 0.1))


async def test_past_charges_are_imported_when_asked(charger: Charger) -> None:
    """At their own hours, once; the ever-rising figure is not told of the past."""
    # From here on nothing but the import is a reason to write the car's file.
    await charger.restart()
    before = charger.home.state("sensor", "energy_charged").state
    device = charger.home.device_id(ELECTRIC)

    async def ask(**period: str) -> dict[str, int]:
        answer: Any = await charger.hass.services.async_call(
            DOMAIN,
            "import_charges",
            {"device_id": device, **period},
            blocking=True,
            return_response=True,
        )
        return dict(answer[device])

    first = await ask(start="2026-10-18")
    assert first["told"] >= first["new"] > 0
    rows = await charger.rows(vin=ELECTRIC)
    assert -8 * 24 < min(rows) < max(rows) < 1
    everything = await ask()
    assert everything["new"] > 0
    assert everything["told"] > first["told"]
    more = await charger.rows(vin=ELECTRIC)
    assert more.keys() > rows.keys()
    assert {hour: more[hour] for hour in rows} == pytest.approx(rows, abs=0.01)
    assert (await ask())["new"] == 0
    await charger.restart()
    assert await charger.rows(vin=ELECTRIC) == pytest.approx(more, abs=0.01)
    assert (await ask())["new"] == 0
    assert charger.home.state("sensor", "energy_charged").state == before


async def test_what_the_maker_does_not_tell_is_not_imported(
    charger: Charger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A derived list is in the statistics already."""
    info = replace(DemoGarage.info, history=frozenset())
    monkeypatch.setattr(DemoGarage, "info", info)
    with pytest.raises(ServiceValidationError):
        await charger.hass.services.async_call(
            DOMAIN,
            "import_charges",
            {"device_id": charger.home.device_id(CAR)},
            blocking=True,
        )


async def test_the_energy_dashboard_takes_it(
    charger: Charger, hass_ws_client: WebSocketGenerator
) -> None:
    """As an individual device, without anything to complain of."""
    assert await async_setup_component(charger.hass, "energy", {})
    charger.plugged(2, 40)
    charger.plugged(3, 50)
    await charger.settle()
    statistic = await async_statistic_id(charger.hass, CAR, "energy")
    client = await hass_ws_client(charger.hass)
    await client.send_json_auto_id(
        {
            "type": "energy/save_prefs",
            "device_consumption": [{"stat_consumption": statistic}],
        }
    )
    assert (await client.receive_json())["success"]
    await client.send_json_auto_id({"type": "energy/validate"})
    validated = (await client.receive_json())["result"]
    assert validated["device_consumption"] == [[]]


async def test_distance_and_energy_of_trips(charger: Charger) -> None:
    """At the hours in which the car drove."""
    charger.says(2, odometer=90_000.0, ignition=False, battery_capacity=50.0)
    charger.says(3, odometer=90_000.0, ignition=True)
    charger.says(
        4, odometer=90_060.0, ignition=False, battery_level=20.0, battery_capacity=50.0
    )
    assert (await charger.rows("distance"))[3] == 60
    assert await charger.rows("energy_driven") == {3: 10}
    await charger.restart()
    assert (await charger.rows("distance"))[3] == 60


async def test_without_a_recorder_nothing_is_written(home: DemoHome) -> None:
    """And nothing is missing otherwise."""
    await home.start(poll_profile="manual")
    charger = Charger(home, home.clock.now())
    charger.plugged(2, 40)
    charger.plugged(3, 50)
    await home.hass.async_block_till_done()
    assert home.car(CAR).logbook.figures()["energy"] == pytest.approx(5)
