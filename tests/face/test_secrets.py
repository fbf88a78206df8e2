"""Marked secrets are planted everywhere; none may come out anywhere but to the owner."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
import json
import logging
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from carport.car.signals import Position
from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from simulator.accounts import TWINS, Account
from simulator.car_net.account import account_number, vehicle_id
from simulator.car_net.cloud import CarNet as CarNetCloud
from tests.conftest import async_choose, async_poll
from tests.world import World

from .flow_pages import async_reconfigure, submit

VIN: Final = "WVWZZZAUZGW976431"
HOME: Final = Position(latitude=48.765432, longitude=-9.182736)
OWNER: Final = Account(
    service="car_net",
    region="us",
    username="zz-owner-mark@example.com",
    password="zz-password-mark",
    pin="93715",
    vins=(VIN,),
)
WRONG: Final = {"password": "zz-mistyped-mark", "pin": "48026", "code": "61593"}
FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "html", "path": "/rvs/*"},
    {"kind": "truncated", "path": "/rvs/*"},
    {"kind": "damage", "damage": "wrong_types", "path": "/rvs/*"},
    {"kind": "status", "status": 500, "path": "/rvs/*"},
    {"kind": "status", "status": 404, "path": "/rvs/*"},
    {"kind": "status", "status": 403, "path": "/rvs/*"},
    {"kind": "status", "status": 418, "path": "/rvs/*"},
    {"kind": "drop", "path": "/rvs/*"},
    {"kind": "drop_after", "path": "/mps/*"},
    {"kind": "status", "status": 403, "path": "/mps/*"},
    {"kind": "html", "path": "/mps/*"},
    {"kind": "html", "path": "/ss/*"},
    {"kind": "status", "status": 500, "path": "/oidc/v1/token"},
    {"kind": "status", "status": 429, "path": "/mps/*"},
    {"kind": "status", "status": 429, "path": "/rvs/*"},
)


@pytest.fixture
async def world(socket_enabled: None) -> AsyncIterator[World]:
    """Open a world in which everything private is marked."""
    (spec,) = (twin for twin in TWINS if twin.vin == "WVWZZZAUZGW900116")
    twin = replace(spec, vin=VIN, home=HOME)
    async with World(accounts=(OWNER,), twins=(twin,)).opened() as world:
        yield world


def secrets(hass_storage: dict[str, Any], world: World) -> dict[str, str]:
    """Return every secret there is by now, by what it is."""
    cloud = world.simulator.clouds["car_net"]
    assert isinstance(cloud, CarNetCloud)
    account = cloud.register.by_name(OWNER.username)
    assert account is not None
    (key,) = (key for key in hass_storage if key.startswith("carport.account."))
    tokens = hass_storage[key]["data"]["tokens"]
    return {
        "user name": OWNER.username,
        "password": OWNER.password,
        "mistyped password": WRONG["password"],
        "PIN": str(OWNER.pin),
        "mistyped PIN": WRONG["pin"],
        "mistyped code": WRONG["code"],
        "VIN": VIN[:-4],
        "latitude": "48.76",
        "longitude": "9.18",
        "user id": account.user_id,
        "vw id": account.vw_id,
        "vehicle id": vehicle_id(VIN),
        "account number": account_number(VIN),
        **{f"tsp token {token[-6:]}": token for token in account.tsp_tokens},
        **{
            f"kept {name}": value
            for name, value in tokens.items()
            if isinstance(value, str)
        },
    }


def assert_secret(text: str, known: dict[str, str], *harmless: str) -> None:
    """Expect that no secret stands in a text, whatever its case."""
    low = text.lower()
    leaks = {
        what
        for what, secret in known.items()
        if what not in harmless and secret.lower() in low
    }
    assert not leaks


def everything(error: BaseException | None) -> Iterator[str]:
    """Yield the texts of an error and of all that led to it."""
    while error is not None:
        yield f"{error!s} {error!r} {getattr(error, 'translation_placeholders', '')}"
        error = error.__cause__ or error.__context__


async def command(
    hass: HomeAssistant, world: World, action: str, **data: Any
) -> list[str]:
    """Lock or unlock; return the texts of the error that comes of it."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "lock", DOMAIN, f"{VIN}_doors".lower()
    )
    call = hass.services.async_call(
        "lock", action, {"entity_id": entity_id, **data}, blocking=True
    )
    try:
        await world.result(call)
    except HomeAssistantError as error:
        return list(everything(error))
    return []


async def set_up(
    hass: HomeAssistant, world: World, caplog: pytest.LogCaptureFixture
) -> ConfigEntry[Any]:
    """Set the account up after some failures, with every page looked at."""
    typed = {
        "username": OWNER.username,
        "password": WRONG["password"],
        "pin": WRONG["pin"],
        "own_server": {"server": world.simulator.address},
    }
    result = await async_choose(hass, "car_net", **typed)
    for mode in ("locked", "terms", "consent", "page_changed"):
        world.control.account(OWNER.username, sign_in=mode)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {**typed, "password": OWNER.password}
        )
        assert result["type"] is FlowResultType.FORM
        # The form may show again what is no secret to its owner.
        schema = result["data_schema"]
        assert schema is not None
        page = repr(result["description_placeholders"]) + "".join(
            f"{marker} {marker.description}" for marker in schema.schema
        )
        for secret in (OWNER.password, WRONG["password"], WRONG["pin"]):
            assert secret not in page
    world.control.account(OWNER.username, sign_in="ok")
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {**typed, "password": OWNER.password}
    )
    await hass.async_block_till_done()
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry


async def test_secrets_stay_secret(
    hass: HomeAssistant,
    hass_world: World,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Logs at debug level, errors, diagnostics, repairs and states tell nothing."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "custom_components.carport")
    entry = await set_up(hass, hass_world, caplog)
    errors: list[str] = []

    # A wrong PIN from the set-up, another one typed, then the right one.
    errors += await command(hass, hass_world, "unlock")
    errors += await command(hass, hass_world, "unlock", code=WRONG["code"])
    server = {"server": hass_world.simulator.address}
    form = await async_reconfigure(hass, entry)
    await submit(hass, form, {"pin": OWNER.pin, "own_server": server})
    await hass.async_block_till_done()
    assert errors
    assert await command(hass, hass_world, "unlock") == []

    known = secrets(hass_storage, hass_world)
    for fault in FAULTS:
        hass_world.control.fault(**fault)
        errors += await command(hass, hass_world, "lock")
        try:
            await hass_world.result(entry.runtime_data.async_read(VIN))
        except HomeAssistantError as error:
            errors += everything(error)
        hass_world.control.clear_faults()
        known |= secrets(hass_storage, hass_world)
        await async_poll(hass, hass_world, 2 * 3600)
    hass_world.control.account(OWNER.username, revoke="all")
    await async_poll(hass, hass_world, 4 * 3600)
    known |= secrets(hass_storage, hass_world)

    assert "/rvs/v1/vehicle/{vehicleId}" in caplog.text
    assert_secret(caplog.text, known)
    assert len(errors) > len(FAULTS)
    assert_secret("\n".join(errors), known)

    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, VIN), entry.entry_id
    )
    assert device is not None
    for told in (
        await get_diagnostics_for_config_entry(hass, hass_client, entry),
        await get_diagnostics_for_device(hass, hass_client, entry, device),
    ):
        assert_secret(json.dumps(told), known)

    for issue in ir.async_get(hass).issues.values():
        assert_secret(repr(issue), known)

    # The owner's own screens show the car's place; nobody's show how to get in.
    states = "".join(
        json.dumps(state.as_dict(), default=str) for state in hass.states.async_all()
    )
    assert_secret(states, known, "latitude", "longitude")

    for secret in ("password", "mistyped password", "mistyped code"):
        assert known[secret] not in json.dumps(hass_storage, default=str)
    for place in (entry.title, str(entry.unique_id), entry.entry_id):
        assert_secret(place, known, "user id")
