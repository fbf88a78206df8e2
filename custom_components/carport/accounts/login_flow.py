"""The pages of a sign-in that goes on: codes, visits to the maker, decisions.

A conversation asks, a page shows it, and what is submitted is its answer. That is the
same for a new account, a new sign-in and a change.
"""

from abc import abstractmethod
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, override
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.translation import async_get_translations

from ..cloud.credentials import CredentialField
from ..cloud.login import RESEND, LoginAborted
from ..cloud.service_info import ServiceInfo
from ..const import DOMAIN
from .language import async_language
from .login import LoginFailed, LoginResult, async_converse, message_key
from .login_conversation import LoginConversation, LoginRequest
from .login_dialog import AskPage, CodePage, ConfirmPage, Page, VisitPage
from .login_forms import CONF_CODE, CONF_RESEND, code_schema, more_schema
from .typed import typed_fields

_ANSWERS: Final = ("agree", "decline")
_DECISION: Final = "confirm_"


class LoginFlow(ConfigFlow):
    """A flow that can sign in to an account."""

    _conversation: LoginConversation | None = None
    _more: tuple[CredentialField, ...] = ()
    _visit: VisitPage
    _waiting: asyncio.Task[Any]

    @abstractmethod
    async def async_show_again(self, trouble: LoginFailed | None) -> ConfigFlowResult:
        """Show the form that the sign-in began with."""

    @abstractmethod
    async def async_signed_in(self, signed_in: LoginResult) -> ConfigFlowResult:
        """Take what the sign-in brought."""

    async def async_sign_in(self, request: LoginRequest) -> ConfigFlowResult:
        """Begin a sign-in with what a form has, or go on with the one that is open."""
        known = self._conversation
        if known is not None and known.asks_again(request):
            known.answer(request.credentials)
        else:
            if known is not None:
                known.close()
            self._conversation = async_converse(self.hass, request, self.flow_id)
        return await self._async_go_on()

    async def async_step_code(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the code that the maker has sent."""
        if user_input is not None:
            code = user_input.get(CONF_CODE, "").strip()
            resend = user_input[CONF_RESEND]
            if not code and not resend:
                return await self._async_go_on("code_missing")
            self._answer(CodePage, RESEND if resend else code)
        return await self._async_go_on()

    async def async_step_more(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for what the maker wants to know besides."""
        if user_input is not None:
            self._answer(AskPage, typed_fields(self._more, user_input))
        return await self._async_go_on()

    def __getattr__(self, name: str) -> Callable[..., Awaitable[ConfigFlowResult]]:
        """Find the page of a decision: each has its own, so that its words are translated.

        Home Assistant shows a page's text in the language of its reader, but what
        is filled in there in its own.
        """
        if name.startswith(f"async_step_{_DECISION}"):
            return self._async_decide
        raise AttributeError(name)

    async def _async_decide(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a decision."""
        return await self._async_go_on()

    async def async_step_agree(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take a yes."""
        self._answer(ConfirmPage, True)
        return await self._async_go_on()

    async def async_step_decline(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take a no."""
        self._answer(ConfirmPage, False)
        return await self._async_go_on()

    async def async_step_visit(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show where to approve, until that is done."""
        if self._waiting.done():
            return self.async_show_progress_done(next_step_id="visited")
        visit = self._visit.visit
        return self.async_show_progress(
            step_id="visit",
            progress_action="visit",
            description_placeholders={
                "url": visit.complete_url or visit.url,
                "code": visit.user_code,
                "minutes": str(round(visit.expires_in.total_seconds() / 60)),
            },
            progress_task=self._waiting,
        )

    async def async_step_visited(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on once the owner has been there, or the time for it is over."""
        return await self._async_go_on()

    @callback
    @override
    def async_remove(self) -> None:
        """Leave the sign-in as it is when the dialog is closed."""
        if self._conversation is not None:
            self._conversation.leave(self.flow_id)

    async def _async_go_on(self, error: str | None = None) -> ConfigFlowResult:
        """Show what is asked now, or what came of it."""
        try:
            page = await self._page()
        except LoginFailed as trouble:
            self._conversation = None
            return await self.async_show_again(trouble)
        except LoginAborted:
            self._conversation = None
            return self.async_abort(reason="login_aborted")
        match page:
            case LoginResult():
                self._conversation = None
                return await self.async_signed_in(page)
            case AskPage():
                return await self._async_ask(page)
            case CodePage():
                error = error or (page.error and str(page.error))
                return self.async_show_form(
                    step_id="code",
                    data_schema=code_schema(),
                    errors={} if error is None else {"base": error},
                    description_placeholders={"sent_to": page.sent_to},
                )
            case ConfirmPage():
                question = page.question
                return self.async_show_menu(
                    step_id=f"{_DECISION}{question.key}",
                    menu_options=list(_ANSWERS),
                    description_placeholders={
                        **question.placeholders,
                        "link": _link(question.url),
                    },
                )
            case VisitPage():
                self._visit = page
                self._waiting = self.hass.async_create_background_task(
                    page.over.wait(), f"{DOMAIN} visit"
                )
                return await self.async_step_visit()

    async def _async_ask(self, page: AskPage) -> ConfigFlowResult:
        """Show the form that it began with once more, or another one."""
        if page.fields is None:
            return await self.async_show_again(
                None
                if page.error is None
                else LoginFailed(message_key(page.error, None))
            )
        self._more = page.fields
        text = await self._text("login_page", page.page, page.placeholders)
        return self.async_show_form(
            step_id="more",
            data_schema=more_schema(page.fields),
            errors={} if page.error is None else {"base": str(page.error)},
            description_placeholders={**page.placeholders, "text": text},
        )

    async def async_help(self, group: str, service: str) -> str:
        """Return what is said of a field for this service, else for any."""
        told = await self._text(group, service, {})
        return await self._text(group, "default", {}) if told == service else told

    async def async_service_name(self, info: ServiceInfo) -> str:
        """Return what a form calls a service: its name, or what it is in a language."""
        told = await self._text("service_name", info.key, {})
        return info.name if told == info.key else told

    async def async_guide(self, info: ServiceInfo) -> str:
        """Return the steps that come before the form, with their links."""
        if info.guide is None:
            return ""
        return "\n\n" + await self._text("guide", info.key, info.guide)

    async def async_report(self, trouble: LoginFailed | None) -> str:
        """Return what a failed sign-in was like, folded up, to be sent by the owner."""
        if trouble is None or not trouble.report:
            return ""
        told = await self._text("login_page", "connection_report", {})
        calls = "\n".join(trouble.report)
        return (
            f"\n\n<details><summary>{told}</summary>\n\n```\n{calls}\n```\n\n</details>"
        )

    async def _page(self) -> Page | LoginResult:
        """Wait for what the conversation asks next."""
        if self._conversation is None:
            raise LoginAborted
        return await self._conversation.next()

    def _answer(self, kind: type[Page], value: object) -> None:
        """Answer what is asked; an answer to something else is none."""
        conversation = self._conversation
        if conversation is not None and isinstance(conversation.page, kind):
            conversation.answer(value)

    async def _text(self, group: str, key: str, told: Mapping[str, str]) -> str:
        """Return a text that a maker's sign-in has by a key of its own."""
        texts = await async_get_translations(
            self.hass, await async_language(self.hass), "selector", [DOMAIN]
        )
        text = texts.get(f"component.{DOMAIN}.selector.{group}.options.{key}", key)
        return text.format_map(told)


def _link(url: str | None) -> str:
    """Return a link to the page that a decision speaks of, below its text."""
    return "" if url is None else f"\n\n[{urlsplit(url).hostname}]({url})"
