"""The vocabulary keeps false values out and brings true ones back from disk."""

from datetime import UTC, date, datetime, time
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import SIGNALS, Position, Signal

_EXAMPLES: dict[type, Any] = {
    float: 12.5,
    bool: True,
    date: date(2027, 3, 1),
    str: "anything",
    datetime: datetime(2026, 11, 21, 8, tzinfo=UTC),
    Position: Position(latitude=38.9, longitude=-77.3, heading=90.0),
    Schedule: Schedule(
        slots=(
            Slot(
                number=1,
                enabled=True,
                departure=time(7, 45),
                days=frozenset({Weekday.MONDAY, Weekday.SUNDAY}),
                climate=True,
            ),
            Slot(number=2, enabled=False, once_on=date(2026, 12, 24), charge=True),
        ),
        preferred_window=Window(start=time(23), end=time(6)),
    ),
    tuple: ({"text": "Check the oil", "severity": "notice"},),
}


def _example(signal: Signal[Any]) -> Any:
    if signal.options:
        return signal.options[0]
    if signal.kind is float:
        return min(max(_EXAMPLES[float], signal.low), signal.high)
    return _EXAMPLES[signal.kind]


@pytest.mark.parametrize("signal", SIGNALS.values(), ids=SIGNALS)
def test_every_signal_survives_the_disk(signal: Signal[Any]) -> None:
    """A value written as JSON comes back equal."""
    value = signal.accept(_example(signal))
    assert value is not None
    stored = json.loads(json.dumps(signal.encode(value)))
    assert signal.decode(stored) == value


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        (s.BATTERY_LEVEL, 255),
        (s.BATTERY_LEVEL, 127),
        (s.BATTERY_LEVEL, -1),
        (s.BATTERY_LEVEL, True),
        (s.BATTERY_LEVEL, "80"),
        (s.RANGE_ELECTRIC, -1),
        (s.RANGE_ELECTRIC, float("nan")),
        (s.LOCATION, Position(latitude=0, longitude=0)),
        (s.LOCATION, Position(latitude=91, longitude=0)),
        (s.CHARGING_STATE, "warp"),
        (s.PLUGGED_IN, "true"),
        (s.PLUGGED_IN, 1),
        (s.PARKED_AT, datetime(2026, 11, 21, 8)),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_placeholders_never_become_values(signal: Signal[Any], value: Any) -> None:
    """What cannot be is no value at all."""
    assert signal.accept(value) is None


def test_whole_numbers_become_the_kind_of_the_signal() -> None:
    """A maker's 80 and 80.0 are the same reading."""
    value = s.BATTERY_LEVEL.accept(80)
    assert value == 80.0
    assert isinstance(value, float)


@given(
    st.sampled_from(sorted(SIGNALS)),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
def test_rubbish_on_disk_is_no_value(key: str, data: Any) -> None:
    """Whatever stands in the file, decoding gives a possible value or None."""
    signal = SIGNALS[key]
    value = signal.decode(data)
    assert value is None or signal.accept(value) == value


def test_a_rounded_temperature_agrees_with_what_was_asked() -> None:
    """A car that keeps whole degrees Fahrenheit has still obeyed."""
    assert s.TARGET_TEMPERATURE.agree(21.1, 21.0)
    assert not s.TARGET_TEMPERATURE.agree(22.0, 21.0)
    assert not s.CHARGING.agree(False, True)
    # What no car rounds has to be exactly what was asked.
    assert not s.CHARGE_LIMIT.agree(81, 80)


def test_a_place_without_numbers_is_no_place() -> None:
    """A damaged file cannot bring the garage down."""
    assert s.LOCATION.decode([None, None, None]) is None
    assert s.LOCATION.decode(["38.9", "-77.3", None]) is None


def test_north_is_a_heading() -> None:
    """From nought to a whole turn; anything else leaves the place without one."""
    for heading in (0, 180, 360):
        assert Position(latitude=1, longitude=2, heading=heading).heading == heading
    for none in (-1, 361):
        assert Position(latitude=1, longitude=2, heading=none).heading is None


def test_nothing_is_a_number_but_where_it_cannot_be() -> None:
    """No distance and no energy are readings; no voltage and no pressure are none."""
    numbers = {signal for signal in SIGNALS.values() if signal.kind is float}
    without = {signal.key for signal in numbers if signal.accept(0) is None}
    assert without == {
        "battery_capacity",
        "state_of_health",
        "battery_12v_voltage",
        "max_charge_current",
        "target_temperature",
        "tyre_pressure_front_left",
        "tyre_pressure_front_right",
        "tyre_pressure_rear_left",
        "tyre_pressure_rear_right",
    }
