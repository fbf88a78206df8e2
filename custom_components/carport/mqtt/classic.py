"""The layout of an older bridge, `weconnectmqtt`, for any maker's car that can say it.

Its topics, payloads and order are kept for the clients that go by them; nothing of it
is retained. Cars are read when somebody asks, and nothing is told of its own accord.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, override

from ..car.commands import Command
from .classic_commands import COMMANDS
from .classic_groups import FULLSTATE, GROUPS, Group
from .classic_topics import ClassicTopics
from .lanes import Answer, Wish
from .layout import LOGGER, BridgeCar, Core, Layout, Message
from .outbox import Publication
from .permissions import REFRESH
from .refusals import Refused, TopicReason
from .settings import Layout as Kind
from .values import flag_from

_SERVICE_BEAT: Final = 15.0
_JUST_NOW: Final = timedelta(seconds=60)
_REFUSED: Final = "refused"


class ClassicLayout(Layout):
    """`/weconnectMQTT/car1/…`, in both directions."""

    def __init__(self, core: Core) -> None:
        """Begin at once to say that the service is there."""
        super().__init__(core)
        self._topics = ClassicTopics(core.outbox, core.settings.classic_base)
        self._base = self._topics.base
        self._beat_timer = core.clock.call_later(_SERVICE_BEAT, self._beat)
        self.stop_wanted: Callable[[], None] | None = None
        """Called when somebody has the service stop; a service manager starts it again."""

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        # With a slash at the end or without, and of cars that are listed later too.
        topics = ("set/#", "get/#", "+/set/#", "+/get/#")
        return tuple(f"{self._base}/{topic}" for topic in topics)

    @property
    def will(self) -> Publication:
        """What the broker says when the bridge is gone."""
        return Publication(topic=f"{self._base}/service/active", payload="0")

    @override
    def watch(self, car: BridgeCar) -> Iterable[Callable[[], None]]:
        return ()

    @override
    def places(self, about: BridgeCar | str) -> Iterable[str]:
        return ()

    @override
    def forget_account(self, account: str) -> None:
        """Do nothing: of accounts nothing is told."""

    @override
    def close(self) -> None:
        super().close()
        self._beat_timer.cancel()
        self._topics.put("service/active", "0")
        self._topics.put("service/active/offline", _clock_time())

    # Out

    @override
    def publish_all(self) -> None:
        self._topics.begin()
        self._say_active()
        super().publish_all()
        self._topics.done()

    @override
    def publish_car(self, car: BridgeCar) -> None:
        for group in FULLSTATE:
            self._publish(car, group)

    def _publish(self, car: BridgeCar, group: Group) -> bool:
        return self._topics.publish(car.car, car.settings, group)

    def _beat(self) -> None:
        self._say_active()
        self._beat_timer = self.core.clock.call_later(_SERVICE_BEAT, self._beat)

    def _say_active(self) -> None:
        self._topics.put("service/active", "1")
        self._topics.put("service/active/time", _clock_time())

    # In

    @override
    def take(self, message: Message) -> bool:
        if not message.topic.startswith(f"{self._base}/"):
            return False
        levels = message.topic.removeprefix(f"{self._base}/").strip("/").split("/")
        if message.retain:
            LOGGER.warning("A retained message on a command's topic was ignored")
            return True
        text = message.text
        if text == "":
            # What removes a retained message.
            return True
        self._topics.begin()
        try:
            self._dispatch(levels, text or "")
        except Refused as refused:
            LOGGER.warning("A command by MQTT was refused: %s", refused.reason)
        finally:
            self._topics.done()
        return True

    def _dispatch(self, levels: list[str], text: str) -> None:
        """Begin what a message says."""
        match levels:
            case ["set", "service"]:
                self._service(text)
            case ["get", "state" | "fullstate" as name]:
                for car in self.cars.values():
                    self._get(car, _groups(name))
            case [topic, "get", name] if topic in self.cars:
                self._get(self.cars[topic], _groups(name))
            case [topic, "set", name] if topic in self.cars and name in COMMANDS:
                self._set(self.cars[topic], name, text)
            case [topic, verb, name] if self.core.announcements.is_gone(
                topic, Kind.CLASSIC
            ):
                self._refuse_for_gone(topic, verb, name)

    def _refuse_for_gone(self, topic: str, verb: str, name: str) -> None:
        """Say no for a car that was here, as for one that its maker does not know."""
        if verb == "get" and (groups := _groups(name)):
            self._topics.fail(topic, groups[0])
        elif verb == "set" and name in COMMANDS:
            self._topics.respond(topic, name, took=False)
        else:
            return
        raise Refused(TopicReason.CAR_GONE)

    def _service(self, text: str) -> None:
        self._topics.put("service/response", "True")
        if flag_from(text) is False and self.stop_wanted is not None:
            self.stop_wanted()

    def _get(self, car: BridgeCar, groups: tuple[Group, ...]) -> None:
        """Read a car, then say what was asked for, up to the first that fails.

        One that was read just now is not read again: clients ask for each group by itself.
        """
        if not groups:
            return
        if self._is_read(car):
            all(self._publish(car, group) for group in groups)
            return

        def tell(answer: Answer) -> None:
            detail = answer.get("detail")
            cause = detail.get("cause") if isinstance(detail, dict) else None
            if answer["outcome"] == _REFUSED:
                self._topics.fail(car.topic, groups[0], str(cause))
            else:
                all(self._publish(car, group) for group in groups)
            self._topics.done()

        try:
            self._submit(car, None, tell)
        except Refused:
            self._topics.fail(car.topic, groups[0])
            raise

    def _is_read(self, car: BridgeCar) -> bool:
        """Return whether some account has just been asked for a car, and answered."""
        best = car.car.best_channel
        if best is None or best.last_good_at is None:
            return False
        return best.clock.now() - best.last_good_at < _JUST_NOW

    def _set(self, car: BridgeCar, name: str, text: str) -> None:
        """Send a command, and respond whether the maker took it."""
        told = False

        def respond(*, took: bool, reason: str = "") -> None:
            nonlocal told
            if not told:
                told = True
                self._topics.respond(car.topic, name, took=took, reason=reason)

        def tell(answer: Answer) -> None:
            took = answer["outcome"] in {"accepted", "confirmed"}
            respond(took=took, reason=str(answer.get("reason")))
            self._topics.done()

        try:
            command = COMMANDS[name](car.car, text)
            if command is None:
                # Nothing to do, such as not to flash.
                respond(took=True)
                return
            self._submit(car, command, tell, lambda: respond(took=True))
        except Refused:
            respond(took=False)
            raise

    def _submit(
        self,
        car: BridgeCar,
        command: Command | None,
        tell: Callable[[Answer], None],
        accepted: Callable[[], None] | None = None,
    ) -> None:
        if not self.core.freshness.is_fresh():
            raise Refused(TopicReason.WAITED_TOO_LONG)
        wish = Wish(
            vin=car.car.vin,
            # Reading is what the topics of this layout are for.
            words=car.settings.commands | {REFRESH},
            command=command,
            arrived_at=self.core.clock.now(),
            tell=tell,
            accepted=accepted,
        )
        self.core.lanes.submit(wish)
        self._topics.go_on()


def _groups(name: str) -> tuple[Group, ...]:
    """Return what a get topic asks for, in the order in which it is told."""
    if name == "fullstate":
        return FULLSTATE
    return (GROUPS[name],) if name in GROUPS else ()


def _clock_time() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"
