"""Numbers and steps: what a car takes, and what comes nearest to it."""

import pytest

from carport.car import commands as c
from carport.car.limits import Limits, nearest
from carport.car.refusals import out_of_limits

UNEVEN = Limits(low=15.5, high=29.5, step=1)
"""Steps that would be other numbers if they were counted from zero."""


@pytest.mark.parametrize("value", [15.5, 16.5, 29.5])
def test_7_5_steps_are_counted_from_the_lowest_value(value: float) -> None:
    """What lies on a step from there is taken."""
    assert c.SetTemperature(temperature=value).violation(UNEVEN) is None


@pytest.mark.parametrize("value", [16, 20, 29, 15.6, 14.5, 30.5])
def test_7_5_what_lies_between_the_steps_is_refused(value: float) -> None:
    """Though it would lie on one that is counted from zero."""
    assert c.SetTemperature(temperature=value).violation(UNEVEN) == out_of_limits(
        field="temperature", allowed="15.5, 16.5 … 29.5"
    )


@pytest.mark.parametrize(
    ("value", "limits", "expected"),
    [
        (20.1, UNEVEN, 20.5),
        (19.9, UNEVEN, 19.5),
        (20.3, Limits(low=16, high=30, step=0.5), 20.5),
        (47, Limits(high=100, step=10), 50),
        (20.1, Limits(low=15.5, high=30), 20.1),
    ],
)
def test_7_5_the_nearest_step_is_counted_from_there_too(
    value: float, limits: Limits, expected: float
) -> None:
    """Units of the owner rarely fit the steps of the car."""
    assert nearest(value, limits) == expected
