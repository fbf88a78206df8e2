"""Every command of three makers' clouds, from Home Assistant to the twin and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

import pytest

from custom_components.carport.car.commands import CommandKind, HonkAndFlash, HornMode
from custom_components.carport.car.schedule import Window
from custom_components.carport.car.signals import ChargeMode
from custom_components.carport.makers.demo.twin import Twin
from homeassistant.core import HomeAssistant

from ..world import World
from .clouds import TESTERS, async_own

type Look = Callable[[Twin], bool]

_DAYS: Final = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
_DEPARTURE: Final = {
    "number": 1,
    "departure": "07:40",
    "days": _DAYS,
    "charge": True,
    "climate": True,
}
_NIGHT: Final = {
    "number": 1,
    "window_start": "22:00",
    "window_end": "05:30",
    "days": _DAYS,
}
_DEPOT: Final[Mapping[str, Any]] = {
    "name": "Depot",
    "location": {"latitude": 48.17713, "longitude": 11.55934},
    "street": "Beispielweg 3",
    "city": "Muenchen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """An action of Home Assistant: on an entity, or one of Carport's on the car."""

    action: str
    key: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One press, the command it is, and what is true of the car afterwards."""

    kind: CommandKind
    press: Press
    twin: Look
    """What the car itself has to be."""
    shown: tuple[str, str, str] | None = None
    """Platform, key and state of what Home Assistant shows then."""
    after: tuple[Press, ...] = ()
    """What was pressed before."""


def _press(action: str, key: str | None = None, **data: Any) -> Press:
    return Press(action=action, key=key, data=data)


def _state(**expected: Any) -> Look:
    """Expect these values of the car."""

    def look(twin: Twin) -> bool:
        found = {name: getattr(twin.state, name) for name in expected}
        assert found == expected
        return True

    return look


def _horn(mode: HornMode, duration: float | None = None) -> Look:
    """Expect the car's last order to be this."""

    def look(twin: Twin) -> bool:
        command = twin.orders[max(twin.orders)].command
        assert isinstance(command, HonkAndFlash)
        return command.mode is mode and duration in {None, command.duration}

    return look


def _timer(**expected: Any) -> Look:
    """Expect the car's first timer to be this."""

    def look(twin: Twin) -> bool:
        slot = next(slot for slot in twin.state.schedule.slots if slot.number == 1)
        assert {name: getattr(slot, name) for name in expected} == expected
        return True

    return look


def _reported(twin: Twin) -> bool:
    """Expect that the car was asked, and spoke."""
    order = twin.orders[max(twin.orders)]
    return order.command.kind is CommandKind.WAKE and bool(order.done)


_UNLOCK: Final = _press("lock.unlock", "doors")
_CLIMATE_ON: Final = _press("climate.set_hvac_mode", "climate", hvac_mode="heat_cool")

_ROWS: Final[Mapping[str, tuple[Row, ...]]] = {
    "i_remote": (
        Row(
            kind=CommandKind.UNLOCK,
            press=_UNLOCK,
            twin=_state(locked=False),
            shown=("lock", "doors", "unlocked"),
        ),
        Row(
            kind=CommandKind.LOCK,
            after=(_UNLOCK,),
            press=_press("lock.lock", "doors"),
            twin=_state(locked=True),
            shown=("lock", "doors", "locked"),
        ),
        Row(
            kind=CommandKind.START_CHARGING,
            press=_press("carport.start_charging"),
            twin=_state(charging=True),
            shown=("binary_sensor", "charging", "on"),
        ),
        Row(
            kind=CommandKind.START_CLIMATE,
            press=_CLIMATE_ON,
            twin=_state(climate_active=True),
        ),
        Row(
            kind=CommandKind.START_CLIMATE,
            press=_press("carport.start_climate"),
            twin=_state(climate_active=True),
        ),
        Row(
            kind=CommandKind.HONK_AND_FLASH,
            press=_press("button.press", "flash"),
            twin=_horn(HornMode.FLASH),
        ),
        Row(
            kind=CommandKind.HONK_AND_FLASH,
            press=_press("button.press", "honk"),
            twin=_horn(HornMode.HONK),
        ),
        Row(
            kind=CommandKind.HONK_AND_FLASH,
            press=_press("carport.honk_and_flash", mode="flash", count=7),
            twin=_horn(HornMode.FLASH, 7),
        ),
        Row(
            kind=CommandKind.SET_CHARGE_MODE,
            press=_press("select.select_option", "charge_mode", option="immediate"),
            twin=_state(charge_mode=ChargeMode.IMMEDIATE),
            shown=("select", "charge_mode", "immediate"),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            press=_press("carport.set_schedule", slots=[_DEPARTURE]),
            twin=_timer(departure=time(7, 40), charge=True, climate=True),
            shown=("time", "timer_1_time", "07:40:00"),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            press=_press("time.set_value", "timer_1_time", time="06:45:00"),
            twin=_timer(departure=time(6, 45)),
            shown=("time", "timer_1_time", "06:45:00"),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            press=_press("switch.turn_off", "timer_1"),
            twin=_timer(enabled=False),
            shown=("switch", "timer_1", "off"),
        ),
        Row(
            kind=CommandKind.SEND_DESTINATION,
            press=_press("carport.send_destination", **_DEPOT),
            twin=lambda twin: twin.state.destinations[0]["name"] == "Depot",
        ),
        Row(
            kind=CommandKind.WAKE,
            press=_press("carport.wake"),
            twin=_reported,
        ),
    ),
    "ze_services": (
        Row(
            kind=CommandKind.START_CHARGING,
            after=(_press("carport.set_schedule", slots=[_NIGHT]),),
            press=_press("carport.start_charging"),
            twin=_state(charging=True),
            shown=("binary_sensor", "charging", "on"),
        ),
        Row(
            kind=CommandKind.START_CLIMATE,
            press=_CLIMATE_ON,
            twin=_state(climate_active=True),
            shown=("climate", "climate", "heat_cool"),
        ),
        Row(
            kind=CommandKind.START_CLIMATE,
            press=_press("carport.start_climate"),
            twin=_state(climate_active=True),
        ),
        Row(
            kind=CommandKind.SCHEDULE_CLIMATE,
            press=_press("carport.schedule_climate", at="2026-11-21T18:15:00+00:00"),
            twin=_state(climate_active=False),
            shown=("binary_sensor", "climate_scheduled", "on"),
        ),
        Row(
            kind=CommandKind.SCHEDULE_CLIMATE,
            after=(_press("carport.schedule_climate", at="2026-11-21T18:15:00+00:00"),),
            press=_press("carport.schedule_climate"),
            twin=_state(climate_active=False),
            shown=("binary_sensor", "climate_scheduled", "off"),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            press=_press("carport.set_schedule", slots=[_NIGHT]),
            twin=_timer(charge_window=Window(start=time(22), end=time(5, 30))),
            shown=("time", "timer_1_time", "22:00:00"),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            after=(_press("carport.set_schedule", slots=[_NIGHT]),),
            press=_press("time.set_value", "timer_1_time", time="21:15:00"),
            # A window is moved, not stretched.
            twin=_timer(charge_window=Window(start=time(21, 15), end=time(4, 45))),
            shown=("time", "timer_1_time", "21:15:00"),
        ),
        Row(
            kind=CommandKind.SET_CHARGE_MODE,
            after=(_press("carport.set_schedule", slots=[_NIGHT]),),
            press=_press("select.select_option", "charge_mode", option="immediate"),
            twin=_state(charge_mode=ChargeMode.IMMEDIATE),
            shown=("select", "charge_mode", "immediate"),
        ),
        Row(
            kind=CommandKind.SET_NOTIFICATIONS,
            press=_press(
                "carport.set_notification_settings", events={"charge_started": "email"}
            ),
            # The cloud keeps this; no car hears of it.
            twin=lambda twin: True,
        ),
        Row(
            kind=CommandKind.WAKE,
            press=_press("carport.wake"),
            twin=_reported,
        ),
    ),
    "we_connect": (
        Row(
            kind=CommandKind.UNLOCK,
            press=_UNLOCK,
            twin=_state(locked=False),
            shown=("lock", "doors", "unlocked"),
        ),
        Row(
            kind=CommandKind.LOCK,
            after=(_UNLOCK,),
            press=_press("lock.lock", "doors"),
            twin=_state(locked=True),
            shown=("lock", "doors", "locked"),
        ),
        Row(
            kind=CommandKind.STOP_CHARGING,
            press=_press("switch.turn_off", "charge_control"),
            twin=_state(charging=False),
            shown=("switch", "charge_control", "off"),
        ),
        Row(
            kind=CommandKind.START_CHARGING,
            after=(_press("carport.stop_charging"),),
            press=_press("switch.turn_on", "charge_control"),
            twin=_state(charging=True),
            shown=("switch", "charge_control", "on"),
        ),
        Row(
            kind=CommandKind.SET_CHARGE_CURRENT,
            press=_press("select.select_option", "max_charge_current", option="10"),
            twin=_state(max_charge_current=10),
            shown=("select", "max_charge_current", "10"),
        ),
        Row(
            kind=CommandKind.SET_CHARGE_CURRENT,
            press=_press("number.set_value", "max_charge_current", value=5),
            twin=_state(max_charge_current=5),
            shown=("number", "max_charge_current", "5.0"),
        ),
        Row(
            kind=CommandKind.SET_CHARGE_CURRENT,
            after=(_press("carport.set_charge_current", current=13),),
            press=_press("carport.set_charge_current", current="maximum"),
            twin=_state(max_charge_current="maximum"),
            shown=("select", "max_charge_current", "maximum"),
        ),
        Row(
            kind=CommandKind.SET_CHARGE_LIMIT_MIN,
            press=_press("number.set_value", "charge_limit_min", value=40),
            twin=_state(charge_limit_min=40),
            shown=("number", "charge_limit_min", "40.0"),
        ),
        Row(
            kind=CommandKind.START_CLIMATE,
            press=_press("carport.start_climate", temperature=23.5),
            twin=_state(climate_active=True, target_temperature=23.5),
            shown=("climate", "climate", "heat_cool"),
        ),
        Row(
            kind=CommandKind.STOP_CLIMATE,
            after=(_CLIMATE_ON,),
            press=_press("climate.set_hvac_mode", "climate", hvac_mode="off"),
            twin=_state(climate_active=False),
            shown=("climate", "climate", "off"),
        ),
        Row(
            kind=CommandKind.SET_TEMPERATURE,
            after=(_CLIMATE_ON,),
            press=_press("climate.set_temperature", "climate", temperature=19),
            twin=_state(climate_active=True, target_temperature=19),
            shown=("climate", "climate", "heat_cool"),
        ),
        Row(
            kind=CommandKind.SET_WINDOW_HEATING,
            press=_press("switch.turn_on", "window_heating"),
            twin=_state(window_heating=True),
            shown=("switch", "window_heating", "on"),
        ),
        Row(
            kind=CommandKind.SET_CLIMATE_ON_BATTERY,
            press=_press("switch.turn_off", "climate_on_battery"),
            twin=_state(climate_on_battery=False),
            shown=("switch", "climate_on_battery", "off"),
        ),
        Row(
            kind=CommandKind.SET_AUXILIARY_HEATING,
            press=_press("switch.turn_on", "auxiliary_heating"),
            twin=_state(auxiliary_heating=True),
            shown=("switch", "auxiliary_heating", "on"),
        ),
        Row(
            kind=CommandKind.SET_VENTILATION,
            after=(_press("switch.turn_on", "ventilation"),),
            press=_press("switch.turn_off", "ventilation"),
            twin=_state(ventilation=False),
            shown=("switch", "ventilation", "off"),
        ),
        Row(
            kind=CommandKind.HONK_AND_FLASH,
            press=_press("button.press", "flash"),
            twin=_horn(HornMode.FLASH),
        ),
        Row(
            kind=CommandKind.HONK_AND_FLASH,
            press=_press("button.press", "honk_flash"),
            twin=_horn(HornMode.HONK_AND_FLASH),
        ),
        Row(
            kind=CommandKind.HONK_AND_FLASH,
            press=_press("carport.honk_and_flash", mode="flash", duration=20),
            twin=_horn(HornMode.FLASH, 20),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            press=_press("carport.set_schedule", slots=[_DEPARTURE]),
            twin=_timer(departure=time(7, 40), charge=True, climate=True),
            shown=("time", "timer_1_time", "07:40:00"),
        ),
        Row(
            kind=CommandKind.SET_SCHEDULE,
            after=(_press("carport.set_schedule", slots=[_DEPARTURE]),),
            press=_press("switch.turn_off", "timer_1"),
            twin=_timer(enabled=False, departure=time(7, 40)),
            shown=("switch", "timer_1", "off"),
        ),
        Row(
            kind=CommandKind.WAKE,
            press=_press("carport.wake"),
            twin=_reported,
        ),
    ),
}


@pytest.mark.parametrize(
    ("service", "row"),
    [
        pytest.param(service, row, id=f"{service}-{row.kind}-{at}")
        for service, rows in _ROWS.items()
        for at, row in enumerate(rows)
    ],
)
async def test_to_the_car_and_back(
    hass: HomeAssistant, hass_world: World, service: str, row: Row
) -> None:
    """What was pressed is true of the car, proven, and shown."""
    owner = await async_own(hass, hass_world, service)
    for press in (*row.after, row.press):
        domain, action = press.action.split(".")
        await hass_world.result(owner.call(domain, action, press.key, **press.data))
    assert row.twin(hass_world.simulator.twin(owner.vin))
    receipt = owner.car.receipts[-1]
    assert (receipt.command, receipt.outcome) == (row.kind, "confirmed")
    assert owner.state("event", "last_command").attributes["event_type"] == "confirmed"
    if row.shown is not None:
        platform, key, expected = row.shown
        assert owner.state(platform, key).state == expected


@pytest.mark.parametrize("service", TESTERS)
async def test_no_command_is_left_out(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The table has every command that the car offers, and no other."""
    owner = await async_own(hass, hass_world, service)
    assert {row.kind for row in _ROWS[service]} == owner.car.commands.keys()
