"""The actions on the cars of the Demo garage: answers, and what is said when not."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, Final

import pytest

from custom_components.carport.actions.exceptions import error_for
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.receipts import Outcome, Receipt
from custom_components.carport.car.refusals import (
    Reason,
    Refusal,
    out_of_limits,
    paused,
)
from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .demo_garage import ELECTRIC, HYBRID, NIGHT, DemoHome

COMBUSTION = "WVWZZZDEMLW000003"

COMMANDS: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
    ("set_charge_limit", {"percent": 80}, "set_charge_limit", {"percent": 80}),
    (
        "set_charge_current",
        {"current": "reduced"},
        "set_charge_current",
        {"current": "reduced"},
    ),
    ("stop_charging", {}, "stop_charging", {}),
    (
        "start_climate",
        {"temperature": 21.5},
        "start_climate",
        {"temperature": 21.5},
    ),
    ("start_climate", {}, "start_climate", {"temperature": None}),
    ("stop_climate", {}, "stop_climate", {}),
    ("start_defrost", {}, "set_defrost", {"on": True}),
    ("stop_defrost", {}, "set_defrost", {"on": False}),
    (
        "honk_and_flash",
        {"mode": "honk", "duration": 5, "count": 2},
        "honk_and_flash",
        {"mode": "honk", "duration": 5, "count": 2},
    ),
    ("wake", {}, "wake", {}),
)


@pytest.mark.parametrize(("action", "fields", "command", "parameters"), COMMANDS)
async def test_every_action_answers_with_its_receipt(
    home: DemoHome,
    action: str,
    fields: dict[str, Any],
    command: str,
    parameters: dict[str, Any],
) -> None:
    """By device, with what was asked and how far it came."""
    await home.start()
    device = home.device_id()
    answer = await home.call(
        DOMAIN, action, {"device_id": device, **fields}, response=True
    )
    receipt = answer[device]
    assert receipt["command"] == command
    assert receipt["parameters"] == parameters
    assert receipt["outcome"] == "confirmed"
    assert receipt["accepted_at"] <= receipt["finished_at"]


async def test_an_action_without_a_response_gives_none(home: DemoHome) -> None:
    """Nobody has to want the receipt."""
    await home.start()
    assert await home.call(DOMAIN, "wake", {"device_id": [home.device_id()]}) is None


async def test_several_cars_are_served_at_once(home: DemoHome) -> None:
    """Each has its lane; together they take no longer than one."""
    await home.start()
    devices = [home.device_id(ELECTRIC), home.device_id(HYBRID)]
    before = home.clock.now()
    answer = await home.call(
        DOMAIN, "stop_climate", {"device_id": devices}, response=True
    )
    assert list(answer) == devices
    assert all(receipt["outcome"] == "confirmed" for receipt in answer.values())
    assert (home.clock.now() - before).total_seconds() < 30


async def test_the_failure_of_one_car_keeps_no_other_from_obeying(
    home: DemoHome,
) -> None:
    """The refusal is told after the rest has been done."""
    await home.start()
    devices = [home.device_id(COMBUSTION), home.device_id(HYBRID)]
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(DOMAIN, "stop_climate", {"device_id": devices})
    assert caught.value.translation_key == "command_not_capable"
    assert home.car(HYBRID).receipts[-1].outcome is Outcome.CONFIRMED
    assert home.car(COMBUSTION).receipts[-1].outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("action", "fields", "field", "allowed"),
    [
        (
            "set_charge_limit",
            {"percent": 84},
            "charge limit in per cent",
            "50, 60 … 100",
        ),
        (
            "set_charge_limit",
            {"percent": "much"},
            "charge limit in per cent",
            "50, 60 … 100",
        ),
        (
            "set_charge_limit",
            {"percent": None},
            "charge limit in per cent",
            "50, 60 … 100",
        ),
        (
            "set_charge_limit",
            {"percent": "nan"},
            "charge limit in per cent",
            "50, 60 … 100",
        ),
        (
            "set_charge_limit",
            {"percent": 10**400},
            "charge limit in per cent",
            "50, 60 … 100",
        ),
        (
            "set_charge_current",
            {"current": 10**400},
            "charge current",
            "reduced, maximum",
        ),
        ("start_climate", {"temperature": 1e308}, "temperature", "16 … 30 °C"),
        (
            "set_charge_current",
            {"current": "5"},
            "charge current",
            "reduced, maximum",
        ),
        ("start_climate", {"temperature": 45}, "temperature", "16 … 30 °C"),
        (
            "honk_and_flash",
            {"mode": "shout"},
            "mode",
            "flash, honk, honk_and_flash",
        ),
        ("honk_and_flash", {"mode": "honk", "count": 1.5}, "count", "1, 2, 3 …"),
    ],
)
async def test_a_wrong_value_is_named_with_what_is_allowed(
    home: DemoHome, action: str, fields: dict[str, Any], field: str, allowed: str
) -> None:
    """Nothing is sent."""
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(DOMAIN, action, {"device_id": home.device_id(), **fields})
    assert caught.value.translation_key == "command_out_of_limits"
    assert caught.value.translation_placeholders == {"field": field, "allowed": allowed}
    assert all(receipt.outcome is Outcome.REFUSED for receipt in home.car().receipts)


async def test_temperatures_are_in_home_assistants_unit(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """As everywhere else in Home Assistant; the message too."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    await home.start()
    device = home.device_id()
    answer = await home.call(
        DOMAIN, "start_climate", {"device_id": device, "temperature": 72}, response=True
    )
    assert answer[device]["parameters"] == {"temperature": 22}
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(
            DOMAIN, "start_climate", {"device_id": device, "temperature": 21}
        )
    assert caught.value.translation_placeholders == {
        "field": "temperature",
        "allowed": "60.8 … 86 °F",
    }


async def test_messages_are_filled_in_the_language_of_the_house(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """German houses read German words in a German sentence."""
    hass.config.language = "de"
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(
            DOMAIN, "set_charge_limit", {"device_id": home.device_id(), "percent": 1}
        )
    assert caught.value.translation_placeholders == {
        "field": "Ladegrenze in Prozent",
        "allowed": "50, 60 … 100",
    }


async def test_the_health_report_is_returned(home: DemoHome) -> None:
    """As it is, or after the car was asked for a new one."""
    await home.start()
    device = home.device_id()
    answer = await home.call(
        DOMAIN, "get_health_report", {"device_id": device}, response=True
    )
    assert answer[device]["health"] in {"ok", "notice", "service", "stop"}
    assert answer[device]["categories"]
    assert not home.car().receipts
    await home.call(
        DOMAIN, "get_health_report", {"device_id": device, "fresh": True}, response=True
    )
    assert home.car().receipts[-1].command is CommandKind.REFRESH_HEALTH


async def test_a_car_without_a_report_says_so(home: DemoHome) -> None:
    """The old one has none."""
    await home.start()
    with pytest.raises(HomeAssistantError) as caught:
        await home.call(
            DOMAIN,
            "get_health_report",
            {"device_id": home.device_id("WVWZZZDEMDW000004")},
            response=True,
        )
    assert caught.value.translation_key == "read_not_capable"


async def test_refresh_answers_how_fresh_the_data_is(home: DemoHome) -> None:
    """The cloud's copy is read; the car's own time tells its age."""
    await home.start()
    device = home.device_id()
    answer = await home.call(DOMAIN, "refresh", {"device_id": device}, response=True)
    captured_at = home.car().captured_at
    assert captured_at is not None
    assert answer[device] == {"captured_at": captured_at.isoformat(), "stale": False}


async def test_the_account_is_not_a_car(home: DemoHome) -> None:
    """Its device cannot be honked at."""
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(
            DOMAIN, "wake", {"device_id": home.device_id(home.entry.entry_id)}
        )
    assert caught.value.translation_key == "not_a_car"


async def test_an_account_that_is_not_loaded_says_so(home: DemoHome) -> None:
    """The action exists all the same, so that automations are valid."""
    await home.start()
    device = home.device_id()
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(DOMAIN, "wake", {"device_id": device})
    assert caught.value.translation_key == "service_config_entry_not_loaded"


async def test_every_reason_has_its_message(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """What the caller can mend is a wrong use, what failed is a failure."""
    await home.start()
    for reason, outcome in product(Reason, _NOT_DONE):
        error = error_for(hass, receipt_of(reason, outcome))
        key = "timed_out" if outcome is Outcome.TIMED_OUT else str(reason)
        assert error.translation_key == f"command_{key}"
        if reason is Reason.BUSY and outcome is not Outcome.TIMED_OUT:
            elsewhere = error_for(
                hass, replace(receipt_of(reason, outcome), refusal=None)
            )
            assert "something else" in str(elsewhere)
        # The text is found, and every placeholder in it is filled.
        text = str(error)
        assert text != error.translation_key
        assert "{" not in text
        if outcome is not Outcome.REFUSED:
            assert not isinstance(error, ServiceValidationError)


def receipt_of(reason: Reason, outcome: Outcome) -> Receipt:
    """Return the receipt of a command that was not done."""
    return Receipt(
        id="1",
        command=CommandKind.LOCK,
        outcome=outcome,
        reason=reason,
        refusal=_REFUSALS.get(reason),
        requested_at=NIGHT,
    )


_NOT_DONE: Final = (Outcome.REFUSED, Outcome.FAILED, Outcome.TIMED_OUT)
_NIGHT_ENDS: Final = datetime(2026, 11, 21, 4, tzinfo=UTC)
_REFUSALS: Final = {
    Reason.OUT_OF_LIMITS: out_of_limits("percent", "50"),
    Reason.BUSY: Refusal(reason=Reason.BUSY, running="lock"),
    Reason.THROTTLED: paused(_NIGHT_ENDS),
    Reason.PIN_LOCKED: Refusal(reason=Reason.PIN_LOCKED, until=_NIGHT_ENDS),
    Reason.PIN_LIMIT: Refusal(reason=Reason.PIN_LIMIT, until=_NIGHT_ENDS),
    Reason.CAR_RESTS: Refusal(reason=Reason.CAR_RESTS, until=_NIGHT_ENDS),
}
