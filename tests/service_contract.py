"""What every service must do, whatever cloud it speaks to.

A service's own test module derives from `ServiceContract` and brings a fixture
`under_test`; everything below then runs against that service and its cloud.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import ClassVar

import pytest

from carport.car import commands as c
from carport.car.commands import (
    Command,
    CommandKind,
    SendDestination,
    SetNotifications,
    SetSchedule,
)
from carport.car.limits import Limits
from carport.car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from carport.car.signals import SIGNALS, ChargeMode, Value
from carport.car.snapshot import Snapshot
from carport.car.switches import (
    SetAutoUnlockPlug,
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetDefrost,
    SetVentilation,
    SetWindowHeating,
    SwitchCommand,
)
from carport.cloud.contract import Car, Confirmation, Progress, Ticket
from carport.cloud.errors import CloudError, NotSupported
from carport.twin.readings import readings
from carport.twin.twin import Report, Twin
from tests.account_contract import AccountContract
from tests.odd_answers_contract import OddAnswersContract
from tests.service_under_test import ServiceUnderTest, check_readings

__all__ = ["CarContract", "ServiceContract", "ServiceUnderTest"]


class CarContract(OddAnswersContract):
    """The tests that concern one kind of car; each one signs in anew."""

    async def test_the_description_is_complete(
        self, under_test: ServiceUnderTest
    ) -> None:
        """Forms, cadence and garage find everything they read."""
        info = under_test.service.info
        assert info.key.isidentifier()
        assert info.name
        assert info.manufacturer
        assert info.hosts
        assert 0 < info.verify_after < info.timeout
        assert info.sign_ins_a_day > 0
        cadence = info.cadence
        assert 0 < cadence.driving <= cadence.charging <= cadence.parked
        assert cadence.parked <= cadence.asleep
        for limit in info.call_limits:
            assert 0 <= limit.reserve < limit.calls
        keys = [field.key for field in info.credentials]
        assert len(set(keys)) == len(keys)

    async def test_a_sign_in_tells_the_account_and_its_cars(
        self, under_test: ServiceUnderTest
    ) -> None:
        """The account's id is stable, and so is the list of cars."""
        sut = under_test
        account = await sut.run(sut.service.sign_in(sut.credentials))
        assert account
        first = await sut.run(sut.service.cars())
        assert sut.vin in {car.vin for car in first}
        assert len({car.vin for car in first}) == len(first)
        for car in first:
            assert len(car.vin) == 17
            assert car.manufacturer
            assert car.drive in {"electric", "hybrid", "combustion", None}
        assert await sut.run(sut.service.cars()) == first

    async def test_readings_are_in_the_vocabulary(
        self, under_test: ServiceUnderTest
    ) -> None:
        """Every reading has a known signal, a possible value and aware times."""
        sut = under_test
        await sut.run(sut.service.sign_in(sut.credentials))
        for car in await sut.run(sut.service.cars()):
            result = await sut.run(sut.service.read(car))
            assert result.readings
            check_readings(result, sut.clock.now())

    async def test_every_command_reaches_the_car(
        self, under_test: ServiceUnderTest
    ) -> None:
        """Each offered command is taken, done by the car, and seen in its readings."""
        sut = under_test
        await sut.run(sut.service.sign_in(sut.credentials))
        car = await sut.car()
        observed = Snapshot().merge((await sut.run(sut.service.read(car))).readings)
        offered = sut.service.commands(car, observed.snapshot.readings.keys())
        if sut.profile.command is None:
            await _expect_no_commands(sut, car)
            return
        assert offered
        for kind, limits in offered.items():
            for command in examples(kind, limits, sut.clock.now()):
                assert command.violation(limits) is None
                await _prove(sut, car, command, limits)
                await sut.advance(sut.pause)

    async def test_what_a_car_cannot_do_is_refused_with_a_type(
        self, under_test: ServiceUnderTest
    ) -> None:
        """A command that is not offered ends in an error of ours."""
        sut = under_test
        await sut.run(sut.service.sign_in(sut.credentials))
        car = await sut.car()
        offered = sut.service.commands(car, SIGNALS.keys())
        unknown = [
            command
            for command in (
                SetSchedule(schedule=Schedule()),
                SendDestination(name="Home", latitude=52.4, longitude=10.8),
                c.SetChargeLimitMin(percent=20),
                SetVentilation(on=True),
            )
            if command.kind not in offered
        ]
        assert unknown
        for command in unknown:
            with pytest.raises(CloudError):
                await sut.run(sut.service.execute(car, command, sut.pin))

    async def test_tokens_survive_a_restart(self, under_test: ServiceUnderTest) -> None:
        """After a restart the service goes on without a sign-in."""
        sut = under_test
        await sut.run(sut.service.sign_in(sut.credentials))
        cars = await sut.run(sut.service.cars())
        await sut.run(sut.service.close())
        again = await sut.rebuild()
        assert await sut.run(again.cars()) == cars
        assert (await sut.run(again.read(cars[0]))).readings
        await sut.run(again.close())

    async def test_lists_are_json_with_text_keys(
        self, under_test: ServiceUnderTest
    ) -> None:
        """What a service says it can look up, it can; anything else has a type."""
        sut = under_test
        await sut.run(sut.service.sign_in(sut.credentials))
        car = await sut.car()
        for what in sorted(sut.service.info.history):
            try:
                found = await sut.run(sut.service.history(car, what))
            except NotSupported:
                continue  # The service knows the list, this car does not.
            assert found
            assert all(isinstance(key, str) for key in found)
        with pytest.raises((CloudError, NotImplementedError)):
            await sut.run(sut.service.history(car, "shoe_size"))

    async def test_closing_twice_is_closing(self, under_test: ServiceUnderTest) -> None:
        """Nothing is wrong with closing what is closed, or was never used."""
        sut = under_test
        await sut.run(sut.service.close())
        await sut.run(sut.service.close())


class ServiceContract(CarContract, AccountContract):
    """All tests, for one car of the service; those of further cars are `CarContract`."""

    key: ClassVar[str]
    """Which service is tested."""

    async def test_it_is_the_service_that_is_meant(
        self, under_test: ServiceUnderTest
    ) -> None:
        """Whoever counts the contracts that are kept relies on it."""
        assert under_test.service.info.key == self.key


def examples(kind: CommandKind, limits: Limits, now: datetime) -> Iterator[Command]:
    """Return commands of a kind that keep its limits: off after on, low after high."""
    match kind:
        case CommandKind.SET_CHARGE_LIMIT:
            yield from (c.SetChargeLimit(percent=level) for level in _ends(limits))
        case CommandKind.SET_CHARGE_LIMIT_MIN:
            yield from (c.SetChargeLimitMin(percent=level) for level in _ends(limits))
        case CommandKind.SET_CHARGE_CURRENT:
            yield from (c.SetChargeCurrent(current=a) for a in limits.numbers)
            yield from (c.SetChargeCurrent(current=word) for word in limits.words)
        case CommandKind.SET_CHARGE_MODE:
            for mode in limits.words:
                yield c.SetChargeMode(mode=ChargeMode(mode))
        case CommandKind.SET_TEMPERATURE:
            yield from (c.SetTemperature(temperature=t) for t in _ends(limits))
        case CommandKind.SCHEDULE_CLIMATE:
            soon = (now + timedelta(hours=6)).replace(second=0, microsecond=0)
            yield c.ScheduleClimate(at=soon)
            yield c.ScheduleClimate()
        case CommandKind.SET_SCHEDULE:
            assert limits.schedule is not None
            yield SetSchedule(schedule=an_example_for(limits.schedule))
        case CommandKind.SEND_DESTINATION:
            yield SendDestination(name="Depot", latitude=48.1771, longitude=11.5593)
        case CommandKind.SET_NOTIFICATIONS:
            way = ("email",)
            yield SetNotifications(events=dict.fromkeys(limits.words, way))
        case CommandKind.HONK_AND_FLASH:
            for mode in limits.words:
                yield c.HonkAndFlash(mode=c.HornMode(mode))
        case _ if kind in _SWITCHES:
            yield _SWITCHES[kind](on=True)
            yield _SWITCHES[kind](on=False)
        case _:
            yield _PLAIN[kind]()


def an_example_for(limits: ScheduleLimits) -> Schedule:
    """Return a schedule a maker can express: a window every day, or a departure."""
    if limits.windows and (limits.apart or not limits.departures):
        night = Window(start=time(1, 15), end=time(5, 30))
        slot = Slot(
            number=1,
            enabled=True,
            days=frozenset(Weekday),
            charge=True,
            charge_window=night,
        )
    else:
        days = frozenset({Weekday.MONDAY, Weekday.FRIDAY})
        slot = Slot(
            number=1,
            enabled=True,
            departure=time(7, 30),
            days=frozenset(Weekday) if limits.whole_week else days,
            charge=limits.charge,
        )
    return Schedule(slots=(slot,))


_SWITCHES: Mapping[CommandKind, type[SwitchCommand]] = {
    command.kind: command
    for command in (
        SetDefrost,
        SetWindowHeating,
        SetClimateOnBattery,
        SetAutoUnlockPlug,
        SetAuxiliaryHeating,
        SetVentilation,
    )
}
_PLAIN: Mapping[CommandKind, type[Command]] = {
    command.kind: command
    for command in (
        c.Lock,
        c.Unlock,
        c.StartCharging,
        c.StopCharging,
        c.StartClimate,
        c.StopClimate,
        c.Wake,
        c.RefreshHealth,
    )
}


def _ends(limits: Limits) -> Iterator[float]:
    assert limits.low is not None
    assert limits.high is not None
    yield limits.high
    yield limits.low


async def _expect_no_commands(sut: ServiceUnderTest, car: Car) -> None:
    """Expect that a service which only reads offers nothing, and sends nothing."""
    assert not sut.service.commands(car, SIGNALS.keys())
    with pytest.raises(NotSupported):
        await sut.run(sut.service.execute(car, c.Lock(), sut.pin))


async def _prove(
    sut: ServiceUnderTest, car: Car, command: Command, limits: Limits
) -> None:
    """Send a command, wait for it, and look for its proof on both sides."""
    _make_possible(sut.twin(car.vin))
    service = sut.service
    ticket = await sut.run(service.execute(car, command, sut.pin))
    assert ticket.vin == car.vin
    assert ticket.command == command
    assert ticket.accepted_at <= sut.clock.now()
    tells = service.info.reports_completion
    snapshot = Snapshot()
    look = Confirmation()
    wait, waited = service.info.verify_after, 0.0
    while waited < service.info.timeout:
        await sut.advance(wait)
        waited, wait = waited + wait, 10.0
        look = await sut.run(service.confirm(car, ticket))
        assert look.progress is not Progress.FAILED, (command, look.reason)
        check_readings(look.result, sut.clock.now())
        snapshot = snapshot.merge(look.result.readings).snapshot
        done = look.progress is Progress.DONE
        if done or (not tells and _shows(snapshot, command, ticket)):
            break
    if tells and limits.reports_completion:
        assert look.progress is Progress.DONE, command
    if limits.provable and (command.effects or command.renews is not None):
        assert _shows(snapshot, command, ticket), command
    truth = _truth(sut.twin(car.vin), sut.clock.now())
    for signal, value in command.effects.items():
        if signal.key in truth:
            assert signal.agree(truth[signal.key], value), command


def _shows(snapshot: Snapshot, command: Command, ticket: Ticket) -> bool:
    """Return whether readings younger than the acceptance show the effects."""
    expected = {signal.key: value for signal, value in command.effects.items()}
    fresh = {
        key: reading
        for key, reading in snapshot.readings.items()
        if reading.order > ticket.accepted_at
    }
    if command.renews is not None:
        keys = {signal.key for signal in command.renews}
        return bool(keys & fresh.keys() if keys else fresh)
    seen = expected.keys() & fresh.keys()
    return bool(seen) and all(
        SIGNALS[key].agree(fresh[key].value, expected[key]) for key in seen
    )


def _make_possible(twin: Twin) -> None:
    """Park the car, shut it, plug it in, and leave room in its battery."""
    state = twin.state
    state.ignition = state.moving = False
    state.doors = (False, False, False, False)
    state.boot = False
    state.battery_12v = 0.9
    if twin.spec.battery_capacity:
        state.plugged_in = True
        # Enough for any car to condition its cabin.
        state.battery_level = 48


def _truth(twin: Twin, now: datetime) -> Mapping[str, Value | None]:
    twin.advance(now)
    report = Report(state=twin.state, captured_at=now)
    return {
        reading.signal.key: reading.value
        for reading in readings(report, twin.spec, now, "truth")
    }
