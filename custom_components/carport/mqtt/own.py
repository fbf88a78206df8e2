"""The bridge's own layout: a topic for each signal, and JSON beside it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, override

from ..car.limits import describe
from ..car.receipts import Receipt
from ..car.signals import LOCATION, PARKED_LOCATION, SIGNALS, Position
from ..cloud.contract import Picture
from ..engine import Topic
from .accounts import Accounts, BridgeAccount
from .announced import CHANNEL, PICTURE, STATE, all_below
from .gone import refuse_for_gone
from .lanes import Wish
from .layout import LOGGER, BridgeCar, Core, Layout, Message
from .permissions import REFRESH, allows
from .preferences import PREFERENCES
from .refusals import Refused, TopicReason
from .requests import parse_call, read_call, read_set
from .settings import BRIDGE, PRIVATE_SIGNALS, Private
from .values import dumps, text_of

ONLINE: Final = "online"
OFFLINE: Final = "offline"

_PLACE: Final = "place"
_PLACES: Final = (LOCATION.key, PARKED_LOCATION.key)
_QOS: Final = 1
"""Of what is retained: the broker has confirmed it, or it is sent again."""


class OwnLayout(Layout):
    """`<base>/<car>/…`, as the manual describes it."""

    def __init__(self, core: Core) -> None:
        """Begin without cars and accounts."""
        super().__init__(core)
        self.accounts = Accounts(self._account)
        self.pictures: dict[str, Picture] = {}
        """What was fetched, by topic: it costs a call, so it is kept."""
        self.on_news: Callable[[BridgeCar | BridgeAccount], None] | None = None
        """Hears of what has to be announced anew: a new account, a picture."""

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        base = self.core.settings.own_base
        return (f"{base}/+/set/+", f"{base}/+/call")

    @property
    def bridge_state(self) -> str:
        """Where the bridge says whether it is there; its will says offline."""
        return f"{self.core.settings.own_base}/{BRIDGE}/state"

    def path(self, car: BridgeCar, *levels: str) -> str:
        """Return a topic of a car."""
        return "/".join((self.core.settings.own_base, car.topic, *levels))

    def account_path(self, account: str) -> str:
        """Return the topic of an account."""
        return f"{self.core.settings.own_base}/{BRIDGE}/accounts/{account}"

    @override
    def places(self, about: BridgeCar | str) -> Iterable[str]:
        if isinstance(about, str):
            return (self.account_path(about),)
        return (all_below(self.path(about)),)

    @override
    def forget_account(self, account: str) -> None:
        self.accounts.forget(account)

    # Out

    @override
    def watch(self, car: BridgeCar) -> Iterable[Callable[[], None]]:
        garage, vin = self.core.garage, car.car.vin
        yield garage.follow(vin, partial(self._news, car))
        self.accounts.look(car.car)
        yield garage.subscribe_receipts(vin, partial(self._receipt, car))

    def _news(self, car: BridgeCar, topics: Collection[str]) -> None:
        """Publish what the garage has news of."""
        told = dict.fromkeys(topics).keys()
        signals = [key for key in told if key in SIGNALS]
        for key in signals:
            if car.settings.tells(key):
                self._signal(car, key)
        if not told.isdisjoint(_PLACES):
            self.publish_place(car)
        if signals or not told.isdisjoint({Topic.CAPTURED, Topic.STALE}):
            self._state(car)
        if Topic.CHANNEL in told:
            self.accounts.look(car.car)
        if not told.isdisjoint({Topic.CHANNEL, Topic.COMMANDS, Topic.ATTEMPTED}):
            self._channel(car)
        if not told.isdisjoint({Topic.PROFILE, Topic.COMMANDS}):
            self._preferences(car)

    @override
    def publish_all(self) -> None:
        self.publish_presence()
        super().publish_all()
        for account in self.accounts.known.values():
            self._account(account)

    @override
    def close(self) -> None:
        super().close()
        self.accounts.close()

    def publish_presence(self) -> None:
        """Say that the bridge is there."""
        self.core.outbox.put(self.bridge_state, ONLINE, retain=True, qos=_QOS)

    @override
    def publish_car(self, car: BridgeCar) -> None:
        for key in car.told_signals():
            self._signal(car, key)
        self.publish_place(car)
        self._state(car)
        self._channel(car)
        self._preferences(car)
        if car.topic in self.pictures:
            self._picture(car, self.pictures[car.topic])

    def publish_private(self) -> None:
        """Publish what nobody retains, for somebody who came later."""
        for car in self.cars.values():
            for key in car.told_signals():
                if key in PRIVATE_SIGNALS:
                    self._signal(car, key)
            self.publish_place(car)

    def publish_place(self, car: BridgeCar) -> None:
        """Publish where a car is, if the owner wants that and it is known."""
        if Private.PLACE in car.settings.publish:
            self._place(car)

    def _signal(self, car: BridgeCar, key: str) -> None:
        retain = key not in PRIVATE_SIGNALS
        self.core.outbox.put(
            self.path(car, key),
            lambda: text_of(SIGNALS[key], _value(car, key)),
            retain=retain,
            qos=_QOS if retain else 0,
        )

    def _place(self, car: BridgeCar) -> None:
        """Publish the newer of the live and the parked position; never retained."""
        readings = car.car.snapshot.readings
        known = [readings[key] for key in _PLACES if key in readings]
        newest = max(known, key=lambda reading: reading.order, default=None)
        if newest is None or not isinstance(newest.value, Position):
            return
        place = newest.value
        told = {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "heading": place.heading,
            "captured_at": _iso(newest.captured_at),
        }
        self.core.outbox.put(self.path(car, _PLACE), dumps(told))

    def _state(self, car: BridgeCar) -> None:
        self.core.outbox.put(
            self.path(car, STATE),
            lambda: dumps(self.state_of(car)),
            retain=True,
            qos=_QOS,
        )

    def state_of(self, car: BridgeCar) -> dict[str, Any]:
        """Return all that is known of a car but what is private, with its times."""
        known = car.car
        now = self.core.garage.clock_of(known).now()
        captured_at = known.captured_at
        values = {
            key: self._told(car, key)
            for key in car.told_signals()
            if key not in PRIVATE_SIGNALS
        }
        return {
            "captured_at": _iso(captured_at),
            "published_at": _iso(now),
            "age": None
            if captured_at is None
            else max(round((now - captured_at).total_seconds()), 0),
            "stale": known.stale,
            "restored": all(one.get("restored", False) for one in values.values()),
            "values": values,
        }

    @staticmethod
    def _told(car: BridgeCar, key: str) -> dict[str, Any]:
        signal, reading = SIGNALS[key], car.car.snapshot.readings.get(key)
        value = _value(car, key)
        told: dict[str, Any] = {
            "value": None if value is None else signal.encode(value)
        }
        if signal.unit is not None:
            told["unit"] = str(signal.unit)
        if reading is None:
            return {**told, "assumed": True}
        told["captured_at"] = _iso(reading.captured_at)
        if reading.not_before is not None:
            told["not_before"] = _iso(reading.not_before)
        if reading.received_at < car.known_since:
            told["restored"] = True
        return told

    def _channel(self, car: BridgeCar) -> None:
        self.core.outbox.put(
            self.path(car, CHANNEL),
            lambda: dumps(self.channel_of(car)),
            retain=True,
            qos=_QOS,
        )

    def channel_of(self, car: BridgeCar) -> dict[str, Any]:
        """Return how a car can be reached, and what may be asked of it by topic."""
        best = car.car.best_channel
        words = car.settings.commands
        commands = {
            str(kind): describe(limits)
            for kind, limits in car.car.commands.items()
            if allows(words, kind, limits)
        }
        return {
            "state": None if best is None else str(best.state),
            "channels": [
                {
                    "account": one.account,
                    "service": one.service.info.name,
                    "state": str(one.state),
                    "until": _iso(one.until),
                    "attempted_at": _iso(one.attempted_at),
                    "last_good_at": _iso(one.last_good_at),
                    "missing_parts": sorted(
                        one.last_result.gaps if one.last_result else ()
                    ),
                }
                for one in car.car.channels_by_choice
            ],
            "commands": commands,
            "refresh": REFRESH in words,
        }

    def _preferences(self, car: BridgeCar) -> None:
        """Publish what was chosen of a car."""
        for name, text in self.core.preferences.told(car.car):
            self.core.outbox.put(self.path(car, name), text, retain=True, qos=_QOS)

    def _picture(self, car: BridgeCar, picture: Picture) -> None:
        self.core.outbox.put(
            self.path(car, PICTURE), picture.content, retain=True, qos=_QOS
        )

    def _account(self, account: BridgeAccount) -> None:
        """Publish how an account is."""
        self.core.outbox.put(
            self.account_path(account.name),
            lambda: dumps(account.state()),
            retain=True,
            qos=_QOS,
        )
        if self.on_news is not None:
            self.on_news(account)

    def _receipt(self, car: BridgeCar, receipt: Receipt) -> None:
        self.publish_receipt(car, receipt.as_dict())

    def publish_receipt(self, car: BridgeCar, receipt: Mapping[str, Any]) -> None:
        """Publish what became of a command; what happened once is not retained."""
        self.core.outbox.put(self.path(car, "receipt"), dumps(receipt))

    def publish_answer(
        self, car: BridgeCar, id_: str, answer: Mapping[str, Any]
    ) -> None:
        """Answer a call."""
        self.core.outbox.put(self.path(car, "answer", id_), dumps(answer))

    # In

    @override
    def take(self, message: Message) -> bool:
        base = self.core.settings.own_base
        if not message.topic.startswith(f"{base}/"):
            return False
        match message.topic.removeprefix(f"{base}/").split("/"):
            case [topic, "set", name]:
                verb = name
            case [topic, "call"]:
                verb = ""
            case _:
                return False
        car = self.cars.get(topic)
        if car is None:
            if message.text != "":
                refuse_for_gone(self.core, topic, message)
            return True
        if message.retain:
            self._refuse(car, Refused(TopicReason.RETAINED), None)
        elif not verb:
            self._call(car, message)
        elif message.text != "":
            # Nothing is what removes a retained message, and no command.
            self._set(car, verb, message)
        return True

    def _set(self, car: BridgeCar, name: str, message: Message) -> None:
        preferences = self.core.preferences
        try:
            if name in PREFERENCES:
                words = car.settings.commands
                preferences.choose(car.car, words, name, message.text or "")
                self._preferences(car)
                return
            is_picture = name == PICTURE
            command = None if is_picture else read_set(name, message.text)
            self._submit(
                Wish(
                    vin=car.car.vin,
                    words=car.settings.commands,
                    command=preferences.applied(car.car, command),
                    arrived_at=self.core.clock.now(),
                    tell=partial(self._tell_refusal, car),
                    reading=PICTURE if is_picture else REFRESH,
                    read=partial(self._fetch_picture, car) if is_picture else None,
                )
            )
        except Refused as refused:
            self._refuse(car, refused, None)

    async def _fetch_picture(self, car: BridgeCar) -> None:
        picture = await self.core.gateway.picture(car.car.vin)
        if picture is None:
            raise Refused(TopicReason.NO_PICTURE, command=PICTURE)
        self.pictures[car.topic] = picture
        self._picture(car, picture)
        if self.on_news is not None:
            self.on_news(car)

    def _call(self, car: BridgeCar, message: Message) -> None:
        id_: str | None = None
        try:
            asked = parse_call(message.text)
            id_ = str(asked["id"])
            heard, answer = self.core.lanes.known(car.car.vin, id_)
            if heard:
                # Under way it is answered once it is done.
                if answer is not None:
                    self.publish_answer(car, id_, answer)
                return
            call = read_call(asked)
            self._submit(
                Wish(
                    vin=car.car.vin,
                    words=car.settings.commands,
                    command=call.command,
                    arrived_at=self.core.clock.now(),
                    tell=partial(self.publish_answer, car, id_),
                    id=id_,
                    not_after=call.not_after,
                )
            )
        except Refused as refused:
            self._refuse(car, refused, id_)

    def _submit(self, wish: Wish) -> None:
        if not self.core.freshness.is_fresh():
            raise Refused(TopicReason.WAITED_TOO_LONG, command=wish.name)
        self.core.lanes.submit(wish)

    def _tell_refusal(self, car: BridgeCar, answer: Mapping[str, Any]) -> None:
        """Tell what no receipt of the garage tells: refusals here, and readings."""
        if "requested_at" not in answer:
            self.publish_receipt(car, answer)

    def _refuse(self, car: BridgeCar, refused: Refused, id_: str | None) -> None:
        LOGGER.warning("A command by MQTT was refused: %s", refused.reason)
        answer = refused.answer(id_)
        if id_ is None:
            self.publish_receipt(car, answer)
            return
        self.core.lanes.remember(car.car.vin, id_, answer)
        self.publish_answer(car, id_, answer)


def _value(car: BridgeCar, key: str) -> Any:
    """Return what a car said last; what the cloud took, where no car reports it."""
    if key in car.car.snapshot.readings:
        return car.car.reported(SIGNALS[key])
    return car.car.assumed.get(key)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
