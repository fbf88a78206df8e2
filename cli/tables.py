"""What is known, as tables for people and as JSON with stable keys for programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
import re
from typing import Any, Final

from rich import box
from rich.table import Table

from carport.car import signals as s
from carport.car.schedule import Schedule, Weekday
from carport.car.signals import SIGNALS, Position, Signal, Value
from carport.car.snapshot import Reading, Snapshot
from carport.engine import GarageCar

from .choosing import KnownCar
from .words import say_signal, say_time, say_word

_MAIN: Final[tuple[Signal[Any], ...]] = (
    s.DOORS_LOCKED,
    s.BATTERY_LEVEL,
    s.RANGE_ELECTRIC,
    s.CHARGING,
    s.CHARGING_STATE,
    s.PLUGGED_IN,
    s.CHARGE_LIMIT,
    s.TIME_TO_FULL,
    s.FUEL_LEVEL,
    s.RANGE_FUEL,
    s.RANGE_TOTAL,
    s.ODOMETER,
    s.CLIMATE_ACTIVE,
    s.TARGET_TEMPERATURE,
    s.INSIDE_TEMPERATURE,
    s.OUTSIDE_TEMPERATURE,
    s.HEALTH,
)
"""What `show` tells without `--all`, in this order."""

_FLAGS: Final = (
    (("locked", "unlocked"), (re.compile(r"\w+_lock|plug_locked"),)),
    (
        ("open", "closed"),
        (
            re.compile(r"(door|window)s?_(front|rear)_(left|right)"),
            re.compile(r"(doors|windows)_open|boot|bonnet|roof|sunroof|rear_window"),
            re.compile(r"charge_flap"),
        ),
    ),
    (("problem", "ok"), (re.compile(r"health_\w+|\w+_problem"),)),
    (("low", "ok"), (re.compile(r"battery_12v_low"),)),
    (("not secured", "secured"), (re.compile(r"unsecured"),)),
    (("on", "off"), (re.compile(r"lights|parking_light_(left|right)"),)),
)
"""What yes and no are called, by the keys of signals."""

_UNITS: Final = {
    "distance": "km",
    "distance_electric": "km",
    "duration": "min",
    "consumption_electric": "kWh/100km",
    "consumption_fuel": "L/100km",
    "average_speed": "km/h",
    "level_start": "%",
    "level_end": "%",
    "range_start": "km",
    "range_end": "km",
    "energy": "kWh",
    "odometer": "km",
}
"""What the figures of a history are counted in, for the headings that people read."""

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def grid(*columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table; some columns hold figures."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table


def say_age(then: datetime | None, now: datetime) -> str:
    """Return how long ago something was."""
    if then is None:
        return "–"
    age = max(now - then, timedelta())
    if age < _MINUTE:
        return "now"
    if age < _HOUR:
        return f"{age // _MINUTE} min ago"
    if age < 2 * _DAY:
        return f"{age // _HOUR} h ago"
    return f"{age // _DAY} days ago"


def say_value(signal: Signal[Any], value: Value | None) -> str:
    """Return a value as people read it, with its unit."""
    if value is None:
        return "no longer so"
    match value:
        case bool():
            return _say_flag(signal.key, value)
        case float() | int():
            unit = f" {signal.unit}" if signal.unit else ""
            return (
                f"{value:.15g}{unit}" if value == int(value) else f"{value:.1f}{unit}"
            )
        case datetime():
            return say_time(value)
        case date():
            return value.isoformat()
        case Position():
            return f"{value.latitude:.5f}, {value.longitude:.5f}"
        case Schedule():
            on = sum(slot.enabled for slot in value.slots)
            return f"{len(value.slots)} timers, {on} on"
        case tuple():
            return str(len(value))
    return say_word(signal.key, value)


def _say_flag(key: str, value: bool) -> str:
    """Return a yes or no in the words of what it is about."""
    for words, names in _FLAGS:
        if any(name.fullmatch(key) for name in names):
            return words[not value]
    return "yes" if value else "no"


# cars


def cars_table(
    cars: Iterable[KnownCar], garage: Mapping[str, GarageCar], now: datetime
) -> Table:
    """Return all cars, a line each."""
    table = grid("Car", "VIN", "Locked", "Battery", "Range", "Data", "Accounts")
    for car in cars:
        snapshot = _snapshot(garage, car)
        table.add_row(
            _name(car),
            f"…{car.vin[-4:]}",
            _short(snapshot, s.DOORS_LOCKED),
            _short(snapshot, s.BATTERY_LEVEL, s.FUEL_LEVEL),
            _short(snapshot, s.RANGE_ELECTRIC, s.RANGE_TOTAL, s.RANGE_FUEL),
            say_age(snapshot.captured_at(), now),
            ", ".join(record.name for record in car.accounts),
        )
    return table


def cars_json(
    cars: Iterable[KnownCar], garage: Mapping[str, GarageCar]
) -> list[dict[str, Any]]:
    """Return all cars for programs."""
    return [
        {
            "vin": car.vin,
            "name": _name(car),
            "manufacturer": car.description.manufacturer,
            "model": car.description.model,
            "model_year": car.description.model_year,
            "accounts": [record.name for record in car.accounts],
            "captured_at": _iso(_snapshot(garage, car).captured_at()),
        }
        for car in cars
    ]


def _name(car: KnownCar) -> str:
    described = car.description
    return described.nickname or " ".join(
        part for part in (described.manufacturer, described.model) if part
    )


def _snapshot(garage: Mapping[str, GarageCar], car: KnownCar) -> Snapshot:
    known = garage.get(car.vin)
    return Snapshot() if known is None else known.snapshot


def _short(snapshot: Snapshot, *signals: Signal[Any]) -> str:
    for signal in signals:
        if (value := snapshot.value(signal)) is not None:
            return say_value(signal, value)
    return "–"


# show


def show_table(snapshot: Snapshot, now: datetime, *, everything: bool) -> Table:
    """Return what is known of a car, with its age and where it came from."""
    table = grid("", "Value", "Age", "From", right=("Value",))
    for reading in _chosen(snapshot, everything=everything):
        table.add_row(
            say_signal(reading.signal.key),
            say_value(reading.signal, reading.value),
            say_age(reading.captured_at, now),
            reading.channel,
        )
    return table


def show_json(car: KnownCar, snapshot: Snapshot) -> dict[str, Any]:
    """Return everything known of a car for programs."""
    (described,) = cars_json([car], {})
    described["captured_at"] = _iso(snapshot.captured_at())
    return {
        **described,
        "readings": [reading_json(one) for one in snapshot.readings.values()],
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    """Return one reading for programs."""
    value = reading.value
    return {
        "signal": reading.signal.key,
        "value": None if value is None else reading.signal.encode(value),
        "unit": str(reading.signal.unit) if reading.signal.unit else None,
        "captured_at": _iso(reading.captured_at),
        "not_before": _iso(reading.not_before),
        "received_at": _iso(reading.received_at),
        "channel": reading.channel,
    }


def _chosen(snapshot: Snapshot, *, everything: bool) -> Iterator[Reading]:
    keys = [signal.key for signal in _MAIN]
    if everything:
        keys += [key for key in SIGNALS if key not in keys]
    for key in keys:
        reading = snapshot.readings.get(key)
        if reading is not None and (everything or reading.value is not None):
            yield reading


def doors_table(
    car: KnownCar, attempted: Mapping[str, datetime | None], now: datetime
) -> Table:
    """Return the accounts by which a car is reached, and when each was tried."""
    table = grid("Account", "Service", "Last tried")
    for record in car.accounts:
        table.add_row(
            record.name, record.title, say_age(attempted.get(record.name), now)
        )
    return table


# timers


def timers_table(schedule: Schedule) -> Table:
    """Return a car's timers, a line each."""
    table = grid("Timer", "On", "When", "Days", "Does")
    for slot in schedule.slots:
        times = []
        if slot.departure is not None:
            times.append(f"leaves {slot.departure:%H:%M}")
        if slot.charge_window is not None:
            window = slot.charge_window
            times.append(f"{window.start:%H:%M}–{window.end:%H:%M}")
        days = (
            " ".join(Weekday(day).name[:2].title() for day in sorted(slot.days))
            if slot.days
            else str(slot.once_on or "once")
        )
        does = [word for word in ("charge", "climate") if getattr(slot, word)]
        table.add_row(
            str(slot.number),
            "yes" if slot.enabled else "no",
            ", ".join(times) or "–",
            days,
            ", ".join(does) or "–",
        )
    return table


# history


def flat_rows(answer: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
    """Return the lines of a list; nested values go by keys with dots."""
    lines = answer.get(what)
    if not isinstance(lines, list):
        lines = [answer] if answer else []
    return [dict(_flat(line)) for line in lines if isinstance(line, Mapping)]


def rows_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return lines as a table of the columns that any of them fills.

    A single line stands upright, a value below the other.
    """
    columns = filled_columns(rows)
    if len(rows) == 1:
        upright = grid("", "Value")
        for column in columns:
            upright.add_row(_heading(column), _cell(rows[0].get(column)))
        return upright
    table = grid(*map(_heading, columns))
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    return table


def _heading(column: str) -> str:
    name = column.replace("_", " ").replace(".", " ")
    unit = _UNITS.get(column.rpartition(".")[2])
    return f"{name} ({unit})" if unit else name


def filled_columns(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the keys with a value in any line, in the order in which they come."""
    found: dict[str, None] = {}
    for row in rows:
        found |= dict.fromkeys(key for key, value in row.items() if value is not None)
    return list(found)


def _flat(line: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in line.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            for number, item in enumerate(value, 1):
                if isinstance(item, Mapping):
                    yield from _flat(item, f"{prefix}{key}.{number}.")
                else:
                    yield f"{prefix}{key}.{number}", item
        else:
            yield f"{prefix}{key}", value


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1f}"
    text = str(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return say_time(moment) if moment.tzinfo is not None else text


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
