"""The bridge: cars of a garage at a broker, by one or several layouts."""

from collections.abc import Mapping
import logging
from typing import Final

from ..cloud.clock import Clock, SystemClock, Timer
from .classic import ClassicLayout
from .discovery import DiscoveryLayout
from .freshness import Freshness
from .lanes import Gateway, Lanes
from .layout import BridgeCar, Core, Layout, Message
from .outbox import Outbox, Publication
from .own import OFFLINE, OwnLayout
from .preferences import Preferences
from .refusals import Refused, TopicReason
from .settings import Layout as Kind, Settings, settings_of

_LOGGER: Final = logging.getLogger(__name__)

_LOOK_FOR_CARS: Final = 30.0


class Bridge:
    """What stands between a garage and a broker; the connection is somebody else's."""

    def __init__(
        self,
        gateway: Gateway,
        settings: Settings,
        *,
        names: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Take up the cars that are there; `names` are those of entities, by platform.key."""
        clock = clock or SystemClock()
        self.outbox = Outbox()
        self.core = Core(
            settings=settings,
            gateway=gateway,
            clock=clock,
            outbox=self.outbox,
            lanes=Lanes(gateway, clock),
            freshness=Freshness(clock),
            preferences=Preferences(gateway),
        )
        self.own = OwnLayout(self.core)
        self.layouts: list[Layout] = []
        if settings.layouts & {Kind.OWN, Kind.DISCOVERY}:
            # What discovery announces are topics of the own layout.
            self.layouts.append(self.own)
        if Kind.DISCOVERY in settings.layouts:
            self.layouts.append(DiscoveryLayout(self.core, self.own, names or {}))
        self.classic: ClassicLayout | None = None
        if Kind.CLASSIC in settings.layouts:
            self.classic = ClassicLayout(self.core)
            self.layouts.append(self.classic)
        self.cars: dict[str, BridgeCar] = {}
        self._timer: Timer | None = None
        self._told = False
        self.look_for_cars()

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What to hear from the broker; quality of service 0, so that nothing waits."""
        return tuple(one for layout in self.layouts for one in layout.subscriptions)

    @property
    def will(self) -> Publication | None:
        """What the broker says when the bridge is gone."""
        if self.own in self.layouts:
            return Publication(
                topic=self.own.bridge_state, payload=OFFLINE, retain=True, qos=1
            )
        return None if self.classic is None else self.classic.will

    # Cars

    def look_for_cars(self) -> None:
        """Take up cars that an account listed since, now and from time to time."""
        garage = self.core.garage
        vins = self.core.gateway.vins
        cars = [car for vin, car in garage.cars.items() if vin in vins]
        chosen = settings_of(self.core.settings, (car.description for car in cars))
        for car in cars:
            if car.vin not in self.cars:
                new = BridgeCar(
                    car=car,
                    settings=chosen[car.vin],
                    known_since=garage.clock_of(car).now(),
                )
                self.cars[car.vin] = new
                for layout in self.layouts:
                    layout.add(new)
                    if self._told:
                        layout.publish_car(new)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.core.clock.call_later(_LOOK_FOR_CARS, self.look_for_cars)

    def forget(self, vin: str) -> None:
        """Leave a car to another bridge, without a word more about it."""
        if (car := self.cars.pop(vin, None)) is not None:
            for layout in self.layouts:
                layout.remove(car)

    def say_online(self) -> None:
        """Say again that a bridge is there: the last will of another one may have gone out."""
        if self._told and self.own in self.layouts:
            self.own.publish_presence()

    def tell_cut_off(self, vin: str, id_: str, command: str) -> None:
        """Tell of a command that an earlier run was cut off at; it is never sent again."""
        car = self.cars.get(vin)
        answer = Refused(TopicReason.UNKNOWN_OUTCOME, command=command).answer(id_)
        self.core.lanes.remember(vin, id_, answer)
        if car is not None and self.own in self.layouts:
            self.own.publish_receipt(car, answer)
            self.own.publish_answer(car, id_, answer)

    # The broker

    def connected(self) -> None:
        """Tell everything anew: nobody knows what a broker kept."""
        self._told = True
        for layout in self.layouts:
            layout.publish_all()

    def take(self, message: Message) -> None:
        """Handle what came from the broker."""
        for layout in self.layouts:
            try:
                if layout.take(message):
                    return
            except Exception:
                # Whatever somebody sends: the bridge goes on.
                _LOGGER.exception("A message could not be handled")

    def stop(self) -> None:
        """Take no command any more; what is under way ends with its account."""
        self.core.lanes.stop()

    async def close(self, *, says_gone: bool = True) -> None:
        """Wait for the last receipts, and say that the bridge goes."""
        await self.core.lanes.ended()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.core.freshness.close()
        for layout in self.layouts:
            layout.close()
        if says_gone and self.own in self.layouts:
            self.outbox.put(self.own.bridge_state, OFFLINE, retain=True, qos=1)
