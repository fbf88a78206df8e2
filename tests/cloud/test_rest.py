"""A service of tables at a small cloud: parts, commands and lists, over real HTTP."""

from datetime import timedelta
from typing import Any, override

import pytest

from carport.car import signals as s
from carport.car.commands import CommandKind, Lock, StartCharging
from carport.car.limits import Limits
from carport.car.refusals import Reason, Refusal
from carport.car.snapshot import Snapshot
from carport.cloud.command_map import CommandMapping
from carport.cloud.contract import Car, Confirmation, Progress, ReadResult, Ticket
from carport.cloud.errors import (
    BadAnswer,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
)
from carport.cloud.field_map import field_at
from carport.cloud.ledger import Purpose
from carport.cloud.parts import Part, put_together
from carport.cloud.requests import get, post, put
from carport.cloud.rest_calls import ANY_REFUSAL
from simulator.clock import ManualClock
from tests.makers.parts import read_part

from .small_cloud import SmallCloud
from .small_service import CAR, LOCKED, MODE, TIMEOUT, SmallService, answer, values


async def test_parts_that_are_due_are_read(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """All at first, the slow one seldom, the rationed one never by itself."""
    answer(cloud, LOCKED, {"mode": "immediate"}, LOCKED)
    await service.read(CAR)
    assert sorted(cloud.paths) == ["/settings", "/status"]
    assert values(await service.read(CAR)) == {"doors_locked": True}
    clock.step(1800)
    await service.read_part(CAR, "rationed", None)
    assert cloud.paths[2:] == ["/status", "/rationed"]
    with pytest.raises(NotSupported):
        await service.read_part(CAR, "settings", None)


@pytest.mark.parametrize("odd", [None, [], 7, "x"])
async def test_an_envelope_with_something_else_in_it(
    service: SmallService, cloud: SmallCloud, odd: object
) -> None:
    """It is a bad answer, not a reading without anything."""
    answer(cloud, {"data": odd}, {})
    with pytest.raises(BadAnswer):
        await service.read(CAR)


@pytest.mark.parametrize("status", [403, 500])
async def test_a_required_part_is_never_put_off(
    service: SmallService, cloud: SmallCloud, status: int
) -> None:
    """Without it there is no reading, and the next one asks for it again."""
    await service.read_one(CAR, "settings", Purpose.READ)
    answer(cloud, status)
    with pytest.raises((NotPermitted, Outage)):
        await service.read(CAR)
    answer(cloud, LOCKED)
    assert values(await service.read(CAR)) == {"doors_locked": True}


async def test_a_command_of_two_calls_repeats_what_was_set(
    service: SmallService, cloud: SmallCloud
) -> None:
    """It is read anew, written as a whole, and completed; a refusal ends it there."""
    answer(cloud, {"mode": "immediate", "limit": 80}, {}, {})
    await service.execute(CAR, MODE, None)
    assert cloud.paths == ["/settings", "/settings", "/settings/deploy"]
    assert cloud.requests[1][3] == '{"mode": "scheduled", "limit": 80}'
    answer(cloud, {}, 403)
    with pytest.raises(NotPermitted):
        await service.execute(CAR, MODE, None)
    assert cloud.paths[3:] == ["/settings", "/settings"]


async def test_settings_without_a_time_contradict_nothing(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """Until the car must have heard they are left out; what they show is proof."""
    answer(cloud, {}, {}, {})
    ticket = await service.execute(CAR, MODE, None)
    answer(cloud, {"mode": "immediate"})
    look = await service.confirm(CAR, ticket)
    assert (look.progress, look.result.readings) == (Progress.PENDING, ())
    for due, seconds in ((False, TIMEOUT - 1), (True, 1)):
        clock.step(seconds)
        answer(cloud, LOCKED, {"mode": "immediate"})
        assert ("charge_mode" in values(await service.read(CAR))) is due
        cloud.answers.clear()
    answer(cloud, {"mode": "scheduled"})
    look = await service.confirm(CAR, ticket)
    assert look.progress is Progress.DONE
    assert values(look.result) == {"charge_mode": "scheduled"}


async def test_a_rationed_command_has_a_pause_of_its_own(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """It begins with the command, also with one that may have arrived."""
    for bodies in ((), (500,)):
        answer(cloud, *bodies)
        try:
            await service.execute(CAR, Lock(), None)
        except Outage:
            assert bodies
        refusal = service.blocked_by(CAR, Lock(), Snapshot())
        until = clock.now() + timedelta(minutes=5)
        assert refusal == Refusal(reason=Reason.THROTTLED, until=until)
        assert service.blocked_by(CAR, StartCharging(), Snapshot()) is None
        clock.step(301)
        assert service.blocked_by(CAR, Lock(), Snapshot()) is None


def test_what_needs_a_plug(service: SmallService) -> None:
    """The limits say it: the engine refuses it of a car that says it has none."""
    found = service.commands(CAR, set())
    assert found[CommandKind.START_CHARGING].needs_plug
    assert not found[CommandKind.LOCK].needs_plug


async def test_a_list_of_several_calls(
    service: SmallService, cloud: SmallCloud
) -> None:
    """What they bring is put together; what not every car has may be missing."""
    answer(cloud, [1], {"a": 2})
    assert await service.history(CAR, "trips") == {"short": [1], "long": {"a": 2}}
    assert cloud.paths == ["/trips/short", "/trips/2026"]
    answer(cloud, [1], 404)
    assert await service.history(CAR, "trips") == {"short": [1], "long": {}}
    answer(cloud, 404)
    with pytest.raises(NotSupported):
        await service.history(CAR, "trips")
    with pytest.raises(NotSupported):
        await service.history(CAR, "charges")


async def test_7_5_after_a_new_sign_in_every_part_is_asked_for_anew(
    service: SmallService, cloud: SmallCloud
) -> None:
    """A part that another account had counts as missing no longer if it is refused."""
    answer(cloud, LOCKED, {"mode": "immediate"})
    await service.read(CAR)
    part = service.part("settings")
    assert service.schedule.was_read(CAR, part)
    service.schedule.reset()
    assert service.schedule.is_due(CAR, part, service.now())
    assert not service.schedule.was_read(CAR, part)
    answer(cloud, LOCKED, 403)
    assert not (await service.read(CAR)).gaps


def test_7_5_a_command_that_a_car_lacks_is_not_offered(service: SmallService) -> None:
    """What the table has limits for is, whatever they are."""
    offered = service.commands(CAR, frozenset())
    assert offered
    assert all(isinstance(limits, Limits) for limits in offered.values())


async def test_7_5_what_shows_a_command_is_read_next(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """A part that is read seldom is asked for at once, and put off where it could lie."""
    answer(cloud, LOCKED, {"mode": "immediate"})
    await service.read(CAR)
    part = service.part("settings")
    assert not service.schedule.is_due(CAR, part, clock.now())
    service.schedule.bring_forward(CAR, "settings")
    assert service.schedule.is_due(CAR, part, clock.now())
    until = clock.now() + timedelta(minutes=2)
    service.schedule.put_off(CAR, "settings", until)
    assert not service.schedule.is_due(CAR, part, clock.now())
    assert service.schedule.is_due(CAR, part, until)


@pytest.mark.parametrize("came", [True, False])
def test_7_5_a_reading_that_brought_nothing_fails(came: bool) -> None:
    """Where one part came, the others are gaps; where none did, the first says why."""
    parts = [Part(key=key, request=get(f"/{key}")) for key in ("one", "two", "three")]
    failed: list[ReadResult | CloudError] = [Outage("one"), BadAnswer("two")]
    if came:
        results = zip(parts, [*failed, ReadResult()], strict=True)
        assert put_together(results, {"one", "two"}, ()).gaps == {"one", "two"}
    else:
        with pytest.raises(Outage):
            put_together(zip(parts, failed, strict=False), {"one", "two"}, ())


@pytest.mark.parametrize(
    ("body", "minutes"),
    [
        ({"at": "2026-11-21T07:50:00Z", "sentAt": "2026-11-21T07:55:00Z"}, 10),
        ({"at": None, "sentAt": "2026-11-21T07:55:00Z"}, 5),
        ({"at": "soon", "sentAt": 7}, None),
    ],
)
def test_7_5_a_parts_own_time_is_the_first_that_is_one(
    clock: ManualClock, body: dict[str, Any], minutes: float | None
) -> None:
    """Its readings are as old as the car says; without a time nobody makes one up."""
    part = Part(
        key="doors",
        request=get("/doors"),
        fields=(field_at(s.DOORS_LOCKED, "locked"),),
        time_paths=(("at",), ("sentAt",)),
    )
    now = clock.now()
    built = read_part((part,), "doors", {**body, "locked": True}, now, "home")
    (reading,) = built.result().readings
    expected = None if minutes is None else now - timedelta(minutes=minutes)
    assert reading.captured_at == expected


class DrivenService(SmallService):
    """A small one with a part that is read after a drive."""

    parts = (
        Part(
            key="status", request=get("/status"), fields=(field_at(s.ODOMETER, "km"),)
        ),
        Part(
            key="place",
            request=get("/place"),
            fields=(field_at(s.CHARGE_MODE, "mode"),),
            every=timedelta(days=1),
            moves=True,
        ),
        Part(key="stays", request=get("/stays"), every=timedelta(days=1)),
    )


async def test_what_moves_is_read_after_a_drive(
    service: SmallService, cloud: SmallCloud
) -> None:
    """Not while the odometer stands, and not again until it moves again."""
    driven = DrivenService(service.context)
    mode = {"mode": "immediate"}
    answer(cloud, {"km": 100}, mode, {})
    await driven.read(CAR)
    answer(cloud, {"km": 100})
    await driven.read(CAR)
    assert cloud.paths.count("/place") == 1
    answer(cloud, {"km": 130}, mode)
    await driven.read(CAR)
    assert cloud.paths.count("/place") == 2
    answer(cloud, {})
    await driven.read(CAR)
    assert cloud.paths.count("/place") == 2
    assert cloud.paths.count("/stays") == 1


async def test_a_part_that_failed_while_others_came_is_a_gap(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """It is told, and asked for again after a pause, not with the next reading."""
    driven = DrivenService(service.context)
    answer(cloud, {"km": 100}, [1], {})
    result = await driven.read(CAR)
    assert values(result) == {"odometer": 100}
    assert result.gaps == {"place"}
    answer(cloud, {"km": 100})
    await driven.read(CAR)
    assert cloud.paths.count("/place") == 1


async def test_a_part_of_which_the_cloud_says_nothing(
    service: SmallService, cloud: SmallCloud
) -> None:
    """204 is an answer without values, and no failure."""
    answer(cloud, {"data": {}}, 204)
    result = await service.read(CAR)
    assert (values(result), result.gaps) == ({}, frozenset())


def test_a_service_without_a_pin_refuses_none(service: SmallService) -> None:
    """Nothing is known of a PIN that is never asked for."""
    assert service.pin_refused is False
    assert service.pin_was_refused("1234") is False


class TellingService(SmallService):
    """A small one whose cloud tells what became of a command."""

    @override
    async def progress_of(
        self, car: Car, ticket: Ticket, mapping: CommandMapping
    ) -> Confirmation | None:
        return Confirmation(progress=Progress.FAILED, reason=Reason.CAR_REFUSED)


async def test_a_cloud_that_tells_of_a_failure_is_believed(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """Nothing is read to look for an effect then."""
    telling = TellingService(service.context)
    ticket = Ticket(vin=CAR.vin, command=Lock(), accepted_at=clock.now())
    clock.step(20)
    look = await telling.confirm(CAR, ticket)
    assert (look.progress, look.reason) == (Progress.FAILED, Reason.CAR_REFUSED)
    assert cloud.paths == []


def test_what_the_transport_names_is_not_read_before() -> None:
    """A time-out, a pause and a gateway have one meaning everywhere."""
    assert {400, 401, 403, 404, 409, 500, 503} <= ANY_REFUSAL
    assert not {200, 408, 429, 502, 504, 600} & ANY_REFUSAL


class PatientService(SmallService):
    """A small one whose commands show only after a while."""

    command_map = (
        CommandMapping(
            kind=CommandKind.LOCK,
            request=post("/lock"),
            shown_by="status",
            look_after=30,
        ),
    )


async def test_a_look_that_comes_too_soon_asks_nothing(
    service: SmallService, cloud: SmallCloud, clock: ManualClock
) -> None:
    """The command is still under way then."""
    patient = PatientService(service.context)
    ticket = Ticket(vin=CAR.vin, command=Lock(), accepted_at=clock.now())
    clock.step(29)
    assert await patient.confirm(CAR, ticket) == Confirmation()
    assert cloud.paths == []
    clock.step(1)
    answer(cloud, LOCKED)
    look = await patient.confirm(CAR, ticket)
    assert values(look.result) == {"doors_locked": True}


class DatedService(SmallService):
    """A small one whose settings say of when they are, as nothing else is said."""

    command_map = (
        CommandMapping(
            kind=CommandKind.SET_CHARGE_MODE,
            request=put("/settings", {}),
            shown_by="settings",
        ),
    )


async def test_what_a_command_changes_is_read_next(
    service: SmallService, cloud: SmallCloud
) -> None:
    """Though it was read just now, and is read seldom otherwise."""
    dated = DatedService(service.context)
    answer(cloud, LOCKED, {"mode": "immediate"})
    await dated.read(CAR)
    await dated.execute(CAR, MODE, None)
    answer(cloud, LOCKED, {"mode": "scheduled"})
    assert values(await dated.read(CAR))["charge_mode"] == "scheduled"
