"""Whatever a cloud sends becomes readings, or nothing; never another exception."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any, Final

from aiomqtt import Message
from hypothesis import example, given, settings, strategies as st

from carport.car import signals as s
from carport.car.snapshot import Snapshot
from carport.cloud.field_map import ReadingBuilder
from carport.makers.car_data.entries import Entries
from carport.makers.car_data.readings import DESCRIPTORS, read_entries
from carport.makers.car_data.stream import message_of

NOW: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
_WORDS: Final = (
    "CHARGINGACTIVE",
    "NOCHARGING",
    "CONNECTED",
    "INVALID",
    "-NA-",
    "ASN_isUnknown",
    "true",
    "CLOSED",
    "SECURED",
    "3-PHASES",
    "17.01.2027 00:00:00 UTC",
    '[{"id": 1, "status": "OK", "date": "2027-07"}]',
    '[{"id": [], "status": null}]',
    "[" * 2000,
)
_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from(_WORDS),
    st.text(max_size=40),
    st.integers(-500, 500).map(str),
    st.lists(st.none(), max_size=1),
)
_times = st.one_of(
    st.integers(-10_000, 10_000).map(
        lambda minutes: (NOW + timedelta(minutes=minutes)).isoformat()
    ),
    st.sampled_from(
        [None, "", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00"]
    ),
    st.integers(),
)
_entry = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.fixed_dictionaries(
        {"value": _values, "timestamp": _times},
        optional={"unit": st.sampled_from([None, "km", "mi", "percent", 5, "kPa", ""])},
    ),
)
_data = st.one_of(
    st.none(),
    st.lists(st.none(), max_size=2),
    st.dictionaries(
        st.one_of(st.sampled_from(DESCRIPTORS), st.text(max_size=5)),
        _entry,
        max_size=40,
    ),
)


def _read(entries: Entries, **facts: bool) -> ReadingBuilder:
    builder = ReadingBuilder(captured_at=None, received_at=NOW, channel="x")
    read_entries(
        builder, entries, **{"electric_only": False, "right_hand": False, **facts}
    )
    return builder


@settings(max_examples=200)
@given(batches=st.lists(_data, max_size=4), electric=st.booleans(), right=st.booleans())
@example(
    batches=[
        {"vehicle.vehicle.travelledDistance": {"value": "1e400", "timestamp": NOW}}
    ],
    electric=True,
    right=True,
)
def test_any_message(batches: list[Any], electric: bool, right: bool) -> None:
    """Readings are possible, dated by the car, and none is of the future."""
    entries = Entries()
    for data in batches:
        entries.take(data, NOW)
    result = _read(entries, electric_only=electric, right_hand=right).result()
    for reading in result.readings:
        if reading.value is not None:
            assert reading.signal.accept(reading.value) == reading.value
        assert reading.captured_at is not None
        assert reading.captured_at <= NOW
    assert not Snapshot().merge(result.readings).refused


@given(
    moments=st.lists(st.integers(0, 1000), min_size=1, max_size=10, unique=True),
)
def test_the_newest_wins_in_any_order(moments: list[int]) -> None:
    """Values may come in any order; their own times count."""
    entries = Entries()
    for minutes in moments:
        at = NOW - timedelta(minutes=minutes)
        entry = {"value": minutes / 10, "timestamp": at.isoformat()}
        entries.take({"vehicle.drivetrain.batteryManagement.header": entry}, NOW)
    assert _read(entries).value(s.BATTERY_LEVEL) == min(moments) / 10


@given(kilometres=st.floats(10, 500_000), miles=st.booleans(), text=st.booleans())
def test_an_odometer_never_changes_its_unit(
    kilometres: float, miles: bool, text: bool
) -> None:
    """What is the other unit all at once, and does not say so, is left out."""
    factor = 1 / 1.609344 if miles else 1.609344
    name = "vehicle.vehicle.travelledDistance"
    known = {"value": kilometres, "unit": "km", "timestamp": NOW.isoformat()}
    swapped: Any = kilometres * factor
    later = (NOW + timedelta(seconds=5)).isoformat()
    entries = Entries()
    entries.take({name: known}, NOW)
    entry = {
        "value": str(swapped) if text else swapped,
        "unit": None,
        "timestamp": later,
    }
    assert not entries.take({name: entry}, NOW + timedelta(seconds=10))


_json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=8), inner, max_size=4),
    ),
    max_leaves=20,
)
_payloads = st.one_of(
    st.none(),
    st.binary(max_size=200),
    st.text(max_size=50),
    _json.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries({"vin": _json, "data": _json}).map(
        lambda value: json.dumps(value).encode()
    ),
)


@given(payload=_payloads)
@example(payload=b"[" * 100_000)
@example(payload=b'{"vin": "' + b"x" * 300_000)
@example(payload=b'{"vin": "WBYZZZ041PV304101", "data": {"\\ud800": 1}}')
def test_any_bytes_are_a_message_or_none(payload: Any) -> None:
    """What a broker sends is a car with values, or nothing."""
    raw = Message(
        topic="x", payload=payload, qos=0, retain=False, mid=0, properties=None
    )
    found = message_of(raw)
    if found is not None:
        vin, data = found
        Entries().take(data, NOW)
        assert vin == vin.upper()
