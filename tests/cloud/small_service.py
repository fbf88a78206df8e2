"""A service of tables as small as can be, at the small cloud."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, override

from aiohttp import ClientSession, web

from carport.car import signals as s
from carport.car.commands import CommandKind, SetChargeMode
from carport.car.limits import Limits
from carport.car.signals import ChargeMode
from carport.cloud.account_state import AccountState
from carport.cloud.answer import Answer
from carport.cloud.cadence import CadenceDefaults
from carport.cloud.command_map import CommandMapping
from carport.cloud.command_pauses import CommandPauses
from carport.cloud.contract import Car, ReadResult
from carport.cloud.field_map import field_at
from carport.cloud.history_map import HistoryMapping
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger
from carport.cloud.parts import Part
from carport.cloud.requests import get, post, put
from carport.cloud.rest import RestService
from carport.cloud.rest_calls import Send
from carport.cloud.service_info import Openness, ServiceInfo
from simulator.clock import ManualClock
from tests.service_context import context_of

from .small_cloud import HOST, SmallCloud

CAR = Car(vin="WVWZZZAUZGW900116", manufacturer="Small")
MODE = SetChargeMode(mode=ChargeMode.SCHEDULED)
TIMEOUT = 300


class SmallService(RestService):
    """As little as a service can be."""

    info = ServiceInfo(
        key="small",
        name="Small",
        manufacturer="Small",
        openness=Openness.CLOSED,
        hosts={"eu": frozenset({HOST})},
        cadence=CadenceDefaults(
            driving=300, charging=300, after_command=60, parked=900, asleep=1800
        ),
        verify_after=20,
        timeout=TIMEOUT,
        history=frozenset({"trips"}),
        parts=frozenset({"rationed"}),
    )
    base = f"https://{HOST}"
    parts: tuple[Part, ...] = (
        Part(
            key="status",
            request=get("/status"),
            envelope=("data",),
            fields=(field_at(s.DOORS_LOCKED, "doors.locked"),),
            required=True,
        ),
        Part(
            key="settings",
            request=get("/settings"),
            fields=(field_at(s.CHARGE_MODE, "mode"),),
            every=timedelta(minutes=30),
        ),
        Part(key="rationed", request=get("/rationed")),
    )
    command_map: ClassVar[tuple[CommandMapping, ...]] = (
        CommandMapping(
            kind=CommandKind.LOCK,
            request=post("/lock"),
            shown_by="status",
            rationed=True,
        ),
        CommandMapping(
            kind=CommandKind.SET_CHARGE_MODE,
            request=lambda car, command, known: replace(
                put("/settings", {**known, "mode": str(command.mode)}),
                then=post("/settings/deploy"),
            ),
            repeats="settings",
            shown_by="settings",
            dated=False,
        ),
        CommandMapping(
            kind=CommandKind.START_CHARGING,
            request=post("/charge"),
            limits=Limits(needs_plug=True),
        ),
    )
    history_map = (
        HistoryMapping(
            key="trips",
            request=get("/trips/short"),
            parse=lambda body, period, now: {"short": body},
        ),
        HistoryMapping(
            key="trips",
            request=lambda car, period, now: get(f"/trips/{now.year}"),
            optional=True,
            parse=lambda body, period, now: {"long": body},
        ),
    )

    @override
    async def cars(self) -> tuple[Car, ...]:
        return (CAR,)

    @override
    async def authorise(self, send: Send) -> Answer:
        return await send({"Authorization": "Bearer x"})


def small_service(
    session: ClientSession, clock: ManualClock, cloud: SmallCloud
) -> SmallService:
    """Return a service that was just built."""
    transport = Transport(session, clock, HostMap(cloud.hosts), Ledger(clock))
    context = context_of(clock, transport)
    small = SmallService(context)
    small.pauses = CommandPauses(AccountState(context), clock)
    return small


def answer(cloud: SmallCloud, *bodies: Any) -> None:
    """Let the cloud answer with these, one after the other; a number is a status."""
    cloud.answers.extend(
        web.Response(status=body) if isinstance(body, int) else web.json_response(body)
        for body in bodies
    )


def values(result: ReadResult) -> dict[str, object]:
    """Return what was read."""
    return {reading.signal.key: reading.value for reading in result.readings}


LOCKED = {"data": {"doors": {"locked": True}}}
