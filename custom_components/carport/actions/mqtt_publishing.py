"""An account's cars at Home Assistant's own MQTT broker, where its owner wants that.

Discovery is left out: Home Assistant would have every car twice.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final
from uuid import uuid4

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..accounts.data import async_get_record, async_get_store
from ..accounts.mqtt_announced import EntryRecord, HomeRecord
from ..car.commands import Command
from ..car.receipts import Receipt
from ..cloud.cadence import Profile
from ..cloud.contract import Picture
from ..const import (
    CONF_MQTT,
    CONF_MQTT_CARS,
    CONF_MQTT_COMMANDS,
    CONF_MQTT_LAYOUTS,
    CONF_MQTT_PUBLISH,
    DOMAIN,
    LOGGER,
)
from ..coordinator import AccountCoordinator, CarportConfigEntry
from ..engine import Garage
from ..mqtt.announced import Announcements
from ..mqtt.bridge import Bridge
from ..mqtt.layout import Message
from ..mqtt.outbox import Outbox
from ..mqtt.settings import CarSettings, Layout, Private, Settings, settings_of
from ..mqtt.values import text_from

_SENDING: Final = "mqtt_sending"
"""Where the account keeps the commands that are on their way out."""
_TRY_AGAIN: Final = 60.0
_REST: Final = 1.0
"""After what the broker did not take; a new connection comes by its own word."""
_LAST_WORDS: Final = 5.0


async def async_start_publishing(
    hass: HomeAssistant, entry: CarportConfigEntry
) -> None:
    """Begin to publish an account's cars, if its owner chose a layout."""
    chosen = entry.options.get(CONF_MQTT, {})
    record = await async_get_record(hass)
    if not chosen.get(CONF_MQTT_LAYOUTS):
        _take_back_beside(hass, entry.entry_id, record)
        return
    if (task := record.taking_back.pop(entry.entry_id, None)) is not None:
        # It would remove behind the publisher what is told from now on.
        task.cancel()
        await asyncio.wait({task})
    publisher = Publisher(hass, entry, chosen, record)
    entry.async_on_unload(publisher.async_close)
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(publisher.async_close)))


async def async_take_back(hass: HomeAssistant, entry_id: str) -> None:
    """Take back what was announced of an account that was removed, by whoever publishes."""
    record = await async_get_record(hass)
    for bridge in record.bridges.values():
        bridge.forget_account(entry_id)
    own = [
        bridge
        for bridge in record.bridges.values()
        if Layout.OWN in bridge.core.settings.layouts
    ]
    if own:
        own[0].take_back_accounts([entry_id])
    else:
        _take_back_beside(hass, entry_id, record)


@callback
def _take_back_beside(hass: HomeAssistant, entry_id: str, record: HomeRecord) -> None:
    """Take back what was announced of an account without a bridge for it.

    What Home Assistant's end comes before is written down, and is for the next start.
    """
    if record.read(entry_id) is None or entry_id in record.taking_back:
        return
    outbox = Outbox()
    announcements = Announcements(EntryRecord(record, entry_id), outbox)
    announcements.take_back_account(entry_id)

    async def take_back() -> None:
        while outbox and await mqtt.async_wait_for_mqtt_client(hass):
            await _publish_next(hass, outbox)
        await record.save()

    task = hass.async_create_background_task(
        take_back(), f"carport MQTT {entry_id} gone"
    )
    record.taking_back[entry_id] = task

    def done(_task: asyncio.Task[None]) -> None:
        if record.taking_back.get(entry_id) is task:
            del record.taking_back[entry_id]

    task.add_done_callback(done)


async def _publish_next(hass: HomeAssistant, outbox: Outbox) -> None:
    publication = await outbox.take()
    try:
        await mqtt.async_publish(
            hass,
            publication.topic,
            publication.content,
            publication.qos,
            publication.retain,
        )
    except HomeAssistantError:
        outbox.give_back(publication)
        await asyncio.sleep(_REST)
    else:
        outbox.sent(publication)


class AccountGateway:
    """One account's cars, as the bridge uses them."""

    def __init__(self, coordinator: AccountCoordinator) -> None:
        """Know the account."""
        self._coordinator = coordinator
        store = coordinator.runner.store
        kept = store.data.get(_SENDING)
        self._sending: dict[str, dict[str, str]] = {}
        self.cut_off: dict[str, dict[str, str]] = (
            {key: row for key, row in kept.items() if isinstance(row, dict)}
            if isinstance(kept, dict)
            else {}
        )
        """What an earlier run did not come to the end of."""

    @property
    def garage(self) -> Garage:
        """The cars."""
        return self._coordinator.garage

    @property
    def listed(self) -> Mapping[str, Collection[str]]:
        """The cars that this account has to itself, or has as the first."""
        account = self._coordinator.account
        cars = self.garage.cars
        return {
            account: {
                vin
                for vin in self._coordinator.shown_cars
                if vin in cars and cars[vin].owner == account
            }
        }

    async def send(self, vin: str, command: Command, id_: str | None) -> Receipt:
        """Send a command that is on disk before it goes out."""
        name = id_ or uuid4().hex
        self._sending[name] = {"vin": vin, "command": str(command.kind)}
        await self.keep()
        try:
            return await self._coordinator.dispatcher.send(vin, command)
        finally:
            del self._sending[name]
            await self.keep()

    async def read(self, vin: str) -> None:
        """Read the maker's copy now."""
        await self._coordinator.runner.read(vin)

    async def read_schedule(self, vin: str) -> None:
        """Read the timers alone."""
        engine = await async_get_store(self._coordinator.hass)
        await engine.read_schedule(vin)

    async def picture(self, vin: str) -> Picture | None:
        """Fetch a picture."""
        engine = await async_get_store(self._coordinator.hass)
        return await engine.picture(vin)

    def profile(self, vin: str) -> Profile:
        """Return how often a car is read."""
        return self.garage.cars[vin].profile or self._coordinator.profile

    async def keep(self) -> None:
        """Put what is under way on disk; what was cut off before is told by then."""
        await self._coordinator.runner.store.keep(**{_SENDING: dict(self._sending)})


class Publisher:
    """What stands between an account and Home Assistant's MQTT."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CarportConfigEntry,
        chosen: Mapping[str, Any],
        record: HomeRecord,
    ) -> None:
        """Begin as soon as there is a broker."""
        self._hass = hass
        self._entry = entry
        self._gateway = AccountGateway(entry.runtime_data)
        self._record = record
        self._bridge = Bridge(
            self._gateway,
            _settings(entry.runtime_data, chosen),
            record=EntryRecord(record, entry.entry_id),
        )
        self._connected = asyncio.Event()
        self._entry_changed = asyncio.Event()
        self._unheard = set(self._bridge.subscriptions)
        """What the broker has not confirmed that we hear."""
        self._undo: list[Callable[[], None]] = []
        self._closed = False
        if not record.bridges:
            entries = {
                one.entry_id for one in hass.config_entries.async_entries(DOMAIN)
            }
            removed = [name for name, _ in record.rows() if name not in entries]
            self._bridge.take_back_accounts(removed)
        record.bridges[entry.entry_id] = self._bridge
        # The entry would cancel a task of its own before the last words are said.
        self._task = hass.async_create_background_task(
            self._run(), f"carport MQTT {entry.entry_id}"
        )

    async def async_close(self) -> None:
        """Say what is still to be said, for some seconds at most."""
        if self._closed:
            return
        self._closed = True
        self._bridge.stop()
        del self._record.bridges[self._entry.entry_id]
        await self._bridge.close(says_gone=not self._record.bridges)
        if self._connected.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS):
                    await self._bridge.outbox.emptied()
        for undo in self._undo:
            undo()
        self._task.cancel()
        await self._record.save()

    async def _run(self) -> None:
        """Wait for the broker, then publish whatever there is."""
        for id_, row in self._gateway.cut_off.items():
            self._bridge.tell_cut_off(str(row.get("vin")), id_, str(row.get("command")))
        if self._gateway.cut_off:
            await self._gateway.keep()
        self._undo.append(
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._note_entry
            )
        )
        while not await self._subscribe():
            LOGGER.debug("MQTT is not there, so nothing is published")
            self._entry_changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_TRY_AGAIN):
                    await self._entry_changed.wait()
        while True:
            await self._connected.wait()
            await self._record.save()
            await _publish_next(self._hass, self._bridge.outbox)

    async def _subscribe(self) -> bool:
        """Hear what is said to the bridge; return whether MQTT is there for it."""
        if not await mqtt.async_wait_for_mqtt_client(self._hass):
            return False
        undo: list[Callable[[], None]] = []
        try:
            for topic in self._bridge.subscriptions:
                # Nobody is told that the bridge is there before it hears.
                undo += (
                    await mqtt.async_subscribe(self._hass, topic, self._heard, 0, None),
                    mqtt.async_on_subscribe_done(
                        self._hass, topic, 0, partial(self._note_subscribed, topic)
                    ),
                )
        except HomeAssistantError:
            # Disabled meanwhile: it may come back.
            for one in undo:
                one()
            return False
        undo.append(
            mqtt.async_subscribe_connection_status(self._hass, self._note_connection)
        )
        self._note_connection(mqtt.is_connected(self._hass))
        self._undo += undo
        return True

    @callback
    def _note_entry(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == mqtt.DOMAIN:
            self._entry_changed.set()

    @callback
    def _note_connection(self, connected: bool) -> None:
        if not connected:
            self._connected.clear()
            self._unheard = set(self._bridge.subscriptions)

    @callback
    def _note_subscribed(self, topic: str) -> None:
        self._unheard.discard(topic)
        if not self._unheard and not self._connected.is_set():
            self._bridge.connected()
            self._connected.set()

    @callback
    def _heard(self, message: mqtt.ReceiveMessage) -> None:
        if not self._closed:
            self._bridge.take(
                Message(
                    topic=message.topic,
                    text=text_from(message.payload),
                    retain=bool(message.retain),
                )
            )


def _settings(coordinator: AccountCoordinator, chosen: Mapping[str, Any]) -> Settings:
    """Return what the owner chose, as the room goes by it."""
    named = settings_of(
        Settings(), (car.description for car in coordinator.garage.cars.values())
    )
    commanded = frozenset(chosen.get(CONF_MQTT_CARS, ()))
    words = frozenset(chosen.get(CONF_MQTT_COMMANDS, ()))
    publish = frozenset(map(Private, chosen.get(CONF_MQTT_PUBLISH, ())))
    return Settings(
        layouts=frozenset(map(Layout, chosen[CONF_MQTT_LAYOUTS])),
        cars={
            vin: CarSettings(
                topic=named[vin].topic,
                commands=words if vin in commanded else frozenset(),
                publish=publish,
            )
            for vin in named
        },
    )
