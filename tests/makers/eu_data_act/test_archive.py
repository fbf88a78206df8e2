"""Files from the portal: opened within bounds, whatever is in them."""

import io
import json
from typing import Any
import zipfile

from hypothesis import given, settings, strategies as st
import pytest

from carport.makers.eu_data_act import archive, keys
from carport.makers.eu_data_act.archive import (
    DELIVERY,
    MOST_FILES,
    BadDelivery,
    Delivery,
    unpack,
)

from .deliveries import VIN, Reader, at, document, zipped

NOW = at("08:15:00")
PLAIN = document({keys.LEVEL_REPORT: "60"}, "2026-11-20T08:11:00Z")
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
ALL_KEYS = sorted(
    {
        key
        for name, found in vars(keys).items()
        if name.isupper()
        for key in ((found,) if isinstance(found, str) else found)
    }
)
TIMES = st.sampled_from(
    ["2026-11-20T08:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
) | st.text(max_size=8)
VALUES = st.sampled_from(
    ["0", "1", "2", "3", "100", "65535", "-211", "1e308", "4500s", "VALID", "off", ""]
) | st.text(max_size=12)
ENTRIES = st.fixed_dictionaries(
    {"key": st.sampled_from(ALL_KEYS), "dataFieldName": st.just("x"), "value": VALUES},
    optional={"timestampUtc": TIMES},
)


def _open(content: bytes) -> Delivery:
    return unpack(content, VIN, NOW)


def test_several_files() -> None:
    """All JSON in a ZIP counts; other files do not."""
    other = document({keys.OUTDOOR_TEMPERATURES[0]: "5"})
    content = zipped(PLAIN, other, b"\x00", names=("a.json", "b.JSON", "read.me"))
    assert {entry.key for entry in _open(content).entries} >= {
        keys.LEVEL_REPORT,
        keys.OUTDOOR_TEMPERATURES[0],
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        zipped({"vin": VIN}),
        zipped(b""),
        zipped(b" \n"),
        zipped({"vin": VIN, "Data": None}),
    ],
    ids=["nothing", "vin only", "empty file", "blanks", "null"],
)
def test_nothing_is_no_fault(content: bytes) -> None:
    """There are several ways to deliver nothing."""
    assert _open(content) == Delivery(created_at=NOW)


def _encrypted() -> bytes:
    content = bytearray(zipped(PLAIN))
    content[6] |= 1
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    return bytes(content)


def _lying_about_its_size() -> bytes:
    """Return a ZIP that says it holds little."""
    content = bytearray(zipped(b" " * (archive.MOST_UNPACKED + 1)))
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def _deep(levels: int) -> bytes:
    return b'{"vin":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 nothing of the kind",
        b"<html>Internal Server Error</html>",
        zipped(PLAIN)[:-30],
        zipped(PLAIN)[: len(zipped(PLAIN)) // 2],
        zipped(b"{"),
        zipped(b"[1, 2]"),
        zipped(b"nonsense"),
        zipped({"vin": VIN, "Data": {"a": 1}}),
        zipped({"vin": "WVWZZZE1ZSIM00009", "Data": []}),
        zipped(*[PLAIN] * (MOST_FILES + 1)),
        zipped(b" " * (archive.MOST_UNPACKED + 1)),
        zipped(*[b" " * (archive.MOST_UNPACKED // 2 + 1)] * 2),
        _lying_about_its_size(),
        zipped(_deep(20)),
        zipped(_deep(5000)),
        zipped({"vin": VIN, "Data": [PLAIN["Data"][0]] * (archive.MOST_ENTRIES + 1)}),
        _encrypted(),
        b"\0" * (DELIVERY.wire + 1),
    ],
    ids=[
        "no zip",
        "page",
        "cut off",
        "half",
        "broken json",
        "list",
        "words",
        "data object",
        "other car",
        "too many files",
        "too large",
        "too large together",
        "lies",
        "deep",
        "very deep",
        "too many entries",
        "encrypted",
        "too much",
    ],
)
def test_pain_35_what_is_no_delivery_is_refused(content: bytes) -> None:
    """It is refused as a whole, before anything of it is kept."""
    with pytest.raises(BadDelivery):
        _open(content)


def test_entries_that_are_none_are_left_out() -> None:
    """One damaged entry costs no other."""
    told: dict[str, Any] = json.loads(json.dumps(PLAIN))
    told["Data"] += [
        None,
        5,
        {"key": 1, "value": "1"},
        {"key": "a"},
        {"key": "b", "value": []},
    ]
    found = {entry.key: entry.value for entry in _open(zipped(told)).entries}
    assert found[keys.LEVEL_REPORT] == "60"
    assert not found.keys() & {"a", "b"}


def test_values_that_are_no_texts() -> None:
    """Numbers and truths are taken as the texts they should have been."""
    told: dict[str, Any] = {
        "vin": VIN,
        "Data": [
            {"key": "a", "value": True},
            {"key": "b", "value": 5},
            {"key": "c", "value": 1.5},
        ],
    }
    assert [entry.value for entry in _open(zipped(told)).entries] == [
        "true",
        "5",
        "1.5",
    ]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes(content: bytes) -> None:
    """Whatever the bytes, it is a delivery or it is refused."""
    try:
        _open(content)
    except BadDelivery:
        return


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_to_a_zip(data: st.DataObject) -> None:
    """Flipped bytes anywhere never come out as another error."""
    content = bytearray(zipped(PLAIN, PLAIN))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        _open(bytes(content))
    except BadDelivery:
        return


@given(JSON_VALUES)
@settings(max_examples=150, deadline=None)
def test_any_json(content: Any) -> None:
    """Whatever JSON is in the file, it is a delivery or it is refused."""
    try:
        Reader().take(_open(zipped({"vin": VIN, "Data": content})))
        Reader().take(_open(zipped(content)))
    except BadDelivery:
        return


@given(st.lists(st.lists(ENTRIES, max_size=25), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_values_under_the_keys_we_read(told: list[list[dict[str, str]]]) -> None:
    """Nonsense under any key never raises, and what is read is possible and dated."""
    reader = Reader()
    for number, entries in enumerate(told):
        room = io.BytesIO()
        with zipfile.ZipFile(room, "w") as file:
            file.writestr("a.json", json.dumps({"vin": VIN, "Data": entries}))
        created = at(f"{8 + number:02}:00:00")
        reader.take(unpack(room.getvalue(), VIN, created))
        for reading in reader.last.readings:
            assert (
                reading.value is None
                or reading.signal.accept(reading.value) is not None
            )
            assert reading.captured_at is not None
            assert reading.captured_at <= created
            if reading.not_before is not None:
                assert reading.not_before <= reading.captured_at
