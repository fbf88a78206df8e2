"""Twins: one history for one seed, plausible physics, an honest modem."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import json

from hypothesis import given, settings, strategies as st
import pytest

from carport.car import commands as c
from carport.car.commands import Command
from carport.car.refusals import Reason
from carport.twin import physics
from carport.twin.fleet import GARAGE
from carport.twin.twin import Drive, Equipment, Twin, TwinSpec

from .helpers import (
    COMBUSTION,
    ELECTRIC,
    HYBRID,
    MONDAY,
    OLD,
    OPPOSITES,
    PARKED,
    after,
    answer,
    history,
    lived,
    plugged,
)


@pytest.mark.parametrize("spec", GARAGE, ids=lambda spec: spec.model)
@settings(max_examples=15)
@given(
    pauses=st.lists(st.floats(0.1, 20_000), max_size=60),
    sent=st.lists(
        st.tuples(st.floats(0, 86_400), st.sampled_from(OPPOSITES)), max_size=4
    ),
)
def test_the_history_does_not_depend_on_who_looks(
    spec: TwinSpec, pauses: list[float], sent: list[tuple[float, Command]]
) -> None:
    """Asked once or often, a twin with the same commands has lived the same day."""
    sent.sort(key=lambda one: one[0])
    unseen, seen = Twin(spec, MONDAY), Twin(spec, MONDAY)
    for at, command in sent:
        unseen.accept(command, after(seconds=at))
    waiting = list(sent)
    passed = 0.0
    for pause in pauses:
        while waiting and waiting[0][0] <= passed + pause:
            at, command = waiting.pop(0)
            seen.advance(after(seconds=at))
            seen.accept(command, after(seconds=at))
        passed += pause
        seen.advance(after(seconds=passed))
    for at, command in waiting:
        seen.accept(command, after(seconds=at))
    end = after(seconds=max(passed, 2 * 86_400))
    unseen.advance(end)
    seen.advance(end)
    assert seen.state == unseen.state
    assert seen.report.state == unseen.report.state
    assert seen.report.captured_at == unseen.report.captured_at


@pytest.mark.parametrize("spec", GARAGE, ids=lambda spec: spec.model)
def test_a_stored_life_goes_on_as_if_it_had_not_been_stored(spec: TwinSpec) -> None:
    """At any hour, driving or charging, a restart changes nothing."""
    whole = lived(spec, days=2)
    for hour in range(0, 48, 3):
        first = lived(spec, hours=hour, minutes=37)
        life = json.loads(json.dumps(first.to_json()))
        again = Twin(spec, MONDAY, life)
        assert again.report.state == first.report.state
        again.advance(after(days=2))
        assert again.state == whole.state


def test_a_long_absence_is_spent_at_home() -> None:
    """Nobody drove while nobody looked: no month is lived through in one go."""
    first = lived(ELECTRIC, hours=7)  # On its way to work.
    assert first.state.moving
    april = after(days=150)
    again = Twin(ELECTRIC, april, json.loads(json.dumps(first.to_json())))
    again.advance(april)
    assert not again.state.moving
    assert again.state.position == Twin(ELECTRIC, MONDAY).state.position
    assert again.state.odometer == first.state.odometer
    assert again.report.captured_at >= april
    again.advance(april + timedelta(days=7))
    assert again.state.odometer > first.state.odometer


@pytest.mark.parametrize("spec", GARAGE, ids=lambda spec: spec.model)
def test_a_week_is_plausible(spec: TwinSpec) -> None:
    """Cars move, batteries and tanks stay within bounds, nothing runs backwards."""
    odometer = energy = 0.0
    captured = MONDAY - timedelta(seconds=1)
    drove = 0
    for report in history(spec, 7):
        state = report.state
        assert 0 <= state.battery_level <= 100
        assert 0 <= state.fuel_level <= 100
        assert -30 < state.inside_temperature < 45
        assert state.odometer >= odometer
        assert state.energy_charged >= energy
        assert report.captured_at > captured
        assert 11 < state.battery_12v_voltage < 15
        assert min(state.tyre_pressures) > 1.5
        assert state.speed < 200
        assert not (state.moving and state.charging)
        assert state.ignition or not state.moving
        assert state.plugged_in or not state.charging
        odometer, energy = state.odometer, state.energy_charged
        captured = report.captured_at
        drove += state.moving
    assert 50 < odometer - spec.odometer < 3000
    assert drove > 50 or not spec.reports_driving


@pytest.mark.parametrize("spec", [ELECTRIC, OLD], ids=lambda spec: spec.model)
def test_energy_is_neither_made_nor_lost(spec: TwinSpec) -> None:
    """What was charged is in the battery or was used on the road."""
    twin = Twin(spec, MONDAY)
    start = twin.state.copy()
    twin.advance(after(days=7))
    charged = twin.state.energy_charged - start.energy_charged
    level = twin.state.battery_level - start.battery_level
    kept = level / 100 * physics.capacity(spec)
    distance = twin.state.odometer - start.odometer
    per_100_km = (charged - kept) / distance * 100
    normal = spec.consumption_electric
    assert 0.8 * normal < per_100_km < 1.6 * normal


def test_the_cold_takes_range() -> None:
    """The same car needs more in January than in June."""

    def used(start: datetime) -> float:
        twin = Twin(replace(ELECTRIC, plugged_in=False), start)
        twin.advance(start + timedelta(hours=14))
        return ELECTRIC.battery_level - twin.state.battery_level

    assert used(datetime(2026, 1, 19, tzinfo=UTC)) > 1.2 * used(
        datetime(2026, 6, 15, tzinfo=UTC)
    )


def test_a_parked_car_falls_silent() -> None:
    """The report gets old while the truth goes on."""
    spec = replace(PARKED, plugged_in=False)
    twin = lived(spec, hours=30)
    assert twin.report.captured_at == MONDAY
    assert twin.state.inside_temperature != twin.report.state.inside_temperature


def test_a_driving_car_reports_every_90_seconds() -> None:
    """And a car of the year 2013 does not."""
    moving = [report for report in history(ELECTRIC, 1) if report.state.moving]
    gaps = [
        (later.captured_at - earlier.captured_at).total_seconds()
        for earlier, later in pairwise(moving)
    ]
    assert gaps.count(90) > 20
    assert not [report for report in history(OLD, 3) if report.state.moving]


def test_charging_slows_down_and_ends_at_the_limit() -> None:
    """The power falls in the last per cent; the limit is reached, not passed."""
    twin = plugged(level=85)
    powers, last = [], None
    for minute in range(4 * 60):
        twin.advance(after(minutes=minute))
        if twin.state.charging and twin.report is not last:
            last = twin.report
            powers.append(last.state.charging_power)
    assert powers[0] == pytest.approx(9.94, abs=0.1)
    assert powers == sorted(powers, reverse=True)
    assert powers[-1] < 0.3 * powers[0]
    assert twin.state.battery_level == 100
    assert not twin.report.state.charging
    limited = plugged(level=60)
    limited.accept(c.SetChargeLimit(percent=70), MONDAY)
    limited.advance(after(hours=12))
    assert limited.state.battery_level == pytest.approx(70, abs=0.01)


@pytest.mark.parametrize(
    ("level", "limit"), [(20, 80), (50, 100), (93, 97), (99.5, 100)]
)
def test_the_time_that_is_left_is_right(level: float, limit: float) -> None:
    """The minutes a car counts are the minutes it takes."""
    twin = plugged(level=level)
    twin.state.charge_limit = limit
    twin.accept(c.StartCharging(), MONDAY, latency=0)
    twin.advance(MONDAY)
    left = physics.minutes_to_limit(twin.state, twin.spec)
    twin.advance(after(minutes=left * 0.93))
    assert twin.state.charging
    twin.advance(after(minutes=left * 1.07 + 3))
    assert not twin.state.charging


@pytest.mark.parametrize(
    ("current", "power"),
    [("maximum", 11.04), ("reduced", 5.52), (8, 5.52), (32, 11.04)],
)
def test_the_current_limits_the_power(current: float | str, power: float) -> None:
    """Reduced is half, and more than the charger can is no more."""
    twin = plugged(currents=("reduced", 8, 32, "maximum"))
    one = twin.accept(c.SetChargeCurrent(current=current), MONDAY)
    twin.advance(after(minutes=30))
    assert answer(one)
    assert twin.state.charging_power == pytest.approx(power * 0.9)
    assert twin.accept(c.SetChargeCurrent(current=77), after(minutes=31)).done is None
    twin.advance(after(minutes=33))
    assert twin.commands[2].reason is Reason.CAR_REFUSED


def test_driving_brings_the_small_battery_back() -> None:
    """What standing and waking took is charged on the road."""
    twin = Twin(ELECTRIC, MONDAY)
    twin.state.battery_12v = 0.4
    twin.advance(after(hours=9))
    assert twin.state.battery_12v > 0.5


def test_lights_left_on_empty_the_small_battery_until_no_modem_answers() -> None:
    """Then nothing is heard of the car any more."""
    twin = Twin(PARKED, MONDAY)
    twin.state.light_left = True
    twin.advance(after(days=3))
    one = twin.accept(c.Lock(), after(days=3))
    twin.advance(after(days=4))
    assert answer(one) is None
    assert twin.report.captured_at == MONDAY


def test_a_dead_small_battery_is_jump_started() -> None:
    """Somebody with a cable comes by before the next trip."""
    twin = Twin(ELECTRIC, MONDAY)
    twin.state.battery_12v = 0
    twin.advance(after(hours=9))
    assert twin.state.battery_12v > 0.3
    assert twin.report.captured_at > MONDAY


def test_an_owner_stays_home_rather_than_being_stranded() -> None:
    """With too little in the battery nobody sets out."""
    spec = replace(ELECTRIC, battery_level=14, plugged_in=False)
    twin = lived(spec, hours=18)
    assert twin.state.odometer == spec.odometer


def test_a_hybrid_burns_fuel_when_its_battery_is_used_up() -> None:
    """First current, then petrol."""
    spec = replace(HYBRID, battery_level=20)
    twin = lived(spec, days=1)
    assert twin.state.fuel_level < HYBRID.fuel_level


def test_a_car_is_refuelled_serviced_and_pumped_up() -> None:
    """The owner of the hard-working car looks after it."""
    twin = lived(COMBUSTION, days=35)
    assert twin.state.odometer > COMBUSTION.odometer + COMBUSTION.service_due_in
    assert twin.state.service_at_odometer > twin.state.odometer
    assert twin.state.fuel_level > 10
    leaking = lived(ELECTRIC, days=80)
    assert min(leaking.state.tyre_pressures) > 1.6


def test_a_forgetful_owner_leaves_things_open() -> None:
    """Now and then a window is down, the lights are on, or the car is not locked."""
    habits = COMBUSTION.routine
    assert habits is not None
    spec = replace(COMBUSTION, routine=replace(habits, forgetful=1))
    parked = [
        report.state
        for report in history(spec, 4)
        if not report.state.ignition and report.captured_at > after(hours=12)
    ]
    assert any(any(state.windows) for state in parked)
    assert any(state.lights for state in parked)
    assert any(not state.locked for state in parked)


def test_the_southern_summer_is_in_january() -> None:
    """Seasons follow the hemisphere."""
    place = replace(PARKED.home, latitude=-34.0)
    january = datetime(2026, 1, 15, 12, tzinfo=UTC)
    south = Twin(replace(PARKED, home=place), january)
    north = Twin(PARKED, january)
    assert south.state.outside_temperature > north.state.outside_temperature + 10


def test_a_car_without_a_battery_has_none() -> None:
    """Nothing charges that has no plug."""
    spec = TwinSpec(
        vin="WVWZZZDEMLW000099",
        manufacturer="Carport",
        model="Plain",
        model_year="2019",
        drive=Drive.COMBUSTION,
        tank=40,
        equipment=frozenset({Equipment.DOORS}),
    )
    twin = lived(spec, days=3)
    assert twin.state.battery_level == 0
    assert not twin.state.charging
    assert twin.state.odometer == spec.odometer
