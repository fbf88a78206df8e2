"""Readings of We Connect that public reports showed to be wrong."""

from datetime import UTC, datetime
from math import copysign
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.schedule import Schedule, Slot
from carport.car.snapshot import Snapshot
from carport.cloud.cadence import activity_of
from carport.cloud.field_map import ReadingBuilder
from carport.makers.we_connect import readings, schedule as timers

from .samples import NOBODY, read_part
from .test_readings import NOW, body

DOOR, WINDOW, LOCK = "0x0301040002", "0x0301050001", "0x0301040001"
LIGHT = "0x0301010001"


def report(*rows: dict[str, Any], now: datetime = NOW) -> ReadingBuilder:
    """Read a report with these fields."""
    data = [{"id": "0x0301FFFFFF", "field": list(rows)}]
    answer = {"StoredVehicleDataResponse": {"vehicleData": {"data": data}}}
    return read_part("report", answer, now)


@pytest.mark.parametrize("ident", [DOOR, WINDOW])
@pytest.mark.parametrize(
    ("value", "text", "is_open"),
    [
        ("1", "door_invalid", None),
        ("1", None, None),
        ("0", None, None),
        ("0", "window_unsupported", None),
        ("2", None, True),
        ("3", None, False),
        (3, None, False),
        (2.0, None, True),
        ("1", "door_open", True),
        ("1", "window_closed", False),
        ("3", "door_invalid", None),
        ("9", None, None),
    ],
)
def test_8_1_what_opens_goes_by_the_dictionary(
    ident: str, value: Any, text: str | None, is_open: bool | None
) -> None:
    """The number, and the end of the text where there is one."""
    more = {} if text is None else {"textId": text}
    builder = report({"id": ident, "value": value, **more})
    signal = s.DOORS[0] if ident == DOOR else s.WINDOWS[0]
    assert builder.value(signal) is is_open


@pytest.mark.parametrize(
    ("value", "text", "locked"),
    [
        ("2", "door_locked", True),
        ("3", "door_unlocked", False),
        ("3", "door_invalid", None),
        (2, None, True),
        ("1", "door_unlocked", False),
        ("1", None, None),
    ],
)
def test_8_1_locks_go_by_the_dictionary(
    value: Any, text: str | None, locked: bool | None
) -> None:
    """One that does not know leaves the whole car unknown."""
    more = {} if text is None else {"textId": text}
    row = {"id": LOCK, "value": value, **more}
    builder = report(row)
    assert builder.value(s.DOOR_LOCKS[0]) is locked
    assert builder.value(s.DOORS_LOCKED) is locked


@pytest.mark.parametrize("value", ["0", "1", "2"])
def test_8_1_a_light_that_is_invalid(value: str) -> None:
    """It is neither on nor off."""
    row = {"id": LIGHT, "value": value}
    invalid = report({**row, "textId": "parking_light_invalid"})
    assert invalid.value(s.LIGHTS) is None
    assert not invalid.placeholders
    assert report(row).value(s.LIGHTS) is (value != "2")


def test_8_1_nothing_left_is_nothing() -> None:
    """It is 0, and not less."""
    builder = report({"id": "0x0203010003", "value": "0"})
    due = builder.value(s.INSPECTION_DUE_DISTANCE)
    assert due == 0
    assert copysign(1, due) == 1


def test_8_1_stamps_of_the_year_2() -> None:
    """The next best stamp is taken."""
    row = {
        "id": "0x0101010002",
        "value": "32205",
        "tsCarCaptured": "0002-11-28T00:00:00",
        "tsCarSent": "0002-11-28T00:00:00",
        "tsCarSentUtc": "0002-11-28T00:00:00Z",
        "tsTssReceivedUtc": "2022-02-14T09:00:47Z",
    }
    captured_at = report(row).readings[s.ODOMETER.key].captured_at
    assert captured_at == datetime(2022, 2, 14, 9, 0, 47, tzinfo=UTC)


def drives(*rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Return fields of drives: kind and range of each."""
    places = (("0x0301030007", "0x0301030006"), ("0x0301030009", "0x0301030008"))
    return [
        {"id": ident, "value": value}
        for (kind, distance), (_, drive, left) in zip(places, rows, strict=False)
        for ident, value in ((kind, drive), (distance, left))
    ]


@pytest.mark.parametrize(
    ("rows", "level"),
    [
        ([("", "3", "250")], None),
        ([("", "3", "250"), ("", "0", "0")], None),
        ([("", "3", "35"), ("", "6", "480")], 100),
        ([("", "5", "700")], 100),
        ([], 100),
    ],
)
def test_8_1_no_fuel_where_nothing_burns(
    rows: list[tuple[str, str, str]], level: float | None
) -> None:
    """An electric car says that its tank is full."""
    builder = report(*drives(*rows), {"id": "0x030103000A", "value": "100"})
    assert builder.value(s.FUEL_LEVEL) == level


@pytest.mark.parametrize(
    ("rows", "fuel", "electric"),
    [
        ([("", "2", "310"), ("", "6", "110")], 420, None),
        ([("", "6", "620"), ("", "0", "0")], 620, None),
        ([("", "3", "35"), ("", "6", "480")], 480, 35),
    ],
)
def test_8_1_ranges_of_two_fuels_add_up(
    rows: list[tuple[str, str, str]], fuel: float, electric: float | None
) -> None:
    """And a drive that is none has no range."""
    builder = report(*drives(*rows))
    assert builder.value(s.RANGE_FUEL) == fuel
    assert builder.value(s.RANGE_ELECTRIC) == electric


def test_8_1_ranges_of_two_fuels_at_the_charger() -> None:
    """They are read as those of the status report are."""
    data = body("charger")
    ranges = data["charger"]["status"]["cruisingRangeStatusData"]
    ranges["engineTypeFirstEngine"]["content"] = "typeIsCNG"
    ranges["primaryEngineRange"]["content"] = 310
    ranges["engineTypeSecondEngine"]["content"] = "petrolGasoline"
    ranges["secondaryEngineRange"]["content"] = 110
    assert read_part("charger", data, NOW).value(s.RANGE_FUEL) == 420


def test_8_1_not_ready_without_a_plug() -> None:
    """A word that nobody knows does not charge a car that is not plugged in."""
    data = body("charger")
    status = data["charger"]["status"]
    status["chargingStatusData"]["chargingState"]["content"] = "notReadyForCharging"
    status["plugStatusData"]["plugState"]["content"] = "disconnected"
    builder = read_part("charger", data, NOW)
    assert builder.value(s.CHARGING) is False
    assert builder.value(s.CHARGING_STATE) == "disconnected"
    status["plugStatusData"]["plugState"]["content"] = "connected"
    builder = read_part("charger", data, NOW)
    assert builder.value(s.CHARGING) is None
    assert builder.value(s.CHARGING_STATE) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"timerFrequency": "single", "timerProgrammedStatus": "programmed"},
        {
            "timerFrequency": "cyclic",
            "timerProgrammedStatus": "programmed",
            "departureTimeOfDay": "7:30",
            "departureWeekdayMask": "yyyyynn",
        },
    ],
)
def test_8_1_a_timer_that_was_not_read_stays(odd: dict[str, Any]) -> None:
    """Another one is changed, and this one goes back as it came."""
    data = body("timers")["timer"]
    rows = data["timersAndProfiles"]["timerList"]["timer"]
    profile = rows[1]["profileID"]
    rows[1] = {"timestamp": "x", "timerID": "2", "profileID": profile, **odd}
    known = read_part("timers", {"timer": data}, NOW).value(s.SCHEDULE)
    assert isinstance(known, Schedule)
    assert 2 not in {slot.number for slot in known.slots}
    first: Slot = known.slots[0]
    changed = Schedule(
        slots=(first, *known.slots[1:]), preferred_window=known.preferred_window
    )
    sent = timers.written(data, changed)["timerList"]["timer"]
    (found,) = [one for one in sent if one["timerID"] == "2"]
    assert found == {"timerID": "2", "profileID": profile, **odd}
    # One that was read, and is gone, is switched off.
    gone = timers.written(data, Schedule())["timerList"]["timer"]
    (off,) = [one for one in gone if one["timerID"] == str(first.number)]
    assert off["timerProgrammedStatus"] == "notProgrammed"


@pytest.mark.parametrize(
    ("captured", "sent", "sent_utc", "moment"),
    [
        # Captured in summer, sent in winter: an hour and forty minutes later.
        (
            "2021-10-31T01:50:00",
            "2021-10-31T02:30:00",
            "2021-10-31T01:30:00Z",
            datetime(2021, 10, 30, 23, 50, tzinfo=UTC),
        ),
        # Captured in winter, sent in summer.
        (
            "2021-03-28T01:50:00",
            "2021-03-28T03:10:00",
            "2021-03-28T01:10:00Z",
            datetime(2021, 3, 28, 0, 50, tzinfo=UTC),
        ),
        (
            "2021-10-30T20:00:00",
            "2021-10-31T09:00:00",
            "2021-10-31T08:00:00Z",
            datetime(2021, 10, 30, 18, 0, tzinfo=UTC),
        ),
        # In Ireland, and on any other day.
        (
            "2021-10-30T20:00:00",
            "2021-10-31T09:00:00",
            "2021-10-31T09:00:00Z",
            datetime(2021, 10, 30, 19, 0, tzinfo=UTC),
        ),
        (
            "2021-11-30T20:00:00",
            "2021-11-30T21:00:00",
            "2021-11-30T20:00:00Z",
            datetime(2021, 11, 30, 19, 0, tzinfo=UTC),
        ),
    ],
)
def test_8_1_a_stamp_when_the_clocks_change(
    captured: str, sent: str, sent_utc: str, moment: datetime
) -> None:
    """The zone of the sending is not always that of the capture."""
    row = {
        "id": "0x0101010002",
        "value": "32205",
        "tsCarCaptured": captured,
        "tsCarSent": sent,
        "tsCarSentUtc": sent_utc,
    }
    assert report(row).readings[s.ODOMETER.key].captured_at == moment


def test_8_1_a_car_that_moves_is_driven() -> None:
    """Its cloud gives no time for that: when it was received counts."""
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="home")
    readings.read_position(builder, None, NOBODY)
    assert builder.value(s.MOVING) is True
    snapshot = Snapshot().merge(builder.result().readings).snapshot
    assert str(activity_of(snapshot, NOW)) == "driving"
