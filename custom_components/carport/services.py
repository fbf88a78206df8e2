"""The actions: what needs parameters, or gives something back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
import math
from typing import Any, Final, cast

import probatio

from homeassistant.const import ATTR_CODE, ATTR_DEVICE_ID, UnitOfTemperature
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.util.json import JsonObjectType, JsonValueType
from homeassistant.util.unit_conversion import TemperatureConverter

from .car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    Limits,
    RefreshHealth,
    SetChargeCurrent,
    SetChargeLimit,
    SetDefrost,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Wake,
    describe,
    nearest,
)
from .car.receipts import Reason
from .commanding import async_send, wrong_value
from .const import DOMAIN
from .coordinator import AccountCoordinator, CarportConfigEntry
from .garage import GarageCar

HEALTH_REPORT: Final = "health_report"

_NO_LIMITS: Final = Limits()

_TARGET: Final[Mapping[probatio.Marker, Any]] = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(
        probatio.EnsureList(), [cv.string], probatio.Length(min=1)
    )
}
_CODE: Final[Mapping[probatio.Marker, Any]] = {
    probatio.Optional(probatio.Secret(ATTR_CODE)): cv.string
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one call, read for one car."""

    hass: HomeAssistant
    limits: Limits
    data: Mapping[str, Any]

    def number(self, field: str) -> float | None:
        """Read a number; None where the field was left out."""
        if (value := self.data.get(field)) is None:
            return None
        try:
            number = float(value)
        except TypeError, ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise wrong_value(self.hass, field, describe(self.limits))
        return number

    def count(self, field: str) -> int | None:
        """Read a whole number; None where the field was left out."""
        number = self.number(field)
        if number is not None and not number.is_integer():
            raise wrong_value(self.hass, field, "1, 2, 3 …")
        return None if number is None else int(number)

    def required(self, field: str) -> float:
        """Read a number that has to be there."""
        number = self.number(field)
        if number is None:
            raise wrong_value(self.hass, field, describe(self.limits))
        return number

    def number_or_word(self, field: str) -> float | str:
        """Read a number, or a word in place of one; the car's limits judge both."""
        value = self.data[field]
        try:
            return float(value)
        except TypeError, ValueError:
            return str(value)

    def word[W: StrEnum](self, field: str, words: type[W]) -> W:
        """Read a word out of a closed list."""
        try:
            return words(str(self.data[field]))
        except ValueError:
            raise wrong_value(self.hass, field, ", ".join(words)) from None

    def temperature(self, field: str) -> float | None:
        """Read a temperature in Home Assistant's unit; return the car's step in °C."""
        if (number := self.number(field)) is None:
            return None
        unit = self.hass.config.units.temperature_unit
        celsius = TemperatureConverter.convert(number, unit, UnitOfTemperature.CELSIUS)
        celsius = nearest(celsius, self.limits)
        if (
            self.limits.low is not None
            and self.limits.high is not None
            and not self.limits.low <= celsius <= self.limits.high
        ):
            low, high = (
                TemperatureConverter.convert(bound, UnitOfTemperature.CELSIUS, unit)
                for bound in (self.limits.low, self.limits.high)
            )
            raise wrong_value(self.hass, field, f"{low:.3g} … {high:.3g} {unit}")
        return celsius


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action that is one command: its fields, and how they make the command."""

    name: str
    kind: CommandKind
    make: Callable[[Form], Command]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def schema(self) -> probatio.Schema:
        """Take any values: the car's own limits judge them, and say so."""
        return probatio.Schema(
            {
                **_TARGET,
                **_CODE,
                **{probatio.Required(field): object for field in self.required},
                **{probatio.Optional(field): object for field in self.optional},
            }
        )


ACTIONS: Final = (
    Action(
        name="honk_and_flash",
        kind=CommandKind.HONK_AND_FLASH,
        make=lambda form: HonkAndFlash(
            mode=form.word("mode", HornMode),
            duration=form.number("duration"),
            count=form.count("count"),
        ),
        required=("mode",),
        optional=("duration", "count"),
    ),
    Action(
        name="set_charge_current",
        kind=CommandKind.SET_CHARGE_CURRENT,
        make=lambda form: SetChargeCurrent(current=form.number_or_word("current")),
        required=("current",),
    ),
    Action(
        name="set_charge_limit",
        kind=CommandKind.SET_CHARGE_LIMIT,
        make=lambda form: SetChargeLimit(percent=form.required("percent")),
        required=("percent",),
    ),
    Action(
        name="start_charging",
        kind=CommandKind.START_CHARGING,
        make=lambda form: StartCharging(),
    ),
    Action(
        name="stop_charging",
        kind=CommandKind.STOP_CHARGING,
        make=lambda form: StopCharging(),
    ),
    Action(
        name="start_climate",
        kind=CommandKind.START_CLIMATE,
        make=lambda form: StartClimate(temperature=form.temperature("temperature")),
        optional=("temperature",),
    ),
    Action(
        name="stop_climate",
        kind=CommandKind.STOP_CLIMATE,
        make=lambda form: StopClimate(),
    ),
    Action(
        name="start_defrost",
        kind=CommandKind.SET_DEFROST,
        make=lambda form: SetDefrost(on=True),
    ),
    Action(
        name="stop_defrost",
        kind=CommandKind.SET_DEFROST,
        make=lambda form: SetDefrost(on=False),
    ),
    Action(name="wake", kind=CommandKind.WAKE, make=lambda form: Wake()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A car that an action is about, and the account that acts."""

    device_id: str
    coordinator: AccountCoordinator
    car: GarageCar


type Work = Callable[[Target, ServiceCall], Awaitable[Mapping[str, Any]]]


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action; they exist before there is any account."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            _handler(hass, _command_work(action)),
            action.schema,
            supports_response=SupportsResponse.OPTIONAL,
        )
    hass.services.async_register(
        DOMAIN,
        "refresh",
        _handler(hass, _refresh),
        probatio.Schema(
            {
                **_TARGET,
                **_CODE,
                probatio.Optional("rationed", default=False): cv.boolean,
            }
        ),
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        "get_health_report",
        _handler(hass, _health_report),
        probatio.Schema(
            {**_TARGET, **_CODE, probatio.Optional("fresh", default=False): cv.boolean}
        ),
        supports_response=SupportsResponse.ONLY,
    )


def _handler(
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


def _command_work(action: Action) -> Work:
    async def work(target: Target, call: ServiceCall) -> Mapping[str, Any]:
        # Without limits the car cannot do it, which the garage says and files.
        limits = target.car.commands.get(action.kind, _NO_LIMITS)
        command = action.make(
            Form(hass=target.coordinator.hass, limits=limits, data=call.data)
        )
        receipt = await async_send(
            target.coordinator, target.car.vin, command, call.data.get(ATTR_CODE)
        )
        return receipt.as_dict()

    return work


async def _refresh(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Read the cloud's copy now; the car itself sleeps on."""
    coordinator, vin = target.coordinator, target.car.vin
    await coordinator.async_read(vin)
    if call.data["rationed"]:
        await coordinator.async_read_rationed(vin, call.data.get(ATTR_CODE))
    captured_at = target.car.captured_at
    return {
        "captured_at": None if captured_at is None else captured_at.isoformat(),
        "stale": target.car.stale,
    }


async def _health_report(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Fetch the report; ask the car for a new one first, if that is wanted."""
    coordinator = target.coordinator
    if HEALTH_REPORT not in coordinator.service.info.lookups:
        raise _not_capable()
    if call.data["fresh"]:
        code = call.data.get(ATTR_CODE)
        await async_send(coordinator, target.car.vin, RefreshHealth(), code)
    return await coordinator.async_look_up(target.car.vin, HEALTH_REPORT)


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


def _not_capable() -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=f"command_{Reason.NOT_CAPABLE}"
    )
