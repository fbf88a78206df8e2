"""Names: no two things of a car are called alike, nor two cars, nor two accounts."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Final
from unittest.mock import patch

import pytest

from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
from simulator.accounts import TWINS, Account

from ..world import World
from .owner import Owner, async_own
from .test_texts import LANGUAGES, ROWS, TEXTS, text_key

ACCOUNT_KEYS: Final = {"calls_left", "calls_left_runs_out_at", "throttled"}
"""What belongs to an account's device, not to a car's."""


@pytest.fixture
def everything_enabled() -> Iterator[None]:
    """Enable what is disabled by default too."""
    with patch.object(Entity, "entity_registry_enabled_default", True):
        yield


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_entities_that_a_car_can_have_share_a_name(language: str) -> None:
    """Voice assistants refuse a name that two things have, whatever they are."""
    texts = TEXTS[language]["entity"]
    names = Counter(
        texts[platform][text_key(row)]["name"].casefold()
        for platform, rows in ROWS.items()
        for row in rows
        if row.key not in ACCOUNT_KEYS
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("service", SERVICES)
async def test_no_two_entities_of_a_car_share_a_name(
    hass: HomeAssistant, hass_world: World, service: str, language: str
) -> None:
    """As they are in a real Home Assistant, for the cars of every service."""
    hass.config.language = language
    owner = await async_own(hass, hass_world, service)
    registry = er.async_get(hass)
    names = Counter(
        (entity.device_id, (entity.original_name or "").casefold())
        for entity in er.async_entries_for_config_entry(registry, owner.entry.entry_id)
    )
    assert len(names) > 3
    assert [name for name, count in names.items() if count > 1] == []


TWO: Final = ("WVWZZZAUZGW971111", "WVWZZZAUZGW972222")
"""Two cars of one model and year; their owner gave neither a name."""
OWNERS: Final = tuple(
    Account(
        service="car_net",
        region="us",
        username=f"owner.{vin[-4:]}@example.com",
        password="a password",
        pin="1357",
        vins=(vin,),
    )
    for vin in TWO
)


@pytest.fixture
async def two_of_a_kind(socket_enabled: None) -> AsyncIterator[World]:
    """Open a world in which two people own the same model."""
    (spec,) = (twin for twin in TWINS if twin.vin == "WVWZZZAUZGW900116")
    twins = tuple(replace(spec, vin=vin, nickname=None) for vin in TWO)
    async with World(accounts=OWNERS, twins=twins).opened() as world:
        yield world


async def test_equal_cars_are_told_apart_by_the_end_of_their_vin(
    hass: HomeAssistant, two_of_a_kind: World, device_registry: dr.DeviceRegistry
) -> None:
    """Also when the second one comes later, by another account."""

    def names() -> list[str | None]:
        devices = [
            device_registry.async_get_device_by_identifier(
                (DOMAIN, owner.vin), owner.entry.entry_id
            )
            for owner in owners
        ]
        return [device.name for device in devices if device is not None]

    owners: list[Owner] = []
    seen = []
    for account in OWNERS:
        owner = Owner(hass, two_of_a_kind, account)
        await owner.set_up()
        owners.append(owner)
        seen.append(names())
    assert seen == [["2016 e-Golf"], ["2016 e-Golf 1111", "2016 e-Golf 2222"]]


async def test_accounts_of_one_service_are_told_apart(
    hass: HomeAssistant, two_of_a_kind: World, device_registry: dr.DeviceRegistry
) -> None:
    """By their titles, and by the whole address on the page of the device alone."""
    titles = []
    for account in OWNERS:
        owner = Owner(hass, two_of_a_kind, account)
        await owner.set_up()
        titles.append(owner.entry.title)
        device = device_registry.async_get_device_by_identifier(
            (DOMAIN, owner.entry.entry_id), owner.entry.entry_id
        )
        assert device is not None
        assert device.serial_number == account.username
    assert titles == [
        "Volkswagen Car-Net (o***@example.com)",
        "Volkswagen Car-Net (ow***@example.com)",
    ]
    shown = str([state.as_dict() for state in hass.states.async_all()])
    assert OWNERS[0].username not in shown
