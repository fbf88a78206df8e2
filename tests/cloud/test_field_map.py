"""Converters and the field map."""

from datetime import UTC, datetime, timedelta
import math
from typing import Any

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.cloud import field_map
from carport.cloud.field_map import MISSING, FieldMapping, ReadingBuilder

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_three_kinds_of_absence() -> None:
    """Missing is silent, a placeholder is counted, a value is read."""
    builder = ReadingBuilder(captured_at=NOW, received_at=NOW, channel="test")
    builder.take(
        [
            FieldMapping(
                signal=s.ODOMETER, path=("a", "b"), convert=field_map.to_float
            ),
            FieldMapping(
                signal=s.BATTERY_LEVEL, path=("a", "c"), convert=field_map.to_float
            ),
            FieldMapping(signal=s.CHARGING, path=("a", "d")),
            FieldMapping(
                signal=s.FUEL_LEVEL, path=("a", "e"), convert=field_map.to_float
            ),
        ],
        {"a": {"b": 12, "c": -1, "e": None}},
    )
    result = builder.result()
    assert [(row.signal, row.value) for row in result.readings] == [(s.ODOMETER, 12.0)]
    assert result.placeholders == {"battery_level": 1, "fuel_level": 1}
    assert builder.value(s.ODOMETER) == 12
    assert builder.value(s.FUEL_LEVEL) is None


@given(ANYTHING, st.lists(st.sampled_from(["a", "b", "c"]), max_size=4))
def test_converters_never_fail(value: Any, path: list[str]) -> None:
    """Whatever a cloud sends, there is a value or none."""
    field_map.get_path(value, path)
    number = field_map.to_float(value)
    assert number is None or math.isfinite(number)
    assert field_map.to_bool(value) in {True, False, None}
    assert field_map.mapped({"OPEN": True})(value) in {True, None}
    moment = field_map.to_datetime(value)
    assert moment is None or moment.tzinfo is not None
    captured = field_map.capture_time(value, NOW)
    assert captured is None or captured <= NOW


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        (" FALSE ", False),
        (True, True),
        ("yes", None),
        (1, None),
        (None, None),
    ],
)
def test_flags(value: object, expected: bool | None) -> None:
    """Some clouds write truth as a text."""
    assert field_map.to_bool(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1597167320003, datetime(2020, 8, 11, 17, 35, 20, 3000, tzinfo=UTC)),
        (1597167320, datetime(2020, 8, 11, 17, 35, 20, tzinfo=UTC)),
        ("2026-08-09T18:13:38Z", datetime(2026, 8, 9, 18, 13, 38, tzinfo=UTC)),
        ("2026-08-09T18:13:38", datetime(2026, 8, 9, 18, 13, 38, tzinfo=UTC)),
        ("yesterday", None),
        (0, None),
        (-5, None),
        (1e300, None),
        (True, None),
        (None, None),
    ],
)
def test_moments(value: object, expected: datetime | None) -> None:
    """Milliseconds, seconds and ISO texts."""
    assert field_map.to_datetime(value) == expected


def test_no_car_reports_from_the_future() -> None:
    """A clock a little ahead is forgiven, another day is not."""
    soon = (NOW + timedelta(minutes=5)).timestamp()
    assert field_map.capture_time(soon, NOW) == NOW
    assert field_map.capture_time(soon + 2 * 86400, NOW) is None


def test_dig() -> None:
    """Null is something, a missing key is not."""
    assert field_map.get_path({"a": {"b": None}}, ("a", "b")) is None
    assert field_map.get_path({"a": {"b": None}}, ("a", "b", "c")) is MISSING
    assert field_map.get_path({"a": 1}, ("b",)) is MISSING


@pytest.mark.parametrize("half", range(32, 60))
def test_whole_degrees_fahrenheit_come_back(half: int) -> None:
    """What is asked for in half degrees Celsius is reported within half a degree."""
    asked = half / 2
    assert abs(field_map.celsius(field_map.fahrenheit(asked)) - asked) <= 0.5
