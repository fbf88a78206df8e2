"""The Demo garage: a service without a cloud, over twins that live by themselves."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
import json
import logging
from typing import Any, ClassVar, Final, override

from ...car.commands import Command, CommandKind
from ...car.history import ALWAYS, Period
from ...car.limits import Limits
from ...car.refusals import Refusal
from ...car.snapshot import Snapshot
from ...cloud.cadence import CadenceDefaults
from ...cloud.contract import (
    Car,
    Confirmation,
    Context,
    Picture,
    Progress,
    ReadResult,
    Service,
    Ticket,
    Tokens,
)
from ...cloud.errors import CarRefused, NotSupported
from ...cloud.service_info import Openness, ServiceInfo
from ...twin.fleet import GARAGE, fleet
from ...twin.past import grown
from ...twin.readings import readings
from ...twin.spec import TwinSpec
from ...twin.state import Report
from ...twin.twin import AcceptedCommand, Twin
from .commands import abilities, blocked_by
from .history import HISTORY
from .picture import picture_of

_LOGGER = logging.getLogger(__name__)

_LATENCY: Final = 18.0
"""Seconds from the cloud's yes until the car has done it."""
_WAKE_LATENCY: Final = 25.0
_LONGEST_ABSENCE: Final = timedelta(days=3)
"""How much of a time without Home Assistant the cars live through afterwards."""
_KEPT_EVERY: Final = timedelta(hours=6)
_SAVED_CARS: Final = "lives"


@dataclass(slots=True, eq=False)
class _Known:
    """A twin, and its report as it was last read."""

    twin: Twin
    report: Report | None = None
    result: ReadResult | None = None
    commanded: bool = False


class DemoGarage(Service):
    """Four cars to try everything on; `demo:1000` as the user name makes a crowd."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="demo",
        name="Demo garage",
        manufacturer="Carport",
        openness=Openness.DEMO,
        hosts={"demo": frozenset()},
        cadence=CadenceDefaults(
            driving=60, charging=120, after_command=5, parked=300, asleep=900
        ),
        verify_after=20,
        timeout=90,
        reports_completion=True,
        history=frozenset(HISTORY),
        pictures=True,
    )

    def __init__(self, context: Context) -> None:
        """Keep the context; the twins come to life when they are first looked at."""
        super().__init__(context)
        self._specs = {spec.vin: spec for spec in fleet(_garage_size(context.username))}
        self._known: dict[str, _Known] = {}
        self._saved_cars = _saved_cars(context.tokens)
        self._kept_at = context.clock.now()

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Open the garage, which has no key."""
        await self._keep()
        return self.context.username or self.info.key

    @override
    async def cars(self) -> tuple[Car, ...]:
        return tuple(_describe(spec) for spec in self._specs.values())

    @override
    async def read(self, car: Car) -> ReadResult:
        known = self._at_present(car.vin)
        if self.context.clock.now() - self._kept_at >= _KEPT_EVERY:
            await self._keep()
        return self._result(known)

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        known = self._at_present(car.vin)
        limits = abilities(known.twin.spec).get(command.kind)
        if limits is None:
            raise NotSupported(str(command.kind))
        if command.violation(limits) is not None:
            raise CarRefused(str(command.kind))
        now = self.context.clock.now()
        latency = _WAKE_LATENCY if command.kind is CommandKind.WAKE else _LATENCY
        accepted = known.twin.accept(command, now, latency)
        known.commanded = True
        return Ticket(
            vin=car.vin, command=command, accepted_at=now, number=str(accepted.number)
        )

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        known = self._at_present(car.vin)
        accepted = known.twin.commands.get(int(ticket.number or 0))
        if accepted is None or accepted.done is None:
            return Confirmation(result=self._result(known))
        # What an owner has changed is worth keeping at once.
        await self._keep()
        return Confirmation(
            progress=_progress(accepted),
            reason=accepted.reason,
            result=self._result(known),
        )

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return abilities(self._specs[car.vin])

    @override
    def blocked_by(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Refusal | None:
        return blocked_by(command, snapshot)

    @override
    async def history(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        spec = self._specs[car.vin]
        needs, read = HISTORY.get(what, (None, None))
        if read is None or (needs is not None and needs not in spec.equipment):
            raise NotSupported(what)
        return read(self._at_present(car.vin).twin, period)

    @override
    async def picture(self, car: Car) -> Picture:
        return picture_of(self._specs[car.vin])

    def twin(self, vin: str) -> Twin:
        """Return the twin behind a car, for tests and the demo to change."""
        return self._at_present(vin).twin

    def _at_present(self, vin: str) -> _Known:
        known = self._known.get(vin)
        now = self.context.clock.now()
        if known is None:
            known = self._known[vin] = _Known(self._awaken(self._specs[vin], now))
        known.twin.advance(now)
        return known

    def _awaken(self, spec: TwinSpec, now: datetime) -> Twin:
        """Bring a twin back from its stored life, or let it begin a new one."""
        saved = self._saved_cars.pop(spec.vin, None)
        if saved is not None:
            try:
                twin = Twin(spec, now - _LONGEST_ABSENCE, saved)
            except KeyError, TypeError, ValueError:
                _LOGGER.debug("A stored twin is of another version and begins anew")
            else:
                # A clock that was set back leaves the life in a future of its own.
                if twin.now <= now:
                    return twin
        return grown(spec, now)

    def _result(self, known: _Known) -> ReadResult:
        """Return what the cloud has heard; the same object for the same report."""
        report = known.twin.report
        if known.result is None or known.report is not report:
            known.report = report
            known.result = ReadResult(
                readings=tuple(
                    readings(
                        report,
                        known.twin.spec,
                        self.context.clock.now(),
                        self.context.account,
                    )
                )
            )
        return known.result

    async def _keep(self) -> None:
        """Store the lives of the cars that have one worth keeping."""
        self._kept_at = self.context.clock.now()
        await self.context.save_tokens(
            {_SAVED_CARS: json.dumps(self._all_saved_cars())}
        )

    def _all_saved_cars(self) -> dict[str, Mapping[str, Any]]:
        return self._saved_cars | {
            vin: known.twin.to_json()
            for vin, known in self._known.items()
            if known.twin.spec.routine is not None or known.commanded
        }

    @override
    async def close(self) -> None:
        if self._known:
            await self._keep()
            self._saved_cars = self._all_saved_cars()
            self._known = {}


def _garage_size(username: str) -> int:
    """Read how many cars are wanted from a user name like `demo:1000`."""
    count = username.partition(":")[2]
    return int(count) if count.isdecimal() else len(GARAGE)


def _saved_cars(tokens: Tokens | None) -> dict[str, Mapping[str, Any]]:
    """Return the stored lives by VIN; none where the store holds something else."""
    try:
        saved_cars = json.loads(str((tokens or {}).get(_SAVED_CARS, "{}")))
    except ValueError:
        return {}
    return saved_cars if isinstance(saved_cars, dict) else {}


def _describe(spec: TwinSpec) -> Car:
    return Car(
        vin=spec.vin,
        manufacturer=spec.manufacturer,
        model=spec.model,
        model_year=spec.model_year,
        nickname=spec.nickname,
        drive=str(spec.drive),
        software=spec.software,
    )


def _progress(accepted: AcceptedCommand) -> Progress:
    return Progress.DONE if accepted.done else Progress.FAILED
