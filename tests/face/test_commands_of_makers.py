"""Every command of three makers' clouds, from Home Assistant to the twin and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

import pytest

from custom_components.carport.car.commands import CommandKind, HonkAndFlash, HornMode
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
_DEPOT: Final = {
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

    service: str
    kind: CommandKind
    press: Press
    twin: Look
    """What the car itself has to be."""
    shown: tuple[str, str, str] | None = None
    """Platform, key and state of what Home Assistant shows then."""
    after: tuple[Press, ...] = ()
    """What has to be done before."""


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

_I_REMOTE: Final = tuple(
    Row(service="i_remote", **row)
    for row in (
        {
            "kind": CommandKind.UNLOCK,
            "press": _UNLOCK,
            "twin": _state(locked=False),
            "shown": ("lock", "doors", "unlocked"),
        },
        {
            "kind": CommandKind.LOCK,
            "after": (_UNLOCK,),
            "press": _press("lock.lock", "doors"),
            "twin": _state(locked=True),
            "shown": ("lock", "doors", "locked"),
        },
        {
            "kind": CommandKind.START_CHARGING,
            "press": _press("carport.start_charging"),
            "twin": _state(charging=True),
            "shown": ("binary_sensor", "charging", "on"),
        },
        {
            "kind": CommandKind.START_CLIMATE,
            "press": _CLIMATE_ON,
            "twin": _state(climate_active=True),
        },
        {
            "kind": CommandKind.START_CLIMATE,
            "press": _press("carport.start_climate"),
            "twin": _state(climate_active=True),
        },
        {
            "kind": CommandKind.HONK_AND_FLASH,
            "press": _press("button.press", "flash"),
            "twin": _horn(HornMode.FLASH),
        },
        {
            "kind": CommandKind.HONK_AND_FLASH,
            "press": _press("button.press", "honk"),
            "twin": _horn(HornMode.HONK),
        },
        {
            "kind": CommandKind.HONK_AND_FLASH,
            "press": _press("carport.honk_and_flash", mode="flash", count=7),
            "twin": _horn(HornMode.FLASH, 7),
        },
        {
            "kind": CommandKind.SET_CHARGE_MODE,
            "press": _press("select.select_option", "charge_mode", option="immediate"),
            "twin": _state(charge_mode=ChargeMode.IMMEDIATE),
            "shown": ("select", "charge_mode", "immediate"),
        },
        {
            "kind": CommandKind.SET_SCHEDULE,
            "press": _press("carport.set_schedule", slots=[_DEPARTURE]),
            "twin": _timer(departure=time(7, 40), charge=True, climate=True),
            "shown": ("time", "timer_1_time", "07:40:00"),
        },
        {
            "kind": CommandKind.SET_SCHEDULE,
            "press": _press("time.set_value", "timer_1_time", time="06:45:00"),
            "twin": _timer(departure=time(6, 45)),
            "shown": ("time", "timer_1_time", "06:45:00"),
        },
        {
            "kind": CommandKind.SET_SCHEDULE,
            "press": _press("switch.turn_off", "timer_1"),
            "twin": _timer(enabled=False),
            "shown": ("switch", "timer_1", "off"),
        },
        {
            "kind": CommandKind.SEND_DESTINATION,
            "press": _press("carport.send_destination", **_DEPOT),
            "twin": lambda twin: twin.state.destinations[0]["name"] == "Depot",
        },
        {
            "kind": CommandKind.WAKE,
            "press": _press("carport.wake"),
            "twin": _reported,
        },
    )
)

ROWS = (*_I_REMOTE,)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{row.service}-{row.press.action}-{row.press.key}-{at}")
        for at, row in enumerate(ROWS)
    ],
)
async def test_to_the_car_and_back(
    hass: HomeAssistant, hass_world: World, row: Row
) -> None:
    """What was pressed is true of the car, proven, and shown."""
    owner = await async_own(hass, hass_world, row.service)
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
    table = {row.kind for row in ROWS if row.service == service}
    assert table == owner.car.commands.keys()
