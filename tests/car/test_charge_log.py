"""Every kWh that a car charges is counted once, at its hour, whoever tells of it."""

from dataclasses import replace

import pytest

from carport.car import signals as s
from carport.car.history import ChargeSession
from carport.car.signals import Value

from .told_car import AWAY, HOME, ToldCar, at, session


def plugged(level: float, *, charging: bool = True, **more: Value) -> dict[str, Value]:
    """Return what a car says at the plug."""
    return {
        "plugged_in": True,
        "charging": charging,
        "battery_level": level,
        "battery_capacity": 50.0,
        **more,
    }


def a_night(car: ToldCar) -> None:
    """Charge from 40 to 60 % from 20:00 to 24:00, looked at every hour."""
    car.says(0, **plugged(40, charging=False))
    for hour in range(2, 7):
        car.says(hour, **plugged(40 + 5 * (hour - 2)))
    car.says(6.5, **plugged(60, charging=False))
    car.says(14, **plugged(60, charging=False, plugged_in=False))


def test_the_level_times_the_capacity_by_the_hour() -> None:
    """A fifth of 50 kWh, evenly over the hours in which it came."""
    car = ToldCar()
    a_night(car)
    assert car.figure() == pytest.approx(10)
    assert car.by_hour() == {2: 2.5, 3: 2.5, 4: 2.5, 5: 2.5}
    assert car.logbook.source == "battery"
    (charge,) = car.listed("charge_sessions")
    assert charge["started_at"] == at(2).isoformat()
    assert charge["ended_at"] == at(6).isoformat()
    assert (charge["level_start"], charge["level_end"]) == (40, 60)
    assert (charge["energy"], charge["source"]) == (10, "battery")


def test_nothing_is_counted_twice_over_restarts_and_repetitions() -> None:
    """The same reports come again after every restart, as they do from a cloud."""
    car = ToldCar()
    car.says(0, **plugged(40, charging=False))
    for hour in range(2, 7):
        for _ in range(3):
            car.says(hour, **plugged(40 + 5 * (hour - 2)))
            car.restart()
    assert car.figure() == pytest.approx(10)
    assert sum(car.by_hour().values()) == pytest.approx(10)
    assert len(car.listed("charge_sessions")) == 1


def test_what_was_charged_while_nobody_looked_counts_after_a_restart() -> None:
    """The log goes on from the last level that it saw itself."""
    car = ToldCar()
    car.says(0, **plugged(40))
    car.restart()
    car.says(3, **plugged(60))
    assert car.figure() == pytest.approx(10)
    assert set(car.by_hour()) == {0, 1, 2}


def test_a_log_older_than_the_snapshot_catches_up() -> None:
    """Two files may be saved at different moments before the power fails."""
    car = ToldCar()
    car.says(0, **plugged(40))
    kept = car.logbook.to_json()
    car.says(2, **plugged(60))
    car.logbook = type(car.logbook).from_json(kept)
    car.says(3, **plugged(60))
    assert car.figure() == pytest.approx(10)


def test_a_log_newer_than_the_snapshot_counts_nothing_again() -> None:
    """What it has seen already comes once more, the older report first."""
    car = ToldCar()
    car.says(0, **plugged(40))
    before = car.snapshot
    car.says(2, **plugged(60))
    car.snapshot = before
    car.says(1, **plugged(50))
    car.says(2, **plugged(60))
    assert car.figure() == pytest.approx(10)


def test_driving_down_a_mountain_is_no_charge() -> None:
    """Not even often: a few per cent that nobody plugged in."""
    car = ToldCar()
    for hour in range(10):
        car.says(hour, **plugged(50 + hour % 3, charging=False, plugged_in=False))
    assert car.figure() == 0
    assert car.listed("charge_sessions") == []


@pytest.mark.parametrize(
    "said", [("charging",), ("plugged_in",), ("charging", "plugged_in")]
)
def test_an_unplugged_car_gains_a_little_again_and_again(said: tuple[str, ...]) -> None:
    """What comes back on the way never adds up to a charge of its own."""
    car = ToldCar(capacity=50)
    for hour in range(10):
        car.says(hour, battery_level=50.0 + 2 * hour, **dict.fromkeys(said, False))
    assert car.figure() == 0
    assert car.listed("charge_sessions") == []


def test_a_hybrid_that_charges_by_its_engine_counts_nothing() -> None:
    """A large rise on the way is a charge only where there is no engine."""
    cases: tuple[tuple[dict[str, Value], float], ...] = (
        ({"fuel_level": 50.0}, 0),
        ({}, 10),
    )
    for fuel, energy in cases:
        car = ToldCar()
        car.says(0, **plugged(40, charging=False, plugged_in=False), **fuel)
        car.says(2, **plugged(60, charging=False, plugged_in=False), **fuel)
        assert car.figure() == pytest.approx(energy)


def test_a_level_that_wavers_at_the_plug_counts_once() -> None:
    """Between two whole numbers it may go to and fro all night."""
    car = ToldCar()
    car.says(0, **plugged(60))
    for hour in range(1, 9):
        car.says(hour, **plugged(61 if hour % 2 else 60))
    assert car.figure() == pytest.approx(0.5)


def test_a_car_that_says_only_its_level() -> None:
    """What rises enough is a charge; the capacity is the owner's word."""
    car = ToldCar(capacity=50)
    for hour, level in enumerate((40.0, 42.0, 44.0, 47.0, 60.0, 60.0, 30.0)):
        car.says(hour, battery_level=level)
    assert car.figure() == pytest.approx(10)


def test_without_a_capacity_nothing_is_said() -> None:
    """A level alone is no energy; that it charged is seen all the same."""
    car = ToldCar()
    car.says(0, battery_level=40.0, charging=True)
    car.says(1, battery_level=60.0, charging=True)
    assert car.logbook.figures() == {}
    assert car.logbook.readings(car.snapshot, at(1)) == ()
    (charge,) = car.listed("charge_sessions")
    assert (charge["level_start"], charge["level_end"]) == (40, 60)
    assert (charge["energy"], charge["ended_at"]) == (None, None)


def test_a_pause_is_the_same_charge_and_an_hour_is_another() -> None:
    """The sun comes and goes; a new evening is a new charge."""
    car = ToldCar()
    car.says(0, **plugged(40))
    car.says(1, **plugged(45))
    car.says(1.1, **plugged(45, charging=False))
    car.says(1.3, **plugged(45))
    car.says(2, **plugged(50))
    car.says(2.1, **plugged(50, charging=False))
    car.says(5, **plugged(50))
    car.says(6, **plugged(55))
    assert [one["energy"] for one in car.listed("charge_sessions")] == [2.5, 5]
    assert car.figure() == pytest.approx(7.5)


def test_what_the_maker_tells_takes_the_place_of_what_was_computed() -> None:
    """The maker's figure, spread as the battery showed it; told again it is the same."""
    car = ToldCar()
    a_night(car)
    told = session(2, 6, 11)
    for _ in range(3):
        car.says(15, told)
        car.restart()
    assert car.figure() == pytest.approx(11)
    assert car.by_hour() == {2: 2.75, 3: 2.75, 4: 2.75, 5: 2.75}
    assert car.listed("charge_sessions")[0]["source"] == "maker"
    assert car.says(16, told) is False


def test_the_hours_of_a_told_charge_are_those_in_which_it_was_seen() -> None:
    """Fast at first and slowly at last, to the end within an hour."""
    car = ToldCar()
    car.says(2, **plugged(40))
    car.says(3, **plugged(55))
    car.says(4, **plugged(57))
    car.says(5.5, **plugged(63))
    car.says(6, session(2, 5.5, 13.8))
    assert car.by_hour() == {2: 9, 3: 1.2, 4: 2.4, 5: 1.2}


def test_a_late_charge_is_put_to_its_hour() -> None:
    """Between those that are known already, in the order of time."""
    car = ToldCar()
    car.says(0, battery_level=50.0)
    car.says(20, session(10, 12, 8))
    car.says(30, session(2, 4, 6))
    assert car.by_hour() == {2: 3, 3: 3, 10: 4, 11: 4}
    starts = [one["started_at"] for one in car.listed("charge_sessions")]
    assert starts == [at(10).isoformat(), at(2).isoformat()]


def test_a_sum_that_rises_with_the_charge_it_tells_counts_once() -> None:
    """Some makers' sum is made of their charges, and both come in one report."""
    car = ToldCar()
    car.says(0, **plugged(40), energy_charged=100.0)
    car.says(3, **plugged(58), energy_charged=109.0)
    car.says(
        5,
        session(0, 4, 10),
        **plugged(60, charging=False),
        energy_charged=110.0,
    )
    assert sum(car.by_hour().values()) == pytest.approx(10, abs=0.01)
    assert car.logbook.source == "maker"


def test_a_corrected_charge_is_counted_as_corrected_and_the_sum_never_falls() -> None:
    """The hours become right; the ever-rising figure waits."""
    car = ToldCar()
    car.says(0, battery_level=50.0)
    car.says(12, session(2, 4, 8))
    car.says(1, session(-9, -8, 3))
    before = car.figure()
    car.says(13, session(2, 4, 6))
    assert sum(car.by_hour().values()) == pytest.approx(9)
    assert car.figure() == before
    car.says(20, session(15, 16, 10))
    assert car.figure() > before


def test_a_sum_that_was_shown_never_falls_but_money_may() -> None:
    """A charge that the maker corrects, and then one that costs less than nothing."""
    car = ToldCar()
    car.says(0, battery_level=50.0, battery_capacity=50.0)
    car.says(6, session(2, 4, 8))
    assert car.figure() == 8
    car.says(7, session(2, 4, 6))
    assert car.by_hour() == {2: 3, 3: 3}
    assert car.figure() == 8
    car.says(8, session(5, 6, 5))
    assert car.figure() == 11
    first, second = car.logbook.charges.charges
    for charge, price, cost in ((first, 1, 6), (second, -1, 1)):
        car.logbook.charges.price(charge, dict.fromkeys(charge.hours, price))
        assert car.figure("cost") == cost


def test_history_is_in_the_hours_but_not_in_the_sum() -> None:
    """What was over before counting began happened all the same."""
    car = ToldCar()
    car.says(0, battery_level=50.0, battery_capacity=50.0)
    car.says(1, session(-20, -18, 12))
    assert car.by_hour() == {-20: 6, -19: 6}
    assert car.figure() == 0


@pytest.mark.parametrize(
    "nonsense",
    [
        session(4, 2, 5),
        session(30, 31, 5),
        session(-300, 2, 5),
        session(2, 4, -5),
        session(2, 4, 9000),
        session(2, 4, None),
        replace(session(2, 4, 5), ended_at=None),
    ],
)
def test_impossible_charges_are_left_out(nonsense: ChargeSession) -> None:
    """Backwards, in the future, endless, below nothing, too much, or half told."""
    car = ToldCar()
    car.says(10, nonsense, battery_level=50.0)
    assert car.by_hour() == {}


def test_a_sum_of_the_makers_is_taken_by_its_differences() -> None:
    """It counts for the hours, and is not derived a second time."""
    car = ToldCar()
    car.says(0, **plugged(40), energy_charged=1000.0)
    car.says(2, **plugged(60), energy_charged=1011.0)
    assert car.by_hour() == {0: 5.5, 1: 5.5}
    keys = {reading.signal.key for reading in car.logbook.readings(car.snapshot, at(2))}
    assert s.ENERGY_CHARGED.key not in keys
    assert car.logbook.source == "meter"


def test_home_and_away_by_the_place() -> None:
    """Each charge is where the car stands."""
    car = ToldCar()
    car.says(0, **plugged(40), location=HOME, odometer=100.0)
    car.says(2, **plugged(60), location=HOME, odometer=100.0)
    car.says(
        3,
        **plugged(50, charging=False, plugged_in=False),
        location=AWAY,
        odometer=130.0,
    )
    car.says(4, **plugged(50), location=AWAY, odometer=130.0)
    car.says(5, **plugged(70), location=AWAY, odometer=130.0)
    assert (car.figure("home"), car.figure("away")) == (10, 10)
    assert car.figure() == pytest.approx(20)
    assert car.by_hour("energy_away") == {4: 10}


def test_the_place_of_yesterday_says_nothing_of_today() -> None:
    """A place that is older than the last drive is not where the car charges."""
    car = ToldCar()
    car.says(0, **plugged(40, charging=False), location=HOME, odometer=100.0)
    car.says(5, odometer=150.0)
    car.says(6, **plugged(40))
    car.says(8, **plugged(60))
    assert (car.figure("home"), car.figure("away")) == (0, 0)
    assert car.figure() == pytest.approx(10)


def test_without_positions_there_is_no_split() -> None:
    """Nor is one kept from the time when there were some."""
    car = ToldCar(places=False)
    car.says(0, **plugged(40), location=HOME)
    car.says(2, **plugged(60), location=HOME)
    assert (car.figure("home"), car.figure("away")) == (0, 0)
    other = ToldCar()
    other.says(0, **plugged(40), location=HOME)
    other.says(2, **plugged(60), location=HOME)
    other.logbook.forget_places()
    assert other.by_hour("energy_home") == {}
    assert [one["home"] for one in other.listed("charge_sessions")] == [None]


def test_prices_make_costs_and_follow_a_corrected_charge() -> None:
    """A price is kept with its hour, so a later tariff does not change the past."""
    car = ToldCar()
    a_night(car)
    (charge,) = car.logbook.charges.charges
    first = min(charge.hours)
    car.logbook.charges.price(
        charge, {first + one: 0.30 + one / 10 for one in range(4)}
    )
    assert charge.cost == pytest.approx(2.5 * (0.30 + 0.40 + 0.50 + 0.60))
    car.says(15, session(2, 6, 20))
    car.restart()
    assert car.figure("cost") == pytest.approx(5 * (0.30 + 0.40 + 0.50 + 0.60))


def test_the_list_is_bounded_and_the_sum_is_not() -> None:
    """Two hundred charges: the newest are listed, all are in the sum."""
    car = ToldCar()
    car.says(0, battery_level=50.0)
    for day in range(200):
        car.says(24 * day + 6, session(24 * day + 2, 24 * day + 5, 10))
        # Some clouds tell the first ones for ever.
        car.says(24 * day + 7, session(2, 5, 10))
    car.restart()
    assert len(car.listed("charge_sessions")) == 150
    # The first was over before counting began.
    assert car.figure() == pytest.approx(1990, abs=0.01)
    assert len(str(car.logbook.to_json())) < 60_000


def test_charges_that_came_to_nothing_displace_none() -> None:
    """A car that begins every night and gains nothing keeps its list."""
    car = ToldCar()
    a_night(car)
    for day in range(1, 160):
        car.says(24 * day, **plugged(60))
        car.says(24 * day + 1, **plugged(60, charging=False))
    (charge,) = car.listed("charge_sessions")
    assert charge["energy"] == 10
    assert car.figure() == pytest.approx(10)


def test_damage_costs_what_is_damaged() -> None:
    """A row that is none is left out; the others are there."""
    car = ToldCar()
    a_night(car)
    data = car.logbook.to_json()
    (sound,) = data["charges"]["charges"]
    data["charges"]["charges"] += [[*sound[:2], "guess", *sound[3:]]]
    hour = sound[7][0][0]
    for amount in (-5.0, 1e12):
        data["charges"]["charges"] += [[*sound[:7], [[hour, amount]], []]]
    data["charges"]["charges"] += [None, [], [1] * 9, ["x"] * 9, {"a": 1}]
    data["charges"] |= {"dropped": {"energy": "much"}, "mark": [1, 2, 3]}
    data["trips"] = "none"
    data["shown"] = {"energy": float("nan"), "else": 3}
    back = type(car.logbook).from_json(data)
    assert len(back.charges.charges) == 1
    assert back.figures()["energy"] == pytest.approx(10)
    assert type(car.logbook).from_json(None).figures() == {}


def test_a_charge_has_a_cost_once_every_hour_has_a_price() -> None:
    """A part of it would be mistaken for all; nothing at all costs nothing known."""
    car = ToldCar()
    a_night(car)
    (charge,) = car.logbook.charges.charges
    hours = sorted(charge.hours)
    car.logbook.charges.price(charge, dict.fromkeys(hours[:-1], 0.4))
    assert charge.cost is None
    assert car.listed("charge_sessions")[0]["cost"] is None
    car.logbook.charges.price(charge, {hours[-1]: 0.4})
    assert car.listed("charge_sessions")[0]["cost"] == 4
    empty = ToldCar()
    empty.says(0, battery_level=40.0, charging=True)
    empty.says(1, battery_level=60.0, charging=True)
    assert empty.listed("charge_sessions")[0]["cost"] is None


@pytest.mark.parametrize("level", [40.0, None])
def test_a_metered_charge_begins_at_the_level_before_it(level: float | None) -> None:
    """As far as the car says one; nobody saw it charge."""
    car = ToldCar()
    known = {} if level is None else {"battery_level": level}
    car.says(0, energy_charged=1000.0, charging=False, **known)
    car.says(2, energy_charged=1011.0, charging=False, **known)
    (charge,) = car.listed("charge_sessions")
    assert (charge["energy"], charge["source"]) == (11, "meter")
    assert charge["level_start"] == level
