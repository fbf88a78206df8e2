"""We Connect's tables of rows, fed with answers of a car and with nonsense."""

from collections.abc import Mapping
from contextlib import suppress
import copy
from dataclasses import replace
from datetime import UTC, date, datetime
import json
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings, strategies as st
import pytest

from carport.car import commands as c, signals as s
from carport.car.history import ALWAYS
from carport.car.refusals import Reason
from carport.car.schedule import Schedule
from carport.car.snapshot import Snapshot
from carport.car.switches import SetWindowHeating
from carport.cloud.errors import BadAnswer
from carport.cloud.field_map import ReadingBuilder
from carport.makers.we_connect import (
    cars,
    commands,
    endpoints as hosts,
    health,
    history,
    readings,
    schedule as timers,
    status_report,
)
from tests.makers.spoilt import spoilt

from .samples import NOBODY, answer, decoded, read_part

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "volkswagen_eu"
NOW: Final = datetime(2022, 2, 14, 9, 30, tzinfo=UTC)

PARTS: Final[Mapping[str, str]] = {
    "report": "report",
    "charger": "charger",
    "climater": "climater",
    "heater": "heater",
    "position": "position",
    "found": "position",
    "timers": "timers",
    "trips": "trips",
}
"""The part that each recorded answer is of."""
BODIES: Final[Mapping[str, Any]] = {
    path.stem: json.loads(path.read_text())
    for path in sorted((FIXTURES / "passat_gte_2021").glob("*.json"))
}


def body(part: str) -> Any:
    """Return a recorded answer to change."""
    return copy.deepcopy(BODIES[part])


def read(part: str) -> ReadingBuilder:
    """Read a recorded answer."""
    return read_part(PARTS[part], BODIES[part], NOW)


def fields(*rows: tuple[str, str], **times: str) -> dict[str, Any]:
    """Return a report with these fields."""
    field = [{"id": ident, "value": value, **times} for ident, value in rows]
    data = [{"id": "0x0301FFFFFF", "field": field}]
    return {"StoredVehicleDataResponse": {"vehicleData": {"data": data}}}


# The status report


def test_a_report() -> None:
    """Distances that count down, tenths of a kelvin, numbers for words."""
    builder = read("report")
    assert builder.value(s.ODOMETER) == 32_205
    assert builder.value(s.INSPECTION_DUE_DISTANCE) == 17_250
    assert builder.value(s.OUTSIDE_TEMPERATURE) == 5.4
    assert builder.value(s.BATTERY_LEVEL) == 65
    assert builder.value(s.DOOR_LOCKS[0]) is True
    assert not builder.placeholders


def test_a_local_clock_is_understood() -> None:
    """Its zone is told by the two stamps of the sending."""
    odometer = read("report").readings[s.ODOMETER.key]
    assert odometer.captured_at == datetime(2022, 2, 14, 9, 0, 47, tzinfo=UTC)
    # A car without a clock still sent its report at some time.
    level = read("report").readings[s.BATTERY_LEVEL.key]
    assert level.captured_at == datetime(2022, 2, 14, 9, 0, 30, tzinfo=UTC)


def test_each_place_has_its_own_field() -> None:
    """The report goes round by sides, the vocabulary by rows."""
    body = fields(
        ("0x0301040005", "2"),  # left rear
        ("0x0301040008", "3"),  # right front
        ("0x030104000E", "2"),
        ("0x0301040011", "3"),
        ("0x0301050003", "2"),  # left rear
        ("0x0301050004", "40"),
        ("0x030105000B", "0"),
        ("0x030105000C", "0"),
    )
    builder = read_part("report", body, NOW)
    assert builder.value(s.DOORS[2]) is True
    assert builder.value(s.DOORS[1]) is False
    assert (builder.value(s.BOOT), builder.value(s.BONNET)) == (True, False)
    assert builder.value(s.WINDOWS[2]) is True
    assert builder.value(s.WINDOW_POSITIONS[2]) == 40
    # What the car lacks is no reading, and no trouble either.
    assert builder.value(s.SUNROOF) is None
    assert s.SUNROOF.key not in builder.placeholders


@pytest.mark.parametrize(
    ("locks", "locked"),
    [
        ("22222", True),
        ("22322", False),
        ("22223", False),
        ("22220", None),
        ("00000", None),
        ("30000", False),
    ],
)
def test_the_whole_car_is_locked(locks: str, locked: bool | None) -> None:
    """Every door and the boot, as far as they say."""
    idents = [f"0x03010400{1 + 3 * at:02X}" for at in range(5)]
    rows = zip(idents, locks, strict=True)
    builder = read_part("report", fields(*rows), NOW)
    assert builder.value(s.DOORS_LOCKED) is locked


def test_ranges_by_engine() -> None:
    """Which of the two is electric stands beside it."""
    body = fields(
        ("0x0301030006", "35"),
        ("0x0301030007", "3"),
        ("0x0301030008", "480"),
        ("0x0301030009", "6"),
    )
    builder = read_part("report", body, NOW)
    assert builder.value(s.RANGE_ELECTRIC) == 35
    assert builder.value(s.RANGE_FUEL) == 480


def test_days_until_a_service_become_a_day() -> None:
    """Counted from when the car said it."""
    body = fields(("0x0203010004", "-10"), tsCarSentUtc="2022-02-14T09:00:30Z")
    builder = read_part("report", body, NOW)
    assert builder.value(s.INSPECTION_DUE_ON) == date(2022, 2, 24)


@pytest.mark.parametrize(("value", "low"), [("1", "low"), ("0", "ok")])
def test_oil_and_tyres(value: str, low: str) -> None:
    """A flag each; of tyres, 1 is well."""
    body = fields(("0x0204040002", value), ("0x030106000B", "1"), ("0x030106000C", "3"))
    builder = read_part("report", body, NOW)
    assert builder.value(s.OIL_LEVEL) == low
    assert builder.value(s.TYRE_PROBLEM) is True


def test_a_warning_has_a_number_of_its_own() -> None:
    """It is named as what it is, and so is what nobody knows."""
    body = fields(("0x0202010001", "1"), ("0x0999010001", "1"))
    report = status_report.report_of(decoded("report", body), NOW)
    assert set(report) == {"warnings", "unknown"}
    assert report["warnings"]["0x0202010001"]["value"] == 1


def test_every_field_of_the_reference_has_a_row() -> None:
    """Doors, windows and tyres make most of them."""
    assert len(status_report.FIELDS) == 82
    assert len({row.name for row in status_report.FIELDS.values()}) == 82


# The other parts


def test_a_charger() -> None:
    """A hybrid that charges."""
    builder = read("charger")
    assert builder.value(s.CHARGING_STATE) == "charging"
    assert builder.value(s.MAX_CHARGE_CURRENT) == 16
    assert builder.value(s.MAX_CHARGE_CURRENT_WORD) == "16"
    assert builder.value(s.RANGE_ELECTRIC) == 35
    assert builder.value(s.RANGE_FUEL) == 180
    assert builder.value(s.RANGE_TOTAL) == 215
    assert builder.value(s.TIME_TO_FULL) == 75
    assert builder.value(s.CHARGE_COMPLETE_AT) == datetime(
        2022, 2, 14, 10, 16, tzinfo=UTC
    )
    assert builder.value(s.CHARGE_MODE) == "immediate"


@pytest.mark.parametrize(
    ("power", "mode", "detail"),
    [
        ("available", "immediateCharging", "ready"),
        ("available", "timerBasedCharging", "waiting_for_timer"),
        ("unavailable", "timerBasedCharging", "waiting_for_power"),
    ],
)
def test_what_a_car_with_its_plug_in_waits_for(
    power: str, mode: str, detail: str
) -> None:
    """A timer, or a box on the wall that gives nothing."""
    data = body("charger")
    data["charger"]["settings"]["chargeModeSelection"]["value"]["content"] = mode
    charging = data["charger"]["status"]["chargingStatusData"]
    charging["chargingState"]["content"] = "off"
    charging["externalPowerSupplyState"]["content"] = power
    builder = read_part("charger", data, NOW)
    assert builder.value(s.CHARGING_STATE) == "connected"
    assert builder.value(s.CHARGING_DETAIL) == detail


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("AC", "ac"),
        ("DC", "dc"),
        ("off", None),
        ("invalid", None),
        ("conditioning", None),
    ],
)
def test_by_which_current_it_charges(mode: str, kind: str | None) -> None:
    """While it does not charge it charges by none, whatever was said before."""
    data = body("charger")
    status = data["charger"]["status"]["chargingStatusData"]
    status["chargingMode"]["content"] = mode
    builder = read_part("charger", data, NOW)
    assert builder.value(s.CHARGING_TYPE) == kind
    assert (s.CHARGING_TYPE.key in builder.readings) is (mode != "conditioning")


@pytest.mark.parametrize(
    ("said", "number", "word"),
    [(254, None, "maximum"), (252, None, "reduced"), (0, None, None), (13, 13, "13")],
)
def test_currents_that_are_words(
    said: int, number: float | None, word: str | None
) -> None:
    """Some numbers stand for words."""
    data = body("charger")
    data["charger"]["settings"]["maxChargeCurrent"]["content"] = said
    builder = read_part("charger", data, NOW)
    assert builder.value(s.MAX_CHARGE_CURRENT) == number
    assert builder.value(s.MAX_CHARGE_CURRENT_WORD) == word


@pytest.mark.parametrize(
    ("word", "plug", "state", "detail"),
    [
        ("off", "connected", "connected", "ready"),
        ("off", "disconnected", "disconnected", "not_ready"),
        ("completed", "connected", "complete", "target_reached"),
        ("error", "connected", None, "fault"),
        ("charging", "invalid", None, None),
    ],
)
def test_states_of_a_charger(
    word: str, plug: str, state: str | None, detail: str | None
) -> None:
    """An error is no state; half an answer is none either."""
    data = body("charger")
    status = data["charger"]["status"]
    status["chargingStatusData"]["chargingState"]["content"] = word
    status["plugStatusData"]["plugState"]["content"] = plug
    builder = read_part("charger", data, NOW)
    assert builder.value(s.CHARGING_STATE) == state
    assert builder.value(s.CHARGING_DETAIL) == detail
    assert builder.value(s.CHARGING_PROBLEM) is (word == "error")


@pytest.mark.parametrize("minutes", [65535, -1])
def test_minutes_that_nobody_knows(minutes: int) -> None:
    """A placeholder is no time, and no end of charging."""
    data = body("charger")
    battery = data["charger"]["status"]["batteryStatusData"]
    battery["remainingChargingTime"]["content"] = minutes
    builder = read_part("charger", data, NOW)
    assert builder.value(s.TIME_TO_FULL) is None
    assert builder.value(s.CHARGE_COMPLETE_AT) is None


def test_a_climater() -> None:
    """Off, with a target, and the glass cold."""
    builder = read("climater")
    assert builder.value(s.CLIMATE_ACTIVE) is False
    assert builder.value(s.TARGET_TEMPERATURE) == 22
    assert builder.value(s.CLIMATE_ON_BATTERY) is True
    assert builder.value(s.WINDOW_HEATING) is False
    assert builder.value(s.PARKED_AT) == datetime(2022, 2, 14, 8, 50, 1, tzinfo=UTC)
    data = body("climater")
    status = data["climater"]["status"]
    status["climatisationStatusData"]["climatisationState"]["content"] = "heating"
    status["climatisationStatusData"]["remainingClimatisationTime"]["content"] = 10
    status["temperatureStatusData"]["outdoorTemperature"]["content"] = "invalid"
    builder = read_part("climater", data, NOW)
    assert builder.value(s.CLIMATE_UNTIL) == datetime(2022, 2, 14, 9, 11, tzinfo=UTC)
    assert builder.placeholders[s.OUTSIDE_TEMPERATURE.key] == 1


@pytest.mark.parametrize("celsius", [16.0, 21.5, 22.0, 28.0])
def test_temperatures_there_and_back(celsius: float) -> None:
    """Half degrees survive the way through kelvin."""
    assert readings.kelvin_to_celsius(commands.deci_kelvin(celsius)) == celsius


@pytest.mark.parametrize(
    ("word", "heats", "airs"),
    [
        ("heating", True, False),
        ("ventilation", False, True),
        ("off", False, False),
        ("perhaps", None, None),
    ],
)
def test_a_heater(word: str, heats: bool | None, airs: bool | None) -> None:
    """It heats, or only airs."""
    said = {
        "statusResponse": {"climatisationStateReport": {"climatisationState": word}}
    }
    builder = read_part("heater", said, NOW)
    assert builder.value(s.AUXILIARY_HEATING) is heats
    assert builder.value(s.VENTILATION) is airs


@pytest.mark.parametrize("part", ["position", "found"])
def test_a_position(part: str) -> None:
    """Both envelopes, in millionths of a degree."""
    builder = read(part)
    place = builder.value(s.LOCATION)
    assert place is not None
    assert (place.latitude, place.longitude) == (52.4239, 10.7867)
    assert builder.value(s.PARKED_AT) == datetime(2022, 2, 14, 8, 50, 1, tzinfo=UTC)


def test_a_home_region() -> None:
    """The first one's data is elsewhere; the others have two hosts each."""
    assert hosts.data_base("https://mal-1a.prd.ece.vwg-connect.com/api") == hosts.DATA
    moved = "https://mal-3a.prd.eu.dp.vwg-connect.com/api"
    assert hosts.data_base(moved) == "https://fal-3a.prd.eu.dp.vwg-connect.com/fs-car"
    for wrong in ("http://mal-3a.prd.eu.dp.vwg-connect.com/api", "https://[", None):
        assert hosts.data_base(wrong) is None


def test_rights() -> None:
    """What is off or has run out is no right."""
    before_the_end = datetime(2022, 2, 14, tzinfo=UTC)
    found = cars.services_of(BODIES["operations"], before_the_end)
    assert found == {"rclima_v1": ("P_START_CLIMA_EL",)}
    assert (
        cars.services_of(BODIES["operations"], datetime(2026, 1, 1, tzinfo=UTC)) == {}
    )
    rights = cars.rights_of(BODIES["operations"], before_the_end)
    assert [row["usable"] for row in rights] == [True, False]
    assert rights[1]["reasons"] == ["noActiveLicense"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (c.StartCharging(), Reason.NOT_PLUGGED),
        (c.StartClimate(), Reason.NOT_PLUGGED),
        (SetWindowHeating(on=False), None),
        (c.Lock(), None),
    ],
)
def test_an_unplugged_car_is_not_asked(
    command: c.Command, reason: Reason | None
) -> None:
    """What it last reported is enough to know."""
    charger, climater = body("charger"), body("climater")
    plug = charger["charger"]["status"]["plugStatusData"]["plugState"]
    battery = climater["climater"]["settings"]["climatisationWithoutHVpower"]
    plug["content"], battery["content"] = "disconnected", False
    told = [
        *read_part("charger", charger, NOW).readings.values(),
        *read_part("climater", climater, NOW).readings.values(),
    ]
    snapshot = Snapshot().merge(told).snapshot
    assert blocked_by(command, snapshot) is reason
    assert blocked_by(command, Snapshot()) is None


def blocked_by(command: c.Command, snapshot: Snapshot) -> Reason | None:
    """Return why a car that is granted everything is not asked."""
    services = "rbatterycharge_v1/ rclima_v1/P_START_CLIMA_EL rlu_v1/LOCK"
    car = replace(NOBODY, handle={"services": services})
    (row,) = (row for row in commands.COMMAND_MAP if row.kind is command.kind)
    limits = row.limits_for(car, set())
    assert limits is not None
    if limits.needs_plug and snapshot.value(s.PLUGGED_IN) is False:
        return Reason.NOT_PLUGGED  # As the engine does for every service.
    refusal = row.blocked_by and row.blocked_by(car, command, snapshot, NOW)
    return None if refusal is None else refusal.reason


# Nonsense

ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("invalid")
    | st.just("2000-01-01T00:00:00")
    | st.just("9999-12-31T23:59:59Z")
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.none(), max_size=2)
)


@st.composite
def mutated(draw: st.DrawFn, part: str) -> Any:
    """Draw a recorded answer in which some values have become odd or are gone."""
    return spoilt(draw, body(part), ODD)


@pytest.mark.parametrize("part", sorted(PARTS))
@settings(max_examples=80)
@given(data=st.data())
def test_any_answer_gives_readings_or_a_typed_error(
    part: str, data: st.DataObject
) -> None:
    """Never another exception, never an impossible value."""
    spoilt = data.draw(mutated(part))
    with suppress(BadAnswer):
        for key, reading in read_part(PARTS[part], spoilt, NOW).readings.items():
            assert s.SIGNALS[key] is reading.signal
            assert reading.signal.accept(reading.value) is not None
            assert reading.captured_at is None or reading.captured_at <= NOW


def _lists(spoilt: Any) -> Any:
    for row in history.HISTORY:
        with suppress(BadAnswer):
            yield row.key, row.parse(row.decode(answer(spoilt)), ALWAYS, NOW)
    for make in (
        lambda said: history.trips_of(said, ALWAYS),
        lambda said: status_report.report_of(decoded("report", said), NOW),
        lambda said: cars.rights_of(said, NOW),
        lambda said: cars.services_of(said, NOW),
        cars.nicknames_of,
        cars.vins_of,
        lambda said: readings.settings_of(decoded("climater", said)),
        lambda said: timers.written(decoded("timers", said), Schedule()),
    ):
        with suppress(BadAnswer):
            yield "more", make(spoilt)


@pytest.mark.parametrize("part", sorted(BODIES))
@settings(max_examples=50)
@given(data=st.data())
def test_any_list_is_json_or_a_typed_error(part: str, data: st.DataObject) -> None:
    """Nothing in an answer breaks a list."""
    for _, found in _lists(data.draw(mutated(part))):
        json.dumps(found)


@given(st.text(max_size=60))
def test_any_health_report_is_json_or_a_typed_error(text: str) -> None:
    """The shape was never published, so any is taken."""
    wrapped = f"<sharedTelemetricReport>{text}</sharedTelemetricReport>"
    for xml in (text, wrapped):
        with suppress(BadAnswer):
            json.dumps(health.report_of(xml, NOW).to_json())
