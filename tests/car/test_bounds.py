"""What comes from outside and would not be saved, sent or converted (5.1, 5.2)."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
import json
from typing import Any, Final

import orjson
import pytest

from carport.car import signals as s
from carport.car.bounds import (
    clean_json,
    clean_label,
    is_possible_capture,
    is_vin,
    moment_from,
)
from carport.car.schedule import Schedule
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car
from carport.cloud.field_map import ReadingBuilder, capture_time, to_datetime

NOW: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
HALF: Final = "Half \ud83d"
ABSURD: Final = (
    "0001-01-01T00:00:00+01:00",
    "0001-01-01T00:00:00+0100",
    "0002-11-28T08:00:00Z",
    "1999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-01:00",
    "9999-12-31T23:59:59Z",
)


@pytest.mark.parametrize("text", [*ABSURD, 1e300, 10**400, "9" * 400, -1, 1, "1"])
def test_5_1_absurd_times_are_no_times(text: Any) -> None:
    """They could not be converted to another zone, or stop everything newer."""
    assert to_datetime(text) is None
    assert capture_time(text, NOW) is None
    assert moment_from(text) is None


def test_5_1_a_car_cannot_capture_what_is_to_come() -> None:
    """A clock may be a little ahead; what lies after tomorrow is no time."""
    assert capture_time("2026-11-21T09:00:00Z", NOW) == NOW
    assert capture_time("2026-11-23T09:00:00Z", NOW) is None
    assert to_datetime("2027-11-23T09:00:00Z") is not None


@pytest.mark.parametrize(
    "value", ["1597167320003", "1597167320", 1597167320003, 1597167320]
)
def test_1_an_epoch_as_text_is_the_moment(value: Any) -> None:
    """Neither none nor the year 1601."""
    found = to_datetime(value)
    assert found is not None
    assert found.replace(microsecond=0) == datetime(2020, 8, 11, 17, 35, 20, tzinfo=UTC)


def test_5_1_a_date_without_dashes_is_no_epoch() -> None:
    """ISO knows both forms."""
    assert to_datetime("20261121") == datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_5_1_a_signal_takes_no_absurd_moment(year: int) -> None:
    """From any sender: it would raise where it is shown or saved."""
    zone = datetime.fromisoformat("2026-01-01T00:00:00+01:00").tzinfo
    assert s.CHARGE_COMPLETE_AT.accept(datetime(year, 1, 1, tzinfo=zone)) is None


def test_5_1_a_reading_with_an_absurd_date_goes_by_the_answers() -> None:
    """The next best stamp counts."""
    builder = ReadingBuilder(captured_at=NOW, received_at=NOW, channel="test")
    builder.add(s.ODOMETER, 5.0, datetime(2, 11, 28, tzinfo=UTC))
    builder.add(s.CHARGING, True, NOW + timedelta(days=3))
    readings = builder.result().readings
    assert [reading.captured_at for reading in readings] == [NOW, NOW]


def test_5_1_every_text_of_a_car_can_be_saved() -> None:
    """A plate with half an emoji is a plate; a name of a megabyte is a short one."""
    car = Car(
        vin="WVWZZZTESTGARAGE1",
        manufacturer="V\0W",
        model="Up\r\n",
        model_year=" ",
        nickname=HALF,
        drive="x" * 1_000_000,
        handle={"id\ud83d": "a\x1bb"},
    )
    assert (car.manufacturer, car.model, car.model_year) == ("V W", "Up", None)
    assert car.nickname == "Half \ufffd"
    assert len(car.drive or "") == 100
    assert car.handle == {"id\ufffd": "a b"}


def test_5_1_words_and_records_can_be_saved() -> None:
    """Through a text signal and through records alike."""
    assert s.MAX_CHARGE_CURRENT_WORD.accept(HALF) == "Half \ufffd"
    assert len(s.MAX_CHARGE_CURRENT_WORD.accept("x" * 999) or "") == 255
    accepted = s.WARNING_LIGHTS.accept(
        ({HALF: HALF, "code": 10**400, "at": float("nan"), "more": {"a": 1}, "n": 1},)
    )
    assert accepted == (
        {"Half \ufffd": "Half \ufffd", "code": None, "at": None, "more": None, "n": 1},
    )
    orjson.dumps(s.WARNING_LIGHTS.encode(accepted))
    assert s.WARNING_LIGHTS.accept(("text",)) is None


def test_5_2_numbers_beyond_all_figures_are_no_values() -> None:
    """No signal fails on them."""
    for signal in s.SIGNALS.values():
        for value in (10**400, float("inf"), float("nan")):
            assert signal.accept(value) is None


def test_5_1_a_place_without_a_good_heading_is_a_place() -> None:
    """The heading alone is left out."""
    for heading in (float("nan"), 10**400, "north", True, -1):
        place = s.Position(latitude=52.5, longitude=13.4, heading=heading)  # type: ignore[arg-type] # as clouds do
        assert s.LOCATION.accept(place) == s.Position(latitude=52.5, longitude=13.4)


@pytest.mark.parametrize(
    "change", [{"number": 10**400}, {"number": -1}, {"once_on": "0001-01-01"}]
)
def test_5_1_an_impossible_timer_is_no_schedule(change: dict[str, Any]) -> None:
    """Its number could not be saved, or its day not be shown in another zone."""
    slot = {
        "number": 1,
        "enabled": True,
        "departure": "07:30",
        "days": [],
        "once_on": "2026-11-22",
        "charge": True,
        "climate": False,
        "charge_window": None,
    }
    sound = {"active": True, "preferred_window": None, "slots": [slot]}
    assert isinstance(s.SCHEDULE.decode(sound), Schedule)
    assert s.SCHEDULE.decode({**sound, "slots": [slot | change]}) is None


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        {},
        {"signal": []},
        {"signal": "odometer", "value": "far"},
        {"signal": "odometer", "value": 10**400},
        {"captured_at": "2026-11-2"},
        {"captured_at": 7},
        {"captured_at": "0001-01-01T00:00:00+01:00"},
        {"captured_at": "2036-11-21T08:00:00+00:00"},
        {"received_at": None},
        {"channel": None},
    ],
)
def test_5_1_a_damaged_reading_costs_only_itself(row: Any) -> None:
    """The others of the same car stay."""
    sound = {
        "signal": "charging",
        "value": True,
        "captured_at": NOW.isoformat(),
        "received_at": NOW.isoformat(),
        "channel": "first",
    }
    torn = {**sound, "signal": "odometer", "value": 5.0, **row} if row else row
    snapshot = Snapshot.from_json([torn, sound])
    assert list(snapshot.readings) == ["charging"]
    json.dumps(snapshot.to_json())


def test_5_9_what_is_a_vin() -> None:
    """17 characters of their alphabet."""
    assert is_vin("WVWZZZTESTGARAGE1")
    for other in ("", "WVWZZZTESTGARAGE", "WVWZZZTESTGARAGEO", "wvwzzztestgarage1", 17):
        assert not is_vin(other)
    assert not is_vin("WVWZZZTESTGARAGE1\n")
    assert clean_label(17) is None


def test_a_clock_may_be_a_day_ahead() -> None:
    """A stamp of the day after tomorrow was not captured by any car."""
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert is_possible_capture(now + timedelta(days=1), now)
    assert not is_possible_capture(now + timedelta(days=1, seconds=1), now)


@pytest.mark.parametrize(
    ("number", "fits"),
    [(-(2**63), True), (-(2**63) - 1, False), (2**63 - 1, True), (2**63, False)],
)
def test_integers_are_those_of_64_bits(number: int, fits: bool) -> None:
    """The lowest one too, and not one more."""
    with nullcontext() if fits else pytest.raises(ValueError, match="64 bits"):
        assert clean_json({"value": number}) == {"value": number}
