"""Trips by the odometer: what is known of each, and what nobody saw is not made up."""

import pytest

from carport.car.signals import Value

from .told_car import AWAY, HOME, ToldCar, at


def stands(odometer: float, level: float = 80, **more: Value) -> dict[str, Value]:
    """Return what a standing car says."""
    return {
        "odometer": odometer,
        "battery_level": level,
        "battery_capacity": 50.0,
        "ignition": False,
        **more,
    }


def drives(odometer: float, level: float = 80) -> dict[str, Value]:
    """Return what a driving car says."""
    return stands(odometer, level, ignition=True)


def test_a_trip_that_was_seen_from_start_to_end() -> None:
    """Distance, duration, levels, energy and both places, in every maker's keys."""
    car = ToldCar()
    car.says(0, **stands(1000), location=HOME)
    car.says(2, **drives(1000))
    car.says(2.25, **drives(1015, 75))
    car.says(2.5, **stands(1030, 70), location=AWAY)
    (trip,) = car.listed("trips")
    assert trip["started_at"] == at(2).isoformat()
    assert trip["ended_at"] == at(2.5).isoformat()
    assert (trip["distance"], trip["duration"]) == (30, 30)
    assert (trip["level_start"], trip["level_end"]) == (80, 70)
    assert (trip["energy"], trip["consumption_electric"]) == (5, 16.7)
    assert trip["average_speed"] == 60
    assert (trip["start_latitude"], trip["end_latitude"]) == (52.5, 53.5)
    assert car.by_hour("distance") == {2: 30}
    assert car.by_hour("energy_driven") == {2: 5}


def test_a_trip_of_which_only_the_end_was_seen_has_no_start() -> None:
    """The report before is from last night; the hour's figures take a usual speed."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(12.5, **stands(1020, 76))
    (trip,) = car.listed("trips")
    assert (trip["started_at"], trip["duration"]) == (None, None)
    assert (trip["distance"], trip["energy"]) == (20, 2)
    assert car.by_hour("distance") == {12: 20}


def test_a_car_that_is_looked_at_often_needs_no_word_for_driving() -> None:
    """Reports that follow each other closely are one trip."""
    car = ToldCar()
    for minute, odometer in ((0, 500), (10, 500), (20, 508), (30, 516), (40, 516)):
        car.says(minute / 60, odometer=float(odometer))
    car.says(3, odometer=516.0)
    car.says(3.25, odometer=526.0)
    trips = car.listed("trips")
    assert [trip["distance"] for trip in trips] == [10, 16]
    assert trips[1]["duration"] == 20


def test_nothing_is_lost_or_doubled_by_restarts() -> None:
    """A restart in the middle of a trip changes nothing of it either."""
    car = ToldCar()
    for hours, report in (
        (0, stands(1000)),
        (2, drives(1000)),
        (2.25, drives(1015, 75)),
        (2.5, stands(1030, 70)),
        (3, stands(1030, 70)),
    ):
        for _ in range(2):
            car.says(hours, **report)
            car.restart()
    (trip,) = car.listed("trips")
    assert (trip["distance"], trip["duration"], trip["energy"]) == (30, 30, 5)


def test_a_level_that_comes_before_the_odometer_belongs_to_the_trip() -> None:
    """Clouds tell the parts of a report one after the other."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(2, battery_level=70.0)
    car.says(2.01, odometer=1030.0, ignition=False)
    car.says(2.02, battery_level=70.0)
    (trip,) = car.listed("trips")
    assert (trip["level_start"], trip["level_end"]) == (80, 70)


def test_charging_before_the_trip_is_its_level() -> None:
    """It begins with what it had when it set off."""
    car = ToldCar()
    car.says(0, **stands(1000, 40))
    car.says(8, **stands(1000, 90))
    car.says(9, **stands(1010, 85))
    (trip,) = car.listed("trips")
    assert (trip["level_start"], trip["level_end"]) == (90, 85)


def test_when_it_was_parked_is_the_end() -> None:
    """A report of the next morning does not make the trip a night long."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(1, **drives(1000))
    car.says(14, **stands(1030, 70), parked_at=at(1.5))
    (trip,) = car.listed("trips")
    assert (trip["ended_at"], trip["duration"]) == (at(1.5).isoformat(), 30)
    assert car.by_hour("distance") == {1: 30}


def test_an_ignition_that_was_only_on_is_no_trip_and_no_start() -> None:
    """Somebody listened to music in the morning and drove in the evening."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(1, **drives(1000))
    car.says(1.1, **stands(1000))
    car.says(2, **stands(1000))
    car.says(10, **stands(1030, 70))
    (trip,) = car.listed("trips")
    assert trip["started_at"] is None


def test_another_odometer_is_no_trip() -> None:
    """Nobody drives ten thousand kilometres between two reports."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(1, **stands(20_000))
    car.says(9, **stands(20_010))
    assert [trip["distance"] for trip in car.listed("trips")] == [10]


def test_places_are_forgotten() -> None:
    """The trips stay, without where they went."""
    car = ToldCar()
    car.says(0, **stands(1000), location=HOME)
    car.says(2, **stands(1030, 70), location=AWAY)
    car.logbook.forget_places()
    (trip,) = car.listed("trips")
    assert trip["distance"] == 30
    assert {value for key, value in trip.items() if "tude" in key} == {None}
    assert "53.5" not in str(car.logbook.to_json())


def test_the_log_is_bounded() -> None:
    """The newest are kept, and the rows are short."""
    car = ToldCar()
    for trip in range(300):
        car.says(6 * trip, **stands(1000 + 10 * trip), location=HOME)
    assert len(car.listed("trips")) == 250
    assert len(str(car.logbook.to_json())) < 40_000


@pytest.mark.parametrize("row", [None, [], [1] * 10, ["x"] * 10, [0, 0, -1, *[0] * 7]])
def test_damage_costs_the_row(row: object) -> None:
    """A damaged row is left out, and the others are kept."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(2, **stands(1030, 70))
    data = car.logbook.to_json()
    data["trips"]["trips"].append(row)
    back = type(car.logbook).from_json(data)
    assert len(back.trips.trips) == 1


def test_where_it_was_before_is_not_where_a_trip_ends() -> None:
    """A place that is older than the drive is that of its start."""
    car = ToldCar()
    car.says(0, **stands(1000), location=HOME)
    car.says(2, **drives(1000))
    car.says(2.5, **stands(1030, 70))
    (trip,) = car.listed("trips")
    assert (trip["start_latitude"], trip["end_latitude"]) == (HOME.latitude, None)
    assert car.says(3, **stands(1030, 70)) is False
    # It comes later, and belongs to this trip.
    car.says(3.5, location=AWAY)
    (trip,) = car.listed("trips")
    assert (trip["start_latitude"], trip["end_latitude"]) == (52.5, 53.5)


def test_a_car_that_never_says_where_it_is() -> None:
    """Its trips have no places, and nothing is new in a report like the last."""
    car = ToldCar()
    car.says(0, **stands(1000))
    car.says(2, **stands(1030, 70))
    assert car.says(3, **stands(1030, 70)) is False


@pytest.mark.parametrize(
    ("before", "capacity", "energy"),
    [(None, 50.0, None), (80.0, None, None), (80.0, 50.0, 5)],
)
def test_energy_needs_both_levels_and_a_capacity(
    before: float | None, capacity: float | None, energy: float | None
) -> None:
    """A trip of which one is not known has what is known, and no energy."""
    car = ToldCar(capacity=capacity)
    car.says(
        0, odometer=1000.0, **({} if before is None else {"battery_level": before})
    )
    car.says(2, odometer=1030.0, battery_level=70.0)
    (trip,) = car.listed("trips")
    assert (trip["level_start"], trip["level_end"]) == (before, 70)
    assert trip["energy"] == energy
