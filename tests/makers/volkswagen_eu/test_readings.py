"""We Connect's tables of rows, fed with answers of a car and with nonsense."""

from collections.abc import Callable, Mapping
from contextlib import suppress
import copy
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.carport.car import commands as c, signals as s
from custom_components.carport.car.histories import ALWAYS
from custom_components.carport.car.receipts import Reason
from custom_components.carport.car.schedule import Schedule
from custom_components.carport.car.snapshot import Snapshot
from custom_components.carport.car.switches import SetWindowHeating
from custom_components.carport.makers.volkswagen_eu import (
    cars,
    health,
    histories,
    hosts,
    orders,
    readings,
    status_report,
    timers,
)
from custom_components.carport.service.errors import BadAnswer
from custom_components.carport.service.rows import Harvest

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "volkswagen_eu"
NOW: Final = datetime(2022, 2, 14, 9, 30, tzinfo=UTC)

type Read = Callable[[Mapping[str, Any], datetime, str], Harvest]

PARTS: Final[Mapping[str, Read]] = {
    "report": status_report.read_report,
    "charger": readings.read_charger,
    "climater": readings.read_climater,
    "heater": readings.read_heater,
    "position": readings.read_position,
    "found": readings.read_position,
    "timers": timers.read_timers,
    "trips": histories.read_last_trip,
}
BODIES: Final[Mapping[str, Any]] = {
    path.stem: json.loads(path.read_text())
    for path in sorted((FIXTURES / "passat_gte_2021").glob("*.json"))
}


def body(part: str) -> Any:
    """Return a recorded answer to change."""
    return copy.deepcopy(BODIES[part])


def read(part: str) -> Harvest:
    """Read a recorded answer."""
    return PARTS[part](BODIES[part], NOW, "home")


def fields(*rows: tuple[str, str], **times: str) -> dict[str, Any]:
    """Return a report with these fields."""
    field = [{"id": ident, "value": value, **times} for ident, value in rows]
    data = [{"id": "0x0301FFFFFF", "field": field}]
    return {"StoredVehicleDataResponse": {"vehicleData": {"data": data}}}


# The status report


def test_a_report() -> None:
    """Distances that count down, tenths of a kelvin, numbers for words."""
    harvest = read("report")
    assert harvest.value(s.ODOMETER) == 32_205
    assert harvest.value(s.INSPECTION_DUE_DISTANCE) == 17_250
    assert harvest.value(s.OUTSIDE_TEMPERATURE) == 5.4
    assert harvest.value(s.BATTERY_LEVEL) == 65
    assert harvest.value(s.DOOR_LOCKS[0]) is True
    assert not harvest.placeholders


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
        ("0x0301040005", "1"),  # left rear
        ("0x0301040008", "3"),  # right front
        ("0x030104000E", "1"),
        ("0x0301040011", "3"),
        ("0x0301050003", "1"),  # left rear
        ("0x0301050004", "40"),
        ("0x030105000B", "0"),
        ("0x030105000C", "0"),
    )
    harvest = status_report.read_report(body, NOW, "home")
    assert harvest.value(s.DOORS[2]) is True
    assert harvest.value(s.DOORS[1]) is False
    assert (harvest.value(s.BOOT), harvest.value(s.BONNET)) == (True, False)
    assert harvest.value(s.WINDOWS[2]) is True
    assert harvest.value(s.WINDOW_POSITIONS[2]) == 40
    # What the car lacks is no reading, and no trouble either.
    assert harvest.value(s.SUNROOF) is None
    assert s.SUNROOF.key not in harvest.placeholders


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
    harvest = status_report.read_report(fields(*rows), NOW, "home")
    assert harvest.value(s.DOORS_LOCKED) is locked


def test_ranges_by_engine() -> None:
    """Which of the two is electric stands beside it."""
    body = fields(
        ("0x0301030006", "35"),
        ("0x0301030007", "3"),
        ("0x0301030008", "480"),
        ("0x0301030009", "6"),
    )
    harvest = status_report.read_report(body, NOW, "home")
    assert harvest.value(s.RANGE_ELECTRIC) == 35
    assert harvest.value(s.RANGE_FUEL) == 480


def test_days_until_a_service_become_a_day() -> None:
    """Counted from when the car said it."""
    body = fields(("0x0203010004", "-10"), tsCarSentUtc="2022-02-14T09:00:30Z")
    harvest = status_report.read_report(body, NOW, "home")
    assert harvest.value(s.INSPECTION_DUE_AT) == datetime(2022, 2, 24, tzinfo=UTC)


@pytest.mark.parametrize(("value", "low"), [("1", "low"), ("0", "ok")])
def test_oil_and_tyres(value: str, low: str) -> None:
    """A flag each; of tyres, 1 is well."""
    body = fields(("0x0204040002", value), ("0x030106000B", "1"), ("0x030106000C", "3"))
    harvest = status_report.read_report(body, NOW, "home")
    assert harvest.value(s.OIL_LEVEL) == low
    assert harvest.value(s.TYRE_PROBLEM) is True


def test_a_warning_has_a_number_of_its_own() -> None:
    """It is named as what it is, and so is what nobody knows."""
    body = fields(("0x0202010001", "1"), ("0x0999010001", "1"))
    report = status_report.report_of(body, NOW)
    assert set(report) == {"warnings", "unknown"}
    assert report["warnings"]["0x0202010001"]["value"] == 1


def test_every_field_of_the_reference_has_a_row() -> None:
    """Doors, windows and tyres make most of them."""
    assert len(status_report.FIELDS) == 82
    assert len({row.name for row in status_report.FIELDS.values()}) == 82


# The other parts


def test_a_charger() -> None:
    """A hybrid that charges."""
    harvest = read("charger")
    assert harvest.value(s.CHARGING_STATE) == "charging"
    assert harvest.value(s.MAX_CHARGE_CURRENT) == 16
    assert harvest.value(s.MAX_CHARGE_CURRENT_WORD) == "16"
    assert harvest.value(s.RANGE_ELECTRIC) == 35
    assert harvest.value(s.RANGE_FUEL) == 180
    assert harvest.value(s.RANGE_TOTAL) == 215
    assert harvest.value(s.TIME_TO_FULL) == 75
    assert harvest.value(s.CHARGE_COMPLETE_AT) == datetime(
        2022, 2, 14, 10, 16, tzinfo=UTC
    )
    assert harvest.value(s.CHARGE_MODE) == "immediate"


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
    harvest = readings.read_charger(data, NOW, "home")
    assert harvest.value(s.CHARGING_STATE) == "connected"
    assert harvest.value(s.CHARGING_DETAIL) == detail


@pytest.mark.parametrize(
    ("said", "number", "word"),
    [(254, None, "maximum"), (252, None, "reduced"), (0, None, None), (13, 13, "13")],
)
def test_currents_that_are_words(
    said: int, number: float | None, word: str | None
) -> None:
    """Some numbers are none."""
    data = body("charger")
    data["charger"]["settings"]["maxChargeCurrent"]["content"] = said
    harvest = readings.read_charger(data, NOW, "home")
    assert harvest.value(s.MAX_CHARGE_CURRENT) == number
    assert harvest.value(s.MAX_CHARGE_CURRENT_WORD) == word


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
    harvest = readings.read_charger(data, NOW, "home")
    assert harvest.value(s.CHARGING_STATE) == state
    assert harvest.value(s.CHARGING_DETAIL) == detail
    assert harvest.value(s.CHARGING_PROBLEM) is (word == "error")


@pytest.mark.parametrize("minutes", [65535, -1])
def test_minutes_that_nobody_knows(minutes: int) -> None:
    """A placeholder is no time, and no end of charging."""
    data = body("charger")
    battery = data["charger"]["status"]["batteryStatusData"]
    battery["remainingChargingTime"]["content"] = minutes
    harvest = readings.read_charger(data, NOW, "home")
    assert harvest.value(s.TIME_TO_FULL) is None
    assert harvest.value(s.CHARGE_COMPLETE_AT) is None


def test_a_climater() -> None:
    """Off, with a target, and the glass cold."""
    harvest = read("climater")
    assert harvest.value(s.CLIMATE_ACTIVE) is False
    assert harvest.value(s.TARGET_TEMPERATURE) == 22
    assert harvest.value(s.CLIMATE_ON_BATTERY) is True
    assert harvest.value(s.WINDOW_HEATING) is False
    assert harvest.value(s.PARKED_AT) == datetime(2022, 2, 14, 8, 50, 1, tzinfo=UTC)
    data = body("climater")
    status = data["climater"]["status"]
    status["climatisationStatusData"]["climatisationState"]["content"] = "heating"
    status["climatisationStatusData"]["remainingClimatisationTime"]["content"] = 10
    status["temperatureStatusData"]["outdoorTemperature"]["content"] = "invalid"
    harvest = readings.read_climater(data, NOW, "home")
    assert harvest.value(s.CLIMATE_UNTIL) == datetime(2022, 2, 14, 9, 11, tzinfo=UTC)
    assert harvest.placeholders[s.OUTSIDE_TEMPERATURE.key] == 1


@pytest.mark.parametrize("celsius", [16.0, 21.5, 22.0, 28.0])
def test_temperatures_there_and_back(celsius: float) -> None:
    """Half degrees survive the way through kelvin."""
    assert readings.kelvin_to_celsius(orders.deci_kelvin(celsius)) == celsius


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
    harvest = readings.read_heater(said, NOW, "home")
    assert harvest.value(s.AUXILIARY_HEATING) is heats
    assert harvest.value(s.VENTILATION) is airs


@pytest.mark.parametrize("part", ["position", "found"])
def test_a_position(part: str) -> None:
    """Both envelopes, in millionths of a degree."""
    harvest = read(part)
    place = harvest.value(s.LOCATION)
    assert place is not None
    assert (place.latitude, place.longitude) == (52.4239, 10.7867)
    assert harvest.value(s.PARKED_AT) == datetime(2022, 2, 14, 8, 50, 1, tzinfo=UTC)


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
        *readings.read_charger(charger, NOW, "home").readings.values(),
        *readings.read_climater(climater, NOW, "home").readings.values(),
    ]
    snapshot = Snapshot().merge(told).snapshot
    assert orders.hindrance_of(command, snapshot, NOW) is reason
    assert orders.hindrance_of(command, Snapshot(), NOW) is None


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
    root = body(part)
    for _ in range(draw(st.integers(1, 6))):
        place: Any = root
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            child = place[key]
            if isinstance(child, (dict, list)) and child and draw(st.integers(0, 5)):
                place = child
                continue
            if draw(st.booleans()):
                place[key] = draw(ODD)
            else:
                del place[key]
            break
    return root


@pytest.mark.parametrize("part", sorted(PARTS))
@settings(max_examples=80)
@given(data=st.data())
def test_any_answer_gives_readings_or_a_typed_error(
    part: str, data: st.DataObject
) -> None:
    """Never another exception, never an impossible value."""
    spoilt = data.draw(mutated(part))
    with suppress(BadAnswer):
        for key, reading in PARTS[part](spoilt, NOW, "home").readings.items():
            assert s.SIGNALS[key] is reading.signal
            assert reading.signal.accept(reading.value) is not None
            assert reading.captured_at is None or reading.captured_at <= NOW


def _lists(spoilt: Any) -> Any:
    for name, listing in histories.LISTINGS.items():
        with suppress(BadAnswer):
            yield name, histories.lines_of(listing, spoilt)
    for make in (
        lambda said: histories.trips_of(said, ALWAYS),
        lambda said: status_report.report_of(said, NOW),
        lambda said: cars.rights_of(said, NOW),
        lambda said: cars.services_of(said, NOW),
        cars.nicknames_of,
        cars.vins_of,
        readings.settings_of,
        lambda said: timers.written(said, Schedule()),
    ):
        with suppress(BadAnswer):
            yield "more", make(spoilt)


@pytest.mark.parametrize("part", sorted(BODIES))
@settings(max_examples=50)
@given(data=st.data())
def test_any_list_is_json_or_a_typed_error(part: str, data: st.DataObject) -> None:
    """Whatever is in it."""
    for _, found in _lists(data.draw(mutated(part))):
        json.dumps(found)


@given(st.text(max_size=60))
def test_any_health_report_is_json_or_a_typed_error(text: str) -> None:
    """The shape was never published, so any is taken."""
    wrapped = f"<sharedTelemetricReport>{text}</sharedTelemetricReport>"
    for xml in (text, wrapped):
        with suppress(BadAnswer):
            json.dumps(health.report_of(xml, NOW).to_json())
