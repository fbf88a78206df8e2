"""What a terminal shows of cars, to the letter, at two widths."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from carport.car import signals as s
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import Signal, Value
from carport.car.snapshot import Reading, Snapshot
from carport.cloud.contract import Car
from carport.engine.vehicle_list import KnownVehicles
from cli.files import write_json
from cli.home import AccountRecord, Home

from .terminal import Terminal

FIRST = "WVWZZZTESTRUNNER1"
SECOND = "WVWZZZTESTRUNNER2"


TIMERS = Schedule(
    slots=(
        Slot(
            number=1,
            enabled=True,
            departure=time(7, 30),
            days=frozenset({Weekday.MONDAY, Weekday.FRIDAY}),
            climate=True,
        ),
        Slot(
            number=2,
            enabled=False,
            charge=True,
            charge_window=Window(start=time(23), end=time(5)),
            days=frozenset(Weekday),
        ),
    )
)


def reading(signal: Signal[Any], value: Value, age: timedelta, by: str) -> Reading:
    """Return a reading of some time ago; half a minute less keeps its age steady."""
    at = datetime.now(UTC) - age - timedelta(seconds=5)
    return Reading(
        signal=signal, value=value, captured_at=at, received_at=at, channel=by
    )


def fill(home: Home) -> None:
    """Keep two cars: one read by two accounts, one never."""
    now = datetime.now(UTC)
    cars = (
        Car(vin=FIRST, manufacturer="Volkswagen", model="e-Golf", nickname="Flitzer"),
        Car(vin=SECOND, manufacturer="Volkswagen", model="ID. Buzz Pro [long]"),
    )
    both = (("car_net", "us", cars), ("demo", "demo", cars[:1]))
    for name, region, listed in both:
        home.keep(AccountRecord(name=name, service=name, region=region))
        write_json(
            home.folder(name) / "account.json",
            {
                "cars": KnownVehicles().after(listed, now).to_json(),
                "attempted": {FIRST: (now - timedelta(minutes=7)).isoformat()},
            },
        )
    some, minutes, hours = (
        timedelta(minutes=5),
        timedelta(minutes=50),
        timedelta(hours=3),
    )
    known = Snapshot().merge(
        (
            reading(s.DOORS_LOCKED, True, some, "car_net"),
            reading(s.BATTERY_LEVEL, 78.0, some, "car_net"),
            reading(s.RANGE_ELECTRIC, 211.4, minutes, "demo"),
            reading(s.CHARGING_STATE, "charging", minutes, "demo"),
            reading(s.ODOMETER, 56618.0, hours, "car_net"),
            reading(s.DOORS[0], True, timedelta(days=4), "car_net"),
            reading(s.SCHEDULE, TIMERS, hours, "car_net"),
        )
    )
    row: dict[str, Any] = {"vin": FIRST, "description": {"manufacturer": "Volkswagen"}}
    row["snapshot"] = known.snapshot.to_json()
    write_json(home.garage, {"garage": {"cars": [row]}, "guard": {}})


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    "words",
    [
        ("cars",),
        ("show", "flitzer"),
        ("show", "flitzer", "--all"),
        ("accounts",),
        ("timers", "flitzer"),
        ("budget",),
    ],
    ids=" ".join,
)
async def test_looks(
    terminal: Terminal,
    words: tuple[str, ...],
    columns: int,
    snapshot: SnapshotAssertion,
) -> None:
    """No mark-up, no colour in a pipe, ages and doors."""
    fill(Home(terminal.home))
    done = await terminal.run(*words, columns=columns)
    assert done.code == 0, done.err
    assert "\x1b" not in done.out
    assert done.out == snapshot
