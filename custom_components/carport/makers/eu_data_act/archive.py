"""Deliveries: a ZIP with JSON in it, opened within bounds and looked at key by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
import io
from typing import Any, Final
import zipfile
import zlib

from ...cloud.bodies import Bound, parse_json
from ...cloud.field_map import to_datetime

_MIB: Final = 1024 * 1024
DELIVERY: Final = Bound(wire=4 * _MIB, inflated=4 * _MIB)
"""What a ZIP may be on the wire; real ones have a few kilobytes."""
MOST_FILES: Final = 32
MOST_UNPACKED: Final = 16 * _MIB
"""Bytes of all files of a ZIP together, as they come out, whatever they say they are."""
MOST_ENTRIES: Final = 20_000
_DEPTH: Final = 8
_LONGEST_VALUE: Final = 1024
_ENCRYPTED: Final = 0x1
_PIECE: Final = 64 * 1024
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_TIME_NAMES: Final = ("car_captured_time", "car_captured_utc_timestamp", "timestamp")
_BROKEN: Final = (
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the library raises for archives that are none, or that lie about themselves."""


class BadDelivery(Exception):
    """A file that is no delivery of this car: broken, too large, or of another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value of a delivery; `at` is its own time, which only some formats have."""

    key: str
    value: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one file holds. `captured` are the times in it that belong to no value."""

    created_at: datetime
    entries: tuple[Entry, ...] = ()
    captured: tuple[datetime, ...] = ()

    @property
    def latest(self) -> datetime:
        """The newest time at which anything in it can have been captured."""
        return max(self.captured, default=self.created_at)

    @property
    def earliest(self) -> datetime:
        """The oldest of its times."""
        return min(self.captured, default=self.created_at)


def unpack(content: bytes, vin: str, created_at: datetime) -> Delivery:
    """Open a delivery; one without content is a delivery without entries.

    Raises `BadDelivery` for everything that is none, before anything of it is kept.
    """
    if len(content) > DELIVERY.wire:
        raise BadDelivery
    entries: list[Entry] = []
    captured: list[datetime] = []
    for document in _documents(content):
        if document.get("vin", vin) != vin:
            raise BadDelivery
        for entry, name in _entries(document, created_at):
            entries.append(entry)
            if name.endswith(_TIME_NAMES) and (time := to_datetime(entry.value)):
                captured.append(min(time, created_at))
            if len(entries) > MOST_ENTRIES:
                raise BadDelivery
    return Delivery(
        created_at=created_at, entries=tuple(entries), captured=tuple(captured)
    )


def _documents(content: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects in a ZIP; empty files hold none."""
    if not content:
        return
    try:
        texts = list(_files(content))
    except _BROKEN:
        raise BadDelivery from None
    for text in texts:
        if not text.strip():
            continue
        try:
            document = parse_json(text)
        except ValueError:
            raise BadDelivery from None
        if not isinstance(document, Mapping) or _depth(document) > _DEPTH:
            raise BadDelivery
        yield document


def _files(content: bytes) -> Iterator[bytes]:
    """Yield the JSON files of a ZIP, as many bytes as are allowed."""
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > MOST_FILES:
            raise BadDelivery
        for info in infos:
            if info.is_dir() or not info.filename.lower().endswith(".json"):
                continue
            if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
                raise BadDelivery
            text = bytearray()
            with archive.open(info) as file:
                while piece := file.read(_PIECE):
                    text += piece
                    if len(text) > left:
                        raise BadDelivery
            left -= len(text)
            yield bytes(text)


def _entries(
    document: Mapping[str, Any], created_at: datetime
) -> Iterator[tuple[Entry, str]]:
    """Yield the entries of a document with their names; what is none is left out."""
    rows = document.get("Data")
    if rows is None:
        return
    if not isinstance(rows, list):
        raise BadDelivery
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        key, name = row.get("key"), row.get("dataFieldName")
        value = _text(row.get("value"))
        if not isinstance(key, str) or value is None:
            continue
        at = to_datetime(row.get("timestampUtc"))
        entry = Entry(
            key=key.lower(),
            value=value,
            # A car's clock may be set to local time and say that it is UTC.
            at=None if at is None else min(at, created_at),
        )
        yield entry, name if isinstance(name, str) else ""


def _text(value: object) -> str | None:
    """Return a value as text, which all should be; an empty one says nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
        return None
    return value.strip() or None


def _depth(value: object, most: int = _DEPTH + 1) -> int:
    """Return how deep JSON is nested, counted no further than it matters."""
    if most == 0 or not isinstance(value, (Mapping, list)):
        return 0
    inner = value.values() if isinstance(value, Mapping) else value
    return 1 + max((_depth(item, most - 1) for item in inner), default=0)
