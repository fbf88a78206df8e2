"""We Connect's commands, and what became of them, over real HTTP."""

from contextlib import suppress
import logging

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import HornMode
from carport.car.refusals import Reason
from carport.car.snapshot import Snapshot
from carport.car.switches import SetClimateOnBattery, SetDefrost, SetWindowHeating
from carport.cloud.contract import Car, Progress, ReadResult
from carport.cloud.errors import (
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

CLIMATE = "*/climater/actions"
CLIMATER = "*/climater"
HEATER = "*/bs/rs/*/status"
CHARGE = "*/charger/actions"
HORN = "*/honkAndFlash"


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


async def test_a_running_climate_is_watched_to_its_end(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """It is read every time while it runs, and once more; seldom before and after."""
    control = signed_in.world.control
    for _ in range(2):
        await signed_in.read(passat)
    assert len(control.calls(CLIMATER)) == 1
    ticket = await signed_in.send(passat, c.StartClimate())
    await signed_in.done(passat, ticket)
    control.forget_calls()
    shown = []
    for _ in range(8):
        await signed_in.world.advance(300)
        shown.append((await signed_in.read(passat)).value(s.CLIMATE_ACTIVE))
    watched = shown.index(False) + 1
    assert shown == [True] * (watched - 1) + [False] + [None] * (8 - watched)
    assert 1 < watched < 8
    assert len(control.calls(CLIMATER)) == watched


async def test_a_running_heater_is_watched_to_its_end(
    signed_in: WeConnectAccount, arteon: Car
) -> None:
    """Like the climate; neither is read when nothing runs."""
    control = signed_in.world.control
    state = signed_in.world.simulator.twin(arteon.vin).report.state
    state.ventilation = True
    for _ in range(3):
        assert (await signed_in.read(arteon)).value(s.VENTILATION) is True
    state.ventilation = False
    for shown in (False, None, None):
        assert (await signed_in.read(arteon)).value(s.VENTILATION) is shown
    assert (len(control.calls(HEATER)), len(control.calls(CLIMATER))) == (4, 1)


async def test_a_car_slower_than_its_cloud(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """What confirmed the command still said off: the next reading looks again."""
    await signed_in.read(passat)
    off = "climater.status.climatisationStatusData.climatisationState.content"
    fault = signed_in.world.control.fault("change", path=CLIMATER, set={off: "off"})
    ticket = await signed_in.send(passat, c.StartClimate())
    look = await signed_in.done(passat, ticket)
    shown = Snapshot().merge(look.result.readings).snapshot
    assert shown.value(s.CLIMATE_ACTIVE) is False
    signed_in.world.control.clear_faults(fault.number)
    assert (await signed_in.read(passat)).value(s.CLIMATE_ACTIVE) is True


async def test_a_command_whose_answer_was_lost(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """It may have arrived, so the next reading looks."""
    await signed_in.read(passat)
    signed_in.world.control.fault("drop_after", path=CLIMATE)
    with pytest.raises(Outage):
        await signed_in.send(passat, c.StartClimate())
    await signed_in.world.advance(60)
    assert (await signed_in.read(passat)).value(s.CLIMATE_ACTIVE) is True


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
    """Whether it arrived or not, it is not sent again."""
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
    with pytest.raises(Throttled) as caught:
        await signed_in.send(passat, c.StartCharging())
    assert caught.value.scope == "command"
    assert signed_in.transport.ledger.throttled_until is None
    assert await signed_in.read(passat)


@pytest.mark.parametrize("told", [True, False])
async def test_a_car_that_rests_is_left_alone(
    signed_in: WeConnectAccount, passat: Car, arteon: Car, told: bool
) -> None:
    """By the cloud's count or by its refusal, over a restart, until it is driven."""
    before = await signed_in.read(passat)
    most = 1 if told else 0
    signed_in.world.control.service("we_connect", remote_requests=most)
    with suppress(Throttled):
        await signed_in.done(passat, await signed_in.send(passat, c.StopCharging()))
    service, command = signed_in.rebuild(), c.Lock()
    refusal = service.blocked_by(passat, command, before)
    assert refusal is not None
    assert refusal.reason is Reason.THROTTLED
    assert refusal.until is not None
    assert refusal.until > signed_in.world.clock.now()
    assert service.blocked_by(arteon, command, before) is None
    signed_in.world.simulator.twin(passat.vin).report.state.odometer += 10
    after = await signed_in.read(passat)
    assert service.blocked_by(passat, command, after) is None
    await signed_in.world.advance(7 * 3600)
    assert service.blocked_by(passat, command, before) is None


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
    signed_in.world.control.service("we_connect", latency=55)
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
