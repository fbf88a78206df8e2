"""We Connect's commands, the S-PIN, and what became of them, over real HTTP."""

import asyncio
from datetime import date, time
import logging

import pytest

from custom_components.carport.car import commands as c, signals as s
from custom_components.carport.car.commands import Command, CommandKind, HornMode
from custom_components.carport.car.errands import SetSchedule
from custom_components.carport.car.receipts import Reason
from custom_components.carport.car.schedule import Schedule, Slot, Weekday, Window
from custom_components.carport.car.snapshot import Snapshot
from custom_components.carport.car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetDefrost,
    SetVentilation,
    SetWindowHeating,
)
from custom_components.carport.makers.volkswagen_eu.security_pin import pin_hash
from custom_components.carport.service.contract import Car, Progress, ReadResult
from custom_components.carport.service.errors import (
    BadAnswer,
    Busy,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    PinMissing,
    PinRefused,
    Throttled,
)

from .account import WeConnectAccount

CHALLENGE = "*/security-pin-auth-requested"
SOLVE = "*/security-pin-auth-completed"
DOORS = "*/rlu/v1/*/actions"
CLIMATE = "*/climater/actions"
CHARGE = "*/charger/actions"
HORN = "*/honkAndFlash"
WAKE = "*/vsr/v1/*/requests"
MBB_TOKEN = "/mbbcoauth/mobile/oauth2/v1/token"


# The S-PIN


def test_the_hash_of_the_reference() -> None:
    """The digits count as hexadecimal ones, not as text."""
    assert pin_hash("1234", "5A1F0C2B9D8E7F60415263748596A7B8") == (
        "36F339480FF56471672D13536EE594D001685879414D03F76A679097F74B798C"
        "0C61252A0A346F702BA405A63DD0EFCBFDF3FD089F94BE09CB08F48F08D11B29"
    )
    with pytest.raises(BadAnswer):
        pin_hash("1234", "no challenge")


@pytest.mark.parametrize("inside", [True, False])
async def test_each_command_solves_a_challenge_of_its_own(
    signed_in: WeConnectAccount, passat: Car, inside: bool
) -> None:
    """Its token is good once, for one operation of one car."""
    control = signed_in.world.control
    control.service("we_connect", tries_inside=inside)
    for command in (c.Unlock(), c.Lock()):
        ticket = await signed_in.send(passat, command)
        look = await signed_in.done(passat, ticket)
        assert look.progress is Progress.DONE
    assert len(control.calls(CHALLENGE)) == len(control.calls(SOLVE)) == 2


async def test_what_needs_no_pin_sends_none(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Charging, electric climate, stopping the heater, waking."""
    for command in (
        c.StopCharging(),
        c.StartClimate(temperature=21.5),
        SetAuxiliaryHeating(on=False),
        c.Wake(),
    ):
        ticket = await signed_in.run(signed_in.service.execute(passat, command, None))
        await signed_in.done(passat, ticket)
    assert not signed_in.world.control.calls(CHALLENGE)
    assert signed_in.world.simulator.twin(passat.vin).state.target_temperature == 21.5


@pytest.mark.parametrize("command", [c.Lock(), SetAuxiliaryHeating(on=True)])
async def test_without_a_pin_nothing_is_sent(
    signed_in: WeConnectAccount, passat: Car, command: Command
) -> None:
    """Reading goes on."""
    with pytest.raises(PinMissing):
        await signed_in.run(signed_in.service.execute(passat, command, None))
    assert not signed_in.world.control.calls()
    assert await signed_in.read(passat)


@pytest.mark.parametrize("pin", ["123", "12345", "12a4", "١٢٣٤"])
async def test_what_is_no_pin_is_not_tried(
    signed_in: WeConnectAccount, passat: Car, pin: str
) -> None:
    """It has four digits; anything else would cost a try."""
    with pytest.raises(PinRefused):
        await signed_in.run(signed_in.service.execute(passat, c.Lock(), pin))
    assert not signed_in.world.control.calls()


async def test_a_refused_pin_is_never_sent_again(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Not by another command, not after a restart; the right one mends it."""
    control = signed_in.world.control
    for restarted in (False, True):
        if restarted:
            signed_in.rebuild()
        for command in (c.Lock(), c.Unlock()):
            with pytest.raises(PinRefused):
                await signed_in.run(signed_in.service.execute(passat, command, "9999"))
        assert signed_in.service.pin_refused
        assert signed_in.service.pin_was_refused("9999")
    assert len(control.calls(SOLVE)) == 1
    assert not control.calls(DOORS)
    assert "9999" not in (signed_in.stored or "")
    await signed_in.send(passat, c.Lock())
    assert not signed_in.service.pin_refused


async def test_commands_waiting_for_a_pin_that_is_refused(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Those that queue up behind the first try do not try again."""
    results: list[object] = await signed_in.world.result(
        asyncio.gather(
            *(
                signed_in.service.execute(passat, command, "9999")
                for command in (c.Lock(), c.Unlock(), SetVentilation(on=True))
            ),
            return_exceptions=True,
        )
    )
    assert [type(result) for result in results] == [PinRefused] * 3
    assert len(signed_in.world.control.calls(SOLVE)) == 1


async def test_the_last_try_is_the_owners(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Where none is left, nothing is tried."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, pin_tries=0)
    with pytest.raises(PinRefused):
        await signed_in.send(passat, c.Lock())
    assert not control.calls(SOLVE)


@pytest.mark.parametrize(
    ("path", "fault", "error"),
    [
        (CHALLENGE, {"kind": "html"}, BadAnswer),
        (CHALLENGE, {"kind": "status", "status": 503}, Outage),
        (
            CHALLENGE,
            {"kind": "change", "set": {"securityPinAuthInfo": []}},
            BadAnswer,
        ),
        (SOLVE, {"kind": "change", "remove": ["securityToken"]}, BadAnswer),
        (SOLVE, {"kind": "status", "status": 503}, Outage),
        (SOLVE, {"kind": "status", "status": 403}, NotPermitted),
    ],
)
async def test_a_challenge_that_fails(
    signed_in: WeConnectAccount,
    passat: Car,
    path: str,
    fault: dict[str, str],
    error: type[CloudError],
) -> None:
    """Only the cloud's own word makes a PIN a wrong one."""
    signed_in.world.control.fault(path=path, **fault)
    with pytest.raises(error):
        await signed_in.send(passat, c.Lock())
    assert not signed_in.service.pin_refused
    assert not signed_in.world.control.calls(DOORS)


# Commands


async def test_settings_are_sent_together_and_kept(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """What the owner did not ask to change stays as it was."""
    state = signed_in.world.simulator.twin(passat.vin).state
    await signed_in.done(
        passat, await signed_in.send(passat, SetClimateOnBattery(on=False))
    )
    await signed_in.done(
        passat, await signed_in.send(passat, c.SetTemperature(temperature=24))
    )
    assert (state.climate_on_battery, state.target_temperature) == (False, 24)
    assert not state.climate_active


async def test_settings_that_cannot_be_read_are_not_sent(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Half of them would change what nobody asked for."""
    control = signed_in.world.control
    control.fault(
        "change", path="*/climater", remove=["climater.settings.heaterSource"]
    )
    with pytest.raises(BadAnswer):
        await signed_in.send(passat, c.SetTemperature(temperature=24))
    assert not control.calls(CLIMATE)


async def test_a_heater_that_burns_fuel_wants_the_pin(
    signed_in: WeConnectAccount, arteon: Car
) -> None:
    """The same button, another operation."""
    with pytest.raises(PinMissing):
        await signed_in.run(signed_in.service.execute(arteon, c.StartClimate(), None))
    ticket = await signed_in.send(arteon, c.StartClimate(temperature=22))
    look = await signed_in.done(arteon, ticket)
    assert look.progress is Progress.DONE
    shown = Snapshot().merge(look.result.readings).snapshot
    assert shown.value(s.CLIMATE_ACTIVE) is True
    assert shown.value(s.TARGET_TEMPERATURE) == 22


@pytest.mark.parametrize("mode", [HornMode.FLASH, HornMode.HONK_AND_FLASH])
async def test_the_horn_and_its_status(
    signed_in: WeConnectAccount, passat: Car, mode: HornMode
) -> None:
    """It is asked for from where the car stands."""
    command = c.HonkAndFlash(mode=mode, duration=20)
    look = await signed_in.done(passat, await signed_in.send(passat, command))
    assert look.progress is Progress.DONE
    assert signed_in.world.control.calls(f"{HORN}/*/status")


async def test_a_horn_that_the_cloud_has_no_word_for(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """There is no honking alone, and no count."""
    for command in (
        c.HonkAndFlash(mode=HornMode.HONK),
        c.HonkAndFlash(mode=HornMode.FLASH, count=3),
    ):
        with pytest.raises(NotSupported):
            await signed_in.send(passat, command)
    assert not signed_in.world.control.calls(HORN)


async def test_waking_brings_a_new_report(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Asked for, polled, and fetched by its number."""
    before = (await signed_in.read(passat)).captured_at(s.ODOMETER)
    await signed_in.world.advance(600)
    ticket = await signed_in.send(passat, c.Wake())
    look = await signed_in.done(passat, ticket)
    after = Snapshot().merge(look.result.readings).snapshot.captured_at(s.ODOMETER)
    assert before is not None
    assert after is not None
    assert after > ticket.accepted_at > before
    assert signed_in.world.control.calls("*/requests/*/jobstatus")
    assert signed_in.world.control.calls("*/requests/*/status")


async def test_timers_there_and_back(signed_in: WeConnectAccount, passat: Car) -> None:
    """Days, a date, a cheap window; what is not sent is switched off."""
    schedule = Schedule(
        slots=(
            Slot(
                number=1,
                enabled=True,
                departure=time(7, 40),
                days=frozenset({Weekday.MONDAY, Weekday.FRIDAY}),
                charge=True,
                climate=True,
            ),
            Slot(
                number=3,
                enabled=True,
                departure=time(6, 15),
                once_on=date(2026, 12, 24),
                climate=True,
            ),
        ),
        preferred_window=Window(start=time(22, 30), end=time(5, 30)),
    )
    command = SetSchedule(schedule=schedule)
    limits = signed_in.service.commands(passat, set())[CommandKind.SET_SCHEDULE]
    assert command.violation(limits) is None
    look = await signed_in.done(passat, await signed_in.send(passat, command))
    shown = Snapshot().merge(look.result.readings).snapshot.value(s.SCHEDULE)
    assert shown == schedule
    assert signed_in.world.simulator.twin(passat.vin).state.schedule == schedule
    empty = SetSchedule(schedule=Schedule())
    look = await signed_in.done(passat, await signed_in.send(passat, empty))
    shown = Snapshot().merge(look.result.readings).snapshot.value(s.SCHEDULE)
    assert shown == Schedule()


@pytest.mark.parametrize(
    ("slot", "rule"),
    [
        (
            Slot(
                number=4,
                enabled=True,
                departure=time(7),
                days=frozenset({Weekday.MONDAY}),
            ),
            "4",
        ),
        (Slot(number=1, enabled=True, departure=time(7)), "days_missing (1)"),
        (Slot(number=1, enabled=True), "time_missing (1)"),
    ],
)
def test_timers_that_the_cloud_cannot_express(
    account: WeConnectAccount, slot: Slot, rule: str
) -> None:
    """They are named before anything is sent."""
    car = Car(
        vin="WVWZZZ3CZME167891",
        manufacturer="Volkswagen",
        handle={"services": "timerprogramming_v1/"},
    )
    limits = account.service.commands(car, set())[CommandKind.SET_SCHEDULE]
    violation = SetSchedule(schedule=Schedule(slots=(slot,))).violation(limits)
    assert violation is not None
    if rule != "4":
        assert rule in violation.allowed


async def test_a_command_the_car_has_no_right_to(
    signed_in: WeConnectAccount, arteon: Car
) -> None:
    """Nothing is sent, not even a challenge."""
    with pytest.raises(NotSupported):
        await signed_in.send(arteon, c.StartCharging())
    with pytest.raises(NotSupported):
        await signed_in.send(arteon, SetDefrost(on=True))
    assert not signed_in.world.control.calls()


async def test_an_access_token_that_dies_before_a_command(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Its refusal proves that the car was not asked, so the command is repeated."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="mbb")
    assert (await signed_in.send(passat, c.StopCharging())).number
    assert [call.status for call in control.calls(CHARGE)] == [401, 202]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "drop_after"}, Outage),
        ({"kind": "html"}, Outage),
        ({"kind": "change", "remove": ["action.actionId"]}, Outage),
        ({"kind": "status", "status": 503}, Outage),
        ({"kind": "status", "status": 403}, NotPermitted),
        ({"kind": "status", "status": 429}, Throttled),
    ],
)
async def test_a_command_is_sent_once(
    signed_in: WeConnectAccount,
    passat: Car,
    fault: dict[str, str],
    error: type[CloudError],
) -> None:
    """Whether it arrived or not, it is not repeated blindly."""
    control = signed_in.world.control
    control.fault(path=CHARGE, **fault)
    with pytest.raises(error):
        await signed_in.send(passat, c.StopCharging())
    assert len(control.calls(CHARGE)) == 1


async def test_a_car_that_is_asked_too_often(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Its small battery is spared until it is driven; reading goes on."""
    signed_in.world.control.service("we_connect", remote_requests=1)
    await signed_in.done(passat, await signed_in.send(passat, c.StopCharging()))
    with pytest.raises(Throttled):
        await signed_in.send(passat, c.StartCharging())
    assert signed_in.transport.ledger.throttled_until is None
    assert await signed_in.read(passat)


async def test_a_second_request_of_a_kind(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """The cloud takes one at a time; another kind may run beside it."""
    await signed_in.send(passat, c.StopCharging())
    with pytest.raises(Busy):
        await signed_in.send(passat, c.StartCharging())
    assert (await signed_in.send(passat, SetWindowHeating(on=True))).number


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({"deaf": True}, Reason.NO_ANSWER_FROM_CAR),
        ({"unreachable": True}, Reason.NO_ANSWER_FROM_CAR),
        ({"contrary": True}, Reason.CAR_REFUSED),
    ],
)
async def test_a_car_that_does_not_obey(
    signed_in: WeConnectAccount, passat: Car, faults: dict[str, bool], reason: Reason
) -> None:
    """The cloud says so itself, for every family of requests."""
    signed_in.world.control.twin(passat.vin, **faults)
    for command in (c.Lock(), c.StopCharging()):
        look = await signed_in.done(passat, await signed_in.send(passat, command))
        assert (look.progress, look.reason) == (Progress.FAILED, reason)


async def test_a_car_that_cannot(signed_in: WeConnectAccount, passat: Car) -> None:
    """Accepted by the cloud, declined by the car."""
    signed_in.world.simulator.twin(passat.vin).state.plugged_in = False
    look = await signed_in.done(passat, await signed_in.send(passat, c.StartCharging()))
    assert (look.progress, look.reason) == (Progress.FAILED, Reason.CAR_REFUSED)


async def test_late_success(signed_in: WeConnectAccount, passat: Car) -> None:
    """Pending for as long as the cloud says so."""
    signed_in.world.control.service("we_connect", settle=55)
    ticket = await signed_in.send(passat, c.Lock())
    await signed_in.world.advance(40)
    look = await signed_in.run(signed_in.service.confirm(passat, ticket))
    assert (look.progress, look.result) == (Progress.PENDING, ReadResult())
    assert (await signed_in.done(passat, ticket)).progress is Progress.DONE


async def test_a_request_nobody_remembers(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """It stays pending; the garage's patience ends it."""
    ticket = await signed_in.send(passat, c.Lock())
    signed_in.world.control.reset()
    look = await signed_in.run(signed_in.service.confirm(passat, ticket))
    assert look.progress is Progress.PENDING


async def test_no_secret_of_a_command_leaves(
    signed_in: WeConnectAccount, passat: Car, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither PIN nor place, in logs and raw answers."""
    caplog.set_level(logging.DEBUG)
    for command in (c.Lock(), c.HonkAndFlash(mode=HornMode.FLASH)):
        await signed_in.done(passat, await signed_in.send(passat, command))
    with pytest.raises(PinRefused) as caught:
        await signed_in.run(signed_in.service.execute(passat, c.Lock(), "9999"))
    ours = "\n".join(
        record.getMessage() for record in caplog.records if "carport" in record.name
    )
    assert ours
    for secret in (signed_in.pin or "", "9999", passat.vin[-6:]):
        assert secret not in ours
        assert secret not in str(caught.value)
    assert not any("security-pin" in what for what in signed_in.transport.raw)
