"""Control over the simulator: the same for tests in process and over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from carport.twin.state import TwinState, to_datetime

from .calls import Call, CallLog
from .clock import JumpClock, ManualClock
from .faults import EXPLAINED, Fault, make_fault
from .mailbox import Mail, Mailbox
from .settings import ControlError, described

if TYPE_CHECKING:
    from carport.cloud.clock import Clock
    from carport.twin.twin import Twin

    from .cloud import Cloud, Damage


class Simulated(Protocol):
    """The simulator, as far as it is controlled."""

    clock: Clock
    clouds: dict[str, Cloud]
    calls: CallLog
    mail: Mailbox

    def twin(self, vin: str) -> Twin:
        """Return a car, brought to the present."""


_TWIN_FAULTS: Final = ("deaf", "contrary", "unreachable")


class Control:
    """Bad days, other settings, time, and what was called."""

    def __init__(self, simulator: Simulated) -> None:
        """Control a simulator."""
        self._simulator = simulator
        self._numbers = 0
        self.faults: dict[int, Fault] = {}
        self.damages: dict[str, Damage] = {}
        """Ways to spoil JSON that a test brings along, besides those of the clouds."""

    # Time

    def advance(self, seconds: float) -> None:
        """Move the clock on at once."""
        clock = self._simulator.clock
        if not isinstance(clock, (ManualClock, JumpClock)):
            raise ControlError("this clock cannot be moved")
        if seconds < 0:
            raise ControlError("time does not go back")
        clock.step(seconds)

    # Faults

    def fault(self, kind: str, **wish: Any) -> Fault:
        """Let calls go wrong; see `EXPLAINED` for the kinds."""
        damages = {name for cloud in self._clouds for name in cloud.damages}
        damages |= self.damages.keys()
        self._numbers += 1
        fault = make_fault(self._numbers, {"kind": kind, **wish}, damages)
        self.faults[fault.number] = fault
        return fault

    def clear_faults(self, number: int | None = None) -> None:
        """End one fault, or all."""
        if number is None:
            self.faults.clear()
        elif self.faults.pop(number, None) is None:
            raise ControlError("no such fault")

    def fault_for(self, call: Call) -> Fault | None:
        """Return what is to go wrong with a call, and count it."""
        for fault in self.faults.values():
            if fault.fits(call.method, call.host, call.path, call.account):
                fault.hit()
                return fault
        return None

    # Settings

    def service(self, key: str, **changes: Any) -> None:
        """Change settings of a whole service."""
        cloud = self._simulator.clouds.get(key)
        if cloud is None:
            raise ControlError(f"services: {', '.join(self._simulator.clouds)}")
        cloud.apply(changes)

    def account(self, username: str, **changes: Any) -> None:
        """Change settings of an account."""
        self._cloud_of(username).apply_to_account(username, changes)

    def twin(self, vin: str, **changes: bool) -> Twin:
        """Make a car deaf, contrary or unreachable, or well again."""
        try:
            twin = self._simulator.twin(vin)
        except KeyError:
            raise ControlError("no such car") from None
        if not changes.keys() <= set(_TWIN_FAULTS) or not all(
            isinstance(value, bool) for value in changes.values()
        ):
            raise ControlError(f"{', '.join(_TWIN_FAULTS)} take true or false")
        for name, value in changes.items():
            setattr(twin.faults, name, value)
        return twin

    def home(
        self, vin: str, plugged_in: bool = False, battery_level: float | None = None
    ) -> None:
        """Bring a car home and keep it there, so that it is met as expected."""
        if not isinstance(plugged_in, bool):
            raise ControlError("plugged_in takes true or false")
        if battery_level is not None and (
            isinstance(battery_level, bool)
            or not isinstance(battery_level, (int, float))
            or not 0 <= battery_level <= 100
        ):
            raise ControlError("battery_level takes 0 to 100")
        self.twin(vin).keep_home(plugged_in=plugged_in, battery_level=battery_level)

    def car(self, vin: str) -> dict[str, Any]:
        """Return what a car is really like, what it last told, and what it was asked."""
        twin = self.twin(vin)
        return {
            "vin": vin,
            "model": twin.spec.model,
            "state": _shown(twin.state),
            "report": {
                "captured_at": twin.report.captured_at.isoformat(),
                "state": _shown(twin.report.state),
            },
            "commands": [
                {
                    "number": accepted.number,
                    "kind": str(accepted.command.kind),
                    "due": to_datetime(accepted.due).isoformat(),
                    "done": accepted.done,
                    "reason": accepted.reason,
                }
                for accepted in twin.commands.values()
            ],
        }

    def reset(self) -> None:
        """Undo everything that was set here, and forget what was called."""
        self.faults.clear()
        self._simulator.calls.clear()
        self._simulator.mail.clear()
        for cloud in self._clouds:
            cloud.reset()
        for vin in {vin for cloud in self._clouds for vin in cloud.vins()}:
            self.twin(vin, **dict.fromkeys(_TWIN_FAULTS, False)).let_go()

    def calls(
        self,
        path: str = "*",
        *,
        method: str | None = None,
        account: str | None = None,
        host: str | None = None,
    ) -> list[Call]:
        """Return the calls that came in, by path pattern."""
        log = self._simulator.calls
        return log.find(path, method=method, account=account, host=host)

    def forget_calls(self) -> None:
        """Start a new list of calls."""
        self._simulator.calls.clear()

    def mail(self, address: str) -> list[Mail]:
        """Return the e-mails that an address was sent, newest first."""
        return self._simulator.mail.to(address)

    def describe(self) -> dict[str, Any]:
        """Say what can be asked for."""
        return {
            "POST /control/advance": {"seconds": "moves the clock"},
            "POST /control/faults": {
                "kind": {str(kind): text for kind, text in EXPLAINED.items()},
                "path": "pattern of the calls that go wrong, such as /rvs/*",
                "method, host, account": "narrow that",
                "count": "how many calls; without it all, until DELETE",
                "damage": {
                    key: sorted(cloud.damages)
                    for key, cloud in self._simulator.clouds.items()
                },
            },
            "GET, DELETE /control/faults": "what goes wrong now; DELETE ends it",
            "DELETE /control/faults/{number}": "ends one fault",
            "POST /control/services/{service}": {
                key: described(cloud.service_settings)
                for key, cloud in self._simulator.clouds.items()
            },
            "POST /control/accounts/{username}": {
                key: described(cloud.account_settings)
                for key, cloud in self._simulator.clouds.items()
            },
            "GET /control/cars/{vin}": "what a car is really like, what it last told,"
            " and what became of its commands",
            "POST /control/twins/{vin}": dict.fromkeys(_TWIN_FAULTS, "true | false"),
            "POST /control/home/{vin}": {
                "plugged_in": "true | false",
                "battery_level": "0 to 100; without it, as it is",
                "": "brings a car home at once and keeps it there",
            },
            "GET, DELETE /control/calls": "what was called: ?path=/rvs/*&method=GET"
            "&account=…&host=…",
            "GET /control/mail": "codes sent by e-mail, newest first: ?to=address",
            "POST /control/reset": "undoes all of the above, except time",
        }

    @property
    def _clouds(self) -> tuple[Cloud, ...]:
        return tuple(self._simulator.clouds.values())

    def _cloud_of(self, username: str) -> Cloud:
        for cloud in self._clouds:
            if any(one["username"] == username for one in cloud.accounts()):
                return cloud
        raise ControlError("no such account")


def _shown(state: TwinState) -> dict[str, Any]:
    """Turn a state into JSON that people read: moments with their dates."""
    known = state.to_json()
    moments = {
        name: value.isoformat()
        for name in known
        if isinstance(value := getattr(state, name), datetime)
    }
    return {**known, **moments}


def fault_to_json(fault: Fault) -> Mapping[str, Any]:
    """Turn a fault into JSON."""
    return {name: getattr(fault, name) for name in fault.__dataclass_fields__}
