"""The garage: one record a car, its channels, and who wants to hear of what."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from ..car.charge import Charge
from ..car.commands import CommandKind
from ..car.derive import derive
from ..car.history import ChargeSession
from ..car.limits import Limits
from ..car.local_time import rounded_down
from ..car.logbook import IsHome, capacity_of
from ..car.receipts import Receipt
from ..car.signals import (
    LOCATION,
    PARKED_ADDRESS,
    PARKED_LOCATION,
    SERVICE_EXPIRES_AT,
    Signal,
    Value,
)
from ..car.snapshot import Reading, Snapshot
from ..cloud.cadence import Profile
from ..cloud.clock import Clock
from ..cloud.contract import ReadResult
from .age import note_answer, seconds_left
from .cars import GarageCar, Tell, TellReceipt, TellTopics
from .channel import Channel, ChannelState
from .kept_cars import car_from_json, car_to_json
from .topic import Topic

PLACES: Final = frozenset({LOCATION.key, PARKED_LOCATION.key, PARKED_ADDRESS.key})


class Garage:
    """The cars of all accounts, by VIN.

    `changed` is called after anything that ought to be on disk; it must be cheap
    and may write later.
    """

    def __init__(
        self, clock: Clock, changed: Tell, stored: Mapping[str, Any] | None = None
    ) -> None:
        """Bring the cars back as they were stored, without a channel."""
        self.clock = clock
        self.cars: dict[str, GarageCar] = {}
        self.is_home: IsHome | None = None
        """Tells whether a place is at home, where the face knows."""
        self.news: dict[str, None] = {}
        """The cars that ought to be on disk as they are now, by VIN, or are gone."""
        self._changed = changed
        self.bring_back((stored or {}).get("cars", ()))

    def bring_back(self, rows: Iterable[object]) -> None:
        """Take up cars as they were stored; what is known already stays."""
        for row in rows:
            if (car := car_from_json(row)) is not None:
                self.cars.setdefault(car.vin, car)

    # Accounts and claims

    def connect(self, channels: Iterable[Channel]) -> None:
        """Add the channels of an account that was loaded, or refresh their cars."""
        for channel in channels:
            vin = channel.car.vin
            car = self.cars.get(vin)
            if new := car is None:
                car = self.cars[vin] = GarageCar(vin=vin, description=channel.car)
            car.known_since = car.known_since or channel.clock.now()
            # Another account may offer more, such as a picture.
            news = {Topic.CHANNEL}
            if channel.account not in car.channels:
                news.add(Topic.COMMANDS)
            known = car.channels.setdefault(channel.account, channel)
            known.car = channel.car
            described = car.description
            if car.owner in (None, channel.account):
                car.description = channel.car
            if new or car.description != described:
                self._note(car)
            self._update_commands(car)
            self.watch_age(car)
            self.tell(car, *news)
        names = Counter(car.own_name for car in self.cars.values())
        for car in self.cars.values():
            car.alike = names[car.own_name] > 1

    def disconnect(self, vin: str, account: str) -> None:
        """Take an account's channel to a car away; what is known stays."""
        car = self.cars[vin]
        if car.channels.pop(account, None) is None:
            return
        if not car.channels and car.stale_timer is not None:
            car.stale_timer.cancel()
            car.stale_timer = None
        self._update_commands(car)
        self.tell(car, Topic.CHANNEL)

    def forget(self, vin: str) -> None:
        """Drop a car that left for good, with everything known of it."""
        car = self.cars.pop(vin, None)
        if car is None:
            return
        if car.stale_timer is not None:
            car.stale_timer.cancel()
        self._note(car)

    def set_owner(self, vin: str, account: str | None) -> None:
        """Note which account creates the car's device and entities."""
        car = self.cars[vin]
        if car.owner != account:
            car.owner = account
            self._update_commands(car)
            self._note(car)

    # Readings

    def take(self, vin: str, account: str, result: ReadResult) -> frozenset[str]:
        """Merge what an account read; return the signals that changed.

        Exactly the subscribers of the changed signals are told.
        """
        car = self.cars.get(vin)
        channel = None if car is None else car.channels.get(account)
        if car is None or channel is None:
            # The account may have left while it was asked.
            return frozenset()
        before = channel.last_good_at
        if not result.gaps:
            channel.last_good_at = channel.clock.now()
            note_answer(car, channel, channel.last_good_at)
        changed = self._merge(car, channel, result)
        if len(car.channels) > 1 and not _is_like(before, channel.last_good_at):
            # Which of them was last well, and what is by which, is news by then.
            self.tell(car, Topic.CHANNEL)
        if not changed and car.stale:
            # An answer without news may be all that there is to say.
            self.watch_age(car)
        return changed

    def _merge(
        self, car: GarageCar, channel: Channel, result: ReadResult
    ) -> frozenset[str]:
        if result is channel.last_result:
            return frozenset()
        told, channel.last_result = channel.last_result or ReadResult(), result
        if (told.gaps, told.switched_off) != (result.gaps, result.switched_off):
            self.tell(car, Topic.CHANNEL)
        readings = result.readings
        if not channel.share_position:
            readings = tuple(
                reading for reading in readings if reading.signal.key not in PLACES
            )
        merge = car.snapshot.merge(
            reading for reading in readings if not _outlasts(car, reading)
        )
        if result.placeholders:
            car.placeholders.update(result.placeholders)
        if merge.refused:
            car.placeholders.update(merge.refused)
        if merge.snapshot is car.snapshot and not result.charges:
            return frozenset()
        before, car.snapshot = car.snapshot, merge.snapshot
        changed = merge.changed
        more = car.snapshot.merge(derive(before, car.snapshot, changed))
        car.snapshot = more.snapshot
        changed |= more.changed
        topics: set[str] = set(changed)
        if self._log(car, result):
            logged = car.snapshot.merge(
                car.logbook.readings(car.snapshot, channel.clock.now())
            )
            car.snapshot = logged.snapshot
            changed |= logged.changed
            topics |= {*logged.changed, Topic.LOGBOOK}
        if not before.readings.keys() >= car.snapshot.readings.keys():
            self._update_commands(car)
            topics.add(Topic.SIGNALS)
        if before.captured_at() != car.snapshot.captured_at():
            topics.add(Topic.CAPTURED)
        self.watch_age(car)
        self.tell(car, *topics)
        self._note(car)
        return changed

    def _log(self, car: GarageCar, result: ReadResult) -> bool:
        """Let the logbook see what is known now; return whether it says more."""
        return car.logbook.observe(
            car.snapshot,
            result.charges,
            self.clock_of(car).now(),
            capacity=car.owners_capacity,
            is_home=self.is_home if car.shares_position else None,
        )

    def add_charges(self, vin: str, sessions: Iterable[ChargeSession]) -> int:
        """Log charges that a maker was asked for; return how many were new."""
        car = self.cars[vin]
        before, now = car.logbook.changes, self.clock_of(car).now()
        capacity = capacity_of(car.snapshot) or car.owners_capacity
        new = car.logbook.add_charges(sessions, capacity, now)
        if car.logbook.changes != before:
            self.tell(car, Topic.LOGBOOK)
            self._note(car)
        return new

    def price(self, vin: str, charge: Charge, prices: Mapping[int, float]) -> None:
        """Note what a kWh cost in some hours of a charge."""
        car = self.cars.get(vin)
        if car is not None and car.logbook.charges.price(charge, prices):
            self.tell(car, Topic.LOGBOOK)
            self._note(car)

    def drop_places(self, vin: str) -> None:
        """Forget where a car was, unless another channel may still say it."""
        car = self.cars[vin]
        if car.shares_position:
            return
        car.logbook.forget_places()
        readings = {
            key: reading
            for key, reading in car.snapshot.readings.items()
            if key not in PLACES
        }
        if len(readings) != len(car.snapshot.readings):
            car.snapshot = Snapshot(readings=readings)
            self.tell(car, *PLACES)
            self._note(car)

    def attempted(self, vin: str, account: str, when: datetime) -> None:
        """Note that a reading was tried."""
        car = self.cars[vin]
        car.channels[account].attempted_at = when
        self.tell(car, Topic.ATTEMPTED)

    def set_state(
        self,
        vin: str,
        account: str,
        state: ChannelState,
        until: datetime | None = None,
    ) -> None:
        """Note how a channel is."""
        car = self.cars[vin]
        channel = car.channels.get(account)
        if channel is not None and (channel.state, channel.until) != (state, until):
            channel.state, channel.until = state, until
            self.tell(car, Topic.CHANNEL)

    def set_profile(self, vin: str, profile: Profile) -> None:
        """Choose how often one car is read."""
        car = self.cars[vin]
        if car.profile != profile:
            car.profile = profile
            self.tell(car, Topic.PROFILE)
            self._note(car)

    # Subscribers

    def subscribe(self, vin: str, topics: Iterable[str], call: Tell) -> Tell:
        """Call after a change of any of these signals or topics; undo by the result."""
        listeners = self.cars[vin].listeners
        keys = tuple(topics)
        for key in keys:
            listeners.setdefault(key, set()).add(call)

        def unsubscribe() -> None:
            for key in keys:
                if (calls := listeners.get(key)) is not None:
                    calls.discard(call)
                    if not calls:
                        del listeners[key]

        return unsubscribe

    def follow(self, vin: str, call: TellTopics) -> Tell:
        """Call with all that is told of a car; undo by the result.

        Who wants every signal there is spares a listener for each of hundreds.
        """
        followers = self.cars[vin].followers
        followers.add(call)
        return lambda: followers.discard(call)

    def subscribe_receipts(self, vin: str, call: TellReceipt) -> Tell:
        """Call with every receipt of a car; undo by the result."""
        listeners = self.cars[vin].receipt_listeners
        listeners.add(call)
        return lambda: listeners.discard(call)

    def tell(self, car: GarageCar, *topics: str) -> None:
        """Call everybody who subscribed to any of the topics, each once."""
        for follower in tuple(car.followers):
            follower(topics)
        if not car.listeners:
            return
        calls: dict[Tell, None] = {}
        for topic in topics:
            for call in car.listeners.get(topic, ()):
                calls[call] = None
        for call in calls:
            call()

    def assume(self, car: GarageCar, values: Mapping[Signal[Any], Value]) -> None:
        """Keep what the cloud accepted where no reading will ever tell."""
        car.assumed.update({signal.key: value for signal, value in values.items()})
        self._note(car)

    def file_receipt(self, car: GarageCar, receipt: Receipt) -> None:
        """Keep a receipt, in place of an earlier state of the same one, and tell."""
        for number, known in enumerate(car.receipts):
            if known.id == receipt.id:
                # Others may have come in between.
                car.receipts[number] = receipt
                break
        else:
            car.receipts.append(receipt)
        for call in tuple(car.receipt_listeners):
            call(receipt)

    # Time and age

    def clock_of(self, car: GarageCar) -> Clock:
        """Return the clock by which a car's times are told."""
        channel = car.best_channel
        return self.clock if channel is None else channel.clock

    def watch_age(self, car: GarageCar) -> None:
        """Judge whether the data is stale, and look again when it becomes so."""
        if car.stale_timer is not None:
            car.stale_timer.cancel()
            car.stale_timer = None
        captured_at = car.captured_at
        if captured_at is None or not car.channels:
            return
        clock = self.clock_of(car)
        now = clock.now()
        left = seconds_left(car, captured_at, now)
        if car.stale != (left <= 0):
            car.stale = left <= 0
            self.tell(car, Topic.STALE)
        if left > 0:
            car.stale_timer = clock.call_later(left, lambda: self.watch_age(car))

    def close(self) -> None:
        """Cancel every timer."""
        for car in self.cars.values():
            if car.stale_timer is not None:
                car.stale_timer.cancel()
                car.stale_timer = None

    # Disk

    def _note(self, car: GarageCar) -> None:
        """Note that a car ought to be on disk as it is now, or is gone."""
        self.news[car.vin] = None
        self._changed()

    def to_json(self) -> dict[str, Any]:
        """Turn the garage into JSON."""
        return {"cars": [car_to_json(car) for car in list(self.cars.values())]}

    def _update_commands(self, car: GarageCar) -> None:
        observed = car.snapshot.readings.keys()
        commands: dict[CommandKind, Limits] = {}
        for channel in car.channels_by_choice:
            commands = {**channel.offered(observed), **commands}
        if car.channels and commands != car.commands:
            car.commands = commands
            self.tell(car, Topic.COMMANDS)


def _outlasts(car: GarageCar, reading: Reading) -> bool:
    """Return whether it is the end of one way to a car, and another ends sooner."""
    known = car.snapshot.readings.get(reading.signal.key)
    return (
        reading.signal is SERVICE_EXPIRES_AT
        and known is not None
        and known.channel != reading.channel
        and known.channel in car.channels
        and isinstance(known.value, datetime)
        and isinstance(reading.value, datetime)
        and known.value <= reading.value
    )


def _is_like(before: datetime | None, after: datetime | None) -> bool:
    """Return whether two moments are told as the same one."""
    if before is None or after is None:
        return before is after
    return rounded_down(before) == rounded_down(after)
