"""The actions: what needs parameters, or gives something back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import probatio

from homeassistant.const import ATTR_CODE
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv

from .actions.commands import MODE, async_send, mode_of
from .actions.form import Form
from .actions.history import async_setup_history
from .actions.import_charges import async_setup_import
from .actions.notification_settings import async_setup_notification_settings
from .actions.queries import (
    async_account_for,
    async_history,
    async_read_rationed,
    known_history,
)
from .actions.rights import CONTROL, READ
from .actions.schedule_fields import schedule_of
from .actions.targets import (
    CODE,
    TARGET,
    Target,
    Work,
    controls,
    for_each_car,
    not_capable,
)
from .car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    RefreshHealth,
    ScheduleClimate,
    SendDestination,
    SetChargeCurrent,
    SetChargeLimit,
    SetChargeLimitMin,
    SetSchedule,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Wake,
)
from .car.limits import Limits
from .car.switches import (
    SetAutoUnlockPlug,
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetDefrost,
    SetVentilation,
)
from .const import DOMAIN
from .engine import WhenBusy

HEALTH_REPORT: Final = "health_report"
ADDRESS: Final = ("street", "city", "postal_code", "country")

_NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action that is one command: its fields, and how they make the command."""

    name: str
    kind: CommandKind
    make: Callable[[Form], Command]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    waits: bool = True
    """Whether it may be sent later than asked for, when the car is free."""

    @property
    def schema(self) -> probatio.Schema:
        """Take any values: the car's own limits judge them, and say so."""
        return probatio.Schema(
            {
                **TARGET,
                **CODE,
                **{probatio.Required(field): object for field in self.required},
                **{probatio.Optional(field): object for field in self.optional},
                **({probatio.Optional(MODE): object} if self.waits else {}),
            }
        )


def _heat_or_air(
    command: type[SetAuxiliaryHeating | SetVentilation],
    on: bool,
    form: Form,
) -> Command:
    """Start what runs for a time, or stop it."""
    return command(on=on, duration=form.number("duration") if on else None)


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
        waits=False,
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
    *(
        Action(
            name=f"{word}_{kind.value.removeprefix('set_')}",
            kind=kind,
            make=partial(_heat_or_air, command, word == "start"),
            optional=("duration",) if word == "start" else (),
            waits=kind is not CommandKind.SET_AUXILIARY_HEATING or word == "stop",
        )
        for kind, command in (
            (CommandKind.SET_AUXILIARY_HEATING, SetAuxiliaryHeating),
            (CommandKind.SET_VENTILATION, SetVentilation),
        )
        for word in ("start", "stop")
    ),
    Action(
        name="set_charge_limit_min",
        kind=CommandKind.SET_CHARGE_LIMIT_MIN,
        make=lambda form: SetChargeLimitMin(percent=form.required("percent")),
        required=("percent",),
    ),
    Action(
        name="set_climate_on_battery",
        kind=CommandKind.SET_CLIMATE_ON_BATTERY,
        make=lambda form: SetClimateOnBattery(on=form.flag("on")),
        required=("on",),
    ),
    Action(
        name="set_auto_unlock_plug",
        kind=CommandKind.SET_AUTO_UNLOCK_PLUG,
        make=lambda form: SetAutoUnlockPlug(on=form.flag("on")),
        required=("on",),
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
            for_each_car(
                hass,
                _command_work(action),
                controls,
                one_by_place=action.kind is CommandKind.HONK_AND_FLASH,
            ),
            action.schema,
            supports_response=SupportsResponse.OPTIONAL,
        )
    hass.services.async_register(
        DOMAIN,
        "refresh",
        for_each_car(hass, _refresh, controls),
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
        for_each_car(hass, _health_report, _right_to_health),
        probatio.Schema(
            {**TARGET, **CODE, probatio.Optional("fresh", default=False): cv.boolean}
        ),
        supports_response=SupportsResponse.ONLY,
    )
    async_setup_history(hass)
    async_setup_import(hass)
    async_setup_notification_settings(hass)


def _command_work(action: Action) -> Work:
    async def work(target: Target, call: ServiceCall) -> Mapping[str, Any]:
        hass = target.coordinator.hass
        busy = mode_of(hass, call.data) if action.waits else WhenBusy.REFUSE
        # Without limits the car cannot do it, which the garage says and files.
        limits = target.car.commands.get(action.kind, _NO_LIMITS)
        command = action.make(Form(hass=hass, limits=limits, data=call.data))
        receipt = await async_send(
            target.coordinator, target.vin, command, call.data.get(ATTR_CODE), busy
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


def _right_to_health(call: ServiceCall) -> str:
    """Ask for control where the car has to make a new report; else the maker reads."""
    return CONTROL if call.data["fresh"] else READ


async def _health_report(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Fetch the report; ask the car for a new one first, if that is wanted."""
    coordinator = target.coordinator
    if HEALTH_REPORT not in known_history(target.car):
        raise not_capable()
    if call.data["fresh"]:
        code = call.data.get(ATTR_CODE)
        await async_send(coordinator, target.vin, RefreshHealth(), code)
    report = await async_history(coordinator.hass, target.car, HEALTH_REPORT)
    if report is None:
        # Its account left while the car was asked for a new one.
        raise not_capable()
    return report
