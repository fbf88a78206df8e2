"""Commands: what is sent, who is asked for the S-PIN, and what refuses them."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from carport.car import signals as s
from carport.car.commands import (
    Command,
    CommandKind,
    SetChargeLimit,
    SetChargeMode,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
)
from carport.car.refusals import Reason
from carport.car.signals import ChargeMode
from carport.car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetVentilation,
)
from carport.cloud.contract import Car
from carport.cloud.errors import (
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    PinLocked,
    PinMissing,
    PinRefused,
    SwitchedOff,
    Throttled,
)
from carport.cloud.ledger import Purpose

from .account import SkodaAccount


def kinds(account: SkodaAccount, car: Car) -> set[CommandKind]:
    """Return what a car can be asked."""
    return set(account.service.commands(car, set()))


async def obeyed(account: SkodaAccount, car: Car, command: Command) -> list[Command]:
    """Send a command and return what the car then did, in order."""
    twin = account.world.simulator.twin(car.vin)
    before = max(twin.commands, default=0)
    await account.send(car, command)
    await account.world.advance(30)
    lived = account.world.simulator.twin(car.vin)
    return [
        accepted.command
        for number, accepted in lived.commands.items()
        if number > before and accepted.done
    ]


async def test_what_each_car_can_be_asked(
    signed_in: SkodaAccount, enyaq: Car, superb: Car, octavia: Car
) -> None:
    """By the operations that the interface lists for it."""
    charging = {
        *(CommandKind.START_CHARGING, CommandKind.STOP_CHARGING),
        *(CommandKind.SET_CHARGE_LIMIT, CommandKind.SET_CHARGE_MODE),
    }
    climate = {CommandKind.START_CLIMATE, CommandKind.STOP_CLIMATE}
    heaters = {CommandKind.SET_AUXILIARY_HEATING, CommandKind.SET_VENTILATION}
    assert kinds(signed_in, enyaq) == charging | climate
    assert kinds(signed_in, superb) == charging | climate | heaters
    assert kinds(signed_in, octavia) == heaters


async def test_a_start_never_burns_fuel(signed_in: SkodaAccount, superb: Car) -> None:
    """A car that could choose its heater is told to heat by its battery."""
    signed_in.world.simulator.twin(superb.vin).state.outside_temperature = -5
    done = await obeyed(signed_in, superb, StartClimate(temperature=23.5))
    assert done == [StartClimate(temperature=23.5)]


async def test_a_heater_that_is_not_listed_burns_no_fuel(
    signed_in: SkodaAccount, superb: Car
) -> None:
    """The car has it all the same, and would choose it by itself in the cold."""
    signed_in.turn(parts={"auxiliaryHeating": "UNSUPPORTED"})
    await signed_in.read(superb)
    (car,) = (
        one
        for one in await signed_in.run(signed_in.service.cars())
        if one.vin == superb.vin
    )
    assert CommandKind.SET_AUXILIARY_HEATING not in kinds(signed_in, car)
    signed_in.world.simulator.twin(car.vin).state.outside_temperature = -5
    assert await obeyed(signed_in, car, StartClimate()) == [StartClimate()]


async def test_a_car_that_wants_its_rest_while_it_is_read(
    signed_in: SkodaAccount, enyaq: Car, superb: Car
) -> None:
    """The pause is that car's: the others of the key are read as before."""
    signed_in.turn_cloud(limit=1)
    signed_in.world.control.fault(
        "change",
        path=f"*/vehicles/{enyaq.vin}",
        set={"type": "https://example.com/vehicle-not-accepting-requests"},
    )
    with pytest.raises(Throttled) as refused:
        await signed_in.read(enyaq)
    assert refused.value.scope == "command"
    assert refused.value.reason is Reason.CAR_RESTS
    assert signed_in.ledger.throttled_until is None
    signed_in.turn_cloud(limit=20)
    assert await signed_in.read(superb)


async def test_a_start_without_mains(signed_in: SkodaAccount, enyaq: Car) -> None:
    """The owner's wish lets the car use its battery; plugged in nothing is changed."""
    twin = signed_in.world.simulator.twin(enyaq.vin)
    state = twin.state
    state.climate_on_battery = False
    twin.wake(signed_in.world.clock.now(), latency=0)
    await signed_in.world.advance(1)
    await signed_in.read(enyaq)
    await obeyed(signed_in, enyaq, StartClimate())
    assert state.climate_active
    assert not state.climate_on_battery
    await obeyed(signed_in, enyaq, StopClimate())
    state.plugged_in = False
    twin.wake(signed_in.world.clock.now(), latency=0)
    await signed_in.world.advance(1)
    await signed_in.read(enyaq)
    done = await obeyed(signed_in, enyaq, StartClimate())
    assert done == [SetClimateOnBattery(on=True), StartClimate()]


async def test_modes_and_limits_of_charging(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """Those that the car offers, in its own words."""
    limits = signed_in.service.commands(enyaq, set())
    assert limits[CommandKind.SET_CHARGE_MODE].words == (
        *("immediate", "scheduled", "timer"),
    )
    limit = limits[CommandKind.SET_CHARGE_LIMIT]
    assert (limit.low, limit.high, limit.step) == (50, 100, 10)
    for command in (
        SetChargeMode(mode=ChargeMode.SCHEDULED),
        SetChargeLimit(percent=80),
        StopCharging(),
    ):
        assert await obeyed(signed_in, enyaq, command) == [command]


async def test_the_heater_wants_the_spin(signed_in: SkodaAccount, octavia: Car) -> None:
    """To be started, not to be stopped; a refused one is never sent again."""
    start, service = SetAuxiliaryHeating(on=True, duration=15), signed_in.service
    with pytest.raises(PinMissing):
        await signed_in.run(service.execute(octavia, start, None))
    assert signed_in.calls == 0
    for _ in range(2):
        with pytest.raises(PinRefused):
            await signed_in.run(service.execute(octavia, start, "0000"))
        assert signed_in.calls == 1
        assert service.pin_refused
        assert service.pin_was_refused("0000")
        service = signed_in.rebuild()
    await signed_in.run(service.execute(octavia, start, "1357"))
    assert not service.pin_refused
    await signed_in.world.advance(30)
    assert (await signed_in.read(octavia)).value(s.AUXILIARY_HEATING) is True
    stop = SetAuxiliaryHeating(on=False)
    await signed_in.run(service.execute(octavia, stop, None))
    await signed_in.world.advance(30)
    assert (await signed_in.read(octavia)).value(s.AUXILIARY_HEATING) is False


async def test_a_spin_that_was_right_before(
    signed_in: SkodaAccount, octavia: Car
) -> None:
    """The cloud says the same of a user without rights: it rests, and is not wrong."""
    start, service = SetAuxiliaryHeating(on=True), signed_in.service
    await signed_in.run(service.execute(octavia, start, "1357"))
    signed_in.turn(secondary=True)
    with pytest.raises(PinLocked):
        await signed_in.run(service.execute(octavia, start, "1357"))
    assert not service.pin_was_refused("1357")


async def test_the_heater_runs_as_long_as_it_is_told(
    signed_in: SkodaAccount, octavia: Car
) -> None:
    """In minutes here, in seconds there."""
    command = SetAuxiliaryHeating(on=True, duration=15)
    assert await obeyed(signed_in, octavia, command) == [command]


async def test_airing_by_the_heater(account: SkodaAccount) -> None:
    """A car without ventilation of its own is aired by the heater, with the S-PIN."""
    account.turn(parts={"activeVentilation": "UNSUPPORTED"})
    await account.enter()
    octavia = await account.known_car(2)
    limits = account.service.commands(octavia, set())
    assert limits[CommandKind.SET_VENTILATION].needs_pin
    done = await obeyed(account, octavia, SetVentilation(on=True, duration=10))
    assert done == [SetVentilation(on=True, duration=10)]
    found = await account.read(octavia)
    assert found.readings["ventilation"].value is True
    assert found.readings["auxiliary_heating"].value is False


async def test_a_refusal_of_the_user(signed_in: SkodaAccount, enyaq: Car) -> None:
    """The car refuses whom the key belongs to: no PIN is blamed."""
    signed_in.turn(secondary=True)
    with pytest.raises(NotPermitted) as refused:
        await signed_in.send(enyaq, StopCharging())
    assert refused.value.reason is Reason.NOT_THIS_USER
    assert not signed_in.service.pin_refused


@pytest.mark.parametrize(
    ("ending", "error", "reason"),
    [
        ("DISABLED", SwitchedOff, Reason.SWITCHED_OFF),
        ("UNSUPPORTED", NotSupported, Reason.NOT_CAPABLE),
    ],
)
async def test_what_the_car_cannot_do_now_or_ever(
    signed_in: SkodaAccount,
    enyaq: Car,
    ending: str,
    error: type[CloudError],
    reason: Reason,
) -> None:
    """Two refusals that look alike and are not."""
    signed_in.turn(parts={"charging": ending})
    with pytest.raises(error) as refused:
        await signed_in.send(enyaq, StopCharging())
    assert refused.value.reason is reason


async def test_a_car_that_wants_its_rest(
    signed_in: SkodaAccount, enyaq: Car, superb: Car
) -> None:
    """It is the car that refuses, until a moment; the others are as before."""
    signed_in.turn(guarded=True)
    with pytest.raises(Throttled) as refused:
        await signed_in.send(enyaq, StopCharging())
    assert refused.value.scope == "command"
    assert refused.value.reason is Reason.CAR_RESTS
    assert refused.value.until == signed_in.world.clock.now() + timedelta(minutes=5)
    assert signed_in.ledger.throttled_until is None
    signed_in.turn(guarded=False)
    await signed_in.send(superb, StopCharging())


async def test_a_car_that_does_not_answer(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Nobody knows whether it heard; it is not told twice."""
    signed_in.world.control.twin(enyaq.vin, unreachable=True)
    with pytest.raises(Outage) as silent:
        await signed_in.send(enyaq, StopCharging())
    assert silent.value.arrived
    assert signed_in.calls == 1


async def test_looks_at_a_command_are_few(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Each costs one of twenty calls: one a minute, however often somebody asks."""
    ticket = await signed_in.send(enyaq, StartCharging())
    for _ in range(18):
        await signed_in.world.advance(10)
        await signed_in.run(signed_in.service.confirm(enyaq, ticket))
    assert signed_in.calls == 1 + 3


async def test_twenty_calls_an_hour(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Our own count and the cloud's agree, and the reserve is for commands."""
    await signed_in.world.advance(3600)
    ledger = signed_in.service.context.transport.ledger
    for _ in range(10):
        await signed_in.read(enyaq)
    assert (ledger.left(), ledger.left(command=True)) == (0, 10)
    await signed_in.send(enyaq, StopCharging())
    assert ledger.left(command=True) == 9


async def test_a_pause_that_ends_at_a_moment(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """The header may hold a date in place of seconds."""
    until = signed_in.world.clock.now().replace(microsecond=0) + timedelta(hours=2)
    signed_in.world.control.fault(
        "status",
        path=f"*/vehicles/{enyaq.vin}",
        status=429,
        retry_after=format_datetime(until, usegmt=True),
        count=1,
    )
    with pytest.raises(Throttled) as refused:
        await signed_in.read(enyaq)
    assert refused.value.until == until


async def test_the_cloud_knows_better(signed_in: SkodaAccount, enyaq: Car) -> None:
    """Somebody else uses the same key: its headers say so, in either form."""
    ledger = signed_in.service.context.transport.ledger
    for form in ("seconds", "epoch"):
        signed_in.turn_cloud(limit=12, reset_form=form)
        await signed_in.read(enyaq)
    # One call of the sign-in, and the two here.
    assert ledger.left(command=True) == 9
    signed_in.turn_cloud(limit=3)
    with pytest.raises(Throttled) as refused:
        await signed_in.send(enyaq, StopCharging())
    assert refused.value.scope != "command"
    assert ledger.left(command=True) == 0
    await signed_in.world.advance(3600)
    # Twenty for each of the three cars.
    assert ledger.left(command=True) == 60


@pytest.mark.parametrize("form", ["seconds", "epoch"])
async def test_when_there_are_calls_again(
    signed_in: SkodaAccount, enyaq: Car, form: str
) -> None:
    """When the oldest call is an hour old, however that is written."""
    end = signed_in.world.clock.now() + timedelta(hours=1)
    signed_in.turn_cloud(limit=1, reset_form=form)
    await signed_in.world.advance(1800)
    with pytest.raises(Throttled):
        await signed_in.read(enyaq)
    ledger = signed_in.service.context.transport.ledger
    assert not ledger.allows(Purpose.COMMAND)
    assert ledger.opens_at() == end


async def test_what_is_switched_off_at_first(account: SkodaAccount) -> None:
    """It can be asked for as soon as it is switched on: the car has it."""
    account.turn_cloud(operations=False)
    account.turn(parts={"charging": "DISABLED", "airConditioning": "UNAVAILABLE"})
    await account.enter()
    enyaq = await account.known_car()
    assert enyaq.drive == "electric"
    offered = kinds(account, enyaq)
    assert CommandKind.START_CHARGING in offered
    assert CommandKind.START_CLIMATE in offered


async def test_the_car_with_the_least_left_counts(
    signed_in: SkodaAccount, enyaq: Car, superb: Car
) -> None:
    """The cloud counts by car: what another has left does not hide that."""
    ledger = signed_in.service.context.transport.ledger
    for _ in range(5):
        await signed_in.read(enyaq)
    await signed_in.read(superb)
    assert ledger.left(command=True) == 14
