"""What must not come out of any maker's cloud on bad days: how to get in, who, where."""

from collections.abc import Iterator, Mapping
import json
import logging
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ..conftest import async_poll
from ..world import World
from .clouds import CLOUDS, HOUR, kill_tokens, press
from .owner import AMERICAN, TESTERS, Owner, owner_of

_WRONG: Final = "zz-mistyped-mark"
_SHORT: Final = 6
"""Texts that short stand somewhere by chance."""


@pytest.mark.parametrize(
    "username",
    [AMERICAN, *(name for key, name in TESTERS.items() if key != "car_net")],
)
async def test_secrets_stay_secret(
    hass: HomeAssistant,
    hass_world: World,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    username: str,
) -> None:
    """Logs at debug level, errors, diagnostics and repairs tell nothing."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "custom_components.carport")
    owner = owner_of(hass, hass_world, username)
    form = await owner.begin()
    if owner.account.service == "skoda":
        form = await owner.submit(form, api_key=_WRONG)
        assert form["errors"] == {"base": "key_refused"}
    else:
        form = await owner.submit(form, password=_WRONG)
        assert form["errors"] == {"base": "wrong_password"}
    await owner.finish(await owner.submit(form))
    await hass.async_block_till_done()
    known = _secrets(owner, hass_storage)
    errors: list[str] = []
    requests = CLOUDS[owner.account.service].requests
    for path in (requests.reads, requests.commands):
        for fault in (
            {"kind": "html"},
            {"kind": "truncated"},
            {"kind": "drop"},
            {"kind": "status", "status": 403},
            {"kind": "status", "status": 418},
            {"kind": "status", "status": 500},
        ):
            owner.control.fault(path=path, **fault)
            errors += await _tried(owner)
            owner.control.clear_faults()
            await async_poll(hass, hass_world, 2 * HOUR)
            known |= _secrets(owner, hass_storage)
    kill_tokens(owner)
    await async_poll(hass, hass_world, 5 * HOUR)
    errors += await _tried(owner)
    known |= _secrets(owner, hass_storage)
    told = {
        "log": caplog.text,
        "errors": "\n".join(errors),
        "diagnostics": json.dumps(
            await get_diagnostics_for_config_entry(hass, hass_client, owner.entry)
        ),
        "repairs": repr(list(ir.async_get(hass).issues.values())),
    }
    assert "{" in told["log"]
    assert len(errors) > len(CLOUDS)
    leaks = {
        (where, what)
        for where, text in told.items()
        for what, secret in known.items()
        if secret.lower() in text.lower()
    }
    assert not leaks


def _secrets(owner: Owner, hass_storage: Mapping[str, Any]) -> dict[str, str]:
    """Return every secret there is by now, by what it is."""
    (key,) = (key for key in hass_storage if key.startswith("carport.account."))
    tokens = hass_storage[key]["data"]["tokens"]
    home = owner.twin.spec.home
    found = {
        "user name": owner.account.username,
        "password": owner.account.password,
        "mistyped password": _WRONG,
        "PIN": owner.account.pin or "",
        # Which way somebody signs in is a word of ours.
        **{key: value for key, value in owner.account.more.items() if key != "way"},
        "address": "Vzorova 1",
        "plate": "5AB 0185",
        **{f"VIN {vin[-4:]}": vin[:-4] for vin in owner.account.vins},
        "latitude": f"{home.latitude}",
        "longitude": f"{home.longitude}",
        **{f"kept {name}": value for name, value in tokens.items()},
    }
    return {
        what: text
        for what, text in found.items()
        if isinstance(text, str) and len(text) >= _SHORT
    }


async def _tried(owner: Owner) -> list[str]:
    """Read and command; return the texts of the errors and of all that led to them."""
    found: list[str] = []
    for attempt in (press(owner), owner.call("button", "press", "refresh")):
        try:
            await owner.world.result(attempt)
        except HomeAssistantError as error:
            found += _everything(error)
    return found


def _everything(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{error!s} {error!r} {getattr(error, 'translation_placeholders', '')}"
        error = error.__cause__ or error.__context__
