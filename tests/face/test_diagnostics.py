"""Diagnostics tell everything about the data and nothing about the owner."""

import json
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport.cloud.redaction import REDACTED, Redactor, is_private
from custom_components.carport.const import CONF_HIDDEN_CARS, DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.car_net.account import account_number, vehicle_id
from simulator.car_net.cloud import CarNet as CarNetCloud
from tests.conftest import TESTER, account_of, async_add_account, async_add_demo
from tests.world import World

E_GOLF, PASSAT = account_of(TESTER).vins
VIN: Final = "WVWZZZAUZGW123456"


def secrets_of(world: World, entry: Any) -> list[str]:
    """Return everything that must not be told, as texts."""
    cloud = world.simulator.clouds["car_net"]
    assert isinstance(cloud, CarNetCloud)
    account = cloud.register.by_name(TESTER)
    assert account is not None
    tokens = entry.runtime_data.service.context.tokens or {}
    return [
        TESTER,
        account.password,
        f'"{account.pin}"',
        account.user_id,
        world.simulator.address,
        *account.vins,
        *(vin.lower() for vin in account.vins),
        *(vehicle_id(vin) for vin in account.vins),
        *(account_number(vin) for vin in account.vins),
        *(value for value in tokens.values() if isinstance(value, str)),
        # Reston, where the cars are parked.
        "38.95",
        "-77.35",
    ]


async def test_account(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """All channels, readings with their times, calls, raw answers; no secret."""
    entry = await async_add_account(hass, hass_world)
    lock = er.async_get(hass).async_get_entity_id(
        "lock", DOMAIN, f"{E_GOLF}_doors".lower()
    )
    await hass_world.result(
        hass.services.async_call("lock", "lock", {"entity_id": lock}, blocking=True)
    )
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(told)
    for secret in secrets_of(hass_world, entry):
        assert secret not in text

    assert told["service"] == "car_net"
    assert told["has_pin"] is told["has_server"] is True
    assert told["calls"]["today"]["read"] >= 2
    assert told["calls"]["today"]["sign_in"] >= 5
    assert told["calls"]["today"]["token"] >= 1
    assert told["cars"].keys() == {"car_0", "car_1"}
    (car,) = (car for car in told["cars"].values() if car["model"] == "e-Golf")
    assert car["next_read"]
    assert car["profile"] == "normal"
    (channel,) = car["channels"]
    assert channel["this"] is True
    assert channel["state"] == "ok"
    battery = car["readings"]["battery_level"]
    assert isinstance(battery["value"], (int, float))
    assert battery["captured_at"] <= battery["received_at"]
    assert battery["attempted_at"]
    assert car["readings"]["location"]["value"] == REDACTED
    assert car["receipts"][-1]["command"] == "lock"
    assert "lock" in car["commands"]
    status = [
        answer for answer in told["answers"] if answer["what"].startswith("/rvs/")
    ]
    # Raw answers keep what is no secret: they are the next fixtures.
    assert status[0]["body"]["data"]["powerStatus"]["battery"]
    assert status[0]["body"]["data"]["lastParkedLocation"]["latitude"] == REDACTED


async def test_car(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """A car's device tells of that car alone."""
    entry = await async_add_account(hass, hass_world)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, PASSAT), entry.entry_id
    )
    assert device is not None
    told: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert told["car"]["model"] == "Passat"
    assert "cars" not in told
    text = json.dumps(told)
    for secret in secrets_of(hass_world, entry):
        assert secret not in text


async def test_account_device(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """The account's own device tells of all its cars."""
    entry = await async_add_account(hass, hass_world)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert device is not None
    told: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert told["cars"].keys() == {"car_0", "car_1"}


async def test_hidden_car_and_demo(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """A hidden car is counted and not named; a car's nickname is its owner's affair."""
    entry = await async_add_account(hass, hass_world, hidden_cars=[PASSAT])
    demo = await async_add_demo(hass, hass_world)
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["options"] == {CONF_HIDDEN_CARS: 1}
    assert told["listed_cars"] == 2
    assert told["cars"].keys() == {"car_0"}
    assert PASSAT not in json.dumps(told)
    told = await get_diagnostics_for_config_entry(hass, hass_client, demo)
    text = json.dumps(told)
    for car in demo.runtime_data.vehicle_list.cars.values():
        assert car.vin not in text
        assert car.nickname is None or car.nickname not in text


async def test_options_name_nobody(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """Entities that the owner named are told by their kind: ids name people and streets."""
    entry = await async_add_account(
        hass,
        hass_world,
        hints={E_GOLF: {"drivers": ["person.anna"], "chargers": ["sensor.wallbox"]}},
        energy={E_GOLF: {"price_entity": "sensor.price_high_street_12", "price": 0.3}},
    )
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    (hints,) = told["options"]["hints"].values()
    assert hints == {
        "drivers": [f"person.{REDACTED}"],
        "chargers": [f"sensor.{REDACTED}"],
    }
    (energy,) = told["options"]["energy"].values()
    assert energy == {"price_entity": f"sensor.{REDACTED}", "price": 0.3}
    assert E_GOLF not in json.dumps(told)


async def test_an_account_that_does_not_run(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """Diagnostics are there when they are wanted most: while an account fails."""
    entry = await async_add_account(hass, hass_world, hidden_cars=[PASSAT])
    secrets = secrets_of(hass_world, entry)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, E_GOLF), entry.entry_id
    )
    assert device is not None
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "server": "http://127.0.0.1:9"}
    )
    await hass_world.result(hass.config_entries.async_reload(entry.entry_id))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["service"] == "car_net"
    assert told["state"] == "setup_retry"
    assert told["reason"] == "server_unreachable"
    assert told["has_server"] is told["has_pin"] is True
    assert told["options"] == {CONF_HIDDEN_CARS: 1}
    text = json.dumps(told)
    for secret in [*secrets, "127.0.0.1:9"]:
        assert secret not in text
    of_car: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert of_car["state"] == "setup_retry"


@pytest.mark.parametrize(
    "key",
    [
        "vin",
        "vehicleId",
        "userId",
        "id_token",
        "accessToken",
        "tspPin",
        "gpsLatitude",
        "lon",
        "eMail",
        "customerName",
        "firstName",
        "name",
        "nickName",
        "vehicleNickName",
        "licensePlate",
        "phoneNumber",
        "postalAddress",
        "imei",
        "tspAccountNum",
        "businessIdentifierValue",
        "destinationName",
        "definitionName",
    ],
)
def test_private_names(key: str) -> None:
    """Whatever says who or where somebody is has a private name."""
    assert is_private(key)


@pytest.mark.parametrize(
    "key",
    ["modelName", "odometer", "validity", "mapping", "relation", "status", "latest"],
)
def test_harmless_names(key: str) -> None:
    """A word inside another one is no reason to hide a value."""
    assert not is_private(key)


def test_redaction_reaches_everything() -> None:
    """Keys, texts, addresses, numbers, tuples and sets are all looked through."""
    redactor = Redactor(
        [VIN],
        ["secret-token", 38.9586, -77.357, "", None, "ab", True, "Blue Lightning"],
    )
    assert redactor.clean(
        {
            VIN: {"a": VIN.lower(), "vin": VIN},
            "address of it": f"https://example.com/cars/{VIN}/x?t=secret-token",
            "places": [(38.9586, 1.5), {"38.9586"}],
            "note": "called blue lightning by someone@example.com",
            "other": "1VWZZZA3ZJC018018 at 50.12345, 8.12345",
            "uuid in it": ["0d6ab9d4-9fb0-5645-876a-b27a83ac952c"],
            "token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x",
            "signed": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x",
            "pin": None,
            "tokens": [{"kind": "bearer"}],
            "ids": [17, 18],
            "user": "",
            "loggedInUser": True,
            "about": {"vehicleId": 12, "speed": 50},
            "field": {"id": "0x0301040001", "value": 3},
        }
    ) == {
        "car_0": {"a": "car_0", "vin": "car_0"},
        "address of it": REDACTED,
        "places": [[REDACTED, 1.5], [REDACTED]],
        "note": f"called {REDACTED} by {REDACTED}",
        "other": f"{REDACTED} at {REDACTED}",
        "uuid in it": REDACTED,
        "token": REDACTED,
        "signed": REDACTED,
        "pin": None,
        "tokens": [{"kind": "bearer"}],
        "ids": REDACTED,
        "user": "",
        "loggedInUser": True,
        "about": {"vehicleId": REDACTED, "speed": 50},
        "field": {"id": "0x0301040001", "value": 3},
    }


def test_our_own_names_are_harmless() -> None:
    """In what we wrote ourselves only known values are secret."""
    redactor = Redactor([VIN], ["secret-token"])
    told = redactor.replace(
        {"token": 3, "name": "Demo", VIN: {"token": "secret-token"}}
    )
    assert told == {"token": 3, "name": "Demo", "car_0": {"token": REDACTED}}


def test_addresses_keep_their_shape() -> None:
    """What is around a secret in a text stays readable."""
    redactor = Redactor([VIN], ["secret-token"])
    told = redactor.clean(f"https://example.com/cars/{VIN}/x?t=secret-token")
    assert told == f"https://example.com/cars/car_0/x?t={REDACTED}"


def test_nothing_is_known_to_be_secret() -> None:
    """Without any secrets texts stay as they are."""
    assert Redactor([], []).clean("left as it is") == "left as it is"
