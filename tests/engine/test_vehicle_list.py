"""Which cars an account has: one that vanishes from a list is not sold at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carport.cloud.contract import Car
from carport.engine.vehicle_list import GONE_AFTER, LIST_AGAIN, KnownVehicles

from .paper_service import NOON

STAYS = Car(vin="WVWZZZTESTGARAGE1", manufacturer="Paper")
GOES = Car(vin="WVWZZZTESTGARAGE2", manufacturer="Paper")


@pytest.mark.parametrize(
    ("hours", "kept"),
    [
        ((0, 12, 24, 36, 48, 60, 71), True),  # many lists, but no three days
        ((0, 72), True),  # three days, but two lists
        ((0, 100), True),
        ((0, 36, 72), False),  # both
        ((0, 1, 72), False),
    ],
)
def test_7_5_a_car_is_gone_after_three_lists_and_three_days(
    hours: tuple[float, ...], kept: bool
) -> None:
    """Either alone may be a fault of the cloud."""
    cars = KnownVehicles().after([STAYS, GOES], NOON)
    for hour in hours:
        cars = cars.after([STAYS], NOON + timedelta(hours=hour))
    assert (GOES.vin in cars.cars) is kept
    assert (GOES.vin in cars.missing) is kept
    assert STAYS.vin in cars.cars
    assert STAYS.vin not in cars.missing


def test_a_list_that_says_less_does_not_change_what_a_car_is() -> None:
    """Its model may come of a call that failed; its name is the owner's to take away."""
    told = Car(
        vin=STAYS.vin,
        manufacturer="Paper",
        model="Kite",
        model_year="2021",
        nickname="Dart",
        drive="hybrid",
        handle={"id": "1"},
    )
    less = Car(vin=STAYS.vin, manufacturer="Paper", handle={"id": "2"})
    cars = KnownVehicles().after([told], NOON).after([less], NOON + LIST_AGAIN)
    assert cars.cars[STAYS.vin] == replace(told, nickname=None, handle={"id": "2"})
    other = replace(less, model="Crane")
    cars = cars.after([other], NOON + 2 * LIST_AGAIN)
    assert cars.cars[STAYS.vin].model == "Crane"


def test_7_5_a_car_that_is_back_was_never_gone() -> None:
    """The count of its absences begins anew, also after a restart."""
    cars = KnownVehicles().after([STAYS, GOES], NOON)
    for day, listed in enumerate(([STAYS], [STAYS], [STAYS, GOES], [STAYS], [STAYS])):
        cars = cars.after(listed, NOON + timedelta(days=day))
        cars = KnownVehicles.from_json(cars.to_json())
    assert cars.missing[GOES.vin].lists == 2
    assert cars.missing[GOES.vin].since == NOON + timedelta(days=3)
    assert GOES.vin in cars.cars
    assert timedelta(days=3) == GONE_AFTER


def test_7_5_the_list_is_due_twice_a_day() -> None:
    """And at once if there is none, or one that was made in the future."""
    assert KnownVehicles().due(NOON)
    cars = KnownVehicles().after([STAYS], NOON)
    assert not cars.due(NOON)
    assert not cars.due(NOON + LIST_AGAIN - timedelta(seconds=1))
    assert cars.due(NOON + LIST_AGAIN)
    assert cars.due(NOON - timedelta(seconds=1))
