"""The vehicle status report: one row for each of its numbered fields.

Fields are told apart by their own number only: the groups they stand in differ from
car to car.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

from ...car import signals as s
from ...car.signals import OilLevel, Signal, Value
from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import (
    Convert,
    ReadingBuilder,
    get_path,
    mapped,
    newest,
    rows_at,
    to_float,
    unwrap,
)
from ..volkswagen_group.cars import day_after
from .endpoints import REPORT
from .readings import add_ranges
from .report_times import captured_at

_ENVELOPES: Final = (
    "StoredVehicleDataResponse",
    "RequestResponse",
    "CurrentVehicleDataResponse",
)
_UNSUPPORTED: Final = 0
_ELECTRIC: Final = 3
_NO_ENGINE: Final = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its group and name, and the signal it is, where it is one."""

    name: str
    signal: Signal[Any] | None = None
    convert: Convert[Any] = to_float


def _coded[T: Value](codes: Mapping[str, T]) -> Convert[T]:
    """Make a converter from the maker's codes, which may come as numbers."""
    known = mapped(codes)

    def convert(value: Any) -> T | None:
        number = to_float(value)
        return known(value if number is None else f"{number:g}")

    return convert


# By the maker's dictionary 0 is unsupported and 1 invalid. Where a field has a text too, its
# end settles the matter.
_LOCKED: Final = _coded({"2": True, "3": False, "locked": True, "unlocked": False})
_OPEN: Final = _coded({"2": True, "3": False, "open": True, "closed": False})
_ON: Final = _coded({"1": True, "0": False})
_OIL: Final = _coded({"1": str(OilLevel.LOW), "0": str(OilLevel.OK)})
_SILENT: Final = ("invalid", "unsupported")
_SPEAKING: Final = ("unlocked", "locked", "closed", "open")


def _lit(value: Any) -> bool | None:
    """Any number but that for off stands for a light or two."""
    found = to_float(value)
    return None if found is None else found != 2


def _celsius(value: Any) -> float | None:
    tenths = to_float(value)
    return None if not tenths else round(tenths / 10 - 273.15, 1)


def _remaining(value: Any) -> float | None:
    """Turn a distance that counts up to zero into what is left."""
    found = to_float(value)
    return None if found is None else 0.0 - found


_CORNERS: Final = ("left_front", "left_rear", "right_front", "right_rear")
_DOORS: Final = (*_CORNERS, "trunk", "hood")
_WINDOWS: Final = (
    *_CORNERS,
    "convertible_top",
    "roof",
    "roof_rear",
    "service_flap",
    "spoiler",
)
_TYRES: Final = (*_CORNERS, "spare")
_LOCK: Final = "doors.lock"
_DIFFERENCE: Final = "tyre_pressure.difference"

type Signals = Iterable[Signal[Any] | None]


def _corners(signals: tuple[Signal[Any], ...]) -> Signals:
    """Put signals into the report's order: by sides, where ours goes by rows."""
    front_left, front_right, rear_left, rear_right = signals
    return front_left, rear_left, front_right, rear_right


def _places(
    first: int,
    step: int,
    name: str,
    places: tuple[str, ...],
    signals: Signals = (),
    convert: Convert[Any] = to_float,
) -> dict[str, Field]:
    """Return the fields that say one thing of several places, one after another."""
    return {
        f"0x{first + step * at:010X}": Field(f"{name}_{place}", signal, convert)
        for at, (place, signal) in enumerate(zip_longest(places, signals))
    }


FIELDS: Final[Mapping[str, Field]] = {
    "0x0101010001": Field("status.utc_time"),
    "0x0101010002": Field("status.distance_covered", s.ODOMETER),
    "0x0203010001": Field(
        "intervals.distance_to_oil_change", s.OIL_SERVICE_DUE_DISTANCE, _remaining
    ),
    "0x0203010002": Field("intervals.time_to_oil_change"),
    "0x0203010003": Field(
        "intervals.distance_to_inspection", s.INSPECTION_DUE_DISTANCE, _remaining
    ),
    "0x0203010004": Field("intervals.time_to_inspection"),
    "0x0203010005": Field("intervals.warning_oil_change"),
    "0x0203010006": Field("intervals.alarm_inspection"),
    "0x0203010007": Field("intervals.monthly_mileage", s.DISTANCE_PER_MONTH),
    "0x0204040001": Field("oil_level.liters"),
    "0x0204040002": Field("oil_level.minimum_warning", s.OIL_LEVEL, _OIL),
    "0x0204040003": Field("oil_level.dipstick_percentage", s.OIL_LEVEL_PERCENT),
    "0x0204040004": Field("oil_level.display"),
    "0x0204040005": Field("oil_level.valid"),
    "0x0204040006": Field("oil_level.percentage"),
    "0x02040C0001": Field("intervals.ad_blue_range", s.ADBLUE_RANGE),
    "0x02040C0002": Field("intervals.ad_blue_no_driveability"),
    "0x0301010001": Field("status.parking_light", s.LIGHTS, _lit),
    "0x0301020001": Field(
        "status.temperature_outside", s.OUTSIDE_TEMPERATURE, _celsius
    ),
    "0x0301030001": Field("status.parking_brake", s.PARKING_BRAKE, _ON),
    "0x0301030002": Field("status.state_of_charge", s.BATTERY_LEVEL),
    "0x0301030003": Field("status.bem"),
    "0x0301030004": Field("status.speed", s.SPEED),
    "0x0301030005": Field("status.total_range", s.RANGE_TOTAL),
    "0x0301030006": Field("status.primary_range"),
    "0x0301030007": Field("status.primary_drive"),
    "0x0301030008": Field("status.secondary_range"),
    "0x0301030009": Field("status.secondary_drive"),
    "0x030103000A": Field("status.fuel_level", s.FUEL_LEVEL),
    "0x030103000B": Field("status.fuel_method"),
    "0x030103000D": Field("status.cng_level", s.CNG_LEVEL),
    **_places(0x0301040001, 3, _LOCK, _DOORS, _corners(s.DOOR_LOCKS), _LOCKED),
    **_places(
        0x0301040002,
        3,
        "doors.open",
        _DOORS,
        (*_corners(s.DOORS), s.BOOT, s.BONNET),
        _OPEN,
    ),
    **_places(0x0301040003, 3, "doors.safety", _DOORS),
    **_places(
        0x0301050001,
        2,
        "windows.state",
        _WINDOWS,
        (*_corners(s.WINDOWS), s.ROOF, s.SUNROOF),
        _OPEN,
    ),
    **_places(
        0x0301050002,
        2,
        "windows.position",
        _WINDOWS,
        (*_corners(s.WINDOW_POSITIONS), None, s.SUNROOF_POSITION),
    ),
    # Nobody knows the unit of the pressures, so they are no signals.
    **_places(0x0301060001, 2, "tyre_pressure.current", _TYRES),
    **_places(0x0301060002, 2, "tyre_pressure.desired", _TYRES),
    **_places(0x030106000B, 1, _DIFFERENCE, _TYRES),
}

_BY_NAME: Final = {field.name: ident for ident, field in FIELDS.items()}
_DUE: Final = {
    "intervals.time_to_inspection": s.INSPECTION_DUE_ON,
    "intervals.time_to_oil_change": s.OIL_SERVICE_DUE_ON,
}
_WARNINGS: Final = "0x0202"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A field as the report has it."""

    value: Any
    unit: str | None
    captured_at: datetime | None
    text: str = ""
    """The maker's own word for the value, where there is one."""

    @property
    def says_nothing(self) -> bool:
        """Whether the car lacks the part, or does not know."""
        return self.text.endswith(_SILENT)

    @property
    def number(self) -> float | None:
        """The value as a number, if it says anything."""
        return None if self.says_nothing else to_float(self.value)

    @property
    def word(self) -> Any:
        """The word at the end of the text where it has one, else the value."""
        return next((end for end in _SPEAKING if self.text.endswith(end)), self.value)


def read_report(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read a report; every field has a time of its own."""
    found = _fields(data, builder.received_at)
    for ident, said in found.items():
        row = FIELDS.get(ident)
        if row is None or row.signal is None or said.says_nothing:
            continue
        if row.convert is _OPEN and to_float(said.value) == _UNSUPPORTED:
            continue
        if row.signal is s.FUEL_LEVEL and _burns_nothing(found):
            continue
        spoken = row.convert in {_LOCKED, _OPEN}
        value = row.convert(said.word if spoken else said.value)
        builder.add(row.signal, value, said.captured_at)
    for derive in (_central_lock, _tyres_problem, _due, _ranges):
        derive(builder, found)


def report_in(answer: Answer) -> Mapping[str, Any]:
    """Return what is in a report's envelope, which differs by how it was asked for."""
    return unwrap(answer.json(), answer.what, *_ENVELOPES)


def report_of(data: Mapping[str, Any], received_at: datetime) -> dict[str, Any]:
    """Return all fields by group and name, as numbers where they are numbers."""
    groups: dict[str, Any] = {}
    for ident, said in _fields(data, received_at).items():
        name = FIELDS[ident].name if ident in FIELDS else _unlisted(ident)
        group, _, key = name.partition(".")
        value = to_float(said.value)
        groups.setdefault(group, {})[key] = {
            "value": str(said.value) if value is None else value,
            "unit": said.unit,
            "captured_at": said.captured_at and said.captured_at.isoformat(),
        }
    return groups


def _unlisted(ident: str) -> str:
    """Name a field that is not in the table; each warning has a number of its own."""
    group = "warnings" if ident.startswith(_WARNINGS) else "unknown"
    return f"{group}.{ident}"


def _fields(data: Any, received_at: datetime) -> dict[str, Found]:
    groups = get_path(data, ("vehicleData", "data"))
    if not isinstance(groups, list):
        raise BadAnswer(REPORT.path)
    found: dict[str, Found] = {}
    for group in groups:
        for field in rows_at(group, "field"):
            if not isinstance(field.get("id"), str):
                continue
            unit, text = field.get("unit"), field.get("textId")
            found[field["id"]] = Found(
                value=field.get("value"),
                unit=unit if isinstance(unit, str) else None,
                captured_at=captured_at(field, received_at),
                text=text.casefold() if isinstance(text, str) else "",
            )
    return found


def _told(found: Mapping[str, Found], *names: str) -> list[Found]:
    """Return those of the named fields that the report has."""
    idents = (_BY_NAME[name] for name in names)
    return [found[ident] for ident in idents if ident in found]


def _central_lock(builder: ReadingBuilder, found: Mapping[str, Found]) -> None:
    """Tell whether the whole car is locked: all doors, and the boot if it says."""
    told = _told(found, *(f"{_LOCK}_{place}" for place in _DOORS if place != "hood"))
    locks = [None if said.says_nothing else _LOCKED(said.word) for said in told]
    if False in locks or (locks and None not in locks):
        when = newest(said.captured_at for said in told)
        builder.add(s.DOORS_LOCKED, False not in locks, when)


def _tyres_problem(builder: ReadingBuilder, found: Mapping[str, Found]) -> None:
    told = _told(found, *(f"{_DIFFERENCE}_{place}" for place in _TYRES))
    numbers = [said.number for said in told if said.number is not None]
    if numbers:
        wrong = any(number != 1 for number in numbers)
        builder.add(s.TYRE_PROBLEM, wrong, told[0].captured_at)


def _due(builder: ReadingBuilder, found: Mapping[str, Found]) -> None:
    """Turn days, which count up to zero, into a day."""
    for name, signal in _DUE.items():
        for said in _told(found, name):
            days = None if said.number is None else -said.number
            if (due_on := day_after(said.captured_at, days)) is not None:
                builder.add(signal, due_on, said.captured_at)


def _ranges(builder: ReadingBuilder, found: Mapping[str, Found]) -> None:
    add_ranges(
        builder,
        [
            (engine == _ELECTRIC, said.value, said.captured_at)
            for place, engine in _engines(found)
            for said in _told(found, f"status.{place}_range")
            if not said.says_nothing
        ],
    )


def _engines(found: Mapping[str, Found]) -> Iterator[tuple[str, float]]:
    """Yield the drives that the car has, and of which kind each is."""
    for place in ("primary", "secondary"):
        for drive in _told(found, f"status.{place}_drive"):
            if drive.number is not None and drive.number != _NO_ENGINE:
                yield place, drive.number


def _burns_nothing(found: Mapping[str, Found]) -> bool:
    """Return whether the car says that it has no engine but electric ones."""
    return {engine for _, engine in _engines(found)} == {_ELECTRIC}
