"""Car-Net's tokens, reads, commands and bad days, over real HTTP."""

import asyncio
from datetime import timedelta
import json

import pytest

from custom_components.carport.car import commands as c, signals as s
from custom_components.carport.car.commands import Command, CommandKind
from custom_components.carport.car.receipts import Reason
from custom_components.carport.car.signals import Signal, Value
from custom_components.carport.car.snapshot import Reading, Snapshot
from custom_components.carport.service.contract import Car, Openness, ReadResult
from custom_components.carport.service.errors import (
    BadAnswer,
    CarRefused,
    ClosedByMaker,
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    Outage,
    PinMissing,
    PinRefused,
    Throttled,
    Unreached,
)
from custom_components.carport.service.ledger import Purpose
from custom_components.carport.service.sign_in import SignInOutcome
from tests.world import World

from .account import CarNetAccount

TOKEN = "/oidc/v1/token"
SESSION = "/ss/v1/*"
STATUS = "/rvs/v1/*"
HEALTH = "/vhs/v2/*"
COMMANDS = "/mps/v1/*"


def test_it_says_what_works_today(account: CarNetAccount) -> None:
    """The maker has closed this service; only the country with a client is offered."""
    info = account.service.info
    assert info.openness is Openness.CLOSED
    assert set(info.hosts) == {"us"}
    assert info.pin


# Tokens


async def test_ten_calls_share_one_renewal(signed_in: CarNetAccount, golf: Car) -> None:
    """An access token dies with ten calls in flight: one refresh, all succeed."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="access")
    results: list[ReadResult] = await signed_in.world.result(
        asyncio.gather(*(signed_in.service.read(golf) for _ in range(10)))
    )
    assert all(result.readings for result in results)
    assert not any(result.gaps for result in results)
    assert len(control.calls(TOKEN)) == 1


async def test_tokens_are_renewed_ahead_of_expiry(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """No call is wasted on a token that is about to die."""
    control = signed_in.world.control
    await signed_in.world.advance(1800 - 100)
    await signed_in.read(golf)
    assert len(control.calls(TOKEN)) == 1
    assert not [call for call in control.calls() if call.status == 401]


@pytest.mark.parametrize("rotation", ["fresh", "single_use", "keep"])
async def test_renewed_tokens_survive_a_restart(
    signed_in: CarNetAccount, golf: Car, rotation: str
) -> None:
    """They are kept before they are used, with the verifier of the sign-in."""
    signed_in.world.control.service("car_net", rotation=rotation)
    for _ in range(3):
        await signed_in.world.advance(3600)
        await signed_in.read(golf)
        signed_in.rebuild()
    assert await signed_in.read(golf)
    assert len(signed_in.world.control.calls(TOKEN)) == 3


async def test_a_dead_refresh_token_needs_the_owner(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """It is asked for once only; a new sign-in mends it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="all")
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await signed_in.read(golf)
    assert len(control.calls(TOKEN)) == 1
    assert await signed_in.sign_in() is SignInOutcome.SIGNED_IN
    assert await signed_in.read(golf)


async def test_a_refresh_token_of_another_year(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """What has expired by its own date is not even sent."""
    await signed_in.world.advance(366 * 86400)
    with pytest.raises(LoginExpired):
        await signed_in.read(golf)
    assert not signed_in.world.control.calls()


async def test_without_tokens_there_is_no_call(account: CarNetAccount) -> None:
    """An account that never signed in cannot read."""
    with pytest.raises(LoginExpired):
        await account.car()
    assert not account.world.control.calls()


async def test_an_outage_keeps_the_tokens(signed_in: CarNetAccount, golf: Car) -> None:
    """The token call fails for a while; nothing is lost by it."""
    control = signed_in.world.control
    stored = signed_in.stored
    fault = control.fault("status", path=TOKEN, status=503)
    await signed_in.world.advance(1800 - 60)
    assert await signed_in.read(golf)
    await signed_in.world.advance(120)
    with pytest.raises(Outage):
        await signed_in.read(golf)
    assert signed_in.stored == stored
    control.clear_faults(fault.number)
    assert await signed_in.read(golf)


async def test_the_maker_refuses_to_renew(signed_in: CarNetAccount, golf: Car) -> None:
    """Proof of being the maker's own app cannot be given; tokens stay."""
    control = signed_in.world.control
    control.service("car_net", attestation="enforced")
    await signed_in.world.advance(3600)
    with pytest.raises(ClosedByMaker):
        await signed_in.read(golf)
    control.service("car_net", attestation="off")
    assert await signed_in.read(golf)


@pytest.mark.parametrize("broken", ["{", "{}", '{"access_token": 5}'])
async def test_an_unreadable_memory_counts_as_none(
    account: CarNetAccount, broken: str
) -> None:
    """The owner has to sign in again."""
    account.stored = None if broken == "{" else broken
    account.rebuild()
    with pytest.raises(LoginExpired):
        await account.car()


# Reads


async def test_a_poll_is_one_call(signed_in: CarNetAccount, golf: Car) -> None:
    """The health report comes once a day, in parallel with the first one."""
    control = signed_in.world.control
    snapshot = await signed_in.read(golf)
    assert {s.HEALTH.key, s.BATTERY_LEVEL.key} <= snapshot.readings.keys()
    for _ in range(5):
        await signed_in.read(golf)
    assert (len(control.calls(STATUS)), len(control.calls(HEALTH))) == (6, 1)
    await signed_in.world.advance(24 * 3600)
    await signed_in.read(golf)
    assert len(control.calls(HEALTH)) == 2
    assert not control.calls(COMMANDS)
    assert not control.calls(SESSION)


async def test_readings_have_the_time_of_the_car(
    signed_in: CarNetAccount, passat: Car
) -> None:
    """A parked car's report grows old."""
    first = (await signed_in.read(passat)).readings[s.ODOMETER.key]
    await signed_in.world.advance(1200)
    second = (await signed_in.read(passat)).readings[s.ODOMETER.key]
    assert second.captured_at == first.captured_at
    assert second.received_at - first.received_at >= timedelta(seconds=1200)
    assert second.channel == "home"


async def test_a_car_with_a_tank(signed_in: CarNetAccount, passat: Car) -> None:
    """It has fuel and nothing electric, and no climate to command."""
    snapshot = await signed_in.read(passat)
    keys = snapshot.readings.keys()
    assert {s.FUEL_LEVEL.key, s.RANGE_FUEL.key} <= keys
    assert not {s.BATTERY_LEVEL.key, s.RANGE_ELECTRIC.key, s.PLUGGED_IN.key} & keys
    offered = signed_in.service.commands(passat, keys)
    assert CommandKind.LOCK in offered
    assert not {CommandKind.START_CHARGING, CommandKind.START_CLIMATE} & offered.keys()


async def test_the_health_report_may_fail_alone(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """A gap is told; the next try comes an hour later."""
    control = signed_in.world.control
    control.fault("status", path=HEALTH, status=500)
    result = await signed_in.run(signed_in.service.read(golf))
    assert result.readings
    assert result.gaps == {"health"}
    tried = len(control.calls(HEALTH))
    assert not (await signed_in.run(signed_in.service.read(golf))).gaps
    assert len(control.calls(HEALTH)) == tried
    control.clear_faults()
    await signed_in.world.advance(3600)
    assert s.HEALTH.key in (await signed_in.read(golf)).readings


async def test_a_car_without_a_health_report(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """What a car never had is no gap."""
    signed_in.world.control.fault("status", path=HEALTH, status=404)
    assert not (await signed_in.run(signed_in.service.read(golf))).gaps


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "html"}, BadAnswer),
        ({"kind": "empty"}, BadAnswer),
        ({"kind": "truncated"}, BadAnswer),
        ({"kind": "status", "status": 503}, Outage),
        ({"kind": "status", "status": 403}, NotPermitted),
        ({"kind": "drop"}, Outage),
        ({"kind": "slow", "seconds": 100}, Outage),
        ({"kind": "status", "status": 429, "retry_after": 77}, Throttled),
        ({"kind": "change", "set": {"data": []}}, BadAnswer),
    ],
)
async def test_a_status_that_cannot_be_read(
    signed_in: CarNetAccount, golf: Car, fault: dict[str, str], error: type[CloudError]
) -> None:
    """Every bad answer has a type."""
    signed_in.world.control.fault(path=STATUS, **fault)
    with pytest.raises(error):
        await signed_in.read(golf)
    # Whoever answers slowly does so in the end.
    await signed_in.world.advance(200)


async def test_nobody_answers(signed_in: CarNetAccount, golf: Car) -> None:
    """A cloud that cannot be reached was never asked."""
    await signed_in.world.simulator.stop()
    with pytest.raises(Unreached):
        await signed_in.read(golf)


async def test_an_empty_list_is_only_empty(signed_in: CarNetAccount) -> None:
    """Whether cars are gone is for others to judge."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, empty=True)
    assert await signed_in.run(signed_in.service.cars()) == ()
    control.fault("change", path="/account/*", remove=["data.vehicleEnrollmentStatus"])
    with pytest.raises(BadAnswer):
        await signed_in.car()


async def test_the_health_report_on_demand(signed_in: CarNetAccount, golf: Car) -> None:
    """With categories and what is due, in stable keys."""
    report = await signed_in.run(signed_in.service.look_up(golf, "health_report"))
    assert report.keys() == {
        "captured_at",
        "health",
        "odometer",
        "categories",
        "maintenance",
    }
    assert report["health"] in set(s.Health)
    json.dumps(report)
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.look_up(golf, "trips"))


async def test_climate_details_on_demand(signed_in: CarNetAccount, golf: Car) -> None:
    """A rationed call that only the owner makes, or a climate command."""
    result = await signed_in.run(
        signed_in.service.read_part(golf, "climate_details", signed_in.pin)
    )
    keys = {reading.signal.key for reading in result.readings}
    assert {s.CLIMATE_ACTIVE.key, s.OUTSIDE_TEMPERATURE.key} <= keys
    assert {reading.captured_at for reading in result.readings} == {None}
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.read_part(golf, "trips", signed_in.pin))


# PIN and session


async def test_a_session_is_kept_for_its_life(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Minted once, renewed by age before it dies, whatever its real end."""
    control = signed_in.world.control
    await signed_in.send(golf, c.Lock())
    await signed_in.world.advance(20 * 60)
    await signed_in.send(golf, c.Unlock())
    assert len(control.calls(SESSION)) == 1
    await signed_in.world.advance(25 * 60)
    await signed_in.send(golf, c.Lock())
    assert len(control.calls(SESSION)) == 2
    assert {call.status for call in control.calls(COMMANDS)} == {200}


async def test_two_commands_at_once_share_a_session(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Each session opened sends the PIN; one is enough."""
    await signed_in.world.result(
        asyncio.gather(
            *(
                signed_in.service.execute(golf, command, signed_in.pin)
                for command in (c.Lock(), c.StartCharging(), c.StartClimate())
            )
        )
    )
    assert len(signed_in.world.control.calls(SESSION)) == 1


@pytest.mark.parametrize("refusal", [400, 401, 403])
async def test_a_session_that_died_early_is_opened_anew(
    signed_in: CarNetAccount, golf: Car, refusal: int
) -> None:
    """Its refusal proves that the car was not asked, so the command is repeated."""
    control = signed_in.world.control
    control.service("car_net", tsp_refusal=refusal)
    await signed_in.send(golf, c.Lock())
    await signed_in.world.advance(120)
    control.account(signed_in.spec.username, revoke="tsp")
    ticket = await signed_in.send(golf, c.Unlock())
    assert ticket.number
    assert len(control.calls(SESSION)) == 2
    # The bearer is renewed first where the refusal may mean it.
    assert len(control.calls(TOKEN)) == (refusal == 401)


async def test_a_command_that_is_not_permitted_is_not_repeated_for_ever(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """A young token is not to blame for a refusal."""
    control = signed_in.world.control
    control.fault("status", path=COMMANDS, status=403)
    with pytest.raises(NotPermitted):
        await signed_in.send(golf, c.Lock())
    assert len(control.calls(COMMANDS)) == 1
    assert len(control.calls(SESSION)) == 1


async def test_an_access_token_that_dies_before_a_command(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """It is renewed, also when it is the session call that meets it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="access")
    await signed_in.send(golf, c.Lock())
    assert not signed_in.service.pin_refused
    control.account(signed_in.spec.username, revoke="access")
    await signed_in.send(golf, c.Unlock())
    assert len(control.calls(TOKEN)) == 2


async def test_a_refused_pin_is_never_sent_again(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Not by another command, not after a restart, not after a new sign-in."""
    control = signed_in.world.control
    for restarted in (False, True, True):
        if restarted:
            signed_in.rebuild()
        for command in (c.Lock(), c.Unlock()):
            with pytest.raises(PinRefused):
                await signed_in.run(signed_in.service.execute(golf, command, "9999"))
        assert signed_in.service.pin_refused
        assert await signed_in.sign_in() is SignInOutcome.SIGNED_IN
    assert len(control.calls(SESSION)) == 1
    assert await signed_in.read(golf)
    assert "9999" not in (signed_in.stored or "")
    await signed_in.send(golf, c.Lock())
    assert not signed_in.service.pin_refused
    with pytest.raises(PinRefused):
        await signed_in.run(signed_in.service.execute(golf, c.Lock(), "9999"))


async def test_commands_waiting_for_a_pin_that_is_refused(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Those that queue up behind the first try do not try again."""
    results: list[object] = await signed_in.world.result(
        asyncio.gather(
            *(
                signed_in.service.execute(golf, command, "9999")
                for command in (c.Lock(), c.Unlock(), c.Wake())
            ),
            return_exceptions=True,
        )
    )
    assert [type(result) for result in results] == [PinRefused] * 3
    assert len(signed_in.world.control.calls(SESSION)) == 1


async def test_without_a_pin_nothing_is_sent(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Reading goes on."""
    with pytest.raises(PinMissing):
        await signed_in.run(signed_in.service.execute(golf, c.Lock(), None))
    assert not signed_in.world.control.calls()
    assert await signed_in.read(golf)


@pytest.mark.parametrize("body", [{"set": {"data": []}}, {"remove": ["data.tspToken"]}])
async def test_a_session_without_a_token(
    signed_in: CarNetAccount, golf: Car, body: dict[str, str]
) -> None:
    """An odd answer is no refused PIN."""
    signed_in.world.control.fault("change", path=SESSION, **body)
    with pytest.raises(BadAnswer):
        await signed_in.send(golf, c.Lock())
    assert not signed_in.service.pin_refused


# The ration


async def test_too_many_commands_pause_commands_alone(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """No call is made until the pause is over; reading goes on, restarts or not."""
    control, clock = signed_in.world.control, signed_in.world.clock
    control.service("car_net", bucket_size=2)
    for _ in range(2):
        await signed_in.send(golf, c.HonkAndFlash(mode=c.HornMode.FLASH))
    with pytest.raises(Throttled) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.until - clock.now() == timedelta(minutes=15)
    control.forget_calls()
    signed_in.rebuild()
    with pytest.raises(Throttled):
        await signed_in.send(golf, c.Lock())
    assert not control.calls()
    assert signed_in.transport.ledger.allows(Purpose.READ)
    assert await signed_in.read(golf)
    await signed_in.world.advance(15 * 60)
    assert await signed_in.send(golf, c.Lock())


async def test_a_pause_of_the_clouds_own_length(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Opening a session can be too much as well."""
    control, clock = signed_in.world.control, signed_in.world.clock
    control.fault("status", path=SESSION, status=429, retry_after=60)
    with pytest.raises(Throttled) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.until - clock.now() == timedelta(seconds=60)
    control.clear_faults()
    await signed_in.world.advance(61)
    assert await signed_in.send(golf, c.Lock())


async def test_too_much_reading_pauses_reading(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Commands are still allowed."""
    signed_in.world.control.fault("status", path=STATUS, status=429)
    with pytest.raises(Throttled):
        await signed_in.read(golf)
    ledger = signed_in.transport.ledger
    assert not ledger.allows(Purpose.READ)
    assert ledger.allows(Purpose.COMMAND)


# Commands


async def test_a_command_that_gets_lost_is_sent_once(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """It may have reached the car, and here it has."""
    control = signed_in.world.control
    await signed_in.send(golf, c.Unlock())
    await signed_in.world.advance(60)
    control.fault("drop_after", path=COMMANDS)
    with pytest.raises(Outage) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.arrived
    assert len(control.calls(COMMANDS)) == 2
    await signed_in.world.advance(60)
    assert signed_in.world.simulator.twin(golf.vin).state.locked


@pytest.mark.parametrize("kind", ["html", "empty", "truncated"])
async def test_an_answer_that_mumbles_may_mean_yes(
    signed_in: CarNetAccount, golf: Car, kind: str
) -> None:
    """The car will tell."""
    signed_in.world.control.fault(kind, path=COMMANDS)
    with pytest.raises(Outage) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.arrived


async def test_the_car_declines(signed_in: CarNetAccount, golf: Car) -> None:
    """A result other than 0 is a refusal, not an outage."""
    signed_in.world.control.fault("change", path=COMMANDS, set={"data.result": 3})
    with pytest.raises(CarRefused):
        await signed_in.send(golf, c.Lock())


async def test_unknown_commands_are_refused_without_a_call(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Car-Net has no charge limit."""
    with pytest.raises(NotSupported):
        await signed_in.send(golf, c.SetChargeLimit(percent=80))
    assert not signed_in.world.control.calls()


async def test_climate_is_looked_at_sparingly(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Not before it can show, and then seldom: each look is rationed."""
    world, service = signed_in.world, signed_in.service
    ticket = await signed_in.send(golf, c.StartClimate(temperature=21.5))
    looks = 0
    for _ in range(18):
        await world.advance(5)
        looks += bool(
            (await signed_in.run(service.confirm(golf, ticket))).result.readings
        )
    assert 2 <= looks <= 3
    assert len(world.control.calls("/mps/v1/*/climate/details")) == looks
    assert len(world.control.calls(SESSION)) == 1
    assert world.simulator.twin(golf.vin).state.climate_active


@pytest.mark.parametrize(
    ("asked", "shown"), [(16, 16.0), (21.5, 21.5), (22.22, 22.0), (29.5, 29.5)]
)
async def test_temperatures_travel_in_whole_fahrenheit(
    signed_in: CarNetAccount, golf: Car, asked: float, shown: float
) -> None:
    """And come back as what was asked for, to the half degree."""
    command = c.SetTemperature(temperature=asked)
    limits = signed_in.service.commands(golf, set())[command.kind]
    assert command.violation(limits) is None
    ticket = await signed_in.send(golf, command)
    await signed_in.world.advance(30)
    look = await signed_in.run(signed_in.service.confirm(golf, ticket))
    snapshot = Snapshot().merge(look.result.readings).snapshot
    assert snapshot.value(s.TARGET_TEMPERATURE) == shown


def reported(world: World, *values: tuple[Signal[bool], Value]) -> Snapshot:
    """Return a snapshot with these values."""
    now = world.clock.now()
    return (
        Snapshot()
        .merge(
            Reading(
                signal=signal,
                value=value,
                captured_at=now,
                received_at=now,
                channel="home",
            )
            for signal, value in values
        )
        .snapshot
    )


@pytest.mark.parametrize(
    ("command", "plugged", "on_battery", "expected"),
    [
        (c.StartCharging(), False, True, Reason.NOT_PLUGGED),
        (c.StartCharging(), True, False, None),
        (c.StartClimate(), False, False, Reason.NOT_PLUGGED),
        (c.StartClimate(), False, True, None),
        (c.StartClimate(), True, False, None),
        (c.StopClimate(), False, False, None),
        (c.SetDefrost(on=True), False, False, Reason.NOT_PLUGGED),
        (c.SetDefrost(on=False), False, False, None),
        (c.Lock(), False, False, None),
    ],
)
async def test_what_an_unplugged_car_cannot_do(
    signed_in: CarNetAccount,
    golf: Car,
    command: Command,
    plugged: bool,
    on_battery: bool,
    expected: Reason | None,
) -> None:
    """It is told before anything is sent."""
    snapshot = reported(
        signed_in.world, (s.PLUGGED_IN, plugged), (s.CLIMATE_ON_BATTERY, on_battery)
    )
    assert signed_in.service.hindrance(golf, command, snapshot) is expected
    assert signed_in.service.hindrance(golf, command, Snapshot()) is None


def test_a_car_without_an_account_number_cannot_be_commanded(
    account: CarNetAccount,
) -> None:
    """It can still be read."""
    car = Car(vin="WVWZZZAUZGW900116", manufacturer="Volkswagen", handle={})
    assert account.service.commands(car, set()) == {}
