"""What one car charged and drove, in the recorder's long-term statistics.

Each figure is an external statistic of its own: what a cloud tells late is put to the
hour at which it happened, which a sensor's own statistic cannot do.
"""

from collections.abc import Callable
from functools import partial
import hmac
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_last_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfEnergy, UnitOfLength
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, instance_id
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.unit_conversion import DistanceConverter, EnergyConverter

from ..car.hours import hour_of, start_of
from ..const import DOMAIN, LOGGER
from ..engine import Garage, GarageCar, Topic
from .prices import async_prices
from .sums import WrittenSums
from .tariff import Tariff

COST: Final = "charge_cost"
DISTANCE: Final = "distance"
PLACED: Final = frozenset({"energy_home", "energy_away"})
"""The figures for which it matters where the car was."""

_ID_LENGTH: Final = 12


class CarStatistics:
    """Keeps the statistics of one car as its logbook is."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        garage: Garage,
        car: GarageCar,
        tariff: Callable[[], Tariff | None],
    ) -> None:
        """Know whose logbook it is, and what charging costs; nothing is written yet."""
        self._hass = hass
        self._entry = entry
        self._garage = garage
        self._car = car
        self._tariff = tariff
        self._written: dict[str, WrittenSums] = {}
        self._priceless: set[int] = set()
        """Hours that are over and of which nobody knows a price."""
        self._running = False
        self._again = False

    @callback
    def follow(self) -> Callable[[], None]:
        """Write now, and whenever the logbook says more; undo by the result."""
        self._wake()
        return self._garage.subscribe(self._car.vin, (Topic.LOGBOOK,), self._wake)

    @callback
    def _wake(self) -> None:
        self._again = True
        if not self._running:
            self._running = True
            self._entry.async_create_task(
                self._hass, self._async_run(), "carport statistics", eager_start=False
            )

    async def _async_run(self) -> None:
        """Write until there is nothing new; one at a time, in order."""
        try:
            while self._again:
                self._again = False
                await self._async_price()
                await self._async_write()
        except SQLAlchemyError as error:
            # It is tried again with the next news, from what the recorder has then.
            self._written.clear()
            LOGGER.warning(
                "Statistics could not be read from the recorder: %s",
                type(error).__name__,
            )
        finally:
            self._running = False

    # Prices

    async def _async_price(self) -> None:
        """Find out what the hours of charges cost that have no price yet."""
        if (tariff := self._tariff()) is None:
            return
        now = self._garage.clock_of(self._car).now()
        current = hour_of(now)
        for charge in tuple(self._car.logbook.charges.charges):
            wanted = {
                hour
                for hour in charge.hours
                if (hour not in charge.prices or hour == current)
                and hour not in self._priceless
            }
            if not wanted:
                continue
            prices = await async_prices(
                self._hass, tariff, wanted, now, home=charge.home
            )
            if prices is None:
                return
            self._priceless |= {
                hour for hour in wanted - prices.keys() if hour < current
            }
            self._garage.price(self._car.vin, charge, prices)

    # Rows

    async def _async_write(self) -> None:
        """Write every figure of which something changed."""
        logbook = self._car.logbook
        for figure, amounts in logbook.series().items():
            if figure in PLACED and not self._car.shares_position:
                continue
            after = logbook.settled_until(figure)
            first = min(amounts, default=None) if after is None else after + 1
            if first is None or not (amounts or figure in self._written):
                continue
            metadata = await self._async_metadata(figure)
            statistic_id = metadata["statistic_id"]
            written = await self._async_written(figure, statistic_id, first)
            after = written.since - 1 if after is None else after
            if changed := written.changes(amounts, after):
                async_add_external_statistics(
                    self._hass,
                    metadata,
                    [
                        StatisticData(start=start_of(hour), state=total, sum=total)
                        for hour, total in changed.items()
                    ],
                )

    async def _async_written(
        self, figure: str, statistic_id: str, first: int
    ) -> WrittenSums:
        """Return what the recorder has from an hour on, and the sum before."""
        known = self._written.get(figure)
        recorder = get_instance(self._hass)
        if known is not None and not await recorder.async_add_executor_job(
            partial(_is_there, self._hass, statistic_id)
        ):
            # Somebody has cleared it: it is filled again, instead of going on from
            # its last sum, which would all be put to one hour.
            known = None
        if known is not None and known.since <= first:
            return known
        read = partial(_read_sums, self._hass, statistic_id, first)
        found = await recorder.async_add_executor_job(read)
        if known is not None:
            # What was written a moment ago may not be on disk yet.
            found.sums |= known.sums
        self._written[figure] = found
        return found

    async def _async_metadata(self, figure: str) -> StatisticMetaData:
        hass = self._hass
        language = hass.config.language
        words = await async_get_translations(hass, language, "selector", {DOMAIN})
        label = words.get(
            f"component.{DOMAIN}.selector.statistic.options.{figure}", figure
        )
        unit_class, unit = _unit(hass, figure)
        return StatisticMetaData(
            source=DOMAIN,
            statistic_id=await async_statistic_id(hass, self._car.vin, figure),
            name=f"{self._name} {label}",
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            unit_class=unit_class,
            unit_of_measurement=unit,
        )

    @property
    def _name(self) -> str:
        """What the owner calls the car."""
        device = dr.async_get(self._hass).async_get_device_by_identifier(
            (DOMAIN, self._car.vin), self._entry.entry_id
        )
        described = self._car.description
        named = device and (device.name_by_user or device.name)
        model = described.model or described.manufacturer
        return named or described.nickname or model


async def async_statistic_id(hass: HomeAssistant, vin: str, figure: str) -> str:
    """Return the id of a car's statistic, from which nobody can tell its VIN.

    It is salted with the id of this Home Assistant, so that it stays the same when
    Carport is set up anew.
    """
    salt = await instance_id.async_get(hass)
    digest = hmac.digest(salt.encode(), vin.encode(), "sha256").hex()
    return f"{DOMAIN}:{digest[:_ID_LENGTH]}_{figure}"


def _is_there(hass: HomeAssistant, statistic_id: str) -> bool:
    """Return whether the recorder knows a statistic; runs in the recorder's thread."""
    return statistic_id in get_metadata(hass, statistic_ids={statistic_id})


def _read_sums(hass: HomeAssistant, statistic_id: str, first: int) -> WrittenSums:
    """Read the sums of a statistic from an hour on; runs in the recorder's thread."""
    rows = statistics_during_period(
        hass,
        start_of(first),
        None,
        {statistic_id},
        "hour",
        {"energy": UnitOfEnergy.KILO_WATT_HOUR, "distance": UnitOfLength.KILOMETERS},
        {"sum", "change"},
    ).get(statistic_id, [])
    sums = {
        int(row["start"] // 3600): total
        for row in rows
        if (total := row.get("sum")) is not None
    }
    if sums:
        base = sums[min(sums)] - (rows[0].get("change") or 0)
    else:
        last = get_last_statistics(hass, 1, statistic_id, False, {"sum"})
        base = next((row.get("sum") or 0 for row in last.get(statistic_id, ())), 0)
    return WrittenSums(since=first, base=base, sums=sums)


def _unit(hass: HomeAssistant, figure: str) -> tuple[str | None, str]:
    """Return the class of a figure's unit, and the unit."""
    if figure == COST:
        return None, hass.config.currency
    if figure == DISTANCE:
        return DistanceConverter.UNIT_CLASS, UnitOfLength.KILOMETERS
    return EnergyConverter.UNIT_CLASS, UnitOfEnergy.KILO_WATT_HOUR
