"""What the timers of twins do: a warm cabin, a charged battery, at their time."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

from hypothesis import given, strategies as st
import pytest

from carport.car import commands as c
from carport.car.commands import SetSchedule
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import ChargeMode
from carport.twin.fleet import GARAGE
from carport.twin.timers import next_rings
from carport.twin.twin import Drive, Equipment, Twin, TwinSpec
from carport.twin.weather import local_offset
from simulator.accounts import TWINS

from .helpers import MONDAY, PARKED, after, lived, plugged, shows

CONDITIONED: Final = tuple(
    spec
    for spec in (*GARAGE, *TWINS)
    if Equipment.CLIMATE in spec.equipment and spec.drive is not Drive.COMBUSTION
)


def departing(at: time, *, charge: bool = False, climate: bool = False) -> Slot:
    """Return a timer for Tuesdays."""
    return Slot(
        number=1,
        enabled=True,
        departure=at,
        days=frozenset({Weekday.TUESDAY}),
        charge=charge,
        climate=climate,
    )


def test_a_timer_waits_for_the_night_except_for_the_least() -> None:
    """The mode decides when, the lower limit how much at once."""
    twin = plugged(level=15)
    noon = after(hours=12)
    twin.advance(noon)
    twin.state.battery_level = 15
    twin.accept(c.SetChargeMode(mode=ChargeMode.TIMER), noon)
    twin.accept(c.SetChargeLimitMin(percent=25), noon)
    twin.advance(noon + timedelta(hours=6))
    assert not shows(twin, "charging")
    assert twin.state.battery_level == pytest.approx(25, abs=1)
    twin.accept(c.StartCharging(), noon + timedelta(hours=6))
    twin.advance(noon + timedelta(hours=7))
    assert shows(twin, "charging")
    twin.accept(c.StopCharging(), noon + timedelta(hours=7))
    twin.advance(after(days=1, hours=4))
    assert not shows(twin, "charging")
    twin.accept(c.SetChargeMode(mode=ChargeMode.TIMER), after(days=1, hours=4))
    twin.advance(after(days=1, hours=4.5))
    assert shows(twin, "charging")


def test_a_charging_window_takes_the_place_of_the_night() -> None:
    """In the mode that waits for a timer, and as long as the timers are active."""
    window = Window(start=time(14, 30), end=time(16))
    slot = Slot(
        number=1,
        enabled=True,
        days=frozenset(Weekday),
        charge=True,
        charge_window=window,
    )
    twin = plugged(charge_mode=ChargeMode.TIMER, schedule=Schedule(slots=(slot,)))
    # The car's own clock is an hour ahead of UTC.
    twin.advance(after(hours=13.4))
    assert not shows(twin, "charging")
    twin.advance(after(hours=13.6))
    assert shows(twin, "charging")
    twin.advance(after(hours=15.5))
    assert not shows(twin, "charging")
    twin.state.schedule = Schedule(slots=(slot,), active=False)
    twin.advance(after(days=1, hours=3))
    assert shows(twin, "charging")


def test_a_timer_has_the_cabin_ready() -> None:
    """On its days, and not while it or all of them rest."""
    slot = Slot(
        number=1,
        enabled=True,
        departure=time(7),
        days=frozenset({Weekday.TUESDAY}),
        climate=True,
    )
    twin = lived(replace(PARKED, schedule=Schedule(slots=(slot,))), hours=24 + 5.7)
    assert not twin.state.climate_active
    twin.advance(after(days=1, hours=5.8))
    assert shows(twin, "climate_active")
    twin.advance(after(days=1, hours=8))
    assert not twin.state.climate_active
    for schedule in (
        Schedule(slots=(replace(slot, enabled=False),)),
        Schedule(slots=(slot,), active=False),
    ):
        asleep = lived(replace(PARKED, schedule=schedule), hours=24 + 5.8)
        assert not asleep.state.climate_active


def test_a_timer_after_midnight_begins_the_evening_before() -> None:
    """Sunday's, where the week turns."""
    slot = Slot(
        number=1,
        enabled=True,
        departure=time(0, 5),
        days=frozenset({Weekday.MONDAY}),
        climate=True,
    )
    twin = lived(replace(PARKED, schedule=Schedule(slots=(slot,))), days=6, hours=22.7)
    assert not twin.state.climate_active
    twin.advance(after(days=6, hours=22.9))
    assert twin.state.climate_active


@pytest.mark.parametrize("spec", CONDITIONED, ids=lambda spec: spec.vin)
def test_the_timers_of_every_maker_s_cars_go_off(spec: TwinSpec) -> None:
    """Whatever cloud sent them: the cabin is warm at the car's own time."""
    slot = departing(time(7), climate=True)
    twin = Twin(replace(spec, routine=None, plugged_in=True), MONDAY)
    twin.accept(SetSchedule(schedule=Schedule(slots=(slot,))), MONDAY)
    hour = 24 + 6.75 - local_offset(spec.home.longitude) / 3600
    twin.advance(after(hours=hour - 0.05))
    assert not twin.state.climate_active
    twin.advance(after(hours=hour + 0.05))
    assert shows(twin, "climate_active")
    assert twin.memory.runs[-1] == (after(hours=hour).timestamp(), True, False)


@pytest.mark.parametrize("once_on", [None, date(2026, 11, 17)])
def test_a_timer_without_days_goes_off_once(once_on: date | None) -> None:
    """On its date, or the next time its hour comes; then it is off, and says so."""
    slot = replace(departing(time(7), climate=True), days=frozenset(), once_on=once_on)
    twin = Twin(replace(PARKED, plugged_in=True), after(hours=8))
    twin.accept(SetSchedule(schedule=Schedule(slots=(slot,))), after(hours=8))
    twin.advance(after(days=1, hours=5.8))
    assert shows(twin, "climate_active")
    assert twin.report.state.schedule.slots == (slot,)
    twin.advance(after(days=1, hours=6))
    assert twin.report.state.schedule.slots == (replace(slot, enabled=False),)
    twin.advance(after(days=9))
    assert len(twin.memory.runs) == 1


def test_a_timer_whose_date_is_over_rests() -> None:
    """Nobody goes back in time for it."""
    slot = replace(
        departing(time(7), climate=True), days=frozenset(), once_on=date(2026, 11, 15)
    )
    twin = lived(replace(PARKED, schedule=Schedule(slots=(slot,))), days=9)
    assert not twin.memory.runs


@pytest.mark.parametrize("mode", [ChargeMode.TIMER, ChargeMode.SCHEDULED])
def test_a_car_is_charged_for_its_departure(mode: ChargeMode) -> None:
    """No earlier than that takes, and in time."""
    slot = departing(time(15), charge=True)
    twin = plugged(level=50, charge_mode=mode, schedule=Schedule(slots=(slot,)))
    twin.advance(after(days=1, hours=4))
    assert not shows(twin, "charging")
    assert twin.state.battery_level < 51
    twin.advance(after(days=1, hours=12.5))
    assert shows(twin, "charging")
    twin.advance(after(days=1, hours=14))
    assert twin.state.battery_level > 99


def test_a_planner_charges_in_its_cheap_hours() -> None:
    """The i3 of the simulator waits for its window, and charges in it."""
    planner = next(spec for spec in TWINS if spec.vin == "WBYZZZ001GV160101")
    twin = Twin(planner, after(hours=6))
    # The window opens at half past midnight, an hour ahead of UTC.
    twin.advance(after(hours=23.4))
    assert not shows(twin, "charging")
    twin.advance(after(hours=23.6))
    assert shows(twin, "charging")
    twin.advance(after(days=1, hours=3.6))
    assert not shows(twin, "charging")
    assert twin.state.battery_level > planner.battery_level + 20


@given(
    slots=st.lists(
        st.builds(
            Slot,
            number=st.integers(1, 3),
            enabled=st.just(True),
            departure=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
            days=st.frozensets(st.sampled_from(Weekday)),
            climate=st.booleans(),
        ),
        max_size=3,
    ),
    now=st.floats(0, 20 * 86_400),
    offset=st.sampled_from((0, 3600, -18_000)),
)
def test_what_comes_next_lies_ahead(
    slots: list[Slot], now: float, offset: float
) -> None:
    """Never now, never twice, within a week, and on a whole minute."""
    schedule = Schedule(slots=tuple(slots))
    rings = next_rings(schedule, MONDAY.timestamp() + now, offset)
    for ring in rings:
        assert 0 < ring.at - MONDAY.timestamp() - now <= 7 * 86_400 + 1
        assert ring.at % 60 == 0
        assert ring not in next_rings(schedule, ring.at, offset)
