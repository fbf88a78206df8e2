"""Signing in as a conversation, through the real flow: codes, visits, decisions."""

from collections.abc import AsyncIterator
from datetime import timedelta
import json
from typing import Any, Final, cast

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from tests.conftest import async_choose
from tests.world import World

from .flow_pages import (
    TEXTS,
    assert_form,
    async_reauth,
    async_reconfigure,
    decision,
    fields,
    placeholders,
    schema,
    submit,
    suggested,
)
from .talking_service import CODE, KEY, PASSWORD, Talking, TalkingCloud

MINUTE: Final = 60.0
NAME: Final = "driver@example.com"
_LEAST: Final = {"username": NAME, "password": PASSWORD}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the service among those of the makers."""
    monkeypatch.setitem(cast(dict[str, Any], SERVICES), KEY, Talking)
    Talking.typed.clear()


@pytest.fixture
async def cloud(hass_world: World, registered: None) -> AsyncIterator[TalkingCloud]:
    """Open the service's cloud."""
    async with TalkingCloud().opened() as cloud:
        yield cloud


class Dialog:
    """The owner at the pages."""

    def __init__(self, hass: HomeAssistant, world: World, cloud: TalkingCloud) -> None:
        """Know where everything is; no page is open yet."""
        self.hass, self.world, self.cloud = hass, world, cloud
        self.result: ConfigFlowResult

    async def begin(self, way: str, **changes: Any) -> ConfigFlowResult:
        """Fill in the form of a new account."""
        self.result = await async_choose(self.hass, KEY)
        return await self.fill_in(way, **changes)

    async def fill_in(self, way: str, **changes: Any) -> ConfigFlowResult:
        """Submit the form that is open."""
        return await self.submit(
            **{
                "username": NAME,
                "password": PASSWORD,
                "way": way,
                "keep_password": False,
                "own_server": {"server": self.cloud.server},
                **changes,
            }
        )

    async def submit(self, **typed: Any) -> ConfigFlowResult:
        """Submit any page."""
        self.result = await submit(self.hass, self.result, typed)
        return self.result

    async def look(self) -> ConfigFlowResult:
        """Look at the page again, as a browser does when something has changed."""
        self.result = await self.hass.config_entries.flow.async_configure(
            self.result["flow_id"]
        )
        return self.result

    async def leave(self) -> None:
        """Close the dialog."""
        self.hass.config_entries.flow.async_abort(self.result["flow_id"])
        await self.world.settle()

    async def accepted(self) -> ConfigEntry[Any]:
        """Expect that the account was set up."""
        assert self.result["type"] is FlowResultType.CREATE_ENTRY, self.result
        await self.hass.async_block_till_done()
        return self.result["result"]


@pytest.fixture
def dialog(hass: HomeAssistant, hass_world: World, cloud: TalkingCloud) -> Dialog:
    """Return an owner who has opened nothing yet."""
    return Dialog(hass, hass_world, cloud)


# The form


async def test_each_kind_has_its_field(hass: HomeAssistant, dialog: Dialog) -> None:
    """What is suggested is filled in; the country is the one of the house."""
    hass.config.country = "DE"
    form = await async_choose(hass, KEY)
    names = set(fields(form))
    assert names == {
        "username",
        "password",
        "way",
        "country",
        "keep_password",
        "vins",
        "own_server",
    }
    kinds = {str(marker): field for marker, field in schema(form).items()}
    assert kinds["way"].config["options"] == [
        "plain",
        "code",
        "visit",
        "confirm",
        "more",
        "leave",
    ]
    assert kinds["vins"].config["multiline"] is True
    assert kinds["password"].config["type"] == "password"
    assert form["data_schema"] is not None
    assert form["data_schema"]({**_LEAST, "way": "plain"})["keep_password"] is False
    assert suggested(form) == {"way": "plain"}
    assert set(map(str, kinds["own_server"].schema.schema)) == {"server", "gigya_key"}
    dialog.result = form
    await dialog.fill_in(
        "plain",
        username=f" {NAME} ",
        keep_password=True,
        own_server={"server": dialog.cloud.server, "gigya_key": " 3_key "},
    )
    entry = await dialog.accepted()
    assert Talking.typed == [
        {
            "username": NAME,
            "password": PASSWORD,
            "way": "plain",
            "keep_password": "true",
            "gigya_key": "3_key",
        }
    ]
    assert entry.data == {
        "service": KEY,
        "region": "eu",
        "username": NAME,
        "way": "plain",
        "keep_password": "true",
        "server": dialog.cloud.server,
    }
    assert entry.title == "Talking (d***@example.com)"
    assert entry.unique_id == "talking_user-1"


# Codes


async def test_a_code_is_asked_for(hass: HomeAssistant, dialog: Dialog) -> None:
    """A wrong one keeps the page; each click is one request, and only clicks are."""
    calls = dialog.cloud.calls
    page = await dialog.begin("code")
    assert_form(page, "code")
    assert placeholders(page) == {"sent_to": "t…@example.com"}
    assert calls == {"password": 1, "send": 1}
    assert_form(await dialog.look(), "code")
    assert_form(await dialog.submit(code="  "), "code", "code_missing")
    assert calls == {"password": 1, "send": 1}
    assert_form(await dialog.submit(code="000000"), "code", "code_wrong")
    assert calls == {"password": 1, "send": 1, "code": 1}
    assert_form(await dialog.submit(resend=True), "code")
    assert calls == {"password": 1, "send": 2, "code": 1}
    await dialog.submit(code=f" {CODE} ")
    assert calls["code"] == 2
    entry = await dialog.accepted()
    assert entry.state is ConfigEntryState.LOADED
    assert calls["password"] == 1


async def test_closing_the_dialog_sends_no_second_code(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """The same name, however it is spelt, comes back to the open page."""
    calls = dialog.cloud.calls
    await dialog.begin("code")
    await dialog.leave()
    await dialog.world.advance(9 * MINUTE)
    again = {"username": NAME.title(), "keep_password": True}
    assert_form(await dialog.begin("code", **again), "code")
    assert calls == {"password": 1, "send": 1}
    await dialog.leave()
    await dialog.world.advance(9 * MINUTE)
    await dialog.begin("code")
    await dialog.submit(code=CODE)
    await dialog.accepted()
    assert calls == {"password": 1, "send": 1, "code": 1, "cars": 1}


async def test_a_half_done_sign_in_is_kept_for_ten_minutes(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """After that the account begins anew; another account never goes on with it."""
    calls = dialog.cloud.calls
    await dialog.begin("code")
    await dialog.leave()
    assert_form(await dialog.begin("code", username="other@example.com"), "code")
    assert calls["send"] == 2
    await dialog.leave()
    assert_form(await dialog.begin("code", country="FR"), "code")
    assert calls["send"] == 3
    await dialog.leave()
    await dialog.world.advance(10 * MINUTE + 1)
    assert_form(await dialog.begin("code"), "code")
    assert calls["send"] == 4


async def test_another_dialog_takes_over(hass: HomeAssistant, dialog: Dialog) -> None:
    """A tab that was left open is closed by the one that goes on; an old one is over."""
    calls = dialog.cloud.calls
    first = await dialog.begin("code")
    assert_form(await dialog.begin("code"), "code")
    assert calls == {"password": 1, "send": 1}
    open_pages = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["flow_id"] for flow in open_pages] == [dialog.result["flow_id"]]
    assert first["flow_id"] != dialog.result["flow_id"]
    await dialog.world.advance(11 * MINUTE)
    assert_form(await dialog.begin("code"), "code")
    assert calls["send"] == 2


async def test_a_tab_that_was_open_for_too_long(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """The page says that the sign-in is over when another one has begun meanwhile."""
    old = await dialog.begin("code")
    await dialog.world.advance(11 * MINUTE)
    await dialog.begin("code")
    dialog.result = old
    result = await dialog.submit(code=CODE)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "login_aborted"
    assert dialog.cloud.calls["code"] == 0
    for texts in TEXTS.values():
        assert texts["config"]["abort"]["login_aborted"]


async def test_only_administrators_come_to_these_pages(
    hass: HomeAssistant,
    dialog: Dialog,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Somebody else in the house does not get at a sign-in that is half done."""
    await dialog.begin("code")
    await dialog.leave()
    assert await async_setup_component(hass, "config", {})
    client = await hass_client(hass_read_only_access_token)
    answer = await client.post(
        "/api/config/config_entries/flow", json={"handler": DOMAIN}
    )
    assert answer.status == 401


# Visits


async def test_a_page_of_the_maker_is_visited(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """Link and code are shown until the owner has approved; then it goes on by itself."""
    page = await dialog.begin("visit")
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    assert placeholders(page) == {
        "url": "https://talk.example.com/device?code=WDJB-MJHT",
        "code": "WDJB-MJHT",
        "minutes": "5",
    }
    for texts in TEXTS.values():
        texts["config"]["progress"][page["progress_action"]].format(
            **placeholders(page)
        )
    await dialog.world.advance(12)
    assert dialog.cloud.calls["poll"] == 2
    dialog.cloud.slow_down = True
    await dialog.world.advance(3)
    await dialog.world.advance(9)
    assert dialog.cloud.calls["poll"] == 3
    page = await dialog.look()
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    dialog.cloud.approved = True
    await dialog.world.advance(1)
    await hass.async_block_till_done()
    await dialog.look()
    await dialog.accepted()
    assert dialog.cloud.calls["poll"] == 4


async def test_nobody_there_means_nothing_asked(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """Who comes back finds the same code; who comes back too late gets the form again."""
    calls = dialog.cloud.calls
    await dialog.begin("visit")
    await dialog.world.advance(5)
    await dialog.leave()
    await dialog.world.advance(2 * MINUTE)
    assert calls["poll"] == 1
    page = await dialog.begin("visit")
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    await dialog.world.advance(5)
    assert calls["poll"] == 3
    assert calls["device"] == 1
    await dialog.world.advance(5 * MINUTE)
    await hass.async_block_till_done()
    assert_form(await dialog.look(), "account", "code_expired", texts=False)
    assert calls["device"] == 1
    dialog.cloud.approved = True
    page = await dialog.fill_in("visit")
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    assert calls["device"] == 2
    await dialog.world.advance(5)
    await hass.async_block_till_done()
    await dialog.look()
    await dialog.accepted()


async def test_nothing_goes_on_after_the_end(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """A visit that nobody comes back to is over after ten minutes."""
    await dialog.begin("visit")
    await dialog.leave()
    await dialog.world.advance(10 * MINUTE + 1)
    calls = dict(dialog.cloud.calls)
    await dialog.world.advance(30 * MINUTE)
    assert dialog.cloud.calls == calls


async def test_what_came_while_nobody_looked(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """An approval is kept for who comes back; a failure is not."""
    calls = dialog.cloud.calls
    await dialog.begin("visit")
    dialog.cloud.approved = True
    await dialog.world.advance(5)
    assert calls == {"password": 1, "device": 1, "poll": 1, "cars": 1}
    await dialog.leave()
    await dialog.begin("visit")
    await dialog.accepted()
    assert calls == {"password": 1, "device": 1, "poll": 1, "cars": 1}
    dialog.cloud.outage = "poll"
    await dialog.begin("visit", username="other@example.com")
    await dialog.world.advance(5)
    await dialog.leave()
    dialog.cloud.outage = ""
    page = await dialog.begin("visit", username="other@example.com")
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    assert calls["device"] == 3


async def test_a_form_that_was_left_open(hass: HomeAssistant, dialog: Dialog) -> None:
    """Who begins again has filled in the very form that was asked for."""
    await dialog.begin("visit")
    await dialog.world.advance(6 * MINUTE)
    await hass.async_block_till_done()
    assert_form(await dialog.look(), "account", "code_expired", texts=False)
    await dialog.leave()
    page = await dialog.begin("visit")
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    assert dialog.cloud.calls["device"] == 2


async def test_a_visit_that_another_one_replaced(
    hass: HomeAssistant, dialog: Dialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tab that was open for too long says so; only the newer one is looked at."""
    monkeypatch.setattr(Talking, "patience", timedelta(minutes=30))
    old = await dialog.begin("visit")
    await dialog.world.advance(11 * MINUTE)
    await dialog.begin("visit")
    polls = dialog.cloud.calls["poll"]
    await dialog.world.advance(5)
    assert dialog.cloud.calls["poll"] == polls + 1
    await hass.async_block_till_done()
    dialog.result = old
    result = await dialog.look()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "login_aborted"


async def test_other_answers_begin_another_sign_in(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """The form that comes back goes on only with the same account."""
    await dialog.begin("visit")
    await dialog.world.advance(6 * MINUTE)
    await hass.async_block_till_done()
    assert_form(await dialog.look(), "account", "code_expired", texts=False)
    assert_form(await dialog.fill_in("code", username="other@example.com"), "code")
    await dialog.submit(code=CODE)
    entry = await dialog.accepted()
    assert entry.data["username"] == "other@example.com"


# Decisions


@pytest.mark.parametrize(("answer", "created"), [("agree", 1), ("decline", 0)])
async def test_a_decision_is_the_owners(
    hass: HomeAssistant, dialog: Dialog, answer: str, created: int
) -> None:
    """The page says the consequence, and nothing is created without a yes."""
    page = await dialog.begin("confirm")
    question = decision(page)
    assert "Test car" in question
    assert question.endswith("[talk.example.com](https://talk.example.com/requests)")
    # Its words are the page's own: whoever reads it has them in their language.
    assert page["step_id"] == "confirm_create_data_request"
    assert all(len(told) < 80 for told in placeholders(page).values())
    assert dialog.cloud.calls["create"] == 0
    assert (await dialog.look())["type"] is FlowResultType.MENU
    await dialog.submit(next_step_id=answer)
    await dialog.accepted()
    assert dialog.cloud.calls["create"] == created


async def test_another_form(hass: HomeAssistant, dialog: Dialog) -> None:
    """A maker may want to know more, and say why it asks again."""
    page = await dialog.begin("more")
    assert (page["type"], page["step_id"]) == (FlowResultType.FORM, "more")
    assert set(fields(page)) == {"answer"}
    page = await dialog.submit(answer="green")
    assert page["errors"] == {"base": "declined"}
    await dialog.submit(answer="blue")
    await dialog.accepted()
    assert dialog.cloud.calls["more"] == 1


async def test_a_sign_in_that_is_broken_off(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """There is an end without an error too."""
    result = await dialog.begin("leave")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "login_aborted"


# Known accounts


async def test_a_known_account_signs_in_by_a_code(
    hass: HomeAssistant, dialog: Dialog
) -> None:
    """Both pages of a known account go on as that of a new one does."""
    await dialog.begin("plain")
    entry = await dialog.accepted()
    calls = dialog.cloud.calls
    calls.clear()
    dialog.result = await async_reauth(hass, entry)
    assert set(fields(dialog.result)) == {
        "password",
        "way",
        "country",
        "keep_password",
        "vins",
        "gigya_key",
    }
    by_code = {"password": PASSWORD, "way": "code"}
    assert_form(await dialog.submit(**by_code), "code")
    await dialog.leave()
    dialog.result = await async_reauth(hass, entry)
    assert_form(await dialog.submit(**by_code), "code")
    result = await dialog.submit(code=CODE)
    assert result["reason"] == "reauth_successful"
    assert calls["send"] == 1

    server = {"own_server": {"server": dialog.cloud.server}}
    dialog.result = await async_reconfigure(hass, entry)
    assert_form(await dialog.submit(password=PASSWORD, **server), "code")
    result = await dialog.submit(code=CODE)
    assert result["reason"] == "reconfigure_successful"
    assert calls["send"] == 2
    await hass.async_block_till_done()
    dialog.cloud.user_id = "user-2"
    dialog.result = await async_reconfigure(hass, entry)
    await dialog.submit(password=PASSWORD, **server)
    result = await dialog.submit(code=CODE)
    assert result["reason"] == "wrong_account"


# The guard


async def test_2_a_refused_password_is_not_sent_with_capitals_in_the_name(
    hass: HomeAssistant, dialog: Dialog, hass_storage: dict[str, Any]
) -> None:
    """Spelling is no other account, and refusals do not use up the sign-ins."""
    most = Talking.info.sign_ins_a_day
    for number in range(1, most):
        page = await dialog.begin("plain", password=f"wrong {number}")
        assert_form(page, "account", "wrong_password", texts=False)
        assert placeholders(page)["refusals"] == str(number)
        assert placeholders(page)["most"] == str(most)
    for name in (NAME.title(), f" {NAME.upper()}"):
        page = await dialog.begin("plain", username=name, password="wrong 1")
        assert page["errors"] == {"base": "wrong_password"}
    assert dialog.cloud.calls["password"] == most - 1
    assert "wrong 1" not in json.dumps(hass_storage)
    for texts in TEXTS.values():
        text = texts["config"]["error"]["wrong_password"]
        assert "3" in text.format(refusals=3, most=6)
    page = await dialog.begin("plain", password="wrong at last")
    page = await dialog.begin("plain", password=PASSWORD)
    assert page["errors"] == {"base": "quota"}
    await dialog.world.advance(timedelta(days=1).total_seconds())
    await dialog.fill_in("plain")
    await dialog.accepted()
