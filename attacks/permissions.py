"""Whether somebody who may only read can do anything to a car."""

import asyncio
from collections import Counter
import logging
from pathlib import Path
import tempfile
from typing import Any, Final

import probatio

from benchmarks.home import add_account, keep_quiet, opened_home, start
from custom_components.carport.actions.exposed_cars import exposed_cars
from custom_components.carport.actions.orders import ORDERS
from custom_components.carport.const import DOMAIN
from custom_components.carport.intent import TELL
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant, SupportsResponse
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er, intent
from homeassistant.setup import async_setup_component
from simulator.clock import JumpClock

from .findings import Findings

_ENTITY_ACTIONS: Final[dict[str, tuple[tuple[str, dict[str, Any]], ...]]] = {
    "button": (("press", {}),),
    "climate": (
        ("turn_on", {}),
        ("turn_off", {}),
        ("set_temperature", {"temperature": 21}),
        ("set_hvac_mode", {"hvac_mode": "heat_cool"}),
    ),
    "lock": (("lock", {}), ("unlock", {})),
    "number": (("set_value", {"value": 50}),),
    "select": (("select_option", {"option": "normal"}),),
    "switch": (("turn_on", {}), ("turn_off", {}), ("toggle", {})),
    "time": (("set_value", {"time": "07:00:00"}),),
}
_LET_IN_AFTER: Final = 5.0
"""Who is refused is so at once."""
_ASSIST: Final = "conversation"
_NOT_DONE: Final = "said, and not done"
_READS: Final = ("get_", "look_up")
"""How the names of actions begin that only tell something."""


async def run() -> Findings:
    """Call everything as a user who may only read."""
    found = Findings(
        title="Permissions",
        what=(
            "A user in Home Assistant's group of those who may only read calls every action of "
            "Carport for every car of the Demo garage, and every action of every entity, and says "
            "every order of Assist to every car. All that does something has to be refused, and no "
            "command may reach a car."
        ),
    )
    keep_quiet()
    logging.getLogger("homeassistant").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        async with opened_home(Path(folder), JumpClock()) as hass:
            await async_setup_component(hass, "intent", {})
            await start(hass)
            account = await add_account(
                hass, {"service": "demo", "region": "demo", "username": "demo"}, {}
            )
            group = await hass.auth.async_get_group(GROUP_ID_READ_ONLY)
            assert group is not None
            # The first user is the owner.
            await hass.auth.async_create_user("Owner")
            user = await hass.auth.async_create_user("Guest", group_ids=[group.id])
            context = Context(user_id=user.id)
            ends: Counter[str] = Counter()
            for name, domain, action, data in _calls(hass):
                end = await _end(hass, domain, action, data, context)
                ends[end] += 1
                if end != "refused" and not action.startswith(_READS):
                    found.broken.append(f"{name}: {end}")
            for order, car, end in await _spoken(hass, context):
                ends[end] += 1
                if end != _NOT_DONE:
                    found.broken.append(f"{order} said to {car}: {end}")
            sent = [
                receipt
                for car in account.garage.cars.values()
                for receipt in car.receipts
            ]
            if sent:
                found.broken.append(f"{len(sent)} commands were sent")
    found.figures |= {end: f"{count}" for end, count in ends.items()}
    found.figures["commands that reached a car"] = f"{len(sent) or 'none'}"
    return found


def _calls(hass: HomeAssistant) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return every action that there is, with what it needs."""
    calls = []
    devices = [
        device.id
        for device in dr.async_get(hass).devices
        # An account's device is no car, which everybody may be told.
        if device.entry_type is None
        and any(domain == DOMAIN for domain, _ in device.identifiers)
    ]
    for action, registered in hass.services.async_services_for_domain(DOMAIN).items():
        schema = registered.schema
        required = (
            {
                str(key): "x"
                for key in schema.schema
                if isinstance(key, probatio.Required)
            }
            if isinstance(schema, probatio.Schema)
            else {}
        )
        calls += [
            (action, DOMAIN, action, {**required, "device_id": [device]})
            for device in devices
        ]
    for entity in er.async_get(hass).entities.values():
        if entity.platform == DOMAIN and entity.disabled_by is None:
            for action, data in _ENTITY_ACTIONS.get(entity.domain, ()):
                named = {**data, "entity_id": entity.entity_id}
                calls.append(
                    (f"{entity.domain}.{action}", entity.domain, action, named)
                )
    return calls


async def _spoken(hass: HomeAssistant, context: Context) -> list[tuple[str, str, str]]:
    """Say every order to every car; return what, to whom, and how it ended."""
    for entity in er.async_get(hass).entities.values():
        if entity.platform == DOMAIN:
            async_expose_entity(hass, _ASSIST, entity.entity_id, True)
    ends = []
    for car in exposed_cars(hass, _ASSIST):
        for order in ORDERS:
            said = {"order": order, "car": car.name, "percent": 60}
            response = await intent.async_handle(
                hass,
                DOMAIN,
                TELL,
                {name: {"value": value} for name, value in said.items()},
                context=context,
            )
            refused = response.response_type is intent.IntentResponseType.ERROR
            ends.append((order, car.name, _NOT_DONE if refused else "done as said"))
    return ends


async def _end(
    hass: HomeAssistant,
    domain: str,
    action: str,
    data: dict[str, Any],
    context: Context,
) -> str:
    answers = hass.services.supports_response(domain, action)
    try:
        async with asyncio.timeout(_LET_IN_AFTER):
            await hass.services.async_call(
                domain,
                action,
                data,
                blocking=True,
                context=context,
                return_response=answers is not SupportsResponse.NONE,
            )
    except Unauthorized:
        return "refused"
    except Exception as error:  # noqa: BLE001 - it got past the question of rights
        return f"let in ({type(error).__name__})"
    return "let in"
