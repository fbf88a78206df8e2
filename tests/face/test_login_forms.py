"""The forms of a sign-in: a text for every field of every service, and what they keep."""

from dataclasses import replace
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.carport.accounts.identity import (
    account_name,
    account_of_entry,
    account_title,
    private_names,
)
from custom_components.carport.accounts.login_forms import (
    account_schema,
    reconfigure_schema,
    sign_in_schema,
)
from custom_components.carport.cloud.credentials import CredentialField, FieldKind
from custom_components.carport.cloud.service_info import Openness, ServiceInfo
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.conftest import async_choose

from ..world import World
from .flow_pages import TEXTS, assert_form, async_reauth, async_reconfigure, fields
from .talking_service import PASSWORD, Talking
from .test_login_conversation import (
    NAME,
    Dialog,
    cloud as _cloud,
    dialog as _dialog,
    registered as _registered,
)

cloud, dialog, registered = _cloud, _dialog, _registered

_PAGES: Final = {
    Openness.OPEN: "account",
    Openness.PARTLY_OPEN: "account",
    Openness.CLOSED: "account_closed",
    Openness.DEMO: "demo",
}
_EMAIL: Final = CredentialField(key="name", kind=FieldKind.EMAIL, identifies=True)
_CHOICE: Final = CredentialField(key="brand", kind=FieldKind.CHOICE, identifies=True)
_CLIENT: Final = CredentialField(key="client", kind=FieldKind.TEXT, identifies=True)
_VINS: Final = CredentialField(key="vins", kind=FieldKind.VINS, identifies=True)


def _info(*asked: CredentialField) -> ServiceInfo:
    """Return a service that asks for these."""
    return replace(Talking.info, credentials=asked)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("service", SERVICES)
def test_every_field_has_its_texts(service: str, language: str) -> None:
    """On all three forms, in the section for the server, and in every choice."""
    info = SERVICES[service].info
    texts = TEXTS[language]
    forms = {
        _PAGES[info.openness]: account_schema(info, {}, asks=True),
        "reauth_confirm": sign_in_schema(info, {}),
        "reconfigure": reconfigure_schema(
            info, {}, pin=info.pin, server=None, asks=True
        ),
    }
    for step, form in forms.items():
        page = texts["config"]["step"][step]
        for name, asked in form.schema.items():
            if str(name) == "own_server":
                group, names = page["sections"][name], asked.schema.schema
            else:
                group, names = page, (name,)
            for one in map(str, names):
                assert group["data"][one], step
                assert group["data_description"][one], step
    for field in info.credentials:
        # Home Assistant has the names of countries.
        if field.kind is FieldKind.CHOICE and field.key != "country":
            assert set(texts["selector"][field.key]["options"]) >= set(field.choices)


@pytest.mark.parametrize(
    ("asked", "identity", "title", "name", "private"),
    [
        ((_EMAIL,), {"name": "a@b.example"}, "a***@b.example", "a@b.example", 1),
        (
            (_CHOICE, _EMAIL),
            {"brand": "volkswagen_commercial", "name": "a@b.example"},
            "Volkswagen Commercial, a***@b.example",
            "a@b.example",
            1,
        ),
        ((_CHOICE, _CLIENT), {"client": "0f3a-9c6d"}, "…9c6d", "0f3a-9c6d", 1),
        ((_CLIENT,), {"client": "0f3a-9c6d"}, "…9c6d", "0f3a-9c6d", 1),
        (
            (_VINS,),
            {"vins": "wvwzzztestgarage1, WVWZZZTESTGARAGE2"},
            "…AGE1, …AGE2",
            "wvwzzztestgarage1, WVWZZZTESTGARAGE2",
            1,
        ),
        ((), {}, None, "", 0),
    ],
)
def test_an_account_is_named_by_what_identifies_it(
    asked: tuple[CredentialField, ...],
    identity: dict[str, str],
    title: str | None,
    name: str,
    private: int,
) -> None:
    """The title tells accounts apart and not who their owner is."""
    info = _info(*asked)
    assert account_title(info, identity) == (
        "Talking" if title is None else f"Talking ({title})"
    )
    assert account_name(info, identity) == name
    assert len(private_names(info, identity)) == private


def test_entries_of_the_first_edition_keep_their_account() -> None:
    """They have every name under one key, whatever the field is called now."""
    data = {"service": "talking", "region": "eu", "username": "first", "server": None}
    for asked, identity in (
        ((_EMAIL,), {"name": "first"}),
        ((_VINS,), {"vins": "first"}),
        ((), {"username": "first"}),
    ):
        info = _info(*asked)
        account = account_of_entry(info, data, None)
        assert account.identity == identity
        assert account_name(info, account.identity) == "first"


async def test_an_entry_of_the_first_edition_loads(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Nothing of it has to be changed first, and nothing is."""
    data = {"service": "demo", "region": "demo", "username": "demo:3", "server": None}
    entry = MockConfigEntry(domain=DOMAIN, unique_id="demo_demo:3", data=data)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert len(entry.runtime_data.shown_cars) == 3
    assert entry.data == data


async def test_choices_and_boxes_are_kept(hass: HomeAssistant, dialog: Dialog) -> None:
    """Forms of a known account begin with them, and changing one is a new sign-in."""
    await dialog.begin("plain", keep_password=True, country="FR")
    entry = await dialog.accepted()
    assert entry.data["way"] == "plain"
    assert entry.data["keep_password"] == "true"
    assert entry.data["country"] == "FR"
    sent = dialog.cloud.calls["password"]
    server = {"own_server": {"server": dialog.cloud.server}}

    dialog.result = await async_reconfigure(hass, entry)
    kept = {"way": "plain", "country": "FR", "keep_password": True}
    result = await dialog.submit(**kept, **server)
    assert result["reason"] == "reconfigure_successful"
    assert dialog.cloud.calls["password"] == sent
    await hass.async_block_till_done()

    dialog.result = await async_reconfigure(hass, entry)
    changed: dict[str, Any] = {**kept, "country": "DE", **server}
    page = await dialog.submit(**changed)
    assert page["errors"] == {"base": "secret_needed"}
    assert dialog.cloud.calls["password"] == sent
    result = await dialog.submit(**changed, password=PASSWORD)
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert Talking.typed[-1]["country"] == "DE"
    assert entry.data["country"] == "DE"

    dialog.result = await async_reauth(hass, entry)
    assert {"way", "country", "keep_password"} <= set(fields(dialog.result))
    result = await dialog.submit(password=PASSWORD, keep_password=False)
    assert result["reason"] == "reauth_successful"
    assert Talking.typed[-1]["country"] == "DE"
    assert entry.data["keep_password"] == "false"
    for texts in TEXTS.values():
        assert texts["config"]["error"]["secret_needed"]


async def test_the_same_account_by_another_spelling(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """Nothing is sent for an account that is there already."""
    await dialog.begin("plain")
    await dialog.accepted()
    dialog.cloud.calls.clear()
    result = await dialog.begin("plain", username=f" {NAME.upper()} ")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert not dialog.cloud.calls


async def test_a_car_that_another_account_lists(
    hass: HomeAssistant, dialog: Dialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where accounts have no id of the maker's, their cars tell them apart."""
    monkeypatch.setattr(Talking, "info", replace(Talking.info, random_id=True))
    await dialog.begin("plain")
    await dialog.accepted()
    dialog.cloud.user_id = "user-2"
    result = await dialog.begin("plain", username="other@example.com")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "car_already_configured"
    for texts in TEXTS.values():
        assert texts["config"]["abort"]["car_already_configured"]


async def test_a_service_that_is_partly_open(
    hass: HomeAssistant, registered: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a page of its own, without the warning."""
    info = replace(Talking.info, openness=Openness.PARTLY_OPEN)
    monkeypatch.setattr(Talking, "info", info)
    form = await async_choose(hass, Talking.info.key)
    assert_form(form, "account_partly_open", texts=False)
