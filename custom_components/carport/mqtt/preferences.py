"""What is chosen of a car by topic, and no car hears of: how often, and for how long."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from ..car.commands import Command, CommandKind
from ..car.limits import check_number
from ..car.switches import SetAuxiliaryHeating, SetVentilation
from ..cloud.cadence import Profile
from ..engine import GarageCar
from .lanes import Gateway
from .permissions import REFRESH, allows
from .refusals import Refused, TopicReason
from .schedule_controls import ScheduleChange
from .values import NOTHING, number_from

POLL_PROFILE: Final = "poll_profile"
DURATIONS: Final[Mapping[str, CommandKind]] = {
    "auxiliary_heating_duration": CommandKind.SET_AUXILIARY_HEATING,
    "ventilation_duration": CommandKind.SET_VENTILATION,
}
"""For how many minutes the next start is, by what is started."""


PREFERENCES: Final = frozenset({POLL_PROFILE, *DURATIONS})


class Preferences:
    """What the owners of cars have chosen by topic since the bridge began."""

    def __init__(self, gateway: Gateway) -> None:
        """Begin with nothing chosen; how often a car is read the garage keeps."""
        self._gateway = gateway
        self._minutes: dict[tuple[str, CommandKind], float] = {}

    def told(self, car: GarageCar) -> Iterator[tuple[str, str]]:
        """Yield what can be chosen of a car, and what holds now."""
        yield POLL_PROFILE, self._gateway.profile(car.vin).value
        for name, kind in DURATIONS.items():
            if kind in car.commands:
                minutes = self._minutes.get((car.vin, kind))
                yield name, NOTHING if minutes is None else f"{minutes:.15g}"

    def choose(
        self, car: GarageCar, words: Collection[str], name: str, text: str
    ) -> None:
        """Take a choice; raise `Refused` if it may not be made."""
        if name == POLL_PROFILE:
            self._choose_profile(car, words, text)
        else:
            self._choose_minutes(car, words, name, text)

    def _choose_profile(
        self, car: GarageCar, words: Collection[str], text: str
    ) -> None:
        if REFRESH not in words:
            raise Refused(TopicReason.NOT_ALLOWED, command=POLL_PROFILE)
        if text not in tuple(Profile):
            allowed = ", ".join(Profile)
            raise Refused(
                TopicReason.WRONG_PAYLOAD, allowed=allowed, command=POLL_PROFILE
            )
        self._gateway.garage.set_profile(car.vin, Profile(text))

    def _choose_minutes(
        self, car: GarageCar, words: Collection[str], name: str, text: str
    ) -> None:
        kind = DURATIONS[name]
        limits = car.commands.get(kind)
        if not allows(words, kind, limits):
            raise Refused(TopicReason.NOT_ALLOWED, command=name)
        minutes = number_from(text)
        if limits is None:
            raise Refused(TopicReason.UNKNOWN_COMMAND, command=name)
        if minutes is None:
            raise Refused(TopicReason.WRONG_PAYLOAD, allowed="minutes", command=name)
        if (wrong := check_number("duration", minutes, limits)) is not None:
            raise Refused(
                TopicReason.WRONG_PAYLOAD, allowed=wrong.allowed, command=name
            )
        self._minutes[car.vin, kind] = minutes

    def applied(
        self, car: GarageCar, command: Command | ScheduleChange | None
    ) -> Command | ScheduleChange | None:
        """Return a command with the duration that was chosen for such."""
        if not isinstance(command, (SetAuxiliaryHeating, SetVentilation)):
            return command
        if not command.on or command.duration is not None:
            return command
        minutes = self._minutes.get((car.vin, command.kind))
        return replace(command, duration=minutes)
