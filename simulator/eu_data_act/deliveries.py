"""The deliveries of a data request: one every 15 minutes, of what the car has told."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
import zlib

from carport.twin.twin import Report, Twin

from ..cloud import Site
from . import dotted, flat
from .account import DataActAccount, DataActRegister
from .archive import broken, content_of, nothing, packed
from .data_requests import ALL_DATA, DataRequest, stamp
from .fields import Field, Seen, job_at

_EVERY: Final = 900
_KEPT: Final = 30
_REPEATS: Final = 8
"""Every so many deliveries a sleeping car's last reports come again."""
_SKIPS: Final = 29
"""One delivery in so many is never made."""
_DOTTED_FROM: Final = 45.0
"""Kilowatt-hours from which a battery is that of a car on the electric platform."""

type Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file."""

    name: str
    created: datetime
    content: bytes
    status: int = 200
    """What its download is answered with."""

    def listed(self) -> dict[str, Any]:
        """Return what the list says of it; the size is a text."""
        return {
            "name": self.name,
            "createdOn": stamp(self.created),
            "size": str(len(self.content)),
        }


@dataclass(slots=True, kw_only=True)
class _Shelf:
    """What has been made for one request, and what was last told in it."""

    next: int = 0
    files: deque[Delivery] = field(default_factory=lambda: deque(maxlen=_KEPT))
    reports_completion: dict[str, Values] = field(default_factory=dict)


class Depot:
    """Makes the deliveries that are due when somebody asks for them."""

    def __init__(self, site: Site, register: DataActRegister) -> None:
        """Begin with empty shelves."""
        self._site = site
        self._register = register
        self._shelves: dict[tuple[str, str, datetime], _Shelf] = {}

    def clear(self) -> None:
        """Throw everything away."""
        self._shelves.clear()

    def files(
        self, account: DataActAccount, vin: str, request: DataRequest
    ) -> list[Delivery]:
        """Return what a request has brought so far, newest first."""
        now, twin = self._site.clock.now(), self._site.twin(vin)
        key = (account.username, vin, request.start)
        shelf = self._shelves.setdefault(key, _Shelf())
        end = now if request.end is None else min(now, request.end)
        last, offset = _number(end, vin), _offset(vin)
        first = max(shelf.next, last - _KEPT + 1, _number(request.start, vin) + 1)
        for number in range(first, last + 1):
            at = datetime.fromtimestamp(number * _EVERY + offset, UTC)
            shelf.next = number + 1
            if (number + offset) % _SKIPS:
                shelf.files.append(self._made(account, twin, request, shelf, at))
        return list(reversed(shelf.files))

    def _made(
        self,
        account: DataActAccount,
        twin: Twin,
        request: DataRequest,
        shelf: _Shelf,
        at: datetime,
    ) -> Delivery:
        """Make one delivery, with nothing in it where there is nothing new."""
        vin = twin.spec.vin
        parts = self._parts(account, twin, shelf, at)
        entries = [
            entry
            for name, captured, values in parts
            for entry in _entries(account, name, captured, values, request.clusters)
        ]
        number = _number(at, vin)
        name = f"{at:%Y%m%d%H%M%S}_{vin}"
        if not entries:
            ending = (
                "_no_content_found" if self._register.settings.says_no_content else ""
            )
            return Delivery(
                name=f"{name}{ending}.zip",
                created=at,
                content=nothing(name, vin, number),
            )
        if any(_dotted(part) for part, _, _ in parts) and ALL_DATA in request.clusters:
            entries += _times(parts, at)
        files = content_of(name, vin, account, entries)
        content = packed(files)
        if account.corrupt > 0:
            account.corrupt -= 1
            content = broken(content)
        status, account.unreadable = int(account.unreadable), 200
        return Delivery(name=f"{name}.zip", created=at, content=content, status=status)

    def _parts(
        self, account: DataActAccount, twin: Twin, shelf: _Shelf, at: datetime
    ) -> list[tuple[str, datetime, Values]]:
        """Return the reports that go into a delivery, each with its time."""
        if account.outage:
            return []
        known = [
            one
            for one in twin.reports
            if one.captured_at <= at - timedelta(seconds=account.late)
        ]
        born = _number(account.since, twin.spec.vin) == _number(at, twin.spec.vin)
        if not known and born:
            # The car has been known for longer than the simulator runs.
            known = [one for one in twin.reports if one.captured_at <= account.since]
        if not known:
            return []
        repeated = self._repeated(account, twin, at)
        found: list[tuple[str, datetime, Values]] = []
        for part in _names(account, twin):
            values = _values(account, twin, known[-1], part)
            if values and (
                values != shelf.reports_completion.get(part) or part in repeated
            ):
                captured = min(_since(account, twin, known, part, values), at)
                found.append((part, captured, values))
                shelf.reports_completion[part] = values
        return found

    def _repeated(
        self, account: DataActAccount, twin: Twin, at: datetime
    ) -> Iterable[str]:
        number = _number(at, twin.spec.vin)
        if number % (2 * _REPEATS) == 0:
            return _names(account, twin)
        if number % _REPEATS == 0:
            return (*dotted.REDUCED, *flat.REDUCED)
        return ()


def _offset(vin: str) -> int:
    """Return at which second of its quarter of an hour a car's deliveries are made."""
    return zlib.crc32(vin.encode()) % _EVERY


def _number(at: datetime, vin: str) -> int:
    """Return which delivery was the last by a moment, counted from 1970."""
    return int((at.timestamp() - _offset(vin)) // _EVERY)


def _fields(account: DataActAccount, twin: Twin) -> tuple[Field, ...]:
    capacity = twin.spec.battery_capacity or 0
    usual = "dotted" if capacity >= _DOTTED_FROM else "flat"
    match account.format or usual:
        case "dotted":
            return dotted.FIELDS
        case "flat":
            return flat.FIELDS
    return dotted.FIELDS + flat.FIELDS


def _names(account: DataActAccount, twin: Twin) -> list[str]:
    return list(dict.fromkeys(row.part for row in _fields(account, twin)))


def _dotted(part: str) -> bool:
    return part in dotted.TIMES


def _values(
    account: DataActAccount, twin: Twin, report: Report, part: str
) -> dict[str, str]:
    """Return what one report says, by key."""
    seen = Seen(
        state=report.state,
        spec=twin.spec,
        job=job_at(twin, report.captured_at.timestamp()),
        miles=account.miles,
    )
    said = {
        row.key: row.say(seen) for row in _fields(account, twin) if row.part == part
    }
    return {
        key: _written(account, key, value)
        for key, value in said.items()
        if value is not None
    }


def _written(account: DataActAccount, key: str, word: str) -> str:
    """Write a value as the account's cars do."""
    if account.two_doors and key in flat.REAR_DOORS:
        return flat.UNSUPPORTED
    return _numbered(key, word) if account.word_numbers else word


def _numbered(key: str, word: str) -> str:
    """Return the number of a word in the maker's list, where there is one."""
    words = dotted.IN_ORDER.get(key, ())
    return str(words.index(word)) if word in words else word


def _since(
    account: DataActAccount,
    twin: Twin,
    known: list[Report],
    part: str,
    values: Values,
) -> datetime:
    """Return when the car captured these values: it sends a report upon a change."""
    captured = known[-1].captured_at
    for report in reversed(known):
        if _values(account, twin, report, part) != values:
            break
        captured = report.captured_at
    return captured


_BY_KEY: Final = {row.key: row for row in (*dotted.FIELDS, *flat.FIELDS)}


def _entries(
    account: DataActAccount,
    part: str,
    captured: datetime,
    values: Values,
    clusters: tuple[str, ...],
) -> list[dict[str, str]]:
    """Return one report's entries; only in the flat format each has its time."""
    found = []
    for key, value in values.items():
        row = _BY_KEY[key]
        if ALL_DATA not in clusters and row.cluster not in clusters:
            continue
        entry = {"key": key, "dataFieldName": row.name, "value": value}
        if not _dotted(part):
            entry["timestampUtc"] = captured.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        found.append(entry)
    return found


def _times(
    parts: list[tuple[str, datetime, Values]], at: datetime
) -> list[dict[str, str]]:
    """Return the entries with times, which nothing ties to the values."""
    said = [
        (*dotted.TIMES[part], stamp(captured))
        for part, captured, _ in parts
        if _dotted(part)
    ]
    newest = max(captured for part, captured, _ in parts if _dotted(part))
    local = newest + timedelta(hours=1)
    said += [
        (*dotted.SENT, stamp(newest)),
        (*dotted.SENT_MILLISECONDS, str(round(newest.timestamp() * 1000))),
        (*dotted.LOCAL_TIME, local.strftime("%Y-%m-%dT%H:%M:%S.000+01:00")),
    ]
    return [
        {"key": key, "dataFieldName": name, "value": value} for key, name, value in said
    ]
