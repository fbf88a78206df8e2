"""The coordinator of one account: reads the cars that are due, and keeps watch."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .account import AccountStore, OpenAccount
from .car.receipts import Outcome, Receipt
from .car.snapshot import Snapshot
from .claims import Claims
from .const import (
    CONF_HIDDEN_CARS,
    CONF_PIN,
    CONF_POLL_PROFILE,
    CONF_SHARE_POSITION,
    LOGGER,
)
from .failures import failed_action, failed_update, wants_owner
from .garage import Channel, ChannelState, GarageCar, Topic, state_after
from .keeper import Keeper
from .listing import LIST_AGAIN, ListedCars
from .planner import Planner
from .repairs import async_update_issues
from .restore import restored
from .service.cadence import Profile
from .service.contract import Service
from .service.errors import (
    ClosedByMaker,
    CloudError,
    LoginExpired,
    SignInFailed,
    Throttled,
)
from .service.habits import Habits
from .service.ledger import Purpose
from .service.sign_in import SignInOutcome

type CarportConfigEntry = ConfigEntry[AccountCoordinator]

AT_ONCE: Final = 8
"""How many cars of an account are read side by side."""
_LEAST_WAIT: Final = 1.0
_UNPROVEN: Final = {Outcome.FAILED, Outcome.TIMED_OUT}


class AccountCoordinator(DataUpdateCoordinator[Mapping[str, Snapshot]]):
    """Read one account's cars when they are due.

    Its data maps the VIN to the snapshot. Entities do not listen here: the garage
    tells them by signal.
    """

    config_entry: CarportConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CarportConfigEntry,
        keeper: Keeper,
        opened: OpenAccount,
        store: AccountStore,
    ) -> None:
        """Take up what the account kept from the last run."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            always_update=False,
        )
        self.account = entry.entry_id
        self.keeper = keeper
        self.garage = keeper.garage
        self.dispatcher = keeper.dispatcher
        self.service: Service = opened.service
        self.transport = opened.transport
        self.ledger = opened.ledger
        self.clock = opened.clock
        self.trouble: SignInOutcome | None = None
        self.trouble_page: str | None = None
        self.listed = restored(
            "list of cars",
            lambda: ListedCars.from_json(store.data.get("cars")),
            ListedCars,
        )
        zone = dt_util.get_default_time_zone()
        self.habits = restored(
            "habits",
            lambda: Habits.from_json(store.data.get("habits"), zone),
            lambda: Habits(zone),
        )
        self.planner = Planner(self.service, self.habits)
        self.claims = Claims(hass, entry, keeper.garage)
        self.data = {}
        self._store = store

    # The account's cars

    @property
    def shown_cars(self) -> frozenset[str]:
        """The VINs of the account that the owner has not hidden."""
        hidden = self.config_entry.options.get(CONF_HIDDEN_CARS, ())
        return frozenset(self.listed.cars.keys() - set(hidden))

    @property
    def profile(self) -> Profile:
        """How often the owner wants the account read, where a car says nothing."""
        return Profile(self.config_entry.options.get(CONF_POLL_PROFILE, Profile.NORMAL))

    @callback
    def _connect_cars(self) -> None:
        """Give the garage a channel for every car the owner shows."""
        options = self.config_entry.options
        self.claims.connect(
            Channel(
                account=self.account,
                service=self.service,
                car=self.listed.cars[vin],
                pin=self.config_entry.data.get(CONF_PIN),
                share_position=bool(options.get(CONF_SHARE_POSITION, True)),
                attempted_at=self._attempted_before(vin),
            )
            for vin in self.shown_cars
        )

    # Reading

    async def async_restore(self) -> None:
        """Start from what was kept; the cloud is asked only for what is due."""
        self._connect_cars()
        await self.async_refresh()

    @override
    async def _async_setup(self) -> None:
        """List the cars, unless the kept list is young enough."""
        if self.listed.due(self.clock.now()):
            try:
                await self._async_list()
            except CloudError as error:
                if not self.listed.cars:
                    self._note_trouble(error)
                    raise self._failure(error) from error
        self._connect_cars()

    async def _async_list(self) -> None:
        now = self.clock.now()
        self.listed = self.listed.after(await self.service.cars(), now)
        await self._store.async_keep(cars=self.listed.to_json())

    @override
    async def _async_update_data(self) -> Mapping[str, Snapshot]:
        """Read every car that is due, several at once; keep what is known."""
        try:
            await self._async_relist()
            tried, errors = await self._async_read_due()
        finally:
            self._keep_soon()
        self.planner.failures = self.planner.failures + 1 if errors else 0
        self._plan()
        for error in errors:
            self._note_trouble(error)
        if not errors:
            self.trouble = self.trouble_page = None
        self.async_update_issues()
        for error in errors:
            # One car's outage is its channel's matter; tokens are the account's.
            if len(errors) == tried or isinstance(error, LoginExpired):
                raise self._failure(error) from error
        return self._snapshots()

    async def _async_relist(self) -> None:
        if not self.listed.due(self.clock.now()):
            return
        try:
            await self._async_list()
        except CloudError as error:
            # The readings that follow meet the same trouble, and tell.
            LOGGER.debug("Listing the cars failed: %s", error)
            return
        self._connect_cars()

    async def _async_read_due(self) -> tuple[int, list[CloudError]]:
        """Read what is due; return how many cars that were, and what went wrong."""
        due = [
            vin
            for vin in self.shown_cars
            # The clock goes on meanwhile: "now" is no earlier than what is due now.
            if (when := self.next_read(vin)) is not None and when <= self.clock.now()
        ]
        errors: list[CloudError] = []
        queue = iter(due)

        async def work() -> None:
            for vin in queue:
                if (error := await self._async_read_one(vin)) is not None:
                    errors.append(error)
                # With many cars others get their turn of the loop too.
                await asyncio.sleep(0)

        await asyncio.gather(*(work() for _ in range(min(AT_ONCE, len(due)))))
        return len(due), errors

    async def _async_read_one(self, vin: str) -> CloudError | None:
        """Read one car, note how its channel is, and return what went wrong."""
        if not self.ledger.allows(Purpose.READ):
            pause = Throttled(until=self.ledger.opens_at())
            self._set_state(vin, *state_after(pause))
            return pause
        channel = self.garage.cars[vin].channels[self.account]
        looked = channel.attempted_at
        self.garage.attempted(vin, self.account, self.clock.now())
        try:
            result = await self.service.read(channel.car)
        except CloudError as error:
            if isinstance(error, Throttled):
                self.ledger.throttle(error.until)
            self._set_state(vin, *state_after(error))
            return error
        car = self.garage.cars.get(vin)
        if car is None or self.account not in car.channels:
            return None
        self._set_state(
            vin, ChannelState.DEGRADED if result.gaps else ChannelState.OK, None
        )
        before = car.snapshot
        self.garage.take(vin, self.account, result)
        if car.snapshot is not before:
            now = self.clock.now()
            self.habits.learn(vin, before, car.snapshot, now, looked)
        return None

    def _keep_soon(self) -> None:
        attempted = {
            vin: channel.attempted_at.isoformat()
            for vin in self.shown_cars
            if (channel := self._channel(vin)) is not None and channel.attempted_at
        }
        self._store.keep_soon(
            ledger=self.ledger.to_json(),
            habits=self.habits.to_json(),
            attempted=attempted,
        )

    def _attempted_before(self, vin: str) -> datetime | None:
        """Return the last try of the run before: a restart is no reason to call."""
        text = self._store.data.get("attempted", {}).get(vin)
        return None if text is None else datetime.fromisoformat(text)

    def _channel(self, vin: str) -> Channel | None:
        car = self.garage.cars.get(vin)
        return None if car is None else car.channels.get(self.account)

    async def async_read(self, vin: str) -> None:
        """Read one car now, whatever its cadence says."""
        error = await self._async_read_one(vin)
        if error is not None:
            self._note_trouble(error)
        self.async_set_updated_data(self._snapshots())
        self._plan()
        self.async_update_issues()
        if error is not None:
            if wants_owner(error):
                self.config_entry.async_start_reauth(self.hass)
            raise failed_action(error) from error

    async def async_ask[T](self, vin: str, ask: Callable[[Channel], Awaitable[T]]) -> T:
        """Ask the cloud for what only somebody's wish is a reason for."""
        try:
            return await ask(self.garage.cars[vin].channels[self.account])
        except CloudError as error:
            self._note_trouble(error)
            raise failed_action(error) from error
        finally:
            self._keep_soon()

    def _snapshots(self) -> Mapping[str, Snapshot]:
        cars = self.garage.cars
        return {vin: cars[vin].snapshot for vin in self.shown_cars if vin in cars}

    def _set_state(self, vin: str, state: ChannelState, until: datetime | None) -> None:
        self.garage.set_state(vin, self.account, state, until)

    # When next

    def next_read(self, vin: str) -> datetime | None:
        """Return when a car is read next; None while only the owner asks."""
        channel = self._channel(vin)
        if channel is None:
            return None
        car = self.garage.cars[vin]
        return self.planner.next_read(car, channel, car.profile or self.profile)

    @callback
    def _plan(self) -> None:
        """Let the next update come when the next car is due."""
        due = [
            when for vin in self.shown_cars if (when := self.next_read(vin)) is not None
        ]
        if self.profile is not Profile.MANUAL and self.listed.listed_at is not None:
            due.append(self.listed.listed_at + LIST_AGAIN)
        if not due:
            self.update_interval = None
            return
        wait = self.clock.real((min(due) - self.clock.now()).total_seconds())
        self.update_interval = timedelta(seconds=max(wait, _LEAST_WAIT))

    @callback
    def watch(self, car: GarageCar) -> tuple[Callable[[], None], ...]:
        """Follow a claimed car's profile and receipts; undo by the results."""
        return (
            self.garage.subscribe(car.vin, (Topic.PROFILE,), self.replan),
            self.garage.subscribe_receipts(
                car.vin, lambda receipt: self.note_receipt(car.vin, receipt)
            ),
        )

    @callback
    def replan(self) -> None:
        """Take a changed profile or a command into account at once."""
        self._plan()
        self._schedule_refresh()

    @callback
    def note_receipt(self, vin: str, receipt: Receipt) -> None:
        """Look closer for a while after a command that the car has not proven."""
        if receipt.outcome in _UNPROVEN:
            self.planner.look_closer(vin)
        self._keep_soon()
        self.replan()
        self.async_update_issues()

    # Trouble

    @callback
    def async_update_issues(self) -> None:
        """Let the repairs follow what is the matter now."""
        async_update_issues(self.hass, self)

    def _note_trouble(self, error: CloudError) -> None:
        if isinstance(error, SignInFailed):
            self.trouble = error.outcome
            self.trouble_page = error.address
        elif isinstance(error, ClosedByMaker):
            self.trouble = SignInOutcome.CLIENT_REFUSED

    def _failure(self, error: CloudError) -> Exception:
        if isinstance(error, Throttled):
            wait = (error.until - self.clock.now()).total_seconds()
        else:
            wait = self.planner.back_off.total_seconds()
        return failed_update(error, max(self.clock.real(wait), _LEAST_WAIT))
