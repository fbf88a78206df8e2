"""The garage: one record a car, its channels, and who wants to hear of what."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ..car.commands import CommandKind
from ..car.derive import derive
from ..car.limits import Limits
from ..car.receipts import Receipt
from ..car.signals import LOCATION, PARKED_LOCATION, SIGNALS, Signal, Value
from ..car.snapshot import Snapshot
from ..service.cadence import Profile, activity_of, stale_after
from ..service.clock import Clock
from ..service.contract import Car, ReadResult
from .cars import GarageCar, Tell, TellReceipt
from .channel import Channel, ChannelState
from .topic import Topic

PLACES: Final = frozenset({LOCATION.key, PARKED_LOCATION.key})


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
        self._changed = changed
        for row in (stored or {}).get("cars", ()):
            car = _decode(row)
            self.cars[car.vin] = car

    # Accounts and claims

    def connect(self, channels: Iterable[Channel]) -> None:
        """Add the channels of an account that was loaded, or refresh their cars."""
        for channel in channels:
            vin = channel.car.vin
            car = self.cars.get(vin)
            if car is None:
                car = self.cars[vin] = GarageCar(vin=vin, description=channel.car)
            # Another account may offer more, such as a picture.
            news = {Topic.CHANNEL}
            if channel.account not in car.channels:
                news.add(Topic.COMMANDS)
            known = car.channels.setdefault(channel.account, channel)
            known.car = channel.car
            if car.owner in (None, channel.account):
                car.description = channel.car
            self._update_commands(car)
            self.watch_age(car)
            self.tell(car, *news)
        self._changed()

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
        if car is not None and car.stale_timer is not None:
            car.stale_timer.cancel()
        self._changed()

    def claim(self, vin: str, account: str | None) -> None:
        """Note which account creates the car's device and entities."""
        car = self.cars[vin]
        if car.owner != account:
            car.owner = account
            self._update_commands(car)
            self._changed()

    # Readings

    def take(self, vin: str, account: str, result: ReadResult) -> frozenset[str]:
        """Merge what an account read; return the signals that changed.

        Exactly the subscribers of the changed signals are told.
        """
        car = self.cars[vin]
        channel = car.channels[account]
        if result is channel.last_result:
            return frozenset()
        channel.last_result = result
        readings = result.readings
        if not channel.share_position:
            readings = tuple(
                reading for reading in readings if reading.signal.key not in PLACES
            )
        merge = car.snapshot.merge(readings)
        if result.placeholders:
            car.placeholders.update(result.placeholders)
        if merge.refused:
            car.placeholders.update(merge.refused)
        if merge.snapshot is car.snapshot:
            return frozenset()
        before, car.snapshot = car.snapshot, merge.snapshot
        changed = merge.changed
        more = car.snapshot.merge(derive(before, car.snapshot, changed))
        car.snapshot = more.snapshot
        changed |= more.changed
        topics: set[str] = set(changed)
        if not before.readings.keys() >= car.snapshot.readings.keys():
            self._update_commands(car)
            topics.add(Topic.SIGNALS)
        if before.captured_at() != car.snapshot.captured_at():
            topics.add(Topic.CAPTURED)
        self.watch_age(car)
        self.tell(car, *topics)
        self._changed()
        return changed

    def drop_places(self, vin: str) -> None:
        """Forget where a car was, unless another channel may still say it."""
        car = self.cars[vin]
        if any(channel.share_position for channel in car.channels.values()):
            return
        readings = {
            key: reading
            for key, reading in car.snapshot.readings.items()
            if key not in PLACES
        }
        if len(readings) != len(car.snapshot.readings):
            car.snapshot = Snapshot(readings=readings)
            self.tell(car, *PLACES)
            self._changed()

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
            self._changed()

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

    def subscribe_receipts(self, vin: str, call: TellReceipt) -> Tell:
        """Call with every receipt of a car; undo by the result."""
        listeners = self.cars[vin].receipt_listeners
        listeners.add(call)
        return lambda: listeners.discard(call)

    def tell(self, car: GarageCar, *topics: str) -> None:
        """Call everybody who subscribed to any of the topics, each once."""
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
        self._changed()

    def file_receipt(self, car: GarageCar, receipt: Receipt) -> None:
        """Keep a receipt, in place of an earlier state of the same one, and tell."""
        if car.receipts and car.receipts[-1].id == receipt.id:
            car.receipts.pop()
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
        limit = timedelta(seconds=stale_after(activity_of(car.snapshot, now)))
        left = (captured_at + limit - now).total_seconds()
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

    def to_json(self) -> dict[str, Any]:
        """Turn the garage into JSON."""
        return {"cars": [_encode(car) for car in list(self.cars.values())]}

    def _update_commands(self, car: GarageCar) -> None:
        observed = car.snapshot.readings.keys()
        commands: dict[CommandKind, Limits] = {}
        for channel in car.channels_by_choice:
            offered = channel.service.commands(channel.car, observed)
            commands = {**offered, **commands}
        if car.channels and commands != car.commands:
            car.commands = commands
            self.tell(car, Topic.COMMANDS)


def _encode(car: GarageCar) -> dict[str, Any]:
    described = car.description
    return {
        "vin": car.vin,
        "owner": car.owner,
        "profile": car.profile,
        "assumed": {
            key: SIGNALS[key].encode(value) for key, value in car.assumed.items()
        },
        "description": {
            "manufacturer": described.manufacturer,
            "model": described.model,
            "model_year": described.model_year,
            "nickname": described.nickname,
            "drive": described.drive,
            "software": described.software,
        },
        "snapshot": car.snapshot.to_json(),
    }


def _decode(row: Mapping[str, Any]) -> GarageCar:
    profile = row.get("profile")
    return GarageCar(
        vin=row["vin"],
        owner=row["owner"],
        profile=None if profile is None else Profile(profile),
        assumed={
            key: value
            for key, data in row["assumed"].items()
            if key in SIGNALS and (value := SIGNALS[key].decode(data)) is not None
        },
        description=Car(vin=row["vin"], **row["description"]),
        snapshot=Snapshot.from_json(row["snapshot"]),
    )
