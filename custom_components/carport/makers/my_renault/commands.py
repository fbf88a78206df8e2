"""What owners may ask of a car, as a table: each along its model's own way."""

from collections.abc import Callable, Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from ...car import signals as s
from ...car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    ScheduleClimate,
    SetChargeMode,
    StartClimate,
)
from ...car.limits import Limits
from ...car.refusals import Reason, Refusal
from ...car.signals import ChargeMode, Signal
from ...car.snapshot import Snapshot
from ...cloud.command_map import CommandMapping
from ...cloud.contract import Car
from ...cloud.errors import NotSupported
from ...cloud.requests import Request
from .endpoints import has_settings, is_new, kca, kcm, mode_of, model, offers, send
from .models import NO_CLIMATE_STATE, EndpointMode
from .timers import limits_of_timers, too_many

HVAC_START: Final = kca("actions/hvac-start")
SETTINGS: Final = kcm("ev/settings")
SOC_LEVELS: Final = kcm("ev/soc-levels")
DEFAULT_TEMPERATURE: Final = 21.0
"""What the maker's own app asks for."""

_MINUTES: Final = 60.0
_VERIFY_AFTER: Final = 2 * _MINUTES
_TIMEOUT: Final = 15 * _MINUTES
_SETTING_GIVES_UP: Final = 20 * _MINUTES
_LOOK_AFTER: Final = 30.0
_LOOK_EVERY: Final = 90.0


def _limits(action: str, limits: Limits, *signals: Signal[Any]) -> Any:
    def limits_for(car: Car, observed: AbstractSet[str]) -> Limits | None:
        return limits if offers(car, action, observed, *signals) else None

    return limits_for


# Climate

_CABIN: Final = Limits(
    low=15, high=25, step=0.5, verify_after=_VERIFY_AFTER, timeout=_TIMEOUT
)
_OFF: Final = Limits(verify_after=_VERIFY_AFTER, timeout=_TIMEOUT)


def _seen(
    action: str, limits: Limits
) -> Callable[[Car, AbstractSet[str]], Limits | None]:
    """Return limits for a climate that some cars never show."""

    def limits_for(car: Car, observed: AbstractSet[str]) -> Limits | None:
        if not offers(car, action, observed, s.CLIMATE_ACTIVE):
            return None
        unseen = model(car) in NO_CLIMATE_STATE
        return replace(limits, provable=False) if unseen else limits

    return limits_for


def _stop_limits(car: Car, observed: AbstractSet[str]) -> Limits | None:
    """Stop where the model is known to, or nobody knows it: some just ignore it."""
    if mode_of(car, "hvac-stop") is EndpointMode.UNTRIED and not is_new(car):
        return None
    return _seen("hvac-stop", _OFF)(car, observed)


def _start_climate(_car: Car, command: StartClimate) -> Request:
    warmth = command.temperature
    wanted = DEFAULT_TEMPERATURE if warmth is None else warmth
    return send(
        HVAC_START, "HvacStart", {"action": "start", "targetTemperature": wanted}
    )


def schedule_climate(command: ScheduleClimate, warmth: float) -> Request:
    """Return the call that conditions the cabin later, or not at all."""
    if command.at is None:
        return send(HVAC_START, "HvacStart", {"action": "cancel"})
    at = command.at.astimezone(UTC).replace(second=0, microsecond=0)
    return send(
        HVAC_START,
        "HvacStart",
        {
            "action": "start",
            "targetTemperature": warmth,
            "startDateTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )


def _past(
    _car: Car, command: ScheduleClimate, _snapshot: Snapshot, now: datetime
) -> Refusal | None:
    """Refuse a moment that is over: the cloud would."""
    if command.at is None or command.at > now:
        return None
    return Refusal(reason=Reason.OUT_OF_LIMITS, field="at", allowed=f"> {now:%H:%M}")


def _stop_climate(car: Car, _command: Command) -> Request:
    stops = mode_of(car, "hvac-stop") is EndpointMode.STOP_WORD
    return send(HVAC_START, "HvacStart", {"action": "stop" if stops else "cancel"})


# Charging

_PLUG: Final = Limits(needs_plug=True, verify_after=_VERIFY_AFTER, timeout=_TIMEOUT)


def _start_charging(car: Car, _command: Command) -> Request:
    """Start along the model's own way, and never silently along another."""
    match mode_of(car, "charge-start"):
        case EndpointMode.PAUSE:
            return send(
                kcm("charge/pause-resume"), "ChargePauseResume", {"action": "resume"}
            )
        case EndpointMode.NEWER:
            return send(kcm("charge/start"), "ChargingStart", {"action": "start"})
        case _:
            return send(
                kca("actions/charging-start"), "ChargingStart", {"action": "start"}
            )


def _pause(car: Car, observed: AbstractSet[str]) -> Limits | None:
    """Stop by pausing only: the older way to stop is not taken any more."""
    if mode_of(car, "charge-stop") is not EndpointMode.PAUSE:
        return None
    return Limits(verify_after=_VERIFY_AFTER, timeout=_TIMEOUT)


def _mode(car: Car, observed: AbstractSet[str]) -> Limits | None:
    by_action = offers(car, "charge-set-mode", observed, s.CHARGE_MODE) and (
        mode_of(car, "charge-mode") in {EndpointMode.USUAL, EndpointMode.UNTRIED}
    )
    if not by_action and not has_settings(car):
        return None
    return Limits(
        words=(ChargeMode.IMMEDIATE, ChargeMode.SCHEDULED), timeout=_SETTING_GIVES_UP
    )


def _set_mode(_car: Car, command: SetChargeMode) -> Request:
    immediate = command.mode is ChargeMode.IMMEDIATE
    word = "always_charging" if immediate else "schedule_mode"
    return send(kca("actions/charge-mode"), "ChargeMode", {"action": word})


def _percent(low: float, high: float) -> Limits:
    return Limits(low=low, high=high, step=5, timeout=_SETTING_GIVES_UP)


def _levels(limits: Limits) -> Any:
    """Return limits for cars that tell the levels they charge to."""

    def limits_for(car: Car, observed: AbstractSet[str]) -> Limits | None:
        known = mode_of(car, "soc-levels") is EndpointMode.USUAL
        return limits if known or s.CHARGE_LIMIT.key in observed else None

    return limits_for


def _repeats(_car: Car, command: Command) -> Request:
    """Refuse to be sent as it is: it repeats what the cloud holds, read just before."""
    raise NotSupported(str(command.kind))


# Horn, lights, position


def _horn_limits(car: Car, observed: AbstractSet[str]) -> Limits | None:
    # Nobody has tried it where there is no dash: a car without a row is asked.
    words = tuple(
        mode
        for mode, action in (
            (HornMode.FLASH, "lights-start"),
            (HornMode.HONK, "horn-start"),
        )
        if offers(car, action, observed) or (is_new(car) and s.ODOMETER.key in observed)
    )
    return Limits(words=words, provable=False) if words else None


def _horn(_car: Car, command: HonkAndFlash) -> Request:
    target = "horn" if command.mode is HornMode.HONK else "lights"
    return send(
        kca("actions/horn-lights"), "HornLights", {"action": "start", "target": target}
    )


def _row(kind: CommandKind, request: Any, limits: Any, **more: Any) -> CommandMapping:
    return CommandMapping(
        kind=kind,
        request=request,
        limits=limits,
        look_after=_LOOK_AFTER,
        look_every=_LOOK_EVERY,
        **more,
    )


COMMANDS: Final[tuple[CommandMapping, ...]] = (
    _row(
        CommandKind.START_CLIMATE,
        _start_climate,
        _seen("hvac-start", _CABIN),
        shown_by="climate",
    ),
    _row(
        CommandKind.STOP_CLIMATE,
        _stop_climate,
        _stop_limits,
        shown_by="climate",
    ),
    _row(
        CommandKind.SCHEDULE_CLIMATE,
        lambda _car, command: schedule_climate(command, DEFAULT_TEMPERATURE),
        _limits("hvac-start", Limits(timeout=_TIMEOUT), s.CLIMATE_ACTIVE),
        shown_by="climate",
        blocked_by=_past,
    ),
    _row(
        CommandKind.START_CHARGING,
        _start_charging,
        _limits("charge-start", _PLUG, s.PLUGGED_IN, s.CHARGING),
        shown_by="battery",
    ),
    _row(
        CommandKind.STOP_CHARGING,
        send(kcm("charge/pause-resume"), "ChargePauseResume", {"action": "pause"}),
        _pause,
        shown_by="battery",
    ),
    _row(CommandKind.SET_CHARGE_MODE, _set_mode, _mode, shown_by="mode", dated=False),
    # These three repeat what stands at the cloud: see the service's `encode`.
    _row(
        CommandKind.SET_CHARGE_LIMIT,
        _repeats,
        _levels(_percent(55, 100)),
        shown_by="limits",
        dated=False,
    ),
    _row(
        CommandKind.SET_CHARGE_LIMIT_MIN,
        _repeats,
        _levels(_percent(15, 45)),
        shown_by="limits",
        dated=False,
    ),
    _row(
        CommandKind.SET_SCHEDULE,
        _repeats,
        limits_of_timers,
        shown_by="timers",
        dated=False,
        blocked_by=too_many,
    ),
    _row(CommandKind.HONK_AND_FLASH, _horn, _horn_limits),
    _row(
        CommandKind.WAKE,
        send(kca("actions/refresh-location"), "RefreshLocation"),
        _limits(
            "refresh-location",
            Limits(verify_after=_VERIFY_AFTER, timeout=_TIMEOUT),
            s.LOCATION,
        ),
        shown_by="location",
    ),
)
