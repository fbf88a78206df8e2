"""Which cars an action is about, and how its answers come back by device."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import probatio

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CODE, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..car.refusals import Reason
from ..const import DOMAIN
from ..coordinator import AccountCoordinator, CarportConfigEntry
from ..engine import GarageCar
from .rights import CONTROL, READ, async_check_right

TARGET: Final[Mapping[Any, Any]] = cv.ENTITY_SERVICE_FIELDS
"""By device, as ever, or by entity, area, floor or label."""
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


type RightOf = Callable[[ServiceCall], str]
"""Says which right a call needs."""


def controls(call: ServiceCall) -> str:
    """Ask for the right to control, whatever the call says."""
    return CONTROL


def reads(call: ServiceCall) -> str:
    """Ask for the right to read, whatever the call says."""
    return READ


def for_each_car(
    hass: HomeAssistant, work: Work, right_of: RightOf, *, one_by_place: bool = False
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Do the work for all cars at once, if the caller may; answer by device.

    With `one_by_place` an area, floor or label may not stand for more than one car.
    """

    async def handle(call: ServiceCall) -> ServiceResponse:
        targets = async_targets(hass, call.data)
        if one_by_place and len(targets) > 1 and _by_place(call.data):
            raise _refused("one_car_by_place")
        devices = [target.device_id for target in targets]
        await async_check_right(hass, call, devices, right_of(call))
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
    return _refused(f"command_{Reason.NOT_CAPABLE}")


@callback
def async_targets(hass: HomeAssistant, data: Mapping[str, Any]) -> list[Target]:
    """Find the cars behind a target, each once; raise before anything is done.

    What is named has to be a car's; an area or a label may hold other things besides.
    """
    selection = TargetSelection(dict(data))
    selected = async_extract_referenced_entity_ids(
        hass, selection, primary_entities_only=False
    )
    registry = er.async_get(hass)
    named = {
        device_id: None
        for device_id in cv.ensure_list(data.get(ATTR_DEVICE_ID))
        if device_id in selected.referenced_devices
    }
    for entity_id in sorted(selected.referenced):
        named[_device_of(registry, entity_id)] = None
    found = [_named_target(hass, device_id) for device_id in named]
    around = selected.referenced_devices | {
        entry.device_id
        for entity_id in selected.indirectly_referenced
        if (entry := registry.async_get(entity_id)) is not None and entry.device_id
    }
    found += [
        target
        for device_id in sorted(around - named.keys())
        if (target := _target_around(hass, device_id)) is not None
    ]
    targets = {target.vin: target for target in reversed(found)}
    if not targets:
        raise _refused("no_car_in_target")
    return list(reversed(targets.values()))


def _by_place(data: Mapping[str, Any]) -> bool:
    """Return whether a target names more than cars and their entities."""
    selection = TargetSelection(dict(data))
    return bool(selection.area_ids or selection.floor_ids or selection.label_ids)


def _device_of(registry: er.EntityRegistry, entity_id: str) -> str:
    """Return the device of an entity of a car."""
    entry = registry.async_get(entity_id)
    if entry is None or entry.platform != DOMAIN or entry.device_id is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="entity_not_of_a_car",
            translation_placeholders={"entity": entity_id},
        )
    return entry.device_id


def _named_target(hass: HomeAssistant, device_id: str) -> Target:
    """Return the car of a device; say what is wrong where it is none."""
    device, entry = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    target = _car_of(device, cast(CarportConfigEntry, entry).runtime_data)
    if target is None:
        raise _refused("not_a_car")
    return target


def _target_around(hass: HomeAssistant, device_id: str) -> Target | None:
    """Return the car of a device that an area or a label holds; None if it is none."""
    device = dr.async_get(hass).async_get(device_id)
    entry = (
        None
        if device is None or device.config_entry_id is None
        else hass.config_entries.async_get_entry(device.config_entry_id)
    )
    if (
        device is None
        or entry is None
        or entry.domain != DOMAIN
        or entry.state is not ConfigEntryState.LOADED
    ):
        return None
    return _car_of(device, cast(CarportConfigEntry, entry).runtime_data)


def _car_of(
    device: dr.AnyDeviceEntry, coordinator: AccountCoordinator
) -> Target | None:
    cars = coordinator.garage.cars
    car = next((cars[key] for _, key in device.identifiers if key in cars), None)
    if car is None or coordinator.account not in car.channels:
        return None
    return Target(device_id=device.id, coordinator=coordinator, car=car)


def _refused(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)
