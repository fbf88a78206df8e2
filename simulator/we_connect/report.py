"""The vehicle status report: one row for each field, as a table of numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from carport.twin import health
from carport.twin.readings import signals_of
from carport.twin.twin import Drive, Equipment, Twin, TwinSpec, TwinState
from carport.twin.weather import local_offset

type Say = Callable[[TwinState, TwinSpec], float | int | str | None]

_LOW_TYRE: Final = 2.1
_CORNERS: Final = (0, 2, 1, 3)
"""The report goes round by sides: left front, left rear, right front, right rear."""
_ENGINES: Final = {Drive.ELECTRIC: (3,), Drive.HYBRID: (3, 6), Drive.COMBUSTION: (5,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: what it says of a car; None leaves it out."""

    ident: str
    say: Say
    unit: str | None = None


def _flags(*values: tuple[str, Callable[[TwinState], bool], int, int]) -> list[Field]:
    """Make fields that say one number for true and another for false."""

    def row(ident: str, test: Callable[[TwinState], bool], yes: int, no: int) -> Field:
        return Field(ident=ident, say=lambda state, _spec: yes if test(state) else no)

    return [row(*value) for value in values]


def _door_of(corner: int) -> Callable[[TwinState], bool]:
    return lambda state: state.doors[corner]


def _doors() -> Iterator[Field]:
    for place, corner in enumerate(_CORNERS):
        first = 1 + 3 * place
        yield from _flags(
            (f"0x03010400{first:02X}", lambda state: state.locked, 2, 3),
            (f"0x03010400{first + 1:02X}", _door_of(corner), 2, 3),
            (f"0x03010400{first + 2:02X}", lambda state: state.locked, 2, 3),
        )
    yield from _flags(
        ("0x030104000D", lambda state: state.locked, 2, 3),
        ("0x030104000E", lambda state: state.boot, 2, 3),
        ("0x030104000F", lambda state: state.locked, 2, 3),
        ("0x0301040011", lambda state: state.bonnet, 2, 3),
    )


def _window(corner: int, is_open: int, is_shut: int) -> Say:
    return lambda state, _spec: is_open if state.windows[corner] else is_shut


def _sunroof(is_open: int, is_shut: int, lacking: int | None) -> Say:
    def say(state: TwinState, spec: TwinSpec) -> int | None:
        if Equipment.SUNROOF not in spec.equipment:
            return lacking
        return is_open if state.sunroof else is_shut

    return say


def _windows() -> Iterator[Field]:
    for place, corner in enumerate(_CORNERS):
        first = 1 + 2 * place
        yield Field(ident=f"0x03010500{first:02X}", say=_window(corner, 2, 3))
        position = _window(corner, 100, 0)
        yield Field(ident=f"0x03010500{first + 1:02X}", say=position, unit="%")
    yield Field(ident="0x0301050009", say=lambda _state, _spec: 0)
    yield Field(ident="0x030105000B", say=_sunroof(2, 3, 0))
    yield Field(ident="0x030105000C", say=_sunroof(40, 0, None), unit="%")


def _tyre(corner: int) -> Say:
    def say(state: TwinState, spec: TwinSpec) -> int | None:
        if Equipment.TYRE_PRESSURES not in spec.equipment:
            return None
        return 1 if state.tyre_pressures[corner] > _LOW_TYRE else 2

    return say


def _tyres() -> Iterator[Field]:
    for place, corner in enumerate(_CORNERS):
        yield Field(ident=f"0x03010600{0x0B + place:02X}", say=_tyre(corner))


def _said(key: str) -> Say:
    """Say what the demo says of the same car."""

    def say(state: TwinState, spec: TwinSpec) -> float | int | None:
        for row in signals_of(spec):
            if row.signal.key == key:
                value = row.say(state, spec)
                return round(value) if isinstance(value, (int, float)) else None
        return None

    return say


def _range(place: int) -> Say:
    def say(state: TwinState, spec: TwinSpec) -> float | int | str | None:
        engines = _ENGINES[spec.drive]
        if place >= len(engines):
            return None
        return _said("range_electric" if engines[place] == 3 else "range_fuel")(
            state, spec
        )

    return say


def _engine(place: int) -> Say:
    def say(_state: TwinState, spec: TwinSpec) -> int | None:
        engines = _ENGINES[spec.drive]
        return engines[place] if place < len(engines) else None

    return say


def _days_left(name: str) -> Say:
    def say(state: TwinState, _spec: TwinSpec) -> int:
        left = getattr(state, name) - state.health_reported_at
        # Negative is what remains.
        return -max(int(left / timedelta(days=1)), 0)

    return say


def _burning(say: Say) -> Say:
    return lambda state, spec: (
        None if spec.drive is Drive.ELECTRIC else say(state, spec)
    )


FIELDS: Final = (
    Field(
        ident="0x0101010001",
        say=lambda state, _spec: state.health_reported_at.isoformat(),
    ),
    Field(ident="0x0101010002", say=lambda state, _spec: int(state.odometer)),
    Field(
        ident="0x0203010001",
        say=_burning(lambda state, _spec: -round(health.service_due(state) / 2)),
        unit="km",
    ),
    Field(
        ident="0x0203010002", say=_burning(_days_left("service_due_at")), unit="days"
    ),
    Field(
        ident="0x0203010003",
        say=lambda state, _spec: -round(health.service_due(state)),
        unit="km",
    ),
    Field(ident="0x0203010004", say=_days_left("inspection_due_at"), unit="days"),
    Field(ident="0x0203010007", say=lambda _state, _spec: 1400, unit="km"),
    Field(ident="0x0204040002", say=_burning(lambda _state, _spec: 0)),
    Field(ident="0x0204040003", say=_burning(lambda _state, _spec: 62), unit="%"),
    Field(ident="0x02040C0001", say=_said("adblue_range"), unit="km"),
    *_flags(
        ("0x0301010001", lambda state: state.lights, 1, 2),
        ("0x0301030001", lambda state: not state.moving, 1, 0),
    ),
    Field(
        ident="0x0301020001",
        say=lambda state, _spec: round((state.outside_temperature + 273.15) * 10),
        unit="dK",
    ),
    Field(ident="0x0301030002", say=_said("battery_level"), unit="%"),
    Field(
        ident="0x0301030004", say=lambda state, _spec: round(state.speed), unit="km/h"
    ),
    Field(ident="0x0301030005", say=_said("range_total"), unit="km"),
    Field(ident="0x0301030006", say=_range(0), unit="km"),
    Field(ident="0x0301030007", say=_engine(0)),
    Field(ident="0x0301030008", say=_range(1), unit="km"),
    Field(ident="0x0301030009", say=_engine(1)),
    Field(ident="0x030103000A", say=_said("fuel_level"), unit="%"),
    Field(ident="0x030103000B", say=_burning(lambda _state, _spec: 0)),
    *_doors(),
    *_windows(),
    *_tyres(),
)


def vsr(twin: Twin) -> dict[str, Any]:
    """Return the report that the cloud keeps of a car."""
    report, spec = twin.report, twin.spec
    times = _times(report.captured_at, spec)
    mileage = int(report.state.odometer)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in FIELDS:
        said = row.say(report.state, spec)
        if said is None:
            continue
        field: dict[str, Any] = {
            "id": row.ident,
            **times,
            "milCarCaptured": mileage,
            "milCarSent": mileage,
            "value": str(said),
        }
        if row.unit is not None:
            field["unit"] = row.unit
        groups.setdefault(f"{row.ident[:8]}FFFF", []).append(field)
    return {
        "vin": spec.vin,
        "vehicleData": {
            "data": [{"id": key, "field": fields} for key, fields in groups.items()]
        },
    }


def _times(captured_at: datetime, spec: TwinSpec) -> dict[str, str]:
    """Return when: the car's own clock is local and says no zone."""
    ahead = timedelta(seconds=local_offset(spec.home.longitude))
    local = (captured_at + ahead).replace(tzinfo=None, microsecond=0).isoformat()
    utc = f"{captured_at.replace(tzinfo=None, microsecond=0).isoformat()}Z"
    return {
        "tsCarSentUtc": utc,
        "tsCarSent": local,
        "tsCarCaptured": local,
        "tsTssReceivedUtc": utc,
    }
