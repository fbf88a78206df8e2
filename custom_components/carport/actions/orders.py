"""What an assistant can tell a car, by its own controls and with the caller's rights."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.button import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.components.climate import DOMAIN as CLIMATE
from homeassistant.components.lock import DOMAIN as LOCK, SERVICE_LOCK
from homeassistant.components.number import DOMAIN as NUMBER, SERVICE_SET_VALUE
from homeassistant.components.switch import DOMAIN as SWITCH
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, SERVICE_TURN_ON
from homeassistant.core import Context

from ..car.commands import CommandKind
from ..car.receipts import Outcome
from ..const import DOMAIN, LOGGER
from ..engine import burns_fuel
from .commands import noting_receipts
from .exceptions import wrong_value
from .exposed_cars import ExposedCar

_ANSWERS_AFTER: Final = 4.0
"""Seconds after which the answer is that the car was told, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order: the control that does it, and how it is used."""

    platform: str
    key: str
    service: str
    starts: CommandKind | None = None
    """What it starts in the car, where that may burn fuel."""
    value: str | None = None
    """The field that takes the number which was said."""

    def obstacle(self, car: ExposedCar) -> str | None:
        """Return the key of the text that says why a car cannot be told this."""
        if car.entity_id(self.platform, self.key) is None:
            return "cannot"
        if not car.may_use(self.platform, self.key):
            return "not_exposed"
        return None

    def may_burn_fuel(self, car: ExposedCar) -> bool:
        """Return whether it may start a heater that burns fuel."""
        limits = None if self.starts is None else car.car.commands.get(self.starts)
        return (
            self.starts is not None
            and limits is not None
            and burns_fuel(self.starts, limits)
        )


ORDERS: Final[Mapping[str, Order]] = {
    "lock": Order(platform=LOCK, key="doors", service=SERVICE_LOCK),
    "warm": Order(
        platform=CLIMATE,
        key="climate",
        service=SERVICE_TURN_ON,
        starts=CommandKind.START_CLIMATE,
    ),
    "stop_climate": Order(platform=CLIMATE, key="climate", service=SERVICE_TURN_OFF),
    "charge": Order(platform=SWITCH, key="charge_control", service=SERVICE_TURN_ON),
    "stop_charging": Order(
        platform=SWITCH, key="charge_control", service=SERVICE_TURN_OFF
    ),
    "charge_to": Order(
        platform=NUMBER, key="charge_limit", service=SERVICE_SET_VALUE, value="value"
    ),
    "defrost": Order(
        platform=SWITCH,
        key="defrost",
        service=SERVICE_TURN_ON,
        starts=CommandKind.SET_DEFROST,
    ),
    "heat_windows": Order(
        platform=SWITCH,
        key="window_heating",
        service=SERVICE_TURN_ON,
        starts=CommandKind.SET_WINDOW_HEATING,
    ),
    "flash": Order(platform=BUTTON, key="flash", service=SERVICE_PRESS),
    "refresh": Order(platform=BUTTON, key="refresh", service=SERVICE_PRESS),
}
"""Nothing here opens a car, and nothing is a heater of its own."""


async def async_give(
    order: Order, car: ExposedCar, context: Context | None, number: float | None = None
) -> bool:
    """Give an order, wait a moment, and return whether the car is known to have obeyed.

    What is refused meanwhile is raised; what takes longer goes on alone.
    """
    if order.value is not None and number is None:
        raise wrong_value(car.hass, "percent", "0 … 100")
    data: dict[str, Any] = {ATTR_ENTITY_ID: car.entity_id(order.platform, order.key)}
    if order.value is not None:
        data[order.value] = number
    with noting_receipts() as sent:
        call = car.hass.async_create_task(
            car.hass.services.async_call(
                order.platform, order.service, data, blocking=True, context=context
            ),
            f"{DOMAIN} {order.key}",
        )
    patience = asyncio.ensure_future(car.coordinator.garage.clock.sleep(_ANSWERS_AFTER))
    try:
        await asyncio.wait({call, patience}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        patience.cancel()
    if not call.done():
        call.add_done_callback(_note_end)
        return False
    await call
    # What the cloud only took may still not be done.
    return not any(receipt.outcome is Outcome.ACCEPTED for receipt in sent)


def _note_end(call: asyncio.Task[Any]) -> None:
    """Take note of a refusal that nobody waits for; the car's event has told it."""
    if not call.cancelled() and (error := call.exception()) is not None:
        LOGGER.debug("An order was not done: %s", type(error).__name__)
