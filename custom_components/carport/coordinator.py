"""The coordinator of one account: what Home Assistant wants to know of its engine."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .accounts.account_store import AccountStore
from .accounts.exceptions import failed_action, failed_update, wants_owner
from .accounts.issues import async_update_issues
from .accounts.opening import OpenAccount
from .accounts.ownership import Ownership
from .accounts.store import CarportStore
from .car.snapshot import Snapshot
from .cloud.cadence import Profile
from .cloud.contract import Service
from .cloud.errors import CloudError
from .cloud.sign_in import SignInOutcome
from .const import (
    CONF_BATTERY_CAPACITY,
    CONF_ENERGY,
    CONF_FUEL_HEATERS,
    CONF_HIDDEN_CARS,
    CONF_POLL_PROFILE,
    CONF_SHARE_POSITION,
    LOGGER,
)
from .engine import AccountOptions, Channel, GarageCar, StreamRunner
from .engine.vehicle_list import KnownVehicles
from .statistics.following import follow_logbook
from .statistics.tariff import Tariff

type CarportConfigEntry = ConfigEntry[AccountCoordinator]

_LEAST_WAIT: Final = 1.0


class AccountCoordinator(DataUpdateCoordinator[Mapping[str, Snapshot]]):
    """One account as Home Assistant sees it: its entry's state, sign-in and repairs.

    The engine reads the cars by a schedule of its own; here nothing is timed. The
    data maps the VIN to the snapshot. Entities do not listen here: the garage
    tells them by signal.
    """

    config_entry: CarportConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CarportConfigEntry,
        carport_store: CarportStore,
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
        self.carport_store = carport_store
        self.garage = carport_store.garage
        self.dispatcher = carport_store.dispatcher
        self.service: Service = opened.service
        self.transport = opened.transport
        self.ledger = opened.ledger
        self.clock = opened.clock
        self._store = store
        self.yielding = carport_store.yielding
        self.ownership = Ownership(
            hass, entry, carport_store.garage, carport_store.yielding
        )
        self.data = {}
        self._options_of: tuple[Mapping[str, Any], bool, str | None] | None = None
        self._options = AccountOptions()
        self.runner = carport_store.add(self.account, opened, store, self)
        self._refreshing = False

    # What the engine asks of its face

    @property
    def stored_pin(self) -> str | None:
        """The owner's PIN for commands, where it is stored."""
        return self._store.pin

    @property
    def options(self) -> AccountOptions:
        """What the owner wants now.

        Asked for at every judgement of every car, and made anew only when it changed.
        """
        entry = self.config_entry
        said = entry.options, entry.pref_disable_polling, self.stored_pin
        known = self._options_of
        # Home Assistant replaces the options as a whole, and comparing them takes long.
        if known is None or known[0] is not said[0] or known[1:] != said[1:]:
            self._options_of, self._options = said, self._options_said()
        return self._options

    def _options_said(self) -> AccountOptions:
        entry = self.config_entry
        options = entry.options
        profile = Profile(options.get(CONF_POLL_PROFILE, Profile.NORMAL))
        if entry.pref_disable_polling:
            # Home Assistant's own switch for the whole entry.
            profile = Profile.MANUAL
        return AccountOptions(
            hidden_cars=frozenset(options.get(CONF_HIDDEN_CARS, ())),
            profile=profile,
            fuel_heaters=frozenset(options.get(CONF_FUEL_HEATERS, ())),
            pin=self.stored_pin,
            share_position=bool(options.get(CONF_SHARE_POSITION, True)),
            capacities={
                vin: capacity
                for vin, said in _energy_options(entry).items()
                if (capacity := said.get(CONF_BATTERY_CAPACITY)) is not None
            },
        )

    @callback
    def connect(self, channels: Iterable[Channel]) -> None:
        """Give the garage a channel for every car that the owner shows."""
        self.ownership.connect(channels)

    @callback
    def disconnect(self) -> None:
        """Leave the cars to the next account that has them."""
        self.ownership.close()

    @callback
    def updated(self) -> None:
        """Say once when the account goes, and once when it comes back."""
        self.async_update_issues()
        if self._refreshing:
            # The caller gets the answer, and Home Assistant says it.
            return
        if (error := self.runner.error) is not None:
            self._tell_error(error)
            return
        if not self.last_update_success:
            LOGGER.info("Fetching %s data recovered", self.name)
        elif self.data == self.runner.snapshots:
            return
        self.async_set_updated_data(self.runner.snapshots)

    @callback
    def _tell_error(self, error: CloudError) -> None:
        if self.last_update_success:
            self.async_set_update_error(self._failure(error))
        if wants_owner(error):
            self.config_entry.async_start_reauth(self.hass)

    # What Home Assistant asks of the account

    async def async_restore(self) -> None:
        """Start from what was kept; the cloud is asked only for what is due."""
        self.runner.connect_cars()
        await self.async_refresh()

    @override
    async def _async_setup(self) -> None:
        """List the cars, unless the kept list is young enough."""
        try:
            await self.runner.begin()
        except CloudError as error:
            raise self._failure(error) from error

    @override
    async def _async_update_data(self) -> Mapping[str, Snapshot]:
        """Read every car that is due; keep what is known."""
        self._refreshing = True
        try:
            await self.runner.update()
        except CloudError as error:
            raise self._failure(error) from error
        finally:
            self._refreshing = False
        if (wrong := self.runner.error) is not None:
            raise self._failure(wrong) from wrong
        return self.runner.snapshots

    async def async_read(self, vin: str) -> None:
        """Read one car now, whatever its cadence says."""
        try:
            await self.runner.read(vin)
        except CloudError as error:
            if wants_owner(error):
                self.config_entry.async_start_reauth(self.hass)
            raise failed_action(error) from error

    def _failure(self, error: CloudError) -> Exception:
        wait = self.clock.real(self.runner.retry_after)
        return failed_update(error, max(wait, _LEAST_WAIT))

    # What the rest of the face asks

    @property
    def vehicle_list(self) -> KnownVehicles:
        """The cars of the account as last listed."""
        return self.runner.vehicle_list

    @property
    def shown_cars(self) -> frozenset[str]:
        """The VINs of the account that the owner has not hidden."""
        return self.runner.shown_cars

    @property
    def profile(self) -> Profile:
        """How often the owner wants the account read, where a car says nothing."""
        return self.options.profile

    @property
    def stream(self) -> StreamRunner:
        """What the cloud sends by itself, where it does."""
        return self.runner.stream

    @property
    def trouble(self) -> SignInOutcome | None:
        """Why the owner has to do something at the maker; None while all is well."""
        return self.runner.trouble

    @property
    def trouble_page(self) -> str | None:
        """Where at the maker."""
        return self.runner.trouble_page

    def next_read(self, vin: str) -> datetime | None:
        """Return when a car is read next; None while only the owner asks."""
        return self.runner.next_read(vin)

    @callback
    def watch(self, car: GarageCar) -> tuple[Callable[[], None], ...]:
        """Follow an owned car's profile, receipts and logbook; undo by the results."""
        unfollow = follow_logbook(
            self.hass, self.config_entry, self.garage, car, lambda: self.tariff(car.vin)
        )
        return (*self.runner.watch(car), unfollow)

    def tariff(self, vin: str) -> Tariff | None:
        """Return what charging a car costs, as far as its owner says.

        Said in the options of another account that has the car, it counts too.
        """
        car = self.garage.cars.get(vin)
        accounts = dict.fromkeys((self.account, *(() if car is None else car.channels)))
        entries = map(self.hass.config_entries.async_get_entry, accounts)
        tariffs = (
            Tariff.of(_energy_options(entry).get(vin, {}))
            for entry in entries
            if entry is not None
        )
        return next((one for one in tariffs if one is not None), None)

    @callback
    def async_update_issues(self) -> None:
        """Let the repairs follow what is the matter now."""
        async_update_issues(self.hass, self)


def _energy_options(entry: ConfigEntry[Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return what the owner says of the energy of an account's cars, by VIN."""
    options: Mapping[str, Mapping[str, Any]] = entry.options.get(CONF_ENERGY, {})
    return options
