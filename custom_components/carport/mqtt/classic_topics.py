"""What the classic layout says of cars, to all who ask: a topic, or somebody at a terminal."""

from datetime import datetime
from typing import Final

from ..engine import GarageCar
from .classic_commands import TROUBLE
from .classic_groups import POSITION, STATE, Group
from .outbox import Outbox
from .settings import CarSettings, Private

SIGN_IN: Final = "needs_owner"
"""The reason that this layout calls offline; any other is an error."""
_HORN: Final = frozenset({"flash", "honk"})


class ClassicTopics:
    """The outgoing half of the layout, without a word of when it is said."""

    def __init__(self, outbox: Outbox, base: str) -> None:
        """Begin at rest."""
        self.base = base.rstrip("/")
        self._outbox = outbox
        self._working = 0

    def put(self, topic: str, text: str, *, qos: int = 0) -> None:
        """Say something under the base; nothing of this layout is retained."""
        self._outbox.put(f"{self.base}/{topic}", text, qos=qos)

    def begin(self) -> None:
        """Say that there is work."""
        self.put("active", "1")
        self.go_on()

    def go_on(self) -> None:
        """Note that the work of a message goes on; `done` is owed once more."""
        self._working += 1

    def done(self) -> None:
        """Say that the work of a message is over, unless other work goes on."""
        self._working -= 1
        if self._working == 0:
            now = datetime.now().astimezone()
            self.put("active/time", f"{now:%d.%m.%y %H:%M:%S}")
            self.put("active", "0")

    def publish(self, car: GarageCar, chosen: CarSettings, group: Group) -> bool:
        """Publish what a car can say of a group; return whether it could."""
        if group is POSITION and Private.PLACE not in chosen.publish:
            return True
        topic = chosen.topic
        best = car.best_channel
        if best is None or str(best.state) == SIGN_IN:
            self.fail(topic, group, SIGN_IN)
            return False
        if not car.snapshot.readings:
            self.fail(topic, group)
            return False
        lines = tuple(group.say(car, chosen.publish))
        if group is POSITION and not lines:
            # A place that no maker tells keeps nobody from the groups behind it.
            self.fail(topic, group)
        for level, text in lines:
            qos = 1 if group is STATE else 0
            self.put(f"{topic}/{level}", text, qos=qos)
        return True

    def fail(self, topic: str, group: Group, reason: str = "") -> None:
        """Say that a group cannot be told."""
        self.put(f"{topic}/{group.trouble}", _word(reason), qos=1)

    def respond(self, topic: str, name: str, *, took: bool, reason: str = "") -> None:
        """Say whether the maker took a command."""
        self.put(f"{topic}/response/{name}", "True" if took else "False")
        if name in _HORN:
            self.put(f"{topic}/{name}", "ok" if took else _word(reason), qos=1)
        elif not took:
            self.put(f"{topic}/{TROUBLE[name]}", _word(reason), qos=1)


def _word(reason: str) -> str:
    return "offline" if reason == SIGN_IN else "error"
