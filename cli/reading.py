"""Reading cars now, and following them live."""

import asyncio
from collections.abc import Collection
from functools import partial

from carport.car.signals import SIGNALS
from carport.cloud.errors import CloudError
from carport.engine import GarageCar

from .choosing import KnownCar, known_cars
from .exits import Exit, exit_of_error
from .home import AccountRecord, Home
from .output import Output
from .sessions import Session, open_accounts
from .tables import reading_json, say_age, say_value
from .words import say_error, say_signal, say_time


async def read_all(home: Home, records: Collection[AccountRecord], out: Output) -> Exit:
    """Read every car of some accounts once; tell what cannot be read."""
    code = Exit.DONE
    async with open_accounts(home, records) as session:
        for record in records:
            for vin in sorted(session.account(record.name).shown_cars):
                try:
                    await session.account(record.name).read(vin)
                except CloudError as error:
                    code = exit_of_error(error)
                    out.note(f"…{vin[-4:]}: {say_error(error)}", "yellow")
    return code


async def read_one(
    home: Home,
    car: KnownCar,
    out: Output,
    *,
    rationed: bool = False,
    pin: str | None = None,
) -> None:
    """Read a car now through its best account."""
    async with open_accounts(home, car.accounts) as session:
        session.car(car.vin)
        known = await session.engine.read(car.vin)
        if rationed:
            await session.engine.read_rationed(car.vin, pin)
        now = session.engine.garage.clock_of(known).now()
        captured_at = known.captured_at
        if out.as_json:
            out.json(
                {
                    "vin": car.vin,
                    "captured_at": captured_at and captured_at.isoformat(),
                    "stale": known.stale,
                }
            )
        else:
            age = say_age(captured_at, now)
            stale = ", which is old for this car" if known.stale else ""
            out.line(f"{car.label}: read. Newest data: {age}{stale}.")


async def watch(home: Home, car: KnownCar | None, out: Output) -> Exit:
    """Follow cars until Ctrl-C: a line for each change."""
    cars = known_cars(home) if car is None else [car]
    records = {one.name: one for each in cars for one in each.accounts}
    async with open_accounts(home, records.values()) as session:
        for name, error in session.failed.items():
            out.note(f"{name}: {say_error(error)}", "yellow")
        if records and len(session.failed) == len(records):
            raise next(iter(session.failed.values()))
        for each in cars:
            if (known := session.engine.cars.get(each.vin)) is not None:
                _follow(session, each, known, out)
        for account in session.engine.accounts.values():
            account.start()
        out.note("Following. Ctrl-C ends it.")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return Exit.DONE
    return Exit.DONE


def _follow(session: Session, car: KnownCar, known: GarageCar, out: Output) -> None:
    for key in SIGNALS:
        session.engine.garage.subscribe(
            car.vin, (key,), partial(_tell, key, car, known, out)
        )


def _tell(key: str, car: KnownCar, known: GarageCar, out: Output) -> None:
    """Print a change; a wish that is only pending is none."""
    reading = known.snapshot.readings.get(key)
    if reading is None:
        return
    if out.as_json:
        out.json({"vin": car.vin, **reading_json(reading)})
        return
    when = say_time(reading.captured_at or reading.received_at)
    value = say_value(reading.signal, reading.value)
    out.line(f"{when}  {car.label}  {say_signal(key)}: {value}")
