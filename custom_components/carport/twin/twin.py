"""A twin: a car that does not exist, with physics, an owner and a modem.

The truth (`state`) moves by itself; the cloud only knows what the modem told
(`report`). Between two moments a twin takes steps on a grid of absolute time and
stops at every event, so that its history does not depend on how often it is asked.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
import heapq
from typing import Any, Final

from ..car.commands import Command, CommandKind, Wake
from ..car.refusals import Reason
from . import physics
from .actions import REPORTED_ACTIONS, begins, do, preheat
from .commands import Body, climate_blocked_by, expire, obey, opposite, understands
from .memory import ChargeEvent, ClimateEvent, Memory, last_trip
from .routine import Action, PlannedAction, Trip, actions_of, day_of
from .spec import WEEKEND, WORKDAYS, Drive, Equipment, Habits, Outing, TwinSpec
from .state import Faults, Report, TwinState, at_home, brought_home, to_datetime
from .timers import Ring, next_rings, worn_off
from .weather import local_offset

__all__ = [
    "WEEKEND",
    "WORKDAYS",
    "AcceptedCommand",
    "Drive",
    "Equipment",
    "Faults",
    "Habits",
    "Outing",
    "Report",
    "Twin",
    "TwinSpec",
    "TwinState",
]

_STEP_DRIVING: Final = 60.0
_STEP_CLIMATE: Final = 60.0
_STEP_CHARGING: Final = 120.0
_STEP_SCHEDULED: Final = 900.0
_STEP_RESTING: Final = 3600.0
_DAYS_BACK: Final = 2
"""Plans begin with yesterday's: the owner may still be out."""
_COMMANDS_KEPT: Final = 50
_REPORTS_KEPT: Final = 300
_MODEM_NEEDS: Final = 0.02
"""How full the small battery must be for the modem to answer."""


@dataclass(slots=True, kw_only=True)
class AcceptedCommand:
    """A command on its way to a car; `done` is None until the car has answered."""

    number: int
    command: Command
    due: float
    done: bool | None = None
    reason: Reason | None = None


class Twin:
    """One car that lives by itself and takes commands."""

    def __init__(
        self, spec: TwinSpec, start: datetime, saved: Mapping[str, Any] | None = None
    ) -> None:
        """Park the car at home at a moment; everything after follows by itself.

        With a stored life it goes on from there, unless that ended before the
        start. Raises KeyError, TypeError or ValueError where that is no life.
        """
        self.spec = spec
        self.faults = Faults()
        self.commands: dict[int, AcceptedCommand] = {}
        self._time = start.timestamp()
        self.memory = Memory(self._time)
        self._body = Body(spec=spec, state=at_home(spec, start), timers={})
        self._coming: list[tuple[float, int]] = []
        self._acts: list[PlannedAction] = []
        self._planned = day_of(spec, self._time) - _DAYS_BACK
        self._trip: Trip | None = None
        self._numbers = 0
        self._offset = local_offset(spec.home.longitude)
        self._rings: tuple[Ring, ...] = ()
        self._charged = False
        self._stays = False
        self.report = Report(state=self.state.copy(), captured_at=start)
        """What the modem last told."""
        self.reports: deque[Report] = deque(maxlen=_REPORTS_KEPT)
        """What it told, oldest first, since it was last taken up."""
        self._tell()
        if saved is not None:
            self._take_up(saved)
        self.earlier = self.report
        """What it told before: a cloud may be slow to show the last."""
        self._look_ahead()

    @property
    def state(self) -> TwinState:
        """The truth, as far as time has been advanced."""
        return self._body.state

    @property
    def now(self) -> datetime:
        """The moment up to which the car has lived."""
        return to_datetime(self._time)

    @property
    def next_at(self) -> datetime:
        """The moment at which anything happens next, unless it is told something."""
        return to_datetime(self._next)

    def advance(self, now: datetime) -> None:
        """Let the car live until a moment; the past is never lived again."""
        end = now.timestamp()
        while self._next <= end:
            self._live_until(self._next)
            self._happen()
            self._look_ahead()

    def accept(
        self, command: Command, at: datetime, latency: float = 20
    ) -> AcceptedCommand:
        """Send a command; it takes effect after the modem's latency."""
        self._numbers += 1
        due = max(at.timestamp() + latency, self._time)
        accepted = AcceptedCommand(number=self._numbers, command=command, due=due)
        self.commands[accepted.number] = accepted
        for number in list(self.commands)[:-_COMMANDS_KEPT]:
            if self.commands[number].due <= self._time:
                del self.commands[number]
        heapq.heappush(self._coming, (due, accepted.number))
        self._look_ahead()
        return accepted

    def wake(self, at: datetime, latency: float = 25) -> AcceptedCommand:
        """Ask the car for a report of its own."""
        return self.accept(Wake(), at, latency)

    def keep_home(
        self, *, plugged_in: bool = False, battery_level: float | None = None
    ) -> None:
        """Bring the car home at once; its owner goes nowhere until let go."""
        home = at_home(self.spec, self.now)
        state = self._body.state = brought_home(self.state, home)
        self._trip = None
        self._body.timers.clear()
        self._stays = True
        has_battery = self.spec.battery_capacity is not None
        state.plugged_in = plugged_in and has_battery
        if battery_level is not None and has_battery:
            state.battery_level = battery_level
        self._happen()
        self._tell()
        self._look_ahead()

    def let_go(self) -> None:
        """Have the owner live by their habits again, beginning with the next outing."""
        self._stays = False

    # Over a restart

    def to_json(self) -> dict[str, Any]:
        """Turn the life so far into JSON; commands on their way are not kept."""
        return {
            "time": self._time,
            "told": self._told,
            "state": self.state.to_json(),
            "timers": dict(self._body.timers),
            "report": self.report.state.to_json(),
            "captured_at": self.report.captured_at.timestamp(),
            **self.memory.to_json(),
        }

    def _take_up(self, saved: Mapping[str, Any]) -> None:
        """Go on with a stored life; a long absence was spent at home, at rest."""
        state = TwinState.from_json(saved["state"])
        self.memory.take_up(saved)
        if saved["time"] < self._time:
            self._body.state = brought_home(state, self.state)
            self._tell()
            return
        self._time = saved["time"]
        self._told = saved["told"]
        self._body.state = state
        self._body.timers.update(saved["timers"])
        self._planned = day_of(self.spec, self._time) - _DAYS_BACK
        self._trip = _trip_at(self.spec, state, self._time)
        self.report = Report(
            state=TwinState.from_json(saved["report"]),
            captured_at=to_datetime(saved["captured_at"]),
        )
        self.reports = deque([self.report], maxlen=_REPORTS_KEPT)
        self._charged = self.report.state.charging

    # One stretch of time

    def _look_ahead(self) -> None:
        """Find the next moment at which anything happens."""
        self._plan()
        step = self._step()
        moments = [(self._time // step + 1) * step]
        if self._acts:
            moments.append(self._acts[0].at)
        if self._coming:
            moments.append(self._coming[0][0])
        if (report := self._report_due()) is not None:
            moments.append(report)
        self._rings = next_rings(self.state.schedule, self._time, self._offset)
        if self._rings:
            moments.append(self._rings[0].at)
        moments.extend(self._body.timers.values())
        self._next = max(min(moments), self._time)

    def _step(self) -> float:
        state = self.state
        if self._trip is not None:
            return _STEP_DRIVING
        if state.climate_active:
            return _STEP_CLIMATE
        if state.charging:
            return _STEP_CHARGING
        if state.plugged_in and physics.keeps_timers(state):
            return _STEP_SCHEDULED
        return _STEP_RESTING

    def _report_due(self) -> float | None:
        if self._trip is not None:
            pause = self.spec.reports_driving
        elif self.state.charging:
            pause = self.spec.reports_charging
        else:
            return None
        return None if pause is None else self._told + pause

    def _live_until(self, end: float) -> None:
        start, state, spec = self._time, self.state, self.spec
        if end <= start:
            return
        if self._trip is not None:
            physics.drive(state, spec, self._trip, start, end)
            if state.fuel_level < 15 and spec.tank:
                state.fuel_level = 95  # There is always a filling station.
        if state.charging:
            physics.charge(state, spec, start, end)
        physics.rest(state, spec, start, end)
        self._time = end

    def _happen(self) -> None:
        """Do everything that is due at this moment, then decide on charging."""
        now, state = self._time, self.state
        due = self._report_due()
        tell = due is not None and due <= now
        while self._acts and self._acts[0].at <= now:
            tell |= self._act(heapq.heappop(self._acts))
        while self._coming and self._coming[0][0] <= now:
            number = heapq.heappop(self._coming)[1]
            tell |= self._follow(self.commands[number])
        for ring in self._rings:
            if ring.at <= now:
                tell |= self._ring(ring)
        for name in [name for name, at in self._body.timers.items() if at <= now]:
            expire(self._body, name, now)
            tell = True
        blocked_by = climate_blocked_by(self.spec, state)
        if state.climate_active and blocked_by is not None:
            expire(self._body, "climate_active", now)
            tell = True
        charges = self._trip is None and physics.wants_charge(state, self.spec, now)
        if charges is not state.charging:
            state.charging = charges
            tell = True
        physics.show_charging(state, self.spec)
        if tell:
            self._tell()

    def _tell(self) -> None:
        """Report to the cloud, if the modem can."""
        self._told = self._time
        if self.faults.unreachable or self.state.battery_12v < _MODEM_NEEDS:
            return
        self.earlier = self.report
        self.report = Report(
            state=self.state.copy(), captured_at=to_datetime(self._time)
        )
        self.reports.append(self.report)
        if self.state.charging is not self._charged:
            self._charged = self.state.charging
            self._remember_charge()

    # What the owner does

    def _plan(self) -> None:
        """Know at least the coming day."""
        today = day_of(self.spec, self._time)
        while self._planned <= today:
            self._planned += 1
            for act in actions_of(self.spec, self._planned):
                if act.at > self._time:
                    heapq.heappush(self._acts, act)

    def _act(self, act: PlannedAction) -> bool:
        """Do one action of the owner; return whether the modem reports."""
        state = self.state
        if self._stays:
            return False
        if act.action is Action.BEGIN:
            if begins(act, state, self.spec):
                state.outing = act.outing
            return False
        if act.outing != state.outing:
            return False
        if act.action is Action.DEPART:
            self._trip = act.trip
        elif act.action is Action.ARRIVE:
            self._trip = None
        if act.action is Action.PREHEAT:
            return self._preheat(by_owner=True) and self.spec.talkative
        changed = do(act, self._body, self._time)
        if act.action is Action.ARRIVE and (trip := last_trip(state, self.spec)):
            self.memory.trips.append(trip)
        return changed and (self.spec.talkative or act.action in REPORTED_ACTIONS)

    # What it is told

    def _follow(self, accepted: AcceptedCommand) -> bool:
        """Obey a command, as far as the modem receives it."""
        if self.faults.unreachable or self.state.battery_12v < _MODEM_NEEDS:
            return False
        physics.wear_12v(self.state)
        if self.faults.deaf:
            return False
        command: Command | None = accepted.command
        if self.faults.contrary:
            command = opposite(accepted.command)
            if command is None:
                return False
            obey(self._body, command, self._time)
            accepted.done, accepted.reason = False, Reason.CAR_DISAGREES
            return True
        if not understands(accepted.command.kind):
            accepted.done, accepted.reason = False, Reason.NOT_CAPABLE
            return False
        accepted.reason = obey(self._body, accepted.command, self._time)
        accepted.done = accepted.reason is None
        if accepted.command.kind is CommandKind.START_CLIMATE:
            self._remember_climate(accepted.done, by_owner=True)
        return True

    # What its timers do

    def _ring(self, ring: Ring) -> bool:
        """Do what a timer is for; one that fires once is off afterwards."""
        if ring.warms:
            return self._preheat(by_owner=False)
        self.state.schedule = worn_off(self.state.schedule, ring.number)
        return True

    def _preheat(self, *, by_owner: bool) -> bool:
        """Condition the parked cabin, if that can be; return whether it could."""
        done = preheat(self._body, self._time)
        if Equipment.CLIMATE in self.spec.equipment and not self.state.ignition:
            self._remember_climate(done, by_owner=by_owner)
        return done

    # What it remembers

    def _remember_charge(self) -> None:
        state = self.state
        left = physics.minutes_to_limit(state, self.spec) if state.charging else 0
        self.memory.charges.append(
            ChargeEvent(
                at=self._time,
                began=state.charging,
                level=round(state.battery_level, 1),
                minutes=round(left),
            )
        )

    def _remember_climate(self, done: bool, *, by_owner: bool) -> None:
        run = ClimateEvent(at=self._time, done=done, by_owner=by_owner)
        self.memory.runs.append(run)


def _trip_at(spec: TwinSpec, state: TwinState, now: float) -> Trip | None:
    """Return the trip a moving car is on."""
    today = day_of(spec, now)
    for act in (*actions_of(spec, today - 1), *actions_of(spec, today)):
        trip = act.trip
        if state.moving and act.outing == state.outing and trip is not None:
            if trip.departs <= now < trip.arrives:
                return trip
    return None
