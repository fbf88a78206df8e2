"""The vehicle status report: one row for each of its numbered fields.

Fields are told apart by their own number only: the groups they stand in differ from
car to car.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.signals import OilLevel, Signal
from ...service.errors import BadAnswer
from ...service.rows import Convert, Harvest, capture_time, dig, number, opened

WHAT: Final = "/bs/vsr/v1/VW/{country}/vehicles/{vin}/status"

_CORNERS: Final = ("left_front", "right_front", "left_rear", "right_rear")
"""In the order of the vocabulary; the report itself goes round by sides."""
_SIDES: Final = ("left_front", "left_rear", "right_front", "right_rear")
_OURS: Final = {name: at for at, name in enumerate(_CORNERS)}
_UNSUPPORTED: Final = "0"
_NO_TIME: Final = 2001
_QUARTER: Final = 900
_ELECTRIC: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: its name, and the signal it is, where it is one.

    `absent` is what it says for a part that the car lacks.
    """

    name: str
    signal: Signal[Any] | None = None
    convert: Convert[Any] = number
    absent: str | None = None


def _words(**words: bool) -> Convert[bool]:
    table = {key.removeprefix("n"): value for key, value in words.items()}
    return lambda value: table.get(value) if isinstance(value, str) else None


_LOCKED: Final = _words(n2=True, n3=False)
# Whether an open door says 1 or 2 is not sure.
_OPEN: Final = _words(n1=True, n2=True, n3=False)
_ON: Final = _words(n1=True, n0=False)


def _lit(value: Any) -> bool | None:
    """Any number but that for off stands for a light or two."""
    found = number(value)
    return None if found is None else found != 2


def _celsius(value: Any) -> float | None:
    tenths = number(value)
    return None if not tenths else round(tenths / 10 - 273.15, 1)


def _remaining(value: Any) -> float | None:
    """Turn a distance that counts up to zero into what is left."""
    found = number(value)
    return None if found is None else -found


def _oil(value: Any) -> str | None:
    low = _ON(value)
    return None if low is None else str(OilLevel.LOW if low else OilLevel.OK)


def _doors() -> Iterator[tuple[str, Field]]:
    for at, side in enumerate((*_SIDES, "trunk", "hood")):
        first = 1 + 3 * at
        corner = _OURS.get(side)
        opening = {"trunk": s.BOOT, "hood": s.BONNET}.get(side)
        lock = None if corner is None else s.DOOR_LOCKS[corner]
        door = opening if corner is None else s.DOORS[corner]
        for step, field in enumerate(
            (
                Field(name=f"doors.lock_{side}", signal=lock, convert=_LOCKED),
                Field(
                    name=f"doors.open_{side}",
                    signal=door,
                    convert=_OPEN,
                    absent=_UNSUPPORTED,
                ),
                Field(name=f"doors.safety_{side}"),
            )
        ):
            yield f"0x03010400{first + step:02X}", field


def _windows() -> Iterator[tuple[str, Field]]:
    rows: tuple[tuple[str, Signal[Any] | None, Signal[Any] | None], ...] = (
        *(
            (side, s.WINDOWS[_OURS[side]], s.WINDOW_POSITIONS[_OURS[side]])
            for side in _SIDES
        ),
        ("convertible_top", s.ROOF, None),
        ("roof", s.SUNROOF, s.SUNROOF_POSITION),
        ("roof_rear", None, None),
        ("service_flap", None, None),
        ("spoiler", None, None),
    )
    for at, (name, state, position) in enumerate(rows):
        first = 1 + 2 * at
        yield (
            f"0x03010500{first:02X}",
            Field(
                name=f"windows.state_{name}",
                signal=state,
                convert=_OPEN,
                absent=_UNSUPPORTED,
            ),
        )
        yield (
            f"0x03010500{first + 1:02X}",
            Field(name=f"windows.position_{name}", signal=position),
        )


def _tyres() -> Iterator[tuple[str, Field]]:
    # Nobody knows the unit of the pressures, so they are no signals.
    places = (*_SIDES, "spare")
    for at, place in enumerate(places):
        for step, kind in enumerate(("current", "desired")):
            ident = f"0x03010600{1 + 2 * at + step:02X}"
            yield ident, Field(name=f"tyre_pressure.{kind}_{place}")
    for at, place in enumerate(places):
        yield f"0x03010600{0x0B + at:02X}", Field(name=f"{_DIFFERENCE}{place}")


_DIFFERENCE: Final = "tyre_pressure.difference_"

FIELDS: Final[Mapping[str, Field]] = {
    "0x0101010001": Field(name="status.utc_time"),
    "0x0101010002": Field(name="status.distance_covered", signal=s.ODOMETER),
    "0x0203010001": Field(
        name="intervals.distance_to_oil_change",
        signal=s.OIL_SERVICE_DUE_DISTANCE,
        convert=_remaining,
    ),
    "0x0203010002": Field(name="intervals.time_to_oil_change"),
    "0x0203010003": Field(
        name="intervals.distance_to_inspection",
        signal=s.INSPECTION_DUE_DISTANCE,
        convert=_remaining,
    ),
    "0x0203010004": Field(name="intervals.time_to_inspection"),
    "0x0203010005": Field(name="intervals.warning_oil_change"),
    "0x0203010006": Field(name="intervals.alarm_inspection"),
    "0x0203010007": Field(
        name="intervals.monthly_mileage", signal=s.DISTANCE_PER_MONTH
    ),
    "0x0204040001": Field(name="oil_level.liters"),
    "0x0204040002": Field(
        name="oil_level.minimum_warning", signal=s.OIL_LEVEL, convert=_oil
    ),
    "0x0204040003": Field(
        name="oil_level.dipstick_percentage", signal=s.OIL_LEVEL_PERCENT
    ),
    "0x0204040004": Field(name="oil_level.display"),
    "0x0204040005": Field(name="oil_level.valid"),
    "0x0204040006": Field(name="oil_level.percentage"),
    "0x02040C0001": Field(name="intervals.ad_blue_range", signal=s.ADBLUE_RANGE),
    "0x02040C0002": Field(name="intervals.ad_blue_no_driveability"),
    "0x0301010001": Field(name="status.parking_light", signal=s.LIGHTS, convert=_lit),
    "0x0301020001": Field(
        name="status.temperature_outside",
        signal=s.OUTSIDE_TEMPERATURE,
        convert=_celsius,
    ),
    "0x0301030001": Field(
        name="status.parking_brake", signal=s.PARKING_BRAKE, convert=_ON
    ),
    "0x0301030002": Field(name="status.state_of_charge", signal=s.BATTERY_LEVEL),
    "0x0301030003": Field(name="status.bem"),
    "0x0301030004": Field(name="status.speed", signal=s.SPEED),
    "0x0301030005": Field(name="status.total_range", signal=s.RANGE_TOTAL),
    "0x0301030006": Field(name="status.primary_range"),
    "0x0301030007": Field(name="status.primary_drive"),
    "0x0301030008": Field(name="status.secondary_range"),
    "0x0301030009": Field(name="status.secondary_drive"),
    "0x030103000A": Field(name="status.fuel_level", signal=s.FUEL_LEVEL),
    "0x030103000B": Field(name="status.fuel_method"),
    "0x030103000D": Field(name="status.cng_level", signal=s.CNG_LEVEL),
    **dict(_doors()),
    **dict(_windows()),
    **dict(_tyres()),
}

_BY_NAME: Final = {field.name: ident for ident, field in FIELDS.items()}
_DUE: Final = {
    "intervals.time_to_inspection": s.INSPECTION_DUE_AT,
    "intervals.time_to_oil_change": s.OIL_SERVICE_DUE_AT,
}
_LONGEST_WAIT: Final = 10_000
_WARNINGS: Final = "0x0202"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A field as the report has it."""

    value: Any
    unit: str | None
    captured_at: datetime | None


def read_report(
    body: Mapping[str, Any], received_at: datetime, channel: str
) -> Harvest:
    """Read a report; every field has a time of its own."""
    found = _fields(body, received_at)
    harvest = Harvest(captured_at=None, received_at=received_at, channel=channel)
    for ident, said in found.items():
        row = FIELDS.get(ident)
        if row is None or row.signal is None or said.value == row.absent:
            continue
        harvest.add(row.signal, row.convert(said.value), said.captured_at)
    for derive in (_central_lock, _tyres_problem, _due, _ranges):
        derive(harvest, found)
    return harvest


def report_of(body: Mapping[str, Any], received_at: datetime) -> dict[str, Any]:
    """Return all fields by group and name, as numbers where they are numbers."""
    groups: dict[str, Any] = {}
    for ident, said in _fields(body, received_at).items():
        name = FIELDS[ident].name if ident in FIELDS else _unlisted(ident)
        group, _, key = name.partition(".")
        value = number(said.value)
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


def _fields(body: Mapping[str, Any], received_at: datetime) -> dict[str, Found]:
    data = opened(
        body,
        WHAT,
        "StoredVehicleDataResponse",
        "RequestResponse",
        "CurrentVehicleDataResponse",
    )
    groups = dig(data, ("vehicleData", "data"))
    if not isinstance(groups, list):
        raise BadAnswer(WHAT)
    found: dict[str, Found] = {}
    for group in groups:
        fields = group.get("field") if isinstance(group, Mapping) else None
        for field in fields if isinstance(fields, list) else ():
            if not isinstance(field, Mapping) or not isinstance(field.get("id"), str):
                continue
            unit = field.get("unit")
            found[field["id"]] = Found(
                value=field.get("value"),
                unit=unit if isinstance(unit, str) else None,
                captured_at=_captured_at(field, received_at),
            )
    return found


def _captured_at(field: Mapping[str, Any], received_at: datetime) -> datetime | None:
    """Return when the car captured a field, or failing that, when it was sent.

    The car's clock is local and names no zone: it is told by the two stamps of the
    sending, one local and one in UTC.
    """
    sent = capture_time(field.get("tsCarSentUtc"), received_at)
    captured, local = (_local(field.get(key)) for key in ("tsCarCaptured", "tsCarSent"))
    if sent is not None and captured is not None and local is not None:
        ahead = (local - sent.replace(tzinfo=None)).total_seconds()
        zone = timedelta(seconds=round(ahead / _QUARTER) * _QUARTER)
        try:
            moment = (captured - zone).replace(tzinfo=UTC)
        except OverflowError:
            return sent
        return min(moment, received_at)
    return sent or capture_time(field.get("tsTssReceivedUtc"), received_at)


def _local(value: Any) -> datetime | None:
    """Return a local time; the first days of 2000 stand for none."""
    try:
        found = datetime.fromisoformat(value)
    except TypeError, ValueError:
        return None
    return found.replace(tzinfo=None) if found.year >= _NO_TIME else None


def _named(found: Mapping[str, Found], name: str) -> Found | None:
    return found.get(_BY_NAME[name])


def _central_lock(harvest: Harvest, found: Mapping[str, Found]) -> None:
    """Tell whether the whole car is locked: all doors, and the boot if it says."""
    names = [f"doors.lock_{side}" for side in (*_SIDES, "trunk")]
    told = [said for name in names if (said := _named(found, name)) is not None]
    locks = [_LOCKED(said.value) for said in told]
    known = [lock for lock in locks if lock is not None]
    if not known or (len(known) != len(locks) and all(known)):
        return
    times = [said.captured_at for said in told if said.captured_at is not None]
    harvest.add(s.DOORS_LOCKED, all(known), max(times, default=None))


def _tyres_problem(harvest: Harvest, found: Mapping[str, Found]) -> None:
    told = [
        said
        for ident, said in found.items()
        if ident in FIELDS and FIELDS[ident].name.startswith(_DIFFERENCE)
    ]
    values = [value for said in told if (value := number(said.value)) is not None]
    if values:
        wrong = any(value != 1 for value in values)
        harvest.add(s.TYRE_PROBLEM, wrong, told[0].captured_at)


def _due(harvest: Harvest, found: Mapping[str, Found]) -> None:
    """Turn days, which count up to zero, into a day."""
    for name, signal in _DUE.items():
        said = _named(found, name)
        days = None if said is None else number(said.value)
        if said is None or days is None or said.captured_at is None:
            continue
        if abs(days) <= _LONGEST_WAIT:
            day = said.captured_at.replace(hour=0, minute=0, second=0, microsecond=0)
            harvest.add(signal, day - timedelta(days=days), said.captured_at)


def _ranges(harvest: Harvest, found: Mapping[str, Found]) -> None:
    """Tell ranges by what drives the car with them."""
    for place in ("primary", "secondary"):
        said = _named(found, f"status.{place}_range")
        drive = _named(found, f"status.{place}_drive")
        engine = None if drive is None else number(drive.value)
        if said is None or engine is None:
            continue
        signal = s.RANGE_ELECTRIC if engine == _ELECTRIC else s.RANGE_FUEL
        harvest.add(signal, number(said.value), said.captured_at)
