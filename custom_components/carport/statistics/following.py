"""The way to the statistics, which are there only where there is a recorder."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.recorder import DATA_INSTANCE

from ..engine import Garage, GarageCar
from .tariff import Tariff


async def async_prepare(hass: HomeAssistant) -> None:
    """Import what writes statistics, where that keeps nothing else waiting."""
    if DATA_INSTANCE in hass.data:
        await async_import_module(hass, f"{__package__}.car_statistics")


@callback
def follow_logbook(
    hass: HomeAssistant,
    entry: ConfigEntry,
    garage: Garage,
    car: GarageCar,
    tariff: Callable[[], Tariff | None],
) -> Callable[[], None]:
    """Keep the statistics of a car as its logbook is; undo by the result."""
    if DATA_INSTANCE not in hass.data:
        return lambda: None
    # Without a recorder, what it is made of may not be installed either; with one,
    # the module is there already.
    from .car_statistics import CarStatistics  # noqa: PLC0415

    return CarStatistics(hass, entry, garage, car, tariff).follow()
