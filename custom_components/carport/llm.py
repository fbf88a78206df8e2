"""Tools for language models: nothing without the owner's yes, for each thing its own.

State and commands reach only what is exposed to the assistant. No tool opens a car,
and none starts a heater that burns fuel.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, cast, override

import probatio

from homeassistant.components.device_tracker import DOMAIN as DEVICE_TRACKER
from homeassistant.components.llm import LLMTools
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.const import (
    ATTR_DEVICE_ID,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityStateAttribute,
)
from homeassistant.core import Context, HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .actions.exposed_cars import ExposedCar, all_cars, cars_called
from .actions.orders import ORDERS, async_give
from .actions.rights import READ, async_check_right
from .car.places import without_places
from .car.signals import LOCATION, PARKED_ADDRESS, PARKED_LOCATION
from .const import CONF_LANGUAGE_MODELS, DOMAIN, Scope

_CAR: Final = "car"
_ORDER: Final = "order"
_PERCENT: Final = "percent"
_DAYS: Final = "days"

_KEPT_BACK: Final = frozenset({PARKED_ADDRESS.key, LOCATION.key})
"""Keys that need a yes of their own, however exposed their entities are."""
_TRIPS: Final = "last_trip_"

_READS: Final = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=True
)
_TELLS: Final = ToolAnnotations(destructive=False, idempotent=True, open_world=True)


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools for what the owner allows of any car."""
    if api_id != LLM_API_ASSIST:
        return None
    cars = all_cars(hass, llm_context.assistant)
    tools = [
        tool
        for kind in TOOLS
        if (tool := kind([car for car in cars if kind.scopes & _allowed(car)])).cars
    ]
    return LLMTools(tools=cast(list[Tool], tools)) if tools else None


class CarTool(Tool):
    """What the tools share: which cars they are for, and that errors are answers."""

    integration = DOMAIN
    scopes: frozenset[Scope]
    """It is there for cars of which one of these is allowed."""
    fields: Mapping[probatio.Marker, Any] = {}

    def __init__(self, cars: list[ExposedCar]) -> None:
        """Offer the cars by their names."""
        self.cars = cars
        names = sorted({car.name for car in cars})
        self.parameters = probatio.Schema(
            {probatio.Required(_CAR): probatio.In(names), **self.fields}
        )

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Find the car, ask for the caller's right, and answer."""
        try:
            data = self.parameters(tool_input.tool_args)
        except probatio.Invalid as error:
            return _failed(str(error))
        # What was allowed when the tools were listed may not be any more.
        meant = [
            car
            for car in cars_called(data[_CAR], all_cars(hass, llm_context.assistant))
            if self.scopes & _allowed(car)
        ]
        if len(meant) != 1:
            return _failed("There is no such car, or more than one.")
        try:
            await _check_right(hass, llm_context.context, meant[0])
            return ToolResult(data=await self.async_answer(meant[0], data, llm_context))
        except HomeAssistantError as error:
            return _failed(str(error))

    async def async_answer(
        self, car: ExposedCar, data: Mapping[str, Any], llm_context: LLMContext
    ) -> JsonObjectType:
        """Return what there is to say."""
        raise NotImplementedError


class GetState(CarTool):
    """What a car said last, as far as its entities are exposed."""

    name = f"{DOMAIN}__get_state"
    title = "Get the state of a car"
    description = (
        "Get what a car last reported: battery, charging, doors, climate and more. "
        "captured_at says how old that is."
    )
    annotations = _READS
    scopes = frozenset({Scope.STATE})

    @override
    async def async_answer(
        self, car: ExposedCar, data: Mapping[str, Any], llm_context: LLMContext
    ) -> JsonObjectType:
        """Return the values by their keys, without what needs another yes."""
        trips = Scope.TRIPS in _allowed(car)
        values: JsonObjectType = {}
        for entry in er.async_entries_for_device(er.async_get(car.hass), car.device.id):
            key = entry.unique_id.partition("_")[2]
            if key in _KEPT_BACK or (key.startswith(_TRIPS) and not trips):
                continue
            state = car.state(entry.domain, key)
            if state is None or entry.domain not in _TELLING:
                continue
            unit = state.attributes.get(EntityStateAttribute.UNIT_OF_MEASUREMENT)
            values[f"{entry.domain}.{key}"] = (
                state.state if unit is None else f"{state.state} {unit}"
            )
        captured_at = car.car.captured_at
        return {
            "car": car.name,
            "captured_at": None
            if captured_at is None
            else dt_util.as_local(captured_at).isoformat(timespec="minutes"),
            "stale": car.car.stale,
            "values": values,
        }


_TELLING: Final = frozenset(
    {"binary_sensor", "climate", "lock", "number", "select", "sensor", "switch"}
)
"""Platforms whose states say something about a car."""


class SendCommand(CarTool):
    """Orders to a car, of those that cannot do harm."""

    name = f"{DOMAIN}__send_command"
    title = "Tell a car to do something"
    description = (
        "Tell a car to lock, to condition its cabin, to charge, to defrost, to heat its "
        "windows, to flash its lights, or to be read anew. A car can never be unlocked."
    )
    annotations = _TELLS
    scopes = frozenset({Scope.STATE})
    fields: Mapping[probatio.Marker, Any] = {
        probatio.Required(_ORDER): probatio.In(tuple(ORDERS)),
        probatio.Optional(
            _PERCENT, description="The level to charge to, only for charge_to"
        ): probatio.All(probatio.Coerce(float), probatio.Range(min=0, max=100)),
    }

    @override
    async def async_answer(
        self, car: ExposedCar, data: Mapping[str, Any], llm_context: LLMContext
    ) -> JsonObjectType:
        """Send it with the caller's rights, and say how far it came."""
        order = ORDERS[data[_ORDER]]
        if (obstacle := order.obstacle(car)) is not None:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="control_not_exposed"
                if obstacle == "not_exposed"
                else "command_not_capable",
            )
        if order.may_burn_fuel(car):
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="no_heater_by_model"
            )
        done = await async_give(order, car, llm_context.context, data.get(_PERCENT))
        return {
            "car": car.name,
            "outcome": "done" if done else "sent, its outcome is not known yet",
        }


class GetLocation(CarTool):
    """Where a car is, by coordinates, by address, or both, as allowed."""

    name = f"{DOMAIN}__get_location"
    title = "Get where a car is"
    description = "Get where a car is or was parked."
    annotations = _READS
    scopes = frozenset({Scope.POSITION, Scope.ADDRESSES})

    @override
    async def async_answer(
        self, car: ExposedCar, data: Mapping[str, Any], llm_context: LLMContext
    ) -> JsonObjectType:
        """Return what was allowed of it."""
        allowed = _allowed(car)
        place: JsonObjectType = {"car": car.name}
        if Scope.POSITION in allowed:
            tracker = _state(car, DEVICE_TRACKER, LOCATION.key)
            position = car.car.reported(LOCATION) or car.car.reported(PARKED_LOCATION)
            place["zone"] = tracker
            if position is not None:
                place["latitude"] = position.latitude
                place["longitude"] = position.longitude
        if Scope.ADDRESSES in allowed:
            place["address"] = _state(car, SENSOR, PARKED_ADDRESS.key)
        return place


class GetTrips(CarTool):
    """The trips that the maker remembers."""

    name = f"{DOMAIN}__get_trips"
    title = "Get the trips of a car"
    description = (
        "Get the trips of a car in the last days, as its maker remembers them."
    )
    annotations = _READS
    scopes = frozenset({Scope.TRIPS})
    fields: Mapping[probatio.Marker, Any] = {
        probatio.Optional(_DAYS, default=7): probatio.All(
            probatio.Coerce(int), probatio.Range(min=1, max=31)
        )
    }

    @override
    async def async_answer(
        self, car: ExposedCar, data: Mapping[str, Any], llm_context: LLMContext
    ) -> JsonObjectType:
        """Ask by the action, and leave the places out unless they are allowed too."""
        today = dt_util.now().date()
        answers = await car.hass.services.async_call(
            DOMAIN,
            "get_trips",
            {
                ATTR_DEVICE_ID: car.device.id,
                "start": (today - timedelta(days=data[_DAYS])).isoformat(),
                "end": today.isoformat(),
            },
            blocking=True,
            context=llm_context.context,
            return_response=True,
        )
        trips = (answers or {}).get(car.device.id)
        if not {Scope.POSITION, Scope.ADDRESSES} <= _allowed(car):
            trips = without_places(trips)
        return {"car": car.name, "trips": trips}


class GetIdentity(CarTool):
    """Plate and VIN, each as allowed."""

    name = f"{DOMAIN}__get_identity"
    title = "Get plate or VIN of a car"
    description = "Get the licence plate or the vehicle identification number of a car."
    annotations = _READS
    scopes = frozenset({Scope.PLATE, Scope.VIN})

    @override
    async def async_answer(
        self, car: ExposedCar, data: Mapping[str, Any], llm_context: LLMContext
    ) -> JsonObjectType:
        """Return what was allowed of it."""
        allowed = _allowed(car)
        found: JsonObjectType = {"car": car.name}
        if Scope.PLATE in allowed:
            found["plate"] = _plate(car)
        if Scope.VIN in allowed:
            found["vin"] = car.car.vin
        return found


TOOLS: Final[tuple[type[CarTool], ...]] = (
    GetState,
    SendCommand,
    GetLocation,
    GetTrips,
    GetIdentity,
)


def _allowed(car: ExposedCar) -> frozenset[Scope]:
    """Return what the owner allows of the cars of this account."""
    chosen = car.coordinator.config_entry.options.get(CONF_LANGUAGE_MODELS, ())
    return frozenset(scope for scope in Scope if scope in chosen)


def _state(car: ExposedCar, platform: str, key: str) -> str | None:
    """Return what an entity says, exposed or not: it has a yes of its own."""
    entity_id = car.entity_id(platform, key)
    state = None if entity_id is None else car.hass.states.get(entity_id)
    if state is None or state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN}:
        return None
    return state.state


def _plate(car: ExposedCar) -> str | None:
    """Return the plate, from a service that keeps it with its ids of the car."""
    handles = (channel.car.handle for channel in car.car.channels.values())
    return next((handle["plate"] for handle in handles if "plate" in handle), None)


async def _check_right(
    hass: HomeAssistant, context: Context | None, car: ExposedCar
) -> None:
    call = ServiceCall(hass, DOMAIN, "tool", {}, context)
    await async_check_right(hass, call, [car.device.id], READ)


def _failed(message: str) -> ToolResult:
    return ToolResult(data={"error": message}, error=True)
