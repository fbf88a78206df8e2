"""Which cars an action is about, and how its answers come back by device."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import probatio

from homeassistant.const import ATTR_CODE, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.util.json import JsonObjectType, JsonValueType

from .car.receipts import Reason
from .const import DOMAIN
from .coordinator import AccountCoordinator, CarportConfigEntry
from .garage import GarageCar

TARGET: Final[Mapping[probatio.Marker, Any]] = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(
        probatio.EnsureList(), [cv.string], probatio.Length(min=1)
    )
}
CODE: Final[Mapping[probatio.Marker, Any]] = {
    probatio.Optional(probatio.Secret(ATTR_CODE)): cv.string
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A car that an action is about, and the account that acts."""

    device_id: str
    coordinator: AccountCoordinator
    car: GarageCar

    @property
    def vin(self) -> str:
        """The car's VIN."""
        return self.car.vin


type Work = Callable[[Target, ServiceCall], Awaitable[Mapping[str, Any]]]


def for_each_car(
    hass: HomeAssistant, work: Work
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Do the work for all cars at once; answer by device."""

    async def handle(call: ServiceCall) -> ServiceResponse:
        targets = _targets(hass, call.data[ATTR_DEVICE_ID])
        results = await asyncio.gather(
            *(work(target, call) for target in targets), return_exceptions=True
        )
        answers: JsonObjectType = {}
        for target, result in zip(targets, results, strict=True):
            if isinstance(result, BaseException):
                # Every car was served before the first failure is told.
                raise result
            answers[target.device_id] = cast(JsonValueType, dict(result))
        return answers if call.return_response else None

    return handle


def not_capable() -> ServiceValidationError:
    """Say that the car or its service has no such thing."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=f"command_{Reason.NOT_CAPABLE}"
    )


def _targets(hass: HomeAssistant, device_ids: Iterable[str]) -> list[Target]:
    """Find the cars behind devices; raise before anything is done for any of them."""
    targets = []
    for device_id in dict.fromkeys(device_ids):
        device, entry = async_get_device_and_config_entry(hass, DOMAIN, device_id)
        coordinator = cast(CarportConfigEntry, entry).runtime_data
        cars = coordinator.garage.cars
        car = next(
            (cars[key] for domain, key in device.identifiers if key in cars), None
        )
        if car is None or coordinator.account not in car.channels:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="not_a_car"
            )
        targets.append(Target(device_id=device_id, coordinator=coordinator, car=car))
    return targets
