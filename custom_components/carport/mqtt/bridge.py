"""The bridge: cars of a garage at a broker, by one or several layouts."""

from collections.abc import Callable, Collection, Mapping, Set as AbstractSet
from functools import partial
import logging
from typing import Final

from ..cloud.clock import Clock, SystemClock, Timer
from ..engine import Topic
from ..engine.storage import StorageUnreachable
from .announced import (
    ACCOUNT,
    Announced,
    Announcements,
    MemoryRecord,
    Record,
    digest_of,
)
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
        record: Record | None = None,
    ) -> None:
        """Take up the cars that are there; `names` are those of entities, by platform.key.

        The record is what earlier runs have announced; without one there were none.
        """
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
            announcements=Announcements(record or MemoryRecord(), self.outbox),
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
        self._unfollow: dict[str, Callable[[], None]] = {}
        self._written: dict[str, frozenset[str]] = {}
        """The cars of each account as they were written down last."""
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
        """Take up cars that an account listed since, and take back those that are gone.

        That is done now, from time to time, and when a car has lost its last account.
        """
        self._look_in(_LOOK_FOR_CARS)
        try:
            self._look()
        except StorageUnreachable:
            _LOGGER.warning("What was announced cannot be read; it is tried again")

    def _look(self) -> None:
        garage = self.core.garage
        listed = self.core.gateway.listed
        # Nothing is told while it is not known what was told before.
        self.core.announcements.load(listed)
        vins = set[str]().union(*listed.values())
        cars = [car for vin, car in garage.cars.items() if vin in vins]
        chosen = settings_of(self.core.settings, (car.description for car in cars))
        new = {
            car.vin: BridgeCar(
                car=car,
                settings=chosen[car.vin],
                known_since=garage.clock_of(car).now(),
            )
            for car in cars
            if car.vin not in self.cars
        }
        self._drop_gone(listed, vins)
        self.cars |= new
        changed = self._write_down(listed)
        for car in new.values():
            self._unfollow[car.car.vin] = garage.subscribe(
                car.car.vin, (Topic.CHANNEL,), partial(self._look_soon, car)
            )
            for layout in self.layouts:
                layout.add(car)
                if self._told:
                    layout.publish_car(car)
        self._take_back(listed, changed)

    def _look_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.core.clock.call_later(seconds, self.look_for_cars)

    def _stop_looking(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_soon(self, car: BridgeCar) -> None:
        """Look at once whether a car is gone that no account reaches any more."""
        if not car.car.channels and self._timer is not None:
            self._look_in(0)

    def forget(self, vin: str) -> None:
        """Leave a car to another bridge, without a word more about it."""
        if (car := self.cars.pop(vin, None)) is not None:
            self._unfollow.pop(vin)()
            for layout in self.layouts:
                layout.remove(car)

    def forget_account(self, name: str) -> None:
        """Leave an account to another bridge, with what was announced of it."""
        for layout in self.layouts:
            layout.forget_account(name)
        self._written.pop(name, None)
        self.core.announcements.leave(name)

    # What is announced

    def _write_down(
        self, listed: Mapping[str, Collection[str]]
    ) -> dict[str, frozenset[str]]:
        """Have on disk what is announced from now on, before the broker has it.

        Returns the accounts whose cars are others than at the last look, with these.
        """
        changed = {}
        for name, vins in listed.items():
            cars = frozenset(vin for vin in vins if vin in self.cars)
            if self._written.get(name) == cars and self.core.announcements.is_safe(
                name
            ):
                continue
            present = {digest_of(vin): self._announced(self.cars[vin]) for vin in cars}
            present[ACCOUNT] = self._announced(name)
            self.core.announcements.write_down(name, present)
            changed[name] = cars
        return changed

    def _announced(self, about: BridgeCar | str) -> Announced:
        """Return where a car, or an account by its name, is told."""
        places = frozenset(
            place for layout in self.layouts for place in layout.places(about)
        )
        level = about.topic if isinstance(about, BridgeCar) else None
        return Announced(places=places, level=level)

    def _drop_gone(
        self, listed: Mapping[str, Collection[str]], vins: Collection[str]
    ) -> None:
        """Tell no more of cars that were announced for an account which has them no more."""
        subjects = self.core.announcements.subjects
        for vin in self.cars.keys() - vins:
            if any(digest_of(vin) in subjects(name) for name in listed):
                _LOGGER.info("A car is gone, and what is retained of it is removed")
                self.own.pictures.pop(self.cars[vin].topic, None)
                self.forget(vin)

    def _take_back(
        self,
        listed: Mapping[str, Collection[str]],
        changed: Mapping[str, frozenset[str]],
    ) -> None:
        """Remove what is announced of cars that are gone, by this run or an earlier one."""
        announcements = self.core.announcements
        for name, cars in changed.items():
            left = announcements.subjects(name) - set(map(digest_of, listed[name]))
            self._tell_anew(announcements.take_back(name, left))
            self._written[name] = cars

    def take_back_accounts(self, names: Collection[str]) -> None:
        """Remove what is announced of accounts that are no more, whoever announced it."""
        for name in names:
            for layout in self.layouts:
                layout.forget_account(name)
            # It is told too where a car of another account is reached through it.
            self.core.announcements.write_down(name, {ACCOUNT: self._announced(name)})
            self._tell_anew(self.core.announcements.take_back_account(name))

    def _tell_anew(self, cleared: AbstractSet[str]) -> None:
        """Tell again of cars that have the topics of one that is gone."""
        for car in self.cars.values() if self._told and cleared else ():
            if not cleared.isdisjoint(self._announced(car).places):
                for layout in self.layouts:
                    layout.publish_car(car)

    # What others tell

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
        """Take no command any more; what is under way ends with its account.

        Accounts that close list no cars, which are not gone for that.
        """
        self._stop_looking()
        self.core.lanes.stop()

    async def close(self, *, says_gone: bool = True) -> None:
        """Wait for the last receipts, and say that the bridge goes."""
        await self.core.lanes.ended()
        self._stop_looking()
        for vin in tuple(self._unfollow):
            self._unfollow.pop(vin)()
        self.core.freshness.close()
        for layout in self.layouts:
            layout.close()
        if says_gone and self.own in self.layouts:
            self.outbox.put(self.own.bridge_state, OFFLINE, retain=True, qos=1)
