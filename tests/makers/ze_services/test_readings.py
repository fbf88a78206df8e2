"""ZE Services' answers as readings: the reference's own, and any others."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.car.history import Period
from carport.car.schedule import Schedule
from carport.car.snapshot import Snapshot
from carport.cloud.field_map import ReadingBuilder
from carport.cloud.zones import zone
from carport.makers.ze_services import history, notification_settings
from carport.makers.ze_services.readings import (
    BATTERY,
    CALENDAR,
    CLIMATE_TIMER,
    PARTS,
    read_climate as _read_climate,
)
from tests.makers.parts import read_part
from tests.periods import days

NOW = datetime(2018, 11, 1, 19, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
CHARGING: dict[str, Any] = {
    "charging": True,
    "plugged": True,
    "charge_level": 57,
    "remaining_range": 71.0,
    "last_update": 1541097730000,
    "charging_point": "ACCELERATED",
    "remaining_time": 95,
}


def read_battery(body: Any, received_at: datetime, channel: str) -> ReadingBuilder:
    """Read a battery with the table's part."""
    return read_part(PARTS, BATTERY, body, received_at, channel)


def read_calendar(body: Any, received_at: datetime, channel: str) -> ReadingBuilder:
    """Read a calendar with the table's part."""
    return read_part(PARTS, CALENDAR, body, received_at, channel)


def read_climate(
    body: Any, received_at: datetime, channel: str, as_of: datetime
) -> ReadingBuilder:
    """Read a run of the climate as of a moment."""
    builder = ReadingBuilder(captured_at=None, received_at=received_at, channel=channel)
    _read_climate(builder, body, as_of)
    return builder


def read_timer(
    body: Any, received_at: datetime, channel: str, place: ZoneInfo
) -> ReadingBuilder:
    """Read a timer with the table's part, of a car in a zone."""
    asyncio.run(zone(place.key))
    handle = {"zone": place.key}
    return read_part(PARTS, CLIMATE_TIMER, body, received_at, channel, handle=handle)


def snapshot_of(builder: ReadingBuilder) -> Snapshot:
    """Return what was read."""
    return Snapshot().merge(builder.result().readings).snapshot


def battery(**changes: Any) -> Snapshot:
    """Return what an answer like the sample says."""
    body = {key: value for key, value in {**CHARGING, **changes}.items() if value != ""}
    return snapshot_of(read_battery(body, NOW, "home"))


def test_the_sample_that_charges() -> None:
    """Every field becomes a reading of the car's own time."""
    snapshot = battery()
    captured_at = datetime(2018, 11, 1, 18, 42, 10, tzinfo=UTC)
    assert {key: reading.value for key, reading in snapshot.readings.items()} == {
        "charging": True,
        "plugged_in": True,
        "battery_level": 57,
        "range_electric": 71,
        "charging_supply": "medium",
        "charging_state": "charging",
        "charging_detail": "charging",
        "time_to_full": 95,
    }
    assert {r.captured_at for r in snapshot.readings.values()} == {captured_at}


@pytest.mark.parametrize(
    ("changes", "state", "detail"),
    [
        ({}, "charging", "charging"),
        ({"charging": False}, "connected", "ready"),
        (
            {"charging": False, "charging_point": "INVALID"},
            "connected",
            "waiting_for_power",
        ),
        ({"charging": False, "charge_level": 100}, "complete", "target_reached"),
        (
            {"charging": False, "plugged": False, "charging_point": ""},
            "disconnected",
            "not_ready",
        ),
        ({"charging": None}, None, None),
        ({"charging": False, "plugged": None}, None, None),
    ],
)
def test_the_state_of_charging(
    changes: dict[str, Any], state: str | None, detail: str | None
) -> None:
    """It is concluded from what the cloud does say."""
    snapshot = battery(**changes)
    assert snapshot.value(s.CHARGING_STATE) == state
    assert snapshot.value(s.CHARGING_DETAIL) == detail


@pytest.mark.parametrize(
    ("word", "supply"),
    [
        ("SLOW", "slow"),
        ("ACCELERATED", "medium"),
        ("FAST", "fast"),
        ("INVALID", "none"),
        ("HYPERSONIC", None),
    ],
)
def test_the_supply(word: str, supply: str | None) -> None:
    """INVALID is no usable supply; an unknown word is nothing."""
    assert battery(charging_point=word).value(s.CHARGING_SUPPLY) == supply


def test_no_plug_is_no_supply() -> None:
    """The cloud falls silent then; the last supply must not stay."""
    assert (
        battery(plugged=False, charging=False, charging_point="").value(
            s.CHARGING_SUPPLY
        )
        == "none"
    )
    assert battery(plugged=None, charging_point="").value(s.CHARGING_SUPPLY) is None


def test_a_full_battery_needs_no_time() -> None:
    """Whatever number is left standing."""
    full = battery(charging=False, charge_level=100, remaining_time=750)
    assert full.value(s.TIME_TO_FULL) == 0
    assert battery(charging=False, charge_level=80).value(s.TIME_TO_FULL) is None


@pytest.mark.parametrize("plugged", [True, False])
def test_8_1_minutes_left_end_with_the_charge(plugged: bool) -> None:
    """Section 1: charging, then unplugged half full: no longer so."""
    before = battery()
    assert before.value(s.TIME_TO_FULL) == 95
    body = {
        **CHARGING,
        "charging": False,
        "plugged": plugged,
        "last_update": CHARGING["last_update"] + 60_000,
    }
    over = read_battery(body, NOW, "home").result()
    assert before.merge(over.readings).snapshot.value(s.TIME_TO_FULL) is None


@pytest.mark.parametrize(
    ("enabled", "mode"), [(True, "scheduled"), (False, "immediate"), (None, None)]
)
def test_the_calendar(enabled: bool | None, mode: str | None) -> None:
    """Each day is a timer, equal or not; a length is a time of day, not minutes."""
    night = {"start": "0100", "duration": "0545"}
    week = {
        **dict.fromkeys(("mon", "tue", "thu"), night),
        "wed": {"start": "0130", "duration": "0515"},
        "fri": {"start": "2300", "duration": "0700"},
        "sat": {"start": "1400", "duration": "0015"},
        "sun": {"start": "1200", "duration": "0115"},
    }
    body = {"enabled": enabled, "schedule": week}
    snapshot = snapshot_of(read_calendar(body, NOW, "home"))
    assert snapshot.value(s.CHARGE_MODE) == mode
    schedule = snapshot.value(s.SCHEDULE)
    assert schedule is not None
    assert schedule.active is (mode == "scheduled")
    assert [
        (slot.number, set(slot.days), slot.charge_window and slot.charge_window.minutes)
        for slot in schedule.slots
    ] == [
        (day + 1, {day}, minutes)
        for day, minutes in enumerate((345, 345, 315, 345, 420, 15, 75))
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"enabled": False},
        {"enabled": False, "schedule": None},
        {"enabled": False, "schedule": {}},
    ],
)
def test_no_calendar_is_an_empty_one(body: dict[str, Any]) -> None:
    """It is off, and the car charges whenever it is plugged in."""
    snapshot = snapshot_of(read_calendar(body, NOW, "home"))
    assert snapshot.value(s.SCHEDULE) == Schedule(active=False)
    assert snapshot.value(s.CHARGE_MODE) == "immediate"


@pytest.mark.parametrize(
    "body", [{"enabled": True}, {"enabled": None, "schedule": None}, {"schedule": []}]
)
def test_a_calendar_nobody_understands(body: dict[str, Any]) -> None:
    """It is not taken for an empty one: a change would wipe it."""
    assert snapshot_of(read_calendar(body, NOW, "home")).value(s.SCHEDULE) is None


@pytest.mark.parametrize(
    ("seconds", "active"), [(0, True), (299, True), (300, False), (86_400, False)]
)
def test_a_run_lasts_five_minutes(seconds: int, active: bool) -> None:
    """That is all that is known of whether it is still on."""
    body = {"date": 1541055493000, "type": "USER_REQUEST", "result": "SUCCESS"}
    began = datetime.fromtimestamp(1541055493, UTC)
    as_of = began + timedelta(seconds=seconds)
    snapshot = snapshot_of(read_climate(body, NOW, "home", as_of))
    assert snapshot.value(s.CLIMATE_ACTIVE) is active
    assert snapshot.value(s.CLIMATE_UNTIL) == began + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        # Summer time in London: 08:04 there is 07:04 in UTC.
        (datetime(2018, 7, 1, 12, tzinfo=UTC), datetime(2018, 7, 2, 7, 4, tzinfo=UTC)),
        (datetime(2018, 7, 1, 6, tzinfo=UTC), datetime(2018, 7, 1, 7, 4, tzinfo=UTC)),
        # The night in which it ends has an hour more.
        (
            datetime(2018, 10, 27, 12, tzinfo=UTC),
            datetime(2018, 10, 28, 8, 4, tzinfo=UTC),
        ),
        (datetime(2018, 12, 1, 6, tzinfo=UTC), datetime(2018, 12, 1, 8, 4, tzinfo=UTC)),
    ],
)
def test_a_timer_is_in_the_cars_own_time(now: datetime, start: datetime) -> None:
    """Its next time of day there, as a moment."""
    snapshot = snapshot_of(read_timer({"next_start": "0804"}, now, "home", LONDON))
    assert snapshot.value(s.CLIMATE_STARTS_AT) == start
    assert snapshot.value(s.CLIMATE_SCHEDULED) is True


@pytest.mark.parametrize("word", ["2400", "8:04", "", None, 804, "٠٨٠٤"])
def test_a_timer_that_is_none(word: object) -> None:
    """An odd word is neither a time nor the absence of one."""
    builder = read_timer({"next_start": word}, NOW, "home", LONDON)
    assert not builder.readings
    assert builder.placeholders["climate_starts_at"] == 1


def test_charges_are_paired_by_time() -> None:
    """The sample: an end without a start comes between two starts."""
    start, end = "START_NOTIFICATION", "END_NOTIFICATION"
    entries: list[dict[str, Any]] = [
        {"date": 50_000, "type": start, "remaining_time": 10_500_000},
        {"date": 40_000, "type": end, "charge_level": 100, "remaining_autonomy": 126},
        {"date": 30_000, "type": start, "charge_level": 98},
        {"date": 20_000, "type": start, "charge_level": 50},
        {"date": 10_000, "type": end, "charge_level": 90},
        {"date": 5_000, "type": "PERHAPS"},
        {"type": start},
    ]
    entries = [
        entry | ({"date": entry["date"] * 100_000_000} if "date" in entry else {})
        for entry in entries
    ]
    sessions = history.sessions(entries)
    levels = [(one.level_start, one.level_end) for one in sessions]
    assert levels == [(None, None), (98, 100), (50, None), (None, 90)]
    assert sessions[0].minutes_expected == 175


@pytest.mark.parametrize(
    ("period", "months"),
    [
        (days(), {"begin": "1018", "end": "1118"}),
        (days(date(2018, 1, 31), NOW.date()), {"begin": "0118", "end": "1118"}),
        (days(None, date(2018, 9, 30)), {"begin": "0818", "end": "0918"}),
    ],
)
def test_a_period_is_whole_months(period: Period, months: dict[str, str]) -> None:
    """As MMYY, both included."""
    assert history.months(period, NOW, UTC) == months


def test_a_month_begins_by_the_cars_own_clock() -> None:
    """Late on the last day of a month in UTC it is the next one further east."""
    now = datetime(2018, 11, 30, 23, 30, tzinfo=UTC)
    assert history.months(days(), now, ZoneInfo("Europe/Paris"))["end"] == "1218"


def test_a_period_has_days() -> None:
    """The cloud gives whole months; what was not asked for is left out."""
    at = [datetime(2018, 11, day, 23, 30, tzinfo=UTC) for day in (3, 4, 5)]
    entries = [
        {"date": moment.timestamp() * 1000, "type": "USER_REQUEST", "result": "ERROR"}
        for moment in at
    ]
    runs = history.climate_runs(entries)
    paris = ZoneInfo("Europe/Paris")
    fifth = date(2018, 11, 5)
    for period, expected in (
        (days(), at),
        (days(fifth, None, paris), at[1:]),
        (days(fifth, fifth, paris), at[1:2]),
        (days(None, date(2018, 11, 3), paris), []),
    ):
        assert [run.at for run in history.within(runs, period)] == expected
    charges = history.sessions(
        {"date": moment.timestamp() * 1000, "type": "END_NOTIFICATION"} for moment in at
    )
    assert len(history.within(charges, days(None, date(2018, 11, 4), paris))) == 1


def test_notification_settings_may_be_odd() -> None:
    """What is not understood is not known."""
    found = notification_settings.settings_of(
        {"battery_status": "PIGEON", "do_not_disturb": "x"}
    )
    assert found["quiet"] is None
    assert set(found["events"].values()) == {None}


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["0100", "2545", "SLOW", "INVALID", "SUCCESS", "PERHAPS"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["start", "duration", "mon", "x"]), inner)
    ),
    max_leaves=8,
)
KEYS = (*CHARGING, "enabled", "schedule", "date", "type", "result", "next_start")
BODIES = st.dictionaries(st.sampled_from(KEYS), ANYTHING)


@given(body=BODIES)
def test_no_answer_makes_a_false_reading(body: dict[str, Any]) -> None:
    """Whatever comes, every reading is possible and none is from the future."""
    for builder in (
        read_battery(body, NOW, "home"),
        read_calendar(body, NOW, "home"),
        read_climate(body, NOW, "home", NOW),
        read_timer(body, NOW, "home", LONDON),
    ):
        for reading in builder.result().readings:
            assert reading.signal.accept(reading.value) == reading.value
            assert reading.captured_at is None or reading.captured_at <= NOW


@given(bodies=st.lists(BODIES, max_size=4))
def test_no_history_breaks_a_list(bodies: list[dict[str, Any]]) -> None:
    """A list can be read whatever the history holds."""
    for read in (history.sessions, history.climate_runs, history.past_commands):
        assert isinstance(read(bodies), list)
    for body in bodies:
        assert (
            notification_settings.settings_of(body)["events"].keys()
            == notification_settings.EVENTS.keys()
        )
