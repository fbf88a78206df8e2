"""The work behind the original's fourteen arguments, in its order, for any maker's car."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from carport.car import signals as s
from carport.car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    SetTemperature,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
)
from carport.car.limits import Limits, nearest
from carport.car.signals import Signal
from carport.car.snapshot import Snapshot
from carport.car.switches import SetWindowHeating
from carport.cloud.errors import CloudError
from carport.engine import GarageCar
from carport.mqtt.classic_groups import FULLSTATE, STATE, Group

from .choosing import KnownCar, known_cars, plain
from .classic_telling import Telling, telling
from .exits import Exit, Failure, exit_of_error, exit_of_receipt
from .home import Home
from .output import Output
from .sending import send_open
from .sessions import Session, open_accounts
from .tables import grid, say_age, say_value
from .words import say_error, say_signal

_SHORT: Final[tuple[Signal[Any], ...]] = (
    s.DOORS_LOCKED,
    s.RANGE_TOTAL,
    s.RANGE_ELECTRIC,
    s.BATTERY_LEVEL,
    s.FUEL_LEVEL,
    s.OUTSIDE_TEMPERATURE,
)
_FULL: Final[tuple[Signal[Any], ...]] = (
    *_SHORT,
    s.TARGET_TEMPERATURE,
    s.CLIMATE_ACTIVE,
    s.WINDOW_HEATING,
    s.PARKED_AT,
    s.LOCATION,
    s.PARKED_LOCATION,
    s.CHARGING,
    s.CHARGING_STATE,
    s.TIME_TO_FULL,
    s.PLUGGED_IN,
    s.PLUG_LOCKED,
)
"""State, climate, position, charger: the order of the original."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extent:
    """How much of a car's state is shown, and which topics tell as much."""

    signals: tuple[Signal[Any], ...]
    groups: tuple[Group, ...]


_STATE: Final = _Extent(signals=_SHORT, groups=(STATE,))
_FULL_STATE: Final = _Extent(signals=_FULL, groups=FULLSTATE)

_ON: Final = {"1": True, "on": True, "0": False, "off": False}
_NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for; None where it was not."""

    profile: bool = False
    state: bool = False
    full_state: bool = False
    vin: str | None = None
    plate: str | None = None
    name: str | None = None
    charger: str | None = None
    clima: str | None = None
    temperature: float | None = None
    window: str | None = None
    honk: str | None = None
    flash: str | None = None

    @property
    def commands(self) -> bool:
        """Whether something is asked of one car."""
        asked = (self.charger, self.clima, self.window, self.honk, self.flash)
        return self.temperature is not None or any(one is not None for one in asked)

    @property
    def anything(self) -> bool:
        """Whether there is anything to do."""
        return self.profile or self.state or self.full_state or self.commands


async def classic(home: Home, wanted: Wanted, out: Output) -> Exit:
    """Do all that was asked for, and end with the code of what failed first."""
    for word in (
        wanted.charger,
        wanted.clima,
        wanted.window,
        wanted.honk,
        wanted.flash,
    ):
        _flag(word)
    cars = known_cars(home)
    if not cars:
        raise Failure(
            Exit.REFUSED, "no_cars", "There is no car yet. Add an account: carport add"
        )
    chosen = _chosen(cars, wanted)
    if chosen is None and wanted.commands:
        raise Failure(
            Exit.REFUSED,
            "no_car",
            "Which car? Give --vin, --plate or --name before anything is sent to it.",
        )
    shown = cars if chosen is None else [chosen]
    records = {one.name: one for car in shown for one in car.accounts}
    async with (
        open_accounts(home, tuple(records.values())) as session,
        telling(home) as told,
    ):
        work = _Work(session=session, home=home, out=out, told=told)
        if wanted.profile:
            work.profile(cars)
            await work.state(shown[-1], _STATE)
        for asked, extent in (
            (wanted.state, _STATE),
            (wanted.full_state, _FULL_STATE),
        ):
            if asked:
                for car in shown:
                    await work.state(car, extent)
        if chosen is not None:
            await work.command(chosen, wanted)
    return work.code


def _chosen(cars: Sequence[KnownCar], wanted: Wanted) -> KnownCar | None:
    """Return the car that is meant: by VIN, else plate, else name, else the only one."""
    for word, names in (
        (wanted.vin, lambda car: {car.vin}),
        (wanted.plate, lambda car: {car.plate or ""}),
        (wanted.name, lambda car: car.names),
    ):
        if word is None:
            continue
        found = [
            car for car in cars if plain(word) in {plain(name) for name in names(car)}
        ]
        if len(found) != 1:
            listed = ", ".join(car.label for car in cars)
            key, text = (
                ("ambiguous_car", "Several cars are called that.")
                if found
                else ("unknown_car", "No car is called that.")
            )
            raise Failure(Exit.REFUSED, key, f"{text} Cars: {listed}.")
        return found[0]
    return cars[0] if len(cars) == 1 else None


def _flag(word: str | None) -> bool | None:
    if word is None:
        return None
    try:
        return _ON[word.strip().lower()]
    except KeyError:
        raise Failure(Exit.USAGE, "bad_word", "It takes 1, 0, on or off.") from None


@dataclass(slots=True, kw_only=True)
class _Work:
    """What is done in one run, and the code of what failed first."""

    session: Session
    home: Home
    out: Output
    told: Telling | None
    """The broker that hears of it too, if there is one."""
    code: Exit = Exit.DONE

    def profile(self, cars: Sequence[KnownCar]) -> None:
        """Tell the accounts and their cars."""
        records = {one.name: one for car in cars for one in car.accounts}
        table = grid("Account", "Region", "PIN stored", "Car", "VIN")
        for record in records.values():
            own = [car for car in cars if record in car.accounts]
            for number, car in enumerate(own):
                account = (record.title, record.region, "yes" if record.pin else "no")
                table.add_row(
                    *(account if number == 0 else ("", "", "")), car.label, car.vin
                )
        self.out.table(table)

    async def state(self, car: KnownCar, extent: _Extent) -> None:
        """Read a car, and tell what it says, or why that is old."""
        known = await self._read(car)
        if known is None:
            return
        if self.told is not None:
            self.told.state(known, extent.groups)
        self.out.line(car.label)
        now = self.session.engine.garage.clock_of(known).now()
        table = grid("", "Value", "Age", right=("Value",))
        for signal, value, age in _values(known.snapshot, extent.signals):
            table.add_row(say_signal(signal.key), value, say_age(age, now))
        self.out.table(table)

    async def command(self, car: KnownCar, wanted: Wanted) -> None:
        """Send what was asked for, one after the other."""
        command: Command
        if (charge := _flag(wanted.charger)) is not None:
            command = StartCharging() if charge else StopCharging()
            await self._send(car, "charger", command)
        if (clima := _flag(wanted.clima)) is not None:
            command = StartClimate() if clima else StopClimate()
            await self._send(car, "clima", command)
        if wanted.temperature is not None:
            make = partial(_temperature, wanted.temperature)
            await self._send(car, "climatemp", make)
        if (window := _flag(wanted.window)) is not None:
            await self._send(car, "window", SetWindowHeating(on=window))
        for word, mode in (
            (wanted.honk, HornMode.HONK),
            (wanted.flash, HornMode.FLASH),
        ):
            # "Off" is no horn of no length, but nothing to do.
            if _flag(word) and await self._read(car, for_horn=mode) is not None:
                await self._send(car, str(mode), partial(_horn, mode))

    async def _read(
        self, car: KnownCar, *, for_horn: HornMode | None = None
    ) -> GarageCar | None:
        """Read a car now; tell what is in the way."""
        try:
            self.session.car(car.vin)
            return await self.session.engine.read(car.vin)
        except CloudError as error:
            self.out.note(f"{car.label}: {say_error(error)}", "red")
            self._note(exit_of_error(error))
            if self.told is not None and for_horn is None:
                self.told.unread(car.vin, STATE, error)
            elif self.told is not None:
                self.told.unsent(car.vin, str(for_horn), error)
            return None

    async def _send(
        self,
        car: KnownCar,
        name: str,
        command: Command | Callable[[GarageCar], Command],
    ) -> None:
        try:
            known = self.session.car(car.vin)
        except CloudError as error:
            if self.told is not None:
                self.told.unsent(car.vin, name, error)
            raise
        if not isinstance(command, Command):
            command = command(known)
        receipt = await send_open(
            self.session, self.home, car, command, self.out, wait=True, pin=None
        )
        self._note(exit_of_receipt(receipt))
        if self.told is not None:
            self.told.response(car.vin, name, receipt)
        if not self.session.engine.accounts:
            raise Failure(self.code, "stopped", "Stopped. Nothing further was sent.")

    def _note(self, code: Exit) -> None:
        if self.code is Exit.DONE:
            self.code = code


def _temperature(wanted: float, car: GarageCar) -> Command:
    """Return the target on the car's steps; its limits judge it."""
    limits = car.commands.get(CommandKind.SET_TEMPERATURE, _NO_LIMITS)
    return SetTemperature(temperature=nearest(wanted, limits))


def _horn(mode: HornMode, car: GarageCar) -> Command:
    """Return the way in which the car makes itself noticed; some can only do both."""
    words = car.commands.get(CommandKind.HONK_AND_FLASH, _NO_LIMITS).words
    both = HornMode.HONK_AND_FLASH
    alone = mode in words or both not in words or mode is HornMode.FLASH
    return HonkAndFlash(mode=mode if alone else both)


def _values(
    snapshot: Snapshot, signals: Sequence[Signal[Any]]
) -> Iterator[tuple[Signal[Any], str, Any]]:
    for signal in signals:
        reading = snapshot.readings.get(signal.key)
        if reading is not None and reading.value is not None:
            yield signal, say_value(signal, reading.value), reading.captured_at
