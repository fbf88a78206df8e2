"""The actions: what needs parameters, or gives something back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import math
from typing import Any, Final

import probatio

from homeassistant.const import ATTR_CODE, UnitOfTemperature
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from .asking import async_account_for, async_look_up, async_read_rationed, lists_of
from .car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    RefreshHealth,
    ScheduleClimate,
    SetChargeCurrent,
    SetChargeLimit,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Wake,
)
from .car.errands import SendDestination, SetSchedule
from .car.limits import Limits, describe, nearest
from .car.switches import SetDefrost
from .commanding import async_send, wrong_value
from .const import DOMAIN
from .lookups import async_setup_look_ups
from .notices import async_setup_notices
from .schedule_form import schedule_of
from .targets import CODE, TARGET, Target, Work, for_each_car, not_capable

HEALTH_REPORT: Final = "health_report"
ADDRESS: Final = ("street", "city", "postal_code", "country")

_NO_LIMITS: Final = Limits()


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

    def text(self, field: str) -> str:
        """Read a text that says something."""
        if not (text := str(self.data[field] or "").strip()):
            raise wrong_value(self.hass, field, "…")
        return text

    def moment(self, field: str) -> datetime | None:
        """Read a time with its date; without a zone it is the house's."""
        if (value := self.data.get(field)) is None:
            return None
        try:
            moment = cv.datetime(value)
        except probatio.Invalid:
            raise wrong_value(self.hass, field, "YYYY-MM-DD HH:MM") from None
        return dt_util.as_utc(moment)

    def place(self, field: str) -> tuple[float, float]:
        """Read latitude and longitude from what was picked on a map."""
        try:
            picked = self.data[field]
            place = cv.latitude(picked["latitude"]), cv.longitude(picked["longitude"])
        except KeyError, TypeError, probatio.Invalid:
            raise wrong_value(
                self.hass, field, "latitude -90 … 90, longitude -180 … 180"
            ) from None
        return place

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
                **TARGET,
                **CODE,
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
    Action(
        name="schedule_climate",
        kind=CommandKind.SCHEDULE_CLIMATE,
        make=lambda form: ScheduleClimate(at=form.moment("at")),
        optional=("at",),
    ),
    Action(
        name="set_schedule",
        kind=CommandKind.SET_SCHEDULE,
        make=lambda form: SetSchedule(schedule=schedule_of(form.hass, form.data)),
        required=("slots",),
        optional=("active", "preferred_start", "preferred_end"),
    ),
    Action(
        name="send_destination",
        kind=CommandKind.SEND_DESTINATION,
        make=lambda form: SendDestination(
            name=form.text("name"),
            latitude=form.place("location")[0],
            longitude=form.place("location")[1],
            address={part: form.text(part) for part in ADDRESS if form.data.get(part)},
        ),
        required=("name", "location"),
        optional=ADDRESS,
    ),
    Action(name="wake", kind=CommandKind.WAKE, make=lambda form: Wake()),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register every action; they exist before there is any account."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            for_each_car(hass, _command_work(action)),
            action.schema,
            supports_response=SupportsResponse.OPTIONAL,
        )
    hass.services.async_register(
        DOMAIN,
        "refresh",
        for_each_car(hass, _refresh),
        probatio.Schema(
            {
                **TARGET,
                **CODE,
                probatio.Optional("rationed", default=False): cv.boolean,
            }
        ),
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        "get_health_report",
        for_each_car(hass, _health_report),
        probatio.Schema(
            {**TARGET, **CODE, probatio.Optional("fresh", default=False): cv.boolean}
        ),
        supports_response=SupportsResponse.ONLY,
    )
    async_setup_look_ups(hass)
    async_setup_notices(hass)


def _command_work(action: Action) -> Work:
    async def work(target: Target, call: ServiceCall) -> Mapping[str, Any]:
        # Without limits the car cannot do it, which the garage says and files.
        limits = target.car.commands.get(action.kind, _NO_LIMITS)
        command = action.make(
            Form(hass=target.coordinator.hass, limits=limits, data=call.data)
        )
        receipt = await async_send(
            target.coordinator, target.vin, command, call.data.get(ATTR_CODE)
        )
        return receipt.as_dict()

    return work


async def _refresh(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Read the cloud's copy now; the car itself sleeps on."""
    hass, car = target.coordinator.hass, target.car
    account = async_account_for(hass, car) or target.coordinator
    await account.async_read(car.vin)
    if call.data["rationed"]:
        await async_read_rationed(hass, car, call.data.get(ATTR_CODE))
    captured_at = target.car.captured_at
    return {
        "captured_at": None if captured_at is None else captured_at.isoformat(),
        "stale": target.car.stale,
    }


async def _health_report(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Fetch the report; ask the car for a new one first, if that is wanted."""
    coordinator = target.coordinator
    if HEALTH_REPORT not in lists_of(target.car):
        raise not_capable()
    if call.data["fresh"]:
        code = call.data.get(ATTR_CODE)
        await async_send(coordinator, target.vin, RefreshHealth(), code)
    report = await async_look_up(coordinator.hass, target.car, HEALTH_REPORT)
    if report is None:
        # Its account left while the car was asked for a new one.
        raise not_capable()
    return report
