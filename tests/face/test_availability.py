"""Not created, unknown, unavailable; who is told of what; and how old it all is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.carport.car import signals as s
from custom_components.carport.car.signals import Position, Signal, Value
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.call_limits import daily
from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.cloud.errors import Outage
from custom_components.carport.cloud.ledger import Purpose
from custom_components.carport.const import CONF_SHARE_POSITION
from custom_components.carport.engine import ChannelState
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .demo_garage import ELECTRIC, DemoHome

COMBUSTION = "WVWZZZDEMLW000003"


def read(home: DemoHome, values: dict[Signal[Any], Value], age: float = 0) -> None:
    """Let a car report values, captured so many seconds ago."""
    now = home.clock.now()
    home.coordinator.garage.take(
        ELECTRIC,
        home.entry.entry_id,
        ReadResult(
            readings=tuple(
                Reading(
                    signal=signal,
                    value=value,
                    captured_at=now - timedelta(seconds=age),
                    received_at=now,
                    channel=home.entry.entry_id,
                )
                for signal, value in values.items()
            )
        ),
    )


def shut(home: DemoHome, state: ChannelState, minutes: float | None = None) -> None:
    """Let something be the matter with the channel of a car."""
    until = None if minutes is None else home.clock.now() + timedelta(minutes=minutes)
    home.coordinator.garage.set_state(ELECTRIC, home.entry.entry_id, state, until)


async def test_a_car_has_nothing_it_never_showed(home: DemoHome) -> None:
    """A signal creates its entities when it is first heard of, then for good."""
    await home.start()
    assert not home.knows("sensor", "adblue_range")
    assert home.knows("sensor", "adblue_range", COMBUSTION)
    assert not home.knows("climate", "climate", COMBUSTION)
    read(home, {s.ADBLUE_RANGE: 5000.0})
    await home.settle()
    await home.hass.async_block_till_done()
    assert home.state("sensor", "adblue_range").state == "5000.0"


async def test_an_outage_leaves_the_values(home: DemoHome) -> None:
    """They grow old in sight; only what needs the channel goes away."""
    await home.start()
    level = home.state("sensor", "battery_level").state
    for state in ChannelState:
        shut(home, state, minutes=30)
        assert home.state("sensor", "battery_level").state == level
        assert home.state("sensor", "channel").state == state
        closed = state in {ChannelState.NEEDS_OWNER, ChannelState.CLOSED_BY_MAKER}
        assert home.state("lock", "doors").state == (
            STATE_UNAVAILABLE if closed else "locked"
        )
        for key in ("flash", "refresh"):
            gone = home.state("button", key).state == STATE_UNAVAILABLE
            assert gone is closed, (state, key)


async def test_the_channel_says_what_to_do(home: DemoHome) -> None:
    """While nothing is the matter it has nothing to say."""
    await home.start()
    assert "next_step" not in home.state("sensor", "channel").attributes
    shut(home, ChannelState.THROTTLED, minutes=30)
    attributes = home.state("sensor", "channel").attributes
    assert attributes["next_step"] == "wait"
    assert attributes["until"] == "2026-11-21T03:30:00+00:00"
    shut(home, ChannelState.NEEDS_OWNER)
    assert home.state("sensor", "channel").attributes["next_step"] == "sign_in"


async def test_nothing_read_and_no_answer_is_unavailable(
    home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a car never heard of nothing can be said, until it is heard of."""

    async def silence(*args: Any) -> ReadResult:
        raise Outage("read")

    # The cars are known from an earlier list; their first reading fails.
    await home.start()
    garage = home.coordinator.garage
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    for vin in tuple(garage.cars):
        garage.forget(vin)
    home.clock.step(3600)
    with monkeypatch.context() as patch:
        patch.setattr(DemoGarage, "read", silence)
        await home.hass.config_entries.async_setup(home.entry.entry_id)
        await home.hass.async_block_till_done()
        assert home.state("lock", "doors").state == STATE_UNAVAILABLE
        assert home.state("switch", "charge_control").state == STATE_UNAVAILABLE
        assert home.state("sensor", "channel").state == "degraded"
    await home.coordinator.async_read(ELECTRIC)
    await home.hass.async_block_till_done()
    assert home.state("lock", "doors").state == "locked"


async def test_unknown_is_not_unavailable(home: DemoHome) -> None:
    """A car that is reached and does not say has unknown values."""
    await home.start()
    state = home.state("number", "ventilation_duration", COMBUSTION)
    assert state.state == STATE_UNKNOWN
    assert home.state("event", "last_command").state == STATE_UNKNOWN


async def test_exactly_the_subscribers_are_written(home: DemoHome) -> None:
    """One signal more or less is no reason to write a hundred states."""
    await home.start()
    await home.advance(1)
    writes = home.writes()
    read(home, {s.OUTSIDE_TEMPERATURE: 33.0})
    await home.settle()
    assert sorted(writes) == sorted(
        home.entity_id("sensor", key) for key in ("outside_temperature", "captured_at")
    )


async def test_an_unchanged_poll_writes_nothing(home: DemoHome) -> None:
    """Neither a changed state nor the same one again."""
    await home.start()
    writes = home.writes()
    await home.coordinator.async_refresh()
    await home.coordinator.async_read(ELECTRIC)
    await home.settle()
    assert writes == []


async def test_the_channel_wakes_only_whom_it_concerns(home: DemoHome) -> None:
    """A throttled channel is no news for a hundred values that stay."""
    await home.start()
    writes = home.writes()
    shut(home, ChannelState.THROTTLED, minutes=5)
    assert writes == [home.entity_id("sensor", "channel")]


async def test_age_grows_by_the_minute(home: DemoHome) -> None:
    """It is the one state that time alone changes, and is disabled by default."""
    await home.start()
    entity_id = home.entity_id("sensor", "data_age")
    registry = er.async_get(home.hass)
    entry = registry.async_get(entity_id)
    assert entry is not None
    assert entry.disabled
    registry.async_update_entity(entity_id, disabled_by=None)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    before = float(home.state("sensor", "data_age").state)
    await home.advance(180)
    age = float(home.state("sensor", "data_age").state)
    assert age == pytest.approx(before + 3 / 60)
    read(home, {s.OUTSIDE_TEMPERATURE: 33.0})
    assert float(home.state("sensor", "data_age").state) == 0
    await home.advance(59)
    assert float(home.state("sensor", "data_age").state) == 0
    await home.advance(1)
    assert float(home.state("sensor", "data_age").state) == pytest.approx(1 / 60)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert home.clock.next_due() is None


async def test_age_grows_when_a_minute_of_the_data_is_full(home: DemoHome) -> None:
    """Not when a minute has passed since it was read."""
    await home.start()
    entity_id = home.entity_id("sensor", "data_age")
    er.async_get(home.hass).async_update_entity(entity_id, disabled_by=None)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    read(home, {s.OUTSIDE_TEMPERATURE: 33.0}, age=100)
    shown = []
    for _ in range(4):
        shown.append(float(home.state("sensor", "data_age").state) * 60)
        await home.advance(20)
    assert shown == pytest.approx([1, 2, 2, 2])
    await home.advance(20)
    assert float(home.state("sensor", "data_age").state) * 60 == pytest.approx(3)


async def test_a_parked_car_is_stale_after_a_day(home: DemoHome) -> None:
    """Nobody has to read anything to notice."""
    await home.start(poll_profile="manual")
    assert home.state("binary_sensor", "data_stale").state == "off"
    await home.advance(timedelta(days=1).total_seconds())
    assert home.state("binary_sensor", "data_stale").state == "on"
    read(home, {s.OUTSIDE_TEMPERATURE: 33.0})
    assert home.state("binary_sensor", "data_stale").state == "off"


async def test_8_2_captured_at_is_told_to_five_minutes(home: DemoHome) -> None:
    """It is enabled, and a reading a minute is no state a minute."""
    await home.start()
    shown = set()
    for _ in range(10):
        await home.advance(60)
        read(home, {s.OUTSIDE_TEMPERATURE: 33.0})
        shown.add(home.state("sensor", "captured_at").state)
    assert len(shown) <= 3
    for state in shown:
        moment = datetime.fromisoformat(state)
        assert (moment.minute % 5, moment.second) == (0, 0)
        assert moment <= home.clock.now()


async def test_health_has_its_messages(home: DemoHome) -> None:
    """A verdict with its reasons, a count with its list."""
    await home.start()
    records = ({"category": "electric", "severity": "service", "text": "Weak"},)
    read(
        home,
        {
            s.HEALTH: "service",
            s.HEALTH_MESSAGES: records,
            s.WARNING_LIGHTS: ({"text": "Weak"}, {"text": "Old"}),
        },
    )
    assert home.state("sensor", "health").state == "service"
    assert home.state("sensor", "health").attributes["messages"] == [dict(records[0])]
    assert home.state("sensor", "warning_lights").state == "2"
    assert len(home.state("sensor", "warning_lights").attributes["lights"]) == 2


async def test_the_newer_place_counts(home: DemoHome) -> None:
    """A live position that has grown old gives way to where the car was parked."""
    await home.start()
    read(home, {s.LOCATION: Position(latitude=52.5, longitude=13.4, heading=90.0)}, 2)
    attributes = home.state("device_tracker", "location").attributes
    assert (attributes["latitude"], attributes["longitude"]) == (52.5, 13.4)
    assert attributes["heading"] == 90
    read(home, {s.PARKED_LOCATION: Position(latitude=52.6, longitude=13.5)}, 1)
    attributes = home.state("device_tracker", "location").attributes
    assert (attributes["latitude"], attributes["longitude"]) == (52.6, 13.5)
    assert "heading" not in attributes


async def test_a_position_that_is_not_shared_has_no_tracker(home: DemoHome) -> None:
    """Not even an unavailable one that was there before."""
    await home.start()
    assert home.knows("device_tracker", "location")
    home.hass.config_entries.async_update_entry(
        home.entry, options={CONF_SHARE_POSITION: False}
    )
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done()
    assert not home.knows("device_tracker", "location")
    assert home.knows("sensor", "parked_at")


async def test_an_entity_can_be_renamed_in_place(home: DemoHome) -> None:
    """It goes on listening under its new id, with its state."""
    await home.start()
    old = home.entity_id("sensor", "outside_temperature")
    er.async_get(home.hass).async_update_entity(old, new_entity_id="sensor.outdoors")
    await home.hass.async_block_till_done()
    read(home, {s.OUTSIDE_TEMPERATURE: 33.0})
    state = home.hass.states.get("sensor.outdoors")
    assert state is not None
    assert state.state == "33.0"
    assert home.hass.states.get(old) is None


async def test_a_duration_survives_a_restart(home: DemoHome) -> None:
    """It is restored when the entity comes back."""
    await home.start()
    number = home.entity_id("number", "ventilation_duration", COMBUSTION)
    await home.call("number", "set_value", {"entity_id": number, "value": 20})
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.settle()
    assert home.state("number", "ventilation_duration", COMBUSTION).state == "20.0"


async def test_the_account_counts_its_calls(
    hass: HomeAssistant, home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls left and when they run out, at a service that says how many there are."""
    info = DemoGarage.info
    limits = (daily(48, reserve=8),)
    monkeypatch.setattr(DemoGarage, "info", replace(info, call_limits=limits))
    await home.start()
    ledger = home.coordinator.ledger
    assert account_state(home, "sensor", "calls_left") == "40"
    assert account_state(home, "sensor", "calls_left_runs_out_at") == STATE_UNKNOWN
    for _ in range(12):
        ledger.book(Purpose.READ)
    assert account_state(home, "sensor", "calls_left") == "28"
    # Twelve in the three hours since midnight: 48 are used up at noon.
    runs_out_at = account_state(home, "sensor", "calls_left_runs_out_at")
    assert runs_out_at == "2026-11-21T12:00:00+00:00"


async def test_a_throttled_account_says_so_until_it_ends(home: DemoHome) -> None:
    """Only the change is written, and the end needs no call to be noticed."""
    await home.start()
    registry = er.async_get(home.hass)
    left = f"{home.entry.entry_id}_calls_left".lower()
    assert registry.async_get_entity_id("sensor", "carport", left) is None
    assert account_state(home, "binary_sensor", "throttled") == "off"
    ledger = home.coordinator.ledger
    ledger.throttle(home.clock.now() + timedelta(minutes=10))
    assert account_state(home, "binary_sensor", "throttled") == "on"
    writes = home.writes()
    ledger.book(Purpose.COMMAND)
    assert writes == []
    await home.advance(timedelta(minutes=10).total_seconds())
    assert account_state(home, "binary_sensor", "throttled") == "off"
    assert len(writes) == 1


def account_state(home: DemoHome, platform: str, key: str) -> str:
    """Return the state of one of the account's entities."""
    entity_id = er.async_get(home.hass).async_get_entity_id(
        platform, "carport", f"{home.entry.entry_id}_{key}".lower()
    )
    assert entity_id is not None
    state = home.hass.states.get(entity_id)
    assert state is not None
    return state.state
