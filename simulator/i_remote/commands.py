"""Commands: one row for each service of the car, and the record of the latest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import json
from typing import Any, Final

from carport.car.commands import (
    Command,
    HonkAndFlash,
    HornMode,
    Lock,
    SendDestination,
    SetChargeMode,
    SetSchedule,
    StartCharging,
    StartClimate,
    Unlock,
    Wake,
)
from carport.twin.twin import AcceptedCommand, TwinSpec

from .answers import Refused
from .planner import BadProfile, read_profile

type Form = Mapping[str, str]
type Read = Callable[[Form, TwinSpec], tuple[Command, ...]]

_LISTED: Final = frozenset(
    {
        "CLIMATE_CONTROL",
        "GET_ALL_IMAGES",
        "GET_PASSWORD_RESET_INFO",
        "GET_VEHICLES",
        "GET_VEHICLE_IMAGE",
        "GET_VEHICLE_STATUS",
        "LOCAL_SEARCH",
        "LOCAL_SEARCH_SUGGESTIONS",
        "LOGIN",
        "LOGOUT",
        "SEND_POI_TO_CAR",
    }
)
"""Names that exist too, but nobody knows what they take."""
_NAME_ENDS: Final = 255


def _plain(command: Command) -> Read:
    return lambda form, spec: (command,)


def _flash(form: Form, _spec: TwinSpec) -> tuple[Command, ...]:
    count = form.get("count", "2")
    if not count.isdecimal() or not 1 <= int(count) <= 99:
        raise Refused(400, "count")
    return (HonkAndFlash(mode=HornMode.FLASH, duration=float(count)),)


def _control(form: Form, spec: TwinSpec) -> tuple[Command, ...]:
    try:
        schedule, mode = read_profile(json.loads(form.get("data", "")), spec)
    except BadProfile as error:
        raise Refused(400, f"{error} is not valid") from None
    except ValueError:
        raise Refused(400, "data is not JSON") from None
    # The last one is what the record follows.
    return SetChargeMode(mode=mode), SetSchedule(schedule=schedule)


COMMANDS: Final[Mapping[str, Read]] = {
    "CHARGE_NOW": _plain(StartCharging()),
    "CLIMATE_NOW": _plain(StartClimate()),
    "DOOR_LOCK": _plain(Lock()),
    "DOOR_UNLOCK": _plain(Unlock()),
    "LIGHT_FLASH": _flash,
    "HORN_BLOW": _plain(HonkAndFlash(mode=HornMode.HONK)),
    "VEHICLE_FINDER": _plain(Wake()),
    "CHARGING_CONTROL": _control,
}


def is_known(service: str) -> bool:
    """Return whether the cloud knows the word, whatever it does with it."""
    return service in COMMANDS or is_listed(service)


def is_listed(service: str) -> bool:
    """Return whether it is one of the words that are no command to a car."""
    return service in _LISTED


def poi_of(form: Form) -> SendDestination | None:
    """Return the place that was sent; None for a message without one."""
    try:
        poi = json.loads(form.get("data") or form.get("body") or "")["poi"]
    except ValueError, KeyError, TypeError:
        raise Refused(400, "poi is not valid") from None
    if (
        not isinstance(poi, dict)
        or len(str(poi.get("additionalInfo", ""))) > _NAME_ENDS
    ):
        raise Refused(400, "poi is not valid")
    place = (poi.get("lat"), poi.get("lon"))
    if place == (None, None):
        return None
    if not all(isinstance(part, (int, float)) for part in place):
        raise Refused(400, "lat and lon are not valid")
    return SendDestination(
        name=str(poi.get("name", "")),
        latitude=float(poi["lat"]),
        longitude=float(poi["lon"]),
        address={
            key: str(poi[key]) for key in ("street", "city", "country") if key in poi
        },
    )


@dataclass(slots=True, kw_only=True)
class Execution:
    """The latest command of one kind to a car; without an accepted one the car refused it."""

    service: str
    event_id: str
    began: datetime
    latency: float
    time_out: float
    first_word: str
    """What is said at once: many take all but two words for the end."""
    accepted: AcceptedCommand | None = None
    words: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def status(self, now: datetime) -> str:
        """Return how far it has come; a late success does not undo a time-out."""
        passed = (now - self.began).total_seconds()
        if self.accepted is None:
            return "NOT_EXECUTED"
        if self.accepted.done is not None and self.latency < self.time_out:
            return "EXECUTED" if self.accepted.done else "NOT_EXECUTED"
        if passed >= self.time_out:
            return "TIMED_OUT"
        if passed < self.latency / 4:
            return self.first_word
        return "PENDING" if passed < self.latency / 2 else "DELIVERED"

    def to_json(self, now: datetime, *, extended: bool, bare: bool) -> dict[str, Any]:
        """Return the record."""
        self.asked += 1
        status = self.status(now)
        content: dict[str, Any] = {
            "serviceType": self.service,
            "eventId": self.event_id,
        }
        if not bare:
            content["status"] = status
        if extended:
            content["extendedStatus"] = self._details(status)
        return {"executionStatus": content}

    def _details(self, status: str) -> dict[str, str]:
        """Return what the car says besides, once it has obeyed."""
        if status != "EXECUTED":
            return {"result": "STATUS_UNKNOWN"}
        doors = list(self.words.values())
        same = bool(doors) and doors[0] == doors[-1]
        return {
            "result": "STATUS_NOT_CHANGED" if same else "STATUS_CHANGED",
            "ignitionOnStatus": "false",
            **self.words,
        }
